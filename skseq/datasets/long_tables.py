"""Readers of labelled sequences in long tables: a row per step.

Every problem of a table is collected, each with its place, and raised in one error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import Bunch
from sklearn.utils._param_validation import HasMethods, StrOptions, validate_params

from skseq.datasets._tables import Table
from skseq.datasets._times import (
    CONSTRAINTS,
    INFER,
    Rules,
    check_filled,
    filled,
    fitting,
    steps_of,
    times_of,
)
from skseq.preprocessing import pad_sequences

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_sequences_csv", "load_sequences_parquet", "sequences_from_frame"]

_LONG = {
    "sequence": [str],
    "step": [str],
    "time": [str, list, tuple, None],
    "label": [str],
    "features": [list, tuple, None],
    "features_are": [StrOptions({"numbers", "symbols"})],
    "labels_are": [StrOptions({"numbers", "symbols"})],
    "framing": [StrOptions({"last", "per_step"})],
    "fill_value": "no_validation",
    **CONSTRAINTS,
}


@validate_params(
    {"frame": [HasMethods(["reset_index"])], **_LONG},
    prefer_skip_nested_validation=True,
)
def sequences_from_frame(
    frame: pd.DataFrame,
    *,
    sequence: str = "sequence",
    step: str = "step",
    time: str | Sequence[str] | None = None,
    label: str = "label",
    features: Sequence[str] | None = None,
    features_are: str = "numbers",
    labels_are: str = "symbols",
    framing: str = "last",
    fill_value: Any = None,
    frequency: str | None = INFER,
    date_format: str | None = None,
    missing: str = "refuse",
    doubled: str = "refuse",
) -> Bunch:
    """Take labelled sequences from a table in long format, a row per time step.

    Rows of one sequence may stand anywhere; they are put in the order of `step` or of
    `time`. Sequences keep the order in which they first appear.

    Parameters
    ----------
    frame : DataFrame
        The table. Levels of its index that have a name are columns as well.
    sequence : str, default="sequence"
        The column that tells which sequence a row belongs to.
    step : str, default="step"
        The column of numbers that puts the rows of a sequence in order. Their order
        counts, not their distance. Not read if `time` is given.
    time : str or sequence of str, default=None
        The column of dates that puts the rows of a sequence in order, or those of the
        date and of the time of day. None: `step` does.
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
    frequency : str or None, default="infer"
        What is between two dates of a sequence, as pandas names it: "D", "h",
        "15min", "MS". "infer" takes what fits the dates of the longest sequence. None
        takes their order alone, whatever the distance.
    date_format : str, default=None
        The form of dates, such as "%d.%m.%Y". None: ISO 8601.
    missing : {"refuse", "nan", "forward", "interpolate"}, default="refuse"
        What stands for missing features and at missing dates: NaN (None among
        symbols), the value before, or the straight line between the values before and
        after. Labels per step that are missing are NaN or None then.
    doubled : {"refuse", "first", "last", "mean"}, default="refuse"
        Which row counts where a date is there more than once in a sequence.

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
        If a column is missing, a cell is missing or not a finite number where it must
        be one, a step or a date is there twice in a sequence or missing, a sequence
        has several labels with ``framing="last"``, or lengths differ without a
        `fill_value`. The message names each row and cause.

    See Also
    --------
    load_sequences_csv : The same from a CSV file.
    load_sequences_parquet : The same from a Parquet file.

    Examples
    --------
    >>> import pandas as pd
    >>> from skseq.datasets import sequences_from_frame
    >>> table = pd.DataFrame({
    ...     "machine": ["a", "b", "a", "b"],
    ...     "day": ["2024-01-01", "2024-01-01", "2024-01-03", "2024-01-02"],
    ...     "heat": [20.0, 30.0, 24.0, 31.0],
    ...     "failed": ["no", "yes", "no", "yes"],
    ... })
    >>> data = sequences_from_frame(
    ...     table, sequence="machine", time="day", label="failed",
    ...     frequency="D", missing="interpolate", fill_value=-1,
    ... )
    >>> for values, target in zip(data.X, data.y):
    ...     print(values, "->", target)
    [20. 22. 24.] -> no
    [30. 31. -1.] -> yes
    """
    settings = dict(locals())
    return _sequences(Table.of_frame(settings.pop("frame")), **settings)


@validate_params(
    {
        "path": [str, os.PathLike],
        **_LONG,
        "delimiter": [str],
        "read_options": [dict, None],
    },
    prefer_skip_nested_validation=True,
)
def load_sequences_csv(
    path: str | os.PathLike,
    *,
    sequence: str = "sequence",
    step: str = "step",
    time: str | Sequence[str] | None = None,
    label: str = "label",
    features: Sequence[str] | None = None,
    features_are: str = "numbers",
    labels_are: str = "symbols",
    framing: str = "last",
    fill_value: Any = None,
    frequency: str | None = INFER,
    date_format: str | None = None,
    missing: str = "refuse",
    doubled: str = "refuse",
    delimiter: str = ",",
    read_options: Mapping[str, Any] | None = None,
) -> Bunch:
    r"""Read labelled sequences from a CSV file in long format, a row per time step.

    Pandas reads the file. Rows of one sequence may stand anywhere; they are put in the
    order of `step` or of `time`. Sequences keep the order in which they first appear.

    Parameters
    ----------
    path : str or path-like
        The file: a header line, then a line per time step.
    sequence, step, time, label, features, features_are, labels_are : object
        The columns and how to read them, as in :func:`sequences_from_frame`.
    framing, fill_value, frequency, date_format, missing, doubled : object
        What becomes of the rows, as in :func:`sequences_from_frame`.
    delimiter : str, default=","
        What separates fields.
    read_options : dict, default=None
        Options of :func:`pandas.read_csv`, as in :func:`load_series_csv`.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``X``, ``y``, ``sequences`` and ``feature_names``, as of
        :func:`sequences_from_frame`; names and symbols are texts.

    Raises
    ------
    ValueError
        As :func:`sequences_from_frame`, or if a row has more or fewer fields than the
        header. The message names each line and cause.
    OSError
        If the file cannot be opened.

    See Also
    --------
    load_series_csv : One series from one file.
    sequences_from_frame : The same from a table that is read already.

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
    settings = dict(locals())
    source = [settings.pop(name) for name in ("path", "delimiter", "read_options")]
    return _sequences(Table.of_csv(*source), **settings)


@validate_params(
    {"path": [str, os.PathLike], **_LONG}, prefer_skip_nested_validation=True
)
def load_sequences_parquet(
    path: str | os.PathLike,
    *,
    sequence: str = "sequence",
    step: str = "step",
    time: str | Sequence[str] | None = None,
    label: str = "label",
    features: Sequence[str] | None = None,
    features_are: str = "numbers",
    labels_are: str = "symbols",
    framing: str = "last",
    fill_value: Any = None,
    frequency: str | None = INFER,
    date_format: str | None = None,
    missing: str = "refuse",
    doubled: str = "refuse",
) -> Bunch:
    r"""Read labelled sequences from a Parquet file, a row per time step.

    Needs pyarrow: ``pip install "skseq[parquet]"``.

    Parameters
    ----------
    path : str or path-like
        The file.
    sequence, step, time, label, features, features_are, labels_are : object
        The columns and how to read them, as in :func:`sequences_from_frame`.
    framing, fill_value, frequency, date_format, missing, doubled : object
        What becomes of the rows, as in :func:`sequences_from_frame`.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        ``X``, ``y``, ``sequences`` and ``feature_names``, as of
        :func:`sequences_from_frame`.

    Raises
    ------
    ValueError
        As :func:`sequences_from_frame`. Rows are counted from 0.
    ImportError
        If pyarrow is not installed.
    OSError
        If the file cannot be opened.

    See Also
    --------
    sequences_from_frame : The same from a table that is read already.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import pandas as pd
    >>> from skseq.datasets import load_sequences_parquet, sequences_from_frame
    >>> table = pd.DataFrame({
    ...     "sequence": ["a", "a"], "step": [1, 2], "height": [0.1, 0.7],
    ...     "label": ["rise", "rise"],
    ... })
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "gestures.parquet")
    ...     try:
    ...         table.to_parquet(path)
    ...         data = load_sequences_parquet(path)
    ...     except ImportError:  # without pyarrow
    ...         data = sequences_from_frame(table)
    >>> data.X.tolist(), data.y.tolist()
    ([[0.1, 0.7]], ['rise'])
    """
    settings = dict(locals())
    return _sequences(Table.of_parquet(settings.pop("path")), **settings)


def _sequences(
    table: Table,
    *,
    sequence: str,
    step: str,
    time: str | Sequence[str] | None,
    label: str,
    features: Sequence[str] | None,
    features_are: str,
    labels_are: str,
    framing: str,
    fill_value: Any,
    **dates: Any,
) -> Bunch:
    rules = Rules(**dates)
    offset = rules.offset()
    order = [step] if time is None else [time] if isinstance(time, str) else [*time]
    if len(order) not in (1, 2):
        raise ValueError(f"time must name one column or two; got {order}.")
    roles = [sequence, *order, label]
    if features is None:
        features = [name for name in table.header if name not in roles]
    features = list(features)
    _check_roles(roles, features)
    fills = rules.missing != "refuse"
    symbols = features_are == "symbols"
    if (symbols and "interpolate" in dates.values()) or (
        symbols and "mean" in dates.values()
    ):
        raise ValueError(
            "missing='interpolate' and doubled='mean' need numbers, but "
            "features_are='symbols'; use 'forward', 'first' or 'last'."
        )
    table.require([*roles, *features])
    names = table.cells(sequence)
    rows = _rows_of(names)
    if time is None:
        found = _in_order(table, rows, table.numbers(step), step)
    else:
        found = _by_date(table, rows, order, rules, offset)
    columns = [_column(table, name, symbols, fills) for name in features]
    labels = _column(
        table, label, labels_are == "symbols", fills and framing == "per_step"
    )
    if framing == "last":
        _check_one_label(table, rows, labels)
    if fill_value is None:
        _check_one_length(table, {name: len(at) for name, at in found.items()})
    table.finish()
    parts = {
        name: [filled(column, at, rules) for column in columns]
        for name, at in found.items()
    }
    _check_filled(table, features, parts, found, rules)
    X = _joined([np.array(part).T for part in parts.values()], fill_value)
    if framing == "last":
        y = np.array([labels[members[-1]] for members in rows.values()])
    else:
        known = Rules(None, None, "nan", _first_of(rules.doubled))
        y = _joined([filled(labels, at, known) for at in found.values()], fill_value)
    return Bunch(
        X=X[:, :, 0] if len(features) == 1 else X,
        y=y,
        sequences=np.array(list(rows)),
        feature_names=features,
    )


def _first_of(doubled: str) -> str:
    """Labels have no mean."""
    return "first" if doubled == "mean" else doubled


def _check_roles(roles: list[str], features: list[str]) -> None:
    if not features:
        raise ValueError("features must name at least one column; got none.")
    named = [*roles, *features]
    repeated = sorted({name for name in named if named.count(name) > 1})
    if repeated:
        raise ValueError(
            "sequence, step, time, label and features must name different columns; "
            f"{', '.join(map(repr, repeated))} is named more than once."
        )


def _rows_of(names: list[Any]) -> dict[Any, np.ndarray]:
    rows: dict[Any, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return {name: np.array(members) for name, members in rows.items()}


def _column(table: Table, name: str, symbols: bool, missing: bool) -> np.ndarray:
    if not symbols:
        return table.numbers(name, missing=missing)
    cells = table.cells(name, missing=missing)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _joined(parts: list[np.ndarray], fill_value: Any) -> np.ndarray:
    """Make one array, symbols of one kind in that kind."""
    if parts[0].dtype == object:
        plain = [np.array(part.tolist()) for part in parts]
        if all(part.dtype.kind in "biufU" for part in plain):
            parts = plain
    if fill_value is None:
        return np.stack(parts)
    return pad_sequences(parts, fill_value=fill_value)


def _in_order(
    table: Table, rows: dict[Any, np.ndarray], steps: np.ndarray, step: str
) -> dict[Any, list[np.ndarray]]:
    """Return the rows of each sequence, one after the other by their steps."""
    found = {}
    for name, members in rows.items():
        members = members[np.argsort(steps[members], kind="stable")]
        for earlier, later in pairwise(members):
            if steps[earlier] == steps[later]:
                table.problems.append(
                    f"{table.places[later]}: sequence {name!r} has {step} "
                    f"{steps[later]:g} already on {table.places[earlier]}"
                )
        found[name] = [members[i : i + 1] for i in range(len(members))]
    return found


def _by_date(
    table: Table,
    rows: dict[Any, np.ndarray],
    columns: list[str],
    rules: Rules,
    offset: Any,
) -> dict[Any, list[np.ndarray]]:
    """Return the rows at each date of each sequence."""
    texts, times = times_of(table, columns, rules, named=False)
    table.finish()
    if offset is None and rules.frequency == INFER:
        longest = max(rows.values(), key=len)
        offset = fitting(times[longest])
    return {
        name: steps_of(
            table, members, times, texts, rules, offset, f"sequence {name!r}: "
        )[1]
        for name, members in rows.items()
    }


def _check_one_label(
    table: Table, rows: dict[Any, np.ndarray], labels: np.ndarray
) -> None:
    for name, members in rows.items():
        found = list(dict.fromkeys(labels[members].tolist()))
        if len(found) > 1:
            table.problems.append(
                f"{table.places[members[0]]}: sequence {name!r} has the labels "
                f"{', '.join(map(repr, found))}, but framing='last' needs one"
            )


def _check_one_length(table: Table, lengths: dict[Any, int]) -> None:
    short, long = min(lengths, key=lengths.get), max(lengths, key=lengths.get)
    if lengths[short] != lengths[long]:
        table.problems.append(
            f"sequences have from {lengths[short]} ({short!r}) to {lengths[long]} "
            f"({long!r}) steps; give a fill_value to pad them"
        )


def _check_filled(
    table: Table,
    features: list[str],
    parts: dict[Any, list[np.ndarray]],
    found: dict[Any, list[np.ndarray]],
    rules: Rules,
) -> None:
    for name, columns in parts.items():
        who = f"sequence {name!r}: "
        check_filled(table, features, columns, found[name], rules, who)
    table.finish()
