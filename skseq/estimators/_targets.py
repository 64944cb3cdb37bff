"""Targets: users see labels and shapes as they gave them, networks see codes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array

from skseq.estimators._inputs import check_same_rows, is_missing, said_of

__all__ = [
    "Layout",
    "as_numbers",
    "cast_numbers",
    "check_classes",
    "check_labels",
    "encode",
    "layout_after",
    "layout_of",
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


def check_labels(y, n_rows: int) -> np.ndarray:
    """Check labels of shape (n,) or (n, k), of any kind that sorts.

    Parameters
    ----------
    y : array-like
        Labels.
    n_rows : int
        Rows of X.

    Returns
    -------
    ndarray
    """
    y = _labels(y)
    if y.ndim not in (1, 2) or 0 in y.shape:
        raise ValueError(
            f"y has shape {y.shape}; labels are (n_sequences,), "
            "(n_sequences, n_timesteps) or (n_sequences, n_outputs)."
        )
    check_same_rows(n_rows, len(y))
    return y


def as_numbers(y, n_rows: int) -> np.ndarray:
    """Check numeric targets of shape (n,), (n, k) or (n, t, k); NaN may be there yet.

    Parameters
    ----------
    y : array-like
        Targets.
    n_rows : int
        Rows of X.

    Returns
    -------
    ndarray of float
    """
    with said_of("y", "Labels are for StatefulLSTMClassifier."):
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
    check_same_rows(n_rows, len(y))
    return y


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
    classes = _labels(classes, "classes")
    if classes.ndim != 1 or not len(classes):
        raise ValueError(
            f"classes has shape {classes.shape}; a list of at least one label is "
            "required."
        )
    return np.unique(classes)


def _labels(y, name: str = "y") -> np.ndarray:
    with said_of(name):
        array = np.asarray(y)
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array of labels, got {type(y).__name__}.")
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
