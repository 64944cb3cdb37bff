"""Six months ahead in one fit, with dates: an encoder-decoder on windows."""

import pandas as pd
from sklearn.preprocessing import StandardScaler

from skseq import EncoderDecoderRegressor
from skseq.baselines import PersistenceForecaster
from skseq.datasets import load_milk_production
from skseq.forecasting import WindowForecaster, backtest


def main():
    """Return forecasts after the series, and errors of the network and of a rule."""
    milk = load_milk_production()
    months = pd.date_range(milk.time[0], periods=len(milk.series), freq="MS")
    series = pd.Series(milk.series, index=months, name="pounds")
    network = EncoderDecoderRegressor(
        units=16, epochs=100, learning_rate=0.01, random_state=0
    )
    forecaster = WindowForecaster(network, n_in=24, n_out=6, scaler=StandardScaler())
    forecasts = forecaster.fit(series).predict(series)

    errors = {}
    for name, regressor in [("network", network), ("rule", PersistenceForecaster())]:
        tested = WindowForecaster(regressor, n_in=24, n_out=6, scaler=StandardScaler())
        y_true, y_pred = backtest(tested, series, first=112)
        errors[name] = float(abs(y_true - y_pred).mean())
    return forecasts, errors


if __name__ == "__main__":
    forecasts, errors = main()
    print(forecasts.round(0).to_string())
    print({name: round(error, 1) for name, error in errors.items()})
