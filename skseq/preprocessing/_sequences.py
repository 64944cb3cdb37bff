"""What all transformers of sequences share: checks of what comes in, padding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
)
from sklearn.utils import assert_all_finite, check_array
from sklearn.utils.validation import validate_data

from skseq._memory import refuse_beyond_memory


class ArrayOutputMixin:
    """Keep NumPy output where a container is asked for that could not hold it."""

    def set_output(self, *, transform: str | None = None) -> Self:
        """Accept a choice of output container and keep giving arrays.

        Steps of sequences have no place in a two-dimensional table, so the output
        is a NumPy array whatever is asked. The method exists so that
        ``Pipeline.set_output`` reaches the steps around this one.

        Parameters
        ----------
        transform : {"default", "pandas", "polars", None}, default=None
            The container asked for.

        Returns
        -------
        self : estimator
            The transformer, unchanged.

        Raises
        ------
        ValueError
            If `transform` is not a container that scikit-learn knows.
        """
        known = ("default", "pandas", "polars", None)
        if transform not in known:
            raise ValueError(
                f"transform must be one of {', '.join(map(repr, known))}; "
                f"got {transform!r}."
            )
        return self


def is_missing(value: Any) -> bool:
    """Tell whether a value is None, NaN or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA refuses to be true or false
        return type(value).__name__ == "NAType"


UNEVEN = (
    "Rows of different lengths make no array: fill them up with "
    "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its padding do "
    "so."
)


def is_ragged(X: Any) -> bool:
    """Tell whether X is a list of sequences of more than one length."""
    if not isinstance(X, (list, tuple)) or not X:
        return False
    if not all(isinstance(row, (list, tuple, np.ndarray)) for row in X):
        return False
    return len({len(row) for row in X}) > 1


def n_dimensions(X: Any) -> int:
    """Count the dimensions of array-like input without reading a table's values."""
    shape = getattr(X, "shape", None)
    return len(shape) if shape is not None else np.asarray(X).ndim


def as_symbols(X: Any) -> Any:
    """Return lists of mixed kinds as object arrays, which keeps 1 apart from "1"."""
    if hasattr(X, "shape") or hasattr(X, "__array__"):
        return X
    try:
        array = np.asarray(X)
    except ValueError as error:
        raise ValueError(UNEVEN) from error
    if array.dtype.kind == "U":
        mixed = np.asarray(X, dtype=object)
        if not all(isinstance(value, str) for value in mixed.ravel()):
            return mixed
    return array


def check_elements(X: np.ndarray, name: str, *, allow_missing: bool = False) -> None:
    """Refuse missing and infinite values, and objects that cannot be symbols."""
    if X.dtype != object:
        assert_all_finite(X, allow_nan=allow_missing, input_name=name)
        return
    # scikit-learn's own check of objects knows neither None nor pandas.NA.
    for position, value in np.ndenumerate(X):
        place = f"row {position[0]}, step {position[1]}" if X.ndim > 1 else position[0]
        try:
            hash(value)
        except TypeError:
            raise TypeError(
                f"Each symbol of the {name} argument must be hashable, such as a "
                f"string or a number; got {value!r} of type {type(value).__name__} at "
                f"{place}."
            ) from None
        if not allow_missing and is_missing(value):
            raise ValueError(
                f"Input {name} contains NaN or None at {place}. Fill it, or name it as "
                "padding: OneHotSequence(padding=numpy.nan)."
            )
        if isinstance(value, (float, np.floating)) and math.isinf(value):
            raise ValueError(f"Input {name} contains infinity at {place}.")


def check_sequences(
    estimator: BaseEstimator,
    X: Any,
    *,
    reset: bool,
    allow_missing: bool = False,
) -> np.ndarray:
    """Validate ``(n, t)`` or ``(n, t, f)`` values of any kind.

    `n_features_in_` is the number of columns of a two-dimensional X, as everywhere
    in scikit-learn, and the size of the last axis of a three-dimensional one, which
    leaves the number of steps free.
    """
    X = as_symbols(X)
    options: dict[str, Any] = {"dtype": None, "ensure_all_finite": False}
    if n_dimensions(X) != 3:
        X = validate_data(estimator, X, reset=reset, **options)
    else:
        X = check_array(X, allow_nd=True, **options)
        check_last_axis(estimator, X, reset=reset)
    check_elements(X, "X", allow_missing=allow_missing)
    return X


def check_last_axis(estimator: BaseEstimator, X: np.ndarray, *, reset: bool) -> None:
    if 0 in X.shape:
        raise ValueError(
            f"Found array with shape {X.shape}, while at least 1 step and 1 feature "
            "per step are required."
        )
    n_features = X.shape[2]
    if reset:
        estimator.n_features_in_ = n_features
        estimator.__dict__.pop("feature_names_in_", None)
        estimator._per_step = True
    elif getattr(estimator, "_per_step", False):
        if n_features != estimator.n_features_in_:
            raise ValueError(
                f"X has {n_features} features per step, but "
                f"{type(estimator).__name__} is expecting {estimator.n_features_in_}."
            )
    elif n_features != 1:
        raise ValueError(
            f"X has {n_features} features per step, but {type(estimator).__name__} "
            "was fitted on one value per step: pass (n_sequences, n_timesteps) or "
            "(n_sequences, n_timesteps, 1)."
        )


def is_list(X: Any) -> bool:
    """Tell whether X is a list of arrays, a sequence each, or rows of other lengths."""
    if not isinstance(X, (list, tuple)) or not X:
        return False
    return all(isinstance(row, np.ndarray) and row.ndim for row in X) or is_ragged(X)


def check_list(estimator: BaseEstimator, X: Any, *, reset: bool) -> list[np.ndarray]:
    """Validate a list of ``(t_i,)`` or ``(t_i, f)`` sequences, missing values allowed.

    `n_features_in_` is the number of features per step, 1 where they have no axis.
    """
    arrays = [np.asarray(as_symbols(row)) for row in X]
    check_shapes(arrays, "X")
    for row, array in enumerate(arrays):
        check_elements(array, f"X[{row}]", allow_missing=True)
    first = arrays[0].reshape(1, len(arrays[0]), -1)
    check_last_axis(estimator, first, reset=reset)
    return arrays


def check_shapes(arrays: Sequence[np.ndarray], name: str) -> None:
    """Refuse sequences that are empty, or not alike in the features of a step."""
    shapes = [array.shape for array in arrays]
    if not arrays or any(0 in shape or len(shape) not in (1, 2) for shape in shapes):
        raise ValueError(
            f"{name} must hold at least one sequence, each of shape (n_timesteps,) "
            f"or (n_timesteps, n_features) with no empty axis; got shapes {shapes}."
        )
    if len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(
            "All sequences must have the same number of features per step; got shapes "
            f"{shapes}."
        )


def pad_sequences(
    sequences: Iterable[npt.ArrayLike], *, fill_value: Any = np.nan
) -> np.ndarray:
    """Pad sequences of different lengths at their ends to one array.

    The fill marks steps that do not exist. Give the same value to `mask_value` of an
    estimator, or to `padding` of `OneHotSequence`, and they are skipped.

    Parameters
    ----------
    sequences : iterable of array-like of shape (n_timesteps,) or \
            (n_timesteps, n_features)
        The sequences; all have the same number of features.
    fill_value : object, default=nan
        What stands at the steps that a sequence does not have.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps) or \
            (n_sequences, n_timesteps, n_features)
        Every sequence from its first step on, then the fill up to the longest.

    Raises
    ------
    ValueError
        If there is no sequence, one is empty, or their features differ.

    See Also
    --------
    OneHotSequence : Encodes padding as steps of zeros.

    Examples
    --------
    >>> from skseq.preprocessing import pad_sequences
    >>> pad_sequences([[3, 0, 3], [4, 0, 1, 2, 4]], fill_value=-1)
    array([[ 3,  0,  3, -1, -1],
           [ 4,  0,  1,  2,  4]])
    """
    if not isinstance(sequences, Iterable):
        raise ValueError(f"sequences must be a list of sequences; got {sequences!r}.")
    arrays = [np.asarray(as_symbols(sequence)) for sequence in sequences]
    check_shapes(arrays, "sequences")
    shapes = [array.shape for array in arrays]
    longest = max(shape[0] for shape in shapes)
    shape = (len(arrays), longest, *shapes[0][1:])
    dtype = common_dtype(arrays, fill_value)
    refuse_beyond_memory(shape, dtype, "the length of the longest sequence")
    padded = np.full(shape, fill_value, dtype=dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded


def common_dtype(arrays: Sequence[np.ndarray], fill_value: Any) -> np.dtype:
    """Find a dtype that holds the arrays and the fill without changing either."""
    kinds = {array.dtype.kind for array in arrays}
    fill = np.asarray(fill_value)
    if kinds | {fill.dtype.kind} <= set("biuf"):
        values = np.result_type(*arrays)
        if values.kind != "f" and fill.dtype.kind == "f":
            return np.dtype(np.float64)
        # The least type of a scalar: -1 among unsigned numbers makes them signed, and
        # nan among single precision leaves it.
        return np.result_type(values, np.min_scalar_type(fill_value))
    if kinds | {fill.dtype.kind} == {"U"}:
        return np.result_type(*arrays, fill)
    return np.dtype(object)


def some(values: list, limit: int = 10) -> str:
    """Write out a list, shortened where it would flood a message."""
    shown = ", ".join(map(repr, values[:limit]))
    more = f", … ({len(values)} in all)" if len(values) > limit else ""
    return f"[{shown}{more}]"


def check_values(values: Any, name: str) -> np.ndarray:
    """Validate a series or sequences of any kind, of one to three dimensions."""
    values = as_symbols(values)
    if n_dimensions(values) == 0:
        raise ValueError(f"{name} must hold sequences or a series; got {values!r:.80}.")
    array = check_array(
        values,
        dtype=None,
        ensure_2d=False,
        allow_nd=True,
        ensure_all_finite=False,
        input_name=name,
    )
    if array.ndim not in (1, 2, 3) or 0 in array.shape:
        raise ValueError(
            f"{name} must be (n_timesteps,), (n_sequences, n_timesteps) or "
            f"(n_sequences, n_timesteps, n_features) with no empty axis; got shape "
            f"{array.shape}."
        )
    check_elements(array, name)
    return array
