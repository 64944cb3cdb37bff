"""Which pieces of which rows are trained on, in which order, from which state.

A *piece* is a fixed number of consecutive time steps of one row: the whole row,
or what truncated backpropagation cuts it into.  Cutting a row and joining rows
by ``groups`` are then one thing: a run of pieces through which the state is
carried.  The compiled run sees nothing but such runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["EMPTY", "Schedule", "training_schedule", "prediction_schedule"]

# An unfilled place in a batch.
EMPTY = -1


@dataclass(frozen=True)
class Schedule:
    """Batches of pieces, in the order in which they are run.

    Attributes
    ----------
    pieces : ndarray of int32, shape (n_batches, batch_size)
        Index of the piece at each place of each batch; ``EMPTY`` for none.
    carry : ndarray of bool, shape (n_batches, batch_size)
        Whether the place starts from the state that the batch before left
        there; from zero otherwise.
    """

    pieces: np.ndarray
    carry: np.ndarray

    def __len__(self) -> int:
        return len(self.pieces)


def training_schedule(
    n_rows: int,
    pieces_per_row: int,
    batch_size: int,
    groups: np.ndarray | None = None,
    order: np.random.RandomState | None = None,
) -> Schedule:
    """One epoch.

    Parameters
    ----------
    n_rows, pieces_per_row : int
        Piece ``p`` of row ``r`` has index ``r * pieces_per_row + p``.
    batch_size : int
        Rows of a batch.
    groups : ndarray of shape (n_rows,) or None
        Consecutive rows of one group continue each other, batch position by
        batch position; ``batch_size`` divides the size of each.
    order : numpy.random.RandomState or None
        Shuffles rows, or whole groups where given; None keeps the given order.

    Returns
    -------
    Schedule
        Every piece of every row once.
    """
    if groups is None:
        rows = np.arange(n_rows) if order is None else order.permutation(n_rows)
        batches = _in_batches(rows, batch_size)
        starts = np.ones(len(batches), bool)
    else:
        starts_of_groups = group_starts(groups)
        if order is not None:
            rows = np.concatenate(
                [np.arange(a, b) for a, b in order.permutation(starts_of_groups)]
            )
        else:
            rows = np.arange(n_rows)
        batches = rows.reshape(-1, batch_size)
        group = np.asarray(_run_of_row(starts_of_groups))[batches[:, 0]]
        starts = np.r_[True, group[1:] != group[:-1]]
    return _cut(batches, ~starts[:, None].repeat(batch_size, 1), pieces_per_row)


def prediction_schedule(
    n_rows: int,
    pieces_per_row: int,
    batch_size: int,
    groups: np.ndarray | None = None,
    width: int = 256,
) -> Schedule:
    """Every row once, as many side by side as the states allow.

    Without updates in between, rows that do not continue each other can run in
    any order: each position of each group becomes a lane of its own.

    Parameters
    ----------
    n_rows, pieces_per_row, batch_size, groups
        As in :func:`training_schedule`.
    width : int, default=256
        Places of a batch.

    Returns
    -------
    Schedule
        Every piece of every row once.
    """
    if groups is None:
        batches = _in_batches(np.arange(n_rows), width)
        return _cut(batches, np.zeros(batches.shape, bool), pieces_per_row)
    lanes = [
        np.arange(start + position, stop, batch_size)
        for start, stop in group_starts(groups)
        for position in range(batch_size)
    ]
    # Lanes of like length side by side leave the fewest places empty.
    lanes.sort(key=len, reverse=True)
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    for first in range(0, len(lanes), width):
        block = lanes[first : first + width]
        rows = np.full((len(block[0]), width), EMPTY)
        for place, lane in enumerate(block):
            rows[: len(lane), place] = lane
        goes_on = np.broadcast_to(np.arange(len(rows))[:, None] > 0, rows.shape)
        parts.append((rows, goes_on))
    batches, carry = map(np.concatenate, zip(*parts, strict=True))
    return _cut(batches, carry, pieces_per_row)


def group_starts(groups: np.ndarray) -> np.ndarray:
    """First row and row after the last of each run of equal labels.

    Returns
    -------
    ndarray of int, shape (n_runs, 2)
    """
    groups = np.asarray(groups)
    changes = np.flatnonzero(groups[1:] != groups[:-1]) + 1
    edges = np.r_[0, changes, len(groups)]
    return np.stack([edges[:-1], edges[1:]], axis=1)


def _run_of_row(starts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(starts)), starts[:, 1] - starts[:, 0])


def _in_batches(rows: np.ndarray, batch_size: int) -> np.ndarray:
    """Fill batches in order; the last is filled up with ``EMPTY``."""
    n_batches = -(-len(rows) // batch_size)
    filled = np.full(n_batches * batch_size, EMPTY)
    filled[: len(rows)] = rows
    return filled.reshape(n_batches, batch_size)


def _cut(batches: np.ndarray, carry: np.ndarray, pieces_per_row: int) -> Schedule:
    """Turn batches of rows into batches of their pieces, one after the other."""
    n_batches, width = batches.shape
    piece = np.arange(pieces_per_row)[None, :, None]
    rows = batches[:, None, :]
    pieces = np.where(rows == EMPTY, EMPTY, rows * pieces_per_row + piece)
    carried = np.broadcast_to(piece > 0, pieces.shape) | carry[:, None, :]
    shape = (n_batches * pieces_per_row, width)
    return Schedule(pieces.reshape(shape).astype(np.int32), carried.reshape(shape))
