"""What is built for a problem, and what its fits leave."""

import numpy as np
import pytest
import sklearn
from sklearn.linear_model import Ridge

from skseq.baselines import CorrectedForecaster
from skseq.experiments.config import check_config, step_spec
from skseq.experiments.data import draw_repeats
from skseq.experiments.pipelines import build, model_params, network_of
from skseq.experiments.repeats import run_repeats


def spec_of(raw, schema, entry):
    raw["problems"] = {"P": {**raw["problems"]["Echo"], **entry}}
    return step_spec(check_config(raw, schema), "P", "train")


@pytest.fixture
def numbers(raw, schema):
    """Return a problem whose whole numbers are forecast, not named."""
    return spec_of(
        raw,
        schema,
        {
            "transformers": [],
            "target_transform": {"name": "MinMaxScaler"},
            "estimator": {
                "name": "StatefulLSTMRegressor",
                "params": {"batch_size": 2, "optimizer__weight_decay": 0.5},
            },
            "published": {"params": {"units": 2, "epochs": 1}},
        },
    )


def test_forecasts_of_whole_numbers_keep_their_fractions(numbers):
    drawn = draw_repeats("P", 1, 2, numbers["data"])
    configurations = {"searched": {"units": 2, "epochs": 1}}
    arrays, models = run_repeats(
        "P", 1, 2, numbers | {"configurations": configurations}, drawn
    )
    assert arrays["searched.test"].shape == (2, 24, 2)
    assert not np.array_equal(arrays["searched.test"], arrays["searched.test"] // 1)
    assert arrays["searched.loss"].shape == (2, 1)
    network = network_of(models["searched"])
    assert (network.units, network.get_params()["optimizer__weight_decay"]) == (2, 0.5)


@pytest.mark.parametrize(
    ("scaled", "corrects", "prefix"),
    [
        (False, False, "model__"),
        (True, False, "regressor__model__"),
        (False, True, "regressor__model__"),
        (True, True, "regressor__regressor__model__"),
    ],
)
def test_parameters_reach_the_network_through_all_that_is_around_it(
    numbers, scaled, corrects, prefix
):
    rule = {"name": "SeasonalChangeForecaster", "params": {"period": 2}}
    numbers["target_transform"] = numbers["target_transform"] if scaled else None
    numbers["estimator"]["corrects"] = rule if corrects else None
    params = model_params(numbers, {"units": 7})
    assert params == {f"{prefix}units": 7}
    with_routing = build_with_routing(numbers)
    assert with_routing.set_params(**params).get_params()[f"{prefix}units"] == 7
    assert isinstance(with_routing, CorrectedForecaster) is corrects


def build_with_routing(spec):
    with sklearn.config_context(enable_metadata_routing=True):
        return build(spec)


def test_the_network_is_found_inside():
    X, y = np.arange(12.0).reshape(6, 2), np.arange(6.0)
    model = CorrectedForecaster(Ridge(), Ridge()).fit(X, y)
    model.regressor_ = ["scaler", "network"]
    assert network_of(model) == "network"
