"""Names and defaults of what training can be told, without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = [
    "CLASSIFIER_LOSSES",
    "CLIPPING",
    "OPTIMIZER_OPTIONS",
    "REGRESSOR_LOSSES",
    "UpdateRule",
    "averaged_options",
]

CLASSIFIER_LOSSES = ("categorical_crossentropy", "binary_crossentropy")
REGRESSOR_LOSSES = ("mean_squared_error", "mean_absolute_error", "huber")

# Each optimizer's own options with Keras' defaults; the learning rate and
# clipping are common to all.
OPTIMIZER_OPTIONS: dict[str, dict[str, float | bool]] = {
    "adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.0},
    "sgd": {"momentum": 0.0, "nesterov": False, "weight_decay": 0.0},
    "rmsprop": {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "weight_decay": 0.0},
}

# At most one of them, as in Keras: each weight array's norm, the norm over all
# of them, or each element.
CLIPPING = ("clipnorm", "global_clipnorm", "clipvalue")


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
            What :func:`skseq.training.update_rules.apply` takes as ``numbers``.
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
        rests = [1 - values[name] for name in averaged_options(optimizer)]
        numbers = [learning_rate, values.get(clipping, 0.0), *own, *rests]
        return rule, np.array(numbers, dtype)

    @property
    def n_slots(self) -> int:
        """Arrays kept beside each weight array."""
        if self.optimizer == "adam":
            return 2
        return int(self.momentum) + (self.optimizer == "rmsprop")


def averaged_options(optimizer: str) -> list[str]:
    """Name the options that are the old value's share of a running average.

    What they leave to 1 is a number of its own: taken from 0.999 as float32
    rounds it, it would be off by 5e-5, where Keras takes it in double precision.
    """
    return [n for n in OPTIMIZER_OPTIONS[optimizer] if n in ("beta_1", "beta_2", "rho")]
