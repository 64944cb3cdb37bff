"""Does a run say what an earlier one said?

On one machine, equal configurations give equal bytes. On another, sums are added up in
another order, so that single fits may go elsewhere; what many of them say together must
stay. Two tables are compared row by row, by tests whose errors are stated:

- *Counts* of success, and of repeats that failed, by Fisher's exact test, one-sided in
  either direction: what at most `COUNT_LEVEL` of equal runs show is a difference. It is
  that low because a dozen rows succeed about half of the time, and any of them may cry
  wolf; those that nearly always or never succeed, which is most, hardly can.
- *Verdicts*. What met its criterion nearly always does, so where that changed as well,
  counts that at most `VERDICT_LEVEL` of equal runs show are a difference. A claim may
  be near its limit: where its verdict changed, a row behind it must have changed as
  only `CLAIM_LEVEL` of equal runs do. What changed by less is within chance, and noted.
- *Medians* by their distribution-free intervals, each of which misses its median in 3
  of 1,000 runs: two of equal runs do not meet in about 2 of 100,000.
- *What has one value*, because it draws nothing, must be the same but for rounding.

`tests/experiments/test_verify.py` measures how often that cries wolf, and how often it
finds a drop from 20 to 14 of 20.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from skseq.experiments.claims import judge, rows_behind
from skseq.experiments.tables import SUMMARY_COLUMNS

Row = Mapping[str, str]
COUNT_LEVEL = 0.002
VERDICT_LEVEL = 0.1
CLAIM_LEVEL = 0.02
# Beyond this, of the value or of sums of numbers near 1, no other order of adding goes.
ROUNDING, NOTHING = 1e-6, 1e-9
_OWNER = ("problem", "configuration", "name", "case", "metric", "data")


@dataclass(frozen=True)
class Comparison:
    """What two tables of results disagree about, a line each.

    `differences` are more than chance explains, `notes` are verdicts that changed
    within chance.
    """

    differences: list[str]
    notes: list[str]


def compare(
    expected: Sequence[Row],
    found: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
    claims: Sequence[Mapping[str, Any]] = (),
) -> Comparison:
    """Compare two tables of results.

    Parameters
    ----------
    expected : sequence of mapping
        Rows of the earlier table, as text.
    found : sequence of mapping
        Rows of the table to be checked, as text.
    problems : mapping of str to mapping
        Entries `criteria` of what was run; other problems of the earlier table do not
        count.
    claims : sequence of mapping
        Entries `claims` of the configuration, judged by both tables.

    Returns
    -------
    Comparison
        A line for each row that is missing, was not expected, or differs, and for each
        claim whose verdict changed.

    Raises
    ------
    ValueError
        If the earlier table is of another version, with other columns.
    """
    lost = [name for name in SUMMARY_COLUMNS if expected and name not in expected[0]]
    if lost:
        raise ValueError(
            f"The earlier table has no column {lost[0]!r}: it is of another version. "
            "Put results/summary.csv of a run that you trust in its place."
        )
    before = {_owner(row): row for row in expected if row["problem"] in problems}
    now = {_owner(row): row for row in found}
    lines = [f"{_called(owner)}: is missing." for owner in before if owner not in now]
    lines += [f"{_called(owner)}: was not expected." for owner in now.keys() - before]
    notes = []
    for owner in before.keys() & now.keys():
        rows = (before[owner], now[owner])
        found_here = [what for test in _TESTS if (what := test(*rows))]
        lines += [f"{_called(owner)}: {what}" for what in found_here]
        if not found_here and rows[0]["met"] != rows[1]["met"]:
            notes.append(f"{_called(owner)}: {_counts(*rows)}, which is within chance.")
    if before.keys() == now.keys():
        changed = _verdicts(before, now, problems, claims)
        lines += changed.differences
        notes += changed.notes
    return Comparison(sorted(lines), sorted(notes))


def _owner(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in _OWNER)


def _called(owner: tuple[str, ...]) -> str:
    return " ".join(filter(None, owner)).replace("_", " ")


def _median_differs(expected: Row, found: Row) -> str:
    ends = ("median_low", "median_high")
    (low, high), (other_low, other_high) = (
        [_number(row[end]) for end in ends] for row in (expected, found)
    )
    if all(map(math.isnan, (low, other_low))):
        return ""
    slack = max(ROUNDING * abs(low), ROUNDING * abs(high), NOTHING)
    if low - slack <= other_high and other_low <= high + slack:
        return ""
    return (
        f"the median is {_said(found)}, between {other_low:.6g} and {other_high:.6g}; "
        f"expected {_said(expected)}, between {low:.6g} and {high:.6g}."
    )


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _said(row: Row) -> str:
    return f"{float(row['value']):.6g}" if row["value"] else "none"


def _criterion_differs(expected: Row, found: Row) -> str:
    if expected["criterion"] == found["criterion"]:
        return ""
    return (
        f"the criterion is {found['criterion'] or 'none'!r}; expected "
        f"{expected['criterion'] or 'none'!r}."
    )


def _rate_differs(expected: Row, found: Row) -> str:
    if not (expected["successes"] and found["successes"]):
        return ""
    level = COUNT_LEVEL if expected["met"] == found["met"] else VERDICT_LEVEL
    if chance_of(expected, found) > level:
        return ""
    return f"{_counts(expected, found)}."


def _failures_differ(expected: Row, found: Row) -> str:
    swapped = [{**row, "successes": row["failed"]} for row in (expected, found)]
    if chance_of(*swapped) > COUNT_LEVEL:
        return ""
    return (
        f"{found['failed']} of {found['repeats']} failed; expected "
        f"{expected['failed']} of {expected['repeats']}."
    )


_TESTS = (_criterion_differs, _median_differs, _rate_differs, _failures_differ)


def chance_of(expected: Row, found: Row) -> float:
    """Return how often equal runs differ in successes as much, in that direction.

    Parameters
    ----------
    expected, found : mapping
        Rows with `successes` and `repeats`.

    Returns
    -------
    float
        The p-value of Fisher's exact test, one-sided towards what was found.

    Examples
    --------
    >>> before, now = ({"successes": n, "repeats": 20} for n in (20, 14))
    >>> round(chance_of(before, now), 4)
    0.0101
    """
    (k, n), (other_k, other_n) = (
        (int(row["successes"]), int(row["repeats"])) for row in (expected, found)
    )
    total = k + other_k
    fewer = other_k * n < k * other_n
    as_far = range(other_k + 1) if fewer else range(other_k, min(total, other_n) + 1)
    # Of all ways to place the successes, those that leave so many in the later run.
    ways = sum(comb(other_n, i) * comb(n, total - i) for i in as_far if i <= total)
    return ways / comb(n + other_n, total)


def _counts(expected: Row, found: Row) -> str:
    said, before = (
        f"{row['successes']} of {row['repeats']} succeeded"
        + {"true": " and met it", "false": " and did not meet it"}.get(row["met"], "")
        for row in (found, expected)
    )
    return f"{said}; expected {before.replace(' succeeded', '')}"


def _verdicts(
    before: Mapping[tuple[str, ...], Row],
    now: Mapping[tuple[str, ...], Row],
    problems: Mapping[str, Mapping[str, Any]],
    claims: Sequence[Mapping[str, Any]],
) -> Comparison:
    """Judge every claim by both tables."""
    differences, notes = [], []
    tables = [list(table.values()) for table in (before, now)]
    for claim in claims:
        (old,), (new,) = (judge([claim], table, problems) for table in tables)
        if old["verdict"] == new["verdict"]:
            continue
        line = f"{claim['claim']!r} {new['verdict']}; expected that it {old['verdict']}"
        pairs = zip(
            *(rows_behind(claim, table, problems) for table in tables), strict=True
        )
        if any(_more_than_chance(*pair) for pair in pairs):
            differences.append(f"{line}.")
        else:
            notes.append(f"{line}, which is within chance.")
    return Comparison(differences, notes)


def _more_than_chance(expected: Row, found: Row) -> bool:
    """Return whether a row that a changed verdict rests on has changed itself."""
    if any(test(expected, found) for test in _TESTS):
        return True
    counted = expected["successes"] and found["successes"]
    return bool(counted) and chance_of(expected, found) <= CLAIM_LEVEL
