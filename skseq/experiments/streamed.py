"""Entries whose data stream: what they may say, and what follows from it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from skseq.experiments import registry
from skseq.experiments.mistakes import parameter_mistakes
from skseq.experiments.stops import STOPS
from skseq.experiments.streamed_scores import METRICS

__all__ = ["completed_stream", "stream_mistakes"]

# What is searched, framed or held against other models needs data that are all there.
_WITHOUT = (
    *("framing", "target_transform", "grid", "cv", "search_seeds"),
    *("baselines", "metrics", "criteria"),
)
_ONLY = ("until", "configurations", "first")


def stream_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Find what does not go with data that stream, or with data that do not.

    Parameters
    ----------
    where : str
        Place of the entry.
    entry : mapping
        Entry of a problem that has the right form.

    Yields
    ------
    str
        A mistake with its place.
    """
    if "stream" not in entry["data"]:
        for key in _ONLY:
            if key in entry:
                yield f"{where}.{key}: is for data with 'stream'; leave it out."
        if "params" not in entry.get("published", {"params"}):
            yield f"{where}.published: the key 'params' is missing."
        if "hopeless" in entry["data"].get("sweep", {}):
            yield (
                f"{where}.data.sweep.hopeless: is for data with 'stream'; leave it out."
            )
        return
    given = [key for key in _WITHOUT if key in entry]
    given += [
        f"estimator.{k}" for k in ("carry_state", "corrects") if k in entry["estimator"]
    ]
    given += ["published.params"] * ("params" in entry.get("published", {}))
    given += ["data.rows_per_group"] * ("rows_per_group" in entry["data"])
    for key in given:
        yield f"{where}.{key}: has no place where data stream; leave it out."
    if not entry["data"].get("sweep", {}).get("retrain", True):
        yield (
            f"{where}.data.sweep.retrain: where data stream, each value has fits of "
            "its own; set it to true."
        )
    yield from _stop_mistakes(where, entry)
    for name, configuration in entry["configurations"].items():
        place = f"{where}.configurations.{name}"
        yield from _configuration_mistakes(place, entry, configuration)


def _configuration_mistakes(
    place: str, entry: Mapping[str, Any], configuration: Mapping[str, Any]
) -> Iterator[str]:
    block = entry["data"]["stream"]["block"]
    if configuration["budget"] < block:
        yield (
            f"{place}.budget: must be at least a block, {block}; got "
            f"{configuration['budget']}."
        )
    estimator = entry["estimator"]
    own = configuration.get("params", {})
    params = estimator.get("params", {}) | own
    optimizers = [params.get("optimizer", "adam")]
    if estimator["name"] in registry.names("estimator"):
        yield from parameter_mistakes(
            f"{place}.params",
            "estimator",
            estimator["name"],
            own,
            optimizers=optimizers,
        )
    if params.get("cell") == "rnn" and params.get("forget_bias", "unit") != "unit":
        yield (
            f"{place}.params.forget_bias: cell 'rnn' has no gate for "
            f"{params['forget_bias']!r}; give 'unit'."
        )


def _stop_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Find what a stop is told without asking, and what it asks for in vain."""
    kind, place = entry["until"]["kind"], f"{where}.until"
    asked = _asked_by(kind)
    # Any other key is unknown to the schema.
    for key in sorted({key for other in STOPS for key in _asked_by(other)}):
        if key in entry["until"] and key not in asked:
            yield f"{place}.{key}: {kind!r} asks for no {key!r}; leave it out."
        if key in asked and key not in entry["until"]:
            yield f"{place}: the key {key!r} is missing."
    data = entry["data"]
    named = (data["generator"], data.get("params", {}).get("targets"))
    if kind == "strings" and named != ("make_embedded_reber", "next"):
        yield (
            f"{place}.kind: 'strings' is about the grammar of make_embedded_reber with "
            "targets: next; take another."
        )


def _asked_by(kind: str) -> list[str]:
    return [
        parameter.name
        for parameter in inspect.signature(STOPS[kind]).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]


def completed_stream(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry whose data stream with what follows from its configurations.

    Parameters
    ----------
    entry : mapping
        The entry as written, joined with its family.

    Returns
    -------
    dict
        With a criterion for each configuration, to need no more sequences than its
        budget, and with what was published of each.
    """
    published = entry.get("published", {}).get("figures", {})
    configurations = {
        name: {"params": {}, "title": name.replace("_", " "), **one}
        | {"figures": one.get("figures", published)}
        for name, one in entry["configurations"].items()
    }
    criteria = [
        {"metric": METRICS[0], "at_most": one["budget"], "configuration": name}
        for name, one in configurations.items()
    ]
    return {
        "figures": ["success_rates", "loss_curves"],
        **entry,
        "grid": {},
        "cv": None,
        "metrics": list(METRICS),
        "criteria": criteria,
        "configurations": configurations,
    }
