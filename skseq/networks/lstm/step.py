"""One step of the LSTM in NumPy, for sequences side by side.

Arrays lie features first, ``(features, sequences)``, so that each gate is one
contiguous block. A step is one product and one ``tanh`` over all gates:
``sigmoid(z) = 1/2 + tanh(z/2)/2``, and halving the weights of those gates beforehand is
exact.
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
        Gates input, forget, output, cell; columns for h, a constant 1, and x.
    """
    kernel, recurrent, bias = weights
    joined = np.concatenate([recurrent, bias[None], kernel])
    i, f, g, o = np.split(joined, 4, axis=1)
    return np.ascontiguousarray(np.concatenate([i / 2, f / 2, o / 2, g], axis=1).T)


class Step:
    """A walk through time, step by step.

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
        h and c; may be written between steps.
    """

    def __init__(self, matrix: np.ndarray, units: int, width: int):
        self._matrix = matrix
        given = np.zeros((matrix.shape[1], width), matrix.dtype)
        given[units] = 1
        self._given = given
        self.output, self.x = given[: units + 1], given[units + 1 :]
        self._gates = np.empty((4 * units, width), matrix.dtype)
        # Input, forget and output gates, which are sigmoids.
        self._sigmoids = self._gates[: 3 * units]
        self._i, self._f, self._o, self._g = self._gates.reshape(4, units, width)
        self._h, self._c = given[:units], np.zeros((units, width), matrix.dtype)
        self._scratch = np.empty((units, width), matrix.dtype)
        self.states = (self._h, self._c)

    def advance(self, drive: np.ndarray | None = None) -> None:
        """Go one step on.

        Parameters
        ----------
        drive : ndarray of shape (4 * units, width), default=None
            What x adds to the gates, where it was looked up instead of written.
        """
        gates, sigmoids, c, scratch = (
            self._gates,
            self._sigmoids,
            self._c,
            self._scratch,
        )
        np.matmul(self._matrix, self._given, out=gates)
        if drive is not None:
            np.add(gates, drive, out=gates)
        np.tanh(gates, out=gates)
        np.multiply(sigmoids, 0.5, out=sigmoids)
        np.add(sigmoids, 0.5, out=sigmoids)
        np.multiply(c, self._f, out=c)
        np.multiply(self._i, self._g, out=scratch)
        np.add(c, scratch, out=c)
        np.tanh(c, out=scratch)
        np.multiply(self._o, scratch, out=self._h)
