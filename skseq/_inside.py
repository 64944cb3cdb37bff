"""The network inside of pipelines, searches and transformed targets."""

from __future__ import annotations

from typing import Any

__all__ = ["network_in", "network_with"]


def network_in(estimator: Any) -> Any:
    """Return the last estimator inside of others, the fitted one where there is one."""
    return network_with(estimator, None)[0]


def network_with(estimator: Any, X: Any) -> tuple[Any, Any]:
    """Return the last estimator inside of others, and X as it comes there.

    Parameters
    ----------
    estimator : estimator
        Fitted, unless X is None.
    X : array-like or list, or None
        None where only the estimator is wanted.
    """
    while True:
        if hasattr(estimator, "best_estimator_"):
            estimator = estimator.best_estimator_
        elif hasattr(estimator, "regressor_"):
            estimator = estimator.regressor_
        elif hasattr(estimator, "steps"):
            if X is not None and len(estimator.steps) > 1:
                X = estimator[:-1].transform(X)
            estimator = estimator.steps[-1][1]
        else:
            return estimator, X
