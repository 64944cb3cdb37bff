"""The plain recurrent network (Elman 1990): ``h = tanh(x W + h U + b)``.

Here are the shapes of its weights and states and their first values; beside it its step
in NumPy (``step``), and its compiled walk with the gradient and its Keras layer
(``walk``, the one that imports TensorFlow).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skseq.networks.rnn.step import Step, prepared

__all__ = ["N_STATES", "Step", "first_weights", "prepared", "weight_shapes"]

N_STATES = 1

Draw = Callable[[tuple[int, ...]], np.ndarray]


def weight_shapes(n_inputs: int, units: int) -> list[tuple[int, ...]]:
    """Shapes of the input weights, the recurrent weights and the biases."""
    return [(n_inputs, units), (units, units), (units,)]


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
    seeds, forget_bias, longest_lag
        Not read: it has no gates.

    Returns
    -------
    list of ndarray
    """
    kernel, recurrent, bias = weight_shapes(n_inputs, units)
    weights = [glorot(kernel), orthogonal(recurrent)]
    return [*weights, np.zeros(bias, weights[0].dtype)]
