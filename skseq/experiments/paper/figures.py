"""Pictures of how far training reaches, and of what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.figure import Figure

from skseq.displays import GridDisplay, LagDisplay

__all__ = ["plot_cost", "plot_reach"]

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
    fields = [[solved.get((method, lag), []) for lag in lags] for method in titles]
    shares = [[np.mean(found or np.nan) for found in row] for row in fields]
    display = GridDisplay(
        np.array(shares),
        rows=list(titles.values()),
        columns=[f"{lag:,}" for lag in lags],
        column_label="lag (time steps to remember)",
        label="",
        texts=[[f"{sum(found)} of {len(found)}" for found in row] for row in fields],
        limits=(0.0, 1.0),
    )
    figure = Figure(figsize=(8.0, 1.2 + 0.36 * len(titles)), layout="constrained")
    axes = display.plot(figure.add_subplot()).ax_
    axes.set_title("seeds that solve it (empty: not tried)", fontsize="medium")
    return figure


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
    steps = [float(row["timesteps"]) for row in rows]
    seconds = [float(row["seconds"]) for row in rows]
    idle = [float(row["idle_bytes"]) / GIB for row in rows]
    peak = [float(row["peak_bytes"]) / GIB for row in rows]
    rate, slope = seconds[-1] / steps[-1], (peak[-1] - idle[-1]) / steps[-1]
    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    time = LagDisplay(
        {"measured": _at(steps, seconds)},
        ylabel="seconds an update of one batch",
        xlabel="length of a sequence, time steps",
        references={"proportional to the length": {n: n * rate for n in steps}},
    )
    time.plot(left).ax_.set_yscale("log")
    straight = {n: idle[-1] + slope * n for n in steps}
    memory = LagDisplay(
        {"peak while training": _at(steps, peak), "TensorFlow, idle": _at(steps, idle)},
        xlabel="length of a sequence, time steps",
        ylabel="memory of the process, GiB",
        references={"linear in the length": straight},
    )
    memory.plot(right).ax_.set_ylim(bottom=0)
    # A straight line is one where lengths are not logarithmic.
    right.set_xscale("linear")
    right.set_xlim(left=0)
    return figure


def _at(steps: list[float], values: list[float]) -> dict[float, list[float]]:
    return {n: [value] for n, value in zip(steps, values, strict=True)}
