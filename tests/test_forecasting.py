"""Differences undo the seasonal rule; joining steps keeps every value in place."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from skseq.baselines import (
    CorrectedForecaster,
    PersistenceForecaster,
    SeasonalChangeForecaster,
)
from skseq.preprocessing import SeasonalDifference, StepsAsFeatures

WINDOWS = arrays(
    float,
    st.tuples(st.integers(1, 5), st.integers(4, 9)),
    elements=st.floats(-1e3, 1e3, width=32),
)


@parametrize_with_checks(
    [
        CorrectedForecaster(PersistenceForecaster(), Ridge()),
    ]
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@given(WINDOWS, st.integers(1, 3))
def test_differences_equal_the_plain_loop(X, period):
    expected = [
        [row[t] - row[t - period] for t in range(period, len(row))] for row in X
    ]
    found = SeasonalDifference(period).fit_transform(X)
    np.testing.assert_array_equal(found, expected)


def test_differences_need_more_than_a_season():
    message = (
        "Windows have n_features = 12, but differences over period=12 need more; frame "
        "them with n_in=13 or more (1 feature is left then)."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        SeasonalDifference(12).fit(np.zeros((2, 12)))


@given(WINDOWS)
def test_steps_become_features_in_order(X):
    np.testing.assert_array_equal(StepsAsFeatures().fit_transform(X)[:, 0], X)
    three = np.stack([X, -X], axis=2)
    joined = StepsAsFeatures().fit_transform(three)
    assert joined.shape == (len(X), 1, 2 * X.shape[1])
    np.testing.assert_array_equal(joined[:, 0, 0::2], X)


def test_steps_of_another_length_are_refused():
    fitted = StepsAsFeatures().fit(np.zeros((2, 3, 2)))
    with pytest.raises(ValueError, match=r"shape \(4, 2\), but \(3, 2\) was fitted"):
        fitted.transform(np.zeros((2, 4, 2)))


def test_differences_have_the_names_of_the_later_steps():
    table = pd.DataFrame([[1.0, 2.0, 4.0]], columns=["a", "b", "c"])
    differences = SeasonalDifference(1).fit(table)
    assert differences.get_feature_names_out().tolist() == ["b", "c"]
    unnamed = SeasonalDifference(2).fit(table.to_numpy())
    assert unnamed.get_feature_names_out().tolist() == ["x2"]
    assert unnamed.get_feature_names_out(["p", "q", "r"]).tolist() == ["r"]
    with pytest.raises(NotFittedError):
        SeasonalDifference().get_feature_names_out()


@pytest.mark.parametrize("transformer", [SeasonalDifference(1), StepsAsFeatures()])
@pytest.mark.parametrize(
    ("given", "kept"), [(np.float32, np.float32), (np.int16, np.float64)]
)
def test_numbers_become_floats_and_floats_stay(transformer, given, kept):
    X = np.ones((2, 3), dtype=given)
    assert transformer.fit(X).transform(X).dtype == kept


def test_steps_of_features_become_floats_too():
    X = np.ones((2, 3, 2), dtype=int)
    assert StepsAsFeatures().fit_transform(X).dtype == np.float64


def test_windows_of_features_are_not_windows_of_values():
    fitted = StepsAsFeatures().fit(np.zeros((2, 3)))
    message = "Windows have shape (3, 1), but (3,) was fitted."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        fitted.transform(np.zeros((2, 3, 1)))


def test_a_correction_of_nothing_is_the_rule():
    rng = np.random.default_rng(0)
    X, y = rng.random((30, 13)), rng.random(30)
    rule = SeasonalChangeForecaster(period=12)
    corrected = CorrectedForecaster(rule, Ridge(alpha=1e12, fit_intercept=False))
    expected = clone(rule).fit(X, y).predict(X)
    np.testing.assert_allclose(corrected.fit(X, y).predict(X), expected, atol=1e-9)


def test_a_correction_learns_what_the_rule_gets_wrong():
    X = np.arange(40.0).reshape(20, 2)
    y = X[:, 1] + 3
    corrected = CorrectedForecaster(PersistenceForecaster(), Ridge())
    np.testing.assert_allclose(corrected.fit(X, y).predict(X), y, atol=1e-9)
