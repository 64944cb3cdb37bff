"""What only shows when data are there: a problem gone through once, without training.

Forms and names are checked by `skseq.experiments.config`. Whether a file can be read, a
lag fits into its sequences, a split finds rows enough, or a metric can score the
targets is found by drawing the data and going through every step but the network's fit,
on few rows, before the first job starts.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.utils.multiclass import type_of_target

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
from skseq.experiments.search import splits_of

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
    with _about("data"):
        searched = draw_search(problem, seed, data)
        drawn = draw_repeats(problem, seed, 1, data)
    with _about("framing" if entry["framing"] else "data"):
        sample = search_sample(searched, entry)
        _ask_for_rows("search", sample)
        samples = [
            (use, repeat_sample(drawn, entry, use, 0, case))
            for case in cases(data)
            for use in ("train", "test")
            if case.trains or use == "test"
        ]
        for use, one in samples:
            _ask_for_rows(use, one)
    with _about("cv"):
        for train, test in splits_of(entry["cv"], sample):
            _ask_for_rows("search", Sample(sample.X[train], sample.y[train]))
            _ask_for_rows("search", Sample(sample.X[test], sample.y[test]))
    for use, one in samples:
        _try_fit(entry, _some(one), fit=use == "train")
        _try_metrics(entry, _some(one).y)
    for index, baseline in enumerate(entry["baselines"]):
        with _about(f"baselines[{index}]"):
            _try_baseline(entry, baseline, drawn)


def _find_file(data: Mapping[str, Any]) -> None:
    path = data["params"].get("path")
    if isinstance(path, (str, os.PathLike)) and not Path(path).is_file():
        raise _Mistake(
            f"data.params.path: there is no file {os.fspath(path)!r} in {os.getcwd()}; "
            "give the path of one from where the run is started."
        )


def _ask_for_rows(use: str, sample: Sample) -> None:
    if not len(sample.X):
        raise ValueError(f"no row is left for the {use} data; give it more.")


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
        _check_network(entry["estimator"], np.asarray(X), sample.y)


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
    if name == "Seq2SeqEcho" and y.shape[1:] != X.shape[1:2]:
        raise ValueError(
            f"Seq2SeqEcho has a target for each of {X.shape[1]} steps; got y of shape "
            f"(n_sequences, {', '.join(map(str, y.shape[1:]))})."
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
        predicted = trained[owner.label].predict(seen_by(baseline, test)[0])
        np.asarray(predicted).reshape(test.y.shape)


def _quick(baseline: Mapping[str, Any]) -> Mapping[str, Any]:
    if "max_iter" not in registry.parameters("baseline", baseline["name"]):
        return baseline
    return {**baseline, "params": {**baseline["params"], "max_iter": 1}}
