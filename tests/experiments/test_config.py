import copy
import subprocess
import sys

import pytest
import yaml

from skseq.experiments.config import (
    STEPS,
    ConfigError,
    check_config,
    nearest,
    read_yaml,
    step_spec,
)

from .conftest import ROOT


def changed(raw, place, value):
    """Return a copy of the configuration with one entry changed."""
    config = copy.deepcopy(raw)
    *path, last = place
    inside = config
    for key in path:
        inside = inside[key]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return config


ECHO = ("problems", "Echo")

# Where, what is written there (None: taken out), and what is said about it.
MISTAKES = [
    (("sede",), 3, "sede: unknown key 'sede'; did you mean 'seed'?"),
    (("seed",), None, "(top): the key 'seed' is missing."),
    (("seed",), -1, "seed: must be at least 0; got -1."),
    (("seed",), "one", "seed: must be a whole number; got 'one'."),
    (("repeats",), 0, "repeats: must be at least 1; got 0."),
    (("repeats",), 2.5, "repeats: must be a whole number; got 2.5."),
    (("problems",), {}, "problems: must have at least 1 entries; got {}."),
    (("problems",), [1], "problems: must be a mapping; got [1]."),
    (
        (*ECHO, "titel"),
        "x",
        "problems.Echo.titel: unknown key 'titel'; did you mean 'title'?",
    ),
    ((*ECHO, "title"), 3, "problems.Echo.title: must be a text; got 3."),
    ((*ECHO, "data"), None, "problems.Echo: the key 'data' is missing."),
    (
        (*ECHO, "data", "generator"),
        "make_random_sequence",
        "problems.Echo.data.generator: unknown generator 'make_random_sequence'; did "
        "you mean 'make_random_sequences'?",
    ),
    (
        (*ECHO, "data", "params", "n_value"),
        5,
        "problems.Echo.data.params.n_value: make_random_sequences has no parameter "
        "'n_value'; did you mean 'n_values'?",
    ),
    (
        (*ECHO, "data", "params", "n_values"),
        1,
        "problems.Echo.data.params.n_values: The 'n_values' parameter of "
        "make_random_sequences must be an int in the range [2, inf). Got 1 instead.",
    ),
    (
        (*ECHO, "data", "params", "random_state"),
        1,
        "problems.Echo.data.params.random_state: is drawn from the run's seed; leave "
        "it out.",
    ),
    (
        (*ECHO, "data", "sizes", "tset"),
        3,
        "problems.Echo.data.sizes.tset: unknown key 'tset'; did you mean 'test'?",
    ),
    (
        (*ECHO, "data", "sizes", "test"),
        0,
        "problems.Echo.data.sizes.test: must be at least 1; got 0.",
    ),
    (
        (*ECHO, "data", "shares"),
        {"search": 0.2, "train": 0.4, "test": 0.4},
        "problems.Echo.data: only one of sizes, shares can say how data are divided.",
    ),
    (
        (*ECHO, "framing", "n_inn"),
        3,
        "problems.Echo.framing.n_inn: SupervisedWindower has no parameter 'n_inn'; "
        "did you mean 'n_in'?",
    ),
    (
        (*ECHO, "transformers", 0, "name"),
        "OneHotSequences",
        "problems.Echo.transformers[0].name: unknown transformer 'OneHotSequences'; "
        "did you mean 'OneHotSequence'?",
    ),
    (
        (*ECHO, "transformers", 0, "nam"),
        "x",
        "problems.Echo.transformers[0].nam: unknown key 'nam'; did you mean 'name'?",
    ),
    (
        (*ECHO, "estimator", "name"),
        "Seq2SecEcho",
        "problems.Echo.estimator.name: unknown estimator 'Seq2SecEcho'; did you mean "
        "'Seq2SeqEcho'?",
    ),
    (
        (*ECHO, "estimator", "params", "batchsize"),
        3,
        "problems.Echo.estimator.params.batchsize: Seq2SeqEcho has no parameter "
        "'batchsize'; did you mean 'batch_size'?",
    ),
    (
        (*ECHO, "published", "params", "epochs"),
        "100",
        "problems.Echo.published.params.epochs: The 'epochs' parameter of Seq2SeqEcho "
        "must be an int in the range [1, inf). Got '100' instead.",
    ),
    (
        (*ECHO, "grid", "optimizer__weightdecay"),
        [1.0],
        "problems.Echo.grid.optimizer__weightdecay: Seq2SeqEcho has no parameter "
        "'optimizer__weightdecay'; did you mean 'optimizer__weight_decay'?",
    ),
    (
        (*ECHO, "grid", "optimizer__weight_decay"),
        [-1.0],
        "problems.Echo.grid.optimizer__weight_decay: The 'optimizer__weight_decay' "
        "parameter of Seq2SeqEcho must be a float in the range [0.0, inf). Got -1.0 "
        "instead.",
    ),
    (
        (*ECHO, "estimator", "params", "optimizer__momentum"),
        0.9,
        "problems.Echo.estimator.params.optimizer__momentum: Seq2SeqEcho has no "
        "parameter 'optimizer__momentum'; did you mean 'optimizer__beta_1'?",
    ),
    (
        (*ECHO, "estimator", "corrects"),
        {"name": "SeasonalChange"},
        "problems.Echo.estimator.corrects.name: unknown baseline 'SeasonalChange'; did "
        "you mean 'SeasonalChangeForecaster'?",
    ),
    (
        (*ECHO, "grid", "units"),
        [2, 0],
        "problems.Echo.grid.units: The 'units' parameter of Seq2SeqEcho must be an int "
        "in the range [1, 8192]. Got 0 instead.",
    ),
    (
        (*ECHO, "grid", "units"),
        [2, 2],
        "problems.Echo.grid.units: must not hold a value twice; got [2, 2].",
    ),
    ((*ECHO, "grid"), {}, "problems.Echo.grid: must have at least 1 entries; got {}."),
    (
        (*ECHO, "grid", "unit"),
        [2, 3],
        "problems.Echo.grid.unit: Seq2SeqEcho has no parameter 'unit'; did you mean "
        "'units'?",
    ),
    (
        (*ECHO, "cv", "kind"),
        "GroupFold",
        "problems.Echo.cv.kind: must be one of GroupKFold, KFold, StratifiedKFold, "
        "TimeSeriesSplit, training; got 'GroupFold'; did you mean 'GroupKFold'?",
    ),
    (
        (*ECHO, "baselines", 0, "name"),
        "DummyClasifier",
        "problems.Echo.baselines[0].name: unknown baseline 'DummyClasifier'; did you "
        "mean 'DummyClassifier'?",
    ),
    (
        (*ECHO, "criteria", 0, "metric"),
        "tokn_accuracy",
        "problems.Echo.criteria[0].metric: unknown metric 'tokn_accuracy'; did you "
        "mean 'token_accuracy'?",
    ),
    (
        (*ECHO, "criteria", 0, "at_most"),
        1,
        "problems.Echo.criteria[0]: needs exactly one of at_least, at_most and "
        "between; got at_least, at_most.",
    ),
    (
        (*ECHO, "criteria", 0, "share"),
        1.5,
        "problems.Echo.criteria[0].share: must be at most 1; got 1.5.",
    ),
    (
        (*ECHO, "criteria"),
        [],
        "problems.Echo.criteria: must have at least 1 entries; got [].",
    ),
    (
        (*ECHO, "figures"),
        ["los_curves"],
        "problems.Echo.figures[0]: unknown figure 'los_curves'; did you mean "
        "'loss_curves'?",
    ),
]


@pytest.mark.parametrize(("place", "value", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_place(raw, schema, place, value, message):
    with pytest.raises(ConfigError) as error:
        check_config(changed(raw, place, value), schema)
    assert str(error.value) == f"config.yaml has 1 mistake:\n  {message}"


def test_all_mistakes_are_raised_at_once(raw, schema):
    raw = changed(raw, ("repeats",), 0)
    raw = changed(raw, (*ECHO, "titel"), "x")
    raw = changed(raw, (*ECHO, "estimator", "params", "unit"), 3)
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    assert str(error.value) == "\n  ".join(
        [
            "config.yaml has 3 mistakes:",
            "problems.Echo.titel: unknown key 'titel'; did you mean 'title'?",
            "repeats: must be at least 1; got 0.",
            "problems.Echo.estimator.params.unit: Seq2SeqEcho has no parameter 'unit'; "
            "did you mean 'units'?",
        ]
    )


def test_the_name_of_a_problem_can_be_a_target(raw, schema):
    raw["problems"] = {"1-st": raw["problems"]["Echo"]}
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    assert str(error.value) == (
        "config.yaml has 1 mistake:\n  problems: the name '1-st' must start with a "
        "letter and hold only letters, digits and '_'."
    )


@pytest.mark.parametrize("given", [None, [], "text", 3])
def test_a_configuration_is_a_mapping(given, schema):
    with pytest.raises(ConfigError) as error:
        check_config(given, schema)
    assert str(error.value) == (
        f"config.yaml has 1 mistake:\n  (top): must be a mapping; got {given!r}."
    )


def test_checking_leaves_the_configuration_as_it_was(raw, schema):
    before = copy.deepcopy(raw)
    check_config(raw, schema)
    assert raw == before


def test_defaults_are_filled_in_and_ranges_written_out(config):
    echo = config["problems"]["Echo"]
    assert echo["transformers"][0]["params"]["categories"] == [0, 1, 2, 3, 4]
    assert echo["estimator"]["carry_state"] is False
    assert echo["criteria"][0]["share"] == 1.0
    assert echo["objective"] == {
        "metric": "token_accuracy",
        "sign": 1,
        "limit": 0.99,
    }


@pytest.mark.parametrize("step", STEPS)
def test_a_step_knows_only_its_part(config, step):
    assert set(step_spec(config, "Echo", step)) == set(STEPS[step])


def test_the_title_is_no_business_of_the_fits():
    for step in ("data", "search", "train", "evaluate"):
        assert "title" not in STEPS[step]


def test_nearest_ignores_case():
    assert nearest("minmaxscaler", ["StandardScaler", "MinMaxScaler"]) == "MinMaxScaler"


def test_a_key_twice_is_a_mistake(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("seed: 1\nproblems:\n  A: 1\n  A: 2\n")
    with pytest.raises(ConfigError, match="the key 'A' stands twice in one mapping"):
        read_yaml(path)


def test_the_project_s_own_configuration_is_right(schema):
    config = check_config(read_yaml(ROOT / "config.yaml"), schema)
    assert set(config["quick"]) < set(config["problems"])
    for name, problem in config["problems"].items():
        # Fewer candidates would be no search.
        grid = problem["grid"]
        assert min(len(grid["units"]), len(grid["epochs"])) >= 3, name


def test_every_problem_of_the_tutorials_is_there(schema):
    problems = check_config(read_yaml(ROOT / "config.yaml"), schema)["problems"]
    for family, count in {"A": 12, "B": 2, "C": 4, "D": 7, "F": 2}.items():
        for number in range(1, count + 1):
            entry = f"{family}{number}"
            assert [
                name for name in problems if name == entry or f"{entry}_" in name
            ], entry
    assert "E" in problems


def test_the_readme_s_problem_is_right(schema):
    _, block = (ROOT / "README.md").read_text().split("```yaml\n")
    problem = yaml.safe_load(block.split("```")[0])
    config = check_config({"seed": 1, "repeats": 2, **problem}, schema)
    assert config["problems"]["Mine"]["data"]["params"] == {"path": "mine.csv"}


def test_every_level_of_the_schema_is_closed(schema):
    def levels(part, place):
        if isinstance(part, dict):
            if "properties" in part:
                yield place, part
            for key, value in part.items():
                yield from levels(value, f"{place}.{key}")

    found = dict(levels(schema, ""))
    assert len(found) >= 10
    assert [
        at
        for at, part in found.items()
        if part.get("additionalProperties") is not False
    ] == []


def test_checking_needs_no_tensorflow():
    code = (
        "import sys, skseq.experiments.config as c;"
        "c.registry.names('estimator'), c.registry.names('generator');"
        "print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"
