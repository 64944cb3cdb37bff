"""One step of the plain recurrent network in NumPy, sequences side by side."""

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
    ndarray of shape (units, units + 1 + n_inputs)
        Columns for h, a constant 1, and x.
    """
    kernel, recurrent, bias = weights
    return np.ascontiguousarray(np.concatenate([recurrent, bias[None], kernel]).T)


class Step(CellStep):
    """The plain network's step; its state is h."""

    def _move(self) -> None:
        np.tanh(self._sums, out=self._h)
