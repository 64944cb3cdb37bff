"""The table of all rows, in the form of the table of results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from skseq.experiments.tables import summarize

__all__ = ["NEEDED", "RUN_COLUMNS", "summary"]

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
# Sequences until the criterion was met; a run that never met it has no such number.
NEEDED = "sequences_needed"
# What the paper says of each.
_STATED = {
    NEEDED: "sequences",
    "solved": "share",
    "weights": "weights",
    "share_wrong": "wrong",
}


def summary(
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
        As `skseq.experiments.tables.summarize` gives them: a row for each kind of
        biases and each of ``sequences_needed``, ``solved``, ``share_wrong``,
        ``weights``, ``seconds_needed`` and ``cpu_seconds_needed``. The criterion is to
        need no more sequences than the budget, for every seed; `published` is the
        paper's figure.

    Examples
    --------
    >>> entry = {"title": "One", "budget": {"chrono": 900},
    ...          "published": {"sequences": 5040}}
    >>> run = {"forget_bias": "chrono", "seed": "0", "solved": "true",
    ...        "sequences": "640", "weights": "58", "seconds": "1.5",
    ...        "cpu_seconds": "1.4", "wrong": "0.0"}
    >>> runs = [run, run | {"seed": "1", "sequences": "320"}]
    >>> row, *_ = summary({"G": entry}, {"G": runs})
    >>> row["value"], row["highest"], row["successes"], row["published"]
    (480.0, 640.0, 2, 5040)
    """
    return [
        row
        for name, entry in entries.items()
        for forget_bias, budget in entry["budget"].items()
        for row in summarize(
            _scores(name, entry["title"], forget_bias, runs[name]),
            {name: _problem(entry["published"], budget)},
        )
    ]


def _scores(
    name: str, title: str, forget_bias: str, runs: Iterable[Mapping[str, str]]
) -> Iterator[dict[str, Any]]:
    for run in runs:
        if run["forget_bias"] != forget_bias:
            continue
        solved = run["solved"] == "true"
        values = {
            NEEDED: run["sequences"] if solved else "",
            "solved": float(solved),
            "share_wrong": run["wrong"],
            "weights": run["weights"],
            "seconds_needed": run["seconds"],
            "cpu_seconds_needed": run["cpu_seconds"],
        }
        for metric, value in values.items():
            yield {
                "problem": name,
                "configuration": "published",
                "name": f"{forget_bias} biases",
                "case": title,
                "metric": metric,
                "data": "test",
                "repeat": run["seed"],
                "value": value,
            }


def _problem(published: Mapping[str, float], budget: int) -> dict[str, Any]:
    within = {"metric": NEEDED, "at_most": budget, "share": 1.0, "data": "test"}
    return {
        "criteria": [within],
        "outcome": "criterion",
        "stated": {
            metric: published[key]
            for metric, key in _STATED.items()
            if key in published
        },
        **dict.fromkeys(("untrained", "rules", "seedless"), ()),
    }
