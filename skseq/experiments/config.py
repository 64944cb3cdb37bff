"""What is to run: the configuration, checked whole before anything starts.

Every mistake is collected and reported at once, each with the key, where it stands and
the nearest valid name.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from skseq.experiments import registry
from skseq.experiments.claims import row_asked_for
from skseq.experiments.data import differs_by_repeat
from skseq.experiments.rehearsal import rehearse
from skseq.experiments.tables import OWNER_COLUMNS, rows_of

FIGURES = (
    "forecast",
    "loss_curves",
    "predicted_expected",
    "success_rates",
    "sweep",
)

_DEFAULTS: dict[str, Any] = {
    "about": "",
    "framing": None,
    "transformers": [],
    "target_transform": None,
    "published": None,
    "search_seeds": 5,
    "baselines": [],
    "metrics": [],
    "outcome": "criterion",
    "figures": ["loss_curves", "predicted_expected", "success_rates"],
}
_CONFIGURATIONS = ("searched", "published")
_LIMITS = ("at_least", "at_most", "between", "better_than")
_BASELINE_DEFAULTS: dict[str, Any] = {
    "params": {},
    "sees": "row",
    "framing": None,
    "corrects": None,
}
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


# What each step may know of a problem: a step is redone when one of these changed.
_FIT = ("framing", "transformers", "target_transform", "estimator")
_JUDGED = ("criteria", "outcome", "untrained", "stated", "rules", "seedless")
STEPS = {
    "search_data": ("data",),
    "repeat_data": ("data",),
    "search": ("data", *_FIT, "grid", "cv", "search_seeds", "objective"),
    "train": ("data", *_FIT, "published_params", "score_train"),
    "evaluate": (
        "data",
        "framing",
        "transformers",
        "target_transform",
        "baselines",
        "metrics",
        "score_train",
        "stated",
    ),
    "figure": ("data", "framing", *_JUDGED),
    "summary": _JUDGED,
}
# What each step may know of the data: the search, nothing of the test.
_SEARCHED = {"sizes": ("search",), "targets": ("train",), "shares": ("search",)}
_REPEATED = {"sizes": ("train", "test"), "targets": (), "shares": None}
_DIVISIONS = {"search_data": _SEARCHED, "search": _SEARCHED, "repeat_data": _REPEATED}


class ConfigError(ValueError):
    """The configuration has mistakes; the message lists every one of them."""


def check_config(
    config: Mapping[str, Any],
    schema: Mapping[str, Any],
    name: str = "config.yaml",
    *,
    rehearsed: bool = False,
) -> dict[str, Any]:
    """Check a configuration and return it with all defaults filled in.

    Parameters
    ----------
    config : mapping
        The configuration as read.
    schema : mapping
        JSON Schema of the configuration.
    name : str, default="config.yaml"
        What to call the configuration in messages.
    rehearsed : bool, default=False
        Whether to draw the data of every problem, with files read from the working
        directory, and to try every step but training.

    Returns
    -------
    dict
        A copy with every optional key of every problem present.

    Raises
    ------
    ConfigError
        If anything is wrong, with all mistakes, one a line.
    """
    errors = _form_errors(config, schema)
    mistakes = [line for error in errors for line in _form_mistakes(error)]
    # Names are looked up only in what has the right form.
    malformed = {
        tuple(error.absolute_path)[:2]
        for error in errors
        if error.validator != "additionalProperties"
    }
    mistakes += _name_mistakes(config, malformed)
    _raise(name, mistakes)
    problems = {
        problem: _completed(entry) for problem, entry in config["problems"].items()
    }
    quick = list(problems)[:1]
    completed = {"claims": [], "quick": quick, **config, "problems": problems}
    _raise(name, list(_rows_mistakes(completed)))
    if rehearsed:
        found = (
            rehearse(problem, completed["seed"], entry)
            for problem, entry in problems.items()
        )
        _raise(name, [mistake for mistake in found if mistake])
    return completed


def _raise(name: str, mistakes: Sequence[str]) -> None:
    if mistakes:
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise ConfigError("\n  ".join([f"{name} has {count}:", *mistakes]))


def step_spec(config: Mapping[str, Any], problem: str, step: str) -> dict[str, Any]:
    """Return what one step may know of a problem, so that nothing else redoes it.

    Parameters
    ----------
    config : mapping
        A configuration as `check_config` returned it.
    problem : str
        Name of the problem.
    step : str
        One of `STEPS`.

    Returns
    -------
    dict
        The entries of the problem that the step uses.
    """
    entry = config["problems"][problem]
    spec = {key: entry[key] for key in STEPS[step]}
    if "data" in spec and step != "figure":
        spec["data"] = _data_for(step, spec["data"])
    return spec


def _data_for(step: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the data's entry that a step's result depends on."""
    known = {key: value for key, value in data.items() if key != "unit"}
    if known["sweep"]:
        swept = {key: known["sweep"][key] for key in ("param", "values", "retrain")}
        # The search knows only that rows may be of other lengths.
        known["sweep"] = swept if step not in ("search_data", "search") else True
    for way, uses in _DIVISIONS.get(step, {}).items():
        if known[way] and uses is not None:
            known[way] = {use: known[way][use] for use in uses} or None
    return known


def read_yaml(path: str | os.PathLike[str]) -> Any:
    """Read a YAML file in which no key may stand twice.

    Parameters
    ----------
    path : path-like
        The file to read.

    Returns
    -------
    object
        What the file holds.

    Raises
    ------
    ConfigError
        If the file cannot be read as YAML, or a mapping has a key twice.
    """
    try:
        return yaml.load(Path(path).read_bytes(), _OnceLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{os.fspath(path)} is not valid YAML: {error}") from error


class _OnceLoader(yaml.SafeLoader):
    """Refuses what YAML itself forbids and its loaders let pass: a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise ConfigError(
                    f"the key {key!r} stands twice in one mapping, at "
                    f"{node.start_mark}; keep one of the two."
                )
        return super().construct_mapping(node, deep)


def nearest(name: object, valid: Iterable[str]) -> str:
    """Return the one of `valid` that is most like `name`.

    Parameters
    ----------
    name : object
        What was given.
    valid : iterable of str
        What could have been meant; at least one.

    Returns
    -------
    str
        The most similar name; among equals the first in alphabetical order.

    Examples
    --------
    >>> nearest("unit", ["units", "epochs"])
    'units'
    """

    def likeness(other: str) -> float:
        return SequenceMatcher(None, str(name).lower(), other.lower()).ratio()

    return max(sorted(valid), key=likeness)


def _form_errors(
    config: Any, schema: Mapping[str, Any]
) -> list[jsonschema.ValidationError]:
    validator = jsonschema.Draft202012Validator(schema)
    return sorted(
        validator.iter_errors(config),
        key=lambda error: (list(map(str, error.absolute_path)), error.message),
    )


def _form_mistakes(error: jsonschema.ValidationError) -> Iterator[str]:
    where = _place(error.absolute_path)
    if error.validator == "additionalProperties":
        valid = list(error.schema.get("properties", ()))
        for key in sorted(set(error.instance) - set(valid), key=str):
            yield _unknown(_join(where, key), "key", key, valid)
    else:
        yield f"{where}: {_form_message(error)}"


def _form_message(error: jsonschema.ValidationError) -> str:
    got = f"got {error.instance!r}"
    value = error.validator_value
    match error.validator:
        case "required":
            missing = [key for key in value if key not in error.instance]
            return f"the key {missing[0]!r} is missing."
        case "type":
            return f"must be {_TYPES[value]}; {got}."
        case "enum":
            return (
                f"must be one of {', '.join(value)}; {got}; "
                f"did you mean {nearest(error.instance, value)!r}?"
            )
        case "minimum":
            return f"must be at least {value}; {got}."
        case "maximum":
            return f"must be at most {value}; {got}."
        case "exclusiveMinimum":
            return f"must be above {value}; {got}."
        case "exclusiveMaximum":
            return f"must be below {value}; {got}."
        case "minItems" | "minProperties":
            return f"must have at least {value} entries; {got}."
        case "maxItems" | "items":
            return f"has too many entries; {got}."
        case "uniqueItems":
            return f"must not hold a value twice; {got}."
        case "pattern":
            return (
                f"the name {error.instance!r} must start with a letter and hold only "
                "letters, digits and '_'."
            )
    return f"{error.message}."


def _name_mistakes(config: Any, malformed: set[tuple[Any, ...]]) -> Iterator[str]:
    problems = config.get("problems") if isinstance(config, Mapping) else None
    if not isinstance(problems, Mapping):
        return
    for problem, entry in problems.items():
        if ("problems", problem) not in malformed:
            yield from _problem_mistakes(f"problems.{problem}", entry)
    if ("quick",) not in malformed:
        for index, problem in enumerate(config.get("quick", [])):
            if problem not in problems:
                yield _unknown(f"quick[{index}]", "problem", problem, problems)
    if ("claims",) not in malformed:
        for index, claim in enumerate(config.get("claims", [])):
            if ("claims", index) not in malformed:
                yield from _claim_mistakes(f"claims[{index}]", claim, problems)


def _claim_mistakes(
    where: str, claim: Mapping[str, Any], problems: Mapping[str, Any]
) -> Iterator[str]:
    places = {f"{where}.holds_if": claim["holds_if"]}
    if "holds_only" in claim:
        places[f"{where}.holds_only.if"] = claim["holds_only"]["if"]
    for place, conditions in places.items():
        for index, condition in enumerate(conditions):
            if condition["problem"] not in problems:
                at = f"{place}[{index}].problem"
                yield _unknown(at, "problem", condition["problem"], problems)
            given = [key for key in ("at_least", "at_most") if key in condition]
            if len(given) != 1:
                yield f"{place}[{index}]: needs either at_least or at_most."
            for key in given:
                at = f"{place}[{index}].{key}"
                yield from _number_mistakes(at, condition[key])


def _rows_mistakes(config: Mapping[str, Any]) -> Iterator[str]:
    """Find conditions of claims about rows that the results will not have."""
    for number, claim in enumerate(config.get("claims", [])):
        places = {"holds_if": claim["holds_if"]}
        if "holds_only" in claim:
            places["holds_only.if"] = claim["holds_only"]["if"]
        for place, conditions in places.items():
            for index, condition in enumerate(conditions):
                entry = config["problems"][condition["problem"]]
                where = f"claims[{number}].{place}[{index}]"
                yield from _condition_mistakes(where, condition, entry)


def _condition_mistakes(
    where: str, condition: Mapping[str, Any], entry: Mapping[str, Any]
) -> Iterator[str]:
    of = condition.get("of", "median")
    for key in ("row", "minus"):
        if key not in condition and key == "minus":
            continue
        asked = row_asked_for(condition["problem"], condition.get(key, {}), entry)
        owner = tuple(asked[column] for column in OWNER_COLUMNS[1:])
        rows = rows_of(entry)
        if owner not in rows:
            columns = {column: {row[i] for row in rows} for i, column in enumerate(OWNER_COLUMNS[1:])}
            for column, value in zip(OWNER_COLUMNS[1:], owner, strict=True):
                if value not in columns[column]:
                    yield _unknown(f"{where}.{key}.{column}", column, value, columns[column])
                    break
            else:
                yield f"{where}.{key}: the results have no row with {asked!r}."
        elif of not in ("median", *rows[owner]):
            yield (
                f"{where}.of: {condition['problem']} {asked['name'] or asked['configuration']} "
                f"has no {of}; ask for {' or '.join(['the median', *rows[owner]])}."
            )


def _problem_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield from _data_mistakes(f"{where}.data", entry["data"])
    yield from _framing_mistakes(where, entry)
    if "targets" in entry["data"] and "framing" not in entry:
        yield f"{where}: data with targets need the key 'framing', to be windows."
    for index, component in enumerate(entry.get("transformers", [])):
        place = f"{where}.transformers[{index}]"
        yield from _component_mistakes(place, "transformer", component)
    if "target_transform" in entry:
        place = f"{where}.target_transform"
        yield from _component_mistakes(place, "transformer", entry["target_transform"])
    yield from _baseline_mistakes(where, entry.get("baselines", []))
    yield from _estimator_mistakes(where, entry)
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
        yield from _component_mistakes(place, kind, component)
        yield from _framing_mistakes(place, component)
        if "corrects" in component:
            yield from _component_mistakes(
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
                f"{where}.baselines[{index - len(_CONFIGURATIONS)}].label: {label!r} is "
                "the name of another row of the results; take one of its own."
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
    if entry["cv"]["kind"] == "training" and "n_splits" in entry["cv"]:
        yield f"{where}.cv.n_splits: nothing is split in training; leave it out."


def _stated_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What was published is shown beside a figure of the same name."""
    shown = ["loss", *_metrics_of(entry)]
    for metric, value in entry.get("published", {}).get("figures", {}).items():
        place = f"{where}.published.figures.{metric}"
        if metric not in shown:
            yield (
                f"{place}: nothing of that name is reported, only {', '.join(shown)}; "
                "name it among 'metrics' as well."
            )
        yield from _number_mistakes(place, value)


def _metrics_of(entry: Mapping[str, Any]) -> list[str]:
    named = [criterion["metric"] for criterion in entry["criteria"]]
    return list(dict.fromkeys([*named, *entry.get("metrics", [])]))


def _number_mistakes(place: str, *values: float) -> Iterator[str]:
    for value in values:
        if not math.isfinite(value):
            yield f"{place}: must be a finite number; got {value!r}."


def _figure_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    sweep = entry["data"].get("sweep")
    for index, figure in enumerate(entry.get("figures", [])):
        place = f"{where}.figures[{index}]"
        if figure not in FIGURES:
            yield _unknown(place, "figure", figure, FIGURES)
        if figure == "forecast" and "targets" not in entry["data"]:
            yield f"{place}: a forecast is drawn of a series, whose data have 'targets'."
        if figure == "sweep" and not sweep:
            yield f"{place}: nothing is swept; give the key 'sweep' of the data."
        if figure == "sweep" and sweep and not _all_numbers(sweep["values"]):
            yield f"{place}: values that are swept must be numbers to be drawn along."


def _all_numbers(values: Iterable[Any]) -> bool:
    return all(
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        for value in values
    )


def _framing_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield from _parameter_mistakes(
        f"{where}.framing",
        "transformer",
        "SupervisedWindower",
        entry.get("framing", {}),
    )


def _data_mistakes(where: str, data: Mapping[str, Any]) -> Iterator[str]:
    component = {"name": data["generator"], "params": data.get("params", {})}
    yield from _component_mistakes(where, "generator", component, key="generator")
    if "sweep" in data and component["name"] in registry.names("generator"):
        sweep = data["sweep"]
        for value in sweep["values"]:
            swept = {sweep["param"]: value}
            yield from _parameter_mistakes(
                f"{where}.sweep", "generator", component["name"], swept
            )
        labels = [f"{sweep['param']}={_expanded(value)}" for value in sweep["values"]]
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
    ways = [key for key in ("sizes", "targets", "shares") if key in data]
    if len(ways) > 1:
        yield f"{where}: only one of {', '.join(ways)} can say how data are divided."
    if sum(data.get("shares", {}).values()) > 1 + 1e-9:
        yield f"{where}.shares: must not add up to more than 1; got {data['shares']!r}."
    if data["generator"] in registry.names("generator"):
        takes = registry.parameters("generator", data["generator"])
        if "sizes" in data and "n_sequences" not in takes:
            yield (
                f"{where}.sizes: {data['generator']} draws no sequences; divide what it "
                "reads by 'shares' or 'targets'."
            )
        if "sizes" in data and "n_sequences" in data.get("params", {}):
            yield f"{where}.params.n_sequences: 'sizes' says how many; leave it out."
    for use, (start, stop) in data.get("targets", {}).items():
        if start >= stop:
            yield (
                f"{where}.targets.{use}: must begin before it ends; "
                f"got {[start, stop]!r}."
            )


def _component_mistakes(
    where: str, kind: str, component: Mapping[str, Any], key: str = "name"
) -> Iterator[str]:
    name = component["name"]
    if name not in registry.names(kind):
        yield _unknown(f"{where}.{key}", kind, name, registry.names(kind))
        return
    params = component.get("params", {})
    yield from _parameter_mistakes(f"{where}.params", kind, name, params)
    for parameter in registry.required(kind, name):
        if parameter not in params:
            yield f"{where}.params: {name} needs the parameter {parameter!r}."


def _parameter_mistakes(
    where: str, kind: str, name: str, params: Mapping[str, Any], **used: Any
) -> Iterator[str]:
    valid = registry.parameters(kind, name, **used)
    for key, value in params.items():
        if key == "random_state":
            yield f"{where}.{key}: is drawn from the run's seed; leave it out."
        elif not valid:
            yield f"{where}.{key}: {name} takes no parameters; got {key!r}."
        elif key not in valid:
            yield (
                f"{where}.{key}: {name} has no parameter {key!r}; "
                f"did you mean {nearest(key, valid)!r}?"
            )
        else:
            message = registry.value_error(kind, name, key, _expanded(value))
            if message:
                yield f"{where}.{key}: {message}"


def _estimator_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    name = entry["estimator"]["name"]
    if name not in registry.names("estimator"):
        place = f"{where}.estimator.name"
        yield _unknown(place, "estimator", name, registry.names("estimator"))
        return
    given = [
        ("estimator.params", entry["estimator"].get("params", {})),
        ("published.params", entry.get("published", {}).get("params", {})),
    ]
    named = [params["optimizer"] for _, params in given if "optimizer" in params]
    optimizers = [*named, *entry["grid"].get("optimizer", [])] or ["adam"]
    # Each value of a grid is a mistake of its own; a name only once.
    longest = max(map(len, entry["grid"].values()))
    given += [
        (
            "grid",
            {
                key: values[i]
                for key, values in entry["grid"].items()
                if i < len(values)
            },
        )
        for i in range(longest)
    ]
    mistakes = (
        mistake
        for key, params in given
        for mistake in _parameter_mistakes(
            f"{where}.{key}", "estimator", name, params, optimizers=optimizers
        )
    )
    yield from dict.fromkeys(mistakes)
    if "corrects" in entry["estimator"]:
        place = f"{where}.estimator.corrects"
        yield from _component_mistakes(
            place, "baseline", entry["estimator"]["corrects"]
        )


def _metric_mistakes(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    valid = registry.names("metric")
    named = {
        f"criteria[{index}].metric": criterion["metric"]
        for index, criterion in enumerate(entry["criteria"])
    } | {
        f"metrics[{index}]": metric
        for index, metric in enumerate(entry.get("metrics", []))
    }
    for key, metric in named.items():
        if metric not in valid:
            yield _unknown(f"{where}.{key}", "metric", metric, valid)
    for index, criterion in enumerate(entry["criteria"]):
        place = f"{where}.criteria[{index}]"
        yield from _limit_mistakes(place, criterion)
        if "better_than" in criterion and not _has_rule(entry, criterion):
            yield (
                f"{place}.better_than: no baseline is a rule that has this metric; name "
                "one among 'baselines'."
            )
        if _of(criterion) in map(_of, entry["criteria"][:index]):
            yield (
                f"{place}: {criterion['metric']} of {_of(criterion)[1]} data has a "
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
            yield from _number_mistakes(f"{place}.{key}", criterion[key])
    low, high = criterion.get("between", (0, 0))
    yield from _number_mistakes(f"{place}.between", low, high)
    if low > high:
        yield f"{place}.between: must begin before it ends; got {[low, high]!r}."


def _of(criterion: Mapping[str, Any]) -> tuple[str, str]:
    return criterion["metric"], criterion.get("data", "test")


def _has_rule(entry: Mapping[str, Any], criterion: Mapping[str, Any]) -> bool:
    scored = (registry.ORACLE_METRIC, "test")
    return any(
        _of(criterion) == scored
        if baseline["name"] in registry.names("oracle")
        else not registry.learns(baseline["name"])
        for baseline in entry.get("baselines", [])
    )


def _unknown(where: str, kind: str, name: object, valid: Iterable[str]) -> str:
    return f"{where}: unknown {kind} {name!r}; did you mean {nearest(name, valid)!r}?"


def _place(path: Iterable[Any]) -> str:
    where = ""
    for key in path:
        where = f"{where}[{key}]" if isinstance(key, int) else _join(where, key)
    return where or "(top)"


def _join(where: str, key: Any) -> str:
    return str(key) if where in ("", "(top)") else f"{where}.{key}"


def _completed(entry: Mapping[str, Any]) -> dict[str, Any]:
    completed = _DEFAULTS | _expanded(entry)
    completed["estimator"] = {
        "params": {},
        "carry_state": False,
        "corrects": None,
    } | completed["estimator"]
    completed["data"] = {
        "params": {},
        "sizes": None,
        "targets": None,
        "shares": None,
        "unit": "value",
        "rows_per_group": None,
        "sweep": None,
    } | completed["data"]
    sweep = completed["data"]["sweep"]
    # What is only tested, not trained for, is shown and need not meet the criterion.
    completed["untrained"] = (
        [f"{sweep['param']}={value}" for value in sweep["values"]]
        if sweep and not sweep["retrain"]
        else []
    )
    completed["criteria"] = [
        {"share": 1.0, "data": "test"} | criterion
        for criterion in completed["criteria"]
    ]
    completed["baselines"] = [
        _BASELINE_DEFAULTS | baseline for baseline in completed["baselines"]
    ]
    published = completed.pop("published") or {}
    completed["published_params"] = published.get("params")
    completed["stated"] = published.get("figures", {})
    completed["rules"] = [
        baseline["label"]
        for baseline in completed["baselines"]
        if not registry.learns(baseline["name"])
    ]
    completed["seedless"] = [
        baseline["label"]
        for baseline in completed["baselines"]
        if not (differs_by_repeat(completed["data"]) or registry.draws(baseline))
    ]
    completed["objective"] = _objective(completed["criteria"][0], completed["data"])
    named = [criterion["metric"] for criterion in completed["criteria"]]
    completed["metrics"] = list(dict.fromkeys(named + completed["metrics"]))
    completed["score_train"] = any(
        criterion["data"] == "train" for criterion in completed["criteria"]
    )
    return completed


def _objective(
    criterion: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the search maximizes, and from where on it is enough, if anywhere.

    A limit on data that are drawn was stated before anyone saw them. On a table or a
    series that is all there is, a limit may have been read off its test rows, so the
    search does not get it.
    """
    sign = registry.sign(criterion["metric"])
    limit = criterion.get("at_least" if sign > 0 else "at_most")
    if limit is None or data["targets"] or data["shares"]:
        return {"metric": criterion["metric"], "sign": sign, "limit": None}
    return {"metric": criterion["metric"], "sign": sign, "limit": sign * limit}


def _expanded(value: Any) -> Any:
    """Return a copy with every ``{range: n}`` as the list of 0 to n-1."""
    if isinstance(value, Mapping):
        if set(value) == {"range"}:
            return list(range(value["range"]))
        return {key: _expanded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_expanded(item) for item in value]
    return value
