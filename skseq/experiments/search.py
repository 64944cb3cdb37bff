"""Which configuration to use: a grid search over several seeds per candidate.

One run is luck, so the seed of the fit is one more dimension of the grid, and a
candidate's score is its mean over seeds and splits.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
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
from skseq.experiments.pipelines import build, model_params
from skseq.experiments.streams import seed_for

_SPLITTERS = {
    "GroupKFold": GroupKFold,
    "KFold": KFold,
    "StratifiedKFold": StratifiedKFold,
    "TimeSeriesSplit": TimeSeriesSplit,
}


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
        """Return the signed score of `estimator` on the rows of X."""
        more = {"groups": groups} if self.carry_state else {}
        return self.sign * float(self.metric(y, estimator.predict(X, **more)))

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
        standard error, lowest score, number of fits, and how many of them met the
        criterion.
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
        | _summary(scores[values], spec["objective"])
        for values in product(*spec["grid"].values())
    ]
    best = choose(table, spec["estimator"]["params"])
    return table, {name: best[name] for name in names}


def choose(table: list[dict[str, Any]], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cheapest candidate that succeeds, or is as good as the best one.

    Parameters
    ----------
    table : list of dict
        Candidates with `score`, `standard_error`, `fits` and `met`.
    defaults : mapping
        Parameters that the grid leaves alone.

    Returns
    -------
    dict
        The row with the least work among those that met the criterion in every fit.
        If there are none, among those whose score is at most one standard error of the
        best row below the best (the one-standard-error rule of Breiman et al. 1984).
        Equal work is decided by the score, then by the order.
    """
    best = max(table, key=lambda row: (row["score"], -row["standard_error"]))
    limit = best["score"] - best["standard_error"]
    good = [row for row in table if row["met"] == row["fits"]] or [
        row for row in table if row["score"] >= limit
    ]
    return min(good, key=lambda row: (_work({**defaults, **row}), -row["score"]))


def _work(params: Mapping[str, Any]) -> float:
    """Return what a fit costs, up to a factor: weights of the recurrence, epochs."""
    units = params.get("units", 20)
    return units * (units + 1) * params.get("epochs", 100)


def _scores(
    spec: Mapping[str, Any], sample: Sample, seeds: list[int]
) -> dict[tuple[Any, ...], list[float]]:
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
            cv=_splitter(spec["cv"], len(sample.X)),
            refit=False,
            error_score="raise",
        )
        routed = carry_state or spec["cv"]["kind"] == "GroupKFold"
        searched.fit(
            sample.X, sample.y, **({"groups": sample.groups} if routed else {})
        )
    return _by_candidate(spec, searched.cv_results_)


def _by_candidate(
    spec: Mapping[str, Any], results: Mapping[str, Any]
) -> dict[tuple[Any, ...], list[float]]:
    splits = [key for key in sorted(results) if re.match(r"split\d+_test_score", key)]
    names = model_params(spec, spec["grid"])
    scores: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for index, params in enumerate(results["params"]):
        candidate = tuple(params[name] for name in names)
        scores[candidate] += [float(results[split][index]) for split in splits]
    return scores


def _splitter(cv: Mapping[str, Any], n_rows: int) -> Any:
    if cv["kind"] == "training":
        rows = np.arange(n_rows)
        return [(rows, rows)]
    return _SPLITTERS[cv["kind"]](n_splits=cv.get("n_splits", 3))


def _summary(scores: list[float], objective: Mapping[str, Any]) -> dict[str, Any]:
    # A criterion with two sides is none to get better at.
    limit = objective["limit"]
    spread = np.std(scores, ddof=1) if len(scores) > 1 else 0.0
    return {
        "score": float(np.mean(scores)),
        "standard_error": float(spread / np.sqrt(len(scores))),
        "lowest": float(np.min(scores)),
        "fits": len(scores),
        "met": 0 if limit is None else sum(score >= limit for score in scores),
    }
