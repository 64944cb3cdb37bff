"""Learning rates that change: Keras' schedules, evaluated for many updates at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from skseq.training.options import takes_the_whole_fit
from skseq.training.plan import Plan
from skseq.training.programs import RATES_PER_CALL

__all__ = ["keras_rate", "rates_of"]


def keras_rate(value: Any, n_updates: int) -> Any:
    """Make the schedule that a dict describes; leave anything else as it is.

    Parameters
    ----------
    value : float, keras.optimizers.schedules.LearningRateSchedule or dict
        A dict has been looked at by :func:`skseq.training.options.check_schedule`.
    n_updates : int
        Updates of the whole fit, for a dict that leaves ``decay_steps`` to it.

    Returns
    -------
    float or keras.optimizers.schedules.LearningRateSchedule

    Raises
    ------
    ValueError
        As Keras says it of values that make no sense.
    """
    if not isinstance(value, Mapping):
        return value
    config = dict(value["config"])
    if takes_the_whole_fit(value):
        # Keras counts those of warming up apart.
        config["decay_steps"] = max(1, n_updates - config.get("warmup_steps", 0))
    return getattr(keras.optimizers.schedules, value["class_name"])(**config)


def rates_of(plan: Plan) -> Callable[[int], tf.Tensor] | None:
    """Say what gives the learning rates of a plan, update by update.

    They are Keras' own numbers, and an input of the program: all schedules share one.

    Parameters
    ----------
    plan : Plan
        Whose schedule has been made.

    Returns
    -------
    callable or None
        Takes the number of updates so far, gives the rates of the next
        ``RATES_PER_CALL``; None where the rate does not change.
    """
    if plan.learning_rates is None:
        return None
    schedule = plan.learning_rates

    @tf.function(autograph=False)
    def one_at_a_time(steps):
        return tf.vectorized_map(schedule, steps)

    def following(updates: int) -> tf.Tensor:
        steps = updates + tf.range(RATES_PER_CALL, dtype=tf.int64)
        # All at once: a graph's arithmetic is rearranged, and off by more than a digit.
        # But some schedules decide by ``cond``, which takes a single step.
        try:
            rates = tf.convert_to_tensor(schedule(steps))
        except (TypeError, ValueError, tf.errors.InvalidArgumentError):
            rates = None
        if rates is None or rates.shape != steps.shape:
            rates = one_at_a_time(steps)
        return tf.cast(rates, plan.program.network.dtype)

    return following
