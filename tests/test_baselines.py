"""Naive forecasting rules."""

import re

import numpy as np
import pytest
from sklearn.base import is_regressor
from sklearn.metrics import root_mean_squared_error
from sklearn.utils.estimator_checks import parametrize_with_checks

from skseq.baselines import (
    PersistenceForecaster,
    SeasonalChangeForecaster,
    SeasonalForecaster,
)
from skseq.datasets import load_milk_production
from skseq.preprocessing import SupervisedWindower


def raises_exactly(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@parametrize_with_checks(
    # Seasons of one step: the checks bring tables of one and two columns.
    [
        PersistenceForecaster(),
        SeasonalForecaster(period=1),
        SeasonalChangeForecaster(period=1),
    ]
)
def test_scikit_learn_takes_the_rules_for_regressors(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    ("rule", "pounds"),
    [
        (PersistenceForecaster(), 46.39),
        (SeasonalForecaster(), 24.45),
        (SeasonalChangeForecaster(), 8.46),
    ],
)
def test_errors_on_milk_production_are_the_known_ones(rule, pounds):
    series = load_milk_production().series
    X, y, _ = SupervisedWindower(n_in=13, layout="series").make_pairs(series)
    month = np.arange(13, len(series)) + 1
    test = (month >= 114) & (month <= 167)
    rule.fit(X[~test], y[~test])
    assert round(root_mean_squared_error(y[test], rule.predict(X[test])), 2) == pounds
    # Steps of one feature are the same table.
    assert np.array_equal(rule.predict(X[..., np.newaxis]), rule.predict(X))


@pytest.mark.parametrize("period", [1, 3, 4])
def test_seasonal_rules_are_exact_on_what_they_assume(period):
    t = np.arange(40)
    pattern = np.random.RandomState(0).uniform(size=period)[t % period]
    windower = SupervisedWindower(n_in=period + 1, layout="series")
    X, y, _ = windower.make_pairs(pattern)
    rule = SeasonalForecaster(period=period).fit(X, y)
    assert np.array_equal(rule.predict(X), y)
    X, y, _ = windower.make_pairs(pattern + 0.5 * t)
    rule = SeasonalChangeForecaster(period=period).fit(X, y)
    np.testing.assert_allclose(rule.predict(X), y)


@pytest.mark.parametrize(
    "rule",
    [PersistenceForecaster(), SeasonalForecaster(), SeasonalChangeForecaster()],
)
def test_rules_are_regressors(rule):
    assert is_regressor(rule)


def test_windows_shorter_than_a_season_are_refused():
    with raises_exactly(
        "SeasonalChangeForecaster() looks back 13 values, but windows have "
        "n_features = 12. Frame them with n_in=13 or more."
    ):
        SeasonalChangeForecaster().fit(np.ones((2, 12)), [1, 2])


def test_several_features_per_step_are_refused():
    with raises_exactly(
        "PersistenceForecaster reads one value per step, X of shape (n_windows, "
        "n_timesteps) or (n_windows, n_timesteps, 1); got (2, 3, 2)."
    ):
        PersistenceForecaster().fit(np.ones((2, 3, 2)), [1, 2])
