"""A fit that diverges is a result: counted, shown, and no end of its problem."""

import numpy as np
import pytest

from skseq.experiments import repeats
from skseq.experiments.config import check_config
from skseq.experiments.pipelines import network_of

from .chain import run

BEYOND = 1e30


@pytest.fixture
def numbers(raw):
    """Return a problem with a network that is trained with steps beyond reason."""
    raw["problems"]["Echo"] |= {
        "transformers": [],
        "target_transform": {"name": "MinMaxScaler"},
        "estimator": {"name": "StatefulLSTMRegressor", "params": {"units": 2}},
        "published": {"params": {"learning_rate": BEYOND, "epochs": 5}},
        "grid": {"learning_rate": [BEYOND, 0.01], "epochs": [5]},
        "search_seeds": 1,
        "baselines": [{"name": "DummyRegressor", "label": "mean"}],
        "criteria": [
            {"metric": "mean_absolute_error", "at_most": 9.0},
            {"metric": "mean_absolute_error", "at_most": 9.0, "data": "train"},
        ],
        "metrics": ["root_mean_squared_error"],
    }
    return raw


def test_weights_that_early_stopping_kept_are_scored(numbers, schema, tmp_path):
    """Training diverged after them; what they predict is bad enough to fail."""
    numbers["problems"]["Echo"]["estimator"]["params"] |= {
        "early_stopping": True,
        "validation_fraction": 0.3,
    }
    found = run(check_config(numbers, schema), "Echo", tmp_path)
    assert found["chosen"]["learning_rate"] == 0.01
    published = [row for row in found["rows"] if row["configuration"] == "published"]
    assert {row["successes"] for row in published if row["successes"]} == {"0"}


def test_a_configuration_that_diverges_fails_and_the_others_go_on(
    numbers, schema, tmp_path
):
    found = run(check_config(numbers, schema), "Echo", tmp_path)
    assert [row["diverged"] for row in found["table"]] == [2, 0]
    assert found["chosen"]["learning_rate"] == 0.01
    rows = {
        (row["configuration"], row["metric"], row["data"]): row for row in found["rows"]
    }
    assert len(rows) == 3 * 2 * 2
    for (configuration, metric, data), row in rows.items():
        failed = configuration == "published"
        assert row["failed"] == ("2" if failed else "0")
        assert (row["value"] == "") is failed
        if metric == "mean_absolute_error" and data == "test":
            assert row["successes"] == ("0" if failed else "2")
            assert row["met"] == {"published": "false", "baseline": ""}.get(
                configuration, "true"
            )


def test_one_repeat_of_three_may_diverge(numbers, schema, tmp_path, monkeypatch):
    numbers["repeats"] = 3
    echo = numbers["problems"]["Echo"]
    echo["grid"]["learning_rate"] = [0.01]
    del echo["published"]
    config = check_config(numbers, schema)
    known, calls = repeats.build, []

    def build(spec):
        """Let the first repeat diverge."""
        estimator = known(spec)
        calls.append(estimator)
        if len(calls) == 1:
            changed = {"regressor__model__learning_rate": BEYOND}
            estimator.set_params = lambda **params: known(spec).set_params(
                **params | changed
            )
        return estimator

    monkeypatch.setattr(repeats, "build", build)
    found = run(config, "Echo", tmp_path)
    assert found["predictions"]["searched.failed"].tolist() == [True, False, False]
    assert np.isfinite(network_of(found["models"]["searched"]).loss_curve_).all()
    searched = [row for row in found["rows"] if row["configuration"] == "searched"]
    assert {(row["failed"], row["repeats"]) for row in searched} == {("1", "3")}
    assert searched[0]["successes"] == "2"


def test_a_mistake_is_no_divergence(numbers, schema, tmp_path):
    echo = numbers["problems"]["Echo"]
    echo["estimator"]["params"] |= {
        "early_stopping": True,
        "validation_fraction": 0.999,
    }
    with pytest.raises(ValueError, match="cannot hold out validation_fraction=0.999"):
        run(check_config(numbers, schema), "Echo", tmp_path)
