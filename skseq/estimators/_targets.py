"""Targets: users see labels and shapes as they gave them, networks see codes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array

from skseq._lists import rows_of
from skseq._sequences import Sequences
from skseq._symbols import as_symbols, is_missing
from skseq.estimators._beside import grid_of, is_of_real_steps, missing_in
from skseq.estimators._inputs import check_same_rows, said_of

__all__ = [
    "Layout",
    "as_labels",
    "as_numbers",
    "cast_numbers",
    "check_beside",
    "check_classes",
    "encode",
    "known_labels",
    "layout_after",
    "layout_of",
    "real_numbers",
]


@dataclass(frozen=True)
class Layout:
    """How targets lie beside sequences.

    Attributes
    ----------
    per_step : bool
        One target per time step; otherwise after the last.
    steps : int
        Targets of a row, where not per step.
    ndim : int
        Dimensions of y as given; predictions get them back.
    """

    per_step: bool
    steps: int
    ndim: int

    def __str__(self) -> str:
        axes = ["n", "n_timesteps" if self.per_step else str(self.steps), "k"]
        shape = f"({', '.join(axes[: self.ndim])}{',' * (self.ndim == 1)})"
        return f"{shape}, {self.meaning}"

    @property
    def meaning(self) -> str:
        """Which steps they belong to, in words."""
        return "one target per step" if self.per_step else "targets after the last step"


def layout_of(y: np.ndarray, n_timesteps: int, n_outputs: int | None) -> Layout:
    """Read the layout from the shape of y and from ``n_outputs``.

    ``(n,)`` is one target a row, ``(n, n_timesteps)`` one a step, and any other
    ``(n, k)`` is k after the last step.  Where k equals the number of time steps,
    ``n_outputs=k`` says that they come after the last step. A third axis holds the
    columns of each target.

    Parameters
    ----------
    y : ndarray
        Targets.
    n_timesteps : int
        Time steps of X.
    n_outputs : int or None
        The estimator's parameter.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If the two do not agree.
    """
    after = layout_after(y, n_outputs)
    per_step = y.ndim > 1 and after.steps == n_timesteps and n_outputs is None
    return replace(after, per_step=per_step)


def layout_after(y: np.ndarray, n_outputs: int | None) -> Layout:
    """Read the layout of targets that all come after the last step.

    Parameters
    ----------
    y : ndarray
        Targets.
    n_outputs : int or None
        The estimator's parameter.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If the two do not agree.
    """
    width = 1 if y.ndim == 1 else y.shape[1]
    if n_outputs not in (None, width):
        raise ValueError(
            f"n_outputs={n_outputs} but y has shape {y.shape}, {width} "
            "targets a row; leave n_outputs=None to read it from y."
        )
    return Layout(False, width, y.ndim)


def check_beside(layout: Layout, y, sequences: Sequences, *, told: bool) -> None:
    """Refuse to guess which steps targets belong to, where rows differ in length.

    Parameters
    ----------
    layout : Layout
        As it was read.
    y : array-like
        Targets as given.
    sequences : Sequences
    told : bool
        Whether something other than the shape of y says where they belong.

    Raises
    ------
    ValueError
        If targets per step are an array, whose columns might as well come after the
        last step, or others differ in number; or if a list has one for each real step
        of padded rows, of which all have as many.
    """
    rows = rows_of(y)
    listed = rows is not None or isinstance(y, (list, tuple))
    lengths = np.full(len(sequences), layout.steps)
    if (
        listed
        and not (told or layout.per_step or layout.ndim == 1)
        and is_of_real_steps(lengths, sequences)
    ):
        raise ValueError(
            f"y is a list of rows of {layout.steps}, and so many of the "
            f"{sequences.n_given} steps of each row of X are real. If there is one "
            "target per step, give y as an array, with anything at padding, or X as a "
            "list of arrays; if all come after the last step, set "
            f"n_outputs={layout.steps}."
        )
    uneven = rows is not None and len({len(row) for row in rows}) > 1
    if uneven and not layout.per_step:
        raise ValueError(
            "y has rows of different lengths, which are targets of each step, but "
            f"they were to be {layout.meaning}; leave n_outputs=None, with an "
            "estimator that answers each step."
        )
    if uneven or not (sequences.uneven and layout.per_step):
        return
    raise ValueError(
        f"y has {layout.steps} columns, and the longest of the rows of X, which differ "
        f"in length, has {sequences.n_given} steps. If there is one target per step, "
        "give y as a list of arrays, as X is; if all come after the last step, set "
        f"n_outputs={layout.steps}."
    )


def as_labels(y, sequences: Sequences, per_step: bool | None = None) -> np.ndarray:
    """Labels of shape (n,) or (n, k), of any kind; not looked at yet.

    Parameters
    ----------
    y : array-like, or list of array-like
        Labels.
    sequences : Sequences
    per_step : bool or None, default=None
        Whether it is known that there is one for each step.

    Returns
    -------
    ndarray
    """
    y = _as_array(grid_of(y, sequences, per_step=per_step), "y")
    if y.ndim not in (1, 2) or 0 in y.shape:
        raise ValueError(
            f"y has shape {y.shape}; labels are (n_sequences,), "
            "(n_sequences, n_timesteps) or (n_sequences, n_outputs)."
        )
    check_same_rows(len(sequences), len(y))
    return y


def known_labels(y: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Check labels that count; the others are as zeros.

    Parameters
    ----------
    y : ndarray
        Labels; where some are None, of the kind that the others have.
    counted : ndarray of bool, shape of y

    Returns
    -------
    ndarray
    """
    if counted.all():
        return _checked(y, "y")
    known = y[counted]
    if missing_in(y[~counted]).any():
        # Objects for the sake of what is missing; mixed kinds stay objects.
        known = np.asarray(as_symbols(known.tolist()))
    labels = np.zeros(y.shape, known.dtype)
    if len(known):
        labels[counted] = _checked(known, "y")
    return labels


def as_numbers(y, sequences: Sequences, per_step: bool | None = None) -> np.ndarray:
    """Check numeric targets of shape (n,), (n, k) or (n, t, k); NaN may be there yet.

    Parameters
    ----------
    y : array-like, or list of array-like
        Targets.
    sequences : Sequences
    per_step : bool or None, default=None
        Whether it is known that there is one for each step.

    Returns
    -------
    ndarray of float
    """
    with said_of("y", "Labels are for StatefulLSTMClassifier."):
        y = grid_of(y, sequences, per_step=per_step)
        if np.asarray(y).ndim == 0:
            raise ValueError(f"y must be an array of numbers, got {type(y).__name__}.")
        y = check_array(
            y,
            dtype=[np.float64, np.float32],
            ensure_2d=False,
            allow_nd=True,
            ensure_all_finite=False,
            input_name="y",
        )
    if y.ndim not in (1, 2, 3) or 0 in y.shape:
        raise ValueError(
            f"y has shape {y.shape}; targets are (n_sequences,), (n_sequences, "
            "n_timesteps), (n_sequences, n_outputs) or (n_sequences, n_timesteps, "
            "n_outputs)."
        )
    check_same_rows(len(sequences), len(y))
    return y


def real_numbers(y: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Which of the real steps have a target.

    Parameters
    ----------
    y : ndarray of shape (n, t) or (n, t, k)
        NaN where there is none.
    real : ndarray of bool, shape (n, t)

    Returns
    -------
    ndarray of bool, shape (n, t)

    Raises
    ------
    ValueError
        If a real step has some of its numbers.
    """
    missing = np.isnan(y).reshape(*y.shape[:2], -1)
    partly = missing.any(axis=2) & ~missing.all(axis=2) & real
    if partly.any():
        row, step = np.argwhere(partly)[0]
        raise ValueError(
            f"y is NaN in some of the columns at row {row}, step {step}, and not in "
            "others; a step without a target is NaN in all of them."
        )
    return real & ~missing.all(axis=2)


def cast_numbers(y: np.ndarray, dtype: str) -> np.ndarray:
    """Cast targets that count; one that is no number, or does not fit, is an error.

    Parameters
    ----------
    y : ndarray
        Zeros where none counts.
    dtype : str

    Returns
    -------
    ndarray
    """
    with said_of("y"):
        check_array(y, ensure_2d=False, allow_nd=True, input_name="y")
    with np.errstate(over="ignore"):
        cast = y.astype(dtype)
    if not np.isfinite(cast).all():
        raise ValueError(
            f"y has values too large for dtype={dtype!r}; scale them, for example "
            "with TransformedTargetRegressor, or use dtype='float64'."
        )
    return cast


def encode(y: np.ndarray, classes: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Turn labels into their places among the classes.

    Parameters
    ----------
    y : ndarray
        Labels.
    classes : ndarray
        Sorted labels that are known.
    counted : ndarray of bool, shape of y
        Labels that count; others (padding) become 0 whatever they are.

    Returns
    -------
    ndarray of int32

    Raises
    ------
    ValueError
        If a label that counts is none of the classes.
    """
    codes = np.zeros(y.shape, np.int32)
    found = np.searchsorted(classes, y[counted])
    found = np.minimum(found, len(classes) - 1)
    unknown = classes[found] != y[counted]
    if unknown.any():
        strange = np.unique(y[counted][unknown])[:5].tolist()
        raise ValueError(
            f"y contains labels not seen in the first fit: {strange}; "
            f"classes are {classes.tolist()[:10]}"
            f"{' …' if len(classes) > 10 else ''}."
        )
    codes[counted] = found
    return codes


def check_classes(classes) -> np.ndarray:
    """Check and sort the labels that ``partial_fit`` is told there will be.

    Parameters
    ----------
    classes : array-like of shape (n_classes,)

    Returns
    -------
    ndarray
        Each once.
    """
    classes = _checked(_as_array(classes, "classes"), "classes")
    if classes.ndim != 1 or not len(classes):
        raise ValueError(
            f"classes has shape {classes.shape}; a list of at least one label is "
            "required."
        )
    return np.unique(classes)


def _as_array(y, name: str) -> np.ndarray:
    with said_of(name):
        array = np.asarray(y)
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array of labels, got {type(y).__name__}.")
    return array


def _checked(array: np.ndarray, name: str) -> np.ndarray:
    if array.dtype.kind == "c":
        raise ValueError(f"{name} has complex labels; use strings or integers.")
    if array.dtype.kind == "f":
        check_array(array, ensure_2d=False, allow_nd=True, input_name=name)
        check_classification_targets(array.ravel())
    if array.dtype == object:
        _check_objects(array, name)
    return array


def _check_objects(labels: np.ndarray, name: str) -> None:
    """Refuse objects that cannot be sorted."""
    values = labels.ravel().tolist()
    kinds = sorted({type(value).__name__ for value in values})
    if len(kinds) > 1:
        raise ValueError(
            f"{name} has labels of kinds that cannot be sorted together: {kinds}; use "
            "labels of one kind."
        )
    try:
        missing = any(is_missing(value) for value in values)
        np.unique(labels)
    except (TypeError, ValueError):
        missing = False
        values = None
    if values is None or missing:
        raise ValueError(
            f"{name} has labels of kind {kinds[0]} that cannot be sorted; use strings "
            "or integers, and leave none missing."
        )
