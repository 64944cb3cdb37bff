"""Sequences that are drawn as long as training asks for more.

Nothing of them is kept: whoever needs the same ones draws from the same seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from skseq.datasets import REBER_SYMBOLS
from skseq.experiments.data import Case, draw

__all__ = ["Drawn", "Source", "labels_of", "wrongness"]


@dataclass(frozen=True)
class Drawn:
    """Sequences, what is to be said of them, and what else would be right.

    Attributes
    ----------
    X : ndarray of shape (n_sequences, n_timesteps, n_features)
        Symbols or numbers, padded at the ends.
    y : ndarray of shape (n_sequences,) or (n_sequences, n_timesteps)
        An answer for each, or one at each step.
    legal : ndarray of bool of shape (n_sequences, n_timesteps, 7) or None
        Which of `REBER_SYMBOLS` may come next, where several may; none at padding.
    """

    X: np.ndarray
    y: np.ndarray
    legal: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.X)

    def take(self, rows: np.ndarray) -> Drawn:
        """Return some of them, in this order."""
        legal = None if self.legal is None else self.legal[rows]
        return Drawn(self.X[rows], self.y[rows], legal)


class Source:
    """What draws the sequences of one use of one case of a problem.

    Parameters
    ----------
    data : mapping
        Entry `data` of the problem.
    case : Case
        Which case of a sweep.
    seed : int
        What all of them are drawn from.

    Attributes
    ----------
    rng : numpy.random.RandomState
        Where the drawing has come to.
    """

    def __init__(self, data: Mapping[str, Any], case: Case, seed: int):
        self._data, self._params = data, case.params
        self.rng = np.random.RandomState(seed)

    def draw(self, n_sequences: int) -> Drawn:
        """Draw the next sequences."""
        drawn = draw(self._data, self._params, n_sequences, self.rng)
        X = drawn["X"]
        # The next ones may be longer, which a table could not be.
        return Drawn(X[:, :, np.newaxis] if X.ndim == 2 else X, drawn["y"])


def labels_of(drawn: Drawn) -> np.ndarray:
    """Return the labels that there are, without the empty text that pads."""
    labels = np.unique(drawn.y)
    return labels[labels != ""] if labels.dtype.kind == "U" else labels


def wrongness(
    outputs: np.ndarray, drawn: Drawn, labels: np.ndarray | None
) -> np.ndarray:
    """Return how wrong the answers to some sequences are.

    Parameters
    ----------
    outputs : ndarray
        Probabilities of all labels, or a number for each sequence.
    drawn : Drawn
        The sequences.
    labels : ndarray of shape (n_labels,) or None
        What the last axis of `outputs` stands for; None for numbers.

    Returns
    -------
    ndarray of shape (n_sequences,)
        The largest absolute error of any output, which ought to be 1 for the label and
        0 for the others, or of the number. Where several symbols may come next, 1 if
        at any step one that may not is as active as one that may, and 0 otherwise.

    Examples
    --------
    >>> drawn = Drawn(np.zeros((2, 1, 1)), np.array([3, 4]))
    >>> wrongness(np.array([[0.75, 0.25], [0.5, 0.5]]), drawn, np.array([3, 4]))
    array([0.25, 0.5 ])
    """
    if labels is None:
        return np.abs(outputs - drawn.y)
    if drawn.legal is not None:
        legal = drawn.legal[:, :, [REBER_SYMBOLS.index(label) for label in labels]]
        least_legal = np.where(legal, outputs, np.inf).min(axis=2)
        most_illegal = np.where(legal, -np.inf, outputs).max(axis=2)
        wrong = (least_legal <= most_illegal) & legal.any(axis=2)
        return wrong.any(axis=1).astype(float)
    errors = outputs.copy()
    asked = np.arange(len(drawn)), np.searchsorted(labels, drawn.y)
    # Of the one that ought to be 1, what it lacks.
    errors[asked] = np.abs(1 - outputs[asked])
    return errors.max(axis=1)
