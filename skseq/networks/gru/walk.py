"""The GRU's walk through time, with its gradient; see `skseq.networks.lstm.walk`."""

from __future__ import annotations

import keras
import tensorflow as tf

from skseq.networks.loops import Product, backwards, flat, forwards

__all__ = ["input_bias", "keras_layer", "walk"]

# The layer as Keras has it; its weights and states are those of `walk`.
keras_layer = keras.layers.GRU


def input_bias(bias: tf.Tensor) -> tf.Tensor:
    """What is added to the product of inputs and input weights."""
    return bias[0]


def walk(drive, recurrent, bias, states, keep, drop, *, every_step):
    """Walk through time; differentiable.

    Parameters
    ----------
    drive : tensor of shape (time, batch, 3 * units)
        What inputs and their biases add to the gates.
    recurrent : tensor of shape (units, 3 * units)
    bias : tensor of shape (2, 3 * units)
        The second row is added to the product of state and recurrent weights.
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
    def walked(drive, recurrent, of_state, h0):
        product = Product(recurrent, drop)
        hs, gates, inner = _forward(drive, product, of_state, h0, keep)

        def gradient(d_h, *d_hs):
            before = tf.concat([h0[None], hs[:-1]], 0)
            to_drive, to_inner, past = _factors(gates, inner, before, keep)
            (d_h,), (d_outputs,) = _backward(to_inner, past, product, d_h, d_hs)
            d_outputs = tf.tile(d_outputs, (1, 1, 3))
            d_inner = d_outputs * to_inner
            d_recurrent = product.gradient_by_weights(before, d_inner)
            d_of_state = tf.reduce_sum(flat(d_inner), 0)
            return d_outputs * to_drive, d_recurrent, d_of_state, d_h

        return (hs[-1], *([hs] if every_step else [])), gradient

    h, *hs = walked(drive, recurrent, bias[1], *states)
    return (hs[0] if hs else None), [h]


def _forward(drive, product, of_state, h0, keep):
    """States and gates of every step, and what the reset gate lets through of h."""
    units = h0.shape[-1]

    def step(t, h):
        of_h = product.of(h) + of_state
        gates = 0.5 * tf.tanh(0.5 * (drive[t] + of_h)[:, : 2 * units]) + 0.5
        z, r = tf.split(gates, 2, axis=-1)
        inner = of_h[:, 2 * units :]
        candidate = tf.tanh(drive[t][:, 2 * units :] + r * inner)
        new_h = z * h + (1 - z) * candidate
        if keep is not None:
            new_h = tf.where(keep[t], new_h, h)
        return (new_h,), (new_h, tf.concat([gates, candidate], axis=-1), inner)

    shapes = (h0.shape, drive.shape[1:], h0.shape)
    return forwards(step, drive.shape[0], (h0,), shapes)


def _factors(gates, inner, before, keep):
    """What a gradient by h is multiplied by on its way back, for all steps: to the
    inputs' part of the gates, to the state's part, and past them.

    Of a step that is not real, nothing comes but what is carried past it.
    """
    z, r, candidate = tf.split(gates, 3, axis=-1)
    by_candidate = (1 - z) * (1 - candidate * candidate)
    by_gates = [
        (before - candidate) * z * (1 - z),
        by_candidate * inner * r * (1 - r),
    ]
    to_drive = tf.concat([*by_gates, by_candidate], axis=-1)
    to_inner = tf.concat([*by_gates, by_candidate * r], axis=-1)
    if keep is None:
        return to_drive, to_inner, z
    zero = tf.zeros((), gates.dtype)
    to_drive, to_inner = (tf.where(keep, x, zero) for x in (to_drive, to_inner))
    return to_drive, to_inner, tf.where(keep, z, zero + 1)


def _backward(to_inner, past, product, d_h, d_hs):
    """Gradients by the first state, and by h after every step."""

    def step(t, d_h):
        if d_hs:
            d_h = d_h + d_hs[0][t]
        d_inner = tf.tile(d_h, (1, 3)) * to_inner[t]
        new_d_h = product.gradient(d_inner)
        return (new_d_h + d_h * past[t],), (d_h,)

    return backwards(step, to_inner.shape[0], (d_h,), (d_h.shape,))
