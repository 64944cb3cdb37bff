"""The LSTM's walk through time, with its gradient written out.

Keras' own loop lets TensorFlow differentiate it, which keeps every
intermediate in lists that XLA copies: 3 to 6 times slower a step on long
rows, and growing with their length.  Here the forward pass keeps just what the
backward pass needs (states and gates), and weight gradients are summed by one
matrix product after the backward pass.  Equal to ``keras.layers.LSTM`` up to
rounding, which the tests hold it to.
"""

from __future__ import annotations

import keras
import tensorflow as tf

__all__ = ["keras_layer", "scan_layer"]

# The layer as Keras has it; its weights and states are those of `scan_layer`.
keras_layer = keras.layers.LSTM

# Up to this many steps are written out one after the other. For two or three steps the
# loop costs a quarter of the time of an update; for ten it costs little or nothing, and
# written out they take three times as long to compile.
UNROLLED_STEPS = 3


class ScanLSTM(keras.layers.LSTM):
    """``keras.layers.LSTM`` with a faster walk through time.

    Parameters
    ----------
    units : int
        Width of the layer.
    n_tokens : int or None
        Where given, inputs are symbol indices ``(batch, time, 1)`` below this
        number, looked up in the input weights.
    **options : dict
        Those of ``keras.layers.LSTM``.
    """

    def __init__(self, units: int, n_tokens: int | None = None, **options):
        super().__init__(units, **options)
        self.n_tokens = n_tokens

    def build(self, sequences_shape, initial_state_shape=None):
        if self.n_tokens is not None:
            sequences_shape = (*sequences_shape[:-1], self.n_tokens)
        super().build(sequences_shape)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        kernel, recurrent, bias = (
            tf.convert_to_tensor(weight)
            for weight in (
                self.cell.kernel,
                self.cell.recurrent_kernel,
                self.cell.bias,
            )
        )
        batch, steps, width = sequences.shape
        # Time first: the walk then reads and writes whole contiguous slices.
        x = tf.reshape(tf.transpose(sequences, (1, 0, 2)), (steps * batch, width))
        if self.n_tokens is None:
            drive = tf.matmul(x, kernel)
        else:
            drive = tf.gather(kernel, x[:, 0])
        drive = tf.reshape(drive + bias, (steps, batch, 4 * self.units))
        keep = None if mask is None else tf.transpose(mask)[:, :, None]
        h, c, *hs = _walk(drive, recurrent, *initial_state, keep, self.return_sequences)
        # As Keras' own fast paths do: what is not to be returned is not made.
        outputs = tf.transpose(hs[0], (1, 0, 2)) if hs else h[:, None]
        return h, outputs, [h, c]


scan_layer = ScanLSTM


def _walk(drive, recurrent, h0, c0, keep, every_step):
    """Last states and, if asked for, outputs ``(time, batch, units)``; differentiable.

    A gradient by outputs that nobody reads would be zeros, which TensorFlow names
    now one way, now another: two programs, of which only one can have been kept.
    """

    @tf.custom_gradient
    def walk(drive, recurrent, h0, c0):
        hs, cs, gates = _forward(drive, recurrent, h0, c0, keep)

        def gradient(d_h, d_c, *d_hs):
            before = (
                tf.concat([h0[None], hs[:-1]], 0),
                tf.concat([c0[None], cs[:-1]], 0),
            )
            d_z, d_h, d_c = _backward(
                (gates, cs, before[1], *d_hs), recurrent, d_h, d_c, keep
            )
            d_recurrent = tf.matmul(_flat(before[0]), _flat(d_z), transpose_a=True)
            return d_z, d_recurrent, d_h, d_c

        return (hs[-1], cs[-1], *([hs] if every_step else [])), gradient

    return walk(drive, recurrent, h0, c0)


def _forward(drive, recurrent, h0, c0, keep):
    """States and gates of every step."""
    steps = drive.shape[0]

    def step(t, h, c):
        z = drive[t] + tf.matmul(h, recurrent)
        i, f, g, o = tf.split(z, 4, axis=-1)
        i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
        new_c = f * c + i * g
        new_h = o * tf.tanh(new_c)
        if keep is not None:
            new_h, new_c = tf.where(keep[t], new_h, h), tf.where(keep[t], new_c, c)
        return new_h, new_c, tf.concat([i, f, g, o], axis=-1)

    if steps <= UNROLLED_STEPS:
        kept, h, c = [], h0, c0
        for t in range(steps):
            h, c, gates = step(t, h, c)
            kept.append((h, c, gates))
        return tuple(tf.stack(parts) for parts in zip(*kept, strict=True))

    def body(t, h, c, *arrays):
        h, c, gates = step(t, h, c)
        written = (a.write(t, v) for a, v in zip(arrays, (h, c, gates), strict=True))
        return t + 1, h, c, *written

    shapes = (h0.shape, c0.shape, drive.shape[1:])
    arrays = [_array(drive.dtype, steps, shape) for shape in shapes]
    loop = (tf.constant(0), h0, c0, *arrays)
    *_, hs, cs, gates = tf.while_loop(
        lambda t, *_: t < steps, body, loop, maximum_iterations=steps
    )
    return hs.stack(), cs.stack(), gates.stack()


def _backward(kept, recurrent, d_h, d_c, keep):
    """Gradients by the gates' inputs at every step, and by the first states."""
    gates, cs, cs_before, *d_hs = kept
    steps = gates.shape[0]
    back = tf.transpose(recurrent)

    def step(t, d_h, d_c):
        i, f, g, o = tf.split(gates[t], 4, axis=-1)
        squashed = tf.tanh(cs[t])
        if d_hs:
            d_h = d_h + d_hs[0][t]
        d_cell = d_c + d_h * o * (1 - squashed * squashed)
        d_z = tf.concat(
            [
                d_cell * g * i * (1 - i),
                d_cell * cs_before[t] * f * (1 - f),
                d_cell * i * (1 - g * g),
                d_h * squashed * o * (1 - o),
            ],
            axis=-1,
        )
        if keep is None:
            return tf.matmul(d_z, back), d_cell * f, d_z
        d_z = tf.where(keep[t], d_z, tf.zeros_like(d_z))
        new_d_h = tf.where(keep[t], tf.matmul(d_z, back), d_h)
        return new_d_h, tf.where(keep[t], d_cell * f, d_c), d_z

    if steps <= UNROLLED_STEPS:
        kept = []
        for t in reversed(range(steps)):
            d_h, d_c, d_z = step(t, d_h, d_c)
            kept.append(d_z)
        return tf.stack(kept[::-1]), d_h, d_c

    def body(t, d_h, d_c, array):
        d_h, d_c, d_z = step(t, d_h, d_c)
        return t - 1, d_h, d_c, array.write(t, d_z)

    loop = (
        tf.constant(steps - 1),
        d_h,
        d_c,
        _array(gates.dtype, steps, gates.shape[1:]),
    )
    _, d_h, d_c, array = tf.while_loop(
        lambda t, *_: t >= 0, body, loop, maximum_iterations=steps
    )
    return array.stack(), d_h, d_c


def _array(dtype, steps, shape):
    return tf.TensorArray(dtype, size=steps, element_shape=shape)


def _flat(tensor):
    """Join the time and batch axes."""
    return tf.reshape(tensor, (-1, tensor.shape[-1]))
