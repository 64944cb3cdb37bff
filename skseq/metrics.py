"""Scores of sequences, what chance alone would score, and how sure a rate is."""

from __future__ import annotations

import math
from numbers import Integral, Real
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import root_mean_squared_error
from sklearn.utils._param_validation import Interval, StrOptions, validate_params

from skseq._lists import joined, padded, rows_of
from skseq._step_scores import step_scorer
from skseq._symbols import check_comparable

__all__ = [
    "chance_level",
    "memoryless_accuracy",
    "rounded_accuracy",
    "root_mean_squared_error",
    "sequence_accuracy",
    "step_scorer",
    "token_accuracy",
    "wilson_interval",
]


def _check_pair(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, padding: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return true and predicted values, a row per sequence, and which of them count."""
    if rows_of(y_true) is None and rows_of(y_pred) is None:
        true, pred = np.asarray(y_true), np.asarray(y_pred)
        if true.shape != pred.shape or not true.ndim or 0 in true.shape:
            raise ValueError(
                "y_true and y_pred must have the same shape, a row per sequence, and "
                f"not be empty; got {true.shape} and {pred.shape}."
            )
        true, pred = true.reshape(len(true), -1), pred.reshape(len(pred), -1)
        counts = np.ones(true.shape, bool)
    else:
        true, pred, counts = _lists_as_tables(y_true, y_pred)
    check_comparable(true, pred, ("y_true", "y_pred"))
    if padding is not None:
        # NaN is no number's equal, its own neither.
        counts = counts & (true == true if padding != padding else true != padding)
    if not counts.any(axis=1).all():
        raise ValueError(
            f"y_true has rows of nothing but padding={padding!r}, which cannot be "
            "scored; leave them out."
        )
    return true, pred, counts


def _lists_as_tables(
    y_true: Any, y_pred: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return lists as tables, filled up at the ends of rows, and what is no filling."""
    if not all(hasattr(y, "__len__") for y in (y_true, y_pred)):
        kinds = " and ".join(type(y).__name__ for y in (y_true, y_pred))
        raise ValueError(
            f"y_true and y_pred must have a row per sequence; got {kinds}."
        )
    true, lengths = joined(list(y_true), "y_true")
    pred, own = joined(list(y_pred), "y_pred")
    if len(lengths) != len(own) or true.shape[1:] != pred.shape[1:]:
        raise ValueError(
            "y_true and y_pred must have the same shape, a row per sequence; got "
            f"{len(lengths)} and {len(own)} rows, of values of shape {true.shape[1:]} "
            f"and {pred.shape[1:]}."
        )
    if (lengths != own).any():
        row = int(np.argmax(lengths != own))
        raise ValueError(
            "y_true and y_pred must have rows of the same lengths; row "
            f"{row} has {lengths[row]} true and {own[row]} predicted values."
        )
    tables = [padded(values, lengths, values.flat[0]) for values in (true, pred)]
    counts = np.arange(lengths.max()) < lengths[:, None]
    width = tables[0][0, 0].size
    true, pred = (table.reshape(len(table), -1) for table in tables)
    return true, pred, np.repeat(counts, width, axis=1)


def sequence_accuracy(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, *, padding: Any = None
) -> float:
    """Return the share of sequences that are right in every position.

    Parameters
    ----------
    y_true : array-like of shape (n_sequences,) or (n_sequences, n_outputs, ...), or \
            list of array-like of shape (n_outputs_i, ...)
        True values.
    y_pred : array-like of the shape of `y_true`, or list
        Predicted values.
    padding : object, default=None
        Positions where `y_true` holds this do not count. None counts them all.

    Returns
    -------
    accuracy : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If shapes differ or nothing is given.

    See Also
    --------
    token_accuracy : The share of single values that are right.

    Examples
    --------
    >>> from skseq.metrics import sequence_accuracy
    >>> sequence_accuracy([[1, 2], [3, 4]], [[1, 2], [3, 0]])
    0.5
    """
    true, pred, counts = _check_pair(y_true, y_pred, padding)
    return float(((true == pred) | ~counts).all(axis=1).mean())


def token_accuracy(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, *, padding: Any = None
) -> float:
    """Return the share of single values that are right.

    Parameters
    ----------
    y_true : array-like of shape (n_sequences,) or (n_sequences, n_outputs, ...), or \
            list of array-like of shape (n_outputs_i, ...)
        True values.
    y_pred : array-like of the shape of `y_true`, or list
        Predicted values.
    padding : object, default=None
        Positions where `y_true` holds this do not count. None counts them all.

    Returns
    -------
    accuracy : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If shapes differ or nothing is given.

    See Also
    --------
    sequence_accuracy : The share of sequences right in every position.

    Examples
    --------
    >>> from skseq.metrics import token_accuracy
    >>> token_accuracy([[1, 2], [3, 4]], [[1, 2], [3, 0]])
    0.75

    Sequences of different lengths:

    >>> token_accuracy([[1, 2, 3], [4]], [[1, 2, 0], [4]])
    0.75
    """
    true, pred, counts = _check_pair(y_true, y_pred, padding)
    return float((true == pred)[counts].mean())


def rounded_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
    """Return the share of whole numbers that predictions round to.

    Parameters
    ----------
    y_true : array-like of shape (n_sequences,) or (n_sequences, n_outputs, ...), or \
            list of array-like of shape (n_outputs_i, ...)
        True values, whole numbers.
    y_pred : array-like of the shape of `y_true`, or list
        Predicted values, of any precision.

    Returns
    -------
    accuracy : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If shapes differ or nothing is given.

    See Also
    --------
    token_accuracy : The share of predictions that are exactly right.

    Examples
    --------
    >>> from skseq.metrics import rounded_accuracy
    >>> rounded_accuracy([3, 4], [3.4, 4.6])
    0.5
    """
    true, pred, counts = _check_pair(y_true, y_pred)
    return float((true == np.rint(pred))[counts].mean())


@validate_params(
    {"y": ["array-like"], "per": [StrOptions({"token", "sequence"})]},
    prefer_skip_nested_validation=True,
)
def chance_level(y: npt.ArrayLike, *, per: str = "token") -> float:
    """Return the score of the best answer that is the same for every sequence.

    Parameters
    ----------
    y : array-like of shape (n_sequences,) or (n_sequences, n_outputs, ...), or list \
            of array-like of shape (n_outputs_i, ...)
        True values.
    per : {"token", "sequence"}, default="token"
        The score: :func:`token_accuracy`, where the answer may differ from position
        to position, or :func:`sequence_accuracy`.

    Returns
    -------
    accuracy : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If nothing is given.

    See Also
    --------
    token_accuracy : What chance is compared with.

    Examples
    --------
    >>> from skseq.metrics import chance_level
    >>> chance_level([[0, 1], [0, 2]])
    0.75
    >>> chance_level([[0, 1], [0, 2]], per="sequence")
    0.5
    """
    values, _, counts = _check_pair(y, y)
    if per == "token":
        columns = [own[there] for own, there in zip(values.T, counts.T, strict=True)]
        most = [np.unique(own, return_counts=True)[1].max() for own in columns]
        return float(np.sum(most) / counts.sum())
    # Codes make rows of any kind of value comparable.
    codes = np.unique(values, return_inverse=True)[1].reshape(values.shape)
    codes[~counts] = -1
    return float(np.unique(codes, axis=0, return_counts=True)[1].max() / len(values))


@validate_params(
    {
        "n_successes": [Interval(Integral, 0, None, closed="left")],
        "n_trials": [Interval(Integral, 1, None, closed="left")],
        "confidence": [Interval(Real, 0, 1, closed="neither")],
    },
    prefer_skip_nested_validation=True,
)
def wilson_interval(
    n_successes: int, n_trials: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Wilson's score interval for a success rate.

    Parameters
    ----------
    n_successes : int
        Number of successes.
    n_trials : int
        Number of trials.
    confidence : float, default=0.95
        Coverage, between 0 and 1.

    Returns
    -------
    low, high : float
        Bounds of the rate, from 0 to 1.

    Raises
    ------
    ValueError
        If there are more successes than trials, or a parameter is out of range.

    See Also
    --------
    sequence_accuracy : A rate of successes.

    Notes
    -----
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical
    inference, Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> from skseq.metrics import wilson_interval
    >>> low, high = wilson_interval(20, 20)
    >>> round(low, 3), high
    (0.839, 1.0)
    """
    if n_successes > n_trials:
        raise ValueError(
            f"n_successes must be at most n_trials={n_trials}; got {n_successes}."
        )
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate = n_successes / n_trials
    spread = z**2 / n_trials
    centre = (rate + spread / 2) / (1 + spread)
    half = math.sqrt(rate * (1 - rate) * spread + spread**2 / 4) / (1 + spread)
    # The bounds are exact at the ends; rounding must not take them past.
    low = 0.0 if n_successes == 0 else centre - half
    high = 1.0 if n_successes == n_trials else centre + half
    return low, high


@validate_params(
    {
        "X": ["array-like"],
        "y": ["array-like"],
        "by_step": ["boolean"],
        "step": [StrOptions({"own", "best"})],
    },
    prefer_skip_nested_validation=True,
)
def memoryless_accuracy(
    X: npt.ArrayLike, y: npt.ArrayLike, *, by_step: bool = False, step: str = "own"
) -> float:
    """Return the best share of labels that a threshold on the current value gets.

    The rule says 1 where the step's own value is at least a threshold (or below it,
    if that is better), and knows nothing of the steps before. The threshold is the
    best one for the very labels that are scored, so no such rule can do better.

    Parameters
    ----------
    X : array-like of shape (n_sequences, n_timesteps)
        Values.
    y : array-like of shape (n_sequences, n_timesteps)
        Labels, 0 or 1, of each step.
    by_step : bool, default=False
        Whether the rule may also know the number of the step, and so have a threshold
        for each.
    step : {"own", "best"}, default="own"
        Which value each label is told from: that of its own step, or, by a threshold
        for each, that of whichever step of the row tells most. The latter is handed
        the whole row, as a network is that reads it in both directions.

    Returns
    -------
    accuracy : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If shapes differ or labels other than 0 and 1 are given.

    See Also
    --------
    chance_level : The best answer that knows no input at all.
    skseq.baselines.LookupClassifier : The same rules for symbols.

    Examples
    --------
    >>> from skseq.datasets import make_cumulative_sum
    >>> from skseq.metrics import memoryless_accuracy
    >>> X, y = make_cumulative_sum(10000, random_state=0)
    >>> round(memoryless_accuracy(X, y), 2)
    0.56
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    problems = []
    if X.ndim != 2 or X.shape != y.shape or 0 in X.shape:
        problems.append(
            "X and y must have the same shape (n_sequences, n_timesteps) and not be "
            f"empty; got {X.shape} and {y.shape}."
        )
    if not np.isfinite(X).all():
        problems.append("X must be finite; it holds NaN or infinity.")
    if not np.isin(y, (0, 1)).all():
        problems.append(f"y must hold 0 and 1 only; got {np.unique(y)[:10].tolist()}.")
    if problems:
        raise ValueError(" ".join(problems))
    if step == "best":
        right = sum(max(_right_by_threshold(x, told) for x in X.T) for told in y.T)
    elif by_step:
        right = sum(map(_right_by_threshold, X.T, y.T))
    else:
        right = _right_by_threshold(X.ravel(), y.ravel())
    return right / X.size


def _right_by_threshold(values: np.ndarray, labels: np.ndarray) -> int:
    """Count what the best threshold gets right, over all places and both directions."""
    order = np.argsort(values, kind="stable")
    ordered, labels = values[order], labels[order].astype(int)
    # right[i]: the first i are called 0, the others 1.
    right = np.concatenate([[0], np.cumsum(1 - labels)]) + (
        labels.sum() - np.concatenate([[0], np.cumsum(labels)])
    )
    # A threshold cannot part equal values.
    possible = np.concatenate([[True], ordered[1:] > ordered[:-1], [True]])
    right = right[possible]
    return int(max(right.max(), len(values) - right.min()))
