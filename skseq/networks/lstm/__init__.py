"""The LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

Here are the shapes of its weights and states and their first values; beside it its step
in NumPy (``step``), and its compiled walk with the gradient and its Keras layers
(``walk``, the one that imports TensorFlow).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skseq.networks.lstm.step import Step, prepared

__all__ = ["N_STATES", "Step", "first_weights", "prepared", "weight_shapes"]

# The output h and the cell c.
N_STATES = 2

Draw = Callable[[tuple[int, ...]], np.ndarray]


def weight_shapes(n_inputs: int, units: int) -> list[tuple[int, ...]]:
    """Shapes of the input weights, the recurrent weights and the biases.

    Keras orders the gates along the last axis: input, forget, cell, output.
    """
    return [(n_inputs, 4 * units), (units, 4 * units), (4 * units,)]


def first_weights(
    n_inputs: int,
    units: int,
    glorot: Draw,
    orthogonal: Draw,
    seeds: np.random.RandomState,
    forget_bias: str | float,
    longest_lag: int,
) -> list[np.ndarray]:
    """Draw the weights that training starts from, as Keras draws them.

    Parameters
    ----------
    n_inputs, units : int
        Width of the input and of the state.
    glorot, orthogonal : callable
        Draw an array of the shape that they are called with.
    seeds : numpy.random.RandomState
        Draws the biases of ``"chrono"``.
    forget_bias, longest_lag
        As in :func:`skseq.networks.first_weights.first_weights`.

    Returns
    -------
    list of ndarray
    """
    kernel, recurrent, _ = weight_shapes(n_inputs, units)
    weights = [glorot(kernel), orthogonal(recurrent)]
    bias = np.zeros((4, units), weights[0].dtype)
    if forget_bias == "chrono":
        bias[1] = np.log(seeds.uniform(1, max(longest_lag - 1, 1), units))
        bias[0] = -bias[1]
    else:
        bias[1] = 1.0 if forget_bias == "unit" else forget_bias
    return [*weights, bias.ravel()]
