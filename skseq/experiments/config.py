"""What is to run: the configuration, checked whole before anything starts.

Every mistake is collected and reported at once, each with the key, where it stands and
the nearest valid name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from skseq.experiments.claim_entries import row_mistakes
from skseq.experiments.claims import each_condition
from skseq.experiments.completion import completed_entry
from skseq.experiments.entries import name_mistakes
from skseq.experiments.mistakes import form_errors, form_mistakes
from skseq.experiments.rehearsal import rehearse
from skseq.experiments.shared import SHARED, join

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
        "until",
        "configurations",
    ),
    "figure": ("data", "framing", "baselines", "figures", "configurations", *_JUDGED),
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
        problem: completed_entry({"repeats": config["repeats"], **entry})
        for problem, entry in joined.problems.items()
    }
    claims = config.get("claims", [])
    refuse(name, [*row_mistakes(claims, problems), *_others_mistakes(config)])
    completed = {
        "quick": list(problems)[:1],
        **{key: config[key] for key in config if key not in SHARED},
        "claims": [_single(claim) for claim in claims],
        "problems": problems,
        "others": {
            other: check_config(
                of, schema, f"{name}, others.{other},", rehearsed=rehearsed
            )
            for other, of in config.get("others", {}).items()
        },
    }
    if rehearsed:
        found = (
            rehearse(problem, completed["seed"], entry)
            for problem, entry in problems.items()
        )
        refuse(name, joined.placed(mistake for mistake in found if mistake))
    return completed


def _others_mistakes(config: Mapping[str, Any]) -> Iterator[str]:
    """Find problems that would write over those of another part."""
    taken = dict.fromkeys(config["problems"], "problems")
    for other, of in config.get("others", {}).items():
        if other in config["problems"]:
            yield f"others.{other}: there is a problem of this name; take another."
        if "others" in of:
            yield f"others.{other}.others: others have none of their own; leave it out."
        named = of.get("problems")
        for problem in named if isinstance(named, Mapping) else ():
            if problem in taken:
                yield (
                    f"others.{other}.problems.{problem}: there is one of this name in "
                    f"{taken[problem]}; take another."
                )
            taken.setdefault(problem, f"others.{other}.problems")


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
    if step == "evaluate":
        spec["configurations"] = list(spec["configurations"])
    return spec


def configuration_spec(
    config: Mapping[str, Any], problem: str, configuration: str
) -> dict[str, Any]:
    """Return what training may know of one of the `configurations` of a problem.

    Parameters
    ----------
    config, problem
        As of `step_spec`.
    configuration : str
        Its name.

    Returns
    -------
    dict
        Entries of the problem, and `configuration`, its `params` and its `budget`.
    """
    entry = config["problems"][problem]
    own = entry["configurations"][configuration]
    return {
        **{key: entry[key] for key in (*_FIT, "until")},
        "data": _data_for("train", entry["data"]),
        "configuration": configuration,
        "params": own["params"],
        "budget": own["budget"],
    }


def all_problems(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the configuration that each problem is of, its own or one of `others`.

    Parameters
    ----------
    config : mapping
        A configuration as `check_config` returned it.

    Returns
    -------
    dict of str to mapping
        By name of the problem.
    """
    parts = [config, *config["others"].values()]
    return {problem: part for part in parts for problem in part["problems"]}


def _data_for(step: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the data's entry that a step's result depends on."""
    known: dict[str, Any] = {key: data[key] for key in data if key != "unit"}
    if known["sweep"]:
        keys = ("param", "values", "retrain", "hopeless")
        swept = {key: known["sweep"][key] for key in keys if key in known["sweep"]}
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
    """Read a configuration, with what it names of files beside it.

    Parameters
    ----------
    path : path-like
        The configuration.

    Returns
    -------
    object
        What `read_yaml` gives, with a list of claims, and the configurations of
        `others`, in place of names of files.

    Raises
    ------
    ConfigError
        If one of the files cannot be read as YAML, or is not there.
    """
    config = _with_claims(path)
    if isinstance(config, dict) and isinstance(config.get("others"), Mapping):
        config["others"] = {
            name: _with_claims(_beside(path, f"others.{name}", other))
            if isinstance(other, str)
            else other
            for name, other in config["others"].items()
        }
    return config


def _with_claims(path: str | os.PathLike[str]) -> Any:
    config = read_yaml(path)
    if isinstance(config, dict) and isinstance(config.get("claims"), str):
        config["claims"] = read_yaml(_beside(path, "claims", config["claims"]))
    return config


def _beside(path: str | os.PathLike[str], place: str, name: str) -> Path:
    """Return a file beside a configuration; beside itself, where it is a link to it."""
    found = Path(path).resolve().parent / name
    if not found.is_file():
        missing = f"{place}: there is no file {name!r} in {found.parent}."
        refuse(os.fspath(path), [missing])
    return found


def read_schema(name: str) -> Any:
    """Read one of the schemas that come with the package.

    Parameters
    ----------
    name : {"config", "real"}
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
