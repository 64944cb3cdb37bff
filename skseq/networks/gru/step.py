"""One step of the GRU in NumPy, for sequences side by side, features first.

See :mod:`skseq.networks.lstm.step`: ``sigmoid(z) = 1/2 + tanh(z/2)/2``.
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


class Step(CellStep):
    """The GRU's step; its state is h."""

    def __init__(self, matrix: np.ndarray, units: int, width: int):
        super().__init__(matrix, units, width)
        self._gates = self._sums[: 2 * units]
        parts = self._sums.reshape(4, units, width)
        self._z, self._r, self._inner, self._candidate = parts
        # Keras' update gate is the share of the old state that is kept.
        self.inside = {
            "update gate": self._z,
            "reset gate": self._r,
            "output": self._h,
        }

    def _move(self) -> None:
        gates, candidate, h = self._gates, self._candidate, self._h
        np.tanh(gates, out=gates)
        np.multiply(gates, 0.5, out=gates)
        np.add(gates, 0.5, out=gates)
        np.multiply(self._r, self._inner, out=self._inner)
        np.add(candidate, self._inner, out=candidate)
        np.tanh(candidate, out=candidate)
        np.subtract(h, candidate, out=h)
        np.multiply(h, self._z, out=h)
        np.add(h, candidate, out=h)
