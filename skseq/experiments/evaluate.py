"""Scores of every repeat, of the configurations and of naive baselines beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skseq.baselines import CorrectedForecaster
from skseq.experiments import registry
from skseq.experiments.blocks import interval, resampled_errors
from skseq.experiments.data import (
    BASE,
    Arrays,
    Case,
    Sample,
    cases,
    differs_by_repeat,
    repeat_sample,
    series_positions,
)
from skseq.experiments.streamed_scores import scores_until
from skseq.experiments.streams import seed_for

CONFIGURATIONS = ("searched", "published")


@dataclass(frozen=True)
class Evaluation:
    """What `evaluate` found.

    `scores` are tidy rows with `skseq.experiments.tables.SCORE_COLUMNS`, NaN where a
    repeat failed; `intervals` rows with `tables.INTERVAL_COLUMNS`; `baselines` the
    answers of the baselines, ``<label>.test`` of shape ``(repeats, ...)`` without the
    repeats that failed, in a sweep behind the case.
    """

    scores: list[dict[str, Any]]
    intervals: list[dict[str, Any]]
    baselines: Arrays


@dataclass(frozen=True)
class _Answers:
    """What one configuration or baseline says in one repeat; None if it failed."""

    configuration: str
    name: str
    case: str
    data: str
    repeat: int
    y_true: np.ndarray
    y_pred: np.ndarray | None

    @property
    def owner(self) -> dict[str, Any]:
        keys = ("configuration", "name", "case", "data", "repeat")
        return {key: getattr(self, key) for key in keys}


def evaluate(
    problem: str,
    seed: int,
    repeats: int,
    spec: Mapping[str, Any],
    drawn: Arrays,
    predictions: Arrays,
) -> Evaluation:
    """Score all configurations and baselines of a problem over the same repeats.

    A baseline that draws nothing, on data that are the same in every repeat, has one
    score, however many the repeats.

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
        What `skseq.experiments.data.draw_repeats` drew; nothing where data stream.
    predictions : dict of str to ndarray
        What `skseq.experiments.repeats.run_repeats` predicted, or `blockwise.run_until`
        found.

    Returns
    -------
    Evaluation
        Scores, intervals and answers.
    """
    if spec["until"]:
        return Evaluation(list(scores_until(problem, spec, predictions)), [], {})
    rows: list[dict[str, Any]] = []
    said: list[_Answers] = []
    for case in cases(spec["data"]):
        for repeat in range(repeats):
            answers = list(_configurations(spec, case, drawn, repeat, predictions))
            for index, entry in enumerate(spec["baselines"]):
                if repeat and not _varies(spec, entry):
                    continue
                if entry["name"] in registry.names("oracle"):
                    rows.append(_best(spec, entry, drawn, repeat, case))
                    continue
                random_state = seed_for(seed, problem, "baseline", index, repeat)
                answers += _baseline(spec, entry, drawn, repeat, case, random_state)
            said += answers
            for one in answers:
                rows += _scored(spec, one)
    rows += _losses(spec, predictions)
    intervals: Iterable[dict[str, Any]] = ()
    if spec["data"]["targets"]:
        n_timesteps = len(drawn["all.X"])
        intervals = _intervals(problem, seed, spec, n_timesteps, said)
    return Evaluation(
        [{"problem": problem, **row} for row in rows],
        [{"problem": problem, **row} for row in intervals],
        _baselines_said(said),
    )


def _varies(spec: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    return differs_by_repeat(spec["data"]) or registry.draws(entry)


def _configurations(
    spec: Mapping[str, Any], case: Case, drawn: Arrays, repeat: int, predictions: Arrays
) -> Iterator[_Answers]:
    for data in ("train", "test"):
        for name in CONFIGURATIONS:
            key = f"{case.prefix}{name}"
            if f"{key}.{data}" not in predictions:
                continue
            y_true = repeat_sample(drawn, spec, data, repeat, case).y
            y_pred = predictions[f"{key}.{data}"]
            failed = predictions.get(f"{key}.failed", np.zeros(len(y_pred), bool))
            known = None if failed[repeat] else y_pred[repeat]
            yield _Answers(name, "", case.label, data, repeat, y_true, known)


def _scored(spec: Mapping[str, Any], answers: _Answers) -> Iterator[dict[str, Any]]:
    for metric in spec["metrics"]:
        value = np.nan
        if answers.y_pred is not None:
            function = registry.metric(metric, spec["framing"])
            value = float(function(answers.y_true, answers.y_pred))
        yield {**answers.owner, "metric": metric, "value": value}


def _losses(spec: Mapping[str, Any], predictions: Arrays) -> Iterator[dict[str, Any]]:
    """Give the last loss of every fit where a loss was published to compare it with."""
    if "loss" not in spec["stated"]["published"]:
        return
    for case in cases(spec["data"]):
        for name in CONFIGURATIONS:
            for repeat, curve in enumerate(
                predictions.get(f"{case.prefix}{name}.loss", [])
            ):
                trained = curve[: np.flatnonzero(~np.isnan(curve)).max(initial=-1) + 1]
                yield {
                    **{"configuration": name, "name": "", "case": case.label},
                    **{"metric": "loss", "data": "train", "repeat": repeat},
                    "value": float(trained[-1]) if len(trained) else np.nan,
                }


def _intervals(
    problem: str,
    seed: int,
    spec: Mapping[str, Any],
    n_timesteps: int,
    said: Sequence[_Answers],
) -> Iterator[dict[str, Any]]:
    """Compare all with every rule over blocks of the test series that they share."""
    random_state = seed_for(seed, problem, "blocks")
    framings = {one["label"]: one["framing"] for one in spec["baselines"]}
    known: dict[tuple[str, str], list[_Answers]] = {}
    for one in said:
        if one.data == "test" and one.y_pred is not None:
            known.setdefault((one.configuration, one.name), []).append(one)
    rows = _shared_rows(
        [
            {**spec, "framing": framings.get(name) or spec["framing"]}
            for _, name in known
        ],
        n_timesteps,
    )
    rules = [
        one["label"]
        for one in spec["baselines"]
        if not registry.learns(one["name"]) and ("baseline", one["label"]) in known
    ]
    for metric in spec["metrics"] if rules else []:
        errors = {
            owner: resampled_errors(
                registry.metric(metric, spec["framing"]),
                answers[0].y_true[chosen],
                [np.asarray(one.y_pred)[chosen] for one in answers],
                random_state,
            )
            for (owner, answers), chosen in zip(known.items(), rows, strict=True)
        }
        for (configuration, name), rule in product(known, rules):
            if name == rule:
                continue
            low, high = interval(errors[configuration, name] - errors["baseline", rule])
            yield {
                **{"configuration": configuration, "name": name, "case": ""},
                **{"metric": metric, "data": "test", "rule": rule},
                **{"difference_low": low, "difference_high": high},
            }


def _shared_rows(
    specs: Sequence[Mapping[str, Any]], n_timesteps: int
) -> list[np.ndarray]:
    """Return for every framing the rows whose positions all of them forecast."""
    positions = [series_positions(spec, n_timesteps, "test") for spec in specs]
    shared = reduce(np.intersect1d, positions)
    return [np.flatnonzero(np.isin(of, shared)) for of in positions]


def _baselines_said(said: Sequence[_Answers]) -> Arrays:
    found: dict[str, list[np.ndarray]] = {}
    for one in said:
        if one.configuration == "baseline" and one.y_pred is not None:
            case = f"{one.case}/" if one.case else ""
            found.setdefault(f"{case}{one.name}.{one.data}", []).append(one.y_pred)
    return {key: np.stack(parts) for key, parts in found.items()}


def _best(
    spec: Mapping[str, Any],
    entry: Mapping[str, Any],
    drawn: Arrays,
    repeat: int,
    case: Case,
) -> dict[str, Any]:
    """Return the score that no rule of a kind can exceed on the very test data."""
    test = repeat_sample(drawn, spec, "test", repeat, case)
    return {
        **{"configuration": "baseline", "name": entry["label"], "case": case.label},
        **{"metric": registry.ORACLE_METRIC, "data": "test", "repeat": repeat},
        "value": oracle_value(entry, test),
    }


def oracle_value(entry: Mapping[str, Any], sample: Sample) -> float:
    """Return what an oracle says of some rows.

    Parameters
    ----------
    entry : mapping
        Entry of the baseline that the oracle stands for, completed.
    sample : Sample
        The rows.

    Returns
    -------
    float
        The score, of `registry.ORACLE_METRIC`.

    Raises
    ------
    ValueError
        If the oracle cannot read such rows.
    """
    one = sample.X.ndim == 3 and sample.X.shape[2] == 1
    X = sample.X[:, :, 0] if one else sample.X
    return float(registry.load("oracle", entry["name"])(X, sample.y, **entry["params"]))


def _baseline(
    spec: Mapping[str, Any],
    entry: Mapping[str, Any],
    drawn: Arrays,
    repeat: int,
    case: Case,
    random_state: int,
) -> Iterator[_Answers]:
    """Fit a baseline to the training data of a repeat; give its answers."""
    own = {**spec, "framing": entry["framing"] or spec["framing"]}
    train = repeat_sample(drawn, own, "train", repeat, case if case.trains else BASE)
    fitted = fitted_baseline(spec, entry, train, random_state)
    # What is only tested was not trained on.
    uses = ("train", "test") if spec["score_train"] and case.trains else ("test",)
    for data in uses:
        sample = (
            train if data == "train" else repeat_sample(drawn, own, data, repeat, case)
        )
        y_pred = None
        if fitted is not None:
            X, _ = seen_by(entry, sample)
            y_pred = np.asarray(fitted.predict(X)).reshape(sample.y.shape)
        of = ("baseline", entry["label"], case.label, data, repeat)
        yield _Answers(*of, sample.y, y_pred)


def fitted_baseline(
    spec: Mapping[str, Any], entry: Mapping[str, Any], train: Sample, random_state: int
) -> Any:
    """Fit a baseline.

    Parameters
    ----------
    spec : mapping
        Entries `transformers` and `target_transform` of the problem.
    entry : mapping
        Entry of the baseline, completed.
    train : Sample
        The rows to learn from.
    random_state : int
        For what draws.

    Returns
    -------
    estimator or None
        The fitted baseline; None if it diverged, as scikit-learn's MLPs say it.

    Raises
    ------
    ValueError
        If it cannot be fitted for any other reason.
    """
    try:
        return _build(spec, entry, random_state).fit(*seen_by(entry, train))
    except ValueError as error:
        if "non-finite parameter weights" in str(error):
            return None
        raise


def _build(
    spec: Mapping[str, Any], entry: Mapping[str, Any], random_state: int
) -> BaseEstimator:
    estimator = registry.build("baseline", entry)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=random_state)
    if not registry.learns(entry["name"]):
        return estimator
    steps = [registry.build("transformer", step) for step in spec["transformers"]]
    whole: BaseEstimator = make_pipeline(*steps, FunctionTransformer(_flat), estimator)
    if spec["target_transform"] is not None:
        scaler = registry.build("transformer", spec["target_transform"])
        whole = TransformedTargetRegressor(whole, transformer=scaler)
    if entry["corrects"] is not None:
        rule = registry.build("baseline", entry["corrects"])
        whole = CorrectedForecaster(rule, whole)
    return whole


def seen_by(entry: Mapping[str, Any], sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows as a baseline sees them: whole, or one step at a time.

    Parameters
    ----------
    entry : mapping
        Entry of the baseline, completed.
    sample : Sample
        The rows.

    Returns
    -------
    X, y : ndarray
        Inputs and targets; with ``sees: step`` a row for each target, and its step.
    """
    if entry["sees"] == "row":
        return sample.X, sample.y
    if sample.y.ndim == 1:
        return sample.X[:, -1:], sample.y
    steps = sample.X.reshape(sample.y.size, 1, *sample.X.shape[2:])
    return steps, sample.y.reshape(-1)


def _flat(X: np.ndarray) -> np.ndarray:
    return X.reshape(len(X), -1)
