"""Malformed calls of what forecasts: what each is told.

``S``, ``F`` and ``N`` make a StepsFromLags, WindowForecaster and
EncoderDecoderRegressor; ``rule`` is a regressor of windows, ``f`` a fitted forecaster
of two values from two, ``table`` has columns that are named ``names``.
"""

import numpy as np
import pandas as pd
import pytest

from skseq import EncoderDecoderRegressor
from skseq.baselines import PersistenceForecaster
from skseq.forecasting import WindowForecaster, backtest
from skseq.preprocessing import StepsFromLags

from .conftest import Made, data

CATALOGUE = [
    # Columns of lags.
    (
        "S(n_lags=0).fit(X)",
        ValueError,
        "The 'n_lags' parameter of StepsFromLags must be an int in the range [1, inf). "
        "Got 0 instead.",
    ),
    (
        "S(n_exogenous=-1).fit(X)",
        ValueError,
        "The 'n_exogenous' parameter of StepsFromLags must be an int in the range [0, "
        "inf). Got -1 instead.",
    ),
    (
        "S(3).fit([[1, 2], [1]])",
        ValueError,
        "Rows of different lengths make no array: fill them up with "
        "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its padding "
        "do so.",
    ),
    (
        "S(3, 2).fit(X)",
        ValueError,
        "X has n_features = 4; n_lags=3 lags of each series and n_exogenous=2 other "
        "columns would be 5, or 3 more for each further series.",
    ),
    (
        'S(2, 1).fit(table(["lag_1", "lag_2", "lag_3", "month"]))',
        ValueError,
        "By their names, columns ['lag_1', 'lag_2', 'lag_3', 'month'] hold lags [1, 2, "
        "3], and beside them ['month']; expected n_lags=2 lags, the same of every "
        "series, and n_exogenous=1 other columns.",
    ),
    (
        'S(1).fit(table(["a_lag_1", "b_lag_2"]))',
        ValueError,
        "By their names, columns ['a_lag_1', 'b_lag_2'] hold lags [1] of 'a' and lags "
        "[2] of 'b', and beside them []; expected n_lags=1 lags, the same of every "
        "series, and n_exogenous=0 other columns.",
    ),
    (
        'S(2).fit(table(["lag_1", "lag_2", "month"]))',
        ValueError,
        "By their names, columns ['lag_1', 'lag_2', 'month'] hold lags [1, 2], and "
        "beside them ['month']; expected n_lags=2 lags, the same of every series, and "
        "n_exogenous=0 other columns.",
    ),
    (
        "StepsFromLags(200_000, 200_000).fit_transform(np.zeros((1, 400_000)))",
        ValueError,
        "The result would take 320 GB, but this machine has … GB of memory; lower "
        "n_lags or n_exogenous.",
    ),
    # Forecasters.
    (
        "F(rule, n_in=200_000).fit(np.zeros(400_000))",
        ValueError,
        "The result would take 320 GB, but this machine has … GB of memory; lower n_in "
        "or n_out.",
    ),
    (
        "backtest(F(rule, n_in=200_000), np.zeros(400_001), 200_001)",
        ValueError,
        "The result would take 320 GB, but this machine has … GB of memory; lower n_in "
        "or n_out.",
    ),
    (
        "F(3).fit(X[:, 0])",
        ValueError,
        "The 'regressor' parameter of WindowForecaster must be an object implementing "
        "'fit' and 'predict'. Got 3 instead.",
    ),
    (
        "F(rule, n_in=0).fit(X[:, 0])",
        ValueError,
        "The 'n_in' parameter of WindowForecaster must be an int in the range [1, "
        "inf). Got 0 instead.",
    ),
    (
        "F(rule, n_in=8, n_out=2).fit(X[:, 0])",
        ValueError,
        "A window of n_in=8 steps and the n_out=2 after it need 10 steps, but the "
        "series has n_samples = 8; lower n_in or n_out.",
    ),
    (
        "F(rule, n_in=2).fit([1.0, np.nan, 2.0, 3.0])",
        ValueError,
        "Input series contains NaN.",
    ),
    (
        "f.predict(X[:1, 0])",
        ValueError,
        "Forecasts look at n_in=2 steps, but the series has n_samples = 1.",
    ),
    (
        "f.predict(X)",
        ValueError,
        "X has 4 features, but WindowForecaster is expecting 1 features as input.",
    ),
    (
        "backtest(f, X[:, 0], 3)",
        ValueError,
        "first=3 leaves no origin with the 4 steps before it that a fit needs and "
        "the 2 steps after it that it forecasts; the series has 8 steps.",
    ),
    (
        "backtest(f, X[:, 0], 7)",
        ValueError,
        "first=7 leaves no origin with the 4 steps before it that a fit needs and "
        "the 2 steps after it that it forecasts; the series has 8 steps.",
    ),
    (
        "backtest(f, X[:, 0], 4, step=0)",
        ValueError,
        "first and step must be ints, step at least 1; got first=4, step=0.",
    ),
    # A decoder of numbers.
    (
        "N(truncated_bptt_steps=2).fit(X, X[:, :2])",
        ValueError,
        "truncated_bptt_steps=2 is less than the 4 steps of X: EncoderDecoderRegressor "
        "decodes after the whole row has been read; use truncated_bptt_steps=None.",
    ),
    (
        "N(n_outputs=3).fit(X, X[:, :2])",
        ValueError,
        "n_outputs=3 but y has shape (8, 2), 2 targets a row; leave n_outputs=None to "
        "read it from y.",
    ),
    (
        "N(attention=True, bidirectional=True).fit(X, X[:, :2])",
        ValueError,
        "attention=True compares what is decoded with what is encoded, which is twice "
        "as wide with bidirectional=True; set one of them to False.",
    ),
]


@pytest.mark.parametrize(
    ("call", "error", "message"), CATALOGUE, ids=[call for call, *_ in CATALOGUE]
)
def test_a_malformed_call_is_refused(call, error, message, refused):
    rule = PersistenceForecaster()
    refused(
        call,
        error,
        message,
        S=Made(StepsFromLags),
        F=Made(WindowForecaster),
        N=Made(EncoderDecoderRegressor),
        StepsFromLags=StepsFromLags,  # fitted, and free to learn
        rule=rule,
        f=WindowForecaster(rule, n_in=2, n_out=2).fit(np.arange(9.0)),
        table=lambda names: pd.DataFrame(np.ones((2, len(names))), columns=names),
        backtest=backtest,
        X=data()["X"],
    )


def test_the_catalogue_repeats_nothing():
    calls = [call for call, *_ in CATALOGUE]
    assert len(set(calls)) == len(calls)
