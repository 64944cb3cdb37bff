"""Many fits of a configuration, each from a fresh seed on its own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator

from skseq.experiments.data import Arrays, Sample, cases, repeat_sample
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
    arrays: dict[str, Any] = {}
    models: dict[str, Any] = {}
    with sklearn.config_context(enable_metadata_routing=True):
        for name, params in spec["configurations"].items():
            fits = []
            for repeat in range(repeats):
                random_state = seed_for(seed, problem, "fit", repeat)
                estimators, found = _run(
                    spec, {**params, "random_state": random_state}, drawn, repeat
                )
                fits.append({key.replace("*", name): found[key] for key in found})
                models.setdefault(name, estimators[0])
            for key in fits[0]:
                arrays[key] = _stack([fit[key] for fit in fits])
    return arrays, models


def _run(
    spec: Mapping[str, Any], params: Mapping[str, Any], drawn: Arrays, repeat: int
) -> tuple[list[BaseEstimator], Arrays]:
    """Fit and test one repeat of one configuration, which is called * in the names."""
    carry_state = spec["estimator"]["carry_state"]

    def more(sample: Sample) -> dict[str, Any]:
        return {"groups": sample.groups} if carry_state else {}

    estimators: list[BaseEstimator] = []
    found: Arrays = {}
    for case in cases(spec["data"]):
        if case.trains:
            train = repeat_sample(drawn, spec, "train", repeat, case)
            estimator = build(spec).set_params(**model_params(spec, params))
            estimators.append(estimator.fit(train.X, train.y, **more(train)))
            losses = network_of(estimator).loss_curve_
            found[f"{case.prefix}*.loss"] = np.asarray(losses, dtype=float)
            if spec["score_train"]:
                predicted = estimator.predict(train.X, **more(train))
                found[f"{case.prefix}*.train"] = _like(predicted, train.y)
        test = repeat_sample(drawn, spec, "test", repeat, case)
        predicted = estimators[-1].predict(test.X, **more(test))
        found[f"{case.prefix}*.test"] = _like(predicted, test.y)
    return estimators, found


def _like(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return predicted symbols in the compact type of the data; numbers as they are."""
    symbols = predicted.dtype.kind in "iu" and y.dtype.kind in "iu"
    return predicted.astype(y.dtype) if symbols else predicted


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
