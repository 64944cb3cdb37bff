"""What only data can tell is found before anything starts."""

import copy

import pytest

from skseq.experiments.config import ConfigError, check_config, read_config

from .conftest import ROOT

ECHO = {"generator": "make_echo", "params": {"n_timesteps": 4, "n_values": 5}}
NUMBERS = {"generator": "make_sequence_values"}


def refused(raw, schema, **changes):
    raw = copy.deepcopy(raw)
    raw["problems"]["Echo"] |= changes
    raw["problems"]["Echo"] = {
        key: value for key, value in raw["problems"]["Echo"].items() if value != "none"
    }
    check_config(raw, schema)
    with pytest.raises(ConfigError) as error:
        check_config(raw, schema, rehearsed=True)
    _, said = str(error.value).splitlines()
    return said.removeprefix("  problems.Echo.")


def test_what_is_right_passes(raw, schema):
    assert check_config(raw, schema, rehearsed=True) == check_config(raw, schema)


def test_the_project_s_own_configuration_passes(schema):
    check_config(read_config(ROOT / "config.yaml"), schema, rehearsed=True)


KFOLD = {"cv": {"kind": "KFold", "n_splits": 2}, "framing": "none"}
SIZES = {"sizes": {"search": 6, "train": 6, "test": 6}}
CASES = [
    (
        {"data": {**ECHO, **SIZES, "params": {"lag": 10}}, **KFOLD},
        "data: lag must be smaller than n_timesteps=10; got 10.",
    ),
    (
        {
            "data": {**NUMBERS, "sizes": {**SIZES["sizes"], "test": 1}},
            "estimator": {"name": "StatefulLSTMRegressor"},
            "figures": ["influence"],
            "transformers": [],
            "criteria": [{"metric": "max_error", "at_most": 1}],
            **KFOLD,
        },
        "figures: influence exchanges steps between rows of the test data, of which "
        "there is one; ",
    ),
    (
        {"framing": {"n_in": 9}},
        "framing: A window with its targets needs 10 values, but sequences ",
    ),
    (
        {"cv": {"kind": "GroupKFold", "n_splits": 5}},
        "cv: Cannot have number of splits n_splits=5 greater than the number of "
        "groups: 4.",
    ),
    (
        {"transformers": [{"name": "OneHotSequence", "params": {"categories": [0]}}]},
        "transformers: X has symbols outside the alphabet: ",
    ),
    (
        {"data": {**NUMBERS, **SIZES}, **KFOLD, "transformers": []},
        "estimator: Seq2SeqEcho tells labels apart; got numbers such as ",
    ),
    (
        {
            "estimator": {
                "name": "StatefulLSTMClassifier",
                "params": {"n_outputs": 3},
            }
        },
        "estimator: n_outputs=3, but a row has 2 targets; leave it out to read it from "
        "them.",
    ),
    (
        {
            "estimator": {
                "name": "EncoderDecoderEcho",
                "params": {"truncated_bptt_steps": 2},
            }
        },
        "estimator: truncated_bptt_steps=2 is less than the 3 steps of a row, after "
        "which EncoderDecoderEcho decodes; leave it out.",
    ),
    (
        {
            "estimator": {
                "name": "Seq2SeqEcho",
                "params": {"early_stopping": True, "validation_fraction": 0.999},
            }
        },
        "estimator.params.early_stopping: early_stopping holds out "
        "validation_fraction=0.999 of ",
    ),
    (
        {"grid": {"class_weight": [None, {0: 1.0, 7: 2.0}]}},
        "estimator.class_weight: The classes, [1, 2, 3, 4], are not in class_weight",
    ),
    (
        {"metrics": ["max_error"]},
        "the metric max_error: Multioutput not supported in max_error",
    ),
    (
        {"baselines": [{"name": "LogisticRegression", "label": "x"}]},
        "baselines[0]: y should be a 1d array, got an array of shape ",
    ),
    (
        {"baselines": [{"name": "memoryless_accuracy", "label": "x"}]},
        "baselines[0]: X and y must have the same shape (n_sequences, n_timesteps) and "
        "not be empty; got (",
    ),
]


@pytest.mark.parametrize(("changes", "message"), CASES)
def test_what_would_fail_a_job_is_named_with_its_place(raw, schema, changes, message):
    assert refused(raw, schema, **changes).startswith(message)


def test_test_positions_beyond_the_series_are_no_rows(raw, schema):
    data = {
        "generator": "load_milk_production",
        "targets": {"train": [3, 80], "test": [170, 180]},
    }
    said = refused(
        raw,
        schema,
        data=data,
        framing={"n_in": 3},
        transformers=[],
        estimator={"name": "StatefulLSTMRegressor"},
        cv={"kind": "KFold"},
        criteria=[{"metric": "root_mean_squared_error", "at_most": 1}],
        baselines=[],
    )
    assert said == "framing: no row is left for the test data; give it more."


def test_a_file_that_is_not_there_is_named(raw, schema, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = {"generator": "load_sequences_csv", "params": {"path": "nowhere.csv"}}
    said = refused(raw, schema, data=data, **KFOLD)
    assert said == (
        f"data.params.path: there is no file 'nowhere.csv' in {tmp_path}; give the "
        "path of one from where the run is started."
    )
