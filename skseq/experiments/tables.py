"""From scores of single repeats to the table of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from skseq.metrics import wilson_interval

SCORE_COLUMNS = (
    "problem",
    "configuration",
    "name",
    "case",
    "metric",
    "data",
    "repeat",
    "value",
)
SUMMARY_COLUMNS = (
    "problem",
    "configuration",
    "name",
    "case",
    "metric",
    "data",
    "criterion",
    "value",
    "lowest",
    "highest",
    "successes",
    "repeats",
    "wilson_low",
    "wilson_high",
    "met",
)


def meets(criterion: Mapping[str, Any], value: float) -> bool:
    """Return whether the value of one repeat meets a criterion.

    Parameters
    ----------
    criterion : mapping
        With one of `at_least`, `at_most` and `between`.
    value : float
        The score. NaN meets nothing.

    Returns
    -------
    bool
        True if it does.
    """
    if "at_least" in criterion:
        return value >= criterion["at_least"]
    if "at_most" in criterion:
        return value <= criterion["at_most"]
    low, high = criterion["between"]
    return low <= value <= high


def describe(criterion: Mapping[str, Any]) -> str:
    """Return a criterion as a reader sees it.

    Examples
    --------
    >>> describe({"metric": "accuracy", "at_least": 0.99})
    '>= 0.99'
    """
    if "at_least" in criterion:
        return f">= {criterion['at_least']:g}"
    if "at_most" in criterion:
        return f"<= {criterion['at_most']:g}"
    low, high = criterion["between"]
    return f"{low:g} to {high:g}"


def summarize(
    scores: Iterable[Mapping[str, Any]], problems: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows of the table of results.

    Parameters
    ----------
    scores : iterable of mapping
        Scores of single repeats, with `SCORE_COLUMNS`.
    problems : mapping of str to mapping
        Entries `criteria` and `outcome` of every problem.

    Returns
    -------
    list of dict
        A row per problem, configuration, metric and kind of data, with
        `SUMMARY_COLUMNS`. `value` is the median over the repeats, between `lowest` and
        `highest`; `met` is whether enough repeats met the criterion, and empty where
        that is not asked: without a criterion, for baselines, and for problems that
        exist to test a sentence.
    """
    values: dict[tuple[str, ...], list[float]] = {}
    for row in scores:
        key = tuple(row[column] for column in SCORE_COLUMNS[:6])
        values.setdefault(key, []).append(float(row["value"]))
    return [
        dict(zip(SCORE_COLUMNS[:6], key, strict=True)) | _outcome(key, found, problems)
        for key, found in values.items()
    ]


def _outcome(
    key: Sequence[str],
    values: Sequence[float],
    problems: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    problem, configuration, _, case, metric, data = key
    row: dict[str, Any] = dict.fromkeys(SUMMARY_COLUMNS[6:], "")
    row |= {
        "value": median(values),
        "lowest": min(values),
        "highest": max(values),
        "repeats": len(values),
    }
    for criterion in problems[problem]["criteria"]:
        asked = (criterion["metric"], criterion["data"])
        if asked != (metric, data) or case in problems[problem]["untrained"]:
            continue
        successes = sum(meets(criterion, value) for value in values)
        low, high = wilson_interval(successes, len(values))
        row |= {
            "criterion": describe(criterion),
            "successes": successes,
            "wilson_low": low,
            "wilson_high": high,
        }
        if configuration != "baseline" and problems[problem]["outcome"] == "criterion":
            # The hair is for shares such as 0.95 that binary floats miss.
            row["met"] = successes >= criterion["share"] * len(values) - 1e-9
    return row
