"""
Forecasts with intervals
========================

A year of milk a cow, from two origins, by networks from several seeds; then with an
interval from how wrong forecasts were before.
"""

import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from skseq import StatefulLSTMRegressor
from skseq.datasets import load_milk_production
from skseq.displays import ForecastDisplay
from skseq.forecasting import WindowForecaster, backtest

milk = load_milk_production()
months = pd.date_range(milk.time[0], periods=len(milk.series), freq="MS")
series = pd.Series(milk.series, index=months, name="pounds a cow and month")


def forecaster(seed):
    network = StatefulLSTMRegressor(
        units=8, epochs=60, learning_rate=0.01, random_state=seed
    )
    return WindowForecaster(network, n_in=24, n_out=12, scaler=StandardScaler())


fits = [forecaster(seed).fit(series[:144]) for seed in range(4)]
ForecastDisplay.from_estimator(fits, series, start=[144, 156], history=36)

# %%
# How wrong it was at each distance before 1975 says how wide the interval of 1975 is.

y_true, y_pred = backtest(forecaster(0), series[:156], first=120)
half = np.quantile(np.abs(y_true - y_pred), 0.9, axis=0)
forecast = fits[0].predict(series[:156])
ForecastDisplay.from_predictions(
    series,
    forecast,
    interval=(forecast - half, forecast + half),
    coverage=0.9,
    label="LSTM",
    test_from=months[156],
    history=36,
)
