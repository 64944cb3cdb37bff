"""Names and defaults of what training can be told, without TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

__all__ = [
    "CLASSIFIER_LOSSES",
    "CLIPPING",
    "OPTIMIZER_OPTIONS",
    "REGRESSOR_LOSSES",
    "SCHEDULES",
    "UpdateRule",
    "averaged_options",
    "check_schedule",
    "is_schedule",
    "takes_the_whole_fit",
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

# Keras' schedules of learning rates: what the config of each cannot do without, and
# what else it may have.
SCHEDULES: dict[str, tuple[set[str], set[str]]] = {
    "CosineDecay": (
        {"initial_learning_rate", "decay_steps"},
        {"alpha", "name", "warmup_target", "warmup_steps"},
    ),
    "CosineDecayRestarts": (
        {"initial_learning_rate", "first_decay_steps"},
        {"t_mul", "m_mul", "alpha", "name"},
    ),
    "ExponentialDecay": (
        {"initial_learning_rate", "decay_steps", "decay_rate"},
        {"staircase", "name"},
    ),
    "InverseTimeDecay": (
        {"initial_learning_rate", "decay_steps", "decay_rate"},
        {"staircase", "name"},
    ),
    "PiecewiseConstantDecay": ({"boundaries", "values"}, {"name"}),
    "PolynomialDecay": (
        {"initial_learning_rate", "decay_steps"},
        {"end_learning_rate", "power", "cycle", "name"},
    ),
}
# Those that may leave out how many updates they take: they take those of the whole fit,
# which nobody can count who searches over epochs in folds.
OF_THE_WHOLE_FIT = {"CosineDecay", "PolynomialDecay"}


def is_schedule(value: Any) -> bool:
    """Whether a learning rate is one of Keras' schedules, or a dict that describes one.

    Keras is not imported for that: who has a schedule has imported it.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
    """
    if isinstance(value, Mapping):
        return "class_name" in value
    return not isinstance(value, type) and any(
        kind.__name__ == "LearningRateSchedule" and kind.__module__.startswith("keras.")
        for kind in type(value).__mro__
    )


def check_schedule(value: Any) -> None:
    """Refuse a dict that describes none of Keras' schedules.

    Parameters
    ----------
    value : object
        A learning rate.

    Raises
    ------
    ValueError
        If it is a dict of an unknown class, or the config is not of that class.
    """
    if not isinstance(value, Mapping):
        return
    name, config = value["class_name"], value.get("config")
    if name not in list(SCHEDULES):
        raise ValueError(
            f"learning_rate has class_name={name!r}, which is none of Keras' "
            f"schedules: {list(SCHEDULES)}."
        )
    needed, optional = SCHEDULES[name]
    given = set(config) if isinstance(config, Mapping) else set()
    wrong = sorted(map(str, given - needed - optional))
    counted = {"decay_steps"} if name in OF_THE_WHOLE_FIT else set()
    if missing := sorted(needed - given - counted):
        raise ValueError(
            f"learning_rate is a {name} without {missing} in its config; got "
            f"config={config!r}."
        )
    if wrong:
        raise ValueError(
            f"learning_rate is a {name} with {wrong} in its config; it takes "
            f"{sorted(needed | optional)}."
        )


def takes_the_whole_fit(value: Any) -> bool:
    """Whether a learning rate is a schedule that leaves its ``decay_steps`` to the fit.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
    """
    return (
        isinstance(value, Mapping)
        and value.get("class_name") in OF_THE_WHOLE_FIT
        and "decay_steps" not in (value.get("config") or {})
    )


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
    scheduled : bool
        Whether each update has a learning rate of its own.
    """

    optimizer: str
    momentum: bool = False
    nesterov: bool = False
    decay: bool = False
    clipping: str | None = None
    scheduled: bool = False

    @classmethod
    def from_options(
        cls, optimizer: str, learning_rate: Any, options: dict, dtype: str
    ) -> tuple[UpdateRule, np.ndarray]:
        """Split an optimizer's options into the rule and its numbers.

        Parameters
        ----------
        optimizer : str
            A key of ``OPTIMIZER_OPTIONS``.
        learning_rate : float or schedule
            Step size; of a schedule, each update brings its own.
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
            scheduled=not isinstance(learning_rate, Real),
        )
        own = [float(values[name]) for name in OPTIMIZER_OPTIONS[optimizer]]
        rests = [1 - values[name] for name in averaged_options(optimizer)]
        rate = 0.0 if rule.scheduled else learning_rate
        numbers = [rate, values.get(clipping, 0.0), *own, *rests]
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
