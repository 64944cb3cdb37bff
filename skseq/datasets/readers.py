"""Readers of series: a CSV file's rows as the steps of one series.

Every problem of a file is collected, each with its line, and raised in one error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from sklearn.utils import Bunch
from sklearn.utils._param_validation import StrOptions, validate_params

from skseq.datasets._tables import Table
from skseq.datasets._times import (
    CONSTRAINTS,
    INFER,
    Rules,
    check_filled,
    filled,
    steps_of,
    times_of,
)

__all__ = ["load_milk_production", "load_series_csv"]


@validate_params(
    {
        "path": [str, os.PathLike],
        "values": [str, list, tuple, None],
        "time": [str, list, tuple, None],
        **CONSTRAINTS,
        "unordered": [StrOptions({"refuse", "sort"})],
        "delimiter": [str],
        "read_options": [dict, None],
    },
    prefer_skip_nested_validation=True,
)
def load_series_csv(
    path: str | os.PathLike,
    *,
    values: str | Sequence[str] | None = None,
    time: str | Sequence[str] | None = None,
    frequency: str | None = INFER,
    date_format: str | None = None,
    missing: str = "refuse",
    doubled: str = "refuse",
    unordered: str = "refuse",
    delimiter: str = ",",
    read_options: Mapping[str, Any] | None = None,
) -> Bunch:
    r"""Read a series from a CSV file, a row per time step.

    Pandas reads the file. Dates that are missing, doubled or out of order are named,
    and refused unless told otherwise.

    Parameters
    ----------
    path : str or path-like
        The file: a header line, then a line per time step.
    values : str or sequence of str, default=None
        The column or columns to read as numbers. None takes the only column that is
        not `time`.
    time : str or sequence of str, default=None
        The column that names the time steps, or those of the date and of the time of
        day. None takes the first column.
    frequency : str or None, default="infer"
        What is between two dates, as pandas names it: "D", "h", "15min", "MS" (the
        first of each month), "B" (working days). "infer" takes the frequency that
        fits the dates; where the column holds no dates, steps have names and stand as
        in the file. None takes the file's order as it is, whatever the dates.
    date_format : str, default=None
        The form of dates, such as "%d.%m.%Y". None: ISO 8601.
    missing : {"refuse", "nan", "forward", "interpolate"}, default="refuse"
        What stands for missing values and at missing dates: NaN, the value before, or
        the straight line between the values before and after.
    doubled : {"refuse", "first", "last", "mean"}, default="refuse"
        Which row counts where a date is there more than once.
    unordered : {"refuse", "sort"}, default="refuse"
        What to do about dates that are not in order.
    delimiter : str, default=","
        What separates fields.
    read_options : dict, default=None
        Options of :func:`pandas.read_csv`: `decimal`, `encoding` (UTF-8 unless it is
        named), `na_values`, `quotechar`, `skipfooter`, `skipinitialspace`, `skiprows`
        (a number of lines) and `thousands`.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``series``, ndarray of shape (n_timesteps,), or (n_timesteps, n_features) if
        `values` is a sequence; ``time``, ndarray of shape (n_timesteps,), of
        datetime64 in UTC if `frequency` or `date_format` is named or dates are filled
        in, otherwise texts as in the file; ``feature_names``, list of str.

    Raises
    ------
    ValueError
        If a column is missing, a row has more or fewer fields than the header, a
        value is not a finite number or missing, or a time step is named twice, out of
        order, missing or beside the frequency. The message names each line and cause.
    OSError
        If the file cannot be opened.

    Warns
    -----
    UserWarning
        If the header's quotes are typographic; they are read as plain ones.

    See Also
    --------
    load_sequences_csv : Many labelled sequences from one file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from skseq.datasets import load_series_csv
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "series.csv")
    ...     _ = path.write_text("month;sales\n2024-01;3,5\n2024-02;4\n2024-04;?\n")
    ...     data = load_series_csv(
    ...         path, frequency="MS", missing="forward", delimiter=";",
    ...         read_options={"decimal": ",", "na_values": "?"},
    ...     )
    >>> data.time.astype("datetime64[M]").tolist()[2].month, data.series.tolist()
    (3, [3.5, 4.0, 4.0, 4.0])
    """
    rules = Rules(frequency, date_format, missing, doubled, unordered)
    offset = rules.offset()
    if not isinstance(time, str) and time is not None and len(time) not in (1, 2):
        raise ValueError(f"time must name one column or two; got {time!r}.")
    table = Table.of_csv(path, delimiter, read_options)
    named = table.header[0] if time is None else time
    times = [named] if isinstance(named, str) else list(named)
    if values is None:
        others = [name for name in table.header if name not in times]
        if len(others) != 1:
            raise ValueError(
                f"{table.name}: values must name the columns to read, since there is "
                f"not exactly one beside {', '.join(map(repr, times))}; the header "
                f"names {', '.join(map(repr, table.header))}."
            )
        values = others[0]
    names = [values] if isinstance(values, str) else list(values)
    if not names:
        raise ValueError("values must name at least one column; got none.")
    table.require([*times, *names])
    texts, dates = times_of(table, times, rules, named=True)
    columns = [table.numbers(name, missing=missing != "refuse") for name in names]
    rows = np.arange(len(texts))
    found = [rows[i : i + 1] for i in rows]
    if dates is None:
        _refuse_repeated(table, ", ".join(times), texts)
    elif not dates.isna().any():
        steps, found = steps_of(table, rows, dates, texts, rules, offset)
        if frequency != INFER or date_format or not all(map(len, found)):
            texts = steps.to_numpy()
        else:
            texts = [texts[same[0]] for same in found]
    table.finish()
    columns = [filled(column, found, rules) for column in columns]
    check_filled(table, names, columns, found, rules)
    table.finish()
    series = np.array(columns, dtype=float).T
    return Bunch(
        series=series[:, 0] if isinstance(values, str) else series,
        time=np.array(texts),
        feature_names=names,
    )


def _refuse_repeated(table: Table, name: str, cells: list[str]) -> None:
    seen: dict[Any, str] = {}
    for place, cell in zip(table.places, cells, strict=True):
        if cell and cell in seen:
            table.problems.append(
                f"{place}: {name} {cell!r} is already on {seen[cell]}"
            )
        seen.setdefault(cell, place)


def load_milk_production() -> Bunch:
    """Load monthly milk production per cow in the United States, 1962 to 1975.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``series``, ndarray of shape (168,), pounds per cow; ``time``, ndarray of shape
        (168,), months of dtype datetime64[M]; ``feature_names``, list of str.

    See Also
    --------
    load_series_csv : Reads a series of one's own.

    Notes
    -----
    Source: J. D. Cryer (1986), Time Series Analysis, as kept in R. J. Hyndman's Time
    Series Data Library.

    Examples
    --------
    >>> from skseq.datasets import load_milk_production
    >>> milk = load_milk_production()
    >>> for month, pounds in list(zip(milk.time, milk.series))[:2]:
    ...     print(month, pounds)
    1962-01 589.0
    1962-02 561.0
    """
    with as_file(files("skseq") / "data" / "monthly-milk-production.csv") as path:
        data = load_series_csv(path, frequency="MS")
    data.time = data.time.astype("datetime64[M]")
    return data
