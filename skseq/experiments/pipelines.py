"""From an entry of the configuration to an estimator that scikit-learn can search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import Pipeline

import skseq.estimators
from skseq.baselines import CorrectedForecaster
from skseq.experiments import registry


def build(spec: Mapping[str, Any]) -> BaseEstimator:
    """Return the estimator of a problem: its transformers, then its network.

    Parameters
    ----------
    spec : mapping
        Entries `transformers`, `target_transform` and `estimator` of the problem.

    Returns
    -------
    Pipeline, TransformedTargetRegressor or CorrectedForecaster
        The second where targets are scaled, so that predictions and errors are in the
        original units; every scaler learns from the rows of a fit alone. The third
        where the network corrects a rule.
    """
    entry = spec["estimator"]
    # Routed parameters are none of the constructor's.
    network = getattr(skseq.estimators, entry["name"])().set_params(**entry["params"])
    # Groups always reach the splitter; the network asks for them or declines.
    network.set_fit_request(groups=entry["carry_state"])
    if entry["carry_state"]:
        network.set_predict_request(groups=True)
    steps = [
        (f"step{i}", registry.build("transformer", e))
        for i, e in enumerate(spec["transformers"])
    ]
    whole: BaseEstimator = Pipeline([*steps, ("model", network)])
    if spec["target_transform"]:
        scaler = registry.build("transformer", spec["target_transform"])
        whole = TransformedTargetRegressor(whole, transformer=scaler)
    if entry["corrects"]:
        rule = registry.build("baseline", entry["corrects"])
        whole = CorrectedForecaster(rule, whole)
    return whole


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
    wrappers = [spec["target_transform"], spec["estimator"]["corrects"]]
    prefix = "regressor__" * sum(wrapper is not None for wrapper in wrappers)
    return {f"{prefix}model__{name}": value for name, value in params.items()}


def network_of(estimator: BaseEstimator) -> Any:
    """Return the fitted network inside a fitted estimator that `build` returned."""
    while hasattr(estimator, "regressor_"):
        estimator = estimator.regressor_
    return estimator[-1]


def predict_or_fail(estimator: BaseEstimator, X: Any, **groups: Any) -> Any:
    """Return predictions, or None where there are none because training diverged.

    Parameters
    ----------
    estimator : estimator
        A fitted estimator that `build` returned.
    X : array-like
        Rows to predict.
    **groups : array-like
        What state is carried by, if it is.

    Returns
    -------
    ndarray or None
        The predictions; None if the network's loss or weights are not finite, or a
        number that it predicts is not.

    Raises
    ------
    ValueError
        If predicting fails for any other reason.
    """
    try:
        predicted = np.asarray(estimator.predict(X, **groups))
    except ValueError:
        if _diverged(network_of(estimator)):
            return None
        raise
    if predicted.dtype.kind == "f" and not np.isfinite(predicted).all():
        return None
    return predicted


def _diverged(network: Any) -> bool:
    numbers = [np.asarray(network.loss_curve_), *map(np.asarray, network.weights_)]
    return not all(np.isfinite(values).all() for values in numbers)
