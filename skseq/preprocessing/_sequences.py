"""What all transformers of sequences share: checks of what comes in, padding."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse
from sklearn.base import (
    BaseEstimator,
)
from sklearn.utils import assert_all_finite, check_array
from sklearn.utils.validation import _check_feature_names, validate_data

from skseq._lists import joined, padded, parted, place_of, rows_of
from skseq._memory import refuse_beyond_memory
from skseq._symbols import as_symbols, common_dtype, is_missing


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


def is_ragged(X: Any) -> bool:
    """Tell whether X is a list of sequences of more than one length."""
    rows = rows_of(X) or []
    return (
        len({row.shape[0] if hasattr(row, "shape") else len(row) for row in rows}) > 1
    )


def n_dimensions(X: Any) -> int:
    """Count the dimensions of array-like input without reading a table's values."""
    shape = getattr(X, "shape", None)
    return len(shape) if shape is not None else np.asarray(X).ndim


def check_elements(
    X: np.ndarray,
    name: str,
    *,
    allow_missing: bool = False,
    lengths: np.ndarray | None = None,
) -> None:
    """Refuse missing and infinite values, and objects that cannot be symbols.

    Where `lengths` are given, X is sequences of so many steps one after the other.
    """
    if X.dtype != object:
        assert_all_finite(X, allow_nan=allow_missing, input_name=name)
        return
    # scikit-learn's own check of objects knows neither None nor pandas.NA.
    for position, value in np.ndenumerate(X):
        at = position if lengths is None else place_of(position[0], lengths)
        place = f"row {at[0]}, step {at[1]}" if len(at) > 1 else at[0]
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
    leaves the number of steps free: after a fit to one of one feature, a
    two-dimensional X is the same without its last axis.
    """
    X = as_symbols(X)
    options: dict[str, Any] = {"dtype": None, "ensure_all_finite": False}
    ndim = n_dimensions(X)
    if ndim == 2 and not reset and _takes_any_length(estimator):
        X = check_array(X, **options)[:, :, None]
    elif ndim != 3:
        X = validate_data(estimator, X, reset=reset, **options)
        if reset:
            estimator.__dict__.pop("_per_step", None)
    else:
        X = check_array(X, allow_nd=True, **options)
        check_last_axis(estimator, X, reset=reset)
    check_elements(X, "X", allow_missing=allow_missing)
    return X


def _takes_any_length(estimator: BaseEstimator) -> bool:
    return getattr(estimator, "_per_step", False) and estimator.n_features_in_ == 1


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


def check_list(
    estimator: BaseEstimator, rows: list[Any], *, reset: bool
) -> list[np.ndarray]:
    """Validate a list of ``(t_i,)`` or ``(t_i, f)`` sequences, missing values allowed.

    `n_features_in_` is the number of features per step, 1 where they have no axis.
    """
    steps, lengths = joined(rows, "X")
    if issparse(steps):
        raise ValueError(
            f"X holds sparse sequences, which {type(estimator).__name__} does not "
            "take; give arrays."
        )
    check_elements(steps, "X", allow_missing=True, lengths=lengths)
    check_last_axis(estimator, steps.reshape(1, len(steps), -1), reset=reset)
    if getattr(estimator, "_per_step", False):
        # Of a table of two dimensions names are those of steps.
        _check_feature_names(estimator, rows[0], reset=reset)
    return list(parted(steps, lengths))


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
    skseq.OneHotSequence : Encodes padding as steps of zeros.

    Examples
    --------
    >>> from skseq.preprocessing import pad_sequences
    >>> pad_sequences([[3, 0, 3], [4, 0, 1, 2, 4]], fill_value=-1)
    array([[ 3,  0,  3, -1, -1],
           [ 4,  0,  1,  2,  4]])
    """
    if not isinstance(sequences, Iterable):
        raise ValueError(f"sequences must be a list of sequences; got {sequences!r}.")
    steps, lengths = joined(list(sequences), "sequences")
    # The fill among the steps, which must not change what they are.
    dtype = common_dtype([steps], fill_value)
    shape = (len(lengths), lengths.max(), *steps.shape[1:])
    refuse_beyond_memory(shape, dtype, "the length of the longest sequence")
    return padded(steps.astype(dtype), lengths, fill_value)


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
