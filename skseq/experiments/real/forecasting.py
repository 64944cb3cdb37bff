"""Search and rolling origins of a network that forecasts a series.

A network learns what a naive rule gets wrong one step ahead, in units of what the rule
usually gets wrong, and further steps are forecast from its own forecasts. A network
that learns nothing is the rule.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.base import BaseEstimator

from skseq.baselines import (
    DriftForecaster,
    PersistenceForecaster,
    SeasonalChangeForecaster,
    SeasonalForecaster,
)
from skseq.estimators import RecurrentRegressor
from skseq.experiments.streams import seed_for

__all__ = [
    "RULES",
    "Corrected",
    "choose",
    "first_origin",
    "forecasts",
    "repeat",
    "rules",
    "search",
    "truth",
]

# Naive rules by what the table calls them, for a season of some length.
RULES: dict[str, Callable[[int], BaseEstimator]] = {
    "last value": lambda period: PersistenceForecaster(),
    "seasonal": lambda period: SeasonalForecaster(period=period),
    "drift": lambda period: DriftForecaster(),
    "seasonal change": lambda period: SeasonalChangeForecaster(period=period),
}


def first_origin(values: np.ndarray) -> int:
    """Return how many values are known at first: all but the last third."""
    return len(values) - len(values) // 3


def truth(values: np.ndarray, first: int, horizons: list[int]) -> np.ndarray:
    """Return what came after each origin, NaN beyond the end.

    Parameters
    ----------
    values : ndarray of shape (n_timesteps,)
        The series.
    first : int
        Values known at the first origin; at each further one there is one more.
    horizons : list of int
        Steps ahead.

    Returns
    -------
    ndarray of shape (n_horizons, n_origins)
        The values.

    Examples
    --------
    >>> truth(np.arange(5.0), 3, [1, 2])
    array([[ 3.,  4.],
           [ 4., nan]])
    """
    filled = np.concatenate([values, np.full(max(horizons), np.nan)])
    origins = np.arange(first, len(values))
    return np.stack([filled[origins + horizon - 1] for horizon in horizons])


class Corrected:
    """A naive rule, and a network that learns what it gets wrong one step ahead.

    Parameters
    ----------
    regressor : estimator
        Learns from windows (n_windows, lags) the rule's mistake.
    rule : str
        One of `RULES`, or "mean", of the values in `fit`.
    period : int
        Steps of a season.
    lags : int
        Values that a forecast looks at.
    logarithm : bool, default=False
        Whether values are replaced by their logarithms before all else.
    steps : bool, default=True
        Whether the values of a window are steps; otherwise features of a single one.
    """

    def __init__(
        self,
        regressor: BaseEstimator,
        *,
        rule: str,
        period: int,
        lags: int,
        logarithm: bool = False,
        steps: bool = True,
    ):
        self._regressor, self._rule, self._period = regressor, rule, period
        self._lags, self._logarithm, self._steps = lags, logarithm, steps

    def fit(self, values: np.ndarray) -> Corrected:
        """Learn from all windows of a series.

        Parameters
        ----------
        values : ndarray of shape (n_timesteps,)
            What is known.

        Returns
        -------
        Corrected
            Itself.
        """
        values = np.log(values) if self._logarithm else values
        self._mean = values.mean()
        cut = sliding_window_view(values, self._lags + 1)
        windows, targets = cut[:, :-1], cut[:, -1]
        ruled = self._ruled(windows)
        centred = windows - ruled[:, np.newaxis]
        self._spread = centred.std() or 1.0
        self._unit = (targets - ruled).std() or 1.0
        self._regressor.fit(self._inputs(centred), (targets - ruled) / self._unit)
        return self

    def predict(self, windows: np.ndarray, n_steps: int) -> np.ndarray:
        """Forecast the steps after windows, each from the forecasts before it.

        Parameters
        ----------
        windows : ndarray of shape (n_windows, lags)
            The last values known.
        n_steps : int
            How many.

        Returns
        -------
        ndarray of shape (n_windows, n_steps)
            Forecasts.
        """
        known = np.log(windows) if self._logarithm else windows
        for _ in range(n_steps):
            last = known[:, -self._lags :]
            ruled = self._ruled(last)
            inputs = self._inputs(last - ruled[:, np.newaxis])
            wrong = np.asarray(self._regressor.predict(inputs), dtype=float).ravel()
            known = np.column_stack([known, ruled + wrong * self._unit])
        found = known[:, self._lags :]
        return np.exp(found) if self._logarithm else found

    def _inputs(self, centred: np.ndarray) -> np.ndarray:
        scaled = centred / self._spread
        return scaled if self._steps else scaled[:, np.newaxis, :]

    def _ruled(self, windows: np.ndarray) -> np.ndarray:
        if self._rule == "mean":
            return np.full(len(windows), self._mean)
        rule = RULES[self._rule](self._period)
        return rule.fit(windows, windows[:, -1]).predict(windows)


def rules(
    values: np.ndarray, first: int, horizons: list[int], period: int
) -> dict[str, np.ndarray]:
    """Forecast from every origin by every naive rule, from all that is known there.

    Parameters
    ----------
    values : ndarray of shape (n_timesteps,)
        The series.
    first : int
        Values known at the first origin.
    horizons : list of int
        Steps ahead.
    period : int
        Steps of a season.

    Returns
    -------
    dict of str to ndarray of shape (n_horizons, n_origins)
        Forecasts by the name of the rule.
    """

    def ahead(rule: BaseEstimator, known: np.ndarray) -> np.ndarray:
        fitted = rule.fit(known[np.newaxis], np.zeros((1, max(horizons))))
        return fitted.predict(known[np.newaxis])[0]

    places = np.array(horizons) - 1
    return {
        name: np.stack(
            [
                ahead(make(period), values[:origin])[places]
                for origin in range(first, len(values))
            ],
            axis=1,
        )
        for name, make in RULES.items()
    }


def forecasts(
    learner: Corrected, values: np.ndarray, first: int, lags: int, horizons: list[int]
) -> np.ndarray:
    """Fit to what is known at the first origin and forecast from every one.

    Returns
    -------
    ndarray of shape (n_horizons, n_origins)
        Forecasts, also beyond the end of the series.
    """
    learner.fit(values[:first])
    windows = sliding_window_view(values[first - lags : -1], lags)
    return learner.predict(windows, max(horizons))[:, np.array(horizons) - 1].T


def network(
    spec: Mapping[str, Any], candidate: Mapping[str, Any], random_state: int
) -> Corrected:
    """Put a candidate together.

    Parameters
    ----------
    spec : mapping
        What `config.problem_spec` gave.
    candidate : mapping
        Parameters of its network, and ``rule``, ``logarithm`` and ``steps``.
    random_state : int
        Seed of the network.

    Returns
    -------
    Corrected
        Not fitted.
    """
    params = {**spec["network"], **candidate, "random_state": random_state}
    own = {key: params.pop(key) for key in ("rule", "logarithm", "steps")}
    regressor = RecurrentRegressor().set_params(**params)
    period, lags = spec["problem"]["period"], spec["problem"]["lags"]
    return Corrected(regressor, period=period, lags=lags, **own)


def candidates_of(
    spec: Mapping[str, Any], values: np.ndarray
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return number and entry of the candidates that fit a series."""
    return [
        (index, candidate)
        for index, candidate in enumerate(spec["candidates"])
        if not candidate["logarithm"] or values.min() > 0
    ]


def search(
    name: str, spec: Mapping[str, Any], values: np.ndarray
) -> list[dict[str, Any]]:
    """Score every candidate by rolling origins within what is known at the first one.

    Parameters
    ----------
    name : str
        Name of the problem, which seeds depend on.
    spec : mapping
        What `config.problem_spec` gave.
    values : ndarray of shape (n_timesteps,)
        The series up to the first origin; no later value is known.

    Returns
    -------
    list of dict
        Of each candidate and horizon the mean absolute error, over the splits and
        seeds, and the seconds that all its fits took; the error is NaN where the part
        is too short for the horizon.
    """
    horizons, lags = spec["horizons"], spec["problem"]["lags"]
    starts = _starts(len(values), lags, spec["splits"])
    table = []
    for index, candidate in candidates_of(spec, values):
        start, errors = time.perf_counter(), []
        for origin, end in pairwise([*starts, len(values)]):
            came = truth(values[:end], origin, horizons)
            for seed in range(spec["search_seeds"]):
                random_state = seed_for(spec["seed"], name, "search fit", seed)
                learner = network(spec, candidate, random_state)
                said = forecasts(learner, values[:end], origin, lags, horizons)
                # A network that diverged is wrong without end; what lies beyond the
                # end is no mistake.
                wrong = np.nan_to_num(np.abs(said - came), nan=np.inf)
                errors.append(np.where(np.isnan(came), np.nan, wrong))
        seconds = time.perf_counter() - start
        flat = np.concatenate(errors, axis=1)
        for horizon, row in zip(horizons, flat, strict=True):
            known = row[~np.isnan(row)]
            error = float(known.mean()) if len(known) else float("nan")
            table.append(
                {
                    "candidate": index,
                    "horizon": horizon,
                    "error": error,
                    "seconds": seconds,
                }
            )
    return table


def _starts(n_values: int, lags: int, splits: int) -> list[int]:
    """Return the first origins of the splits, over the last half of what is known."""
    # Some windows must be left to learn from.
    earliest = max(n_values // 2, min(lags + 6, n_values - 3))
    edges = np.linspace(earliest, n_values, splits + 1).astype(int)
    return sorted(set(edges[:-1].tolist()))


def choose(table: list[dict[str, Any]], horizons: list[int]) -> dict[str, int]:
    """Return the number of the candidate with the least error at each horizon.

    Where no candidate could be scored so far ahead, the one for the horizon before is
    taken; for the first one, the first.

    Examples
    --------
    >>> rows = [{"candidate": c, "horizon": h, "error": e} for c, h, e in
    ...         [(0, 1, 2.0), (0, 6, float("nan")), (1, 1, 1.5), (1, 6, float("nan"))]]
    >>> choose(rows, [1, 6])
    {'1': 1, '6': 1}
    """
    chosen: dict[str, int] = {}
    best = table[0]["candidate"]
    for horizon in horizons:
        scored = [
            row
            for row in table
            if row["horizon"] == horizon and not np.isnan(row["error"])
        ]
        if scored:
            best = min(scored, key=lambda row: row["error"])["candidate"]
        chosen[str(horizon)] = int(best)
    return chosen


def repeat(
    name: str,
    spec: Mapping[str, Any],
    chosen: Mapping[str, int],
    seeds: int,
    values: np.ndarray,
) -> dict[str, np.ndarray]:
    """Fit what was chosen to what is known at the first origin, from several seeds.

    Parameters
    ----------
    name : str
        Name of the problem.
    spec : mapping
        What `config.problem_spec` gave.
    chosen : mapping of str to int
        What `choose` chose for each horizon.
    seeds : int
        How many fits.
    values : ndarray of shape (n_timesteps,)
        The whole series.

    Returns
    -------
    dict of str to ndarray
        ``network.answers`` of shape (seeds, n_horizons, n_origins), and
        ``network.seconds`` of shape (seeds, n_horizons), of a fit and all its
        forecasts.
    """
    horizons, lags = spec["horizons"], spec["problem"]["lags"]
    first = first_origin(values)
    answers = np.empty((seeds, len(horizons), len(values) - first))
    seconds = np.empty((seeds, len(horizons)))
    for run in range(seeds):
        random_state = seed_for(spec["seed"], name, "fit", run)
        for index in sorted(set(chosen.values())):
            learner = network(spec, spec["candidates"][index], random_state)
            start = time.perf_counter()
            said = forecasts(learner, values, first, lags, horizons)
            took = time.perf_counter() - start
            for place, horizon in enumerate(horizons):
                if chosen[str(horizon)] == index:
                    answers[run, place], seconds[run, place] = said[place], took
    return {"network.answers": answers, "network.seconds": seconds}
