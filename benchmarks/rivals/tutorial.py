"""The tutorial loop: ``model.fit`` per epoch and sequence, states reset by hand."""

import numpy as np

from ..jobs import load
from .keras_network import build, reset_states
from .timing import Run, Stopwatch


def run(name, seed, share=1.0):
    """Train as the tutorials print it and time it."""
    return train(load(name).part(share), seed)


def train(job, seed):
    """Train one job; the first ``fit`` call, which traces, counts as setup."""
    x, y = job.rows
    rows = job.updates_per_call * job.x.shape[1]
    # F1's published network is stateless: every pair of months is a row of its own.
    stateful = job.updates_per_call != len(job.x)
    watch = Stopwatch()
    model = build(job, seed, stateful=stateful)
    setup = 0.0
    for _ in range(job.epochs):
        losses = []
        for start in range(0, len(x), rows):
            part = slice(start, start + rows)
            history = model.fit(
                x[part],
                y[part],
                epochs=1,
                batch_size=job.x.shape[1],
                shuffle=job.shuffle,
                verbose=0,
            )
            if stateful:
                reset_states(model)
            losses.append(history.history["loss"][0])
            if not setup:
                setup = watch.lap()
    return Run(setup, watch.lap(), job.updates, np.mean(losses)).as_dict()
