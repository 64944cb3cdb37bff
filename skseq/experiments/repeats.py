"""Many fits of a configuration, each from a fresh seed on its own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator

from skseq.experiments.data import Arrays, Sample, cases, repeat_sample
from skseq.experiments.pipelines import (
    build,
    model_params,
    network_of,
    predict_or_fail,
)
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
        ``<name>.train`` where training data are scored too. Where a fit diverged there
        is ``<name>.failed`` of shape ``(repeats,)`` as well: the predictions of the
        repeats that it marks are NaN, or the first symbol, and mean nothing.
    models : dict of str to estimator
        The first fit of each configuration that did not diverge; the last if all did.
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
                if not any(found[key] for key in found if key.endswith(".failed")):
                    models.setdefault(name, estimators[0])
            models.setdefault(name, estimators[0])
            for key in fits[0]:
                if not key.endswith(".failed") or any(fit[key] for fit in fits):
                    arrays[key] = stack([fit[key] for fit in fits])
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
        answers = {}
        if case.trains:
            train = repeat_sample(drawn, spec, "train", repeat, case)
            estimator = build(spec).set_params(**model_params(spec, params))
            estimators.append(estimator.fit(train.X, train.y, **more(train)))
            losses = network_of(estimator).loss_curve_
            found[f"{case.prefix}*.loss"] = np.asarray(losses, dtype=float)
            if spec["score_train"]:
                predicted = predict_or_fail(estimator, train.X, **more(train))
                answers["train"] = predicted, train.y
        test = repeat_sample(drawn, spec, "test", repeat, case)
        predicted = predict_or_fail(estimators[-1], test.X, **more(test))
        answers["test"] = predicted, test.y
        for use, (predicted, y) in answers.items():
            found[f"{case.prefix}*.{use}"] = _like(predicted, y)
        failed = any(predicted is None for predicted, _ in answers.values())
        found[f"{case.prefix}*.failed"] = np.array(failed)
    return estimators, found


def _like(predicted: np.ndarray | None, y: np.ndarray) -> np.ndarray:
    """Return predicted symbols in the compact type of the data; numbers as they are."""
    if predicted is None:
        return np.full_like(y, y.flat[0] if y.dtype.kind != "f" else np.nan)
    symbols = predicted.dtype.kind in "iu" and y.dtype.kind in "iu"
    return predicted.astype(y.dtype) if symbols else predicted


def stack(parts: list[np.ndarray]) -> np.ndarray:
    """Stack arrays; loss curves of unequal length end in NaN."""
    if len({part.shape for part in parts}) == 1:
        return np.stack(parts)
    longest = max(len(part) for part in parts)
    return np.stack(
        [
            np.pad(part, (0, longest - len(part)), constant_values=np.nan)
            for part in parts
        ]
    )
