"""What entries share: joined as if each had written it; mistakes in it told once."""

import copy

import hypothesis.strategies as st
import pytest
from hypothesis import given

from skseq.experiments.config import ConfigError, check_config, read_config, read_yaml
from skseq.experiments.shared import join

from .conftest import ROOT

CLAIM = {"claim": "It echoes.", "source": "x"}


@pytest.fixture
def shared(raw):
    """Return the small configuration with all it can share, and two problems of it."""
    title, echo = raw["problems"]["Echo"].pop("title"), raw["problems"]["Echo"]
    raw["baselines"] = {"constant": {"name": "DummyClassifier"}}
    own = {key: echo.pop(key) for key in ("grid", "estimator")}
    raw["families"] = {
        "windows": echo | {"baselines": ["constant"]},
        "echo": {"family": "windows", "estimator": own["estimator"]},
    }
    raw["problems"] = {
        name: {"family": "echo", "title": title, "grid": own["grid"]}
        for name in ("Echo", "Again")
    }
    return raw


def said(config, schema):
    with pytest.raises(ConfigError) as error:
        check_config(config, schema)
    first, *mistakes = str(error.value).splitlines()
    count = len(mistakes)
    assert first == f"config.yaml has {count} mistake{'s' * (count > 1)}:"
    return [mistake.removeprefix("  ") for mistake in mistakes]


def test_a_problem_of_a_family_is_as_if_it_said_all_itself(shared, raw, schema, config):
    before = copy.deepcopy(shared)
    joined = check_config(shared, schema)
    assert joined["problems"]["Echo"] == config["problems"]["Echo"]
    assert joined["problems"]["Again"] == config["problems"]["Echo"]
    assert not {"families", "baselines"} & set(joined)
    assert shared == before


def test_mappings_are_joined_and_of_all_else_the_own_one_stands(shared, schema):
    shared["problems"]["Again"] |= {
        "data": {"params": {"n_values": 4}},
        "estimator": {"params": {"shuffle": False}},
        "baselines": [],
    }
    joined = check_config(shared, schema)["problems"]["Again"]
    assert joined["data"]["params"] == {"n_timesteps": 6, "n_values": 4}
    assert joined["estimator"]["params"] == {"batch_size": 2, "shuffle": False}
    assert joined["baselines"] == []


KEYS = st.sampled_from("abc")
ENTRIES = st.recursive(
    st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
).map(lambda value: value if isinstance(value, dict) else {"a": value})


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key in value:
            yield from leaves(value[key], (*path, key))
    else:
        yield path, value


@given(ENTRIES, ENTRIES)
def test_the_own_leaves_stand_and_the_family_gives_the_others(family, own):
    config = {"families": {"f": family}, "problems": {"P": {"family": "f", **own}}}
    found = dict(leaves(join(config).problems["P"]))
    mine = {path: value for path, value in leaves(own) if value != {}}
    theirs = {path: value for path, value in leaves(family) if value != {}}
    assert mine.items() <= found.items() or not mine
    for path, value in found.items():
        assert value in (mine.get(path), theirs.get(path), {}), path
    assert join(config).mistakes == []


MISTAKES = [
    (
        ("problems", "Echo", "family"),
        "eco",
        ["problems.Echo.family: unknown family 'eco'; did you mean 'echo'?"],
    ),
    (
        ("problems", "Echo", "family"),
        3,
        ["problems.Echo.family: must be a text; got 3."],
    ),
    (
        ("families", "windows", "family"),
        "echo",
        ["families.windows.family: 'echo' has this family itself; leave one out."],
    ),
    (
        ("families", "windows", "titel"),
        "x",
        ["families.windows.titel: unknown key 'titel'; did you mean 'title'?"],
    ),
    (
        ("families", "windows", "data", "params", "n_value"),
        5,
        [
            "families.windows.data.params.n_value: make_random_sequences has no "
            "parameter 'n_value'; did you mean 'n_values'? (for Echo, Again)"
        ],
    ),
    (
        ("families", "echo", "estimator", "params", "batch_size"),
        0,
        [
            "families.echo.estimator.params.batch_size: The 'batch_size' parameter of "
            "Seq2SeqEcho must be an int in the range [1, inf) or None. Got 0 instead. "
            "(for Echo, Again)"
        ],
    ),
    (
        ("problems", "Again", "data"),
        {"params": {"n_values": 1}},
        [
            "problems.Again.data.params.n_values: The 'n_values' parameter of "
            "make_random_sequences must be an int in the range [2, inf). Got 1 instead."
        ],
    ),
    (
        ("problems", "Again", "estimator"),
        {"name": "StatefulLSTMRegressor", "params": {"unit": 2}},
        [
            "problems.Again.estimator.params.unit: StatefulLSTMRegressor has no "
            "parameter 'unit'; did you mean 'units'?"
        ],
    ),
    (
        ("families", "windows", "baselines"),
        ["constand"],
        [
            "families.windows.baselines[0]: unknown baseline 'constand'; did you mean "
            "'constant'? (for Echo, Again)"
        ],
    ),
    (
        ("baselines", "constant", "params"),
        {"strateg": "prior"},
        [
            "baselines.constant.params.strateg: DummyClassifier has no parameter "
            "'strateg'; did you mean 'strategy'? (for Echo, Again)"
        ],
    ),
    (
        ("baselines", "constant", "label"),
        "x",
        ["baselines.constant.label: unknown key 'label'; did you mean 'name'?"],
    ),
    (
        ("families", "windows", "data"),
        {"params": {"n_values": 5}},
        ["families.windows.data: the key 'generator' is missing. (for Again, Echo)"],
    ),
    (("families",), [1], ["families: must be a mapping; got [1]."]),
    (("baselines",), 5, ["baselines: must be a mapping; got 5."]),
]


@pytest.mark.parametrize(("place", "value", "messages"), MISTAKES)
def test_a_mistake_is_told_where_it_is_written(shared, schema, place, value, messages):
    *path, last = place
    inside = shared
    for key in path:
        inside = inside[key]
    inside[last] = value
    found = said(shared, schema)
    # Where no baselines or families are left, entries that name them say so.
    assert found[: len(messages)] == messages or found[-1:] == messages


def test_without_families_one_cannot_be_named(raw, schema):
    raw["problems"]["Echo"] |= {"family": "x", "baselines": ["mean"]}
    assert said(raw, schema) == [
        "problems.Echo.family: unknown family 'x'; the configuration names none.",
        "problems.Echo.baselines[0]: unknown baseline 'mean'; the configuration names "
        "none.",
    ]


def test_a_list_in_a_condition_stands_for_a_condition_on_each(shared, schema):
    several = {"problem": ["Echo", "Again"], "row": "published", "at_most": 0.5}
    shared["claims"] = [CLAIM | {"holds_if": [several]}]
    published = {"row": {"configuration": "published"}, "at_most": 0.5}
    assert check_config(shared, schema)["claims"] == [
        CLAIM
        | {
            "holds_if": [
                {"problem": "Echo", **published},
                {"problem": "Again", **published},
            ]
        }
    ]


def test_each_of_a_list_is_looked_for(shared, schema):
    several = {"problem": ["Echo", "Agen"], "at_most": 0.5}
    shared["claims"] = [CLAIM | {"holds_if": [several]}]
    assert said(shared, schema) == [
        "claims[0].holds_if[0].problem: unknown problem 'Agen'; did you mean 'Again'?"
    ]
    several |= {"problem": "Echo", "row": {"case": ["", "lag=3"]}}
    assert said(shared, schema) == [
        "claims[0].holds_if[0].row.case: unknown case 'lag=3'; did you mean ''?"
    ]
    several["row"] = "publish"
    assert said(shared, schema) == [
        "claims[0].holds_if[0].row.configuration: unknown configuration 'publish'; did "
        "you mean 'published'?"
    ]


@pytest.mark.parametrize("name", ["config.yaml", "paper.yaml"])
def test_every_family_and_baseline_of_the_project_is_used(name):
    config = read_yaml(ROOT / "config" / name)
    entries = [*config["problems"].values(), *config["families"].values()]
    assert {entry.get("family") for entry in entries} >= set(config["families"])
    named = {
        one
        for entry in entries
        for one in entry.get("baselines", [])
        if isinstance(one, str)
    }
    assert named == set(config.get("baselines", []))


def test_claims_may_stand_in_a_file_beside_the_configuration(tmp_path):
    (tmp_path / "within").mkdir()
    path = tmp_path / "within" / "config.yaml"
    path.write_text("seed: 1\nclaims: said.yaml\n")
    with pytest.raises(ConfigError) as error:
        read_config(path)
    assert str(error.value) == (
        f"{path} has 1 mistake:\n  claims: there is no file 'said.yaml' in "
        f"{path.parent}."
    )
    (path.parent / "said.yaml").write_text("- claim: It echoes.\n")
    linked = tmp_path / "config.yaml"
    linked.symlink_to("within/config.yaml")
    for way in (path, linked):
        assert read_config(way) == {"seed": 1, "claims": [{"claim": "It echoes."}]}
