"""skforecast and MAPIE drive our regressors: lags, exogenous values, intervals.

Every forecast is held to the plain loop that one would write without them.
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline

from skseq import RecurrentRegressor, StatefulLSTMRegressor
from skseq.preprocessing import StepsFromLags

pytest.importorskip("skforecast", reason="`.ci/forecast` runs this, with the extra")
pytest.importorskip("mapie", reason="`.ci/forecast` runs this, with the extra")

from mapie.regression import CrossConformalRegressor, SplitConformalRegressor
from skforecast.direct import ForecasterDirect, ForecasterDirectMultiVariate
from skforecast.model_selection import (
    TimeSeriesFold,
    backtesting_forecaster,
    grid_search_forecaster,
)
from skforecast.preprocessing import CalendarFeatures
from skforecast.recursive import ForecasterRecursive, ForecasterRecursiveMultiSeries

LAGS, N = 4, 40
TINY = {"units": 3, "epochs": 2, "batch_size": 8, "dtype": "float64", "random_state": 0}
SETTINGS = {"suppress_warnings": True}

pytestmark = pytest.mark.filterwarnings("ignore")


def series_of(seed=0):
    index = pd.date_range("2020-01-01", periods=N, freq="MS")
    values = np.random.default_rng(seed).normal(size=N).cumsum() / 4
    return pd.Series(values, index=index, name="y")


def exogenous():
    """What is known of all months and of three more."""
    index = pd.date_range("2020-01-01", periods=N + 3, freq="MS")
    rng = np.random.default_rng(1)
    return pd.DataFrame(rng.normal(size=(N + 3, 2)), index=index, columns=["b", "a"])


def network(n_exogenous=0, kind=RecurrentRegressor):
    return make_pipeline(StepsFromLags(LAGS, n_exogenous), kind(**TINY))


def windows(values, known):
    """Steps (n, LAGS, 1 + n_known) before each value but the first, in a plain loop."""
    rows = [
        [[values[t - k], *known[t]] for k in range(LAGS, 0, -1)]
        for t in range(LAGS, len(values))
    ]
    return np.array(rows), np.asarray(values[LAGS:])


def test_recursive_forecasts_are_those_of_the_plain_loop():
    y, exog = series_of(), exogenous()
    forecaster = ForecasterRecursive(estimator=network(2), lags=LAGS)
    forecaster.fit(y, exog=exog[:N])
    found = forecaster.predict(3, exog=exog[N:])

    # skforecast keeps the order of columns without names: b, then a.
    known, values = exog.to_numpy(), list(y)
    model = RecurrentRegressor(**TINY).fit(*windows(values, known))
    for t in range(N, N + 3):
        step = [[[values[t - k], *known[t]] for k in range(LAGS, 0, -1)]]
        values.append(model.predict(np.array(step))[0])
    np.testing.assert_array_equal(found, values[N:])
    assert found.index[0] == pd.Timestamp("2023-05-01")


def test_direct_forecasts_are_those_of_the_plain_loop():
    y, exog = series_of(), exogenous()
    forecaster = ForecasterDirect(estimator=network(2), steps=2, lags=LAGS)
    forecaster.fit(y, exog=exog[:N])
    found = forecaster.predict(2, exog=exog[N:])

    known, values = exog.to_numpy(), list(y)
    last = values[-LAGS:]
    for step in (1, 2):
        # Both models are fitted to the origins from which two steps are known.
        origins = range(LAGS, N - 1)
        X = [[[v, *known[o + step - 1]] for v in values[o - LAGS : o]] for o in origins]
        target = [values[o + step - 1] for o in origins]
        model = RecurrentRegressor(**TINY).fit(np.array(X), target)
        shown = np.array([[[v, *known[N + step - 1]] for v in last]])
        assert found.iloc[step - 1] == model.predict(shown)[0]


CALENDAR = CalendarFeatures(features=["month"])


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("make", "given", "n_exogenous"),
    [
        (
            lambda e: ForecasterRecursive(estimator=e, lags=LAGS),
            lambda: {"y": series_of(), "exog": exogenous()[:N]},
            2,
        ),
        (
            lambda e: ForecasterRecursiveMultiSeries(estimator=e, lags=LAGS),
            lambda: {"series": {"p": series_of(1), "q": series_of(2)}},
            1,
        ),
        (
            lambda e: ForecasterDirectMultiVariate(
                estimator=e, level="p", steps=1, lags=LAGS
            ),
            lambda: {
                "series": pd.DataFrame({"p": series_of(1), "q": series_of(2)}),
                "exog": exogenous()[:N],
            },
            2,
        ),
    ],
    ids=["recursive", "several series", "a series by several"],
)
def test_columns_are_found_by_name_and_by_place(make, given, n_exogenous, named):
    """skforecast shows names, but fits to bare arrays in the same order."""
    forecaster = make(network(n_exogenous))
    table, _ = forecaster.create_train_X_y(**given())
    lags = table if named else table.to_numpy(dtype=float)
    steps = StepsFromLags(LAGS, n_exogenous).fit_transform(lags)
    n_series = (table.shape[1] - n_exogenous) // LAGS
    assert steps.shape == (len(table), LAGS, n_series + n_exogenous)
    for place, name in enumerate(["p", "q"] if n_series == 2 else [None]):
        # The newest step of a row is the oldest but one of the row after the next.
        label = "lag_1" if name is None else f"{name}_lag_1"
        found = [column for column in table if column.endswith(label)]
        np.testing.assert_array_equal(steps[:, -1, place], table[found[0]])


@pytest.mark.slow
def test_several_series_and_calendar_features_are_forecast():
    given = {"p": series_of(1), "q": series_of(2)}
    forecaster = ForecasterRecursiveMultiSeries(estimator=network(1), lags=LAGS)
    forecaster.fit(given, **SETTINGS)
    found = forecaster.predict(2, **SETTINGS)
    assert sorted(found["level"].unique()) == ["p", "q"]
    assert np.isfinite(found["pred"]).all()

    # A month is a sine and a cosine.
    forecaster = ForecasterRecursive(
        estimator=network(2), lags=LAGS, calendar_features=CALENDAR
    )
    forecaster.fit(series_of(), **SETTINGS)
    assert np.isfinite(forecaster.predict(3, **SETTINGS)).all()


def test_a_backtest_gives_conformal_intervals():
    y = series_of()
    forecaster = ForecasterRecursive(estimator=network(), lags=LAGS)
    _, found = backtesting_forecaster(
        forecaster,
        y,
        cv=TimeSeriesFold(
            steps=3, initial_train_size=30, refit=True, fixed_train_size=False
        ),
        metric="mean_absolute_error",
        interval=0.9,
        interval_method="conformal",
        n_jobs=1,
        show_progress=False,
        **SETTINGS,
    )
    assert (found["lower_bound"] < found["pred"]).all()
    assert (found["pred"] < found["upper_bound"]).all()
    # Refitted at each origin, to what was known there.
    forecaster.fit(y[:33])
    np.testing.assert_array_equal(forecaster.predict(3), found["pred"][3:6])


@pytest.mark.slow
def test_a_search_sets_parameters_of_the_network():
    results = grid_search_forecaster(
        ForecasterRecursive(estimator=network(), lags=LAGS),
        series_of(),
        cv=TimeSeriesFold(steps=2, initial_train_size=34, refit=False),
        param_grid={"recurrentregressor__learning_rate": [1e-6, 0.05]},
        metric="mean_absolute_error",
        return_best=False,
        n_jobs=1,
        verbose=False,
        show_progress=False,
    )
    assert results["mean_absolute_error"].nunique() == 2


@pytest.mark.parametrize("cross", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_mapie_gives_intervals_around_single_steps(cross):
    X, y = windows(list(series_of()), np.empty((N, 0)))
    X = X[:, :, 0]  # MAPIE's checks know tables
    model = StatefulLSTMRegressor(**TINY)
    if cross:
        intervals = CrossConformalRegressor(model, confidence_level=0.9, cv=3)
        intervals.fit_conformalize(X, y)
    else:
        intervals = SplitConformalRegressor(model.fit(X[:20], y[:20]))
        intervals.conformalize(X[20:], y[20:])
        scores = np.sort(np.abs(model.predict(X[20:]) - y[20:]))
        half = scores[int(np.ceil(0.9 * (len(scores) + 1))) - 1]
    points, bounds = intervals.predict_interval(X)
    low, high = bounds[:, :, 0].T
    assert (low < points).all()
    assert (points < high).all()
    if not cross:
        np.testing.assert_array_equal(points, model.predict(X))
        np.testing.assert_allclose(high - points, half)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["recursive", "direct", "MAPIE"])
def test_intervals_cover_what_they_promise(way):
    """200 series: `python -m benchmarks.coverage`; of these few the mean scatters."""
    from benchmarks.coverage import LEVEL, coverage

    mean, error = coverage(way, 15)
    assert abs(mean - LEVEL) < 0.03 + 3 * error
