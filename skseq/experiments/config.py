"""What is to run: the configuration, checked whole before anything starts.

Every mistake is collected and reported at once, each with the key, where it stands and
the nearest valid name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from skseq.experiments import registry
from skseq.experiments.claims import each_condition
from skseq.experiments.data import differs_by_repeat
from skseq.experiments.entries import name_mistakes, row_mistakes
from skseq.experiments.mistakes import expanded, form_errors, form_mistakes
from skseq.experiments.rehearsal import rehearse
from skseq.experiments.shared import SHARED, join

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
_BASELINE_DEFAULTS: dict[str, Any] = {
    "params": {},
    "sees": "row",
    "framing": None,
    "corrects": None,
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
    "figure": ("data", "framing", "baselines", "figures", *_JUDGED),
    "summary": _JUDGED,
}
# What each step may know of the data: the search, nothing of the test.
_Division = dict[str, tuple[str, ...] | None]
_SEARCHED: _Division = {
    "sizes": ("search",),
    "targets": ("train",),
    "shares": ("search",),
}
_REPEATED: _Division = {"sizes": ("train", "test"), "targets": (), "shares": None}
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
    joined = join(config)
    whole = {**config, "problems": joined.problems} if joined.layers else config
    errors = [
        error
        for error in form_errors(whole, schema)
        if not _may_be_missing(error, joined.broken)
    ]
    mistakes = [line for error in errors for line in form_mistakes(error)]
    # Names are looked up only in what has the right form.
    malformed = {
        tuple(error.absolute_path)[:2]
        for error in errors
        if error.validator != "additionalProperties"
    } | {("problems", problem) for problem in joined.broken}
    mistakes += name_mistakes(whole, malformed)
    refuse(name, joined.placed([*joined.mistakes, *mistakes]))
    problems = {
        problem: _completed(entry) for problem, entry in joined.problems.items()
    }
    claims = config.get("claims", [])
    refuse(name, list(row_mistakes(claims, problems)))
    completed = {
        "quick": list(problems)[:1],
        **{key: config[key] for key in config if key not in SHARED},
        "claims": [_single(claim) for claim in claims],
        "problems": problems,
    }
    if rehearsed:
        found = (
            rehearse(problem, completed["seed"], completed["repeats"], entry)
            for problem, entry in problems.items()
        )
        refuse(name, joined.placed(mistake for mistake in found if mistake))
    return completed


def _may_be_missing(error: jsonschema.ValidationError, broken: set[str]) -> bool:
    """Whether a key is missing where it may be: what it is in need not be complete."""
    place = tuple(error.absolute_path)[:2]
    return error.validator == "required" and (
        place[:1] == ("families",)
        or place in {("problems", problem) for problem in broken}
    )


def _single(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Write out each condition of a claim that stands for several."""
    single = {**claim, "holds_if": list(each_condition(claim["holds_if"]))}
    if "holds_only" in claim:
        conditions = list(each_condition(claim["holds_only"]["if"]))
        single["holds_only"] = {**claim["holds_only"], "if": conditions}
    return single


def refuse(name: str, mistakes: Sequence[str]) -> None:
    """Raise a ConfigError that lists all mistakes, one a line, if there are any."""
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
    known: dict[str, Any] = {key: data[key] for key in data if key != "unit"}
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


def read_config(path: str | os.PathLike[str]) -> Any:
    """Read a configuration, with its claims from a file beside it if it names one.

    Parameters
    ----------
    path : path-like
        The configuration.

    Returns
    -------
    object
        What `read_yaml` gives, with a list of claims in place of a name.

    Raises
    ------
    ConfigError
        If one of the files cannot be read as YAML, or the claims are not there.
    """
    config = read_yaml(path)
    named = config.get("claims") if isinstance(config, Mapping) else None
    if not isinstance(named, str):
        return config
    # A link to a configuration has its claims beside the configuration itself.
    claims = Path(path).resolve().parent / named
    if not claims.is_file():
        missing = f"claims: there is no file {named!r} in {claims.parent}."
        refuse(os.fspath(path), [missing])
    return {**config, "claims": read_yaml(claims)}


def read_schema(name: str) -> Any:
    """Read one of the schemas that come with the package.

    Parameters
    ----------
    name : {"config", "paper"}
        Which configuration it is of.

    Returns
    -------
    dict
        The JSON Schema.
    """
    return read_yaml(Path(__file__).parent / "schemas" / f"{name}.schema.yaml")


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


def _completed(entry: Mapping[str, Any]) -> dict[str, Any]:
    completed = _DEFAULTS | expanded(entry)
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
        {"share": 1.0, "data": "test"}
        | criterion
        | {"metric": registry.metric_name(criterion["metric"])}
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
    further = map(registry.metric_name, completed["metrics"])
    completed["metrics"] = list(dict.fromkeys([*named, *further]))
    completed["score_train"] = any(
        criterion["data"] == "train" for criterion in completed["criteria"]
    )
    return completed


def _objective(criterion: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
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
