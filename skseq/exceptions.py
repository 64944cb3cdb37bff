"""Warnings of this package."""

from sklearn.exceptions import ConvergenceWarning

__all__ = ["DivergenceWarning"]


class DivergenceWarning(ConvergenceWarning):
    """Training left the finite numbers; the estimator refuses to predict."""
