"""The plain network's walk through time, with its gradient; see the LSTM's."""

from __future__ import annotations

import keras
import tensorflow as tf

from skseq.networks.loops import Product, backwards, forwards

__all__ = ["input_bias", "keras_layer", "walk"]

# The layer as Keras has it; its weights and states are those of `walk`.
keras_layer = keras.layers.SimpleRNN


def input_bias(bias: tf.Tensor) -> tf.Tensor:
    """What is added to the product of inputs and input weights."""
    return bias


def walk(drive, recurrent, bias, states, keep, drop, *, every_step):
    """Walk through time; differentiable.

    Parameters
    ----------
    drive : tensor of shape (time, batch, units)
        What inputs and biases add.
    recurrent : tensor of shape (units, units)
    bias : tensor
        Not read: it is part of the drive.
    states : sequence of tensor of shape (batch, units)
        h at the start.
    keep : tensor of bool, shape (time, batch, 1), or None
        Which steps are real; others leave the state as it is.
    drop : tensor of shape (gates, batch, units), or None
        What h is multiplied by before its product: Keras' recurrent dropout.
    every_step : bool
        Whether outputs are read at every step.

    Returns
    -------
    outputs : tensor of shape (time, batch, units), or None
    states : list of tensor
        At the end.
    """

    @tf.custom_gradient
    def walked(drive, recurrent, h0):
        product = Product(recurrent, drop)

        def step(t, h):
            new_h = tf.tanh(drive[t] + product.of(h))
            if keep is not None:
                new_h = tf.where(keep[t], new_h, h)
            return (new_h,), (new_h,)

        (hs,) = forwards(step, drive.shape[0], (h0,), (h0.shape,))

        def gradient(d_h, *d_hs):
            before = tf.concat([h0[None], hs[:-1]], 0)
            (d_h,), (d_z,) = _backward(hs, product, d_h, d_hs, keep)
            d_recurrent = product.gradient_by_weights(before, d_z)
            return d_z, d_recurrent, d_h

        return (hs[-1], *([hs] if every_step else [])), gradient

    h, *hs = walked(drive, recurrent, *states)
    return (hs[0] if hs else None), [h]


def _backward(hs, product, d_h, d_hs, keep):
    """Gradients by the first state, and by the sums of every step."""
    factor = 1 - hs * hs
    if keep is not None:
        factor = tf.where(keep, factor, tf.zeros_like(factor))

    def step(t, d_h):
        if d_hs:
            d_h = d_h + d_hs[0][t]
        d_z = d_h * factor[t]
        new_d_h = product.gradient(d_z)
        if keep is not None:
            new_d_h += tf.where(keep[t], tf.zeros_like(d_h), d_h)
        return (new_d_h,), (d_z,)

    return backwards(step, hs.shape[0], (d_h,), (d_h.shape,))
