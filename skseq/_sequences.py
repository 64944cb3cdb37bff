"""Sequences as everything behind the reader sees them: real steps only, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from skseq._lists import parted

__all__ = ["Sequences"]


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
