"""Naive forecasting rules."""

import re

import numpy as np
import pytest
from sklearn.base import is_regressor
from sklearn.metrics import root_mean_squared_error
from sklearn.utils.estimator_checks import parametrize_with_checks

from skseq.baselines import (
    DriftForecaster,
    LookupClassifier,
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
        LookupClassifier(),
        LookupClassifier(step="none"),
        LookupClassifier(step="best"),
        DriftForecaster(),
        PersistenceForecaster(),
        SeasonalForecaster(period=1),
        SeasonalChangeForecaster(period=1),
    ]
)
def test_scikit_learn_takes_the_rules_for_its_own(estimator, check):
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


def test_rules_go_on_from_their_own_forecasts():
    X = np.array([[1.0, 4.0, 2.0, 8.0]])
    expected = {
        PersistenceForecaster(): [8, 8, 8],
        SeasonalForecaster(period=2): [2, 8, 2],
        SeasonalChangeForecaster(period=2): [6, 12, 10],
        DriftForecaster(): [8 + 7 / 3, 8 + 14 / 3, 15],
    }
    for rule, values in expected.items():
        found = rule.fit(X, np.zeros((1, 3))).predict(X)
        np.testing.assert_allclose(found, [values], err_msg=repr(rule))
        # The first of several is the one that it gives alone.
        alone = rule.fit(X, [0]).predict(X)
        np.testing.assert_allclose(alone, found[:, 0])


@pytest.mark.parametrize(
    "rule",
    [
        DriftForecaster(),
        PersistenceForecaster(),
        SeasonalForecaster(),
        SeasonalChangeForecaster(),
    ],
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


def test_a_lookup_is_the_best_rule_that_sees_one_value():
    rng = np.random.default_rng(0)
    X = rng.integers(4, size=(300, 3))
    y = np.where(rng.random((300, 3)) < 0.7, X, rng.integers(4, size=(300, 3)))
    # Of all functions of the own value, one for each step, none does better.
    best = np.mean(
        [
            max(np.sum((X[:, t] == v) & (y[:, t] == answer)) for answer in range(4))
            for t in range(3)
            for v in range(4)
        ]
    )
    rule = LookupClassifier().fit(X, y)
    assert rule.score(X, y) == pytest.approx(best * 12 / y.size)
    assert np.array_equal(rule.steps_, [0, 1, 2])


def test_a_lookup_finds_the_step_that_tells_most():
    X = np.random.default_rng(0).integers(9, size=(500, 6))
    rule = LookupClassifier(step="best").fit(X, X[:, [4, 1]])
    assert np.array_equal(rule.steps_, [4, 1])
    assert rule.score(X, X[:, [4, 1]]) == 1.0
    own = LookupClassifier().fit(X, X[:, 4])
    assert np.array_equal(own.steps_, [5])
    assert own.score(X, X[:, 4]) < 0.3


def test_without_a_value_each_step_has_its_most_frequent_answer():
    y = np.array([["a", "b"], ["a", "c"], ["d", "c"]])
    rule = LookupClassifier(step="none").fit(np.zeros((3, 2)), y)
    assert rule.predict(np.ones((1, 2))).tolist() == [["a", "c"]]
    assert np.array_equal(rule.steps_, [-1, -1])


def test_padding_is_no_answer():
    y = np.array([[9, 1], [9, 1], [2, 3]])
    X = np.zeros((3, 2))
    assert LookupClassifier().fit(X, y).predict(X)[0].tolist() == [9, 1]
    rule = LookupClassifier(padding=9).fit(X, y)
    assert rule.predict(X)[0].tolist() == [2, 1]
    assert rule.score(X, y) == pytest.approx(3 / 4)
    with raises_exactly("y holds nothing but padding=9; give answers to learn."):
        rule.fit(X, np.full((3, 2), 9))


@pytest.mark.parametrize("step", ["none", "own"])
def test_further_steps_follow_the_rule_of_the_last(step):
    X = np.array([[0, 1], [1, 0], [1, 1]])
    rule = LookupClassifier(step=step).fit(X[:, :, np.newaxis], X)
    longer = np.array([[0, 1, 1, 0], [1, 1, 0, 0]])
    said = rule.predict(longer[:, :, np.newaxis])
    expected = longer if step == "own" else np.ones_like(longer)
    assert np.array_equal(said, expected)
    assert np.array_equal(rule.predict(longer[:, :1, np.newaxis]), expected[:, :1])


def test_a_best_step_has_no_meaning_in_rows_of_another_length():
    X = np.array([[0, 1], [1, 0]])
    rule = LookupClassifier(step="best").fit(X[:, :, np.newaxis], X)
    with pytest.raises(ValueError, match="X has 3 features, but LookupClassifier"):
        rule.predict(np.zeros((1, 3, 1)))


def test_a_lookup_s_score_leaves_padding_out_and_weighs_rows():
    X = np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
    after = LookupClassifier(padding=9).fit(X, np.array([1, 0, 1, 9]))
    assert after.score(X, [1, 0, 1, 9]) == 1
    assert after.score(X, [0, 0, 1, 9], sample_weight=[2, 1, 1, 5]) == 0.5
    beside = LookupClassifier(padding=9).fit(X, X)
    y = np.array([[0, 9], [0, 0], [1, 1], [0, 0]])
    assert beside.score(X, y) == 6 / 7
    # Of the second row's two answers one is wrong.
    assert beside.score(X, y, sample_weight=[0, 1, 0, 0]) == 0.5
    with pytest.raises(
        ValueError, match=r"^y has shape \(2, 3\), but predictions have"
    ):
        beside.score(X[:2], np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"^y holds nothing but padding=9\.$"):
        after.score(X, [9] * 4)
