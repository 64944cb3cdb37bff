"""Nothing of the test decides: shown for every entry of config.yaml."""

import copy

import numpy as np
import pytest

from skseq.experiments.config import check_config, read_yaml, step_spec
from skseq.experiments.data import draw_search
from skseq.experiments.shared import join

from .conftest import ROOT

PROJECT = join(read_yaml(ROOT / "config.yaml")).problems
PROBLEMS = list(PROJECT)


def checked(problem, entry, schema):
    return check_config({"seed": 1, "repeats": 2, "problems": {problem: entry}}, schema)


def told_otherwise(entry):
    """Return the entry with everything that is about the test set to something else."""
    entry = copy.deepcopy(entry)
    entry["baselines"] = []
    entry["metrics"] = []
    entry.pop("outcome", None)
    entry["figures"] = ["loss_curves"]
    entry.get("published", {}).pop("figures", None)
    data = entry["data"]
    if "sizes" in data:
        data["sizes"] |= {"train": 7, "test": 7}
    if "targets" in data:
        data["targets"]["test"] = [120, 140]
    if "shares" in data:
        data["shares"] |= {"train": 0.1, "test": 0.1}
    if "sweep" in data:
        data["sweep"]["values"] = data["sweep"]["values"][:1]
    first, *_ = entry["criteria"]
    entry["criteria"] = [first | {"share": 0.123}]
    if {"between", "better_than"} & first.keys() or "targets" in data:
        entry["criteria"] = [{"metric": first["metric"], "at_most": 0.123}]
    return entry


@pytest.mark.parametrize("problem", PROBLEMS)
def test_no_setting_of_the_search_comes_from_the_test(problem, schema):
    entry = PROJECT[problem]
    specs = [
        step_spec(checked(problem, one, schema), problem, "search")
        for one in (entry, told_otherwise(entry))
    ]
    assert specs[0] == specs[1]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_no_row_of_the_search_depends_on_the_test(problem, schema):
    entry = PROJECT[problem]
    drawn = [
        draw_search(
            problem,
            1,
            step_spec(checked(problem, one, schema), problem, "search_data")["data"],
        )
        for one in (entry, told_otherwise(entry))
    ]
    assert drawn[0].keys() == drawn[1].keys()
    assert all(np.array_equal(drawn[0][key], drawn[1][key]) for key in drawn[0])


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_limit_is_enough_only_where_it_was_stated_before_any_data(problem, schema):
    """What is left are the tutorials' and anchors' own: shares of what is right, and
    half a step of a sequence that is known; of tasks that are drawn or made up.
    """
    config = checked(problem, PROJECT[problem], schema)
    objective = config["problems"][problem]["objective"]
    stated = {
        "sequence_accuracy": {1.0},
        "token_accuracy": {1.0, 0.9999, 0.999, 0.99},
        "rounded_accuracy": {0.9999},
        "max_error": {-0.05},
    }
    assert objective["limit"] in stated.get(objective["metric"], set()) | {None}
    generator = config["problems"][problem]["data"]["generator"]
    assert objective["limit"] is None or generator.startswith("make_")


@pytest.mark.parametrize("way", ["targets", "shares"])
@pytest.mark.parametrize("limit", ["at_most", "at_least"])
def test_a_table_or_a_series_has_no_limit_for_its_search(raw, schema, way, limit):
    echo = raw["problems"]["Echo"]
    echo["data"] = {
        "targets": {
            "generator": "load_milk_production",
            "targets": {"train": [3, 80], "test": [80, 90]},
        },
        "shares": {
            "generator": "make_cumulative_sum",
            "shares": {"search": 0.2, "train": 0.4, "test": 0.4},
        },
    }[way]
    echo["cv"] = {"kind": "KFold"}
    echo["criteria"] = [{"metric": "root_mean_squared_error", limit: 8.46}]
    objective = check_config(raw, schema)["problems"]["Echo"]["objective"]
    assert objective == {
        "metric": "root_mean_squared_error",
        "sign": -1,
        "limit": None,
    }
