"""Forecasts with intervals: skforecast drives a recurrent network.

skforecast makes lags, adds what is known of the future (here the month), feeds
forecasts back, and calibrates intervals on what the forecaster got wrong before.
`StepsFromLags` gives its columns of lags, newest first, back as time steps. Scalers
stand inside: they learn from the months that a fit sees.
"""

import pandas as pd
from skforecast.model_selection import TimeSeriesFold, backtesting_forecaster
from skforecast.recursive import ForecasterRecursive
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import RecurrentRegressor
from skseq.datasets import load_milk_production
from skseq.preprocessing import StepsFromLags

N_LAGS = 12


def main():
    """Return mean absolute error, in pounds, and coverage of intervals of 90 %."""
    milk = load_milk_production()
    months = pd.date_range(milk.time[0], periods=len(milk.series), freq="MS")
    series = pd.Series(milk.series, index=months, name="pounds")
    calendar = pd.get_dummies(months.month, prefix="month", dtype=float)
    calendar.index = months

    network = make_pipeline(
        StepsFromLags(N_LAGS, n_exogenous=calendar.shape[1]),
        RecurrentRegressor(
            cell="gru", units=8, epochs=150, learning_rate=0.01, random_state=0
        ),
    )
    forecaster = ForecasterRecursive(
        estimator=network,
        lags=N_LAGS,
        transformer_y=StandardScaler(),
        differentiation=1,
    )
    # Half a year at a time. What was forecast wrong in the last of the first 112 months
    # tells how wide intervals are after them: some forty numbers, too few for bins.
    _, before = tested(forecaster, series[:112], calendar[:112], 72)
    forecaster.fit(series[:112], exog=calendar[:112], suppress_warnings=True)
    forecaster.set_out_sample_residuals(
        y_true=series.loc[before.index], y_pred=before["pred"]
    )
    metrics, after = tested(
        forecaster,
        series,
        calendar,
        112,
        interval=0.9,
        interval_method="conformal",
        use_in_sample_residuals=False,
        use_binned_residuals=False,
    )
    came = series.loc[after.index]
    covered = (came >= after["lower_bound"]) & (came <= after["upper_bound"])
    return float(metrics["mean_absolute_error"].iloc[0]), float(covered.mean())


def tested(forecaster, series, calendar, n_train, **options):
    """Return metrics and forecasts of what comes after so many months."""
    return backtesting_forecaster(
        forecaster,
        series,
        cv=TimeSeriesFold(
            steps=6, initial_train_size=n_train, refit=False, differentiation=1
        ),
        metric="mean_absolute_error",
        exog=calendar,
        show_progress=False,
        suppress_warnings=True,
        **options,
    )


if __name__ == "__main__":
    error, coverage = main()
    print(
        f"mean absolute error {error:.1f} pounds; {coverage:.0%} within 90 % intervals"
    )
