"""One step of the LSTM in NumPy, for sequences side by side.

Arrays lie features first, ``(features, sequences)``, so that each gate is one
contiguous block. A step is one product and one ``tanh`` over all gates:
``sigmoid(z) = 1/2 + tanh(z/2)/2``, and halving the weights of those gates beforehand is
exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skseq.networks.cell_step import CellStep

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


class Step(CellStep):
    """The LSTM's step; its states are h and c."""

    def __init__(self, matrix: np.ndarray, units: int, width: int):
        super().__init__(matrix, units, width)
        # Input, forget and output gates, which are sigmoids.
        self._sigmoids = self._sums[: 3 * units]
        self._i, self._f, self._o, self._g = self._sums.reshape(4, units, width)
        self._c = np.zeros((units, width), matrix.dtype)
        self._scratch = np.empty((units, width), matrix.dtype)
        self.states = (self._h, self._c)
        self.inside = {
            "input gate": self._i,
            "forget gate": self._f,
            "output gate": self._o,
            "cell state": self._c,
            "output": self._h,
        }

    def _move(self) -> None:
        gates, sigmoids, c, scratch = self._sums, self._sigmoids, self._c, self._scratch
        np.tanh(gates, out=gates)
        np.multiply(sigmoids, 0.5, out=sigmoids)
        np.add(sigmoids, 0.5, out=sigmoids)
        np.multiply(c, self._f, out=c)
        np.multiply(self._i, self._g, out=scratch)
        np.add(c, scratch, out=c)
        np.tanh(c, out=scratch)
        np.multiply(self._o, scratch, out=self._h)
