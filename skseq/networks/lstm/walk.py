"""The LSTM's walk through time, with its gradient written out.

Keras' own loop lets TensorFlow differentiate it, which keeps every
intermediate in lists that XLA copies: 3 to 6 times slower a step on long
rows, and growing with their length.  Here the forward pass keeps just what the
backward pass needs (states and gates), and weight gradients are summed by one
matrix product after the backward pass.  Equal to ``keras.layers.LSTM`` up to
rounding, which the tests hold it to.

XLA computes a value again in every fusion that reads it, so each transcendental is
written where one fusion reads it: one ``tanh`` over all gates of a step
(``sigmoid(z) = 1/2 + tanh(z/2)/2``), and before the backward walk all factors that
need no gradient, for all steps at once.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from skseq.networks.loops import Product, backwards, forwards

__all__ = ["input_bias", "keras_layer", "walk"]

# The layer as Keras has it; its weights and states are those of `walk`.
keras_layer = keras.layers.LSTM


def input_bias(bias: tf.Tensor) -> tf.Tensor:
    """What is added to the product of inputs and input weights."""
    return bias


def walk(drive, recurrent, bias, states, keep, drop, *, every_step):
    """Walk through time; differentiable.

    A gradient by outputs that nobody reads would be zeros, which TensorFlow names
    now one way, now another: two programs, of which only one can have been kept.

    Parameters
    ----------
    drive : tensor of shape (time, batch, 4 * units)
        What inputs and biases add to the gates.
    recurrent : tensor of shape (units, 4 * units)
    bias : tensor
        Not read: it is part of the drive.
    states : sequence of tensor of shape (batch, units)
        h and c at the start.
    keep : tensor of bool, shape (time, batch, 1), or None
        Which steps are real; others leave the states as they are.
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
    def walked(drive, recurrent, h0, c0):
        hs, cs, gates = _forward(drive, recurrent, h0, c0, keep, drop)
        product = Product(recurrent, drop)

        def gradient(d_h, d_c, *d_hs):
            before = (
                tf.concat([h0[None], hs[:-1]], 0),
                tf.concat([c0[None], cs[:-1]], 0),
            )
            factors = _factors(gates, cs, before[1], keep)
            (d_h, d_c), (d_z,) = _backward(factors, product, d_h, d_c, d_hs, keep)
            d_recurrent = product.gradient_by_weights(before[0], d_z)
            return d_z, d_recurrent, d_h, d_c

        return (hs[-1], cs[-1], *([hs] if every_step else [])), gradient

    h, c, *hs = walked(drive, recurrent, *states)
    return (hs[0] if hs else None), [h, c]


def _forward(drive, recurrent, h0, c0, keep, drop):
    """States and gates of every step."""
    scale, shift = _to_sigmoids(h0.shape[-1], drive.dtype)
    drive, product = drive * scale, Product(recurrent * scale, drop)

    def step(t, h, c):
        gates = tf.tanh(drive[t] + product.of(h)) * scale + shift
        i, f, g, o = tf.split(gates, 4, axis=-1)
        new_c = f * c + i * g
        new_h = o * tf.tanh(new_c)
        if keep is not None:
            new_h, new_c = tf.where(keep[t], new_h, h), tf.where(keep[t], new_c, c)
        return (new_h, new_c), (new_h, new_c, gates)

    shapes = (h0.shape, c0.shape, drive.shape[1:])
    return forwards(step, drive.shape[0], (h0, c0), shapes)


def _to_sigmoids(units, dtype):
    """What makes one tanh over all gates a sigmoid for those that are one."""
    sigmoid = np.repeat([True, True, False, True], units)
    scale = np.where(sigmoid, 0.5, 1.0)
    return tf.constant(scale, dtype), tf.constant(np.where(sigmoid, 0.5, 0.0), dtype)


def _factors(gates, cs, cs_before, keep):
    """What gradients are multiplied by on their way back, for all steps.

    Of a step that is not real, nothing comes but what is carried past it.
    """
    i, f, g, o = tf.split(gates, 4, axis=-1)
    squashed = tf.tanh(cs)
    by_cell = [g * i * (1 - i), cs_before * f * (1 - f), i * (1 - g * g)]
    by_output = squashed * o * (1 - o)
    to_cell = o * (1 - squashed * squashed)
    factors = [tf.concat([*by_cell, by_output], axis=-1), to_cell]
    if keep is None:
        return *factors, f
    zero = tf.zeros((), gates.dtype)
    return *(tf.where(keep, x, zero) for x in factors), tf.where(keep, f, zero + 1)


def _backward(factors, product, d_h, d_c, d_hs, keep):
    """Gradients by the first states, and by the gates' inputs at every step."""
    to_gates, to_cell, past = factors

    def step(t, d_h, d_c):
        if d_hs:
            d_h = d_h + d_hs[0][t]
        d_cell = d_c + d_h * to_cell[t]
        d_z = tf.concat([d_cell, d_cell, d_cell, d_h], axis=-1) * to_gates[t]
        new_d_h = product.gradient(d_z)
        if keep is not None:
            new_d_h += tf.where(keep[t], tf.zeros_like(d_h), d_h)
        return (new_d_h, d_cell * past[t]), (d_z,)

    shapes = (to_gates.shape[1:],)
    return backwards(step, to_gates.shape[0], (d_h, d_c), shapes)
