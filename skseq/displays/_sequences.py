"""Predicted beside expected, sequence by sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._answers import Answers, paired, predicted
from skseq.displays._base import PALETTE, Display, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SequenceDisplay"]

_INCHES = 7.0


class SequenceDisplay(Display):
    """A few sequences, what was predicted beneath what was expected.

    Symbols stand as such, those that are wrong in frames; numbers are lines.

    Parameters
    ----------
    expected, predicted : list of array-like of shape (n_answers,)
        Answers of each sequence that is drawn.
    numbers : bool
        Whether these are numbers, which can be nearly right, and not symbols.
    names : list of str, default=None
        What to call the sequences; None numbers them.
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
    PredictionDisplay : All predictions together.
    AccuracyDisplay : Where in the sequences they are right.

    Examples
    --------
    >>> from skseq.displays import SequenceDisplay
    >>> ax = SequenceDisplay.from_predictions([["a", "b"]], [["a", "c"]]).ax_
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['0 expected', 'predicted']
    """

    def __init__(
        self,
        expected: list[Any],
        predicted: list[Any],
        *,
        numbers: bool,
        names: list[str] | None = None,
        unit: str | None = None,
    ):
        self.expected = [np.atleast_1d(row) for row in expected]
        self.predicted = [np.atleast_1d(row) for row in predicted]
        self.numbers = numbers
        self.unit = unit
        self.names = [str(i) for i in range(len(expected))] if names is None else names
        shapes = [row.shape for row in self.expected]
        if shapes != [row.shape for row in self.predicted] or not shapes:
            raise ValueError(
                "expected and predicted must hold the same sequences, at least one, "
                f"with as many answers; got {shapes} and "
                f"{[row.shape for row in self.predicted]}."
            )

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        n_sequences: int = 6,
        groups: npt.ArrayLike | None = None,
        padding: Any = None,
        unit: str | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Let a fitted estimator predict, and draw the first sequences.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier or regressor, or a pipeline or search around one.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As its ``predict`` takes it.
        y : array-like of shape (n_sequences[, n_outputs]), or list, default=None
            What is expected; echoes know it by themselves. Padded steps and missing
            targets are left out.
        n_sequences : int, default=6
            How many are drawn at most.
        groups : array-like of shape (n_sequences,), default=None
            As its ``predict`` takes them.
        padding : object, default=None
            Answers whose expected value is this are left out.
        unit : str, default=None
            Name and unit of numbers.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SequenceDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If the estimator answers nothing, is not fitted, y is not beside X, or
            answers are vectors.
        """
        answers = predicted(estimator, X, y, groups, padding)
        return cls._of(answers, n_sequences, unit).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        n_sequences: int = 6,
        padding: Any = None,
        unit: str | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw the first sequences of predictions that were made before.

        Parameters
        ----------
        y_true : array-like of shape (n_sequences[, n_outputs]), or list
            What was expected.
        y_pred : array-like of the shape of `y_true`
            What was predicted; real numbers are drawn as numbers, all else as symbols.
        n_sequences : int, default=6
            How many are drawn at most.
        padding : object, default=None
            Answers whose expected value is this are left out, and missing ones.
        unit : str, default=None
            Name and unit of numbers.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SequenceDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If shapes differ, nothing counts, or answers are vectors.
        """
        answers = paired(y_true, y_pred, padding=padding)
        return cls._of(answers, n_sequences, unit).plot(ax)

    @classmethod
    def _of(cls, answers: Answers, n_sequences: int, unit: str | None) -> Self:
        if answers.true.ndim > 1:
            raise ValueError(
                f"Each answer has {answers.true.shape[1]} columns; draw one of them, "
                "y[..., column], or all together with PredictionDisplay."
            )
        if n_sequences < 1:
            raise ValueError(f"n_sequences must be at least 1, got {n_sequences!r}.")
        chosen = np.unique(answers.sequence)[:n_sequences]
        rows = [answers.sequence == sequence for sequence in chosen]
        return cls(
            [answers.true[row] for row in rows],
            [answers.pred[row] for row in rows],
            numbers=answers.numbers,
            names=[str(sequence) for sequence in chosen],
            unit=unit,
        )

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the sequences.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SequenceDisplay
            Itself.
        """
        n = len(self.expected)
        ax = self._begin(ax, _INCHES, 3.5 if self.numbers else 0.9 + 0.55 * n)
        if self.numbers:
            self._plot_lines(ax)
        else:
            self._plot_symbols(ax)
        return self

    def _plot_lines(self, ax: Axes) -> None:
        lengths = np.array([len(row) for row in self.expected])
        # One after the other; single answers stand side by side without a gap.
        gap = 0 if lengths.max() == 1 else 1
        starts = np.concatenate([[0], np.cumsum(lengths + gap)[:-1]])
        marked = {"marker": "o", "markersize": 4}
        looks: dict[str, Look] = {
            "expected": {"color": "black", "linewidth": 2, "alpha": 0.6, **marked},
            "predicted": {"color": PALETTE[2], "linestyle": "--", "linewidth": 1.4},
        }
        looks["predicted"] |= {"marker": "x", "markersize": 5}
        if gap == 0:
            looks = {name: {**look, "linestyle": ""} for name, look in looks.items()}
        for name, rows in (("expected", self.expected), ("predicted", self.predicted)):
            for start, row in zip(starts, rows, strict=True):
                at = start + np.arange(len(row))
                ax.plot(at, row, label=name if start == 0 else None, **looks[name])
        middles = starts + (lengths - 1) / 2
        ax.set_xticks(middles, self.names)
        ax.tick_params(axis="x", length=0)
        ax.set(
            xlabel="sequence" if gap == 0 else "sequences, the steps of each in order",
            ylabel="value" if self.unit is None else self.unit,
        )
        for start in starts[1:] if gap else ():
            ax.axvline(start - 1, color="black", linewidth=0.5, alpha=0.4)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), fontsize="small", ncols=2)

    def _plot_symbols(self, ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        n, longest = len(self.expected), max(map(len, self.expected))
        texts = [row.astype(str) for row in (*self.expected, *self.predicted)]
        widest = max(len(text) for row in texts for text in row)
        # Points that a step has, at the width of a figure of this module.
        size = min(9.0, 72 * 0.8 * _INCHES / longest / (0.7 * max(widest, 1)))
        for place, (true, pred) in enumerate(
            zip(self.expected, self.predicted, strict=True)
        ):
            top = 2.5 * place
            _write(ax, true, top, size)
            _write(ax, pred, top + 1, size)
            for step in np.flatnonzero(true != pred):
                _mark(ax, int(step), top + 1)
        places = [2.5 * place + line for place in range(n) for line in (0, 1)]
        labels = [f"{name} expected" for name in self.names]
        ax.set_yticks(
            places, [text for label in labels for text in (label, "predicted")]
        )
        ax.set(
            xlim=(-0.6, longest - 0.4),
            ylim=(2.5 * n - 0.9, -0.6),
            xlabel="answer of the sequence; framed: wrong",
        )
        ax.tick_params(axis="y", length=0)
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _write(ax: Axes, row: np.ndarray, height: float, size: float) -> None:
    # Smaller letters nobody reads: then fields alone say what is right.
    for step, symbol in enumerate(row) if size >= 4 else ():
        ax.text(step, height, str(symbol), ha="center", va="center", fontsize=size)


def _mark(ax: Axes, step: int, height: float) -> None:
    from matplotlib.patches import Rectangle

    look: Look = {"facecolor": "#FBE3D2", "edgecolor": PALETTE[2], "linewidth": 1.6}
    field = Rectangle((step - 0.45, height - 0.45), 0.9, 0.9, **look)
    field.set_zorder(0.5)
    ax.add_patch(field)
