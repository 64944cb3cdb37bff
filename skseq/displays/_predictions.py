"""All predictions together, symbols or numbers, beside what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._answers import Answers, paired, predicted
from skseq.displays._base import COLORMAP, PALETTE, Display, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PredictionDisplay"]

_ANNOTATED_SYMBOLS = 12
_MOST_POINTS = 20_000


class PredictionDisplay(Display):
    """All predictions together: symbols as a table of shares, numbers as points.

    Parameters
    ----------
    y_true : array-like of shape (n_answers,)
        What was expected.
    y_pred : array-like of shape (n_answers,)
        What was predicted.
    numbers : bool
        Whether these are numbers, which can be nearly right, and not symbols.
    unit : str, default=None
        Name and unit of numbers.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    SequenceDisplay : Sequence by sequence.
    AccuracyDisplay : Where in the sequences they are right.

    Notes
    -----
    Rows of the table add up to 100 %, a perfect prediction is a diagonal; its colours
    are logarithmic, since what matters are the few that are wrong. Of more than 20,000
    numbers every second, third and so on is drawn.

    Examples
    --------
    >>> from skseq.displays import PredictionDisplay
    >>> display = PredictionDisplay.from_predictions([[0, 1], [0, 2]], [[0, 1], [0, 1]])
    >>> [text.get_text() for text in display.ax_.texts]
    ['100', '100', '100']
    """

    def __init__(
        self,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        numbers: bool,
        unit: str | None = None,
    ):
        self.y_true = np.ravel(y_true)
        self.y_pred = np.ravel(y_pred)
        self.numbers = numbers
        self.unit = unit
        if self.y_true.shape != self.y_pred.shape or not self.y_true.size:
            raise ValueError(
                "y_true and y_pred must have the same shape and not be empty; got "
                f"{self.y_true.shape} and {self.y_pred.shape}."
            )

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        groups: npt.ArrayLike | None = None,
        padding: Any = None,
        unit: str | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Let a fitted estimator predict, and draw that.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier or regressor, or a pipeline or search around one.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As its ``predict`` takes it.
        y : array-like of shape (n_sequences[, n_outputs]), or list, default=None
            What is expected; echoes know it by themselves. Padded steps and missing
            targets do not count.
        groups : array-like of shape (n_sequences,), default=None
            As its ``predict`` takes them.
        padding : object, default=None
            Answers whose expected value is this do not count.
        unit : str, default=None
            Name and unit of numbers.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        PredictionDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If the estimator answers nothing, is not fitted, or y is not beside X.
        """
        answers = predicted(estimator, X, y, groups, padding)
        return cls._of(answers, unit).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        padding: Any = None,
        unit: str | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw predictions that were made before.

        Parameters
        ----------
        y_true : array-like of shape (n_sequences[, n_outputs[, n_columns]]), or list
            What was expected.
        y_pred : array-like of the shape of `y_true`
            What was predicted; real numbers are drawn as numbers, all else as symbols.
        padding : object, default=None
            Answers whose expected value is this do not count, nor missing ones.
        unit : str, default=None
            Name and unit of numbers.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        PredictionDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If shapes differ, or nothing counts.
        """
        return cls._of(paired(y_true, y_pred, padding=padding), unit).plot(ax)

    @classmethod
    def _of(cls, answers: Answers, unit: str | None) -> Self:
        return cls(answers.true, answers.pred, numbers=answers.numbers, unit=unit)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw all predictions.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        PredictionDisplay
            Itself.
        """
        ax = self._begin(ax, 6.0, 5.0)
        if self.numbers:
            self._plot_values(ax)
        else:
            self._plot_symbols(ax)
        return self

    def _plot_values(self, ax: Axes) -> None:
        step = -(-self.y_true.size // _MOST_POINTS)
        true, pred = self.y_true[::step], self.y_pred[::step]
        ends = [min(true.min(), pred.min()), max(true.max(), pred.max())]
        ax.plot(ends, ends, color="black", linewidth=1, label="no error")
        ax.plot(true, pred, ".", color=PALETTE[0], alpha=0.3, label="predictions")
        unit = "value" if self.unit is None else self.unit
        ax.set(xlabel=f"expected {unit}", ylabel=f"predicted {unit}")
        ax.legend()

    def _plot_symbols(self, ax: Axes) -> None:
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap, LogNorm

        symbols, shares = _shares(self.y_true, self.y_pred)
        norm = LogNorm(0.01, 100)
        # Without the palest: of a hundred symbols, a wrong one is a dot on white.
        dark = ListedColormap(colormaps[f"{COLORMAP}_r"](np.linspace(0.25, 1, 256)))
        image = ax.imshow(np.ma.masked_equal(shares, 0), cmap=dark, norm=norm)
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
        for row, column in zip(*np.nonzero(shares), strict=True) if few else ():
            share = shares[row, column]
            color = "white" if norm(share) > 0.35 else "black"
            place: Look = {"ha": "center", "va": "center", "fontsize": "small"}
            ax.text(column, row, f"{share:.3g}", color=color, **place)


def _shares(true: np.ndarray, pred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all symbols, and how often each was said in place of each, in %."""
    symbols, codes = np.unique(np.concatenate([true, pred]), return_inverse=True)
    counts = np.zeros((len(symbols), len(symbols)))
    np.add.at(counts, (codes[: len(true)], codes[len(true) :]), 1)
    totals = counts.sum(axis=1, keepdims=True)
    none = np.zeros_like(counts)
    return symbols, 100 * np.divide(counts, totals, where=totals > 0, out=none)
