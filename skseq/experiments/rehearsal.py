"""What only shows when data are there: a problem gone through once, without training.

Forms and names are checked by `skseq.experiments.config`. Whether a file can be read, a
lag fits into its sequences, a split finds rows enough, or a metric can score the
targets is found by drawing the data and going through every step but the network's fit,
on few rows, before the first job starts.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.pipeline import make_pipeline
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import type_of_target

from skseq.baselines import CorrectedForecaster
from skseq.experiments import registry
from skseq.experiments.data import (
    BASE,
    Arrays,
    Sample,
    cases,
    draw_repeats,
    draw_search,
    repeat_sample,
    search_sample,
)
from skseq.experiments.evaluate import fitted_baseline, oracle_value, seen_by
from skseq.experiments.fresh import Source
from skseq.experiments.search import splits_of
from skseq.experiments.streams import seed_for

# Rows that transformers, metrics and baselines are tried on.
_FEW = 50


class _Mistake(Exception):
    """Something that would fail a job, with the place in the entry that it is about."""


def rehearse(problem: str, seed: int, entry: Mapping[str, Any]) -> str:
    """Go through a problem without training and say what would fail.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    entry : mapping
        Entry of the problem, completed.

    Returns
    -------
    str
        The first thing that would fail, with its place, or an empty text.
    """
    try:
        with warnings.catch_warnings():
            # Warnings of so few rows mean nothing.
            warnings.simplefilter("ignore")
            _go_through(problem, seed, entry)
    except _Mistake as mistake:
        return f"problems.{problem}.{mistake}"
    return ""


@contextmanager
def _about(place: str) -> Iterator[None]:
    try:
        yield
    except _Mistake:
        raise
    # Whatever a library raises here it would raise in a job.
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise _Mistake(f"{place}: {said}") from error


def _go_through(problem: str, seed: int, entry: Mapping[str, Any]) -> None:
    data = entry["data"]
    _find_file(data)
    if data["stream"]:
        _try_stream(problem, seed, entry)
        return
    with _about("data"):
        searched = draw_search(problem, seed, data)
        # One stands for all, unless sequences are of other lengths in each.
        enough = entry["repeats"] if _lengths_vary(problem, seed, data) else 1
        drawn = draw_repeats(problem, seed, enough, data)
        _ask_for_one_length(drawn, data)
    with _about("framing" if entry["framing"] else "data"):
        sample = search_sample(searched, entry)
        _ask_for_rows("search", sample)
        samples = [("search", sample)] + [
            (use, repeat_sample(drawn, entry, use, 0, case))
            for case in cases(data)
            for use in ("train", "test")
            if case.trains or use == "test"
        ]
        for use, one in samples[1:]:
            _ask_for_rows(use, one)
    with _about("cv"):
        for train, test in splits_of(entry["cv"], sample):
            _ask_for_rows("search", Sample(sample.X[train], sample.y[train]))
            _ask_for_rows("search", Sample(sample.X[test], sample.y[test]))
    for use, one in samples:
        # A few rows may not have every label.
        if use != "test":
            _try_weights(entry, one.y)
        if use != "test":
            with _about("estimator.params.early_stopping"):
                _ask_for_rows_to_hold_out(entry, len(one.X))
        _try_fit(entry, _some(one), fit=use != "test")
        _try_metrics(entry, _some(one).y)
    for index, baseline in enumerate(entry["baselines"]):
        with _about(f"baselines[{index}]"):
            _try_baseline(entry, baseline, drawn)
    if "influence" in entry["figures"]:
        with _about("figures"):
            first = next(one for use, one in samples if use == "test")
            _ask_for_rows_to_exchange(first.X)


def _try_stream(problem: str, seed: int, entry: Mapping[str, Any]) -> None:
    """Try what comes before the network, and the stop, on the first sequences."""
    data = entry["data"]
    for case in cases(data):
        source = Source(data, case, seed_for(seed, problem, "test data", 0))
        with _about("data"):
            first = source.draw(min(data["stream"]["block"], _FEW))
        _try_fit(entry, Sample(first.X, first.y), fit=True)
        with _about("until"):
            kind = entry["until"]["kind"]
            if kind != "strings" and first.y.ndim > 1:
                raise ValueError(
                    f"{kind!r} asks for one answer to a sequence; got "
                    f"{first.y.shape[1]} of each."
                )


def _find_file(data: Mapping[str, Any]) -> None:
    path = data["params"].get("path")
    if isinstance(path, (str, os.PathLike)) and not Path(path).is_file():
        raise _Mistake(
            f"data.params.path: there is no file {os.fspath(path)!r} in {os.getcwd()}; "
            "give the path of one from where the run is started."
        )


def _lengths_vary(problem: str, seed: int, data: Mapping[str, Any]) -> bool:
    if not data["sizes"]:
        return False
    few = {**data, "sizes": dict.fromkeys(data["sizes"], 2)}
    drawn = (draw_search(problem, seed + other, few)["X"] for other in range(8))
    return len({X.shape for X in drawn}) > 1


def _ask_for_one_length(drawn: Arrays, data: Mapping[str, Any]) -> None:
    """Refuse tables whose columns are not those of the fit; steps may be any number."""
    for case in cases(data):
        found = [drawn.get(f"{case.prefix}{use}.X") for use in ("train", "test")]
        shapes = [X.shape[2:] for X in found if X is not None and X.ndim == 3]
        if len(set(shapes)) > 1 and not data["sweep"]:
            raise ValueError(
                f"sequences have up to {shapes[0][0]} steps for training and "
                f"{shapes[1][0]} for testing; draw more, so that both reach the most."
            )


def _ask_for_rows(use: str, sample: Sample) -> None:
    if not len(sample.X):
        raise ValueError(f"no row is left for the {use} data; give it more.")


def _ask_for_rows_to_exchange(X: np.ndarray) -> None:
    if len(X) < 2:
        raise ValueError(
            "influence exchanges steps between rows of the test data, of which there "
            "is one; give them more, or leave the figure out."
        )


def _ask_for_rows_to_hold_out(entry: Mapping[str, Any], n_rows: int) -> None:
    """Raise ValueError where early stopping would leave no row to train on."""
    if True not in _values_of("early_stopping", entry):
        return
    # The default of the estimators where nothing else is said.
    for share in _values_of("validation_fraction", entry) or [0.1]:
        if n_rows - math.ceil(share * n_rows) < 1:
            raise ValueError(
                f"early_stopping holds out validation_fraction={share} of {n_rows} "
                "rows and leaves none to train on; give more rows, or set "
                "early_stopping: false."
            )


def _some(sample: Sample) -> Sample:
    """Return a few rows, of every label if possible."""
    labels = sample.y if sample.y.ndim == 1 else sample.y[:, -1]
    first = np.unique(labels, return_index=True)[1][:_FEW]
    rows = np.union1d(first, np.arange(min(_FEW, len(labels))))
    groups = None if sample.groups is None else sample.groups[rows]
    return Sample(sample.X[rows], sample.y[rows], groups)


def _try_fit(entry: Mapping[str, Any], sample: Sample, *, fit: bool) -> None:
    """Try what comes before the network, and that the network can take it."""
    X = sample.X
    with _about("transformers"):
        steps = [registry.build("transformer", step) for step in entry["transformers"]]
        if steps:
            X = make_pipeline(*steps).fit_transform(X)
    with _about("target_transform"):
        if entry["target_transform"] and fit:
            scaler = registry.build("transformer", entry["target_transform"])
            scaler.fit(sample.y.reshape(len(sample.y), -1))
    with _about("estimator"):
        # One-hot steps may be a list of sparse arrays.
        steps = X[0].toarray() if isinstance(X, list) else np.asarray(X)
        _check_network(entry["estimator"], steps, sample.y)
        for n_outputs in _values_of("n_outputs", entry):
            _check_outputs(n_outputs, sample.y)
        name = entry["estimator"]["name"]
        if name in ("EncoderDecoderEcho", "EncoderDecoderRegressor"):
            for steps in _values_of("truncated_bptt_steps", entry):
                _check_truncation(name, steps, np.shape(X)[1])
    with _about("estimator.corrects"):
        if entry["estimator"]["corrects"]:
            rule = registry.build("baseline", entry["estimator"]["corrects"])
            CorrectedForecaster(rule, DummyRegressor()).fit(sample.X, sample.y)


def _check_truncation(name: str, steps: int | None, n_timesteps: int) -> None:
    if steps is not None and steps < n_timesteps:
        raise ValueError(
            f"truncated_bptt_steps={steps} is less than the {n_timesteps} steps of a "
            f"row, after which {name} decodes; leave it out."
        )


def _try_weights(entry: Mapping[str, Any], y: np.ndarray) -> None:
    with _about("estimator.class_weight"):
        for weight in _values_of("class_weight", entry):
            if weight is not None:
                labels = np.unique(y)
                compute_class_weight(weight, classes=labels, y=y.ravel())


def _values_of(parameter: str, entry: Mapping[str, Any]) -> list[Any]:
    """Return what a parameter of the network is in any of its configurations."""
    given = [entry["estimator"]["params"], entry["published_params"] or {}]
    one = [params[parameter] for params in given if parameter in params]
    return [*one, *entry["grid"].get(parameter, [])]


def _check_outputs(n_outputs: int | None, y: np.ndarray) -> None:
    width = y.shape[1] if y.ndim > 1 else 1
    if n_outputs is not None and n_outputs != width:
        raise ValueError(
            f"n_outputs={n_outputs}, but a row has {width} targets; leave it out to "
            "read it from them."
        )


def _check_network(estimator: Mapping[str, Any], X: np.ndarray, y: np.ndarray) -> None:
    name = estimator["name"]
    if X.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} reads numbers; got values such as {X.flat[0]!r}. Code symbols by "
            "OneHotSequence among 'transformers'."
        )
    if name.endswith("Regressor"):
        if y.dtype.kind not in "biuf":
            raise ValueError(
                f"{name} forecasts numbers; got {y.flat[0]!r} as a target."
            )
    elif type_of_target(y.ravel()).startswith("continuous"):
        raise ValueError(
            f"{name} tells labels apart; got numbers such as {y.flat[0]!r} as targets, "
            "which StatefulLSTMRegressor forecasts."
        )


def _try_metrics(entry: Mapping[str, Any], y: np.ndarray) -> None:
    for metric in entry["metrics"]:
        with _about(f"the metric {metric}"):
            float(registry.metric(metric, entry["framing"])(y, y))


def _try_baseline(
    entry: Mapping[str, Any], baseline: Mapping[str, Any], drawn: Arrays
) -> None:
    spec = {**entry, "framing": baseline["framing"] or entry["framing"]}
    trained: dict[str, Any] = {}
    for case in cases(entry["data"]):
        test = _some(repeat_sample(drawn, spec, "test", 0, case))
        if baseline["name"] in registry.names("oracle"):
            oracle_value(baseline, test)
            continue
        owner = case if case.trains else BASE
        if owner.label not in trained:
            train = _some(repeat_sample(drawn, spec, "train", 0, owner))
            trained[owner.label] = fitted_baseline(spec, _quick(baseline), train, 0)
        # One that diverges is a result.
        if trained[owner.label] is not None:
            predicted = trained[owner.label].predict(seen_by(baseline, test)[0])
            np.asarray(predicted).reshape(test.y.shape)


def _quick(baseline: Mapping[str, Any]) -> Mapping[str, Any]:
    if "max_iter" not in registry.parameters("baseline", baseline["name"]):
        return baseline
    return {**baseline, "params": {**baseline["params"], "max_iter": 1}}
