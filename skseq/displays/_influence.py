"""Which steps of a sequence the answers depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse
from sklearn.base import is_classifier, is_regressor
from sklearn.utils import check_random_state

from skseq._inside import network_with
from skseq._lists import rows_of
from skseq.displays._base import COLORMAP, PALETTE, Display, Look, kind_of
from skseq.displays._memory import name_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["InfluenceDisplay"]

# Numbers of X that are altered at a time.
_AT_ONCE = 4_000_000


class InfluenceDisplay(Display):
    """How much each answer changes when one step of its sequence is exchanged.

    Each step of each sequence is replaced by that of other sequences, all else left as
    it is, and the estimator answers again. Steps that are remembered and used change
    the answer, others do not.

    Parameters
    ----------
    influence : array-like of shape (n_answers, n_timesteps)
        Change of each answer by exchanging each step; NaN where a step was not
        exchanged.
    label : str, default="change of the answer"
        What the numbers are, with their unit.
    step_names : sequence of str, default=None
        What to call the steps; None numbers them from 0.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    MemoryDisplay : What the network holds while it reads.
    sklearn.inspection.permutation_importance : The same for columns of a table.

    Notes
    -----
    For classifiers the change is the mean total variation distance between the
    probabilities before and after, from 0 (the step does not matter) to 1; without
    ``predict_proba``, the share of answers that change. For regressors it is the mean
    absolute change. Exchanging keeps what is given looking like data, which replacing
    by zeros does not; it tells nothing of a step that is the same in all sequences, and
    little of one that others repeat.

    Examples
    --------
    >>> from skseq.displays import InfluenceDisplay
    >>> display = InfluenceDisplay([[0.5, 0.0, 0.1]]).plot()
    >>> int(display.influence[0].argmax())
    0
    """

    def __init__(
        self,
        influence: npt.ArrayLike,
        *,
        label: str = "change of the answer",
        step_names: Sequence[str] | None = None,
    ):
        self.influence = np.asarray(influence, dtype=float)
        if self.influence.ndim != 2 or not self.influence.size:
            raise ValueError(
                "influence must have shape (n_answers, n_timesteps) and not be empty; "
                f"got {self.influence.shape}."
            )
        n_steps = self.influence.shape[1]
        if step_names is not None and len(step_names) != n_steps:
            raise ValueError(
                f"step_names has {len(step_names)} names for {n_steps} steps."
            )
        self.label = label
        self.step_names = None if step_names is None else list(step_names)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        *,
        n_repeats: int = 5,
        random_state: int | np.random.RandomState | None = 0,
        step_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Exchange every step, let a fitted estimator answer, and draw what changes.

        Parameters
        ----------
        estimator : estimator
            A fitted classifier or regressor, or a pipeline or search around one.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            At least two sequences, as its ``predict`` takes them. Padding stays where
            it is, and is not exchanged.
        n_repeats : int, default=5
            With how many other sequences each step is exchanged, at most; predicted are
            ``n_repeats * n_timesteps`` times as many sequences.
        random_state : int, RandomState instance or None, default=0
            Draws the other sequences.
        step_names : sequence of str, default=None
            What to call the steps; None numbers them from 0.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        InfluenceDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If the estimator answers nothing or is not fitted, or there are fewer than
            two sequences.
        """
        if not is_classifier(estimator) and not is_regressor(estimator):
            raise ValueError(
                f"Only classifiers and regressors answer; got {kind_of(estimator)}."
            )
        if n_repeats < 1:
            raise ValueError(f"n_repeats must be at least 1, got {n_repeats!r}.")
        influence = _changes(estimator, X, n_repeats, check_random_state(random_state))
        label = "change of the value"
        if is_classifier(estimator):
            label = "share of answers that change"
            if hasattr(estimator, "predict_proba"):
                label = "change of the probabilities"
        return cls(influence, label=label, step_names=step_names).plot(ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw bars for one answer, a heat map for several.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        InfluenceDisplay
            Itself.
        """
        from matplotlib.ticker import MaxNLocator

        n_answers, n_steps = self.influence.shape
        one = n_answers == 1
        ax = self._begin(ax, 7.0, 3.0 if one else 4.5)
        if one:
            width = 0.8 if n_steps <= 200 else 1.0
            ax.bar(range(n_steps), self.influence[0], width, color=PALETTE[0])
            ax.set(ylabel=self.label, xlim=(-0.02 * n_steps - 0.6, n_steps))
        else:
            look: Look = {"cmap": COLORMAP, "interpolation": "nearest", "vmin": 0}
            image = ax.imshow(self.influence, aspect="auto", **look)
            ax.figure.colorbar(image, ax=ax, label=self.label)
            ax.set(ylabel="answer")
            ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("time step that is exchanged")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        name_steps(ax, self.step_names)
        return self


def _changes(
    estimator: Any, X: Any, n_repeats: int, rng: np.random.RandomState
) -> np.ndarray:
    """Mean change of each answer by exchanging each step, (n_answers, n_timesteps)."""
    rows = rows_of(X)
    if rows is not None and any(map(issparse, rows)):
        raise ValueError(
            "X holds sparse steps; put OneHotSequence and the estimator into a "
            "pipeline, and give it the symbols themselves."
        )
    sequences = list(np.asarray(X)) if rows is None else [*map(np.asarray, rows)]
    if len(sequences) < 2:
        raise ValueError(
            "Steps are exchanged with those of other sequences; X has "
            f"{len(sequences)}, at least 2 are required."
        )
    before = _answers(estimator, X)
    real = _real(estimator, X, sequences)
    jobs = _exchanges(real, n_repeats, rng)
    total = np.zeros((before.shape[1], real.shape[1]))
    counted = np.zeros_like(total)
    most = max(1, _AT_ONCE // max(sequence.size for sequence in sequences))
    for first in range(0, len(jobs), most):
        part = jobs[first : first + most]
        altered = [_exchanged(sequences, *job) for job in part]
        given = np.stack(altered) if rows is None else altered
        after = _answers(estimator, given, before.shape[1])
        change = _distance(estimator, before[part[:, 0]], after)
        for step in np.unique(part[:, 2]):
            own = change[part[:, 2] == step]
            total[:, step] += np.nansum(own, axis=0)
            counted[:, step] += (~np.isnan(own)).sum(axis=0)
    none = np.full(total.shape, np.nan)
    return np.divide(total, counted, where=counted > 0, out=none)


def _real(estimator: Any, X: Any, sequences: list[np.ndarray]) -> np.ndarray:
    """Which steps are given and no padding, an array (n, t)."""
    lengths = np.array([len(sequence) for sequence in sequences])
    given = np.arange(lengths.max()) < lengths[:, None]
    network, seen = network_with(estimator, X)
    if hasattr(network, "_layout"):
        counted = network._read(seen).counted
        # Transformers may give other steps than those that come in.
        if counted.shape == given.shape:
            return given & counted
    return given


def _exchanges(
    real: np.ndarray, n_repeats: int, rng: np.random.RandomState
) -> np.ndarray:
    """Return rows, the other row of each, and the step to exchange, as columns."""
    jobs = []
    for step in range(real.shape[1]):
        rows = np.flatnonzero(real[:, step])
        order = rng.permutation(rows)
        for shift in range(1, min(n_repeats, len(rows) - 1) + 1):
            others = np.roll(order, shift)
            jobs.append(np.column_stack([order, others, np.full(len(rows), step)]))
    if not jobs:
        raise ValueError("No two sequences of X have a real step at the same place.")
    return np.concatenate(jobs)


def _exchanged(
    sequences: list[np.ndarray], row: int, other: int, step: int
) -> np.ndarray:
    altered = sequences[row].copy()
    altered[step] = sequences[other][step]
    return altered


def _answers(estimator: Any, X: Any, n_answers: int | None = None) -> np.ndarray:
    """Answers as an array (n, n_answers, n_columns), NaN where rows have fewer."""
    if is_classifier(estimator) and hasattr(estimator, "predict_proba"):
        found = estimator.predict_proba(X)
        if isinstance(found, list):
            return np.stack(found, axis=1)
        one_each = 2
    else:
        found = estimator.predict(X)
        one_each = 1
    rows = rows_of(found)
    if rows is not None:
        longest = max(map(len, rows)) if n_answers is None else n_answers
        return np.stack(list(_filled(rows, longest, one_each)))
    found = np.asarray(found)
    if found.ndim == one_each:
        found = found[:, None]
    return found[:, :, None] if found.ndim == 2 else found


def _filled(rows: list[Any], longest: int, one_each: int) -> Iterator[np.ndarray]:
    for row in rows:
        row = np.asarray(row)
        row = row if row.ndim == 2 else row[:, None]
        kind = row.dtype if row.dtype.kind == "f" else object
        filled = np.full((longest, row.shape[1]), np.nan, kind)
        filled[: len(row)] = row
        yield filled


def _distance(estimator: Any, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How far answers (n, n_answers, n_columns) are from each other, (n, n_answers)."""
    if is_regressor(estimator):
        return np.abs(after - before).mean(axis=2)
    if hasattr(estimator, "predict_proba"):
        return np.abs(after - before).sum(axis=2) / 2
    return (after != before).any(axis=2).astype(float)
