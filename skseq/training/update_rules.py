"""Adam, SGD and RMSprop as pure functions: gradients in, new weights out.

Keras' optimizers on TensorFlow keep their slots in variables and refuse
``stateless_apply``; variables inside the compiled loop are what costs most
there.  Each rule follows the Keras optimizer of its name to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from skseq.training.options import CLIPPING, OPTIMIZER_OPTIONS

__all__ = ["UpdateRule"]


@dataclass(frozen=True)
class UpdateRule:
    """The form of an update; its numbers are inputs of the program.

    Attributes
    ----------
    optimizer : {"adam", "sgd", "rmsprop"}
        The Keras optimizer that it follows.
    momentum, nesterov, decay : bool
        Whether these parts of it are used at all.
    clipping : {"clipnorm", "global_clipnorm", "clipvalue"} or None
        How gradients are clipped.
    """

    optimizer: str
    momentum: bool = False
    nesterov: bool = False
    decay: bool = False
    clipping: str | None = None

    @classmethod
    def from_options(
        cls, optimizer: str, learning_rate: float, options: dict, dtype: str
    ) -> tuple[UpdateRule, np.ndarray]:
        """Split an optimizer's options into the rule and its numbers.

        Parameters
        ----------
        optimizer : str
            A key of ``OPTIMIZER_OPTIONS``.
        learning_rate : float
            Step size.
        options : dict
            Some of the optimizer's own options and of ``CLIPPING``, under
            Keras' names.
        dtype : str
            Of the numbers.

        Returns
        -------
        rule : UpdateRule
        numbers : ndarray
            What :meth:`apply` takes as ``numbers``.
        """
        values = {**OPTIMIZER_OPTIONS[optimizer], **options}
        clipping = next((c for c in CLIPPING if values.get(c) is not None), None)
        rule = cls(
            optimizer,
            momentum=bool(values.get("momentum")),
            nesterov=bool(values.get("nesterov")),
            decay=bool(values.get("weight_decay")),
            clipping=clipping,
        )
        own = [float(values[name]) for name in OPTIMIZER_OPTIONS[optimizer]]
        rests = [1 - values[name] for name in _averaged(optimizer)]
        numbers = [learning_rate, values.get(clipping, 0.0), *own, *rests]
        return rule, np.array(numbers, dtype)

    @property
    def n_slots(self) -> int:
        """Arrays kept beside each weight array."""
        if self.optimizer == "adam":
            return 2
        return int(self.momentum) + (self.optimizer == "rmsprop")

    def apply(self, weights, gradients, slots, step, numbers):
        """One update.

        Parameters
        ----------
        weights, gradients : sequence of tensor
            Like to like.
        slots : sequence of tensor
            ``n_slots`` for each weight array, weight by weight.
        step : tensor
            Number of this update, from 1, in the weights' dtype.
        numbers : tensor
            From :meth:`from_options`.

        Returns
        -------
        weights, slots : tuple of tensor
        """
        rate, limit = numbers[0], numbers[1]
        names = [
            *OPTIMIZER_OPTIONS[self.optimizer],
            *(f"1 - {name}" for name in _averaged(self.optimizer)),
        ]
        own = {name: numbers[2 + place] for place, name in enumerate(names)}
        gradients = _clipped(gradients, self.clipping, limit)
        if self.decay:
            weights = [w - w * own["weight_decay"] * rate for w in weights]
        step_of = _RULES[self.optimizer](self, rate, step, own)
        n = self.n_slots
        moved, kept = [], []
        for place, (weight, gradient) in enumerate(
            zip(weights, gradients, strict=True)
        ):
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


def _averaged(optimizer: str) -> list[str]:
    """Options that are the old value's share of a running average.

    What they leave to 1 is a number of its own: taken from 0.999 as float32
    rounds it, it would be off by 5e-5, where Keras takes it in double precision.
    """
    return [n for n in OPTIMIZER_OPTIONS[optimizer] if n in ("beta_1", "beta_2", "rho")]


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
