"""Pictures of results, readable without the code.

Every function draws into axes that it is given, or into a new figure, and returns the
axes. Colours are the palette of Okabe and Ito, which people with any kind of colour
vision can tell apart; lines differ in style as well. Nothing here imports TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from skseq.metrics import wilson_interval

# Okabe & Ito (2008), Color universal design, without yellow, which is pale on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES = ("-", "--", "-.", ":")
_ANNOTATED_SYMBOLS = 12
_MOST_POINTS = 20_000
# Ticks that stand apart, one for each value measured.
_TICKS = 12


def new_axes(width: float = 7.0, height: float = 4.0) -> Axes:
    """Return the axes of a new figure that belongs to no window.

    Parameters
    ----------
    width, height : float
        Size of the figure in inches.

    Returns
    -------
    matplotlib.axes.Axes
        Empty axes; ``.figure`` is the figure.

    See Also
    --------
    plot_forecast : One of the functions that draw into them.

    Examples
    --------
    >>> from skseq.plotting import new_axes
    >>> new_axes(width=3.0).figure.get_size_inches().tolist()
    [3.0, 4.0]
    """
    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def plot_loss_curves(
    curves: Mapping[str, npt.ArrayLike], *, ax: Axes | None = None
) -> Axes:
    """Draw the training loss of many fits: each fit thin, their median thick.

    Parameters
    ----------
    curves : mapping of str to array-like of shape (n_fits, n_epochs)
        Losses by name of the configuration; NaN after a fit that stopped early.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    See Also
    --------
    plot_success_rates : How many of the fits succeeded.

    Examples
    --------
    >>> from skseq.plotting import plot_loss_curves
    >>> ax = plot_loss_curves({"20 units": [[1.0, 0.5, 0.2], [0.9, 0.4, 0.3]]})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('epoch', 'training loss')
    """
    ax = new_axes() if ax is None else ax
    for index, (label, losses) in enumerate(curves.items()):
        losses = np.atleast_2d(np.asarray(losses, dtype=float))
        epochs = np.arange(1, losses.shape[1] + 1)
        # A single epoch is a point, which a line does not show.
        style: dict[str, Any] = {"color": PALETTE[index % len(PALETTE)]}
        style |= {"marker": "o", "markersize": 4} if len(epochs) < 10 else {}
        ax.plot(epochs, losses.T, linewidth=0.5, alpha=0.3, **style)
        ax.plot(
            epochs,
            np.nanmedian(losses, axis=0),
            linewidth=2,
            linestyle=_LINES[index % len(_LINES)],
            label=f"{label}: median of {len(losses)} fits",
            **style,
        )
    ax.set(xlabel="epoch", ylabel="training loss", yscale="log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return ax


def plot_success_rates(
    rates: Sequence[tuple[str, int, int]], *, ax: Axes | None = None
) -> Axes:
    """Draw shares of successful repeats with their 95 % Wilson intervals.

    Parameters
    ----------
    rates : sequence of tuple of (str, int, int)
        Name, number of successes and number of repeats of each bar, from the top.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    See Also
    --------
    plot_loss_curves : How their losses went.

    Examples
    --------
    >>> from skseq.plotting import plot_success_rates
    >>> ax = plot_success_rates([("searched", 20, 20), ("published", 8, 20)])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['searched', 'published']
    """
    ax = new_axes(7.0, 1.2 + 0.5 * len(rates)) if ax is None else ax
    for row, (_, successes, repeats) in enumerate(rates):
        share = successes / repeats
        low, high = wilson_interval(successes, repeats)
        ax.errorbar(
            [share],
            [row],
            xerr=[[share - low], [high - share]],
            fmt="o",
            markersize=8,
            capsize=5,
            color=PALETTE[row % len(PALETTE)],
        )
        ax.annotate(
            f"{successes} of {repeats}",
            (share, row),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
        )
    ax.set(
        xlim=(-0.05, 1.05),
        ylim=(len(rates) - 0.4, -0.6),
        yticks=range(len(rates)),
        yticklabels=[label for label, _, _ in rates],
        xlabel="share of repeats that meet the criterion,\nwith 95 % Wilson interval",
    )
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    ax.grid(axis="x", alpha=0.3)
    return ax


def plot_predicted_expected(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, *, ax: Axes | None = None
) -> Axes:
    """Draw how often each symbol was predicted where each was expected.

    Parameters
    ----------
    y_true : array-like
        Expected symbols, of any shape.
    y_pred : array-like
        Predicted symbols, of the same shape.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into. Each row of the picture adds up to 100 %; a perfect
        prediction is a diagonal.

    See Also
    --------
    plot_predicted_values : The same for numbers.

    Examples
    --------
    >>> from skseq.plotting import plot_predicted_expected
    >>> ax = plot_predicted_expected([[0, 1], [0, 2]], [[0, 1], [0, 1]])
    >>> [text.get_text() for text in ax.texts]
    ['100', '100', '100']
    """
    ax = new_axes(6.0, 5.0) if ax is None else ax
    y_true, y_pred = np.ravel(y_true), np.ravel(y_pred)
    symbols, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    counts = np.zeros((len(symbols), len(symbols)))
    np.add.at(counts, (codes[: len(y_true)], codes[len(y_true) :]), 1)
    totals = counts.sum(axis=1, keepdims=True)
    shares = 100 * np.divide(
        counts, totals, where=totals > 0, out=np.zeros_like(counts)
    )
    # A logarithmic scale, since what matters are the few that are wrong.
    image = ax.imshow(
        np.ma.masked_equal(shares, 0), cmap="viridis_r", norm=LogNorm(0.01, 100)
    )
    ax.figure.colorbar(image, ax=ax, label="% of the expected symbol (log scale)")
    few = len(symbols) <= _ANNOTATED_SYMBOLS
    places = np.arange(0, len(symbols), 1 if few else max(1, len(symbols) // 5))
    ax.set(
        xticks=places,
        yticks=places,
        xticklabels=symbols[places],
        yticklabels=symbols[places],
        xlabel="predicted symbol",
        ylabel="expected symbol",
    )
    if few:
        _annotate(ax, shares)
    return ax


def _annotate(ax: Axes, shares: np.ndarray) -> None:
    for row, column in zip(*np.nonzero(shares), strict=True):
        share = shares[row, column]
        ax.text(
            column,
            row,
            f"{share:.3g}",
            ha="center",
            va="center",
            color="white" if share > 5 else "black",
        )


def plot_predicted_values(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, *, ax: Axes | None = None
) -> Axes:
    """Draw predicted numbers against expected ones, with the line of no error.

    At most 20,000 numbers are drawn; of more, every second, third and so on.

    Parameters
    ----------
    y_true : array-like
        Expected numbers, of any shape.
    y_pred : array-like
        Predicted numbers, of the same shape.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    See Also
    --------
    plot_predicted_expected : The same for symbols.

    Examples
    --------
    >>> from skseq.plotting import plot_predicted_values
    >>> ax = plot_predicted_values([0.1, 0.2], [0.12, 0.19])
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('expected value', 'predicted value')
    """
    ax = new_axes(5.5, 5.0) if ax is None else ax
    y_true, y_pred = np.ravel(y_true), np.ravel(y_pred)
    step = -(-y_true.size // _MOST_POINTS)
    y_true, y_pred = y_true[::step], y_pred[::step]
    ends = [min(y_true.min(), y_pred.min()), max(y_true.max(), y_pred.max())]
    ax.plot(ends, ends, color="black", linewidth=1, label="no error")
    ax.plot(y_true, y_pred, ".", color=PALETTE[0], alpha=0.3, label="predictions")
    ax.set(xlabel="expected value", ylabel="predicted value")
    ax.legend()
    return ax


def plot_forecast(
    time: npt.ArrayLike,
    series: npt.ArrayLike,
    forecasts: Sequence[Mapping[str, Any]],
    *,
    test_from: int,
    unit: str = "value",
    ax: Axes | None = None,
) -> Axes:
    """Draw a series with forecasts, each at the time it is for.

    Parameters
    ----------
    time : array-like of shape (n_timesteps,)
        Time of each value: numbers or dates.
    series : array-like of shape (n_timesteps,)
        The true values.
    forecasts : sequence of mapping
        Each with `label`, `positions`, of shape (n_forecasts,), which count the time
        steps from 0, and `values`, of shape (n_fits, n_forecasts); drawn are their
        median and, for several fits, their range.
    test_from : int
        Position of the first value that no fit has seen.
    unit : str, default="value"
        Name and unit of the values.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into.

    See Also
    --------
    plot_predicted_values : Predictions against the truth, without time.

    Examples
    --------
    >>> from skseq.plotting import plot_forecast
    >>> last = {"label": "same as last", "positions": [2, 3], "values": [[2.0, 3.0]]}
    >>> ax = plot_forecast(range(4), [1, 2, 3, 4], [last], test_from=3, unit="pounds")
    >>> ax.get_ylabel()
    'pounds'
    """
    ax = new_axes(11.0, 5.0) if ax is None else ax
    time, series = np.asarray(time), np.asarray(series, dtype=float)
    ax.plot(time, series, color="black", linewidth=2.2, alpha=0.55, label="measured")
    drawn: dict[str, Any] = {}
    for forecast in forecasts:
        label = forecast["label"]
        # Forecasts of one name, for training and for test, look the same.
        style = drawn.setdefault(label, len(drawn))
        color, line = PALETTE[style % len(PALETTE)], _LINES[style % len(_LINES)]
        values = np.atleast_2d(np.asarray(forecast["values"], dtype=float))
        times = time[np.asarray(forecast["positions"])]
        repeated = label in ax.get_legend_handles_labels()[1]
        ax.plot(
            times,
            np.median(values, axis=0),
            color=color,
            linestyle=line,
            linewidth=1.3,
            label=None if repeated else label,
        )
        if len(values) > 1:
            low, high = values.min(axis=0), values.max(axis=0)
            ax.fill_between(times, low, high, color=color, alpha=0.2, linewidth=0)
    ax.axvline(time[test_from], color="black", linewidth=0.8, linestyle=":")
    ax.annotate(
        "test →",
        (time[test_from], 0),
        xycoords=("data", "axes fraction"),
        xytext=(4, 5),
        textcoords="offset points",
    )
    ax.set(ylabel=unit)
    # Above the axes, where no peak is hidden.
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), fontsize="small", ncols=7)
    return ax


def plot_scores_against(
    scores: Mapping[str, Mapping[float, Sequence[float]]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw scores against a number that was varied: medians, and ranges of repeats.

    Parameters
    ----------
    scores : mapping of str to mapping of float to sequence of float
        For each name the scores of all repeats at each value of the number.
    xlabel, ylabel : str
        What was varied and what was scored, with units.
    ax : matplotlib.axes.Axes, default=None
        Where to draw. None makes a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn into. The horizontal axis is logarithmic if the number is
        positive and grows more than tenfold.

    See Also
    --------
    plot_success_rates : Shares with their intervals, configuration by configuration.

    Examples
    --------
    >>> from skseq.plotting import plot_scores_against
    >>> scores = {"searched": {0: [1.0, 1.0], 1: [0.8, 0.9]}}
    >>> ax = plot_scores_against(scores, xlabel="lag, steps", ylabel="accuracy")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('lag, steps', 'accuracy')
    """
    ax = new_axes() if ax is None else ax
    for index, (label, at) in enumerate(scores.items()):
        places = sorted(at)
        values = [np.asarray(at[place], dtype=float) for place in places]
        middle = np.array([np.median(found) for found in values])
        low = np.array([found.min() for found in values])
        high = np.array([found.max() for found in values])
        ax.errorbar(
            places,
            middle,
            yerr=[middle - low, high - middle],
            marker="osD^v"[index % 5],
            capsize=4,
            color=PALETTE[index % len(PALETTE)],
            linestyle=_LINES[index % len(_LINES)],
            label=f"{label}: median and range of {max(map(len, values))}",
        )
    varied = sorted({place for at in scores.values() for place in at})
    if 0 < 10 * varied[0] < varied[-1]:
        ax.set_xscale("log")
    if len(varied) <= _TICKS:
        ax.set_xticks(varied, labels=[f"{place:g}" for place in varied])
        ax.minorticks_off()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small")
    return ax
