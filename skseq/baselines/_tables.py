"""Sequences of one value per step as the tables that rules read."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

__all__ = ["one_value_per_step"]


def one_value_per_step(estimator: BaseEstimator, X: Any) -> Any:
    """Return X of shape (n, t, 1) as the table that it is, a table as it is."""
    shape = X.shape if hasattr(X, "shape") else np.asarray(X).shape
    if len(shape) != 3:
        return X
    if shape[2] != 1:
        raise ValueError(
            f"{type(estimator).__name__} reads one value per step, X of shape "
            f"(n_windows, n_timesteps) or (n_windows, n_timesteps, 1); got {shape}."
        )
    return np.asarray(X)[:, :, 0]
