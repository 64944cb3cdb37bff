"""Adam, SGD and RMSprop as pure functions: gradients in, new weights out.

Keras' optimizers on TensorFlow keep their slots in variables and refuse
``stateless_apply``; variables inside the compiled loop are what costs most
there.  Each rule follows the Keras optimizer of its name to rounding.
"""

from __future__ import annotations

import tensorflow as tf

from skseq.training.options import OPTIMIZER_OPTIONS, UpdateRule, averaged_options

__all__ = ["apply"]


def apply(rule: UpdateRule, weights, gradients, slots, step, numbers):
    """One update.

    Parameters
    ----------
    rule : UpdateRule
    weights, gradients : sequence of tensor
        Like to like.
    slots : sequence of tensor
        ``n_slots`` for each weight array, weight by weight.
    step : tensor
        Number of this update, from 1, in the weights' dtype.
    numbers : tensor
        From :meth:`UpdateRule.from_options`.

    Returns
    -------
    weights, slots : tuple of tensor
    """
    rate, limit = numbers[0], numbers[1]
    names = [
        *OPTIMIZER_OPTIONS[rule.optimizer],
        *(f"1 - {name}" for name in averaged_options(rule.optimizer)),
    ]
    own = {name: numbers[2 + place] for place, name in enumerate(names)}
    gradients = _clipped(gradients, rule.clipping, limit)
    if rule.decay:
        weights = [w - w * own["weight_decay"] * rate for w in weights]
    step_of = _RULES[rule.optimizer](rule, rate, step, own)
    n = rule.n_slots
    moved, kept = [], []
    for place, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
        change, new = step_of(gradient, slots[n * place : n * (place + 1)])
        moved.append(weight + change)
        kept.extend(new)
    return tuple(moved), tuple(kept)


def _adam(rule, rate, step, own):
    beta_1, beta_2 = own["beta_1"], own["beta_2"]
    alpha = rate * tf.sqrt(1 - tf.pow(beta_2, step)) / (1 - tf.pow(beta_1, step))

    def change(gradient, slots):
        mean, square = slots
        mean += (gradient - mean) * own["1 - beta_1"]
        square += (gradient * gradient - square) * own["1 - beta_2"]
        return -alpha * mean / (tf.sqrt(square) + own["epsilon"]), (mean, square)

    return change


def _sgd(rule, rate, step, own):
    def change(gradient, slots):
        if not rule.momentum:
            return -rate * gradient, ()
        velocity = slots[0] * own["momentum"] - rate * gradient
        if rule.nesterov:
            return velocity * own["momentum"] - rate * gradient, (velocity,)
        return velocity, (velocity,)

    return change


def _rmsprop(rule, rate, step, own):
    def change(gradient, slots):
        square = own["rho"] * slots[0] + own["1 - rho"] * gradient * gradient
        increment = rate * gradient / tf.sqrt(square + own["epsilon"])
        if not rule.momentum:
            return -increment, (square,)
        velocity = own["momentum"] * slots[1] + increment
        return -velocity, (square, velocity)

    return change


_RULES = {"adam": _adam, "sgd": _sgd, "rmsprop": _rmsprop}


def _clipped(gradients, clipping, limit):
    if clipping is None:
        return gradients
    if clipping == "clipvalue":
        return [tf.clip_by_value(g, -limit, limit) for g in gradients]
    squares = [tf.reduce_sum(g * g) for g in gradients]
    if clipping == "global_clipnorm":
        squares = [tf.add_n(squares)] * len(gradients)
    return [
        g * limit / tf.maximum(tf.sqrt(s), limit)
        for g, s in zip(gradients, squares, strict=True)
    ]
