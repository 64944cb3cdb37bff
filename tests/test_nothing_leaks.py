"""What comes after an origin changes no forecast made there; what came before does.

Properties of every way from a series to a forecast, on random series. Each way gives
the forecasts from one origin, after a fit to what was known then.
"""

import warnings
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skseq import LagFramer, RecurrentRegressor, SupervisedWindower
from skseq.baselines import CorrectedForecaster, SeasonalChangeForecaster
from skseq.experiments import data
from skseq.forecasting import WindowForecaster, backtest
from skseq.preprocessing import SeasonalDifference, StepsAsFeatures, StepsFromLags

LAGS, SEASON = 5, 3
APART = "`.ci/forecast` runs this, with the extra"
AS_TABLE = FunctionTransformer(lambda X: X.reshape(len(X), -1))


def windows(series, origin):
    """Fit to pairs of the past; forecast from the window that ends at the origin."""
    windower = SupervisedWindower(n_in=LAGS, layout="series")
    X, y, _ = windower.make_pairs(series)
    shown = windower.fit_transform(series[:, np.newaxis])[:, :, 0]
    train = np.arange(len(y)) < origin - LAGS
    model = make_pipeline(StandardScaler(), Ridge()).fit(X[train], y[train])
    # The window whose first target is the origin.
    return model.predict(shown[[origin - LAGS]])


def framed_rows(series, origin):
    """Frame the rows of a table; the row before the origin forecasts it."""
    table = series[:-1, np.newaxis]
    pipeline = make_pipeline(
        StandardScaler(), LagFramer(LAGS, fill_value=0), AS_TABLE, Ridge()
    )
    pipeline.fit(table[: origin - 1], series[1:origin])
    return pipeline.predict(table)[[origin - 1]]


def corrected(series, origin):
    """A rule, and a ridge on seasonal differences that corrects it."""
    X, y, _ = SupervisedWindower(n_in=LAGS, layout="series").make_pairs(series)
    ridge = make_pipeline(
        SeasonalDifference(SEASON), StepsAsFeatures(), AS_TABLE, Ridge()
    )
    scaled = TransformedTargetRegressor(ridge, transformer=StandardScaler())
    model = CorrectedForecaster(SeasonalChangeForecaster(period=SEASON), scaled)
    model.fit(X[: origin - LAGS], y[: origin - LAGS])
    return model.predict(X[[origin - LAGS]])


def several_steps(series, origin):
    """A forecaster of several steps, refitted at the origin."""
    forecaster = WindowForecaster(Ridge(), n_in=LAGS, n_out=2, scaler=StandardScaler())
    return backtest(forecaster, series, origin, refit=True)[1][0]


def skforecast(make, series, origin):
    """skforecast's own lags, recursion and scaling."""
    steps = make_pipeline(StepsFromLags(LAGS), AS_TABLE, Ridge())
    forecaster = make(estimator=steps, lags=LAGS, transformer_y=StandardScaler())
    forecaster.fit(pd.Series(series[:origin]), suppress_warnings=True)
    last = pd.Series(series)[origin - LAGS : origin]
    return forecaster.predict(2, last_window=last, suppress_warnings=True).to_numpy()


def recursive(series, origin):
    from skforecast.recursive import ForecasterRecursive

    return skforecast(ForecasterRecursive, series, origin)


def direct(series, origin):
    from skforecast.direct import ForecasterDirect

    return skforecast(
        lambda **options: ForecasterDirect(steps=2, **options), series, origin
    )


OF_SKFORECAST = [recursive, direct]
WAYS = [windows, framed_rows, corrected, several_steps, *OF_SKFORECAST]
drawn = given(st.integers(0, 2**32 - 1), st.integers(18, 30), st.integers(1, 8))


def some_series(seed, origin, n_after):
    rng = np.random.default_rng(seed)
    series = rng.normal(size=origin + n_after + 2).cumsum()
    return series, rng


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_comes_after_the_origin_changes_no_forecast(way):
    if way in OF_SKFORECAST:
        pytest.importorskip("skforecast", reason=APART)

    @settings(max_examples=5 if way in OF_SKFORECAST else 25, deadline=None)
    @drawn
    def holds(seed, origin, n_after):
        series, rng = some_series(seed, origin, n_after)
        other = series.copy()
        other[origin:] = rng.normal(size=len(series) - origin) * 1e6
        np.testing.assert_array_equal(way(series, origin), way(other, origin))

    holds()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_newest_value_before_the_origin_changes_forecasts(way):
    if way in OF_SKFORECAST:
        pytest.importorskip("skforecast", reason=APART)

    @settings(max_examples=5 if way in OF_SKFORECAST else 25, deadline=None)
    @drawn
    def holds(seed, origin, n_after):
        series, _ = some_series(seed, origin, n_after)
        other = series.copy()
        other[origin - 1] += 10
        assert (np.abs(way(series, origin) - way(other, origin)) > 1e-6).all()

    holds()


@pytest.mark.slow
def test_a_network_sees_the_newest_value_and_nothing_after_it():
    series, rng = some_series(0, 24, 6)
    network = RecurrentRegressor(units=3, epochs=2, dtype="float64", random_state=0)
    forecaster = WindowForecaster(network, n_in=LAGS, n_out=2)

    def forecasts(values):
        return backtest(forecaster, values, 24, refit=True)[1][0]

    later, newest = series.copy(), series.copy()
    later[24:] = rng.normal(size=len(series) - 24) * 1e6
    newest[23] += 1
    np.testing.assert_array_equal(forecasts(later), forecasts(series))
    assert (forecasts(newest) != forecasts(series)).all()


def entry(n_in, n_out, train, test):
    """A problem of the configuration, as far as framing goes."""
    targets = {"train": train, "test": test}
    params = {"generator": "of this test", "params": {}, "sizes": None, "shares": None}
    return {
        "data": {**params, "targets": targets, "sweep": None, "rows_per_group": None},
        "framing": {"n_in": n_in, "n_out": n_out},
    }


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(12, 20),
    st.integers(0, 3),
)
def test_the_pipelines_framing_keeps_uses_apart(seed, n_in, n_out, end, gap):
    """`data.targets`: rows of a use change with its own targets and what is before."""
    series, rng = some_series(seed, 30, 10)
    start = end + gap
    spec = entry(n_in, n_out, [1, end], [start, len(series)])

    def drawn_from(values):
        with mock.patch.object(data, "draw", return_value={"X": values}):
            search = data.draw_search("P", 0, spec["data"])
            repeats = data.draw_repeats("P", 0, 1, spec["data"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of as many targets as values
            return [
                data.search_sample(search, spec),
                data.repeat_sample(repeats, spec, "train", 0),
                data.repeat_sample(repeats, spec, "test", 0),
            ]

    search, train, test = drawn_from(series)
    other = series.copy()
    other[end:] = rng.normal(size=len(series) - end) * 1e6
    for before, after in zip((search, train), drawn_from(other), strict=False):
        np.testing.assert_array_equal(before.X, after.X)
        np.testing.assert_array_equal(before.y, after.y)
    # What is searched on is what is trained on, and no row is of both uses.
    np.testing.assert_array_equal(search.y, train.y)
    assert set(np.ravel(train.y)).isdisjoint(np.ravel(test.y))
    # A window holds what comes right before its targets.
    for sample in (train, test):
        first = np.ravel(sample.y.reshape(len(sample.y), -1)[:, 0])
        at = [int(np.flatnonzero(series == value)[0]) for value in first]
        expected = [series[i - n_in : i] for i in at]
        np.testing.assert_array_equal(sample.X.reshape(len(at), n_in), expected)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(20, 30), st.integers(1, 8))
def test_scalers_and_searches_see_training_months_only(seed, origin, n_after):
    series, rng = some_series(seed, origin, n_after)
    other = series.copy()
    other[origin:] = rng.normal(size=len(series) - origin) * 1e6

    def learnt(values):
        X, y, _ = SupervisedWindower(n_in=2, layout="series").make_pairs(values)
        train = slice(origin - 2)
        whole = TransformedTargetRegressor(
            make_pipeline(StandardScaler(), Ridge()), transformer=StandardScaler()
        )
        grid = {"regressor__ridge__alpha": [0.01, 1.0, 100.0]}
        search = GridSearchCV(whole, grid, cv=TimeSeriesSplit(3))
        search.fit(X[train], y[train])
        best = search.best_estimator_
        forecaster = WindowForecaster(Ridge(), n_in=2, scaler=StandardScaler())
        forecaster.fit(values[:origin])
        return [
            search.cv_results_["mean_test_score"],
            best.transformer_.mean_,
            best.regressor_[0].mean_,
            best.regressor_[-1].coef_,
            forecaster.scaler_.mean_,
        ]

    for before, after in zip(learnt(series), learnt(other), strict=True):
        np.testing.assert_array_equal(before, after)


known = settings(max_examples=10, deadline=None)


@known
@given(st.integers(0, 2**32 - 1))
def test_a_known_feature_that_is_the_target_leaves_no_error(seed):
    """Shifted by one in either direction it would say nothing of random numbers."""
    series = np.random.default_rng(seed).normal(size=60)
    table = np.column_stack([series[:-1], series[1:]])  # the next value is known
    y = series[1:]

    pipeline = make_pipeline(LagFramer(3, fill_value=0), AS_TABLE, LinearRegression())
    pipeline.fit(table[:40], y[:40])
    np.testing.assert_allclose(pipeline.predict(table)[40:], y[40:], atol=1e-9)

    windower = SupervisedWindower(n_in=3, layout="series")
    X, targets, _ = windower.make_pairs(table, series[:-1])
    X = X.reshape(len(X), -1)
    model = LinearRegression().fit(X[:30], targets[:30])
    np.testing.assert_allclose(model.predict(X[30:]), targets[30:], atol=1e-9)


@pytest.mark.parametrize("kind", ["recursive", "direct"])
def test_a_known_feature_that_is_the_target_leaves_skforecast_no_error(kind):
    pytest.importorskip("skforecast", reason=APART)
    from skforecast.direct import ForecasterDirect
    from skforecast.recursive import ForecasterRecursive

    @settings(max_examples=3, deadline=None)
    @given(st.integers(0, 2**32 - 1))
    def holds(seed):
        series = pd.Series(np.random.default_rng(seed).normal(size=60))
        exog = series.rename("known").to_frame()
        steps = StepsFromLags(LAGS, n_exogenous=1)
        options = {
            "estimator": make_pipeline(steps, AS_TABLE, LinearRegression()),
            "lags": LAGS,
        }
        forecaster = (
            ForecasterDirect(steps=3, **options)
            if kind == "direct"
            else ForecasterRecursive(**options)
        )
        forecaster.fit(series[:50], exog=exog[:50], suppress_warnings=True)
        found = forecaster.predict(3, exog=exog[50:53], suppress_warnings=True)
        np.testing.assert_allclose(found, series[50:53], atol=1e-9)

    holds()


@pytest.mark.slow
def test_a_network_learns_that_a_known_feature_is_the_target():
    rng = np.random.default_rng(0)
    series = rng.uniform(-1, 1, size=400)
    table = np.column_stack([series[:-1], series[1:]])
    X = LagFramer(4, fill_value=0).fit_transform(table)
    network = RecurrentRegressor(
        units=8, epochs=150, learning_rate=0.01, random_state=0
    ).fit(X[:300], series[1:301])
    error = np.abs(network.predict(X[300:]) - series[301:]).mean()
    assert error < 0.02 * np.abs(series).mean()
