"""Train a task from many seeds, each until the paper's criterion is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skseq.experiments.paper.criteria import make_criterion
from skseq.experiments.paper.tasks import Task, make_task
from skseq.experiments.paper.training import Network, train_until
from skseq.experiments.streams import seed_for

__all__ = ["run_task"]

# Fresh sequences that tell how well a solved task is solved, as many as the paper's.
TEST_SEQUENCES = 2560


def run_task(
    name: str, root: int, seeds: int, entry: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Train from every seed, with each kind of first biases.

    Parameters
    ----------
    name : str
        Name of the row, a key of its random streams.
    root : int
        Seed of the whole run.
    seeds : int
        Runs of each kind.
    entry : mapping
        The row's entry in the configuration, complete.

    Returns
    -------
    list of dict
        One run each: ``forget_bias``, ``seed`` (its number), ``solved``,
        ``sequences`` trained on, ``weights``, ``seconds`` of wall time and
        ``cpu_seconds`` of training and testing, and ``wrong``, the share of fresh
        sequences that are wrong afterwards.
    """
    task = make_task(entry["experiment"], entry["params"])
    rows = []
    for forget_bias, budget in entry["budget"].items():
        for index in range(seeds):
            streams = [
                seed_for(root, name, use, index)
                for use in ("fit", "train data", "test data")
            ]
            params = entry["learner"] | {"forget_bias": forget_bias}
            run = _run(task, params, entry, budget, streams)
            rows.append({"forget_bias": forget_bias, "seed": index} | run)
            print(name, rows[-1], flush=True)
    return rows


def _run(
    task: Task,
    params: Mapping[str, Any],
    entry: Mapping[str, Any],
    budget: int,
    streams: Sequence[int],
) -> dict[str, Any]:
    training, testing = map(np.random.RandomState, streams[1:])
    # The longest sequence that there is; a first block need not hold one.
    params = {"max_lag": task.form.n_timesteps, **params}
    network = Network(task.form, random_state=streams[0], **params)
    kind, asked = entry["criterion"]["kind"], dict(entry["criterion"])
    del asked["kind"]
    criterion = make_criterion(kind, task, asked, testing)
    run = train_until(network, task, criterion, (entry["block"], budget), training)
    sample = task.draw(TEST_SEQUENCES, testing)
    errors = task.errors(network.predict(sample), sample)
    wrong = errors >= asked.get("tolerance", 0.5)
    return run | {"weights": network.n_weights, "wrong": float(wrong.mean())}
