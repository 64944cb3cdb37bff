"""Prediction of 10,000 sequences with D1's network, tokens out."""

from functools import cache

from ..jobs import load
from ..jobs.base import echo_windows, one_hot
from ..rivals.timing import Stopwatch

N_ROWS = 10_000


@cache
def rows():
    """Return 10,000 unseen windows of 5 symbols, one-hot."""
    x, _ = echo_windows(N_ROWS, n_out=5, length=5, seed=1)
    return one_hot(x[:, 0], 100)


@cache
def _estimator():
    from ..rivals.skseq_ import d1

    estimator, (x, y, routed) = d1(load("D1").part(0.2))
    return estimator.fit(x, y, **routed)


@cache
def _model():
    from ..rivals.keras_network import build

    return build(load("D1"), 0, stateful=False)


def skseq():
    """Predict with the estimator; returns seconds."""
    estimator, x = _estimator(), rows()
    watch = Stopwatch()
    tokens = estimator.predict(x)
    return {"seconds": watch.lap(), "shape": tokens.shape}


def keras(batch_size=None):
    """Predict with ``model.predict`` (Keras' default batch is 32) and take tokens."""
    model, x = _model(), rows()
    watch = Stopwatch()
    tokens = model.predict(x, batch_size=batch_size, verbose=0).argmax(-1)
    return {"seconds": watch.lap(), "shape": tokens.shape}
