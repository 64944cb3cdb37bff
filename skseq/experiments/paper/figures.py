"""Pictures of how far training reaches, and of what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
from matplotlib.figure import Figure

from skseq.plotting import PALETTE, new_axes

__all__ = ["plot_cost", "plot_reach"]

# Fields darker than this take white letters.
DARK = 0.5
GIB = 2**30


def plot_reach(runs: Iterable[Mapping[str, str]], titles: Mapping[str, str]) -> Figure:
    """Draw how many seeds solve the task, with each method at each lag.

    Most shares are none or all, so that lines would hide each other.

    Parameters
    ----------
    runs : iterable of mapping
        Runs of all methods, as `files.read_csv` gives them.
    titles : mapping of str to str
        What to call each method, in the order in which they are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        A field for each method and lag, empty where nothing was run.
    """
    runs = list(runs)
    lags = sorted({int(run["lag"]) for run in runs})
    solved: dict[tuple[str, int], list[bool]] = {}
    for run in runs:
        at = run["method"], int(run["lag"])
        solved.setdefault(at, []).append(run["solved"] == "true")
    shares = np.full((len(titles), len(lags)), np.nan)
    axes = new_axes(8.0, 1.2 + 0.36 * len(titles))
    for (row, method), (column, lag) in product(enumerate(titles), enumerate(lags)):
        found = solved.get((method, lag))
        if not found:
            continue
        shares[row, column] = share = np.mean(found)
        axes.text(
            column,
            row,
            f"{sum(found)} of {len(found)}",
            ha="center",
            va="center",
            fontsize="small",
            color="white" if share > DARK else "black",
        )
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(lags)), [f"{lag:,}" for lag in lags])
    axes.set_yticks(range(len(titles)), list(titles.values()))
    axes.set_xlabel("lag (time steps to remember)")
    axes.set_title("seeds that solve it (empty: not tried)", fontsize="medium")
    # White lines between the fields, and nothing around them.
    axes.set_xticks(np.arange(1, len(lags)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(titles)) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    return axes.figure


def plot_cost(rows: Iterable[Mapping[str, str]]) -> Figure:
    """Draw time of an update and memory against the lag, with straight lines.

    Parameters
    ----------
    rows : iterable of mapping
        What `sweeps.measure_cost` gave, as `files.read_csv` gives it.

    Returns
    -------
    matplotlib.figure.Figure
        Two axes, each with the line through the origin (time) or through the idle
        process (memory) and the longest lag.
    """
    rows = sorted(rows, key=lambda row: int(row["lag"]))
    steps = np.array([float(row["timesteps"]) for row in rows])
    seconds = np.array([float(row["seconds"]) for row in rows])
    idle = np.array([float(row["idle_bytes"]) for row in rows]) / GIB
    peak = np.array([float(row["peak_bytes"]) for row in rows]) / GIB
    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(steps, seconds, "o", color=PALETTE[0], label="measured")
    left.plot(
        steps,
        steps * seconds[-1] / steps[-1],
        "--",
        color=PALETTE[6],
        linewidth=1,
        label="proportional to the length",
    )
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_ylabel("seconds an update of one batch")
    right.plot(steps, peak, "o", color=PALETTE[0], label="peak while training")
    right.plot(steps, idle, "x", color=PALETTE[1], label="TensorFlow, idle")
    slope = (peak[-1] - idle[-1]) / steps[-1]
    right.plot(
        steps,
        idle[-1] + slope * steps,
        "--",
        color=PALETTE[6],
        linewidth=1,
        label="linear in the length",
    )
    right.set_ylim(bottom=0)
    right.set_ylabel("memory of the process, GiB")
    for axes in (left, right):
        axes.set_xlabel("length of a sequence, time steps")
        axes.legend(fontsize="small")
    return figure
