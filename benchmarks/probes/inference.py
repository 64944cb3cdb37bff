"""The forward pass: rows at several sizes, one row, and single steps."""

import statistics
from functools import cache

import numpy as np

from ..rivals.timing import Stopwatch

# Rows, steps, features, units.
SIZES = {
    "1,000 rows, 64 units": (1000, 150, 3, 64),
    "1,000 rows, 128 units": (1000, 100, 8, 128),
    "512 rows, 256 units": (512, 100, 16, 256),
    "one row, 20 units": (1, 30, 1, 20),
}
# Units of a stream.
STREAMS = (20, 128)
# One row takes less than what a clock tells reliably.
_SECONDS = 0.05


@cache
def rows(size):
    """Random rows, for all contenders the same."""
    n_rows, n_steps, n_features, _ = SIZES[size]
    x = np.random.default_rng(0).normal(size=(n_rows, n_steps, n_features))
    return x.astype(np.float32)


@cache
def estimator(n_features, units):
    """A fitted estimator; how good it is makes no difference to its speed."""
    from skseq import StatefulLSTMRegressor

    x = np.random.default_rng(0).normal(size=(4, 2, n_features))
    return StatefulLSTMRegressor(units=units, epochs=1).fit(x, x[:, -1, 0])


def skseq(size):
    """Predict with the estimator; returns seconds."""
    _, _, n_features, units = SIZES[size]
    return _timed(estimator(n_features, units).predict, rows(size))


def torch(size, threads):
    """Predict with an LSTM and a linear layer of PyTorch's; returns seconds."""
    import torch

    torch.set_num_threads(threads)
    _, _, n_features, units = SIZES[size]
    lstm = torch.nn.LSTM(n_features, units, batch_first=True)
    head = torch.nn.Linear(units, 1)
    with torch.inference_mode():
        return _timed(lambda x: head(lstm(x)[0][:, -1]), torch.from_numpy(rows(size)))


def keras(size, batch_size=None):
    """Predict with ``model.predict``; returns seconds."""
    return _timed(
        lambda x: _model(size).predict(x, batch_size=batch_size, verbose=0), rows(size)
    )


def skseq_step(units):
    """Show a stream single steps; returns the median seconds of one."""
    stream = estimator(1, units).stream()
    taken, watch = [], Stopwatch()
    for value in np.random.default_rng(0).normal(size=5000).tolist():
        watch.lap()
        stream.step(value)
        taken.append(watch.lap())
    return {"seconds": statistics.median(taken)}


@cache
def _model(size):
    import keras

    _, _, n_features, units = SIZES[size]
    layers = [keras.layers.LSTM(units), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((None, n_features)), *layers])


def _timed(predict, x):
    """Seconds of a call, the mean of as many as there is time for, after a first."""
    predict(x)
    watch, calls, seconds = Stopwatch(), 0, 0.0
    while seconds < _SECONDS:
        predict(x)
        seconds, calls = seconds + watch.lap(), calls + 1
    return {"seconds": seconds / calls}
