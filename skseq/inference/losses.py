"""Losses in NumPy, from outputs before softmax or sigmoid; what validation data cost.

The same as :mod:`skseq.training.losses` compiles, one number per output step.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

__all__ = ["LOSSES"]


def _of_target(targets, outputs):
    return np.take_along_axis(outputs, targets[..., None], axis=-1)[..., 0]


def _categorical_crossentropy(targets, outputs):
    return logsumexp(outputs, axis=-1) - _of_target(targets, outputs)


def _binary_crossentropy(targets, outputs):
    away = np.logaddexp(0, outputs).mean(axis=-1)
    return away - _of_target(targets, outputs) / outputs.shape[-1]


def _mean_squared_error(targets, outputs):
    return ((outputs - targets) ** 2).mean(axis=-1)


def _mean_absolute_error(targets, outputs):
    return np.abs(outputs - targets).mean(axis=-1)


def _huber(targets, outputs):
    error = np.abs(outputs - targets)
    return np.where(error <= 1, error * error / 2, error - 0.5).mean(axis=-1)


LOSSES = {
    "categorical_crossentropy": _categorical_crossentropy,
    "binary_crossentropy": _binary_crossentropy,
    "mean_squared_error": _mean_squared_error,
    "mean_absolute_error": _mean_absolute_error,
    "huber": _huber,
}
