"""What the steps of all cells share: sequences side by side, features first."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

__all__ = ["CellStep"]


class CellStep(ABC):
    """A walk through time, step by step, of sequences side by side.

    Parameters
    ----------
    matrix : ndarray of shape (sums, units + 1 + n_inputs)
        Weights in the form that the cell's ``prepared`` gives them; columns for h, a
        constant 1, and x.
    units : int
        Width of the state.
    width : int
        Sequences side by side.

    Attributes
    ----------
    x : ndarray of shape (n_inputs, width)
        To be written before each step.
    output : ndarray of shape (units + 1, width)
        h, and a row of ones for a bias that follows.
    states : tuple of ndarray of shape (units, width)
        h and what else the cell carries; may be written between steps.
    inside : dict of str to ndarray of shape (units, width)
        Gates of the last step and states after it, by name; to be read between steps.
    """

    def __init__(self, matrix: np.ndarray, units: int, width: int):
        self._matrix = matrix
        given = np.zeros((matrix.shape[1], width), matrix.dtype)
        given[units] = 1
        self._given = given
        self.output, self.x = given[: units + 1], given[units + 1 :]
        self._h = given[:units]
        self._sums = np.empty((len(matrix), width), matrix.dtype)
        self.states: tuple[np.ndarray, ...] = (self._h,)
        self.inside: dict[str, np.ndarray] = {"output": self._h}

    def advance(self, drive: np.ndarray | None = None) -> None:
        """Go one step on.

        Parameters
        ----------
        drive : ndarray of shape (sums, width), default=None
            What x adds, where it was looked up instead of written.
        """
        np.matmul(self._matrix, self._given, out=self._sums)
        if drive is not None:
            np.add(self._sums, drive, out=self._sums)
        self._move()

    @abstractmethod
    def _move(self) -> None:
        """Turn the sums into the next states."""
