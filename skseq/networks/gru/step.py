"""One step of the GRU in NumPy, for sequences side by side, features first.

See :mod:`skseq.networks.lstm.step`: ``sigmoid(z) = 1/2 + tanh(z/2)/2``.
"""

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
    ndarray of shape (4 * units, units + 1 + n_inputs)
        Update and reset gates, then the state's and the input's part of the candidate,
        which the reset gate keeps apart; columns for h, a constant 1, and x.
    """
    kernel, recurrent, (of_input, of_state) = weights
    units = len(recurrent)
    gates, candidate = slice(None, 2 * units), slice(2 * units, None)
    joined = np.concatenate([recurrent, (of_input + of_state)[None], kernel])
    inner = np.concatenate([recurrent, of_state[None], np.zeros_like(kernel)])
    outer = np.concatenate([np.zeros_like(recurrent), of_input[None], kernel])
    parts = [joined[:, gates] / 2, inner[:, candidate], outer[:, candidate]]
    return np.ascontiguousarray(np.concatenate(parts, axis=1).T)


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
        self._all = np.empty((4 * units, width), matrix.dtype)
        self._gates = self._all[: 2 * units]
        self._z, self._r, self._inner, self._outer = self._all.reshape(4, units, width)
        self._h = given[:units]
        self.states = (self._h,)

    def advance(self, drive: np.ndarray | None = None) -> None:
        """Go one step on.

        Parameters
        ----------
        drive : ndarray of shape (4 * units, width), default=None
            What x adds, where it was looked up instead of written.
        """
        gates, candidate, h = self._gates, self._outer, self._h
        np.matmul(self._matrix, self._given, out=self._all)
        if drive is not None:
            np.add(self._all, drive, out=self._all)
        np.tanh(gates, out=gates)
        np.multiply(gates, 0.5, out=gates)
        np.add(gates, 0.5, out=gates)
        np.multiply(self._r, self._inner, out=self._inner)
        np.add(candidate, self._inner, out=candidate)
        np.tanh(candidate, out=candidate)
        np.subtract(h, candidate, out=h)
        np.multiply(h, self._z, out=h)
        np.add(h, candidate, out=h)
