"""Which configuration to use: a grid search over several seeds per candidate.

One run is luck, so the seed of the fit is one more dimension of the grid, and a
candidate's score is its mean over seeds and splits.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    StratifiedKFold,
    TimeSeriesSplit,
)
from sklearn.utils.metadata_routing import MetadataRequest

from skseq.experiments import registry
from skseq.experiments.data import Sample
from skseq.experiments.pipelines import build, model_params, predict_or_fail
from skseq.experiments.streams import seed_for

_SPLITTERS = {
    "GroupKFold": GroupKFold,
    "KFold": KFold,
    "StratifiedKFold": StratifiedKFold,
    "TimeSeriesSplit": TimeSeriesSplit,
}


# What scikit-learn itself gives where there is no score.
NO_SCORE = float("nan")


class MetricScorer:
    """A scorer of one metric that hands `groups` on to `predict`.

    scikit-learn's own scorers give metadata to the metric only; state that is carried
    across rows needs them in `predict`.

    Parameters
    ----------
    metric : callable
        Takes true and predicted targets.
    sign : {1, -1}
        -1 for an error, so that more is always better.
    carry_state : bool
        Whether `groups` go to `predict`.
    """

    def __init__(
        self, metric: Callable[[Any, Any], float], sign: int, carry_state: bool
    ):
        self.metric = metric
        self.sign = sign
        self.carry_state = carry_state

    def __call__(
        self, estimator: BaseEstimator, X: Any, y: Any, groups: Any = None
    ) -> float:
        """Return the signed score of `estimator` on the rows of X.

        A network that diverged has no predictions: its score is `NO_SCORE`.
        """
        more = {"groups": groups} if self.carry_state else {}
        predicted = predict_or_fail(estimator, X, **more)
        if predicted is None:
            return NO_SCORE
        return self.sign * float(self.metric(y, predicted))

    def get_metadata_routing(self) -> MetadataRequest:
        """Return what scikit-learn's routing must bring to a call."""
        request = MetadataRequest(owner=self)
        if self.carry_state:
            request.score.add_request(param="groups", alias=True)
        return request


def search(
    problem: str, seed: int, spec: Mapping[str, Any], sample: Sample
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Score every candidate of the grid and choose one.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    spec : mapping
        Entries of the problem that say how to fit and score.
    sample : Sample
        The rows that the search may see.

    Returns
    -------
    table : list of dict
        A row per candidate in the order of the grid: its parameters, mean score,
        standard error, lowest score, number of fits, how many of them met the
        criterion, and how many diverged. A candidate of which one fit diverged has no
        mean.
    chosen : dict
        Parameters of the chosen candidate.
    """
    seeds = [
        seed_for(seed, problem, "search fit", index)
        for index in range(spec["search_seeds"])
    ]
    scores = _scores(spec, sample, seeds)
    names = list(spec["grid"])
    table = [
        dict(zip(names, values, strict=True))
        | _summary(scores[_key(values)], spec["objective"])
        for values in product(*spec["grid"].values())
    ]
    best = choose(table, spec["estimator"]["params"])
    return table, {name: best[name] for name in names}


def choose(table: list[dict[str, Any]], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cheapest candidate that succeeds, or is as good as the best one.

    Parameters
    ----------
    table : list of dict
        Candidates with `score`, `standard_error`, `fits`, `met` and `diverged`.
    defaults : mapping
        Parameters that the grid leaves alone.

    Returns
    -------
    dict
        The row with the least work among those that met the criterion in every fit.
        If there are none, among those whose score is at most one standard error of the
        best row below the best (the one-standard-error rule of Breiman et al. 1984).
        Equal work is decided by the score, then by the order. Candidates that diverged
        are taken only if all did: then the first of those that did so least often.
    """
    sound = [row for row in table if not row["diverged"]]
    if not sound:
        return min(table, key=lambda row: row["diverged"])
    best = max(sound, key=lambda row: (row["score"], -row["standard_error"]))
    limit = best["score"] - best["standard_error"]
    good = [row for row in sound if row["met"] == row["fits"]] or [
        row for row in sound if row["score"] >= limit
    ]
    return min(good, key=lambda row: (_work({**defaults, **row}), -row["score"]))


def _work(params: Mapping[str, Any]) -> float:
    """Return what a fit costs, up to a factor: weights of the recurrence, epochs."""
    units = params.get("units", 20)
    return units * (units + 1) * params.get("epochs", 100)


def _scores(
    spec: Mapping[str, Any], sample: Sample, seeds: list[int]
) -> dict[str, list[float]]:
    carry_state = spec["estimator"]["carry_state"]
    objective = spec["objective"]
    scorer = MetricScorer(
        registry.metric(objective["metric"], spec["framing"]),
        objective["sign"],
        carry_state,
    )
    grid = model_params(spec, {**spec["grid"], "random_state": seeds})
    with sklearn.config_context(enable_metadata_routing=True):
        searched = GridSearchCV(
            build(spec),
            grid,
            scoring=scorer,
            cv=splits_of(spec["cv"], sample),
            refit=False,
            # Failures to fit are mistakes; divergence is a score, of `MetricScorer`.
            error_score="raise",
        )
        groups = {"groups": sample.groups} if carry_state else {}
        searched.fit(sample.X, sample.y, **groups)
    return _by_candidate(spec, searched.cv_results_)


def _key(values: Iterable[Any]) -> str:
    """Return what tells candidates apart; lists and mappings have no hash."""
    return repr(list(values))


def _by_candidate(
    spec: Mapping[str, Any], results: Mapping[str, Any]
) -> dict[str, list[float]]:
    splits = [key for key in sorted(results) if re.match(r"split\d+_test_score", key)]
    names = model_params(spec, spec["grid"])
    scores: dict[str, list[float]] = defaultdict(list)
    for index, params in enumerate(results["params"]):
        candidate = _key(params[name] for name in names)
        scores[candidate] += [float(results[split][index]) for split in splits]
    return scores


def splits_of(
    cv: Mapping[str, Any], sample: Sample
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the rows to fit and the rows to score of every split of a search.

    Parameters
    ----------
    cv : mapping
        Entry `cv` of the problem.
    sample : Sample
        What the search may see.

    Returns
    -------
    list of tuple of ndarray
        Pairs of row numbers.

    Raises
    ------
    ValueError
        If there are not rows, groups or labels enough.
    """
    if cv["kind"] == "training":
        rows = np.arange(len(sample.X))
        return [(rows, rows)]
    splitter = _SPLITTERS[cv["kind"]](n_splits=cv.get("n_splits", 3))
    return list(splitter.split(sample.X, sample.y, sample.groups))


def _summary(scores: list[float], objective: Mapping[str, Any]) -> dict[str, Any]:
    limit = objective["limit"]
    spread = np.std(scores, ddof=1) if len(scores) > 1 else 0.0
    finite = [score for score in scores if not np.isnan(score)]
    return {
        "score": float(np.mean(scores)),
        "standard_error": float(spread / np.sqrt(len(scores))),
        "lowest": float(np.min(finite)) if finite else NO_SCORE,
        "fits": len(scores),
        "met": 0 if limit is None else sum(score >= limit for score in scores),
        "diverged": len(scores) - len(finite),
    }
