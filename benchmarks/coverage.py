"""Coverage of 90 % intervals around forecasts of a network, on simulated series.

    python -m benchmarks.coverage            # 200 series, three minutes
    python -m benchmarks.coverage --series 20

A series is an autoregression with a season. A network is fitted to its first steps; how
wrong its forecasts of the next ones were makes the intervals for the last ones, which
are counted. The forecasts are skforecast's, recursive and direct, several steps at a
time, and MAPIE's, of one step.
"""

import argparse
import warnings

import numpy as np

N_LAGS, STEPS = 8, 4
N_FIT, N_CALIBRATE, N_TEST = 120, 100, 20
LEVEL = 0.9


def simulated(seed):
    """Return a series: y(t) = 0.6 y(t-1) + 0.2 y(t-8) + noise, and a season of 8."""
    draw = np.random.default_rng(seed)
    n = N_FIT + N_CALIBRATE + N_TEST
    noise = draw.normal(size=n + 100)
    values = np.zeros(n + 100)
    for t in range(8, n + 100):
        values[t] = 0.6 * values[t - 1] + 0.2 * values[t - 8] + noise[t]
    season = np.sin(2 * np.pi * np.arange(n) / 8)
    return values[100:] + season


def network(seed):
    """Return a small network that reads columns of lags."""
    from sklearn.pipeline import make_pipeline

    from skseq import RecurrentRegressor
    from skseq.preprocessing import StepsFromLags

    settings = {"cell": "gru", "units": 4, "epochs": 15, "learning_rate": 0.01}
    return make_pipeline(
        StepsFromLags(N_LAGS), RecurrentRegressor(**settings, random_state=seed)
    )


def by_skforecast(direct, seed):
    """Return which test steps lie within their intervals, recursive or direct."""
    import pandas as pd
    from skforecast.direct import ForecasterDirect
    from skforecast.model_selection import TimeSeriesFold, backtesting_forecaster
    from skforecast.recursive import ForecasterRecursive
    from sklearn.preprocessing import StandardScaler

    kind, options = (
        (ForecasterDirect, {"steps": STEPS}) if direct else (ForecasterRecursive, {})
    )
    forecaster = kind(
        estimator=network(seed), lags=N_LAGS, transformer_y=StandardScaler(), **options
    )
    series = pd.Series(simulated(seed))
    forecaster.fit(series[:N_FIT])

    def forecasts(end, start, **intervals):
        cv = TimeSeriesFold(
            steps=STEPS, initial_train_size=start, refit=False, fold_stride=STEPS
        )
        return backtesting_forecaster(
            forecaster,
            series[:end],
            cv=cv,
            metric="mean_absolute_error",
            show_progress=False,
            suppress_warnings=True,
            n_jobs=1,
            **intervals,
        )[1]

    before = forecasts(N_FIT + N_CALIBRATE, N_FIT)
    forecaster.set_out_sample_residuals(
        y_true=series.loc[before.index].to_numpy(), y_pred=before["pred"].to_numpy()
    )
    after = forecasts(
        len(series),
        N_FIT + N_CALIBRATE,
        interval=LEVEL,
        interval_method="conformal",
        use_in_sample_residuals=False,
        use_binned_residuals=False,
    )
    came = series.loc[after.index]
    return ((after["lower_bound"] <= came) & (came <= after["upper_bound"])).to_numpy()


def by_mapie(seed):
    """Return which test values lie within their intervals, one step ahead."""
    from mapie.regression import SplitConformalRegressor
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    from skseq import SupervisedWindower

    X, y, _ = SupervisedWindower(n_in=N_LAGS, layout="series").make_pairs(
        simulated(seed)
    )
    ends = [N_FIT - N_LAGS, N_FIT + N_CALIBRATE - N_LAGS]
    regressor = TransformedTargetRegressor(
        network(seed).set_params(stepsfromlags__newest_first=False),
        transformer=StandardScaler(),
    ).fit(X[: ends[0]], y[: ends[0]])
    intervals = SplitConformalRegressor(regressor, confidence_level=LEVEL)
    intervals.conformalize(X[slice(*ends)], y[slice(*ends)])
    _, bounds = intervals.predict_interval(X[ends[1] :])
    low, high = bounds[:, :, 0].T
    return (low <= y[ends[1] :]) & (y[ends[1] :] <= high)


WAYS = {
    "recursive": lambda seed: by_skforecast(False, seed),
    "direct": lambda seed: by_skforecast(True, seed),
    "MAPIE": by_mapie,
}


def coverage(way, n_series):
    """Return mean coverage over simulated series, and its standard error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shares = [WAYS[way](seed).mean() for seed in range(n_series)]
    return float(np.mean(shares)), float(np.std(shares) / np.sqrt(n_series))


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    arguments = parser.parse_args()
    for way in arguments.ways:
        mean, error = coverage(way, arguments.series)
        print(f"{way:10} {mean:.1%} ± {error:.1%}", flush=True)


if __name__ == "__main__":
    main()
