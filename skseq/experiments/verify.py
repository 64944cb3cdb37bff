"""Does a run say what an earlier one said?

On one machine, equal configurations give equal bytes. On another, sums are added up in
another order, so that single fits may go elsewhere; what many of them say together must
stay.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from skseq.metrics import wilson_interval

Row = Mapping[str, str]
_OWNER = ("problem", "configuration", "name", "case", "metric", "data")
# Below this, relative to the value, two scores are one.
_NEGLIGIBLE = 1e-6


def differences(
    expected: Sequence[Row], found: Sequence[Row], problems: Sequence[str]
) -> list[str]:
    """Compare two tables of results.

    Parameters
    ----------
    expected : sequence of mapping
        Rows of the earlier table, as text.
    found : sequence of mapping
        Rows of the table to be checked, as text.
    problems : sequence of str
        What was run; other problems of the earlier table do not count.

    Returns
    -------
    list of str
        A line for each row that is missing, was not expected, or differs: a median
        outside the range of the single fits expected, or shares of success whose 95 %
        intervals do not meet.
    """
    before = {_owner(row): row for row in expected if row["problem"] in problems}
    now = {_owner(row): row for row in found}
    lines = [f"{_called(owner)}: is missing." for owner in before if owner not in now]
    lines += [f"{_called(owner)}: was not expected." for owner in now.keys() - before]
    for owner in before.keys() & now.keys():
        lines += [
            f"{_called(owner)}: {what}"
            for what in (
                _median_differs(before[owner], now[owner]),
                _rate_differs(before[owner], now[owner]),
            )
            if what
        ]
    return sorted(lines)


def _owner(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in _OWNER)


def _called(owner: tuple[str, ...]) -> str:
    return " ".join(filter(None, owner)).replace("_", " ")


def _median_differs(expected: Row, found: Row) -> str:
    low, high = float(expected["lowest"]), float(expected["highest"])
    value = float(found["value"])
    slack = _NEGLIGIBLE * max(abs(low), abs(high))
    if low - slack <= value <= high + slack:
        return ""
    if all(math.isnan(one) for one in (low, high, value)):
        return ""
    return (
        f"the median is {value:.6g}; expected {float(expected['value']):.6g}, "
        f"{low:.6g} to {high:.6g} in single fits."
    )


def _rate_differs(expected: Row, found: Row) -> str:
    if expected["criterion"] != found["criterion"]:
        return (
            f"the criterion is {found['criterion'] or 'none'!r}; expected "
            f"{expected['criterion'] or 'none'!r}."
        )
    if not expected["criterion"]:
        return ""
    (low, high), (other_low, other_high) = map(_interval, (expected, found))
    if other_low <= high and low <= other_high:
        return ""
    return (
        f"{found['successes']} of {found['repeats']} succeeded; expected "
        f"{expected['successes']} of {expected['repeats']}."
    )


def _interval(row: Row) -> tuple[float, float]:
    return wilson_interval(int(row["successes"]), int(row["repeats"]))
