"""Mistakes in the entries of a configuration that has the right form.

Names are looked up in the package itself, parameters are checked by what they are given
to, and what would be overwritten, left out or never compared in the results is named.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from skseq.experiments import registry
from skseq.experiments.claim_entries import claim_mistakes
from skseq.experiments.mistakes import (
    component_mistakes,
    expanded,
    number_mistakes,
    parameter_mistakes,
    unknown,
)
from skseq.experiments.streamed import stream_mistakes
from skseq.experiments.streamed_scores import METRICS

FIGURES = (
    "forecast",
    "influence",
    "loss_curves",
    "predicted_expected",
    "reach",
    "success_rates",
    "sweep",
)
_CONFIGURATIONS = ("searched", "published")
_LIMITS = ("at_least", "at_most", "between", "better_than")


def name_mistakes(config: Any, malformed: set[tuple[Any, ...]]) -> Iterator[str]:
    problems = config.get("problems") if isinstance(config, Mapping) else None
    if not isinstance(problems, Mapping):
        return
    for problem, entry in problems.items():
        if ("problems", problem) not in malformed:
            yield from _problem_mistakes(f"problems.{problem}", entry)
    if ("quick",) not in malformed:
        for index, problem in enumerate(config.get("quick", [])):
            if problem not in problems:
                yield unknown(f"quick[{index}]", "problem", problem, problems)
    if ("claims",) not in malformed:
        for index, claim in enumerate(config.get("claims", [])):
            if ("claims", index) not in malformed:
                yield from claim_mistakes(f"claims[{index}]", claim, problems)


def _problem_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield from _data_mistakes(f"{where}.data", entry["data"])
    yield from _framing_mistakes(where, entry)
    if "targets" in entry["data"] and "framing" not in entry:
        yield f"{where}: data with targets need the key 'framing', to be windows."
    for index, component in enumerate(entry.get("transformers", [])):
        place = f"{where}.transformers[{index}]"
        yield from component_mistakes(place, "transformer", component)
    if "target_transform" in entry:
        place = f"{where}.target_transform"
        yield from component_mistakes(place, "transformer", entry["target_transform"])
    yield from _estimator_mistakes(where, entry)
    yield from stream_mistakes(where, entry)
    if "stream" not in entry["data"]:
        yield from _baseline_mistakes(where, entry.get("baselines", []))
        yield from _group_mistakes(where, entry)
        yield from _metric_mistakes(where, entry)
    yield from _stated_mistakes(where, entry)
    yield from _figure_mistakes(where, entry)


def _baseline_mistakes(
    where: str, baselines: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    for index, component in enumerate(baselines):
        place = f"{where}.baselines[{index}]"
        oracle = component["name"] in registry.names("oracle")
        kind = "oracle" if oracle else "baseline"
        yield from component_mistakes(place, kind, component)
        yield from _framing_mistakes(place, component)
        if "corrects" in component:
            yield from component_mistakes(
                f"{place}.corrects", "baseline", component["corrects"]
            )
        for key in ("sees", "framing", "corrects"):
            if key in component and not _takes(key, component["name"]):
                yield (
                    f"{place}.{key}: {component['name']} is a rule about the rows as "
                    "they are; leave it out."
                )
    labels = [*_CONFIGURATIONS, *(component["label"] for component in baselines)]
    for index, label in enumerate(labels):
        if label in labels[:index]:
            yield (
                f"{where}.baselines[{index - len(_CONFIGURATIONS)}].label: {label!r} "
                "is the name of another row of the results; take one of its own."
            )


def _takes(key: str, name: str) -> bool:
    if key == "framing":
        return name not in registry.names("oracle")
    # An unknown name is a mistake already.
    return name not in registry.names("oracle") and (
        name not in registry.names("baseline") or registry.learns(name)
    )


def _group_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Groups come from windows of sequences, or from rows that are counted."""
    windows = "framing" in entry and "targets" not in entry["data"]
    counted = "rows_per_group" in entry["data"]
    if counted and "framing" in entry:
        yield (
            f"{where}.data.rows_per_group: the windows of a framing have groups of "
            "their own; leave one of the two out."
        )
    needs = {
        "estimator.carry_state": entry["estimator"].get("carry_state", False),
        "cv.kind": entry["cv"]["kind"] == "GroupKFold",
    }
    for key, needed in needs.items():
        if needed and not (windows or counted):
            yield (
                f"{where}.{key}: needs groups; cut sequences with 'framing', or give "
                "'rows_per_group'."
            )
    if needs["estimator.carry_state"] and "corrects" in entry["estimator"]:
        yield (
            f"{where}.estimator.corrects: a rule reads each window by itself; leave it "
            "or 'carry_state' out."
        )
    if entry["cv"]["kind"] == "training" and "n_splits" in entry["cv"]:
        yield f"{where}.cv.n_splits: nothing is split in training; leave it out."


def _stated_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What was published is shown beside a figure of the same name."""
    shown = ["loss", *_metrics_of(entry)]
    way = "name it among 'metrics' as well."
    if "stream" in entry["data"]:
        shown, way = list(METRICS), "leave it out."
    of = {"published": entry.get("published", {})}
    of |= {f"configurations.{k}": v for k, v in entry.get("configurations", {}).items()}
    for key, one in of.items():
        for metric, value in one.get("figures", {}).items():
            place = f"{where}.{key}.figures.{metric}"
            if metric not in shown:
                yield (
                    f"{place}: nothing of that name is reported, only "
                    f"{', '.join(shown)}; {way}"
                )
            yield from number_mistakes(place, value)


def _metrics_of(entry: Mapping[str, Any]) -> list[str]:
    metrics = [one["metric"] for one in entry.get("criteria", [])]
    metrics += entry.get("metrics", [])
    return list(dict.fromkeys(map(registry.metric_name, metrics)))


def _figure_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    sweep = entry["data"].get("sweep")
    for index, figure in enumerate(entry.get("figures", [])):
        place = f"{where}.figures[{index}]"
        if figure not in FIGURES:
            yield unknown(place, "figure", figure, FIGURES)
        if figure == "forecast" and "targets" not in entry["data"]:
            yield f"{place}: forecasts are of a series, whose data have 'targets'."
        if figure in ("influence", "predicted_expected") and "stream" in entry["data"]:
            yield f"{place}: of data that stream no answers are kept; leave it out."
        if figure == "reach" and not (sweep and "stream" in entry["data"]):
            yield f"{place}: is of data with 'stream' and 'sweep'; leave it out."
        if figure == "influence" and entry["estimator"].get("carry_state"):
            yield f"{place}: each row is exchanged alone; leave out 'carry_state'."
        if figure == "sweep" and not sweep:
            yield f"{place}: nothing is swept; give the key 'sweep' of the data."
        if figure == "sweep" and sweep and not _all_numbers(_places(entry["data"])):
            yield (
                f"{place}: values that are swept, and the one that is trained with, "
                "must be numbers to be drawn along."
            )


def _places(data: Mapping[str, Any]) -> list[Any]:
    """Return the values of a sweep, and the one that fits are trained with."""
    sweep, generator = data["sweep"], data["generator"]
    known = generator in registry.names("generator")
    if sweep["retrain"] or not known:
        return list(sweep["values"])
    params = {
        name: registry.default("generator", generator, name)
        for name in registry.parameters("generator", generator)
    } | data.get("params", {})
    return [params.get(sweep["param"]), *sweep["values"]]


def _all_numbers(values: Iterable[Any]) -> bool:
    return all(
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        for value in values
    )


def _framing_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield from parameter_mistakes(
        f"{where}.framing",
        "transformer",
        "SupervisedWindower",
        entry.get("framing", {}),
    )


def _data_mistakes(where: str, data: Mapping[str, Any]) -> Iterator[str]:
    component = {"name": data["generator"], "params": data.get("params", {})}
    yield from component_mistakes(where, "generator", component, key="generator")
    if "sweep" in data and component["name"] in registry.names("generator"):
        sweep = data["sweep"]
        for value in sweep["values"]:
            swept = {sweep["param"]: value}
            yield from parameter_mistakes(
                f"{where}.sweep", "generator", component["name"], swept
            )
        labels = [f"{sweep['param']}={expanded(value)}" for value in sweep["values"]]
        for label in dict.fromkeys(labels):
            if labels.count(label) > 1:
                yield (
                    f"{where}.sweep.values: two of them are called {label!r} in the "
                    "results; leave one out."
                )
        if "targets" in data:
            yield f"{where}.sweep: targets are positions in one series; sweep nothing."
    yield from _division_mistakes(where, data)


def _division_mistakes(where: str, data: Mapping[str, Any]) -> Iterator[str]:
    ways = [key for key in ("sizes", "targets", "shares", "stream") if key in data]
    if len(ways) > 1:
        yield f"{where}: only one of {', '.join(ways)} can say how data are divided."
    if sum(data.get("shares", {}).values()) > 1 + 1e-9:
        yield f"{where}.shares: must not add up to more than 1; got {data['shares']!r}."
    if data["generator"] in registry.names("generator"):
        takes = registry.parameters("generator", data["generator"])
        for key in ("sizes", "stream"):
            if key in data and "n_sequences" not in takes:
                yield (
                    f"{where}.{key}: {data['generator']} draws no sequences; divide "
                    "what it reads by 'shares' or 'targets'."
                )
            if key in data and "n_sequences" in data.get("params", {}):
                at = f"{where}.params.n_sequences"
                yield f"{at}: {key!r} says how many; leave it out."
    for use, (start, stop) in data.get("targets", {}).items():
        if start >= stop:
            yield (
                f"{where}.targets.{use}: must begin before it ends; "
                f"got {[start, stop]!r}."
            )


def _estimator_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    name = entry["estimator"]["name"]
    if name not in registry.names("estimator"):
        place = f"{where}.estimator.name"
        yield unknown(place, "estimator", name, registry.names("estimator"))
        return
    given = [
        ("estimator.params", entry["estimator"].get("params", {})),
        ("published.params", entry.get("published", {}).get("params", {})),
    ]
    grid = entry.get("grid", {})
    named = [params["optimizer"] for _, params in given if "optimizer" in params]
    optimizers = [*named, *grid.get("optimizer", [])] or ["adam"]
    # Each value of a grid is a mistake of its own; a name only once.
    longest = max(map(len, grid.values()), default=0)
    given += [
        ("grid", {key: values[i] for key, values in grid.items() if i < len(values)})
        for i in range(longest)
    ]
    mistakes = (
        mistake
        for key, params in given
        for mistake in parameter_mistakes(
            f"{where}.{key}", "estimator", name, params, optimizers=optimizers
        )
    )
    yield from dict.fromkeys(mistakes)
    if "corrects" in entry["estimator"]:
        place = f"{where}.estimator.corrects"
        yield from component_mistakes(place, "baseline", entry["estimator"]["corrects"])


def _metric_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    valid = registry.names("metric")
    named = [
        (f"criteria[{index}].metric", criterion["metric"])
        for index, criterion in enumerate(entry["criteria"])
    ]
    named += [
        (f"metrics[{i}]", name) for i, name in enumerate(entry.get("metrics", []))
    ]
    for key, metric in named:
        if isinstance(metric, Mapping):
            yield from component_mistakes(f"{where}.{key}", "metric", metric)
        elif metric not in valid:
            yield unknown(f"{where}.{key}", "metric", metric, valid)
    for index, criterion in enumerate(entry["criteria"]):
        place = f"{where}.criteria[{index}]"
        yield from _limit_mistakes(place, criterion)
        if "better_than" in criterion and not _has_rule(entry, criterion):
            yield (
                f"{place}.better_than: no baseline is a rule that has this metric; "
                "name one among 'baselines'."
            )
        if _of(criterion) in map(_of, entry["criteria"][:index]):
            yield (
                f"{place}: {_of(criterion)[0]} of {_of(criterion)[1]} data has a "
                "criterion already; take 'between' for two limits."
            )


def _limit_mistakes(place: str, criterion: Mapping[str, Any]) -> Iterator[str]:
    limits = [key for key in _LIMITS if key in criterion]
    if len(limits) != 1:
        yield (
            f"{place}: needs exactly one of {', '.join(_LIMITS[:-1])} and "
            f"{_LIMITS[-1]}; got {', '.join(limits) or 'none'}."
        )
    for key in ("at_least", "at_most"):
        if key in criterion:
            yield from number_mistakes(f"{place}.{key}", criterion[key])
    low, high = criterion.get("between", (0, 0))
    yield from number_mistakes(f"{place}.between", low, high)
    if low > high:
        yield f"{place}.between: must begin before it ends; got {[low, high]!r}."


def _of(criterion: Mapping[str, Any]) -> tuple[str, str]:
    return registry.metric_name(criterion["metric"]), criterion.get("data", "test")


def _has_rule(entry: Mapping[str, Any], criterion: Mapping[str, Any]) -> bool:
    scored = (registry.ORACLE_METRIC, "test")
    return any(
        _of(criterion) == scored
        if baseline["name"] in registry.names("oracle")
        else not registry.learns(baseline["name"])
        for baseline in entry.get("baselines", [])
    )
