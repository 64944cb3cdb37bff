"""`GridSearchCV` over A1: 3 sizes, 3 numbers of epochs and 3 splits, 27 fits.

A1 has two rows, and both are needed to learn it: every split trains and scores on
both, so that the 27 fits differ in their seeds alone, for both ways of searching.
"""

from dataclasses import replace

import numpy as np

from ..jobs import load
from ..rivals.timing import Stopwatch

GRID = {"units": [10, 20, 50], "epochs": [100, 250, 500]}
N_SPLITS = 3
# The two fits that the tutorial loop's search is extrapolated from.
MEASURED = [(10, 50), (50, 50)]


def skseq(share=1.0):
    """Search with skseq, epochs cut to the share; returns seconds."""
    from sklearn.model_selection import GridSearchCV

    from ..rivals.skseq_ import a1

    estimator, (x, y, _) = a1(load("A1"))
    both = np.arange(len(x))
    cv = [(both, both)] * N_SPLITS
    search = GridSearchCV(estimator, _grid(share), cv=cv, refit=False)
    watch = Stopwatch()
    search.fit(x, y)
    return {"seconds": watch.lap()}


def skseq_first(share=1.0):
    """Search in a process that has compiled nothing; TensorFlow imported before."""
    from skseq.training import trainer  # noqa: F401

    return skseq(share)


def tutorial(share=1.0):
    """Extrapolate the search over the tutorial loop from two fits; returns seconds."""
    from ..rivals.tutorial import train

    setups, per_epoch = [], []
    for units, epochs in MEASURED:
        job = replace(load("A1"), units=units, epochs=max(1, int(epochs * share)))
        run = train(job, seed=0)
        setups.append(run["setup"])
        per_epoch.append(run["loop"] / job.epochs)
    grid = _grid(share)
    n_fits = N_SPLITS * len(grid["units"]) * len(grid["epochs"])
    n_epochs = N_SPLITS * len(grid["units"]) * sum(grid["epochs"])
    seconds = n_fits * np.mean(setups) + n_epochs * np.mean(per_epoch)
    return {"seconds": float(seconds)}


def _grid(share):
    return GRID | {"epochs": [max(1, int(n * share)) for n in GRID["epochs"]]}
