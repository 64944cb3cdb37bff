"""Readers of labelled sequences in long tables: a row per step.

Every problem of a table is collected, each with its place, and raised in one error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sklearn.utils import Bunch
from sklearn.utils._param_validation import HasMethods, StrOptions, validate_params

from skseq.datasets._long import sequences_of
from skseq.datasets._tables import Table
from skseq.datasets._times import CONSTRAINTS, INFER

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
    return sequences_of(Table.of_frame(settings.pop("frame")), **settings)


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
    return sequences_of(Table.of_csv(*source), **settings)


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
    return sequences_of(Table.of_parquet(settings.pop("path")), **settings)
