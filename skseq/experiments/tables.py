"""From scores of single repeats to the table of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import comb, inf, isfinite, isnan
from statistics import median
from typing import Any

from skseq.experiments import registry
from skseq.experiments.data import cases
from skseq.metrics import wilson_interval

Owner = tuple[str, ...]

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
INTERVAL_COLUMNS = (
    "problem",
    "configuration",
    "name",
    "case",
    "metric",
    "data",
    "rule",
    "difference_low",
    "difference_high",
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
    "median_low",
    "median_high",
    "successes",
    "repeats",
    "failed",
    "wilson_low",
    "wilson_high",
    "met",
    "published",
    "rule",
    "difference",
    "difference_low",
    "difference_high",
)
# Of the interval that holds the median, as far as there are repeats enough.
MEDIAN_CONFIDENCE = 0.997
OWNER_COLUMNS = SUMMARY_COLUMNS[:6]


def meets(
    criterion: Mapping[str, Any], value: float, rule: float | None = None
) -> bool:
    """Return whether the value of one repeat meets a criterion.

    Parameters
    ----------
    criterion : mapping
        With one of `at_least`, `at_most`, `between` and `better_than`.
    value : float
        The score. NaN, of a repeat that failed, meets nothing.
    rule : float, default=None
        What the best rule scores, for `better_than`.

    Returns
    -------
    bool
        True if it does.
    """
    if "at_least" in criterion:
        return value >= criterion["at_least"]
    if "at_most" in criterion:
        return value <= criterion["at_most"]
    if "better_than" in criterion:
        if rule is None:
            return False
        sign = registry.sign(criterion["metric"])
        return sign * value > sign * rule
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
    if "better_than" in criterion:
        return "better than every rule"
    low, high = criterion["between"]
    return f"{low:g} to {high:g}"


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return an interval that holds the median of where values come from.

    It is the narrowest of two order statistics, equally far from the ends, that does so
    with `MEDIAN_CONFIDENCE`, whatever the distribution; of fewer than ten values no two
    do, and it is their range.

    Parameters
    ----------
    values : sequence of float
        Independent values, none of them NaN.

    Returns
    -------
    low, high : float
        The interval.

    Examples
    --------
    Of 20 values the fourth from either end:

    >>> median_interval(range(1, 21))
    (4, 17)
    """
    ordered, n = sorted(values), len(values)
    tail, left_out = 0.5**n, 0
    while left_out + 1 < n - left_out - 2:
        more = tail + comb(n, left_out + 1) * 0.5**n
        if 2 * more > 1 - MEDIAN_CONFIDENCE:
            break
        tail, left_out = more, left_out + 1
    return ordered[left_out], ordered[n - 1 - left_out]


def summarize(
    scores: Iterable[Mapping[str, Any]],
    problems: Mapping[str, Mapping[str, Any]],
    intervals: Iterable[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Return the rows of the table of results.

    Parameters
    ----------
    scores : iterable of mapping
        Scores of single repeats, with `SCORE_COLUMNS`; no value, or NaN, for a repeat
        that failed.
    problems : mapping of str to mapping
        Entries `criteria`, `outcome`, `untrained`, `stated`, `rules` and `seedless` of
        every problem.
    intervals : iterable of mapping
        Differences from rules, with `INTERVAL_COLUMNS`, of problems with one series.

    Returns
    -------
    list of dict
        A row per problem, configuration, metric and kind of data, with
        `SUMMARY_COLUMNS`. `value` is the median over the repeats, of which those that
        failed count as the worst, so that it is NaN if half of them did; `lowest` to
        `highest` is the range of the others, `median_low` to `median_high` the
        `median_interval`. `met` is whether enough repeats met the criterion, and empty
        where that is not asked: without a criterion, for baselines, and for problems
        that exist to test a sentence. What draws nothing has no rate of success.
        `rule` is the best rule that learns nothing, on the same data, and `difference`
        the value less the rule's; its interval is over blocks of the series, where
        there is one.
    """
    values: dict[Owner, dict[str, float]] = {}
    for row in scores:
        owner = tuple(row[column] for column in SCORE_COLUMNS[:6])
        value = float("nan") if row["value"] == "" else float(row["value"])
        values.setdefault(owner, {})[str(row["repeat"])] = value
    bounds = {
        (*(row[column] for column in OWNER_COLUMNS), row["rule"]): row
        for row in intervals
    }
    return [_summary(owner, values, problems[owner[0]], bounds) for owner in values]


def _summary(
    owner: Owner,
    values: Mapping[Owner, Mapping[str, float]],
    problem: Mapping[str, Any],
    bounds: Mapping[tuple[str, ...], Mapping[str, Any]],
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SUMMARY_COLUMNS, "")
    row |= dict(zip(OWNER_COLUMNS, owner, strict=True)) | _spread(
        owner[4], values[owner]
    )
    if owner[5] == "test" or owner[4] == "loss":
        row["published"] = problem["stated"].get(owner[1], {}).get(owner[4], "")
    # A rule is compared with the best of the others.
    rule = _best_rule(owner, values, problem)
    if rule is not None:
        row["rule"] = rule[2]
        row["difference"] = row["value"] - _median(rule[4], values[rule])
        bound = bounds.get((*owner, rule[2]), {})
        row |= {
            key: bound.get(key, "") for key in ("difference_low", "difference_high")
        }
    return row | _outcome(owner, values, problem)


def _spread(metric: str, repeats: Mapping[str, float]) -> dict[str, Any]:
    known = [value for value in repeats.values() if not isnan(value)]
    low, high = median_interval(known) if known else (float("nan"),) * 2
    return {
        "value": _median(metric, repeats),
        "lowest": min(known, default=float("nan")),
        "highest": max(known, default=float("nan")),
        "median_low": low,
        "median_high": high,
        "repeats": len(repeats),
        "failed": len(repeats) - len(known),
    }


def _median(metric: str, repeats: Mapping[str, float]) -> float:
    """Return the median, with what failed as worse than anything."""
    worst = -registry.sign(metric) * inf
    found = median(worst if isnan(value) else value for value in repeats.values())
    return found if isfinite(found) else float("nan")


def _best_rule(
    owner: Owner,
    values: Mapping[Owner, Mapping[str, float]],
    problem: Mapping[str, Any],
    repeat: str | None = None,
) -> Owner | None:
    """Return the rule that is best over all repeats, or in one of them."""
    _, configuration, name, case, metric, data = owner
    found = {}
    for rule in problem["rules"]:
        key = (owner[0], "baseline", rule, case, metric, data)
        if key in values and (configuration, name) != ("baseline", rule):
            value = _of_rule(values[key], metric, repeat)
            if not isnan(value):
                found[key] = registry.sign(metric) * value
    return max(found, key=lambda key: found[key]) if found else None


def _of_rule(repeats: Mapping[str, float], metric: str, repeat: str | None) -> float:
    if repeat is None or repeat not in repeats:
        # One that draws nothing has the same value in every repeat.
        return _median(metric, repeats)
    return repeats[repeat]


def _outcome(
    owner: Owner,
    values: Mapping[Owner, Mapping[str, float]],
    problem: Mapping[str, Any],
) -> dict[str, Any]:
    _, configuration, name, _, metric, _ = owner
    criterion = criterion_of(problem, owner[1:])
    if criterion is None:
        return {}
    row: dict[str, Any] = {"criterion": describe(criterion)}
    if configuration == "baseline" and name in problem["seedless"]:
        return row
    repeats = values[owner]
    successes = 0
    for repeat, value in repeats.items():
        rule = _best_rule(owner, values, problem, repeat)
        best = None if rule is None else _of_rule(values[rule], metric, repeat)
        successes += meets(criterion, value, best)
    low, high = wilson_interval(successes, len(repeats))
    row |= {"successes": successes, "wilson_low": low, "wilson_high": high}
    if configuration != "baseline" and problem["outcome"] == "criterion":
        # The hair is for shares such as 0.95 that binary floats miss.
        row["met"] = successes >= criterion["share"] * len(repeats) - 1e-9
    return row


def criterion_of(problem: Mapping[str, Any], owner: Owner) -> Mapping[str, Any] | None:
    """Return the criterion that a row of the table of results is held to, if any.

    Parameters
    ----------
    problem : mapping
        Entries `criteria` and `untrained` of the problem.
    owner : tuple of str
        Columns of the row: configuration, name, case, metric and data.

    Returns
    -------
    mapping or None
        The criterion; the check lets no two of one metric and kind of data pass.
    """
    configuration, _, case, metric, data = owner
    if case in problem["untrained"]:
        return None
    for criterion in problem["criteria"]:
        whose = criterion.get("configuration", configuration)
        if (criterion["metric"], criterion["data"], whose) == (
            metric,
            data,
            configuration,
        ):
            return criterion
    return None


def rows_of(entry: Mapping[str, Any]) -> dict[Owner, list[str]]:
    """Return the rows that the table of results will have for a problem.

    Parameters
    ----------
    entry : mapping
        Entry of the problem, completed.

    Returns
    -------
    dict of tuple to list of str
        By configuration, name, case, metric and data what a row has beside the median:
        `success_rate`, `difference`, `difference_low` and `difference_high`.
    """
    oracles = registry.names("oracle")
    own = [("searched", ""), ("published", "")][: 2 if entry["published_params"] else 1]
    own = [(name, "") for name in entry["configurations"]] or own
    owners: list[Owner] = []
    for case in cases(entry["data"]):
        uses = ["train"] if entry["score_train"] and case.trains else []
        for use in [*uses, "test"]:
            named = [
                *own,
                *(
                    ("baseline", b["label"])
                    for b in entry["baselines"]
                    if b["name"] not in oracles
                ),
            ]
            owners += [
                (*who, case.label, m, use) for who in named for m in entry["metrics"]
            ]
        owners += [
            ("baseline", baseline["label"], case.label, registry.ORACLE_METRIC, "test")
            for baseline in entry["baselines"]
            if baseline["name"] in oracles
        ]
        if "loss" in entry["stated"]["published"] and case.trains:
            owners += [(*who, case.label, "loss", "train") for who in own]
    return {owner: _has(owner, entry, owners) for owner in owners}


def _has(owner: Owner, entry: Mapping[str, Any], owners: Sequence[Owner]) -> list[str]:
    _, name, case, metric, data = owner
    found = []
    if criterion_of(entry, owner) and name not in entry["seedless"]:
        found.append("success_rate")
    rules = [
        rule
        for rule in entry["rules"]
        if rule != name and ("baseline", rule, case, metric, data) in owners
    ]
    if rules:
        found.append("difference")
        if entry["data"]["targets"] and data == "test":
            found += ["difference_low", "difference_high"]
    return found
