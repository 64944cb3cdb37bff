"""Predictions beside what was expected: one entry per answer that counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor

from skseq._inside import network_with
from skseq._lists import rows_of
from skseq._step_scores import at_real, equal_to, real_steps_of, steps_of

__all__ = ["Answers", "lengths_of", "paired", "predicted"]


@dataclass(frozen=True)
class Answers:
    """Answers that count, all sequences one after the other.

    Attributes
    ----------
    true, pred : ndarray of shape (n_answers,) or (n_answers, n_columns)
        What was expected and what was predicted.
    sequence : ndarray of int, shape (n_answers,)
        Which sequence each belongs to.
    position : ndarray of int, shape (n_answers,)
        Which of the answers of its sequence it is, padding left out.
    n_sequences : int
    numbers : bool
        Whether predictions are numbers, which can be nearly right, and not symbols.
    """

    true: np.ndarray
    pred: np.ndarray
    sequence: np.ndarray
    position: np.ndarray
    n_sequences: int
    numbers: bool

    @property
    def right(self) -> np.ndarray:
        """Which answers are exactly right, in all their columns."""
        return (self.true == self.pred).reshape(len(self.true), -1).all(axis=1)


def paired(
    y_true: Any,
    y_pred: Any,
    *,
    padding: Any = None,
    real: np.ndarray | None = None,
    numbers: bool | None = None,
) -> Answers:
    """Put predictions beside what was expected.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n,), (n, t) or (n, t, k), or list of arrays
    padding : object, default=None
        What expected values that do not count are, beside NaN and None.
    real : ndarray of bool, shape (n, t), or None
        Which steps of `y_pred` count; None for all. Expected values may stand at these
        alone.
    numbers : bool, default=None
        None tells by the kind of `y_pred`.

    Raises
    ------
    ValueError
        If they are not of the same sequences and steps, or none counts.
    """
    parts = [steps_of(y_true, "y_true"), steps_of(y_pred, "y_pred")]
    if real is not None:
        given = parts[1][1]
        parts = [at_real(*part, real, given) for part in parts]
    (true, lengths), (pred, n_predicted) = parts
    if lengths != n_predicted or true.shape != pred.shape:
        raise ValueError(
            "y_true and y_pred must be the same sequences and steps; got "
            f"{len(lengths)} sequences with answers of shape {true.shape}, and "
            f"{len(n_predicted)} with {pred.shape}."
        )
    if numbers is None:
        numbers = pred.dtype.kind == "f"
    counts = ~equal_to(true, np.nan)
    if padding is not None:
        counts &= ~equal_to(true, padding)
    if not counts.any():
        raise ValueError(
            "y_true has no answer to draw: all are padding or have no target."
        )
    n = np.array(lengths)
    sequence = np.repeat(np.arange(len(n)), n)
    position = np.arange(len(sequence)) - np.repeat(np.cumsum(n) - n, n)
    true, pred = (_plain(values[counts]) for values in (true, pred))
    return Answers(
        true, pred, sequence[counts], position[counts], len(n), bool(numbers)
    )


def predicted(
    estimator: Any, X: Any, y: Any, groups: Any = None, padding: Any = None
) -> Answers:
    """Let a fitted estimator answer, and put that beside what was expected.

    Parameters
    ----------
    estimator : estimator
        A classifier, a regressor, or a pipeline or search around one.
    X, y, groups : array-like
        As its `score` takes them; echoes need no y.
    padding : object, default=None
        As in `paired`.

    Raises
    ------
    ValueError
        If the estimator is neither, or y is missing.
    """
    if not is_classifier(estimator) and not is_regressor(estimator):
        raise ValueError(
            f"Only classifiers and regressors answer; got {type(estimator).__name__}."
        )
    more = {} if groups is None else {"groups": groups}
    y_pred = estimator.predict(X, **more)
    real = real_steps_of(estimator, X)
    if y is None:
        network, seen = network_with(estimator, X)
        if not hasattr(network, "_own_tokens"):
            raise ValueError(
                f"{type(network).__name__} answers something else than X; pass the y "
                "that was expected."
            )
        y, shown = network._own_tokens(network._read(seen), network.n_outputs_)
        if not shown.all():
            y = np.where(shown, y.astype(object), None)
        if rows_of(y_pred) is not None:
            y = [row[: len(beside)] for row, beside in zip(y, y_pred, strict=True)]
    return paired(
        y, y_pred, padding=padding, real=real, numbers=is_regressor(estimator)
    )


def lengths_of(estimator: Any, X: Any) -> np.ndarray:
    """Count the real steps of each sequence.

    Parameters
    ----------
    estimator : estimator
        Whose padding is no step.
    X : array-like or list of arrays
    """
    network, seen = network_with(estimator, X)
    if hasattr(network, "_layout"):
        return network._read(seen).lengths
    rows = rows_of(X)
    if rows is not None:
        return np.array([len(row) for row in rows])
    return np.full(len(X), np.shape(X)[1])


def _plain(values: np.ndarray) -> np.ndarray:
    """Labels in an array of their own kind, where they are all of one."""
    if values.dtype == object and len({type(value) for value in values.ravel()}) == 1:
        return np.array(values.tolist())
    return values
