"""Check config/real.yaml before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sklearn.model_selection import ParameterGrid

from skseq.experiments.config import refuse
from skseq.experiments.mistakes import (
    form_errors,
    form_mistakes,
    nearest,
    parameter_mistakes,
)
from skseq.experiments.real.sources import DATASETS, SERIES

__all__ = ["KINDS", "check_real", "problems_of", "problem_spec"]

KINDS: dict[str, tuple[str, Collection[str]]] = {
    "classification": ("RecurrentClassifier", DATASETS),
    "forecasting": ("RecurrentRegressor", SERIES),
}
# Where what is tried stands, and what that says beside parameters of the network.
_TRIED = {
    "classification": ("candidates", ("pieces",)),
    "forecasting": ("grids", ("rule", "logarithm", "steps")),
}


def check_real(
    config: Mapping[str, Any],
    schema: Mapping[str, Any],
    name: str = "config/real.yaml",
) -> dict[str, Any]:
    """Check the configuration and return it.

    Parameters
    ----------
    config : mapping
        The configuration as read.
    schema : mapping
        Its JSON Schema.
    name : str, default="config/real.yaml"
        What to call the configuration in messages.

    Returns
    -------
    dict
        A copy of it.

    Raises
    ------
    ConfigError
        If anything is wrong, with all mistakes, one a line.
    """
    errors = form_errors(config, schema)
    mistakes = [line for error in errors for line in form_mistakes(error)]
    if not mistakes:
        mistakes = [line for kind in KINDS for line in _mistakes(kind, config[kind])]
    refuse(name, mistakes)
    return dict(config)


def problems_of(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return kind and name of every problem, in the order of the configuration."""
    return [(kind, name) for kind in KINDS for name in config[kind]["problems"]]


def problem_spec(config: Mapping[str, Any], kind: str, name: str) -> dict[str, Any]:
    """Return what the steps of one problem depend on, so that nothing else redoes them.

    Parameters
    ----------
    config : mapping
        A configuration as `check_real` returned it.
    kind : {"classification", "forecasting"}
        What is asked.
    name : str
        Name of the problem.

    Returns
    -------
    dict
        All that its kind says, and its own entry but for the title as ``problem``;
        grids are written out as ``candidates``.
    """
    entry = dict(config[kind])
    if "grids" in entry:
        entry["candidates"] = list(ParameterGrid(entry.pop("grids")))
    problem = dict(entry.pop("problems")[name])
    del problem["title"]
    return {**entry, "problem": problem, "seed": config["seed"]}


def _mistakes(kind: str, entry: Mapping[str, Any]) -> Iterator[str]:
    estimator, known = KINDS[kind]
    yield from parameter_mistakes(
        f"{kind}.network", "estimator", estimator, entry["network"]
    )
    tried, beside = _TRIED[kind]
    for index, candidate in enumerate(entry[tried]):
        where = f"{kind}.{tried}[{index}]"
        for key in candidate:
            values = candidate[key] if tried == "grids" else [candidate[key]]
            for value in () if key in beside else values:
                yield from parameter_mistakes(
                    where, "estimator", estimator, {key: value}
                )
    for name in entry["problems"]:
        if name not in known:
            yield (
                f"{kind}.problems.{name}: there is no such problem; did you mean "
                f"{nearest(name, known)!r}?"
            )
        if kind == "forecasting":
            problem = entry["problems"][name]
            if problem["lags"] <= problem["period"]:
                yield (
                    f"{kind}.problems.{name}.lags: the change of a season of period="
                    f"{problem['period']} needs lags={problem['period'] + 1} or more; "
                    f"got {problem['lags']}."
                )
