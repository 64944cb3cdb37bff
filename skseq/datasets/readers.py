"""Readers of series and of labelled sequences from CSV files.

Every problem of a file is collected, each with its line, and raised in one error.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.utils import Bunch
from sklearn.utils._param_validation import StrOptions, validate_params

from skseq.datasets._tables import Table
from skseq.preprocessing import pad_sequences

__all__ = ["load_milk_production", "load_sequences_csv", "load_series_csv"]


@validate_params(
    {
        "path": [str, os.PathLike],
        "values": [str, list, tuple, None],
        "time": [str, None],
        "delimiter": [str],
    },
    prefer_skip_nested_validation=True,
)
def load_series_csv(
    path: str | os.PathLike,
    *,
    values: str | Sequence[str] | None = None,
    time: str | None = None,
    delimiter: str = ",",
) -> Bunch:
    r"""Read a series from a CSV file, a row per time step, in the file's order.

    Parameters
    ----------
    path : str or path-like
        The file: UTF-8, a header line, then a line per time step.
    values : str or sequence of str, default=None
        The column or columns to read as numbers. None takes the only column that is
        not `time`.
    time : str, default=None
        The column that names the time steps, kept as text. None takes the first
        column.
    delimiter : str, default=","
        What separates fields.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``series``, ndarray of shape (n_timesteps,), or (n_timesteps, n_features) if
        `values` is a sequence; ``time``, ndarray of str of shape (n_timesteps,);
        ``feature_names``, list of str.

    Raises
    ------
    ValueError
        If a column is missing, a row has more or fewer fields than the header, a
        value is not a finite number or a time step is named twice. The message names
        each line and cause.
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
    ...     _ = path.write_text("month,sales\n2024-01,3.5\n2024-02,4\n")
    ...     data = load_series_csv(path)
    >>> data.time.tolist(), data.series.tolist()
    (['2024-01', '2024-02'], [3.5, 4.0])
    """
    table = Table(path, delimiter)
    time = table.header[0] if time is None else time
    if values is None:
        others = [name for name in table.header if name != time]
        if len(others) != 1:
            raise ValueError(
                f"{table.path}: values must name the columns to read, since there is "
                f"not exactly one beside {time!r}; the header names "
                f"{', '.join(map(repr, table.header))}."
            )
        values = others[0]
    names = [values] if isinstance(values, str) else list(values)
    if not names:
        raise ValueError("values must name at least one column; got none.")
    table.require([time, *names])
    steps = table.text(time)
    _refuse_repeated(table, time, steps)
    columns = np.array([table.numbers(name) for name in names], dtype=float).T
    table.finish()
    return Bunch(
        series=columns[:, 0] if isinstance(values, str) else columns,
        time=np.array(steps),
        feature_names=names,
    )


def _refuse_repeated(table: Table, name: str, cells: list[Any]) -> None:
    seen: dict[Any, int] = {}
    for line, cell in zip(table.lines, cells, strict=True):
        if cell and cell in seen:
            table.problems.append(
                f"line {line}: {name} {cell!r} is already on line {seen[cell]}"
            )
        seen.setdefault(cell, line)


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
        data = load_series_csv(path)
    data.time = data.time.astype("datetime64[M]")
    return data


@validate_params(
    {
        "path": [str, os.PathLike],
        "sequence": [str],
        "step": [str],
        "label": [str],
        "features": [list, tuple, None],
        "features_are": [StrOptions({"numbers", "symbols"})],
        "labels_are": [StrOptions({"numbers", "symbols"})],
        "framing": [StrOptions({"last", "per_step"})],
        "fill_value": "no_validation",
        "delimiter": [str],
    },
    prefer_skip_nested_validation=True,
)
def load_sequences_csv(
    path: str | os.PathLike,
    *,
    sequence: str = "sequence",
    step: str = "step",
    label: str = "label",
    features: Sequence[str] | None = None,
    features_are: str = "numbers",
    labels_are: str = "symbols",
    framing: str = "last",
    fill_value: Any = None,
    delimiter: str = ",",
) -> Bunch:
    r"""Read labelled sequences from a CSV file in long format, a row per time step.

    Rows of one sequence may stand anywhere; they are put in the order of `step`.
    Sequences keep the order in which they first appear.

    Parameters
    ----------
    path : str or path-like
        The file: UTF-8, a header line, then a line per time step.
    sequence : str, default="sequence"
        The column that tells which sequence a row belongs to.
    step : str, default="step"
        The column of numbers that puts the rows of a sequence in order. Their order
        counts, not their distance.
    label : str, default="label"
        The column of labels.
    features : sequence of str, default=None
        The columns to read. None takes all others.
    features_are : {"numbers", "symbols"}, default="numbers"
        How to read features.
    labels_are : {"numbers", "symbols"}, default="symbols"
        How to read labels.
    framing : {"last", "per_step"}, default="last"
        ``"last"``: one label per sequence, the same on all its rows. ``"per_step"``:
        the label of each row.
    fill_value : object, default=None
        What pads sequences of different lengths at their ends, in features and, with
        ``framing="per_step"``, in labels. None refuses them.
    delimiter : str, default=","
        What separates fields.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``X``, ndarray of shape (n_sequences, n_timesteps) for one feature, else
        (n_sequences, n_timesteps, n_features); ``y``, ndarray of shape (n_sequences,)
        or (n_sequences, n_timesteps); ``sequences``, ndarray of the sequences' names;
        ``feature_names``, list of str.

    Raises
    ------
    ValueError
        If a column is missing, a row has more or fewer fields than the header, a cell
        is empty or not a finite number where it must be one, a step appears twice in
        a sequence, a sequence has several labels with ``framing="last"``, or lengths
        differ without a `fill_value`. The message names each line and cause.
    OSError
        If the file cannot be opened.

    See Also
    --------
    load_series_csv : One series from one file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from skseq.datasets import load_sequences_csv
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "gestures.csv")
    ...     _ = path.write_text(
    ...         "sequence,step,height,label\n"
    ...         "a,1,0.1,rise\na,2,0.7,rise\nb,1,0.9,fall\nb,2,0.2,fall\n"
    ...     )
    ...     data = load_sequences_csv(path)
    >>> for values, target in zip(data.X, data.y):
    ...     print(values, "->", target)
    [0.1 0.7] -> rise
    [0.9 0.2] -> fall
    """
    table = Table(path, delimiter)
    roles = [sequence, step, label]
    if features is None:
        features = [name for name in table.header if name not in roles]
    _check_roles(roles, list(features))
    table.require([*roles, *features])
    names = table.text(sequence)
    rows = _rows_in_order(table, names, table.numbers(step), step)
    read = table.numbers if features_are == "numbers" else table.text
    columns = np.array([read(name) for name in features]).T
    labels = np.array(
        table.numbers(label) if labels_are == "numbers" else table.text(label)
    )
    if framing == "last":
        _check_one_label(table, rows, labels)
    if fill_value is None:
        _check_one_length(table, rows)
    table.finish()
    X = pad_sequences([columns[row] for row in rows.values()], fill_value=fill_value)
    if framing == "last":
        y = np.array([labels[row[-1]] for row in rows.values()])
    else:
        y = pad_sequences([labels[row] for row in rows.values()], fill_value=fill_value)
    return Bunch(
        X=X[:, :, 0] if len(features) == 1 else X,
        y=y,
        sequences=np.array(list(rows)),
        feature_names=list(features),
    )


def _check_roles(roles: list[str], features: list[str]) -> None:
    if not features:
        raise ValueError("features must name at least one column; got none.")
    named = [*roles, *features]
    repeated = sorted({name for name in named if named.count(name) > 1})
    if repeated:
        raise ValueError(
            "sequence, step, label and features must name different columns; "
            f"{', '.join(map(repr, repeated))} is named more than once."
        )


def _rows_in_order(
    table: Table, names: list[str], steps: list[float], step: str
) -> dict[str, list[int]]:
    """Return the row numbers of each sequence, in the order of their steps."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    for name, members in rows.items():
        members.sort(key=lambda row: steps[row])
        for earlier, later in pairwise(members):
            if steps[earlier] == steps[later]:
                table.problems.append(
                    f"line {table.lines[later]}: sequence {name!r} has {step} "
                    f"{steps[later]:g} already on line {table.lines[earlier]}"
                )
    return rows


def _check_one_label(
    table: Table, rows: dict[str, list[int]], labels: np.ndarray
) -> None:
    for name, members in rows.items():
        found = list(dict.fromkeys(labels[members].tolist()))
        if len(found) > 1:
            table.problems.append(
                f"line {table.lines[members[0]]}: sequence {name!r} has the labels "
                f"{', '.join(map(repr, found))}, but framing='last' needs one"
            )


def _check_one_length(table: Table, rows: dict[str, list[int]]) -> None:
    lengths = [(len(members), name) for name, members in rows.items()]
    (shortest, short_name), (longest, long_name) = min(lengths), max(lengths)
    if shortest != longest:
        table.problems.append(
            f"sequences have from {shortest} ({short_name!r}) to {longest} "
            f"({long_name!r}) steps; give a fill_value to pad them"
        )
