"""Pictures of how far training reaches, and of what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.figure import Figure

from skseq.metrics import wilson_interval
from skseq.plotting import PALETTE, new_axes

__all__ = ["plot_cost", "plot_reach"]

_MARKERS = "os^DvP"
_LINES = ("-", "--", "-.", ":", (0, (3, 1, 1, 1, 1, 1)))
GIB = 2**30


def plot_reach(runs: Iterable[Mapping[str, str]], titles: Mapping[str, str]) -> Figure:
    """Draw the share of seeds that solve the task against the lag.

    Parameters
    ----------
    runs : iterable of mapping
        Runs of all methods, as `files.read_csv` gives them.
    titles : mapping of str to str
        What to call each method, in the order in which they are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        A line for each method, with 95 % Wilson intervals.
    """
    runs = list(runs)
    axes = new_axes(7.5, 4.5)
    for place, (method, title) in enumerate(titles.items()):
        own = [run for run in runs if run["method"] == method]
        lags = sorted({int(run["lag"]) for run in own})
        solved = [
            [run["solved"] == "true" for run in own if int(run["lag"]) == lag]
            for lag in lags
        ]
        shares = np.array([np.mean(runs_of_lag) for runs_of_lag in solved])
        bounds = np.array([wilson_interval(sum(s), len(s)) for s in solved])
        # Lines that would hide each other stand a little apart.
        at = np.array(lags) * 1.06 ** (place - (len(titles) - 1) / 2)
        axes.errorbar(
            at,
            shares,
            yerr=np.abs(bounds.T - shares),
            label=title,
            color=PALETTE[place % len(PALETTE)],
            marker=_MARKERS[place % len(_MARKERS)],
            linestyle=_LINES[place % len(_LINES)],
            elinewidth=0.8,
            capsize=2,
        )
    axes.set_xscale("log")
    axes.set_ylim(-0.05, 1.05)
    axes.set_xlabel("lag (time steps to remember)")
    axes.set_ylabel("share of seeds that solve it")
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
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
