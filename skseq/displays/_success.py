"""How often it works: rates with intervals, and scores against a lag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._answers import paired, predicted
from skseq.displays._base import PALETTE, Display, Look, style_of
from skseq.metrics import sequence_accuracy, wilson_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LagDisplay", "SuccessDisplay"]

# Ticks that stand apart, one for each value measured.
_TICKS = 12


class SuccessDisplay(Display):
    """Shares of successes with their 95 % Wilson intervals, a row each.

    Parameters
    ----------
    rates : sequence of tuple of (str, int, int)
        Name, number of successes and number of trials of each row, from the top.
    label : str, default="share of successes"
        What is counted.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    LagDisplay : Success against a number that is varied.
    skseq.metrics.wilson_interval : The interval.

    Examples
    --------
    >>> from skseq.displays import SuccessDisplay
    >>> ax = SuccessDisplay([("searched", 20, 20), ("published", 8, 20)]).plot().ax_
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['searched', 'published']
    """

    def __init__(
        self,
        rates: Sequence[tuple[str, int, int]],
        *,
        label: str = "share of successes",
    ):
        self.rates = list(rates)
        self.label = label

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        groups: npt.ArrayLike | None = None,
        padding: Any = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw the share of sequences in which every answer is right.

        Parameters
        ----------
        estimator : estimator or mapping of str to estimator
            Fitted classifiers, or pipelines or searches around them; a mapping names
            them.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As their ``predict`` takes it.
        y : array-like of shape (n_sequences[, n_outputs]), or list, default=None
            What is expected; echoes know it by themselves.
        groups : array-like of shape (n_sequences,), default=None
            As their ``predict`` takes them.
        padding : object, default=None
            Answers whose expected value is this do not count.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SuccessDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If an estimator is a regressor or answers nothing, is not fitted, or y is
            not beside X.
        """
        if not isinstance(estimator, Mapping):
            estimator = {type(estimator).__name__: estimator}
        found = {
            name: predicted(one, X, y, groups, padding)
            for name, one in estimator.items()
        }
        return cls._of(found).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: Any,
        *,
        padding: Any = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw the share of sequences in which every answer is right.

        Parameters
        ----------
        y_true : array-like of shape (n_sequences[, n_outputs[, n_columns]]), or list
            What was expected.
        y_pred : array-like of the shape of `y_true`, or mapping of str to such
            What was predicted; a mapping names it.
        padding : object, default=None
            Answers whose expected value is this do not count, nor missing ones.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SuccessDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If shapes differ, nothing counts, or predictions are real numbers.
        """
        if not isinstance(y_pred, Mapping):
            y_pred = {"predictions": y_pred}
        found = {
            name: paired(y_true, pred, padding=padding) for name, pred in y_pred.items()
        }
        return cls._of(found).plot(ax)

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> Self:
        rates = []
        for name, answers in found.items():
            if answers.numbers:
                raise ValueError(
                    "Numbers are hardly ever exactly right; count successes by a "
                    "criterion of your own and give SuccessDisplay their number."
                )
            tried = np.unique(answers.sequence)
            wrong = np.unique(answers.sequence[~answers.right])
            rates.append((name, len(tried) - len(wrong), len(tried)))
        return cls(rates, label="sequences that are right in every position")

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw a row for each rate.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SuccessDisplay
            Itself.
        """
        from matplotlib.ticker import PercentFormatter

        rates = self.rates
        ax = self._begin(ax, 7.0, 1.2 + 0.5 * len(rates))
        for row, (_, successes, trials) in enumerate(rates):
            share = successes / trials
            low, high = wilson_interval(successes, trials)
            ax.errorbar(
                [share],
                [row],
                xerr=[[share - low], [high - share]],
                fmt="o",
                markersize=8,
                capsize=5,
                color=PALETTE[0],
            )
            ax.annotate(
                f"{successes} of {trials}",
                (share, row),
                xytext=(0, 9),
                textcoords="offset points",
                ha="center",
            )
        ax.set(
            xlim=(-0.08, 1.08),
            ylim=(len(rates) - 0.4, -0.6),
            yticks=range(len(rates)),
            yticklabels=[name for name, _, _ in rates],
            xlabel=f"{self.label},\nwith 95 % Wilson interval",
        )
        ax.xaxis.set_major_formatter(PercentFormatter(1.0))
        ax.grid(axis="x", alpha=0.3)
        return self


class LagDisplay(Display):
    """Scores against a lag or another number: medians, and ranges of repeats.

    Parameters
    ----------
    scores : mapping of str to mapping of float to sequence of float
        For each name, the scores of all repeats at each value of the number.
    xlabel : str, default="lag, steps"
        What was varied, with its unit.
    ylabel : str, default="score"
        What was scored, with its unit.
    references : mapping of str to mapping of float to float, default=None
        What to compare with, such as chance: a number at each value.
    trained_at : float, default=None
        The value that was trained with, where others were tested.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    SuccessDisplay : Shares with their intervals, configuration by configuration.
    sklearn.model_selection.ValidationCurveDisplay : Against a parameter.

    Notes
    -----
    The horizontal axis is logarithmic if the number is positive and grows more than
    tenfold.

    Examples
    --------
    >>> from skseq.displays import LagDisplay
    >>> scores = {"searched": {0: [1.0, 1.0], 1: [0.8, 0.9]}}
    >>> ax = LagDisplay(scores, ylabel="accuracy").plot().ax_
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('lag, steps', 'accuracy')
    """

    def __init__(
        self,
        scores: Mapping[str, Mapping[Any, Sequence[float]]],
        *,
        xlabel: str = "lag, steps",
        ylabel: str = "score",
        references: Mapping[str, Mapping[Any, float]] | None = None,
        trained_at: float | None = None,
    ):
        self.scores = {
            name: {place: np.atleast_1d(found) for place, found in at.items()}
            for name, at in scores.items()
        }
        if not any(self.scores.values()):
            raise ValueError("scores holds no score; at least one is required.")
        self.xlabel = xlabel
        self.ylabel = ylabel
        self.references = dict(references or {})
        self.trained_at = trained_at

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        data: Mapping[Any, tuple[Any, Any]],
        *,
        name: str | None = None,
        xlabel: str = "lag, steps",
        ylabel: str = "score",
        trained_at: float | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Score fitted estimators on data of each lag, and draw that.

        Parameters
        ----------
        estimator : estimator, list of them, or mapping of lag to either
            Fitted: one for all lags, or, as a mapping, those of each lag. A list is of
            repeats from different seeds.
        data : mapping of lag to tuple of (X, y)
            What to score on at each lag.
        name : str, default=None
            What to call the estimators; None takes the name of their class.
        xlabel, ylabel : str
            As in the class.
        trained_at : float, default=None
            As in the class.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        LagDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If an estimator is not fitted, or there is none for a lag.
        """
        at = estimator if isinstance(estimator, Mapping) else {}
        missing = sorted(set(data) - set(at)) if at else []
        if missing:
            raise ValueError(
                f"There is no estimator for {missing}; the mapping has {sorted(at)}."
            )
        scores = {}
        for lag, (X, y) in data.items():
            fits = at.get(lag, estimator)
            fits = fits if isinstance(fits, (list, tuple)) else [fits]
            scores[lag] = [fit.score(X, y) for fit in fits]
            name = type(fits[0]).__name__ if name is None else name
        return cls(
            {str(name): scores}, xlabel=xlabel, ylabel=ylabel, trained_at=trained_at
        ).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        predictions: Mapping[Any, tuple[Any, Any]],
        *,
        score: Callable[[Any, Any], float] = sequence_accuracy,
        name: str = "predictions",
        xlabel: str = "lag, steps",
        ylabel: str | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Score predictions that were made before, and draw that.

        Parameters
        ----------
        predictions : mapping of lag to tuple of (y_true, y_pred), or to a list of such
            What was expected and predicted at each lag; a list is of repeats.
        score : callable, default=sequence_accuracy
            Called as ``score(y_true, y_pred)``.
        name : str, default="predictions"
            What to call them.
        xlabel : str, default="lag, steps"
            As in the class.
        ylabel : str, default=None
            As in the class; None takes the name of `score`.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        LagDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If `score` refuses a pair.
        """
        scores = {}
        for lag, pairs in predictions.items():
            repeats = pairs if isinstance(pairs, list) else [pairs]
            scores[lag] = [score(*pair) for pair in repeats]
        if ylabel is None:
            ylabel = getattr(score, "__name__", "score").replace("_", " ")
        return cls({name: scores}, xlabel=xlabel, ylabel=ylabel).plot(ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw a line for each name.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        LagDisplay
            Itself.
        """
        ax = self._begin(ax)
        for index, (name, at) in enumerate(self.scores.items()):
            _draw_scores(ax, name, at, index)
        found = [len(values) for at in self.scores.values() for values in at.values()]
        title = f"median and range of {max(found)}" if max(found) > 1 else None
        for name, line in self.references.items():
            places = sorted(line)
            look: Look = {"color": "black", "linestyle": ":", "linewidth": 1.2}
            ax.plot(places, [line[place] for place in places], label=name, **look)
        varied = sorted({place for at in self.scores.values() for place in at})
        if 0 < 10 * varied[0] < varied[-1]:
            ax.set_xscale("log")
        if len(varied) <= _TICKS:
            ax.set_xticks(varied, labels=[f"{place:g}" for place in varied])
            ax.minorticks_off()
        ax.set(xlabel=self.xlabel, ylabel=self.ylabel)
        ax.grid(alpha=0.3)
        ax.legend(fontsize="small", title=title, title_fontsize="small")
        if self.trained_at is not None:
            _say_trained(ax, self.trained_at)
        return self


def _draw_scores(ax: Axes, name: str, at: Mapping[Any, np.ndarray], index: int) -> None:
    places = sorted(at)
    values = [np.asarray(at[place], dtype=float) for place in places]
    middle = np.array([np.median(found) for found in values])
    if max(map(len, values)) == 1:
        ax.plot(places, middle, label=name, **style_of(index, marked=True))
        return
    low = np.array([found.min() for found in values])
    high = np.array([found.max() for found in values])
    ax.errorbar(
        places,
        middle,
        yerr=[middle - low, high - middle],
        capsize=4,
        label=name,
        **style_of(index, marked=True),
    )


def _say_trained(ax: Axes, place: float) -> None:
    ax.axvline(place, color="black", linewidth=0.8, linestyle=":")
    # Above the axes, where no line or legend can be.
    ax.annotate(
        "trained here",
        (place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        horizontalalignment="center",
        fontsize="small",
    )
