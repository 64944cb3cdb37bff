import copy
import math
import subprocess
import sys

import pytest
import yaml

from skseq.experiments.config import (
    STEPS,
    ConfigError,
    check_config,
    read_config,
    read_yaml,
    step_spec,
)
from skseq.experiments.mistakes import nearest

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


def claim(**changes):
    condition = {"problem": "Echo", "at_least": 0.5}
    return {"claim": "It echoes.", "source": "x", "holds_if": [condition], **changes}


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
        (*ECHO, "estimator", "params", "learning_rate"),
        {"class_name": "CosineDecay", "config": {"decay_steps": 9, "rate": 0.1}},
        "problems.Echo.estimator.params.learning_rate: learning_rate is a CosineDecay "
        "without ['initial_learning_rate'] in its config; got config={'decay_steps': "
        "9, 'rate': 0.1}.",
    ),
    (
        (*ECHO, "estimator", "params", "checkpoint"),
        "fit.skops",
        "problems.Echo.estimator.params.checkpoint: Seq2SeqEcho has no parameter "
        "'checkpoint'; did you mean 'pooling'?",
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
        "in the range [1, 8192] or a list or tuple with an int in the range [1, 8192] "
        "for each layer. Got 0 instead.",
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
        "problems.Echo.criteria[0]: needs exactly one of at_least, at_most, "
        "between and better_than; got at_least, at_most.",
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
    (("quick",), ["Ecko"], "quick[0]: unknown problem 'Ecko'; did you mean 'Echo'?"),
    (
        ("claims",),
        [claim(holds_if=[{"problem": "Ecko", "at_least": 1}])],
        "claims[0].holds_if[0].problem: unknown problem 'Ecko'; did you mean 'Echo'?",
    ),
    (
        ("claims",),
        [claim(holds_if=[{"problem": "Echo"}])],
        "claims[0].holds_if[0]: needs either at_least or at_most.",
    ),
    (
        ("claims",),
        [claim(holds_only={"when": "never", "if": [{"problem": "Echo"}]})],
        "claims[0].holds_only.if[0]: needs either at_least or at_most.",
    ),
    (
        (*ECHO, "data"),
        {
            "generator": "load_sequences_csv",
            "params": {"path": "x.csv"},
            "shares": {"search": 0.5, "train": 0.4, "test": 0.3},
        },
        "problems.Echo.data.shares: must not add up to more than 1; got "
        "{'search': 0.5, 'train': 0.4, 'test': 0.3}.",
    ),
    (
        (*ECHO, "data"),
        {
            "generator": "load_milk_production",
            "targets": {"train": [0, 5, 6], "test": [6, 8]},
        },
        "problems.Echo.data.targets.train: has too many entries; got [0, 5, 6].",
    ),
    (
        (*ECHO, "data", "shares"),
        {"search": 0, "train": 0.4, "test": 0.3},
        "problems.Echo.data.shares.search: must be above 0; got 0.",
    ),
    (
        (*ECHO, "data", "shares"),
        {"search": 0.1, "train": 1, "test": 0.3},
        "problems.Echo.data.shares.train: must be below 1; got 1.",
    ),
    (
        (*ECHO, "criteria", 0),
        {"metric": "token_accuracy", "between": [0, 1, 2]},
        "problems.Echo.criteria[0].between: has too many entries; got [0, 1, 2].",
    ),
    (
        (*ECHO, "data", "sweep"),
        {"param": "n_value", "values": [3], "retrain": True},
        "problems.Echo.data.sweep.n_value: make_random_sequences has no parameter "
        "'n_value'; did you mean 'n_values'?",
    ),
    (
        (*ECHO, "target_transform"),
        {"name": "MinMax"},
        "problems.Echo.target_transform.name: unknown transformer 'MinMax'; did you "
        "mean 'MinMaxScaler'?",
    ),
    (
        (*ECHO, "baselines", 0, "framing"),
        {"n_inn": 3},
        "problems.Echo.baselines[0].framing.n_inn: SupervisedWindower has no parameter "
        "'n_inn'; did you mean 'n_in'?",
    ),
]


@pytest.mark.parametrize(("place", "value", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_place(raw, schema, place, value, message):
    with pytest.raises(ConfigError) as error:
        check_config(changed(raw, place, value), schema)
    assert str(error.value) == f"config.yaml has 1 mistake:\n  {message}"


@pytest.fixture
def milk(raw):
    """Return a small configuration with one series."""
    raw["problems"]["Echo"] |= {
        "data": {
            "generator": "load_milk_production",
            "targets": {"train": [3, 80], "test": [80, 90]},
        },
        "framing": {"n_in": 3},
        "transformers": [{"name": "StandardScaler"}],
        "estimator": {"name": "StatefulLSTMRegressor"},
        "cv": {"kind": "TimeSeriesSplit"},
        "baselines": [{"name": "PersistenceForecaster", "label": "last"}],
        "criteria": [{"metric": "root_mean_squared_error", "better_than": "rules"}],
    }
    return raw


SERIES_MISTAKES = [
    (
        (*ECHO, "data", "sizes"),
        {"search": 2, "train": 2, "test": 2},
        "data: only one of sizes, targets can say how data are divided.",
        "data.sizes: load_milk_production draws no sequences; divide what it reads by "
        "'shares' or 'targets'.",
    ),
    (
        (*ECHO, "data", "targets", "train"),
        [5, 5],
        "data.targets.train: must begin before it ends; got [5, 5].",
    ),
    (
        (*ECHO, "framing"),
        None,
        "(entry): data with targets need the key 'framing', to be windows.",
    ),
    (
        (*ECHO, "estimator", "carry_state"),
        True,
        "estimator.carry_state: needs groups; cut sequences with 'framing', or give "
        "'rows_per_group'.",
    ),
    (
        (*ECHO, "cv", "kind"),
        "GroupKFold",
        "cv.kind: needs groups; cut sequences with 'framing', or give "
        "'rows_per_group'.",
    ),
    (
        (*ECHO, "baselines"),
        [{"name": "Ridge", "label": "line"}],
        "criteria[0].better_than: no baseline is a rule that has this metric; name one "
        "among 'baselines'.",
    ),
]


@pytest.mark.parametrize(
    ("place", "value", "messages"), [(p, v, m) for p, v, *m in SERIES_MISTAKES]
)
def test_a_mistake_about_a_series_is_named(milk, schema, place, value, messages):
    check_config(milk, schema)
    with pytest.raises(ConfigError) as error:
        check_config(changed(milk, place, value), schema)
    _, *said = str(error.value).splitlines()
    where = "  problems.Echo"
    assert said == [
        f"{where}.{message}".replace(".(entry)", "") for message in messages
    ]


def baseline(label, **given):
    return {"name": "DummyClassifier", "label": label, **given}


SHOWN_IN_FULL = [
    (
        (*ECHO, "baselines"),
        [baseline("a"), baseline("a")],
        "baselines[1].label: 'a' is the name of another row of the results; take one "
        "of its own.",
    ),
    (
        (*ECHO, "baselines"),
        [baseline("published")],
        "baselines[0].label: 'published' is the name of another row of the results; "
        "take one of its own.",
    ),
    (
        (*ECHO, "baselines"),
        [baseline("a", sees="step")],
        "baselines[0].sees: DummyClassifier is a rule about the rows as they are; "
        "leave it out.",
    ),
    (
        (*ECHO, "baselines"),
        [baseline("a", name="memoryless_accuracy", params={"by_steps": True})],
        "baselines[0].params.by_steps: memoryless_accuracy has no parameter "
        "'by_steps'; did you mean 'by_step'?",
    ),
    (
        (*ECHO, "baselines"),
        [baseline("a", name="memoryless_accuracy", params={"by_step": 2})],
        "baselines[0].params.by_step: The 'by_step' parameter of memoryless_accuracy "
        "must be an instance of 'bool' or an instance of 'numpy.bool'. Got 2 instead.",
    ),
    (
        (*ECHO, "criteria"),
        [{"metric": "token_accuracy", key: 0.5} for key in ("at_least", "at_most")],
        "criteria[1]: token_accuracy of test data has a criterion already; take "
        "'between' for two limits.",
    ),
    (
        (*ECHO, "criteria", 0),
        {"metric": "token_accuracy", "between": [1, 0]},
        "criteria[0].between: must begin before it ends; got [1, 0].",
    ),
    (
        (*ECHO, "criteria", 0, "at_least"),
        float("nan"),
        "criteria[0].at_least: must be a finite number; got nan.",
    ),
    (
        (*ECHO, "data", "sweep"),
        {"param": "n_values", "values": [5, "5"], "retrain": True},
        "data.sweep.n_values: The 'n_values' parameter of make_random_sequences must "
        "be an int in the range [2, inf). Got '5' instead.",
        "data.sweep.values: two of them are called 'n_values=5' in the results; leave "
        "one out.",
    ),
    (
        (*ECHO, "data", "params", "n_sequences"),
        5,
        "data.params.n_sequences: 'sizes' says how many; leave it out.",
    ),
    (
        (*ECHO, "data"),
        {"generator": "load_sequences_csv"},
        "data.params: load_sequences_csv needs the parameter 'path'.",
    ),
    (
        (*ECHO, "data", "rows_per_group"),
        2,
        "data.rows_per_group: the windows of a framing have groups of their own; leave "
        "one of the two out.",
    ),
    (
        (*ECHO, "estimator"),
        {
            "name": "StatefulLSTMRegressor",
            "carry_state": True,
            "corrects": {"name": "PersistenceForecaster"},
        },
        "estimator.corrects: a rule reads each window by itself; leave it or "
        "'carry_state' out.",
    ),
    (
        (*ECHO, "cv"),
        {"kind": "training", "n_splits": 3},
        "cv.n_splits: nothing is split in training; leave it out.",
    ),
    (
        (*ECHO, "published", "figures"),
        {"accuracy": 1},
        "published.figures.accuracy: nothing of that name is reported, only loss, "
        "token_accuracy; name it among 'metrics' as well.",
    ),
    (
        (*ECHO, "figures"),
        ["forecast"],
        "figures[0]: forecasts are of a series, whose data have 'targets'.",
    ),
    (
        (*ECHO, "figures"),
        ["sweep"],
        "figures[0]: nothing is swept; give the key 'sweep' of the data.",
    ),
    (
        (*ECHO, "figures"),
        ["loss_curves", "loss_curves"],
        "figures: must not hold a value twice; got ['loss_curves', 'loss_curves'].",
    ),
]


@pytest.mark.parametrize(
    ("place", "value", "messages"), [(p, v, m) for p, v, *m in SHOWN_IN_FULL]
)
def test_what_could_not_be_shown_in_full_is_refused(
    raw, schema, place, value, messages
):
    with pytest.raises(ConfigError) as error:
        check_config(changed(raw, place, value), schema)
    _, *said = str(error.value).splitlines()
    assert said == [f"  problems.Echo.{message}" for message in messages]


@pytest.mark.parametrize("values", [["none", "own"], [True, False], [1, float("inf")]])
def test_only_numbers_are_drawn_along(raw, schema, values):
    echo = raw["problems"]["Echo"]
    echo["data"] |= {"generator": "make_value_memorization", "params": {}}
    echo["data"]["sweep"] = {"param": "symbols", "values": values, "retrain": True}
    echo["figures"] = ["sweep"]
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    assert str(error.value).endswith(
        "problems.Echo.figures[0]: values that are swept, and the one that is trained "
        "with, must be numbers to be drawn along."
    )


def test_steps_of_rows_that_carry_state_are_not_exchanged(raw, schema):
    echo = raw["problems"]["Echo"]
    echo["estimator"]["carry_state"] = True
    echo["figures"] = ["loss_curves", "influence"]
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    assert str(error.value).endswith(
        "problems.Echo.figures[1]: each row is exchanged alone; leave out "
        "'carry_state'."
    )


CONDITION_MISTAKES = [
    (
        {"row": {"name": "constants"}},
        "row.name: unknown name 'constants'; did you mean 'constant'?",
    ),
    (
        {"row": {"case": "n_values=3"}},
        "row.case: unknown case 'n_values=3'; did you mean ''?",
    ),
    (
        {"row": {"metric": "max_error"}},
        "row.metric: unknown metric 'max_error'; did you mean 'token_accuracy'?",
    ),
    (
        {"row": {"data": "train"}},
        "row.data: unknown data 'train'; did you mean 'test'?",
    ),
    (
        {"row": {"configuration": "published", "name": "constant"}},
        "row: the results have no row with all of {'problem': 'Echo', 'configuration': "
        "'published', 'name': 'constant', 'case': '', 'metric': 'token_accuracy', "
        "'data': 'test'}.",
    ),
    (
        {"minus": {"name": "constants"}},
        "minus.name: unknown name 'constants'; did you mean 'constant'?",
    ),
    (
        {"of": "difference_low"},
        "of: Echo searched has no difference_low; ask for the median or success_rate "
        "or difference.",
    ),
    (
        {"row": {"name": "constant"}, "of": "difference"},
        "of: Echo constant has no difference; ask for the median or success_rate.",
    ),
]


@pytest.mark.parametrize(("given", "message"), CONDITION_MISTAKES)
def test_a_claim_about_what_the_results_will_not_have_is_refused(
    raw, schema, given, message
):
    condition = {"problem": "Echo", "at_least": 0, **given}
    raw["claims"] = [claim(holds_only={"when": "never", "if": [condition]})]
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    _, said = str(error.value).splitlines()
    assert said == f"  claims[0].holds_only.if[0].{message}"


def test_a_rule_without_a_seed_has_no_rate(milk, schema):
    condition = {"problem": "Echo", "row": {"name": "last"}, "at_least": 0}
    milk["claims"] = [claim(holds_if=[condition])]
    check_config(milk, schema)
    condition["of"] = "success_rate"
    with pytest.raises(ConfigError, match="of: Echo last has no success_rate; ask for"):
        check_config(milk, schema)


@pytest.mark.parametrize("of", ["params", "published", "grid"])
def test_what_is_routed_belongs_to_the_optimizer_that_is_named(raw, schema, of):
    echo = raw["problems"]["Echo"]
    echo["grid"]["optimizer__momentum"] = [0.5]
    if of == "params":
        echo["estimator"]["params"]["optimizer"] = "sgd"
    elif of == "published":
        echo["published"]["params"]["optimizer"] = "sgd"
    else:
        echo["grid"]["optimizer"] = ["sgd", "rmsprop"]
    check_config(raw, schema)
    echo["grid"]["optimizer"] = ["adam"]
    with pytest.raises(ConfigError, match="no parameter 'optimizer__momentum'"):
        check_config(raw, schema)


def test_a_schedule_is_a_learning_rate(raw, schema):
    config = {"initial_learning_rate": 0.1, "decay_steps": 50}
    schedules = [0.1, {"class_name": "CosineDecay", "config": config}]
    raw["problems"]["Echo"]["grid"]["learning_rate"] = schedules
    checked = check_config(raw, schema)
    assert checked["problems"]["Echo"]["grid"]["learning_rate"] == schedules


def test_all_defaults(raw, schema):
    echo = raw["problems"]["Echo"]
    echo["cv"] = {"kind": "KFold", "n_splits": 2}
    needed = ("title", "data", "grid", "cv")
    raw["problems"]["Echo"] = {key: echo[key] for key in needed} | {
        "estimator": {"name": "Seq2SeqEcho"},
        "criteria": [{"metric": "token_accuracy", "at_most": 0.5}],
        "baselines": [{"name": "DummyClassifier", "label": "x"}],
    }
    raw["problems"]["Second"] = raw["problems"]["Echo"]
    config = check_config(raw, schema)
    assert config["quick"] == ["Echo"]
    assert config["claims"] == []
    assert config["problems"]["Echo"] == {
        **{key: echo[key] for key in needed},
        "about": "",
        "repeats": 2,
        "until": None,
        "configurations": {},
        "slow": False,
        "first": False,
        "framing": None,
        "transformers": [],
        "target_transform": None,
        "published_params": None,
        "stated": {"published": {}},
        "rules": ["x"],
        "seedless": [],
        "search_seeds": 5,
        "outcome": "criterion",
        "figures": ["loss_curves", "predicted_expected", "success_rates"],
        "estimator": {
            "name": "Seq2SeqEcho",
            "params": {},
            "carry_state": False,
            "corrects": None,
        },
        "data": {
            **echo["data"],
            "targets": None,
            "shares": None,
            "stream": None,
            "unit": "value",
            "rows_per_group": None,
            "sweep": None,
        },
        "criteria": [
            {"metric": "token_accuracy", "at_most": 0.5, "share": 1.0, "data": "test"}
        ],
        "baselines": [
            {
                "name": "DummyClassifier",
                "label": "x",
                "params": {},
                "sees": "row",
                "framing": None,
                "corrects": None,
            }
        ],
        "metrics": ["token_accuracy"],
        # An accuracy of at most so much is nothing to look for.
        "objective": {"metric": "token_accuracy", "sign": 1, "limit": None},
        "score_train": False,
        "untrained": [],
    }


def test_what_follows_from_the_entries(raw, schema):
    echo = raw["problems"]["Echo"]
    echo["metrics"] = ["sequence_accuracy", "token_accuracy"]
    echo["criteria"] = [
        {"metric": "token_accuracy", "between": [0, 1]},
        {"metric": "token_accuracy", "at_least": 0.5, "data": "train"},
    ]
    echo["data"]["params"] = {"n_timesteps": 6}
    echo["data"]["sweep"] = {"param": "n_values", "values": [3, 4], "retrain": False}
    entry = check_config(raw, schema)["problems"]["Echo"]
    assert entry["score_train"] is True
    assert entry["objective"]["limit"] is None
    assert entry["untrained"] == ["n_values=3", "n_values=4"]
    assert entry["metrics"] == ["token_accuracy", "sequence_accuracy"]
    echo["data"]["sweep"]["retrain"] = True
    assert check_config(raw, schema)["problems"]["Echo"]["untrained"] == []


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


def test_limits_and_further_metrics_are_named(raw, schema):
    echo = raw["problems"]["Echo"]
    echo["criteria"] = [{"metric": "token_accuracy"}]
    echo["metrics"] = ["token_accuracy", "tokn_accuracy"]
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    assert str(error.value) == "\n  ".join(
        [
            "config.yaml has 2 mistakes:",
            "problems.Echo.metrics[1]: unknown metric 'tokn_accuracy'; did you mean "
            "'token_accuracy'?",
            "problems.Echo.criteria[0]: needs exactly one of at_least, at_most, "
            "between and better_than; got none.",
        ]
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("quick", 5, "quick: must be a list; got 5."),
        ("claims", 5, "claims: must be a list; got 5."),
        ("claims", [5], "claims[0]: must be a mapping; got 5."),
    ],
)
def test_names_are_not_looked_for_in_what_is_malformed(
    raw, schema, key, value, message
):
    with pytest.raises(ConfigError) as error:
        check_config({**raw, key: value}, schema)
    assert str(error.value) == f"config.yaml has 1 mistake:\n  {message}"


def test_unknown_keys_of_any_kind_are_named_in_order(raw, schema):
    raw["problems"]["Echo"] |= {"zzz": 1, 5: 1}
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema)
    _, first, second = str(error.value).splitlines()
    assert first.startswith("  problems.Echo.5: unknown key 5; ")
    assert second.startswith("  problems.Echo.zzz: unknown key 'zzz'; ")


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


# What changes, and the steps that may know of it. What they make is made anew, and so
# is what is made from that: with `search_data` the search and all after it, and so on.
KNOWN_TO = [
    ("title", "Other", set()),
    ("about", "Other", set()),
    ("figures", ["loss_curves"], {"figure"}),
    ("data.unit", "pounds", {"figure"}),
    ("data.sizes.search", 9, {"search_data", "search", "train", "evaluate", "figure"}),
    ("data.sizes.test", 9, {"repeat_data", "train", "evaluate", "figure"}),
    ("grid.units", [2, 4], {"search"}),
    ("search_seeds", 3, {"search"}),
    ("cv.n_splits", 3, {"search"}),
    ("published.params.units", 4, {"train"}),
    ("published.figures", {"token_accuracy": 1}, {"evaluate", "summary", "figure"}),
    ("baselines", [], {"evaluate", "summary", "figure"}),
    ("metrics", ["sequence_accuracy"], {"evaluate"}),
    ("criteria.0.share", 0.5, {"summary", "figure"}),
    ("outcome", "claim", {"summary", "figure"}),
    # Enough is enough for the search, too, where data are drawn.
    ("criteria.0.at_least", 0.5, {"search", "summary", "figure"}),
    ("estimator.params.batch_size", 3, {"search", "train"}),
    ("transformers.0.params.dtype", "float64", {"search", "train", "evaluate"}),
    (
        "framing.n_in",
        4,
        {"search", "train", "evaluate", "figure"},
    ),
]


@pytest.mark.parametrize(("key", "value", "steps"), KNOWN_TO)
def test_a_step_knows_only_what_its_result_depends_on(raw, schema, key, value, steps):
    place = [int(part) if part.isdigit() else part for part in key.split(".")]
    before = check_config(raw, schema)
    after = check_config(changed(raw, (*ECHO, *place), value), schema)
    found = {
        step
        for step in STEPS
        if step_spec(before, "Echo", step) != step_spec(after, "Echo", step)
    }
    assert found == steps


def test_nearest_ignores_case():
    assert nearest("minmaxscaler", ["StandardScaler", "MinMaxScaler"]) == "MinMaxScaler"


def test_a_key_twice_is_a_mistake(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("seed: 1\nproblems:\n  A: 1\n  A: 2\n")
    with pytest.raises(ConfigError, match="the key 'A' stands twice in one mapping"):
        read_yaml(path)


def test_the_project_s_own_configuration_is_right(schema):
    config = check_config(read_config(ROOT / "config.yaml"), schema)
    assert set(config["quick"]) < set(config["problems"])
    for name, problem in config["problems"].items():
        # Fewer candidates would be no search; where the rate decays over the whole fit,
        # its epochs are settled beforehand.
        grid = problem["grid"]
        assert len(grid["units"]) >= 3, name
        assert math.prod(map(len, grid.values())) >= 4, name


def test_every_problem_of_the_tutorials_is_there(schema):
    problems = check_config(read_config(ROOT / "config.yaml"), schema)["problems"]
    for family, count in {"A": 12, "B": 2, "C": 4, "D": 7, "F": 2}.items():
        for number in range(1, count + 1):
            entry = f"{family}{number}"
            assert [
                name for name in problems if name == entry or f"{entry}_" in name
            ], entry
    assert "E" in problems


def test_the_documentation_s_problems_are_right(schema):
    _, *blocks = (ROOT / "docs" / "problem.md").read_text().split("```yaml\n")
    problems = (yaml.safe_load(block.split("```")[0]) for block in blocks)
    mine, lag = (
        check_config({"seed": 1, "repeats": 2, **one}, schema)["problems"]
        for one in problems
    )
    assert lag["Lag"]["configurations"]["chrono"]["budget"] == 5040
    assert mine["Mine"]["data"]["params"] == {
        "path": "mine.csv",
        "time": "hour",
        "frequency": "h",
        "missing": "forward",
    }


def test_every_level_of_the_schema_is_closed(schema):
    def levels(part, place):
        if isinstance(part, dict):
            if "properties" in part:
                yield place, part
            for key, value in part.items():
                # What is only asked may look at some keys.
                if key != "if":
                    yield from levels(value, f"{place}.{key}")

    found = dict(levels(schema, ""))
    assert len(found) >= 10
    assert [
        at
        for at, part in found.items()
        if part.get("additionalProperties") is not False
    ] == []


@pytest.mark.slow
def test_checking_needs_no_tensorflow():
    code = (
        "import sys, skseq.experiments.config, skseq.experiments.registry as r;"
        "r.names('estimator'), r.names('generator');"
        "print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"
