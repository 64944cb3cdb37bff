"""Loops over time inside of compiled programs; arrays lie time first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

__all__ = ["backwards", "dropped", "flat", "forwards"]

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


def dropped(tensor: tf.Tensor, drop: tf.Tensor | None) -> tf.Tensor:
    """Drop some numbers and scale the others up, where there is anything to drop."""
    return tensor if drop is None else tensor * drop


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
