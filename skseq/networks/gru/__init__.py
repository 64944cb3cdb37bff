"""The GRU (Cho et al. 2014), with the reset gate after the product, as Keras has it.

Here are the shapes of its weights and states and their first values; beside it its step
in NumPy (``step``), and its compiled walk with the gradient and its Keras layer
(``walk``, the one that imports TensorFlow).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skseq.networks.gru.step import Step, prepared

__all__ = ["N_STATES", "Step", "first_weights", "prepared", "weight_shapes"]

N_STATES = 1

Draw = Callable[[tuple[int, ...]], np.ndarray]


def weight_shapes(n_inputs: int, units: int) -> list[tuple[int, ...]]:
    """Shapes of the input weights, the recurrent weights and the biases.

    Keras orders the gates along the last axis: update, reset, candidate. The biases are
    two rows, of the inputs and of the state.
    """
    return [(n_inputs, 3 * units), (units, 3 * units), (2, 3 * units)]


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
    forget_bias : {"unit", "chrono"} or float
        Of the update gate, which keeps the state where it is 1: ``"unit"`` is Keras'
        default, zero here; ``"chrono"`` is ``log U(1, T - 1)`` (Tallec &
        Ollivier 2018).
    longest_lag : int
        T of ``"chrono"``.

    Returns
    -------
    list of ndarray
    """
    kernel, recurrent, _ = weight_shapes(n_inputs, units)
    weights = [glorot(kernel), orthogonal(recurrent)]
    bias = np.zeros((2, 3, units), weights[0].dtype)
    if forget_bias == "chrono":
        bias[0, 0] = np.log(seeds.uniform(1, max(longest_lag - 1, 1), units))
    elif forget_bias != "unit":
        bias[0, 0] = forget_bias
    return [*weights, bias.reshape(2, -1)]
