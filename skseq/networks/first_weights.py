"""The weights that training starts from, drawn by Keras' own initializers."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from skseq.networks.spec import CELLS, NetworkSpec

__all__ = ["first_weights"]

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        f"skseq trains with Keras on TensorFlow, but Keras is set to "
        f"{keras.backend.backend()!r}. Set the environment variable "
        "KERAS_BACKEND=tensorflow (or remove it) before Keras is first imported."
    )


def first_weights(
    spec: NetworkSpec,
    seeds: np.random.RandomState,
    forget_bias: str | float,
    longest_lag: int,
) -> list[np.ndarray]:
    """Draw the weights that training starts from, as Keras draws them.

    Input weights are Glorot uniform, recurrent weights orthogonal, biases zero
    but for the gates: ``"unit"`` sets the forget gate's to 1 (Jozefowicz et al.
    2015, Keras' default), a float to that number, and ``"chrono"`` to
    ``log U(1, T - 1)`` and the input gate's to its negative, so that the cell
    forgets over 1 to T steps (Tallec & Ollivier 2018).

    Parameters
    ----------
    spec : NetworkSpec
        The network.
    seeds : numpy.random.RandomState
        Where the initializers' seeds are drawn from; no global seed is touched.
    forget_bias : {"unit", "chrono"} or float
        How gate biases start.
    longest_lag : int
        T of ``"chrono"``, in time steps.

    Returns
    -------
    list of numpy.ndarray
        In the order of the network's ``trainable_variables``.
    """

    def drawn(initializer):
        def draw(shape: tuple[int, ...]) -> np.ndarray:
            seed = int(seeds.randint(np.iinfo(np.int32).max))
            with tf.device("CPU:0"):
                return np.asarray(initializer(seed=seed)(shape, dtype=spec.dtype))

        return draw

    glorot = drawn(keras.initializers.GlorotUniform)
    orthogonal = drawn(keras.initializers.Orthogonal)
    weights = []
    for layer in spec.layers:
        weights += CELLS[layer.cell].first_weights(
            layer.n_inputs,
            layer.units,
            glorot,
            orthogonal,
            seeds,
            forget_bias,
            longest_lag,
        )
    head = glorot((spec.head_inputs, spec.head_width))
    return [*weights, head, np.zeros(spec.head_width, spec.dtype)]
