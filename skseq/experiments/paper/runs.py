"""Train a task from many seeds, each until the paper's criterion is met."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from skseq.experiments.paper.criteria import make_criterion
from skseq.experiments.paper.learner import Learner
from skseq.experiments.paper.tasks import Task, make_task
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
            learner = Learner(task.form, random_state=streams[0], **params)
            run = run_once(task, learner, entry, budget, streams[1:])
            rows.append({"forget_bias": forget_bias, "seed": index} | run)
            print(name, rows[-1], flush=True)
    return rows


def run_once(
    task: Task,
    learner: Learner,
    entry: Mapping[str, Any],
    budget: int,
    streams: list[int],
) -> dict[str, Any]:
    """Train block by block until the criterion is met or the budget is used up."""
    training, testing = map(np.random.RandomState, streams)
    kind, params = entry["criterion"]["kind"], dict(entry["criterion"])
    criterion = make_criterion(
        kind, task, {k: v for k, v in params.items() if k != "kind"}, testing
    )

    def errors(sample):
        return task.errors(learner.predict(sample), sample)

    started, cpu_started = time.perf_counter(), time.process_time()
    sequences, solved = 0, False
    while sequences + entry["block"] <= budget and not solved:
        sample = criterion.block(entry["block"], training)
        criterion.before(sample, errors)
        learner.train(sample)
        sequences += len(sample)
        solved = criterion.met(errors)
    seconds = time.perf_counter() - started
    cpu_seconds = time.process_time() - cpu_started
    wrong = errors(task.draw(TEST_SEQUENCES, testing)) >= params.get("tolerance", 0.5)
    return {
        "solved": solved,
        "sequences": sequences,
        "weights": learner.n_weights,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "wrong": float(wrong.mean()),
    }
