"""Pictures of the two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skseq.displays import PALETTE

__all__ = ["PLOTS", "plot_classification", "plot_forecasting"]

# By method: name, marker, color.
CLASSIFIERS = {
    "majority": ("most frequent class", "|", "black"),
    "logistic": ("logistic regression", "v", PALETTE[1]),
    "nearest": ("nearest neighbour, DTW", "^", PALETTE[2]),
    "minirocket": ("MiniRocket", "s", PALETTE[4]),
    "deep": ("dense network of aeon", "x", PALETTE[5]),
    "network": ("network of skseq", "o", PALETTE[0]),
}
FORECASTERS = {
    "smoothing_skill": ("exponential smoothing", "s", PALETTE[2]),
    "linear_skill": ("straight line through the lags", "v", PALETTE[1]),
    "skill": ("network of skseq", "o", PALETTE[0]),
}
# Skills below this are drawn at the edge.
WORST = -0.6


def plot_classification(rows: Sequence[Mapping[str, str]]) -> Figure:
    """Draw the shares of test rows that each method gets right.

    Parameters
    ----------
    rows : sequence of mapping
        The table, as `files.read_csv` gives it.

    Returns
    -------
    matplotlib.figure.Figure
        A line for each problem.
    """
    figure = Figure(figsize=(8.0, 1.6 + 0.42 * len(rows)), layout="constrained")
    axes = figure.subplots()
    _marks(axes, rows, range(len(rows)), CLASSIFIERS, "network", worst=0.0)
    axes.set_xlabel("share of test rows that are right")
    _lines(axes, [row["problem"] for row in rows])
    _legend(figure, axes)
    return figure


def plot_forecasting(rows: Sequence[Mapping[str, str]]) -> Figure:
    """Draw the share of the best naive rule's error that each method saves.

    Parameters
    ----------
    rows : sequence of mapping
        The table, as `files.read_csv` gives it.

    Returns
    -------
    matplotlib.figure.Figure
        Axes for each horizon, a line for each series.
    """
    names = list(dict.fromkeys(row["problem"] for row in rows))
    horizons = sorted({int(row["horizon"]) for row in rows})
    figure = Figure(figsize=(10.0, 1.6 + 0.42 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(horizons), sharey=True, squeeze=False)[0]
    for axes, horizon in zip(panels, horizons, strict=True):
        found = [row for row in rows if int(row["horizon"]) == horizon]
        places = [names.index(row["problem"]) for row in found]
        axes.axvline(0, color="black", linewidth=1)
        _marks(axes, found, places, FORECASTERS, "skill", worst=WORST)
        axes.set_title(f"{horizon} ahead", fontsize="medium")
        axes.set_xlim(WORST - 0.03, 1.0)
        _lines(axes, names)
    panels[len(panels) // 2].set_xlabel(
        "share of the best naive rule's error that is saved (left of 0: worse)"
    )
    _legend(figure, panels[0])
    return figure


def _marks(
    axes: Axes,
    rows: Sequence[Mapping[str, str]],
    places: Sequence[int],
    methods: Mapping[str, tuple[str, str, str]],
    network: str,
    worst: float,
) -> None:
    """Draw the columns `methods`, and around that of the network its interval."""
    for method, (label, marker, color) in methods.items():
        axes.plot(
            [max(float(row[method]), worst) for row in rows],
            places,
            linestyle="none",
            marker=marker,
            color=color,
            label=label,
            zorder=3 if method == network else 2,
        )
    for place, row in zip(places, rows, strict=True):
        ends = [max(float(row[f"{network}_{end}"]), worst) for end in ("low", "high")]
        axes.plot(ends, [place, place], color=PALETTE[0], linewidth=2, zorder=1)


def _lines(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside upper center", ncols=3, fontsize="small"
    )


PLOTS = {"classification": plot_classification, "forecasting": plot_forecasting}
