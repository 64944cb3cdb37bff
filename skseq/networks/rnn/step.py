"""One step of the plain recurrent network in NumPy, sequences side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["Step", "prepared"]


def prepared(weights: Sequence[np.ndarray]) -> np.ndarray:
    """Bring the weights into the form that steps use.

    Parameters
    ----------
    weights : sequence of ndarray
        Input weights, recurrent weights and biases, as Keras orders them.

    Returns
    -------
    ndarray of shape (units, units + 1 + n_inputs)
        Columns for h, a constant 1, and x.
    """
    kernel, recurrent, bias = weights
    return np.ascontiguousarray(np.concatenate([recurrent, bias[None], kernel]).T)


class Step:
    """A walk through time, step by step; see :class:`skseq.networks.lstm.step.Step`.

    Parameters
    ----------
    matrix : ndarray
        From :func:`prepared`.
    units : int
        Width of the state.
    width : int
        Sequences side by side.

    Attributes
    ----------
    x : ndarray of shape (n_inputs, width)
        To be written before each step.
    output : ndarray of shape (units + 1, width)
        h, and a row of ones for a bias that follows.
    states : tuple of ndarray of shape (units, width)
        h; may be written between steps.
    """

    def __init__(self, matrix: np.ndarray, units: int, width: int):
        self._matrix = matrix
        given = np.zeros((matrix.shape[1], width), matrix.dtype)
        given[units] = 1
        self._given = given
        self.output, self.x = given[: units + 1], given[units + 1 :]
        self._sums = np.empty((units, width), matrix.dtype)
        self.states = (given[:units],)

    def advance(self, drive: np.ndarray | None = None) -> None:
        """Go one step on.

        Parameters
        ----------
        drive : ndarray of shape (units, width), default=None
            What x adds, where it was looked up instead of written.
        """
        np.matmul(self._matrix, self._given, out=self._sums)
        if drive is not None:
            np.add(self._sums, drive, out=self._sums)
        np.tanh(self._sums, out=self.states[0])
