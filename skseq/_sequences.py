"""Sequences as everything behind the reader sees them: real steps only, in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Sequences"]


@dataclass(frozen=True)
class Sequences:
    """Rows of real steps, each row's first, and where they stood.

    Padding changes no state, so a row is its real steps wherever padding stood among
    them; how much there was, and where, can then matter to nothing behind the reader.

    Attributes
    ----------
    values : ndarray of shape (n, t, n_features)
        Real steps; zeros after a row's last.
    lengths : ndarray of int, shape (n,)
        Number of real steps of each row; 0 for a row of padding alone.
    real : ndarray of bool, shape (n, t_given), or None
        Which steps of the rows as given are real; None where all are.
    """

    values: np.ndarray
    lengths: np.ndarray
    real: np.ndarray | None = None

    @classmethod
    def of(cls, X: np.ndarray, real: np.ndarray | None) -> Sequences:
        """Take the real steps of rows.

        Parameters
        ----------
        X : ndarray of shape (n, t, n_features)
        real : ndarray of bool, shape (n, t), or None
            Steps that are not padding; None for all.
        """
        if real is None or real.all():
            return cls(X, np.full(len(X), X.shape[1]))
        rows = cls(X, real.sum(axis=1), real)
        return cls(rows.aligned(X), rows.lengths, real)

    @property
    def n_given(self) -> int:
        """Steps of the rows as given, padding included."""
        return (self.values if self.real is None else self.real).shape[1]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: np.ndarray) -> Sequences:
        """Some rows, in this order."""
        real = None if self.real is None else self.real[rows]
        return Sequences(self.values[rows], self.lengths[rows], real)

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
