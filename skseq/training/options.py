"""Names and defaults of what training can be told, without TensorFlow."""

from __future__ import annotations

__all__ = ["CLASSIFIER_LOSSES", "CLIPPING", "OPTIMIZER_OPTIONS", "REGRESSOR_LOSSES"]

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
