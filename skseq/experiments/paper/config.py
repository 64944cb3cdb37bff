"""Check the configuration of the paper's experiments before anything runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from skseq.experiments.config import refuse
from skseq.experiments.mistakes import (
    form_errors,
    form_mistakes,
    nearest,
    parameter_mistakes,
)
from skseq.experiments.paper.criteria import CRITERIA
from skseq.experiments.paper.tasks import TASKS

__all__ = ["check_paper", "cost_spec", "row_spec", "sweep_spec"]

_ROW_DEFAULTS: dict[str, Any] = {"params": {}, "slow": False, "first": False}


def check_paper(
    config: Mapping[str, Any],
    schema: Mapping[str, Any],
    name: str = "config/paper.yaml",
) -> dict[str, Any]:
    """Check the configuration and return it with all defaults filled in.

    Parameters
    ----------
    config : mapping
        The configuration as read.
    schema : mapping
        Its JSON Schema.
    name : str, default="config/paper.yaml"
        What to call the configuration in messages.

    Returns
    -------
    dict
        A copy in which every row and every method of the sweep has all keys, and
        ``learner`` of rows is complete.

    Raises
    ------
    ConfigError
        If anything is wrong, with all mistakes, one a line.
    """
    errors = form_errors(config, schema)
    mistakes = [line for error in errors for line in form_mistakes(error)]
    if not mistakes:
        mistakes = list(_mistakes(config))
    refuse(name, mistakes)
    rows = {
        row: {
            **_ROW_DEFAULTS,
            "block": config["block"],
            **entry,
            "learner": {**config["learner"], **entry.get("learner", {})},
        }
        for row, entry in config["rows"].items()
    }
    methods = {
        method: {"first": False, **entry}
        for method, entry in config["sweep"]["methods"].items()
    }
    sweep = {**config["sweep"], "methods": methods}
    return {**config, "rows": rows, "sweep": sweep}


def row_spec(config: Mapping[str, Any], row: str) -> dict[str, Any]:
    """Return what the runs of one row depend on, so that nothing else redoes them."""
    keys = ("experiment", "params", "learner", "block", "criterion", "budget")
    return {key: config["rows"][row][key] for key in keys}


def sweep_spec(config: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return what the runs of one method of the sweep depend on."""
    sweep = config["sweep"]
    params = {**config["learner"], **sweep["methods"][method]["params"]}
    keys = ("lags", "p", "block", "budget", "criterion", "hopeless")
    return {key: sweep[key] for key in keys} | {"learner": params}


def cost_spec(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the measurement of one lag depends on."""
    params = {**config["learner"], "forget_bias": "chrono"}
    return {"p": config["cost"]["p"], "learner": params}


def _mistakes(config: Mapping[str, Any]) -> Iterator[str]:
    yield from _learner_mistakes("learner", config["learner"])
    for row, entry in config["rows"].items():
        where = f"rows.{row}"
        learner = config["learner"] | entry.get("learner", {})
        yield from _learner_mistakes(f"{where}.learner", entry.get("learner", {}))
        yield from _gate_mistakes(f"{where}.budget", learner, entry["budget"])
        block = entry.get("block", config["block"])
        for bias, budget in entry["budget"].items():
            if budget < block:
                yield (
                    f"{where}.budget.{bias}: must be at least a block, {block}; got "
                    f"{budget}."
                )
        yield from _signature_mistakes(
            f"{where}.params", TASKS[entry["experiment"]], entry.get("params", {})
        )
        criterion = dict(entry["criterion"])
        kind = CRITERIA[criterion.pop("kind")]
        yield from _signature_mistakes(f"{where}.criterion", kind, criterion)
    for method, entry in config["sweep"]["methods"].items():
        where = f"sweep.methods.{method}.params"
        learner = config["learner"] | entry["params"]
        yield from _learner_mistakes(where, entry["params"])
        biases = [learner.get("forget_bias", "unit")]
        yield from _gate_mistakes(f"{where}.forget_bias", learner, biases)


def _learner_mistakes(where: str, params: Mapping[str, Any]) -> Iterator[str]:
    name = "RecurrentClassifier"
    yield from parameter_mistakes(where, "estimator", name, params)


def _gate_mistakes(
    where: str, params: Mapping[str, Any], biases: Iterable[str]
) -> Iterator[str]:
    """First biases of gates, of a network that has none."""
    if params.get("cell") == "rnn":
        for bias in biases:
            if bias != "unit":
                yield f"{where}: cell 'rnn' has no gate for {bias!r}; give 'unit' only."


def _signature_mistakes(
    where: str, kind: type, params: Mapping[str, Any]
) -> Iterator[str]:
    """Names that a class does not take, and those that it needs."""
    takes = {
        name: parameter
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    for key in params:
        if not takes:
            yield f"{where}.{key}: {kind.__name__} takes no parameters; got {key!r}."
        elif key not in takes:
            yield (
                f"{where}.{key}: {kind.__name__} has no parameter {key!r}; "
                f"did you mean {nearest(key, takes)!r}?"
            )
    for key, parameter in takes.items():
        if parameter.default is inspect.Parameter.empty and key not in params:
            yield f"{where}: the key {key!r} is missing."
