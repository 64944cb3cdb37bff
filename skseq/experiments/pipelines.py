"""From an entry of the configuration to an estimator that scikit-learn can search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import Pipeline

import skseq.estimators
from skseq.experiments import registry


def build(spec: Mapping[str, Any]) -> BaseEstimator:
    """Return the estimator of a problem: its transformers, then its network.

    Parameters
    ----------
    spec : mapping
        Entries `transformers`, `target_transform` and `estimator` of the problem.

    Returns
    -------
    Pipeline or TransformedTargetRegressor
        The latter where targets are scaled, so that predictions and errors are in the
        original units. Every scaler learns from the rows of a fit alone.
    """
    network = getattr(skseq.estimators, spec["estimator"]["name"])(
        **spec["estimator"]["params"]
    )
    if spec["estimator"]["carry_state"]:
        network.set_fit_request(groups=True)
        network.set_predict_request(groups=True)
    steps = [
        (f"step{i}", registry.build("transformer", e))
        for i, e in enumerate(spec["transformers"])
    ]
    pipeline = Pipeline([*steps, ("model", network)])
    if spec["target_transform"] is None:
        return pipeline
    return TransformedTargetRegressor(
        pipeline, transformer=registry.build("transformer", spec["target_transform"])
    )


def model_params(spec: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters of the network under the names that the whole knows them by.

    Parameters
    ----------
    spec : mapping
        Entries of the problem, as `build` takes them.
    params : mapping
        Parameters of the network by name.

    Returns
    -------
    dict
        The same values, for `set_params` or a parameter grid.
    """
    prefix = "model__" if spec["target_transform"] is None else "regressor__model__"
    return {f"{prefix}{name}": value for name, value in params.items()}


def network_of(estimator: BaseEstimator) -> Any:
    """Return the fitted network inside a fitted estimator that `build` returned."""
    pipeline = getattr(estimator, "regressor_", estimator)
    return pipeline[-1]
