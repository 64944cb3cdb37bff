"""Fitted estimators of every kind, with data, and figures that are put away."""

from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skseq import (
    EncoderDecoderEcho,
    EncoderDecoderRegressor,
    OneHotSequence,
    RecurrentClassifier,
    Seq2SeqEcho,
    StatefulLSTMClassifier,
    StatefulLSTMRegressor,
)
from skseq.forecasting import WindowForecaster

matplotlib.use("agg")

SMALL = {
    "units": 3,
    "epochs": 4,
    "batch_size": 8,
    "learning_rate": 0.02,
    "dtype": "float64",
    "random_state": 0,
}


@pytest.fixture(autouse=True)
def put_away():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def fits():
    """By name: a fitted estimator and the data that displays take beside it."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(16, 4, 3))
    tokens = rng.integers(3, size=(16, 4))
    one_hot = np.eye(3)[tokens]
    sums = X.sum(axis=2).cumsum(axis=1)
    lengths = [2, 3, 4, 4] * 4
    padded = np.where(np.arange(4)[:, None] < np.array(lengths)[:, None, None], X, -9.0)
    lists = [row[:length] for row, length in zip(X, lengths, strict=True)]
    labels = (sums > 0).astype(int)
    listed = [row[:length] for row, length in zip(labels, lengths, strict=True)]

    def fitted(kind, X, y=None, **params):
        estimator = kind(**SMALL, **params)
        return SimpleNamespace(estimator=estimator.fit(X, y), X=X, y=y)

    symbols = np.array(["a", "b", "c"])[tokens]
    pipeline = make_pipeline(OneHotSequence(), StatefulLSTMClassifier(**SMALL))
    search = GridSearchCV(StatefulLSTMRegressor(**SMALL), {"epochs": [1, 2]}, cv=2)
    series = pd.Series(
        np.sin(np.arange(24.0)),
        index=pd.date_range("2001-01", periods=24, freq="MS"),
        name="pounds",
    )
    windows = StatefulLSTMRegressor(**SMALL)
    return {
        "last": fitted(StatefulLSTMClassifier, X, labels[:, -1]),
        "steps": fitted(StatefulLSTMClassifier, X, labels),
        "padded": fitted(StatefulLSTMClassifier, padded, labels, mask_value=-9.0),
        "listed": fitted(StatefulLSTMClassifier, lists, listed),
        "numbers": fitted(StatefulLSTMRegressor, X, sums),
        "gru": fitted(RecurrentClassifier, X, labels[:, -1], cell="gru"),
        "both": fitted(StatefulLSTMClassifier, X, labels, bidirectional=True),
        "echo": fitted(Seq2SeqEcho, one_hot),
        "encoder_decoder": fitted(EncoderDecoderEcho, one_hot, n_outputs=2),
        "decoder_of_numbers": fitted(EncoderDecoderRegressor, X, sums[:, :2]),
        "pipeline": SimpleNamespace(
            estimator=pipeline.fit(symbols, symbols), X=symbols, y=symbols
        ),
        "search": SimpleNamespace(estimator=search.fit(X, sums), X=X, y=sums),
        "forecaster": SimpleNamespace(
            estimator=WindowForecaster(windows, n_in=4, n_out=2).fit(series), X=series
        ),
    }
