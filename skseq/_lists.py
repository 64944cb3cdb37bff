"""Sequences as people have them: lists of arrays, one a sequence, of any lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse, vstack

from skseq._symbols import as_symbols

__all__ = ["codes_of", "joined", "padded", "parted", "place_of", "rows_of"]


def rows_of(X: Any) -> list[Any] | None:
    """Sequences of a list; None where X is an array, or lists that make one.

    Parameters
    ----------
    X : object
        A list, a tuple, an array of objects or a column of a table that holds arrays is
        a list of sequences. Lists of lists are one where their lengths differ: of one
        length they are an array, as everywhere in scikit-learn.

    Returns
    -------
    list or None
    """
    if not isinstance(X, (list, tuple)):
        holds_objects = getattr(getattr(X, "dtype", None), "kind", "") == "O"
        if not holds_objects or getattr(X, "ndim", 0) != 1:
            return None
    rows = list(X)
    if not rows or not all(_is_sequence(row) for row in rows):
        return None
    nested = not any(hasattr(row, "shape") for row in rows)
    return None if nested and len({len(row) for row in rows}) == 1 else rows


def joined(rows: Sequence[Any], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Put sequences one after the other.

    Parameters
    ----------
    rows : sequence of array-like of shape (t_i,) or (t_i, n_features)
        Arrays, or all of them sparse.
    name : str
        What errors call them.

    Returns
    -------
    steps : ndarray or sparse array of shape (sum of t_i,) or (sum of t_i, n_features)
        All steps; of objects where rows hold numbers here and strings there.
    lengths : ndarray of int, shape (n,)
        How many of them each sequence has.

    Raises
    ------
    ValueError
        If a sequence is empty, of other dimensions, or of other features, or columns,
        than the first.
    """
    _check_columns(rows, name)
    sparse = bool(len(rows)) and all(map(issparse, rows))
    arrays = list(rows) if sparse else []
    for i, row in enumerate(() if sparse else rows):
        try:
            if issparse(row):
                raise ValueError
            arrays.append(np.asarray(as_symbols(row)))
        except ValueError as error:
            raise ValueError(
                f"{name}[{i}] makes no array of shape (n_timesteps,) or (n_timesteps, "
                "n_features): its steps are of different lengths, or it is sparse and "
                "others are not."
            ) from error
    for i, array in enumerate(arrays):
        if array.ndim not in (1, 2) or 0 in array.shape:
            raise ValueError(
                f"{name}[{i}] has shape {array.shape}; each sequence of a list must be "
                "(n_timesteps,) or (n_timesteps, n_features), with at least one step."
            )
        if array.shape[1:] != arrays[0].shape[1:]:
            raise ValueError(
                f"{name}[{i}] has shape {array.shape}, but {name}[0] has shape "
                f"{arrays[0].shape}; all sequences must have the same features."
            )
    if not arrays:
        raise ValueError(f"{name} holds no sequence; at least one is required.")
    lengths = np.array([array.shape[0] for array in arrays])
    if sparse:
        return vstack(arrays, format="csr"), lengths
    kinds = {array.dtype.kind for array in arrays}
    if len(kinds) > 1 and not kinds <= set("biuf"):
        # NumPy would turn 1 beside "a" into "1".
        arrays = [array.astype(object) for array in arrays]
    return np.concatenate(arrays), lengths


def _check_columns(rows: Sequence[Any], name: str) -> None:
    """Refuse tables whose columns have other names, or another order, than before."""
    named = [
        (i, list(row.columns)) for i, row in enumerate(rows) if hasattr(row, "columns")
    ]
    for i, columns in named:
        first, expected = named[0]
        if columns != expected:
            raise ValueError(
                f"{name}[{i}] has the columns {columns}, but {name}[{first}] has "
                f"{expected}; bring them into one order."
            )


def place_of(step: int, lengths: np.ndarray) -> tuple[int, int]:
    """Row, and step of it, of a step of sequences one after the other."""
    ends = np.cumsum(lengths)
    row = int(np.searchsorted(ends, step, side="right"))
    return row, int(step - (ends - lengths)[row])


def codes_of(steps: Any) -> np.ndarray | None:
    """Which column of each sparse step is 1.

    Parameters
    ----------
    steps : sparse array of shape (n, n_columns)

    Returns
    -------
    ndarray of int32, shape (n,), or None
        -1 for a step of zeros; None where a step is neither zeros nor one-hot.
    """
    steps = steps.tocsr(copy=True)
    steps.sum_duplicates()
    steps.eliminate_zeros()
    counts = np.diff(steps.indptr)
    if (counts > 1).any() or (steps.data != 1).any():
        return None
    codes = np.full(steps.shape[0], -1, np.int32)
    codes[counts == 1] = steps.indices
    return codes


def padded(steps: np.ndarray, lengths: np.ndarray, fill_value: Any) -> np.ndarray:
    """Rows of sequences one after the other, filled up at their ends.

    Parameters
    ----------
    steps : ndarray of shape (sum of lengths, ...)
    lengths : ndarray of int, shape (n,)
    fill_value : object
        Of the dtype of `steps`.

    Returns
    -------
    ndarray of shape (n, longest, ...)
    """
    given = np.arange(lengths.max()) < lengths[:, None]
    rows = np.full((*given.shape, *steps.shape[1:]), fill_value, steps.dtype)
    rows[given] = steps
    return rows


def parted(steps: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Sequences that stand one after the other as an array of arrays.

    An array of objects, not a list: scikit-learn joins and orders the predictions of
    folds, and can do so with arrays alone.

    Parameters
    ----------
    steps : ndarray of shape (sum of lengths, ...)
    lengths : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of object, shape (n,)
        Of arrays of shape (t_i, ...).
    """
    rows = np.empty(len(lengths), object)
    for i, row in enumerate(np.split(steps, np.cumsum(lengths)[:-1])):
        rows[i] = row
    return rows


def _is_sequence(row: Any) -> bool:
    return isinstance(row, (list, tuple)) or len(getattr(row, "shape", ())) > 0
