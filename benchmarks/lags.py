"""Time and memory of training against the lag, each lag in a process of its own.

    python -m benchmarks.lags cost.png

draws both beside straight lines. The task is 2c of Hochreiter & Schmidhuber (1997) with
few distractor symbols, trained as `snakemake paper` trains G8, with other lags.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from skseq.displays import LagDisplay

LAGS = (100, 1000, 2000, 4000, 7000, 10_000)
PAPER, PROBLEM, CONFIGURATION = Path("config", "paper.yaml"), "G8", "chrono"
# Updates over which the time of one is taken, after those that compile.
TIMED = 8
GIB = 2**30


def main(words: list[str]) -> None:
    """Measure every lag and draw what came out."""
    if len(words) != 1:
        sys.exit(__doc__)
    fresh = {"mp_context": get_context("spawn"), "max_tasks_per_child": 1}
    with ProcessPoolExecutor(1, **fresh) as one_by_one:
        rows = list(one_by_one.map(measure, LAGS))
    plot(rows).savefig(Path(words[0]), dpi=120)


def measure(lag: int, updates: int = TIMED) -> dict[str, float]:
    """Measure one lag.

    Parameters
    ----------
    lag : int
        Least number of distractors in a sequence.
    updates : int
        How many are timed.

    Returns
    -------
    dict
        ``steps`` of the longest sequence, ``seconds`` of an update with one batch,
        ``peak`` memory of the process in GiB, and ``idle``, before it had any data.
    """
    from skseq import OneHotSequence, RecurrentClassifier
    from skseq.datasets import make_long_lag
    from skseq.experiments.config import (
        check_config,
        configuration_spec,
        read_config,
        read_schema,
    )

    # Loads all that is loaded at a first fit.
    RecurrentClassifier(units=1, epochs=1).fit(np.zeros((2, 2, 1)), [0, 1])
    idle = _peak()
    paper = check_config(read_config(PAPER), read_schema("config"))
    spec = configuration_spec(paper, PROBLEM, CONFIGURATION)
    settings = spec["estimator"]["params"] | spec["params"]
    drawn = spec["data"]["params"] | {"q": lag}
    X, y = make_long_lag(settings["batch_size"] * updates, **drawn, random_state=0)
    [coder] = spec["transformers"]
    X = OneHotSequence(**coder["params"]).fit_transform(X)
    network, seconds = RecurrentClassifier(**settings, random_state=0), math.nan
    # The first compiles; the second counts.
    for _ in range(2):
        started = time.perf_counter()
        network.partial_fit(X, y)
        seconds = (time.perf_counter() - started) / updates
    steps = max(one.shape[0] for one in X)
    return {"steps": steps, "seconds": seconds, "idle": idle, "peak": _peak()}


def _peak() -> float:
    # Linux counts in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB


def plot(rows: list[dict[str, float]]) -> Figure:
    """Draw seconds of an update and memory against the length, with straight lines."""
    last = rows[-1]
    rate = last["seconds"] / last["steps"]
    slope = (last["peak"] - last["idle"]) / last["steps"]
    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    steps = [row["steps"] for row in rows]
    xlabel = "length of a sequence, time steps"
    seconds = LagDisplay(
        {"measured": {row["steps"]: [row["seconds"]] for row in rows}},
        ylabel="seconds an update of one batch",
        xlabel=xlabel,
        references={"proportional to the length": {n: n * rate for n in steps}},
    )
    seconds.plot(left).ax_.set_yscale("log")
    memory = LagDisplay(
        {
            "peak while training": {row["steps"]: [row["peak"]] for row in rows},
            "TensorFlow, idle": {row["steps"]: [row["idle"]] for row in rows},
        },
        xlabel=xlabel,
        ylabel="memory of the process, GiB",
        references={
            "linear in the length": {n: last["idle"] + slope * n for n in steps}
        },
    )
    memory.plot(right).ax_.set_ylim(bottom=0)
    # A straight line is one where lengths are not logarithmic.
    right.set_xscale("linear")
    right.set_xlim(left=0)
    return figure


if __name__ == "__main__":
    main(sys.argv[1:])
