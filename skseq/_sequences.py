"""Sequences as everything behind the reader sees them: real steps only, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from skseq._lists import parted

__all__ = ["Sequences", "Steps", "is_padding"]


def is_padding(X: np.ndarray, mask_value: float) -> np.ndarray:
    """Which steps, all but the last axis, hold nothing but the value; NaN is one."""
    if mask_value != mask_value:
        return (X != X).all(axis=-1)
    if X.dtype.kind == "f":
        return (X == X.dtype.type(mask_value)).all(axis=-1)
    # Whole numbers are not rounded to, and texts are no numbers.
    return (X.astype(object) == mask_value).all(axis=-1)


@dataclass(frozen=True)
class Sequences:
    """Rows of real steps, each row's first, and where they stood.

    Padding changes no state, so a row is its real steps wherever padding stood among
    them; how much there was, and where, can then matter to nothing behind the reader.

    Attributes
    ----------
    values : ndarray of shape (n, t, n_features), or of int, shape (n, t, 1)
        Real steps, or which symbol each is; zeros after a row's last.
    lengths : ndarray of int, shape (n,)
        Number of real steps of each row; 0 for a row of padding alone.
    real : ndarray of bool, shape (n, t_given), or None
        Which steps of the rows as given are real; None where all are.
    listed : ndarray of int, shape (n,), or None
        Where rows were given as a list, how many steps each had there; they stand
        first in the ``t_given`` steps of the longest.
    n_symbols : int or None
        Where values are symbols, how many there are: they stand for one-hot steps of
        so many features, -1 for a step of zeros.
    """

    values: np.ndarray
    lengths: np.ndarray
    real: np.ndarray | None = None
    listed: np.ndarray | None = None
    n_symbols: int | None = None

    @classmethod
    def of(
        cls,
        X: np.ndarray,
        real: np.ndarray | None,
        listed: np.ndarray | None = None,
        n_symbols: int | None = None,
    ) -> Sequences:
        """Take the real steps of rows.

        Parameters
        ----------
        X : ndarray of shape (n, t, n_features)
        real : ndarray of bool, shape (n, t), or None
            Steps that are not padding; None for all.
        listed : ndarray of int, shape (n,), default=None
        n_symbols : int, default=None
            As the attributes.
        """
        if real is None or real.all():
            lengths = np.full(len(X), X.shape[1])
            return cls(X, lengths, None, listed, n_symbols)
        rows = cls(X, real.sum(axis=1), real, listed, n_symbols)
        return replace(rows, values=rows.aligned(X))

    @property
    def n_given(self) -> int:
        """Steps of the rows as given, padding included."""
        return (self.values if self.real is None else self.real).shape[1]

    @property
    def n_features(self) -> int:
        """Features of a step."""
        return self.n_symbols or self.values.shape[2]

    @property
    def counted(self) -> np.ndarray:
        """Which steps as given are real, an array of shape (n, t_given)."""
        if self.real is not None:
            return self.real
        return np.ones(self.values.shape[:2], bool)

    @property
    def uneven(self) -> bool:
        """Whether they were given as a list, of different lengths."""
        return self.listed is not None and bool((self.listed != self.n_given).any())

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: np.ndarray) -> Sequences:
        """Some rows, in this order."""
        real = None if self.real is None else self.real[rows]
        listed = None if self.listed is None else self.listed[rows]
        if listed is not None and real is not None:
            # As if they alone had been given.
            real = real[:, : listed.max(initial=1)]
        values, lengths = self.values[rows], self.lengths[rows]
        return Sequences(values, lengths, real, listed, self.n_symbols)

    def as_given(self, beside: np.ndarray) -> np.ndarray:
        """What stands beside the steps as given, (n, t_given, ...), as rows were given:
        an array of arrays where they were a list."""
        if self.listed is None:
            return beside
        steps = np.arange(self.n_given) < self.listed[:, None]
        return parted(beside[steps], self.listed)

    def aligned(self, given: np.ndarray) -> np.ndarray:
        """Bring what stands beside the steps as given, (n, t_given, ...), into the
        order of `values`; zeros after a row's last."""
        if self.real is None:
            return given
        longest = max(int(self.lengths.max()), 1)
        aligned = np.zeros((len(given), longest, *given.shape[2:]), given.dtype)
        if np.array_equal(self.real[:, :longest], self._filled):
            # Padding at the ends alone: every step stands where it is to stand.
            np.copyto(aligned.T, given[:, :longest].T, where=self._filled.T)
        else:
            aligned[self._filled] = given[self.real]
        return aligned

    def spread(self, outputs: np.ndarray) -> np.ndarray:
        """Bring outputs back to the steps as given.

        Parameters
        ----------
        outputs : ndarray of shape (n, t + 1, ...)
            Before the first real step, and after each.

        Returns
        -------
        ndarray of shape (n, t_given, ...)
            At padding, what was said before it.
        """
        if self.real is None:
            return outputs[:, 1:]
        said = np.cumsum(self.real, axis=1)
        return outputs[np.arange(len(self))[:, None], said]

    @cached_property
    def _filled(self) -> np.ndarray:
        longest = max(int(self.lengths.max()), 1)
        return np.arange(longest) < self.lengths[:, None]


@dataclass(frozen=True)
class Steps:
    """The real steps of sequences as the rows of one table, and where they stood.

    Attributes
    ----------
    rows : ndarray of shape (n_steps, n_features)
        Real steps, sequence after sequence.
    real : list of ndarray of bool, shape (t_i,)
        Which steps of each sequence are real.
    listed : bool
        Whether sequences came as a list, not as one array.
    flat : bool
        Whether they came without an axis of features.
    """

    rows: np.ndarray
    real: Sequence[np.ndarray]
    listed: bool
    flat: bool

    @classmethod
    def of(cls, X: np.ndarray | list[np.ndarray], mask_value: float | None) -> Steps:
        """Take the real steps of checked sequences.

        Parameters
        ----------
        X : ndarray of shape (n, t) or (n, t, f), or list of ndarray of shape (t_i,) \
                or (t_i, f)
        mask_value : float or None
            What fills all features of a step that is padding.
        """
        if isinstance(X, list):
            steps = np.concatenate(X)
        else:
            steps = X.reshape(-1, *X.shape[2:])
        lengths = [len(x) for x in X]
        flat = steps.ndim == 1
        if flat:
            steps = steps[:, np.newaxis]
        real = np.ones(len(steps), bool)
        if mask_value is not None:
            real = ~is_padding(steps, mask_value)
        whole = np.split(real, np.cumsum(lengths)[:-1])
        return cls(steps[real], whole, isinstance(X, list), flat)

    def spread(self, rows: np.ndarray, fill: Any) -> np.ndarray | list[np.ndarray]:
        """Bring rows back to where the real steps stood.

        Parameters
        ----------
        rows : ndarray of shape (n_steps, k)
        fill : object
            What stands at padding, in a dtype that `rows` has or can take.

        Returns
        -------
        ndarray of shape (n, t, k) or list of ndarray of shape (t_i, k)
            As the sequences came: where these had no axis of features and k is 1,
            without one.
        """
        whole = np.concatenate(self.real)
        spread = np.full((len(whole), rows.shape[1]), fill, dtype=rows.dtype)
        spread[whole] = rows
        if self.flat and rows.shape[1] == 1:
            spread = spread[:, 0]
        if self.listed:
            return np.split(spread, np.cumsum([len(real) for real in self.real])[:-1])
        return spread.reshape(len(self.real), -1, *spread.shape[1:])

    def place(self, row: int) -> tuple[int, int]:
        """Say where a row stood: the number of its sequence and of its step."""
        counts = [np.count_nonzero(real) for real in self.real]
        sequence = int(np.searchsorted(np.cumsum(counts), row, side="right"))
        among = row - sum(counts[:sequence])
        return sequence, int(np.flatnonzero(self.real[sequence])[among])
