"""Where in sequences answers are right: by position, and by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._answers import Answers, lengths_of, paired, predicted
from skseq.displays._base import PALETTE, Display, Look
from skseq.metrics import wilson_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AccuracyDisplay"]

# Of more places, the interval is a band instead of a bar for each.
_BARS = 30


class AccuracyDisplay(Display):
    """The share of answers that are right, by position or by length of the sequence.

    Parameters
    ----------
    places : array-like of shape (n_places,)
        Positions or lengths.
    right, counted : array-like of int, shape (n_places,)
        How many answers are right there, and how many there are.
    by : {"position", "length"}, default="position"
        What the places are.
    chance : array-like of shape (n_places,), default=None
        Share that the most frequent answer would get right there.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    SequenceDisplay : Sequence by sequence.
    skseq.metrics.token_accuracy : All positions together.

    Notes
    -----
    The first answer of a sequence has position 0; padding has none. Intervals are
    Wilson's, of 95 %: they take answers for independent of each other, which those of
    one sequence may not be.

    Examples
    --------
    >>> from skseq.displays import AccuracyDisplay
    >>> display = AccuracyDisplay.from_predictions([[0, 1], [0, 2]], [[0, 1], [0, 1]])
    >>> display.right.tolist(), display.counted.tolist()
    ([2, 1], [2, 2])
    """

    def __init__(
        self,
        places: npt.ArrayLike,
        right: npt.ArrayLike,
        counted: npt.ArrayLike,
        *,
        by: str = "position",
        chance: npt.ArrayLike | None = None,
    ):
        if by not in ("position", "length"):
            raise ValueError(f'by must be "position" or "length", got {by!r}.')
        self.places = np.asarray(places)
        self.right = np.asarray(right)
        self.counted = np.asarray(counted)
        self.by = by
        self.chance = None if chance is None else np.asarray(chance)
        shapes = {self.places.shape, self.right.shape, self.counted.shape}
        if len(shapes) > 1 or self.places.ndim != 1 or not self.places.size:
            raise ValueError(
                "places, right and counted must have one shape (n_places,) and not be "
                f"empty; got {self.places.shape}, {self.right.shape} and "
                f"{self.counted.shape}."
            )

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        by: str = "position",
        tolerance: float | None = None,
        groups: npt.ArrayLike | None = None,
        padding: Any = None,
        ax: Axes | None = None,
    ) -> Self:
        """Let a fitted estimator predict, and draw where it is right.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier or regressor, or a pipeline or search around one.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As its ``predict`` takes it.
        y : array-like of shape (n_sequences[, n_outputs]), or list, default=None
            What is expected; echoes know it by themselves. Padded steps and missing
            targets do not count.
        by : {"position", "length"}, default="position"
            Place of the answer among those of its sequence, or number of real steps
            that its sequence in X has.
        tolerance : float, default=None
            How far a number may be from the expected one and count as right; must be
            given for regressors.
        groups : array-like of shape (n_sequences,), default=None
            As its ``predict`` takes them.
        padding : object, default=None
            Answers whose expected value is this do not count.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        AccuracyDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If a regressor comes without tolerance, the estimator answers nothing, is
            not fitted, or y is not beside X.
        """
        answers = predicted(estimator, X, y, groups, padding)
        lengths = lengths_of(estimator, X) if by == "length" else None
        return cls._of(answers, by, tolerance, lengths).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        by: str = "position",
        lengths: npt.ArrayLike | None = None,
        tolerance: float | None = None,
        padding: Any = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw where predictions that were made before are right.

        Parameters
        ----------
        y_true : array-like of shape (n_sequences[, n_outputs[, n_columns]]), or list
            What was expected.
        y_pred : array-like of the shape of `y_true`
            What was predicted.
        by : {"position", "length"}, default="position"
            Place of the answer among those of its sequence, or length of the sequence.
        lengths : array-like of int, shape (n_sequences,), default=None
            Of the sequences; None counts their answers.
        tolerance : float, default=None
            How far a number may be from the expected one and count as right; must be
            given for real numbers.
        padding : object, default=None
            Answers whose expected value is this do not count, nor missing ones.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        AccuracyDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If shapes differ, nothing counts, or numbers come without tolerance.
        """
        answers = paired(y_true, y_pred, padding=padding)
        return cls._of(answers, by, tolerance, lengths).plot(ax)

    @classmethod
    def _of(
        cls, answers: Answers, by: str, tolerance: float | None, lengths: Any
    ) -> Self:
        if answers.numbers and tolerance is None:
            raise ValueError(
                "Numbers are hardly ever exactly right: set tolerance to how far they "
                "may be off, or draw them with PredictionDisplay or SequenceDisplay."
            )
        right = answers.right if tolerance is None else _near(answers, tolerance)
        at = answers.position
        if by == "length":
            if lengths is None:
                lengths = np.bincount(answers.sequence, minlength=answers.n_sequences)
            lengths = np.asarray(lengths)
            if lengths.shape != (answers.n_sequences,):
                raise ValueError(
                    f"lengths must be one for each of {answers.n_sequences} sequences; "
                    f"got shape {lengths.shape}."
                )
            at = lengths[answers.sequence]
        places, where = np.unique(at, return_inverse=True)
        chance = None
        if not answers.numbers and answers.true.ndim == 1:
            codes = np.unique(answers.true, return_inverse=True)[1]
            counts = np.zeros((len(places), codes.max() + 1), int)
            np.add.at(counts, (where, codes), 1)
            chance = counts.max(axis=1) / counts.sum(axis=1)
        n_right = np.bincount(where, weights=right).astype(int)
        return cls(places, n_right, np.bincount(where), by=by, chance=chance)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the shares with their intervals, and chance beneath.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        AccuracyDisplay
            Itself.
        """
        from matplotlib.ticker import MaxNLocator, PercentFormatter

        ax = self._begin(ax)
        shares = self.right / self.counted
        counts = zip(self.right.tolist(), self.counted.tolist(), strict=True)
        low, high = np.array([wilson_interval(*count) for count in counts]).T
        style: Look = {"color": PALETTE[0], "label": "right, with 95 % Wilson interval"}
        if len(self.places) <= _BARS:
            bars = [shares - low, high - shares]
            ax.errorbar(self.places, shares, bars, fmt="o-", capsize=3, **style)
        else:
            ax.plot(self.places, shares, **style)
            band: Look = {"color": PALETTE[0], "alpha": 0.25, "linewidth": 0}
            ax.fill_between(self.places, low, high, **band)
        if self.chance is not None:
            look: Look = {"color": "black", "linestyle": ":", "linewidth": 1.2}
            point: Look = {"marker": "_"} if len(self.places) == 1 else {}
            ax.plot(
                self.places, self.chance, label="most frequent answer", **look, **point
            )
        names = {
            "position": "position of the answer (0 is the first)",
            "length": "length of the sequence, steps",
        }
        ax.set(
            xlabel=names[self.by], ylabel="answers that are right", ylim=(-0.05, 1.05)
        )
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.grid(axis="y", alpha=0.3)
        ax.legend()
        return self


def _near(answers: Answers, tolerance: float) -> np.ndarray:
    """Which answers are at most so far from the expected, in all their columns."""
    far = np.abs(answers.true - answers.pred)
    return (far <= tolerance).reshape(len(far), -1).all(axis=1)
