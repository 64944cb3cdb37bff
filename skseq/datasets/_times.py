"""Dates of steps: read, put in order, and held to a frequency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils._param_validation import StrOptions

from skseq._memory import refuse_beyond_memory
from skseq.datasets._tables import Table

if TYPE_CHECKING:
    import pandas as pd

INFER = "infer"
# Between two dates is the most frequent distance, a working day, or one of these.
_CALENDAR = ("MS", "ME", "QS", "QE", "YS", "YE")
_SHOWN = 5
_ALMOST_DATE = re.compile(r"\d{1,4}[./]\d{1,2}[./]\d{1,4}\b.*")

CONSTRAINTS: dict[str, list] = {
    "frequency": [str, None],
    "date_format": [str, None],
    "missing": [StrOptions({"refuse", "nan", "forward", "interpolate"})],
    "doubled": [StrOptions({"refuse", "first", "last", "mean"})],
}


@dataclass(frozen=True)
class Rules:
    """What to do about dates that are not one step after the other.

    Attributes are the parameters of the readers of the same names.
    """

    frequency: str | None
    date_format: str | None
    missing: str
    doubled: str
    unordered: str = "sort"

    def offset(self) -> Any:
        """Return pandas' offset of the frequency; None where none is named."""
        from pandas.tseries.frequencies import to_offset

        if self.frequency in (None, INFER):
            return None
        try:
            offset = to_offset(self.frequency)
        except ValueError as error:
            newer = re.search("Please use '(\\w+)'", str(error))
            raise ValueError(
                "frequency must be 'infer', None or a frequency of pandas, such as "
                f"'D', 'h', '15min' or 'MS'; got {self.frequency!r}"
                f"{f', which is {newer[1]!r} today' if newer else ''}."
            ) from error
        if offset.n < 1:
            raise ValueError(f"frequency must go forward; got {self.frequency!r}.")
        return offset


def times_of(
    table: Table, names: Sequence[str], rules: Rules, *, named: bool
) -> tuple[list[str], pd.DatetimeIndex | None]:
    """Read the times of steps.

    Parameters
    ----------
    table : Table
    names : sequence of str
        Columns: one, or of date and of time.
    rules : Rules
    named : bool
        Whether times may be mere names, in an order that is not theirs.

    Returns
    -------
    texts : list of str
    times : DatetimeIndex or None
        None where times are names.
    """
    import pandas as pd

    texts = _texts(table, names)
    if named and rules.frequency is None and rules.date_format is None:
        return texts, None
    form, way_out = rules.date_format or "ISO8601", ""
    if not rules.date_format:
        way_out = "; give date_format, such as '%d.%m.%Y' or '%m/%d/%Y'"
        way_out += ", or frequency=None to take times as names" if named else ""
    # Times of several zones have one order in UTC.
    read = pd.to_datetime(
        pd.Series(texts, dtype=object), format=form, errors="coerce", utc=True
    )
    times = pd.DatetimeIndex(read).tz_localize(None).as_unit("ns")
    if named and rules.frequency == INFER and rules.date_format is None:
        alike = sum(bool(_ALMOST_DATE.fullmatch(text)) for text in texts)
        dates = len(texts) - times.isna().sum() + alike
        if all(text.isdigit() for text in texts) or 2 * dates <= len(texts):
            return texts, None
    form = f"of the form {form!r}" if rules.date_format else "in ISO 8601"
    for row in np.flatnonzero(times.isna()).tolist():
        if texts[row]:
            table.problems.append(
                f"{table.places[row]}: {texts[row]!r} is no date {form}{way_out}"
            )
            way_out = ""
    return texts, times


def _texts(table: Table, names: Sequence[str]) -> list[str]:
    columns = []
    for name in names:
        cells = table.cells(name)
        if len(names) > 1 and all(hasattr(cell, "hour") for cell in cells):
            cells = [cell.date() if name == names[0] else cell.time() for cell in cells]
        columns.append(["" if cell is None else str(cell) for cell in cells])
    return [" ".join(parts).strip() for parts in zip(*columns, strict=True)]


def steps_of(
    table: Table,
    rows: np.ndarray,
    times: pd.DatetimeIndex,
    texts: Sequence[str],
    rules: Rules,
    offset: Any,
    who: str = "",
) -> tuple[pd.DatetimeIndex, list[np.ndarray]]:
    """Put rows in the order of their times, at the steps of a frequency.

    Parameters
    ----------
    table : Table
        Where problems go.
    rows : ndarray of int
        Rows of one series.
    times, texts
        Of all rows of the table.
    rules : Rules
    offset : offset of pandas or None
        The frequency, None for the one that fits best.
    who : str
        What problems are said of.

    Returns
    -------
    steps : DatetimeIndex
    found : list of ndarray of int
        The rows of each step; none where its date is missing.
    """
    own = times[rows]
    if rules.unordered == "refuse":
        for earlier in np.flatnonzero(own[1:] < own[:-1]):
            table.problems.append(
                f"{table.places[rows[earlier + 1]]}: {who}{texts[rows[earlier + 1]]!r} "
                f"comes before {texts[rows[earlier]]!r} on "
                f"{table.places[rows[earlier]]}; unordered='sort' puts dates in order"
            )
    order = np.argsort(own.to_numpy(), kind="stable")
    rows, own = rows[order], own[order]
    starts = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
    found = np.split(rows, starts[1:])
    if rules.doubled == "refuse":
        table.problems += _doubled(table, found, texts, who)
    known = own[starts]
    if rules.frequency is None or len(known) < (3 if offset is None else 1):
        return known, found
    steps = _grid(known, offset)
    if steps is None:
        table.problems.append(
            f"{who}the dates follow no one frequency ({_distances(known)}); name it, "
            "such as frequency='D', or take rows as they stand with frequency=None"
        )
        return known, found
    off = ~np.isin(known, steps)
    for index in np.flatnonzero(off):
        table.problems.append(
            f"{table.places[found[index][0]]}: {who}{texts[found[index][0]]!r} is no "
            f"date of frequency={rules.frequency!r}{_instead(known)}"
        )
    absent = steps[~np.isin(steps, known)]
    if not off.any() and len(absent) and rules.missing == "refuse":
        table.problems.append(
            f"{who}{_counted(absent)} of frequency {_named(steps.freq)!r}; "
            "missing='nan', 'forward' or 'interpolate' fills"
        )
    places = steps.get_indexer(known[~off])
    at: list[np.ndarray] = [rows[:0]] * len(steps)
    for index, place in zip(np.flatnonzero(~off), places, strict=True):
        at[place] = found[index]
    return steps, at


def _instead(known: pd.DatetimeIndex) -> str:
    """Name the frequency that would fit."""
    other = fitting(known)
    return f"; that of {_named(other)!r} fits" if other is not None else ""


def _named(offset: Any) -> str:
    """Say days as days, which pandas names by their hours."""
    days = offset.freqstr.removesuffix("h")
    if days.isdigit() and int(days) % 24 == 0:
        return f"{int(days) // 24}D".removeprefix("1D") or "D"
    return offset.freqstr


def _doubled(
    table: Table, found: list[np.ndarray], texts: Sequence[str], who: str
) -> Iterator[str]:
    for same in found:
        for row in same[1:]:
            yield (
                f"{table.places[row]}: {who}{texts[row]!r} is already on "
                f"{table.places[same[0]]}; doubled='first', 'last' or 'mean' keeps one"
            )


def _grid(known: pd.DatetimeIndex, offset: Any) -> pd.DatetimeIndex | None:
    """Return all dates of a frequency; of the one that fits, if none is named."""
    import pandas as pd

    if offset is None:
        return _fitting_grid(known)
    _refuse_too_many(known[0], known[-1], offset)
    return pd.date_range(known[0], known[-1], freq=offset)


def fitting(times: pd.DatetimeIndex) -> Any:
    """Return the frequency that fits dates in any order; None where none does."""
    known = times.unique().sort_values()
    grid = _fitting_grid(known) if len(known) > 2 else None
    return None if grid is None else grid.freq


def _fitting_grid(known: pd.DatetimeIndex) -> pd.DatetimeIndex | None:
    """Return the dates of the frequency that leaves out least, if any fits."""
    import pandas as pd

    first, last = known[0], known[-1]
    apart, counts = np.unique(np.diff(known.to_numpy()), return_counts=True)
    usual = pd.Timedelta(apart[counts.argmax()])
    days = (last - first) / pd.Timedelta(days=1)
    # How many dates each would have: more than twice as many as there are is not it.
    sizes = {usual: (last - first) / usual, "B": days / 1.5}
    sizes |= dict.fromkeys(_CALENDAR, days / 366)
    grids = [
        grid
        for freq, size in sizes.items()
        if size <= 2 * len(known)
        and len(grid := pd.date_range(first, last, freq=freq)) <= 2 * len(known)
        and np.isin(known, grid).all()
    ]
    return min(grids, key=len, default=None)


def _refuse_too_many(first: Any, last: Any, offset: Any) -> None:
    steps = int((last - first) / ((first + offset) - first)) + 1
    # A step's date, its rows and their values.
    refuse_beyond_memory((steps, 16), float, "the frequency")


def _distances(known: pd.DatetimeIndex) -> str:
    import pandas as pd

    apart = np.diff(known.to_numpy())
    distances, counts = np.unique(apart, return_counts=True)
    usual = distances[counts.argmax()]
    other = int(np.flatnonzero(apart != usual)[0])
    return (
        f"most often {pd.Timedelta(usual)} apart, but from {known[other]} to "
        f"{known[other + 1]} it is {pd.Timedelta(apart[other])}"
    )


def _counted(absent: pd.DatetimeIndex) -> str:
    clock = bool((absent != absent.normalize()).any())
    named = [str(date if clock else date.date()) for date in absent[:_SHOWN]]
    more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    number = "1 date is" if len(absent) == 1 else f"{len(absent)} dates are"
    return f"{number} missing, {', '.join(named)}{more},"


def filled(
    values: np.ndarray,
    found: list[np.ndarray],
    rules: Rules,
) -> np.ndarray:
    """Take one value for each step, and fill those that are missing, as asked.

    Parameters
    ----------
    values : ndarray of shape (n_rows,)
        Numbers, or objects; missing ones NaN or None.
    found : list of ndarray of int
        The rows of each step.
    rules : Rules

    Returns
    -------
    ndarray of shape (n_steps,)
        Of the kind of `values`; what could not be filled is missing still.
    """
    import pandas as pd

    numbers = values.dtype != object
    at = np.full(len(found), np.nan) if numbers else np.full(len(found), None)
    there = [step for step, rows in enumerate(found) if len(rows)]
    one = -1 if rules.doubled == "last" else 0
    at[there] = values[[found[step][one] for step in there]]
    if numbers and rules.doubled == "mean":
        for step in (step for step in there if len(found[step]) > 1):
            same = values[found[step]]
            if not np.isnan(same).all():
                at[step] = np.nanmean(same)
    series = pd.Series(at)
    if rules.missing == "forward":
        series = series.ffill()
    elif rules.missing == "interpolate":
        series = series.interpolate(limit_area="inside")
    if numbers:
        return series.to_numpy(dtype=float)
    return series.astype(object).where(series.notna(), None).to_numpy()


def check_filled(
    table: Table,
    names: Sequence[str],
    columns: Sequence[np.ndarray],
    found: list[np.ndarray],
    rules: Rules,
    who: str = "",
) -> None:
    """Find what could not be filled, at the ends of a series.

    Parameters
    ----------
    table : Table
        Where problems go.
    names, columns : sequence
        What `filled` made of columns.
    found, rules, who
        As in `steps_of`.
    """
    if rules.missing not in ("forward", "interpolate"):
        return
    side = "before" if rules.missing == "forward" else "on one side of"
    for name, column in zip(names, columns, strict=True):
        for step, value in enumerate(column):
            if value is None or value != value:
                table.problems.append(
                    f"{table.places[found[step][0]]}: {who}column {name!r} is missing "
                    f"and has no value {side} it; missing='nan' leaves it so"
                )
