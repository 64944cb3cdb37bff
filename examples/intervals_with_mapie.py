"""Intervals by MAPIE around the forecasts of one fit, one month ahead.

The last months before the test are kept from the fit: how wrong it was there says how
wide intervals must be.
"""

import numpy as np
from mapie.regression import SplitConformalRegressor
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import StatefulLSTMRegressor, SupervisedWindower
from skseq.baselines import CorrectedForecaster, SeasonalChangeForecaster
from skseq.datasets import load_milk_production
from skseq.preprocessing import SeasonalDifference, StepsAsFeatures


def main():
    """Return coverage of intervals of 90 %, and their mean width in pounds."""
    series = load_milk_production().series
    X, y, _ = SupervisedWindower(n_in=26, layout="series").make_pairs(series)
    fit, calibrate, test = np.split(np.arange(len(y)), [60, 100])
    network = make_pipeline(
        SeasonalDifference(12),
        StandardScaler(),
        StepsAsFeatures(),
        StatefulLSTMRegressor(units=8, epochs=50, learning_rate=0.01, random_state=0),
    )
    forecaster = CorrectedForecaster(
        SeasonalChangeForecaster(period=12),
        TransformedTargetRegressor(network, transformer=StandardScaler()),
    )
    intervals = SplitConformalRegressor(forecaster, confidence_level=0.9, prefit=False)
    intervals.fit(X[fit], y[fit]).conformalize(X[calibrate], y[calibrate])
    _, bounds = intervals.predict_interval(X[test])
    low, high = bounds[:, :, 0].T
    return float(((low <= y[test]) & (y[test] <= high)).mean()), float(
        (high - low).mean()
    )


if __name__ == "__main__":
    coverage, width = main()
    print(f"{coverage:.0%} within 90 % intervals, {width:.0f} pounds wide on average")
