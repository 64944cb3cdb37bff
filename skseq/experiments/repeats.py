"""Many fits of a configuration, each from a fresh seed on its own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, clone

from skseq.experiments.data import Arrays, Sample, repeat_samples
from skseq.experiments.pipelines import build, model_params, network_of
from skseq.experiments.streams import seed_for


def run_repeats(
    problem: str, seed: int, repeats: int, spec: Mapping[str, Any], drawn: Arrays
) -> tuple[Arrays, dict[str, BaseEstimator]]:
    """Fit and test every configuration of a problem, repeat by repeat.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    repeats : int
        Number of fits of each configuration.
    spec : mapping
        Entries of the problem that say how to fit, and `configurations`: parameters of
        the network by name of the configuration.
    drawn : dict of str to ndarray
        What `skseq.experiments.data.draw_repeats` drew.

    Returns
    -------
    arrays : dict of str to ndarray
        For each configuration its predictions of the test data, ``<name>.test`` of
        shape ``(repeats, n_rows, ...)``, its loss curves, ``<name>.loss`` of shape
        ``(repeats, n_epochs)``, ended by NaN where a fit stopped early, and
        ``<name>.train`` where training data are scored too.
    models : dict of str to estimator
        The first fit of each configuration.
    """
    arrays, models = {}, {}
    with sklearn.config_context(enable_metadata_routing=True):
        for name, params in spec["configurations"].items():
            fits = []
            for repeat in range(repeats):
                params = {
                    **params,
                    "random_state": seed_for(seed, problem, "fit", repeat),
                }
                estimator = clone(build(spec)).set_params(**model_params(spec, params))
                train, test = repeat_samples(drawn, spec, repeat)
                fits.append(_fit(spec, estimator, train, test))
                models.setdefault(name, estimator)
            for key in fits[0]:
                arrays[f"{name}.{key}"] = _stack([fit[key] for fit in fits])
    return arrays, models


def _fit(
    spec: Mapping[str, Any], estimator: BaseEstimator, train: Sample, test: Sample
) -> Arrays:
    carry_state = spec["estimator"]["carry_state"]

    def more(sample: Sample) -> dict[str, Any]:
        return {"groups": sample.groups} if carry_state else {}

    estimator.fit(train.X, train.y, **more(train))
    fitted = {
        "loss": np.asarray(network_of(estimator).loss_curve_, dtype=float),
        "test": _like(estimator.predict(test.X, **more(test)), test.y),
    }
    if spec["score_train"]:
        fitted["train"] = _like(estimator.predict(train.X, **more(train)), train.y)
    return fitted


def _like(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return predicted symbols in the compact type of the data; numbers as they are."""
    return predicted.astype(y.dtype) if y.dtype.kind in "iu" else predicted


def _stack(parts: list[np.ndarray]) -> np.ndarray:
    """Stack arrays; loss curves of unequal length end in NaN."""
    longest = max(len(part) for part in parts)
    if all(len(part) == longest for part in parts):
        return np.stack(parts)
    return np.stack(
        [
            np.pad(part, (0, longest - len(part)), constant_values=np.nan)
            for part in parts
        ]
    )
