"""How often it works: rates with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._answers import paired, predicted
from skseq.displays._base import PALETTE, Display
from skseq.metrics import wilson_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SuccessDisplay"]


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
