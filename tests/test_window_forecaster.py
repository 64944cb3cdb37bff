"""Several steps ahead, in the units, the shape and the dates of the series."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import skseq
from skseq.baselines import SeasonalForecaster
from skseq.forecasting import WindowForecaster, backtest

TINY = {"units": 3, "epochs": 3, "batch_size": 8, "dtype": "float64", "random_state": 0}


class LastStep(RegressorMixin, BaseEstimator):
    """Repeats the last step of windows, of one or several columns."""

    def fit(self, X, y):
        self.shape_ = X.shape, y.shape
        return self

    def predict(self, X):
        return np.stack([X[:, -1]] * self.shape_[1][1], axis=1)


AFTER = "what comes after a series depends on its order, and is not one for each row"


@parametrize_with_checks(
    [WindowForecaster(LastStep(), n_in=1)],
    expected_failed_checks=lambda _: {
        "check_methods_sample_order_invariance": AFTER,
        "check_methods_subset_invariance": AFTER,
        "check_fit1d": "a series of one column may have one dimension",
        "check_fit2d_predict1d": "the same",
    },
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from([(), (1,), (3,)]),
    st.booleans(),
)
def test_windows_are_those_of_the_plain_loop(n_in, n_out, columns, scaled):
    series = np.random.default_rng(0).normal(3, 9, size=(12, *columns))
    seen = {}

    class Spy(LastStep):
        def fit(self, X, y):
            seen.update(X=X, y=y)
            return super().fit(X, y)

    scaler = StandardScaler() if scaled else None
    forecaster = WindowForecaster(Spy(), n_in=n_in, n_out=n_out, scaler=scaler)
    forecast = forecaster.fit(series).predict(series)
    table = series.reshape(12, -1)
    if scaled:
        table = (table - table.mean(axis=0)) / table.std(axis=0)
    last = 12 - n_in - n_out + 1
    X = np.stack([table[i : i + n_in] for i in range(last)])
    y = np.stack([table[i + n_in : i + n_in + n_out] for i in range(last)])
    np.testing.assert_allclose(seen["X"].reshape(X.shape), X)
    np.testing.assert_allclose(seen["y"].reshape(y.shape), y)
    # One column is a table that any regressor takes.
    assert seen["X"].ndim == seen["y"].ndim == (3 if columns == (3,) else 2)
    np.testing.assert_allclose(forecast, np.stack([series[-1]] * n_out))


NETWORKS = [
    skseq.EncoderDecoderRegressor(**TINY),
    pytest.param(
        make_pipeline("passthrough", skseq.StatefulLSTMRegressor(**TINY)),
        marks=pytest.mark.slow,
    ),
]


@pytest.mark.parametrize("network", NETWORKS, ids=["decoder", "vector"])
def test_networks_forecast_as_many_steps_as_they_see(network):
    """And do not take them for one target per step."""
    series = np.sin(np.arange(80.0)).reshape(40, 2)
    forecaster = WindowForecaster(network, n_in=4, n_out=4).fit(series)
    trained = forecaster.regressor_
    trained = trained if hasattr(trained, "weights_") else trained[-1]
    assert not trained._layout.per_step
    assert network.get_params().get("n_outputs") is None  # the caller's is a clone
    assert forecaster.predict(series).shape == (4, 2)


def test_units_do_not_matter():
    """Scaled, a network forecasts kilometres as it forecasts metres."""
    metres = np.random.default_rng(0).normal(size=(40, 2)).cumsum(axis=0)
    network = skseq.EncoderDecoderRegressor(**TINY)
    forecaster = WindowForecaster(network, n_in=4, n_out=4, scaler=MinMaxScaler())
    first = forecaster.fit(metres).predict(metres)
    second = forecaster.fit(metres * [1024, 0.5] + 8).predict(metres * [1024, 0.5] + 8)
    assert first.shape == (4, 2)
    np.testing.assert_allclose(second, first * [1024, 0.5] + 8, rtol=1e-9)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (pd.period_range("2020-11", periods=8, freq="M"), ["2021-07", "2021-08"]),
        (
            pd.date_range("2020-01-31", periods=8, freq="ME"),
            ["2020-09-30", "2020-10-31"],
        ),
        (
            # Without a frequency of its own, on business days.
            pd.DatetimeIndex(list(pd.date_range("2024-01-01", periods=10, freq="B"))),
            ["2024-01-15", "2024-01-16"],
        ),
        (
            pd.date_range("2024-03-30 22:00", periods=8, freq="h", tz="Europe/Paris"),
            ["2024-03-31 07:00+02:00", "2024-03-31 08:00+02:00"],
        ),
        (
            pd.date_range("2020-01-15", periods=8, freq=pd.DateOffset(months=1)),
            ["2020-09-15", "2020-10-15"],
        ),
        (pd.RangeIndex(5, 25, 2), [25, 27]),
        (pd.Index([7, 8, 9, 10]), [11, 12]),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("kind", ["Series", "DataFrame"])
def test_forecasts_go_on_with_the_dates(kind, index, expected):
    index = index.rename("time")
    series = pd.Series(np.arange(len(index), dtype=float), index=index, name="sales")
    series = series if kind == "Series" else series.to_frame().assign(more=1.0)
    forecaster = WindowForecaster(LastStep(), n_in=2, n_out=2).fit(series)
    if kind == "Series":
        assert isinstance(forecaster.predict(series), pd.Series)
        assert forecaster.predict(series).name == "sales"
    else:
        assert list(forecaster.predict(series)) == ["sales", "more"]
    # A part too short to tell its frequency goes on as the series of fit does.
    for known in (series, series[-2:]):
        found = forecaster.predict(known).index
        assert found.name == "time"
        assert list(found.astype(str)) == list(labels(index, expected).astype(str))


def labels(index, expected):
    """Labels of the kind that an index has."""
    if isinstance(index, pd.DatetimeIndex):
        return (
            pd.DatetimeIndex(expected).tz_convert(index.tz)
            if index.tz
            else (pd.DatetimeIndex(expected))
        )
    return pd.Index(expected)


@pytest.mark.parametrize(
    "index",
    [
        pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2020-01-09", "2020-02-01"]),
        pd.Index([1, 2, 4, 8]),
        pd.Index(["a", "b", "c", "d"]),
    ],
    ids=["dates", "numbers", "names"],
)
def test_labels_that_do_not_say_what_comes_next_are_refused(index):
    series = pd.Series(np.arange(4.0), index=index)
    forecaster = WindowForecaster(LastStep(), n_in=1).fit(series)
    message = (
        "The index of the series does not say which labels come next; it must be "
        "evenly spaced dates, periods or whole numbers, the first in time first. "
        "series.asfreq gives dates a spacing; series.reset_index(drop=True) counts the "
        "steps instead."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        forecaster.predict(series)
    assert forecaster.predict(series.reset_index(drop=True)).index.tolist() == [4]


def test_what_was_fitted_to_says_which_days_come_next():
    days = pd.DatetimeIndex(list(pd.date_range("2024-01-01", periods=40, freq="B")))
    forecaster = WindowForecaster(LastStep(), n_in=2, n_out=2)
    forecaster.fit(pd.Series(np.arange(40.0), days))
    # Five working days in a row are daily by themselves.
    week = pd.Series(np.arange(5.0), pd.DatetimeIndex(list(days[5:10])))
    assert [day.day_name() for day in forecaster.predict(week).index] == [
        "Monday",
        "Tuesday",
    ]
    weekly = pd.Series(np.arange(4.0), pd.date_range("2024-01-07", periods=4, freq="W"))
    assert [str(day.date()) for day in forecaster.predict(weekly).index] == [
        "2024-02-04",
        "2024-02-11",
    ]


@pytest.mark.parametrize(
    "rows",
    [[0, 1, 3], [0, 1, 1], [2, 1, 0], [0, 7]],
    ids=["gap", "double", "backwards", "weekly"],
)
@pytest.mark.parametrize(
    "index",
    [
        pd.date_range("2024-01-01", periods=9),
        pd.period_range("2024-01", periods=9, freq="M"),
        pd.RangeIndex(9),
    ],
    ids=["dates", "periods", "numbers"],
)
def test_labels_that_do_not_follow_each_other_are_refused(index, rows):
    series = pd.Series(np.arange(9.0), index)
    forecaster = WindowForecaster(LastStep(), n_in=2).fit(series)
    broken = series.iloc[rows]
    if isinstance(broken.index, pd.DatetimeIndex):
        broken.index = pd.DatetimeIndex(broken.index, freq=None)
    with pytest.raises(ValueError, match=r"^The index of the series does not say"):
        forecaster.predict(broken)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.booleans())
def test_a_backtest_is_the_plain_loop(n_in, n_out, step, refit):
    series = np.random.default_rng(0).normal(size=24)
    forecaster = WindowForecaster(
        LinearRegression(), n_in=n_in, n_out=n_out, scaler=StandardScaler()
    )
    y_true, y_pred = backtest(forecaster, series, 12, step=step, refit=refit)
    once = clone(forecaster).fit(series[:12])
    expected = [
        (clone(forecaster).fit(series[:at]) if refit else once).predict(series[:at])
        for at in range(12, 24 - n_out + 1, step)
    ]
    np.testing.assert_allclose(y_pred, expected)
    came = [series[at : at + n_out] for at in range(12, 24 - n_out + 1, step)]
    np.testing.assert_array_equal(y_true, came)


def test_a_backtest_keeps_columns():
    series = np.random.default_rng(0).normal(size=(24, 2))
    for refit in (False, True):
        y_true, y_pred = backtest(
            WindowForecaster(LastStep(), n_in=1, n_out=3), series, 20, refit=refit
        )
        assert y_true.shape == y_pred.shape == (2, 3, 2)


def test_forecasters_are_saved_and_searched(tmp_path):
    series = pd.Series(np.arange(20.0), pd.period_range("2020", periods=20, freq="M"))
    forecaster = WindowForecaster(SeasonalForecaster(period=2), n_in=4, n_out=2)
    forecaster.fit(series)
    skseq.save(forecaster, tmp_path / "model.skops")
    loaded = skseq.load(tmp_path / "model.skops")
    pd.testing.assert_series_equal(loaded.predict(series), forecaster.predict(series))
    assert forecaster.set_params(regressor__period=3).regressor.period == 3
    assert GridSearchCV(forecaster, {"regressor__period": [1, 2]}).estimator.n_in == 4
