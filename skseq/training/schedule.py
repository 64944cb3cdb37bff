"""Which pieces of which rows are trained on, in which order, from which state.

A *piece* is a fixed number of consecutive time steps of one row: the whole row,
or what truncated backpropagation cuts it into.  Cutting a row and joining rows
by ``groups`` are then one thing: a run of pieces through which the state is
carried.  The compiled run sees nothing but such runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["EMPTY", "Schedule", "group_sizes", "group_starts", "training_schedule"]

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
    rows_abreast: int = 1,
    order: np.random.RandomState | None = None,
) -> Schedule:
    """One epoch.

    Parameters
    ----------
    n_rows, pieces_per_row : int
        Piece ``p`` of row ``r`` has index ``r * pieces_per_row + p``.
    batch_size : int
        Places of a batch; a multiple of ``rows_abreast`` where there are groups.
    groups : ndarray of shape (n_rows,) or None
        Row i of a group continues row ``i - rows_abreast`` of it. So many groups as
        fit run side by side.
    rows_abreast : int, default=1
    order : numpy.random.RandomState or None
        Shuffles rows, or whole groups where given; None keeps the given order.

    Returns
    -------
    Schedule
        Every piece of every row once; of the same length for every order.
    """
    if groups is None:
        rows = np.arange(n_rows) if order is None else order.permutation(n_rows)
        batches = _in_batches(rows, batch_size)
        return _cut(batches, np.zeros(batches.shape, bool), pieces_per_row)
    starts = group_starts(groups)
    if order is not None:
        starts = order.permutation(starts)
    slots = [
        _joined([_abreast(group, rows_abreast) for group in starts[chosen]])
        for chosen in _shared_out(starts, batch_size // rows_abreast, rows_abreast)
    ]
    longest = max(len(batches) for batches, _ in slots)
    filled = [
        (
            np.pad(
                batches, [(0, longest - len(batches)), (0, 0)], constant_values=EMPTY
            ),
            np.pad(carry, [(0, longest - len(batches)), (0, 0)]),
        )
        for batches, carry in slots
    ]
    batches, carry = (np.concatenate(p, axis=1) for p in zip(*filled, strict=True))
    return _cut(batches, carry, pieces_per_row)


def group_sizes(groups: np.ndarray) -> np.ndarray:
    """Number of rows of each run of equal labels."""
    starts = group_starts(groups)
    return starts[:, 1] - starts[:, 0]


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


def _abreast(group: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a group, so many side by side, and which of them continue others."""
    batches = _in_batches(np.arange(*group), width)
    return batches, np.broadcast_to(np.arange(len(batches))[:, None] > 0, batches.shape)


def _joined(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, ...]:
    return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))


def _shared_out(starts: np.ndarray, n_slots: int, width: int) -> list[list[int]]:
    """Which groups run one after the other in each slot of a batch.

    The largest first, each to the slot with the least work: how long an epoch gets
    then depends on the sizes of groups alone, not on their order, which decides what
    runs before what in a slot.
    """
    work = -(-(starts[:, 1] - starts[:, 0]) // width)
    slots: list[list[int]] = [[] for _ in range(min(n_slots, len(starts)))]
    loads = [0] * len(slots)
    for group in np.argsort(-work, kind="stable").tolist():
        least = loads.index(min(loads))
        slots[least].append(group)
        loads[least] += int(work[group])
    return [sorted(chosen) for chosen in slots]


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
