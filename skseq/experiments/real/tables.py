"""From answers to the two tables: scores, their intervals, times, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from skseq.experiments.blocks import interval, resampled_errors
from skseq.experiments.real.forecasting import RULES, first_origin, truth
from skseq.experiments.real.verdicts import classification_verdict, forecast_verdict
from skseq.experiments.streams import seed_for

__all__ = ["COLUMNS", "classification_row", "forecasting_rows", "table"]

CLASSIFIERS = ("network", "majority", "logistic", "nearest", "minirocket", "deep")
FORECASTERS = ("network", "smoothing", "linear")
COLUMNS = {
    "classification": (
        *("problem", "title", "train", "test", "steps", "classes", "runs"),
        *("network", "network_low", "network_high", "network_seconds"),
        *("search_seconds", "majority", "logistic", "logistic_seconds"),
        *("nearest", "nearest_seconds"),
        *("minirocket", "minirocket_low", "minirocket_high", "minirocket_seconds"),
        *("deep", "deep_low", "deep_high", "deep_seconds", "verdict"),
    ),
    "forecasting": (
        *("problem", "title", "horizon", "origins", "runs"),
        *("network", "network_low", "network_high", "network_seconds"),
        *("search_seconds", "rule", "rule_error"),
        *("skill", "skill_low", "skill_high"),
        *("smoothing", "smoothing_skill", "smoothing_seconds"),
        *("linear", "linear_skill", "linear_seconds", "verdict"),
    ),
}


def mean_interval(values: np.ndarray, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of the mean of independent runs (Student's t).

    Examples
    --------
    >>> low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(low, 2), round(high, 2)
    (-0.48, 4.48)
    """
    if len(values) < 2:
        return float("nan"), float("nan")
    half = stats.t.ppf((1 + confidence) / 2, len(values) - 1) * stats.sem(values)
    return float(values.mean() - half), float(values.mean() + half)


def table(
    kind: str,
    entry: Mapping[str, Any],
    made: Mapping[str, Mapping[str, Any]],
    seed: int,
) -> list[dict[str, Any]]:
    """Summarize all problems of a kind.

    Parameters
    ----------
    kind : {"classification", "forecasting"}
        What is asked.
    entry : mapping
        All that the configuration says of it.
    made : mapping of str to mapping
        Of each problem its ``arrays``, the rows of its ``search``, and all ``answers``.
    seed : int
        Root of all draws.

    Returns
    -------
    list of dict
        With `COLUMNS`.
    """
    rows: list[dict[str, Any]] = []
    for name, found in made.items():
        title, answers = entry["problems"][name]["title"], found["answers"]
        # Of a series a candidate has a row for each horizon.
        took = {row["candidate"]: float(row["seconds"]) for row in found["search"]}
        took_all = sum(took.values())
        if kind == "classification":
            arrays = found["arrays"]
            rows.append(classification_row(name, title, arrays, answers, took_all))
        else:
            values, horizons = found["arrays"]["values"], entry["horizons"]
            rows += forecasting_rows(
                name, title, values, horizons, answers, took_all, seed
            )
    return rows


def classification_row(
    name: str,
    title: str,
    arrays: Mapping[str, np.ndarray],
    answers: Mapping[str, np.ndarray],
    search_seconds: float,
) -> dict[str, Any]:
    """Summarize one published split.

    Parameters
    ----------
    name, title : str
        Of the problem.
    arrays : mapping of str to ndarray
        What `sources.load` gave.
    answers : mapping of str to ndarray
        Of the network and of its rivals.
    search_seconds : float
        What the search took.

    Returns
    -------
    dict
        With `COLUMNS`. Scores are shares of test rows that are right, means over the
        runs; seconds the median of a fit with its answers.
    """
    labels, lengths = arrays["test.labels"], arrays["train.lengths"]
    spread = sorted({int(lengths.min()), int(lengths.max())})
    row: dict[str, Any] = {
        "problem": name,
        "title": title,
        "train": len(lengths),
        "test": len(labels),
        "steps": " to ".join(map(str, spread)),
        "classes": len(np.unique(arrays["train.labels"])),
        "runs": len(answers["network.answers"]),
        "search_seconds": search_seconds,
    }
    for method in CLASSIFIERS:
        right = (answers[f"{method}.answers"] == labels).mean(axis=1)
        low, high = mean_interval(right)
        row |= {
            method: float(right.mean()),
            f"{method}_low": low,
            f"{method}_high": high,
            f"{method}_seconds": float(np.median(answers[f"{method}.seconds"])),
        }
    row["verdict"] = classification_verdict(row)
    return {column: row[column] for column in COLUMNS["classification"]}


def forecasting_rows(
    name: str,
    title: str,
    values: np.ndarray,
    horizons: list[int],
    answers: Mapping[str, np.ndarray],
    search_seconds: float,
    seed: int,
) -> list[dict[str, Any]]:
    """Summarize one series, a row for each horizon.

    Parameters
    ----------
    name, title : str
        Of the problem.
    values : ndarray of shape (n_timesteps,)
        The whole series.
    horizons : list of int
        Steps ahead.
    answers : mapping of str to ndarray
        Of the network, its rivals and the naive rules.
    search_seconds : float
        What the search took.
    seed : int
        Root of the draws of blocks.

    Returns
    -------
    list of dict
        With `COLUMNS`. Errors are mean absolute errors over the origins, those of the
        network means over the runs; a skill is the share of the best naive rule's error
        that is saved, and its interval is over blocks of the series.
    """
    came = truth(values, first_origin(values), horizons)
    rows = []
    for place, horizon in enumerate(horizons):
        real = ~np.isnan(came[place])
        target = came[place, real]
        said = {
            # Of a network that diverged, no error is large enough.
            method: np.nan_to_num(
                answers[f"{method}.answers"][:, place, real], nan=np.inf
            )
            for method in (*FORECASTERS, *RULES)
        }
        errors = {method: np.abs(said[method] - target).mean(axis=1) for method in said}
        best = min(RULES, key=lambda rule: errors[rule][0])
        ruled = float(errors[best][0])
        drawn = {
            method: resampled_errors(
                _error,
                target,
                said[method],
                seed_for(seed, name, "blocks", horizon),
            )
            for method in ("network", best)
        }
        low, high = interval(1 - drawn["network"] / drawn[best])
        own_low, own_high = mean_interval(errors["network"])
        row = {
            "problem": name,
            "title": title,
            "horizon": horizon,
            "origins": int(real.sum()),
            "runs": len(said["network"]),
            "network": float(errors["network"].mean()),
            "network_low": own_low,
            "network_high": own_high,
            "network_seconds": float(np.median(answers["network.seconds"][:, place])),
            "search_seconds": search_seconds,
            "rule": best,
            "rule_error": ruled,
            "skill": 1 - float(errors["network"].mean()) / ruled,
            "skill_low": low,
            "skill_high": high,
        }
        for method in ("smoothing", "linear"):
            error = float(errors[method][0])
            row |= {
                method: error,
                f"{method}_skill": 1 - error / ruled,
                f"{method}_seconds": float(answers[f"{method}.seconds"][0, place]),
            }
        row["verdict"] = forecast_verdict(row)
        rows.append({column: row[column] for column in COLUMNS["forecasting"]})
    return rows


def _error(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    return float(np.abs(y_true - y_pred).mean())
