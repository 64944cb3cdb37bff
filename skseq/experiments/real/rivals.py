"""What the networks are measured against, most of it aeon's."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq.experiments.real.classification import Part
from skseq.experiments.real.forecasting import (
    Corrected,
    first_origin,
    forecasts,
    rules,
)
from skseq.experiments.streams import seed_for

__all__ = [
    "CLASSIFIERS",
    "answers_of_classifiers",
    "answers_of_forecasters",
    "rivals_of_problem",
]


@dataclass(frozen=True)
class Classifier:
    """A rival: what it is, how it sees sequences, and whether it draws anything."""

    make: Callable[[Mapping[str, Any]], Any]
    sees: str
    draws: bool = False


def _of_aeon(module: str, name: str) -> Callable[[Mapping[str, Any]], Any]:
    def make(params: Mapping[str, Any]) -> Any:
        found = import_module(f"aeon.classification.{module}")
        return getattr(found, name)(**params)

    return make


def _deep(params: Mapping[str, Any]) -> Any:
    """Make aeon's network of dense layers, with Adam for the few epochs that it gets.

    It writes itself to disk whenever its loss is the least so far, and reads that back,
    which takes longer than to train; so it is shown a loss in the last epoch only.
    """
    deep = import_module("aeon.classification.deep_learning").MLPClassifier
    keras = import_module("keras")
    last = params["n_epochs"] - 1

    def hide(epoch: int, logs: dict[str, float]) -> None:
        if epoch < last:
            logs["loss"] = math.inf

    return deep(
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=hide)],
        optimizer=keras.optimizers.Adam(),
        file_path=f"{tempfile.gettempdir()}/",
        **params,
    )


CLASSIFIERS = {
    "majority": Classifier(lambda params: DummyClassifier(**params), "flat"),
    "logistic": Classifier(
        lambda params: make_pipeline(StandardScaler(), LogisticRegression(**params)),
        "flat",
    ),
    "nearest": Classifier(
        _of_aeon("distance_based", "KNeighborsTimeSeriesClassifier"), "uneven"
    ),
    "minirocket": Classifier(
        _of_aeon("convolution_based", "MiniRocketClassifier"), "even", draws=True
    ),
    "deep": Classifier(_deep, "even", draws=True),
}


def answers_of_classifiers(
    name: str, spec: Mapping[str, Any], seeds: int, train: Part, test: Part
) -> dict[str, np.ndarray]:
    """Fit every rival to all training rows, from several seeds where it draws.

    Parameters
    ----------
    name : str
        Name of the problem.
    spec : mapping
        With the parameters of each rival as ``rivals``.
    seeds : int
        How many fits of one that draws.
    train, test : Part
        The published split.

    Returns
    -------
    dict of str to ndarray
        Of each rival ``<name>.answers`` of shape (n_runs, n_test), labels, and
        ``<name>.seconds`` of shape (n_runs,), each of a fit and its answers.
    """
    found: dict[str, np.ndarray] = {}
    for rival, params in spec["rivals"].items():
        kind = CLASSIFIERS[rival]
        X_train, X_test = _seen(kind.sees, train, test)
        answers, seconds = [], []
        for run in range(seeds if kind.draws else 1):
            seed = seed_for(spec["seed"], name, "baseline", run) % 2**31
            drawn = {"random_state": seed} if kind.draws else {}
            learner = kind.make({**params, **drawn})
            start = time.perf_counter()
            learner.fit(X_train, train.labels)
            answers.append(np.asarray(learner.predict(X_test)).astype(str))
            seconds.append(time.perf_counter() - start)
        found[f"{rival}.answers"] = np.stack(answers)
        found[f"{rival}.seconds"] = np.array(seconds)
    return found


def _seen(sees: str, train: Part, test: Part) -> tuple[Any, Any]:
    """Bring sequences into the form that a rival takes."""
    rows = [row.T for row in train.sequences], [row.T for row in test.sequences]
    lengths = {row.shape[1] for part in rows for row in part}
    if sees == "uneven" and len(lengths) > 1:
        return rows
    # What is shorter goes on with its last value.
    even = [np.stack([_prolonged(row, max(lengths)) for row in part]) for part in rows]
    if sees == "flat":
        even = [part.reshape(len(part), -1) for part in even]
    return even[0], even[1]


def _prolonged(row: np.ndarray, length: int) -> np.ndarray:
    return np.pad(row, [(0, 0), (0, length - row.shape[1])], "edge")


def answers_of_forecasters(
    spec: Mapping[str, Any], values: np.ndarray
) -> dict[str, np.ndarray]:
    """Forecast from every origin of the last third by all that draws nothing.

    Parameters
    ----------
    spec : mapping
        With ``horizons``, and ``period`` and ``lags`` of the problem.
    values : ndarray of shape (n_timesteps,)
        The whole series.

    Returns
    -------
    dict of str to ndarray
        Of each rule, of ``linear`` and of ``smoothing`` the ``.answers`` of shape (1,
        n_horizons, n_origins) and the ``.seconds`` of shape (1, n_horizons).
    """
    horizons, problem = spec["horizons"], spec["problem"]
    first = first_origin(values)
    start = time.perf_counter()
    said = rules(values, first, horizons, problem["period"])
    each = (time.perf_counter() - start) / len(said)
    took = dict.fromkeys(said, each)
    # As steps: a straight line through the lags, started from their mean.
    linear = Corrected(LinearRegression(), rule="mean", **problem)
    start = time.perf_counter()
    said["linear"] = forecasts(linear, values, first, problem["lags"], horizons)
    took["linear"] = time.perf_counter() - start
    start = time.perf_counter()
    said["smoothing"] = _smoothed(values, first, horizons, problem["period"])
    took["smoothing"] = time.perf_counter() - start
    shape = (1, len(horizons))
    return {f"{name}.answers": said[name][np.newaxis] for name in said} | {
        f"{name}.seconds": np.full(shape, took[name]) for name in took
    }


def _smoothed(
    values: np.ndarray, first: int, horizons: list[int], period: int
) -> np.ndarray:
    """Forecast by exponential smoothing, chosen and fitted anew at every origin."""
    kind = import_module("aeon.forecasting.stats").AutoETS
    said = [
        kind(seasonal_period=period).iterative_forecast(values[:origin], max(horizons))
        for origin in range(first, len(values))
    ]
    return np.stack(said)[:, np.array(horizons) - 1].T


def rivals_of_problem(
    kind: str,
    name: str,
    spec: Mapping[str, Any],
    seeds: int,
    arrays: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Ask all rivals of a problem, whichever kind it is of."""
    if kind == "forecasting":
        return answers_of_forecasters(spec, arrays["values"])
    parts = Part.of(arrays, "train"), Part.of(arrays, "test")
    return answers_of_classifiers(name, spec, seeds, *parts)
