"""The table of all rows, beside the paper's own figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from skseq.metrics import wilson_interval

__all__ = ["RUN_COLUMNS", "TABLE_COLUMNS", "table"]

RUN_COLUMNS = (
    "forget_bias",
    "seed",
    "solved",
    "sequences",
    "weights",
    "seconds",
    "cpu_seconds",
    "wrong",
)
TABLE_COLUMNS = (
    "row",
    "title",
    "forget_bias",
    "solved",
    "seeds",
    "share",
    "share_low",
    "share_high",
    "sequences_median",
    "sequences_worst",
    "budget",
    "wrong_median",
    "wrong_worst",
    "weights",
    "seconds_median",
    "cpu_seconds_median",
    "paper_sequences",
    "paper_share",
    "paper_weights",
    "paper_wrong",
    "fewer_than_paper",
)


def table(
    entries: Mapping[str, Mapping[str, Any]],
    runs: Mapping[str, Iterable[Mapping[str, str]]],
) -> list[dict[str, Any]]:
    """Summarize the runs of every row, once for each kind of first biases.

    Parameters
    ----------
    entries : mapping of str to mapping
        Rows of the configuration by name.
    runs : mapping of str to iterable of mapping
        Runs of each row, as `files.read_csv` gives them.

    Returns
    -------
    list of dict
        With `TABLE_COLUMNS`. Sequences until success are those of the median and the
        worst seed; they are NaN where that seed did not succeed within the budget.
        ``fewer_than_paper`` is whether even the worst seed needed fewer than the
        paper's mean.

    Examples
    --------
    >>> entry = {"title": "One", "budget": {"chrono": 900},
    ...          "published": {"sequences": 5040}}
    >>> run = {"forget_bias": "chrono", "solved": "true", "sequences": "640",
    ...        "weights": "58", "seconds": "1.5", "cpu_seconds": "1.4",
    ...        "wrong": "0.0"}
    >>> row, = table({"G": entry}, {"G": [run, run | {"sequences": "320"}]})
    >>> row["share"], row["sequences_median"], row["sequences_worst"]
    (1.0, 480.0, 640.0)
    """
    return [
        _summary(name, entry, forget_bias, budget, list(runs[name]))
        for name, entry in entries.items()
        for forget_bias, budget in entry["budget"].items()
    ]


def _summary(name, entry, forget_bias, budget, runs) -> dict[str, Any]:
    runs = [run for run in runs if run["forget_bias"] == forget_bias]
    solved = np.array([run["solved"] == "true" for run in runs])
    sequences = np.array([float(run["sequences"]) for run in runs])
    sequences = np.where(solved, sequences, np.inf)
    low, high = wilson_interval(int(solved.sum()), len(runs))
    paper = entry["published"]
    worst = sequences.max()
    return {
        "row": name,
        "title": entry["title"],
        "forget_bias": forget_bias,
        "solved": int(solved.sum()),
        "seeds": len(runs),
        "share": float(solved.mean()),
        "share_low": low,
        "share_high": high,
        "sequences_median": _reached(_median(sequences)),
        "sequences_worst": _reached(worst),
        "budget": budget,
        "wrong_median": _middle(runs, "wrong"),
        "wrong_worst": max(float(run["wrong"]) for run in runs),
        "weights": int(runs[0]["weights"]),
        "seconds_median": _middle(runs, "seconds"),
        "cpu_seconds_median": _middle(runs, "cpu_seconds"),
        "paper_sequences": paper.get("sequences", np.nan),
        "paper_share": paper.get("share", np.nan),
        "paper_weights": paper.get("weights", np.nan),
        "paper_wrong": paper.get("wrong", np.nan),
        "fewer_than_paper": bool(worst < paper["sequences"])
        if "sequences" in paper
        else "",
    }


def _middle(runs, column: str) -> float:
    return float(np.median([float(run[column]) for run in runs]))


def _median(values: np.ndarray) -> float:
    """The median, infinite where one of the two in the middle is."""
    middle = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]]
    return float(middle.mean())


def _reached(value: float) -> float:
    return float(value) if np.isfinite(value) else np.nan
