"""
5. A real series
================

Pounds of milk per cow and month, 1962 to 1975: a trend, a season, and little else. The
question is not whether a network can forecast it, but whether it does so better than
rules that learn nothing.
"""

import numpy as np
from sklearn.preprocessing import StandardScaler

from skseq import StatefulLSTMRegressor
from skseq.baselines import (
    PersistenceForecaster,
    SeasonalChangeForecaster,
    SeasonalForecaster,
)
from skseq.datasets import load_milk_production
from skseq.displays import Forecast, ForecastDisplay
from skseq.forecasting import WindowForecaster, backtest

milk = load_milk_production()
print(len(milk.series), "months, from", milk.time[0], "to", milk.time[-1])

# %%
# Forecast from many origins
# --------------------------
# Ten years are known at first. A backtest forecasts six months from every month after
# that, each time from what came before alone.


def test(regressor):
    forecaster = WindowForecaster(regressor, n_in=24, n_out=6, scaler=StandardScaler())
    return backtest(forecaster, milk.series, first=120)


regressors = {
    "same as last month": PersistenceForecaster(),
    "same as a year ago": SeasonalForecaster(period=12),
    "year ago, plus change": SeasonalChangeForecaster(period=12),
    "LSTM": StatefulLSTMRegressor(epochs=150, learning_rate=0.01, random_state=0),
}
forecasts = {}
for name, regressor in regressors.items():
    y_true, forecasts[name] = test(regressor)
    error = np.abs(y_true - forecasts[name]).mean()
    print(f"{name:22s} {error:5.1f} pounds")

# %%
# Here it does not: the rules are told how long a season is, and the network has to find
# that in 91 windows. The mean error hides much; look at the forecasts. Drawn are those
# for one month ahead.

drawn = [
    Forecast(name, np.arange(120, 120 + len(values)), values[:, 0])
    for name, values in forecasts.items()
    if name != "same as last month"
]
ForecastDisplay(
    milk.series, drawn, test_from=120, unit="pounds per cow and month", history=24
).plot()

# %%
# Forty origins of one series are not forty experiments: neighbours share most of what
# they forecast. A difference of one pound between two lines of the table says little.
#
# Task
# ----
# Write ``lesson_5_real_series(known)`` in ``docs/course/answers.py``. It gets the
# months known so far, at least 120 of them, and returns forecasts of the six after
# them. From seven origins its mean error must be below that of "the same as a year
# ago". A network is allowed, and so is a rule. Then::
#
#     pytest docs/course -k lesson_5
