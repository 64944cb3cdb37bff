"""Rules beside networks: fitted, compared, and counted as what they are."""

import numpy as np
import pytest

from skseq.experiments.config import check_config, step_spec
from skseq.experiments.data import draw_repeats, repeat_sample
from skseq.experiments.evaluate import evaluate
from skseq.experiments.tables import summarize
from skseq.metrics import memoryless_accuracy


def evaluated(raw, schema, predictions=None, repeats=3, **entry):
    """Evaluate a problem of which nothing was trained, or what is given."""
    raw["problems"] = {"P": raw["problems"]["Echo"] | entry}
    raw["problems"]["P"].pop("published", None)
    config = check_config(raw, schema)
    drawn = draw_repeats("P", 1, repeats, step_spec(config, "P", "repeat_data")["data"])
    spec = step_spec(config, "P", "evaluate")
    found = evaluate("P", 1, repeats, spec, drawn, predictions or {})
    judged = {"P": step_spec(config, "P", "summary")}
    return found, summarize(found.scores, judged, found.intervals), drawn, spec


COUNTING = {
    "data": {
        "generator": "make_cumulative_sum",
        "params": {"n_timesteps": 6, "limit": 1.5},
        "sizes": {"search": 5, "train": 200, "test": 300},
        "sweep": {"param": "n_timesteps", "values": [4, 9], "retrain": False},
    },
    "cv": {"kind": "KFold"},
    "transformers": [],
    "estimator": {"name": "StatefulLSTMClassifier"},
    "criteria": [{"metric": "token_accuracy", "at_least": 0.99}],
    "baselines": [
        {"name": "memoryless_accuracy", "label": "one threshold"},
        {
            "name": "memoryless_accuracy",
            "label": "a threshold of each step",
            "params": {"by_step": True},
        },
        {
            "name": "LookupClassifier",
            "label": "a label of each step",
            "params": {"step": "none"},
        },
    ],
}


def without_framing(raw):
    raw["problems"]["Echo"].pop("framing")


def test_oracles_take_their_parameters_from_the_configuration(raw, schema):
    without_framing(raw)
    found, _, drawn, spec = evaluated(raw, schema, **COUNTING)
    scores = {
        (row["name"], row["case"], row["repeat"]): row["value"] for row in found.scores
    }
    for repeat in range(3):
        test = repeat_sample(drawn, spec, "test", repeat)
        X = test.X[:, :, 0]
        assert scores["one threshold", "", repeat] == memoryless_accuracy(X, test.y)
        assert scores["a threshold of each step", "", repeat] == memoryless_accuracy(
            X, test.y, by_step=True
        )


def test_rules_are_held_to_every_length_and_the_best_is_named(raw, schema):
    without_framing(raw)
    _, rows, _, _ = evaluated(raw, schema, **COUNTING)
    values = {(row["name"], row["case"]): row["value"] for row in rows}
    for case in ("", "n_timesteps=4", "n_timesteps=9"):
        one, each, label = (values[b["label"], case] for b in COUNTING["baselines"])
        assert one < each
        assert label <= each
    assert {row["repeats"] for row in rows} == {3}
    assert {row["rule"] for row in rows if row["name"] == "one threshold"} == {
        "a threshold of each step"
    }


def milk(**more):
    return {
        "data": {
            "generator": "load_milk_production",
            "targets": {"train": [13, 112], "test": [113, 167]},
        },
        "framing": {"n_in": 1},
        "transformers": [],
        "estimator": {"name": "StatefulLSTMRegressor"},
        "cv": {"kind": "TimeSeriesSplit"},
        "criteria": [
            {"metric": "root_mean_squared_error", "better_than": "rules"},
            {"metric": "root_mean_squared_error", "at_most": 9, "data": "train"},
        ],
        "baselines": [
            {"name": "PersistenceForecaster", "label": "last month"},
            {
                "name": "SeasonalChangeForecaster",
                "label": "last year's change",
                "framing": {"n_in": 13},
            },
            {
                "name": "RidgeCV",
                "label": "ridge",
                "framing": {"n_in": 14},
                "corrects": {"name": "SeasonalChangeForecaster"},
            },
            {
                "name": "MLPRegressor",
                "label": "MLP",
                "params": {"max_iter": 5},
            },
        ],
        **more,
    }


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_draws_nothing_on_one_series_is_counted_once(raw, schema):
    _, rows, _, _ = evaluated(raw, schema, **milk())
    assert {(row["name"], row["repeats"]) for row in rows} == {
        ("last month", 1),
        ("last year's change", 1),
        ("ridge", 1),
        ("MLP", 3),
    }
    counted = {row["name"] for row in rows if row["successes"] != ""}
    assert counted == {"MLP"}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_on_one_series_differences_have_intervals_over_its_months(raw, schema):
    """The rule that learns nothing is far better than the last month, whatever the
    months; whether a ridge corrects it, 54 months do not tell.
    """
    _, rows, _, _ = evaluated(raw, schema, **milk())
    found = {row["name"]: row for row in rows if row["data"] == "test"}
    naive, ridge = found["last month"], found["ridge"]
    assert naive["rule"] == ridge["rule"] == "last year's change"
    assert naive["difference"] == pytest.approx(46.391 - 8.463, abs=0.001)
    assert 20 < naive["difference_low"] < naive["difference"]
    assert naive["difference"] < naive["difference_high"] < 60
    assert ridge["difference_low"] < 0 < ridge["difference_high"]
    assert found["last year's change"]["rule"] == "last month"
    trained = [row for row in rows if row["data"] == "train"]
    assert {row["difference_low"] for row in trained} == {""}


def test_a_model_may_correct_a_rule(raw, schema):
    baselines = [
        {
            "name": "Ridge",
            "label": "shrunk away",
            "params": {"alpha": 1e18},
            "framing": {"n_in": 13},
            "corrects": {"name": "SeasonalChangeForecaster"},
        },
        *milk()["baselines"][1:2],
    ]
    _, rows, _, _ = evaluated(raw, schema, **milk(baselines=baselines))
    corrected, rule = (row for row in rows if row["data"] == "test")
    # All that is left of the ridge is the mean of what the rule gets wrong.
    assert corrected["value"] == pytest.approx(rule["value"], abs=0.5)


def test_a_model_that_diverges_fails_in_every_repeat(raw, schema):
    beyond = {"learning_rate_init": 1e200, "solver": "sgd", "max_iter": 3}
    model = {"name": "MLPRegressor", "label": "MLP", "params": beyond}
    baselines = [model, *milk()["baselines"][:1]]
    found, rows, _, _ = evaluated(raw, schema, **milk(baselines=baselines))
    row = next(row for row in rows if row["name"] == "MLP" and row["data"] == "test")
    assert (row["failed"], row["repeats"], row["successes"]) == (3, 3, 0)
    assert np.isnan(row["value"])
    assert list(found.baselines) == ["last month.train", "last month.test"]
    check_config(raw, schema, rehearsed=True)


def test_a_stated_loss_stands_beside_the_losses(raw, schema):
    raw["problems"]["Echo"]["framing"]["n_out"] = 3
    loss = np.array([[3.0, 1.0], [2.0, np.nan], [np.nan, np.nan]])
    said = np.zeros((3, 24, 3), dtype=int)
    predictions = {"searched.loss": loss, "searched.test": said}
    raw["problems"]["Echo"]["published"]["figures"] = {"loss": 0.5}
    entry = raw["problems"]["Echo"]
    config = check_config(raw, schema)
    spec = step_spec(config, "Echo", "evaluate")
    drawn = draw_repeats("Echo", 1, 3, step_spec(config, "Echo", "repeat_data")["data"])
    rows = evaluate("Echo", 1, 3, spec, drawn, predictions).scores
    losses = [row["value"] for row in rows if row["metric"] == "loss"]
    assert losses[:2] == [1.0, 2.0]
    assert np.isnan(losses[2])
    assert entry["published"]["figures"] == spec["stated"]["published"]
