"""From what users hand in to checked arrays; every problem in one error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    check_array,
)

from skseq._lists import codes_of, joined, padded, place_of, rows_of
from skseq._sequences import Sequences, is_padding
from skseq._symbols import is_missing
from skseq.training.schedule import group_starts

__all__ = [
    "check_groups",
    "check_same_rows",
    "check_symbols",
    "read_prefix",
    "read_sequences",
    "required",
    "said_of",
]


def read_sequences(estimator, X, *, reset: bool) -> Sequences:
    """Check sequences, and take their real steps.

    Parameters
    ----------
    estimator : estimator
        Whose ``n_features_in_`` and ``feature_names_in_`` are set, or held to.
    X : array-like of shape (n, t) or (n, t, f), or list of (t_i,) or (t_i, f)
        Sequences; of one feature per step where that axis is missing.
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
    rows = rows_of(X)
    if rows is not None:
        return _read_list(estimator, rows, dtype, reset=reset)
    X = check_sequences(estimator, X, dtype, reset=reset)
    return Sequences.of(X, real_steps(X, estimator.mask_value))


def _read_list(estimator, rows, dtype, *, reset) -> Sequences:
    """Check a list of sequences; what it is filled up with is no step of it."""
    steps, lengths = joined(rows, "X")
    if issparse(steps):
        return _read_symbols(estimator, steps, lengths, reset=reset)
    steps = steps[:, None] if steps.ndim == 1 else steps
    steps = _check_numbers(estimator, steps, lengths)
    _check_channels(estimator, steps, reset)
    if estimator._fitted_ndim == 3:
        # Of a table of two dimensions names are those of steps.
        _check_feature_names(estimator, rows[0], reset=reset)
    steps = _cast(steps, dtype)
    real = real_steps(steps[None], estimator.mask_value)
    real = np.ones(len(steps), bool) if real is None else real[0]
    return Sequences.of(
        padded(steps, lengths, 0), padded(real, lengths, False), lengths
    )


def _read_symbols(estimator, steps, lengths, *, reset) -> Sequences:
    """Read sparse one-hot steps, which stay symbols."""
    _check_channels(estimator, steps, reset)
    codes = codes_of(steps)
    if codes is None:
        raise ValueError(
            "X has sparse steps that are not one-hot, as those of "
            "OneHotSequence(sparse_output=True) are; give other features as arrays."
        )
    real = np.ones(len(codes), bool)
    if estimator.mask_value == 0:
        real = codes >= 0
    return Sequences.of(
        padded(codes[:, None], lengths, 0),
        padded(real, lengths, False),
        lengths,
        steps.shape[1],
    )


def check_symbols(sequences: Sequences) -> None:
    """Refuse to learn from sparse steps without a symbol, which no lookup finds."""
    if sequences.n_symbols is None:
        return
    real = np.arange(sequences.values.shape[1]) < sequences.lengths[:, None]
    without = np.argwhere(real & (sequences.values[:, :, 0] < 0))
    if len(without):
        row, step = without[0]
        raise ValueError(
            f"X has sparse steps without a symbol, the first at row {row}, step "
            f"{step}, from which nothing can be learnt; set mask_value=0 to skip them."
        )


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
    raw = X
    X = _check_numbers(estimator, X)
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
                f"{name} is no array: some of its rows are sequences, others are not, "
                "or they are of different lengths."
            ) from error
        if "could not convert" in text or "argument must be a string" in text:
            raise type(error)(
                f"{name} must hold numbers: {text.rstrip('.')}. {way_out}".rstrip()
            ) from error
        raise


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


def _check_numbers(estimator, X, lengths=None) -> np.ndarray:
    """An array of finite numbers, NaN among them where it is padding.

    Where `lengths` are given, X is steps of rows of so many, one after the other.
    """
    with said_of("X", "Symbols become numbers with OneHotSequence."):
        X = check_array(
            X,
            dtype=[np.float64, np.float32],
            allow_nd=True,
            ensure_all_finite="allow-nan",
            estimator=estimator,
            input_name="X",
        )
    mask_value = estimator.mask_value
    if mask_value is not None and np.isnan(mask_value):
        return X
    missing = np.isnan(X)
    if missing.any():
        row, step = np.argwhere(missing)[0][:2]
        if lengths is not None:
            row, step = place_of(row, lengths)
        raise ValueError(
            f"Input X contains NaN, first at row {row}, step {step}. If NaN fills up "
            "sequences, as skseq.preprocessing.pad_sequences does, set mask_value=nan; "
            "otherwise fill it, for example with SimpleImputer."
        )
    return X


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
    """Lists and three dimensions: features are the last axis, lengths are free."""
    n_features = X.shape[-1]
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
