"""From whole rows and their targets to the pieces that are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skseq.estimators._targets import Layout
from skseq.training.compiled import Pieces

__all__ = ["Targets", "cut", "one_hot_tokens"]


@dataclass(frozen=True)
class Targets:
    """Encoded targets: class indices (n, steps) or numbers (n, steps, width),
    with a weight for each step, 0 for none."""

    values: np.ndarray
    weights: np.ndarray
    layout: Layout


def one_hot_tokens(X: np.ndarray, real: np.ndarray | None) -> np.ndarray | None:
    """Which symbol each step is, if each real step is one symbol of several.

    Parameters
    ----------
    X : ndarray of shape (n, t, f)
        Checked sequences.
    real : ndarray of bool, shape (n, t), or None
        Steps that are not padding.

    Returns
    -------
    ndarray of int32, shape (n, t, 1), or None
        0 for padding; None if X is not one-hot.
    """
    if X.shape[2] < 2:
        return None
    steps = X.reshape(-1, X.shape[2]) if real is None else X[real]
    if np.count_nonzero(steps) != len(steps):
        return None
    hot = steps.argmax(axis=1)
    if not (np.take_along_axis(steps, hot[:, None], 1) == 1).all():
        return None
    tokens = np.zeros((*X.shape[:2], 1), np.int32)
    tokens[slice(None) if real is None else real] = hot.reshape(
        tokens.shape if real is None else (-1, 1)
    )
    return tokens


def cut(x, real, targets: Targets, steps: int) -> Pieces:
    """Cut rows into pieces of so many steps, the last one filled up."""
    n_rows, n_timesteps, _ = x.shape
    if real is not None:
        x = np.where(real[:, :, None], x, 0)
    n_pieces = -(-n_timesteps // steps)
    short = n_pieces * steps - n_timesteps
    if short and real is None:
        real = np.ones((n_rows, n_timesteps), bool)

    def pieces(array):
        filled = np.pad(array, [(0, 0), (0, short)] + [(0, 0)] * (array.ndim - 2))
        return filled.reshape(n_rows * n_pieces, steps, *array.shape[2:])

    mask = None if real is None else pieces(real)
    if targets.layout.per_step:
        return Pieces(pieces(x), mask, pieces(targets.values), pieces(targets.weights))
    # The target stands at the piece in which the row's last real step lies.
    last = np.full(n_rows, n_timesteps - 1)
    if real is not None:
        last = n_timesteps - 1 - real[:, ::-1].argmax(axis=1)
        last[~real.any(axis=1)] = n_timesteps - 1
    here = (last // steps)[:, None] == np.arange(n_pieces)
    weights = (here[:, :, None] * targets.weights[:, None]).reshape(
        -1, targets.weights.shape[1]
    )
    return Pieces(pieces(x), mask, targets.values.repeat(n_pieces, axis=0), weights)
