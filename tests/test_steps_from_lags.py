"""Columns of lags become time steps, whatever their order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skseq import RecurrentRegressor
from skseq.preprocessing import StepsFromLags, SupervisedWindower

shapes = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(0, 3))


def lags_of(n_series, n_lags, n_exogenous, seed=0):
    """Windows with other features, and the same as columns, the newest lag first."""
    rng = np.random.default_rng(seed)
    windows = rng.normal(size=(5, n_lags, n_series))
    others = rng.normal(size=(5, n_exogenous))
    columns = windows[:, ::-1].transpose(0, 2, 1).reshape(5, -1)
    names = [f"s{i}_lag_{k + 1}" for i in range(n_series) for k in range(n_lags)]
    names += [f"known_{i}" for i in range(n_exogenous)]
    table = pd.DataFrame(np.hstack([columns, others]), columns=names)
    steps = np.repeat(others[:, np.newaxis], n_lags, axis=1)
    return table, np.concatenate([windows, steps], axis=2)


@given(shapes)
def test_windows_come_back_from_their_columns(shape):
    table, windows = lags_of(*shape)
    _, n_lags, n_exogenous = shape
    named = StepsFromLags(n_lags, n_exogenous).fit(table)
    np.testing.assert_array_equal(named.transform(table), windows)
    bare = table.to_numpy()
    found = StepsFromLags(n_lags, n_exogenous).fit_transform(bare)
    np.testing.assert_array_equal(found, windows)


@given(shapes, st.randoms(use_true_random=False))
def test_the_order_of_named_columns_does_not_matter(shape, random):
    table, windows = lags_of(*shape)
    orders = [random.sample(list(table), table.shape[1]) for _ in range(2)]
    steps = StepsFromLags(*shape[1:], newest_first=random.random() < 0.5)
    steps.fit(table[orders[0]])
    np.testing.assert_array_equal(steps.transform(table[orders[1]]), windows)


@pytest.mark.slow
def test_the_order_of_columns_changes_no_forecast():
    series = np.sin(np.arange(40.0))
    X, y, _ = SupervisedWindower(n_in=4, layout="series").make_pairs(series)
    names = ["lag_4", "lag_3", "lag_2", "lag_1"]
    table = pd.DataFrame(X, columns=names)
    shuffled = table[["lag_3", "lag_1", "lag_4", "lag_2"]]
    network = RecurrentRegressor(units=3, epochs=2, dtype="float64", random_state=0)
    plain = network.fit(X, y).predict(X)
    for fitted, shown in [(table, shuffled), (shuffled, table)]:
        steps = StepsFromLags(4).fit(fitted)
        network.fit(steps.transform(fitted), y)
        np.testing.assert_array_equal(network.predict(steps.transform(shown)), plain)


def test_lags_need_not_follow_each_other():
    table = pd.DataFrame([[1.0, 12.0, 2.0]], columns=["lag_1", "lag_12", "lag_2"])
    assert StepsFromLags(3).fit_transform(table)[0, :, 0].tolist() == [12, 2, 1]


def test_oldest_first_is_taken_as_it_is():
    steps = StepsFromLags(2, newest_first=False)
    assert steps.fit_transform([[1.0, 2.0, 5.0, 6.0]]).tolist() == [[[1, 5], [2, 6]]]


def test_other_names_than_in_fit_are_refused():
    fitted = StepsFromLags(1).fit(pd.DataFrame([[1.0]], columns=["lag_1"]))
    with pytest.raises(ValueError, match="feature names should match"):
        fitted.transform(pd.DataFrame([[1.0]], columns=["lag_2"]))
