"""Peak memory of a process over many fits of mixed shapes."""

import resource

import numpy as np


def skseq(n_fits, n_first, n_shapes):
    """Fit again and again; returns the peak in MiB after the first fits and after all.

    Parameters
    ----------
    n_fits : int
        Fits in all.
    n_first : int
        Fits after which memory may no longer grow.
    n_shapes : int
        Number of different shapes, each drawn at random; they take turns.
    """
    first = None
    for fit in range(n_fits):
        _fit(seed=fit, shape=fit % n_shapes)
        if fit + 1 == n_first:
            first = _peak()
    return {"first": first, "last": _peak()}


def _fit(seed, shape):
    from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor

    draw = np.random.default_rng(shape)
    rows, steps, features = draw.integers((8, 2, 1), (200, 40, 8))
    settings = {
        "units": int(draw.choice([5, 10, 20, 50])),
        "epochs": int(draw.integers(1, 20)),
        "batch_size": int(draw.choice([4, 16, 32])),
        "random_state": seed,
    }
    x = draw.uniform(size=(rows, steps, features))
    total = x.sum(axis=(1, 2))
    if shape % 2:
        StatefulLSTMRegressor(**settings).fit(x, total).predict(x)
    else:
        StatefulLSTMClassifier(**settings).fit(x, total > np.median(total)).predict(x)


def _peak():
    """Peak resident memory of this process in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
