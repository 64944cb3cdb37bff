"""Loops over time inside of compiled programs; arrays lie time first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

__all__ = ["Product", "backwards", "flat", "forwards"]

# Up to this many steps are written out one after the other. For two or three steps the
# loop costs a quarter of the time of an update; for ten it costs little or nothing, and
# written out they take three times as long to compile.
UNROLLED_STEPS = 3


def forwards(
    step: Callable[..., tuple[Sequence[tf.Tensor], Sequence[tf.Tensor]]],
    steps: int,
    carried: Sequence[tf.Tensor],
    shapes: Sequence[Sequence[int]],
) -> list[tf.Tensor]:
    """Run a step from the first to the last.

    Parameters
    ----------
    step : callable
        Takes a time and what is carried; gives what is carried on, and what is kept.
    steps : int
    carried : sequence of tensor
        At the start.
    shapes : sequence of shape
        Of what is kept of a step.

    Returns
    -------
    list of tensor
        What was kept, of shape ``(steps, ...)``.
    """
    return _loop(step, range(steps), carried, shapes)[1]


def backwards(
    step: Callable[..., tuple[Sequence[tf.Tensor], Sequence[tf.Tensor]]],
    steps: int,
    carried: Sequence[tf.Tensor],
    shapes: Sequence[Sequence[int]],
) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
    """Run a step from the last to the first; see `forwards`.

    Returns
    -------
    carried, kept : list of tensor
        What was carried out at the start, and what was kept, in the order of time.
    """
    return _loop(step, range(steps - 1, -1, -1), carried, shapes)


class Product:
    """The product of h and recurrent weights, some of h dropped, with its gradients.

    As Keras does it, each gate may have numbers of h dropped of its own.

    Parameters
    ----------
    recurrent : tensor of shape (units, gates * units)
    drop : tensor of shape (gates, batch, units), or None
        What h is multiplied by.
    """

    def __init__(self, recurrent: tf.Tensor, drop: tf.Tensor | None):
        self._recurrent, self._back, self._drop = (
            recurrent,
            tf.transpose(recurrent),
            drop,
        )
        self._gates = recurrent.shape[1] // recurrent.shape[0]

    def of(self, h: tf.Tensor) -> tf.Tensor:
        """The product."""
        if self._drop is None:
            return tf.matmul(h, self._recurrent)
        weights = tf.split(self._recurrent, self._gates, axis=1)
        parts = [tf.matmul(h * self._drop[g], w) for g, w in enumerate(weights)]
        return tf.concat(parts, axis=-1)

    def gradient(self, d_z: tf.Tensor) -> tf.Tensor:
        """From the gradient by the product to that by h."""
        if self._drop is None:
            return tf.matmul(d_z, self._back)
        parts = zip(
            tf.split(d_z, self._gates, axis=-1),
            tf.split(self._back, self._gates, axis=0),
            strict=True,
        )
        return tf.add_n(
            [tf.matmul(d, w) * self._drop[g] for g, (d, w) in enumerate(parts)]
        )

    def gradient_by_weights(self, before: tf.Tensor, d_z: tf.Tensor) -> tf.Tensor:
        """From h before and gradients by the product, of all steps."""
        if self._drop is None:
            return tf.matmul(flat(before), flat(d_z), transpose_a=True)
        parts = tf.split(d_z, self._gates, axis=-1)
        return tf.concat(
            [
                tf.matmul(flat(before * self._drop[g]), flat(d), transpose_a=True)
                for g, d in enumerate(parts)
            ],
            axis=-1,
        )


def flat(tensor: tf.Tensor) -> tf.Tensor:
    """Join the axes of time and batch."""
    return tf.reshape(tensor, (-1, tensor.shape[-1]))


def _loop(step, times, carried, shapes):
    if len(times) <= UNROLLED_STEPS:
        kept = {}
        for t in times:
            carried, kept[t] = step(t, *carried)
        kept = zip(*(kept[t] for t in sorted(kept)), strict=True)
        return list(carried), [tf.stack(parts) for parts in kept]

    dtype, n_carried = carried[0].dtype, len(carried)
    arrays = [
        tf.TensorArray(dtype, size=len(times), element_shape=shape) for shape in shapes
    ]

    def body(t, *loop):
        after, kept = step(t, *loop[:n_carried])
        written = (
            array.write(t, value)
            for array, value in zip(loop[n_carried:], kept, strict=True)
        )
        return t + times.step, *after, *written

    _, *loop = tf.while_loop(
        lambda t, *_: t < times.stop if times.step > 0 else t > times.stop,
        body,
        (tf.constant(times.start), *carried, *arrays),
        maximum_iterations=len(times),
    )
    return loop[:n_carried], [array.stack() for array in loop[n_carried:]]
