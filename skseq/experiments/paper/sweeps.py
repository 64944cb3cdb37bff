"""How far each way of training reaches, and what a step of memory costs.

The task is 2c with few distractor symbols.
"""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skseq.estimators import RecurrentClassifier
from skseq.experiments.paper.criteria import Unseen
from skseq.experiments.paper.tasks import LongLag
from skseq.experiments.paper.training import Network, train_until
from skseq.experiments.streams import seed_for

__all__ = ["measure_cost", "reach"]

# Updates over which the time of one is taken, after those that compile.
TIMED_UPDATES = 8


def reach(
    method: str, root: int, seeds: int, entry: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Train with one method over all lags, from every seed.

    Parameters
    ----------
    method : str
        What to call the method.
    root : int
        Seed of the whole run.
    seeds : int
        Runs at each lag, of which there are no more once none has succeeded at
        ``entry["hopeless"]`` lags in a row. All methods see the same sequences.
    entry : mapping
        What the configuration says of the sweep, with the method's ``learner``.

    Returns
    -------
    list of dict
        One run each: ``method``, ``lag``, ``seed`` (its number), ``solved``,
        ``sequences`` trained on and ``seconds`` of wall time.
    """
    rows: list[dict[str, Any]] = []
    failed = 0
    for lag in sorted(entry["lags"]):
        if failed == entry["hopeless"]:
            break
        task = LongLag(variant="2c", p=entry["p"], q=lag)
        for index in range(seeds):
            streams = [
                seed_for(root, f"sweep {lag}", use, index)
                for use in ("fit", "train data", "test data")
            ]
            run = _run(task, entry, streams)
            rows.append({"method": method, "lag": lag, "seed": index} | run)
            print(rows[-1], flush=True)
        failed = 0 if any(row["solved"] for row in rows[-seeds:]) else failed + 1
    return rows


def _run(
    task: LongLag, entry: Mapping[str, Any], streams: Sequence[int]
) -> dict[str, Any]:
    training, testing = map(np.random.RandomState, streams[1:])
    network = Network(task.form, random_state=streams[0], **entry["learner"])
    criterion = Unseen(task, testing, **entry["criterion"])
    sizes = entry["block"], entry["budget"]
    run = train_until(network, task, criterion, sizes, training)
    return {key: run[key] for key in ("solved", "sequences", "seconds")}


def measure_cost(lag: int, entry: Mapping[str, Any]) -> dict[str, float]:
    """Measure time and memory of training at one lag, in a process of its own.

    Parameters
    ----------
    lag : int
        Distractors of task 2c at least.
    entry : mapping
        The cost's entry in the configuration.

    Returns
    -------
    dict
        ``lag``, ``timesteps`` of a padded sequence, ``seconds`` of an update with one
        batch, ``peak_bytes`` of the process so far, and ``idle_bytes``, its peak
        before it had any data.
    """
    task = LongLag(variant="2c", p=entry["p"], q=lag)
    # Loads all that is loaded at a first fit.
    small = np.zeros((2, 2, 1)), np.array([0, 1])
    RecurrentClassifier(units=1, epochs=1).fit(*small)
    idle = _peak_bytes()
    rng = np.random.RandomState(0)
    batch = entry["learner"]["batch_size"]
    network = Network(task.form, random_state=0, **entry["learner"])
    seconds = math.nan
    # The first compiles for this many rows; the second counts.
    for _ in range(2):
        sample = task.draw(batch * TIMED_UPDATES, rng)
        started = time.perf_counter()
        network.train(sample)
        seconds = (time.perf_counter() - started) / TIMED_UPDATES
    return {
        "lag": lag,
        "timesteps": task.form.n_timesteps,
        "seconds": seconds,
        "peak_bytes": _peak_bytes(),
        "idle_bytes": idle,
    }


def _peak_bytes() -> int:
    """Most memory that this process has held, in bytes."""
    # Linux counts in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
