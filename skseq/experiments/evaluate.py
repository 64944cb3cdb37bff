"""Scores of every repeat, of the configurations and of naive baselines beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skseq.experiments import registry
from skseq.experiments.data import BASE, Arrays, Case, Sample, cases, repeat_sample
from skseq.experiments.streams import seed_for

CONFIGURATIONS = ("searched", "published")


def evaluate(
    problem: str,
    seed: int,
    repeats: int,
    spec: Mapping[str, Any],
    drawn: Arrays,
    predictions: Arrays,
) -> tuple[list[dict[str, Any]], Arrays]:
    """Score all configurations and baselines of a problem over the same repeats.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    repeats : int
        Number of repeats.
    spec : mapping
        Entries of the problem that say what to score.
    drawn : dict of str to ndarray
        What `skseq.experiments.data.draw_repeats` drew.
    predictions : dict of str to ndarray
        What `skseq.experiments.repeats.run_repeats` predicted.

    Returns
    -------
    scores : list of dict
        Tidy rows with `skseq.experiments.tables.SCORE_COLUMNS`.
    baselines : dict of str to ndarray
        Predictions of the baselines, ``<label>.test`` of shape ``(repeats, ...)``, in
        a sweep behind the case.
    """
    rows: list[dict[str, Any]] = []
    answers: dict[str, list[np.ndarray]] = {}
    for case in cases(spec["data"]):
        for repeat in range(repeats):
            owner = {"problem": problem, "case": case.label, "repeat": repeat}
            for name, data, y_true, y_pred in _configurations(
                spec, case, drawn, repeat, predictions
            ):
                of = {**owner, "configuration": name, "name": "", "data": data}
                rows += _scored(spec, of, y_true, y_pred)
            for index, entry in enumerate(spec["baselines"]):
                of = {**owner, "configuration": "baseline", "name": entry["label"]}
                if entry["name"] in registry.names("oracle"):
                    rows.append(_best(spec, entry, of, drawn, repeat, case))
                    continue
                random_state = seed_for(seed, problem, "baseline", index, repeat)
                fitted = _baseline(spec, entry, drawn, repeat, case, random_state)
                for data, y_true, y_pred in fitted:
                    rows += _scored(spec, {**of, "data": data}, y_true, y_pred)
                    key = f"{case.prefix}{entry['label']}.{data}"
                    answers.setdefault(key, []).append(y_pred)
    return rows, {name: np.stack(parts) for name, parts in answers.items()}


def _configurations(
    spec: Mapping[str, Any], case: Case, drawn: Arrays, repeat: int, predictions: Arrays
) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    for data in ("train", "test"):
        found = [
            (name, predictions[f"{case.prefix}{name}.{data}"][repeat])
            for name in CONFIGURATIONS
            if f"{case.prefix}{name}.{data}" in predictions
        ]
        if found:
            y_true = repeat_sample(drawn, spec, data, repeat, case).y
            yield from ((name, data, y_true, y_pred) for name, y_pred in found)


def _scored(
    spec: Mapping[str, Any], owner: Mapping[str, Any], y_true: Any, y_pred: Any
) -> Iterator[dict[str, Any]]:
    for metric in spec["metrics"]:
        value = float(registry.metric(metric, spec["framing"])(y_true, y_pred))
        yield {**owner, "metric": metric, "value": value}


def _best(
    spec: Mapping[str, Any],
    entry: Mapping[str, Any],
    owner: Mapping[str, Any],
    drawn: Arrays,
    repeat: int,
    case: Case,
) -> dict[str, Any]:
    """Return the score that no rule of a kind can exceed on the very test data."""
    test = repeat_sample(drawn, spec, "test", repeat, case)
    X = test.X[:, :, 0] if test.X.ndim == 3 else test.X
    value = float(registry.load("oracle", entry["name"])(X, test.y))
    return {**owner, "data": "test", "metric": spec["metrics"][0], "value": value}


def _baseline(
    spec: Mapping[str, Any],
    entry: Mapping[str, Any],
    drawn: Arrays,
    repeat: int,
    case: Case,
    random_state: int,
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Fit a baseline to the training data of a repeat; give its answers."""
    own = {**spec, "framing": entry["framing"] or spec["framing"]}
    train = repeat_sample(drawn, own, "train", repeat, case if case.trains else BASE)
    estimator = _build(spec, entry, random_state).fit(*_seen(entry, train))
    for data in ("train", "test") if spec["score_train"] else ("test",):
        sample = (
            train if data == "train" else repeat_sample(drawn, own, data, repeat, case)
        )
        X, _ = _seen(entry, sample)
        y_pred = np.asarray(estimator.predict(X)).reshape(sample.y.shape)
        yield data, sample.y, y_pred


def _build(
    spec: Mapping[str, Any], entry: Mapping[str, Any], random_state: int
) -> BaseEstimator:
    estimator = registry.build("baseline", entry)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=random_state)
    if not _learns(entry["name"]):
        return estimator
    steps = [registry.build("transformer", step) for step in spec["transformers"]]
    pipeline = make_pipeline(*steps, FunctionTransformer(_flat), estimator)
    if spec["target_transform"] is None:
        return pipeline
    return TransformedTargetRegressor(
        pipeline, transformer=registry.build("transformer", spec["target_transform"])
    )


def _learns(name: str) -> bool:
    """Return whether a baseline reads its inputs as a network does, scaled or coded.

    The others answer without looking, or are rules about the values themselves.
    """
    return not name.startswith("Dummy") and not name.endswith("Forecaster")


def _seen(entry: Mapping[str, Any], sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows as a baseline sees them: whole, or one step at a time."""
    if entry["sees"] == "row":
        return sample.X, sample.y
    if sample.y.ndim == 1:
        return sample.X[:, -1:], sample.y
    steps = sample.X.reshape(sample.y.size, 1, *sample.X.shape[2:])
    return steps, sample.y.reshape(-1)


def _flat(X: np.ndarray) -> np.ndarray:
    return X.reshape(len(X), -1)
