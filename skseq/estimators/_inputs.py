"""From what users hand in to checked arrays; every problem in one error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    _check_sample_weight,
    check_array,
)

from skseq._sequences import Sequences, is_padding
from skseq.training.schedule import group_starts

__all__ = [
    "check_groups",
    "check_same_rows",
    "check_weights",
    "is_missing",
    "read_prefix",
    "read_sequences",
    "required",
    "said_of",
    "take_rows",
]


def read_sequences(estimator, X, *, reset: bool) -> Sequences:
    """Check sequences, and take their real steps.

    Parameters
    ----------
    estimator : estimator
        Whose ``n_features_in_`` and ``feature_names_in_`` are set, or held to.
    X : array-like of shape (n, t) or (n, t, f)
        Sequences; of one feature per step where two-dimensional.
    reset : bool
        Whether this is a first fit.

    Returns
    -------
    Sequences
        In the dtype that weights have, or will have.

    Raises
    ------
    ValueError
        As `check_sequences` and `real_steps` say.
    """
    # Weights keep their precision, whatever is set after a fit.
    learnt = None if reset else vars(estimator).get("_learnt")
    dtype = estimator.dtype if learnt is None else learnt.network.dtype
    X = check_sequences(estimator, X, dtype, reset=reset)
    return Sequences.of(X, real_steps(X, estimator.mask_value))


def required(estimator, y):
    """Refuse to go without targets."""
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is "
            "None."
        )
    return y


def check_same_rows(n_rows: int, n_targets: int) -> None:
    """Refuse targets that are not one for each sequence."""
    if n_targets != n_rows:
        raise ValueError(
            "Found input variables with inconsistent numbers of samples: "
            f"{[n_rows, n_targets]}; X and y must have a row for each sequence."
        )


def take_rows(y, rows: np.ndarray, n_rows: int):
    """Some of the rows of targets that are not checked yet, of so many."""
    with said_of("y"):
        array = np.asarray(y)
    if array.ndim == 0:
        return y
    check_same_rows(n_rows, len(array))
    return array[rows]


def read_prefix(prefix, dtype: str) -> np.ndarray:
    """Check how a sequence begins.

    Parameters
    ----------
    prefix : array-like of shape (n_timesteps,) or (n_timesteps, n_features)
    dtype : str

    Returns
    -------
    ndarray
    """
    with said_of("prefix"), np.errstate(over="ignore"):
        prefix = np.asarray(prefix, dtype=dtype)
    if prefix.ndim not in (1, 2) or len(prefix) == 0:
        raise ValueError(
            "prefix must have shape (n_timesteps,) or (n_timesteps, n_features) with "
            f"at least one step, got {prefix.shape}."
        )
    return prefix


def check_sequences(estimator, X, dtype: str, *, reset: bool) -> np.ndarray:
    """Check sequences and give them their third axis.

    Parameters
    ----------
    estimator : estimator
        Whose ``n_features_in_`` and ``feature_names_in_`` are set, or held to.
    X : array-like of shape (n, t) or (n, t, f)
        Sequences; of one feature per step where two-dimensional.
    dtype : {"float32", "float64"}
        Of what is given back.
    reset : bool
        Whether this is a first fit.

    Returns
    -------
    ndarray of shape (n, t, f)

    Raises
    ------
    ValueError
        If they are not numbers, not finite, empty, of other dimensions, or not
        of the features seen in fit.
    """
    mask_value = estimator.mask_value
    missing_ok = mask_value is not None and np.isnan(mask_value)
    raw = X
    with said_of("X", "Symbols become numbers with OneHotSequence."):
        X = check_array(
            X,
            dtype=[np.float64, np.float32],
            allow_nd=True,
            ensure_all_finite="allow-nan" if missing_ok else True,
            estimator=estimator,
            input_name="X",
        )
    if X.ndim > 3:
        raise ValueError(
            f"X has {X.ndim} dimensions, shape {X.shape}; "
            f"{type(estimator).__name__} takes (n_sequences, n_timesteps) or "
            "(n_sequences, n_timesteps, n_features)."
        )
    if 0 in X.shape:
        raise ValueError(
            f"X has shape {X.shape}; at least one sequence, one time step and one "
            "feature are required."
        )
    if X.ndim == 2:
        _check_table(estimator, raw, X, reset)
        X = X[:, :, None]
    else:
        _check_channels(estimator, X, reset)
    return _cast(X, dtype)


def check_groups(groups, n_rows: int) -> np.ndarray:
    """Check that there is a label for each row, and that groups are runs of rows.

    Parameters
    ----------
    groups : array-like of shape (n_rows,)
        Consecutive rows with equal labels continue each other.
    n_rows : int
        Rows of X.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there is not one label a row, or a group comes in two places.
    """
    groups = np.asarray(groups)
    if groups.shape == (n_rows, 1):
        groups = groups[:, 0]
    if groups.ndim != 1:
        raise ValueError(
            f"groups has shape {groups.shape}; one label a row, shape ({n_rows},), is "
            "required."
        )
    if len(groups) != n_rows:
        raise ValueError(
            f"groups has {len(groups)} labels but X has {n_rows} rows; "
            "one label a row is required."
        )
    labels = groups.tolist()
    missing = [row for row, label in enumerate(labels) if is_missing(label)]
    if missing:
        raise ValueError(
            f"groups has no label for {len(missing)} of {n_rows} rows, the first at "
            f"row {missing[0]} ({labels[missing[0]]}); one label a row is required."
        )
    kinds = sorted({type(label).__name__ for label in labels})
    if groups.dtype == object and len(kinds) > 1:
        raise ValueError(f"groups has labels of the kinds {kinds}; use one kind.")
    starts = groups[group_starts(groups)[:, 0]].tolist()
    if len(set(starts)) < len(starts):
        twice = next(label for label, n in Counter(starts).items() if n > 1)
        raise ValueError(
            f"The rows of group {twice!r} are not consecutive; rows of a group "
            "continue each other, so sort X, y and groups by group first."
        )
    return groups


def is_missing(label) -> bool:
    """Whether a label is None or not equal to itself."""
    return label is None or bool(label != label)


@contextmanager
def said_of(name: str, way_out: str = "") -> Iterator[None]:
    """Let NumPy's complaints say whose array it is, and the way out.

    Parameters
    ----------
    name : str
        The argument.
    way_out : str, default=""
        What to do where it holds no numbers.
    """
    try:
        yield
    except OverflowError as error:
        raise ValueError(
            f"{name} must hold numbers: {error}. {way_out}".rstrip()
        ) from error
    except (TypeError, ValueError) as error:
        text = str(error)
        if "setting an array element with a sequence" in text:
            raise ValueError(
                f"{name} has rows of different lengths. Fill them up with "
                "skseq.preprocessing.pad_sequences, and give its fill_value to "
                "mask_value, so that what was filled up counts for nothing."
            ) from error
        if "could not convert" in text or "argument must be a string" in text:
            raise type(error)(
                f"{name} must hold numbers: {text.rstrip('.')}. {way_out}".rstrip()
            ) from error
        raise


def check_weights(sample_weight, n_rows: int) -> np.ndarray | None:
    """Check weights of rows.

    Parameters
    ----------
    sample_weight : array-like of shape (n_rows,), float or None
        Not negative, and not all zero.
    n_rows : int
        Rows that they belong to.

    Returns
    -------
    ndarray of float64, shape (n_rows,), or None

    Raises
    ------
    ValueError
        If they are of another length, negative, not finite, or all zero.
    """
    if sample_weight is None:
        return None
    with said_of("sample_weight"):
        weights = _check_sample_weight(
            sample_weight,
            np.empty((n_rows, 1)),
            dtype=np.float64,
            ensure_non_negative=True,
        )
    if not weights.any():
        raise ValueError(
            "sample_weight is zero for every row; there is nothing to train on."
        )
    return weights


def real_steps(X: np.ndarray, mask_value: float | None) -> np.ndarray | None:
    """Which steps are not padding: those with a feature other than the value.

    Parameters
    ----------
    X : ndarray of shape (n, t, f)
    mask_value : float or None

    Returns
    -------
    ndarray of bool, shape (n, t), or None
        None where all steps are real.
    """
    if mask_value is None:
        return None
    real = ~is_padding(X, mask_value)
    if np.isnan(mask_value) and np.isnan(X[real]).any():
        raise ValueError(
            "X has steps in which some features are NaN and others are not; with "
            "mask_value=nan a step is padding only if all its features are NaN. "
            "Fill the others first, for example with SimpleImputer."
        )
    return None if real.all() else real


def _check_table(estimator, raw, X, reset):
    """Two dimensions: scikit-learn's own bookkeeping of columns applies."""
    if not reset and estimator._fitted_ndim == 3:
        if estimator.n_features_in_ != 1:
            raise ValueError(
                f"X has 2 dimensions, one feature per step, but "
                f"{type(estimator).__name__} is expecting "
                f"{estimator.n_features_in_} features per step: pass X of shape "
                f"(n_sequences, n_timesteps, {estimator.n_features_in_})."
            )
        return
    _check_feature_names(estimator, raw, reset=reset)
    _check_n_features(estimator, X, reset=reset)
    if reset:
        estimator._fitted_ndim = 2


def _check_channels(estimator, X, reset):
    """Three dimensions: features are the last axis, and lengths are free."""
    n_features = X.shape[2]
    if reset:
        estimator._fitted_ndim = 3
        estimator.n_features_in_ = n_features
        vars(estimator).pop("feature_names_in_", None)
        return
    ndim = estimator._fitted_ndim
    expected = 1 if ndim == 2 else estimator.n_features_in_
    if n_features != expected:
        raise ValueError(
            f"X has {n_features} features per step, but {type(estimator).__name__} "
            f"is expecting {expected} features per step as input."
        )


def _cast(X, dtype):
    """Cast; a number that does not fit is an error, not an infinity."""
    if X.dtype == dtype:
        return X
    with np.errstate(over="ignore"):
        cast = X.astype(dtype)
    overflown = np.isinf(cast)
    if overflown.any():
        worst = float(np.abs(X[overflown]).max())
        raise ValueError(
            f"X has values too large for dtype={dtype!r} (largest "
            f"{worst:g}); scale X, for example with StandardScaler, or use "
            "dtype='float64'."
        )
    return cast
