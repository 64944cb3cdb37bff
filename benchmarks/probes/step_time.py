"""Time per step against the length of a sequence, at the same width."""

import numpy as np

from ..rivals.timing import Stopwatch

LENGTHS = [10, 100, 1000, 10_000]
BATCH = 16
UNITS = 20


def skseq(length, truncated, n_steps):
    """Fit so that `n_steps` steps of a batch are made; returns seconds per step.

    Parameters
    ----------
    length : int
        Steps of a sequence.
    truncated : int or None
        Steps between weight updates; None for one update a sequence.
    n_steps : int
        Steps in all, a multiple of `length`.
    """
    from skseq import StatefulLSTMRegressor

    rng = np.random.default_rng(0)
    x = rng.uniform(size=(BATCH * max(1, n_steps // length), length, 1))
    y = np.cumsum(x[:, :, 0], axis=1) / length
    estimator = StatefulLSTMRegressor(
        units=UNITS,
        epochs=1,
        batch_size=BATCH,
        truncated_bptt_steps=truncated,
        shuffle=False,
        random_state=0,
    )
    estimator.fit(x.astype(np.float32), y.astype(np.float32))  # compiles
    watch = Stopwatch()
    estimator.fit(x.astype(np.float32), y.astype(np.float32))
    return {"seconds": watch.lap() / n_steps}
