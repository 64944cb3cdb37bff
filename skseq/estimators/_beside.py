"""What stands beside sequences: targets and weights, of rows or of their steps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from skseq._lists import joined, rows_of
from skseq._sequences import Sequences
from skseq._symbols import is_missing
from skseq.estimators._inputs import check_same_rows, said_of

__all__ = ["check_weights", "grid_of", "missing_in", "take_rows", "weigh"]


def grid_of(
    y: Any, sequences: Sequences, name: str = "y", fill_value: Any = None
) -> Any:
    """Bring a list of what stands beside the steps of sequences into an array.

    Parameters
    ----------
    y : object
        A list of arrays, one a sequence, with one for each step of a list, or for each
        real step of an array; anything else is given back.
    sequences : Sequences
    name : str, default="y"
        What errors call it.
    fill_value : object, default=None
        What stands at steps that a row does not have; None for the first of all.

    Returns
    -------
    object
        An array of shape (n, t_given, ...); of shape (n, k, ...) where every row has
        as many, and sequences others.

    Raises
    ------
    ValueError
        If rows have neither one length nor those of the sequences.
    """
    rows = rows_of(y)
    if rows is None:
        return y
    steps, lengths = joined(rows, name)
    check_same_rows(len(sequences), len(lengths))
    if (lengths == lengths[0]).all():
        return steps.reshape(len(lengths), -1, *steps.shape[1:])
    here, counts, what = sequences.counted, sequences.lengths, "real steps"
    if sequences.listed is not None:
        counts, what = sequences.listed, "steps"
        here = np.arange(sequences.n_given) < counts[:, None]
    other = np.flatnonzero(lengths != counts)
    if len(other):
        row = other[0]
        raise ValueError(
            f"{name}[{row}] has {lengths[row]} steps, but X[{row}] has {counts[row]} "
            f"{what}; rows of different lengths need one for each."
        )
    fill_value = steps.flat[0] if fill_value is None else fill_value
    grid = np.full((*here.shape, *steps.shape[1:]), fill_value, steps.dtype)
    grid[here] = steps
    return grid


def take_rows(y, rows: np.ndarray, n_rows: int):
    """Some of the rows of targets that are not checked yet, of so many."""
    listed = rows_of(y)
    if listed is not None:
        check_same_rows(n_rows, len(listed))
        return [listed[row] for row in rows]
    with said_of("y"):
        array = np.asarray(y)
    if array.ndim == 0:
        return y
    check_same_rows(n_rows, len(array))
    return array[rows]


def missing_in(y: np.ndarray) -> np.ndarray:
    """Which values are None, NaN or another that says that there is none."""
    if y.dtype != object:
        return y != y
    missing = [is_missing(value) for value in y.ravel().tolist()]
    return np.array(missing, bool).reshape(y.shape)


def check_weights(sample_weight: Any, sequences: Sequences) -> np.ndarray | None:
    """Check weights of rows, or of their targets.

    Parameters
    ----------
    sample_weight : array-like of shape (n,) or (n, steps), list, float or None
        Not negative, and not all zero.
    sequences : Sequences
        What they belong to.

    Returns
    -------
    ndarray of float64, shape (n,) or (n, steps), or None

    Raises
    ------
    ValueError
        If they are of another length, negative, not finite, or all zero.
    """
    if sample_weight is None:
        return None
    n_rows = len(sequences)
    with said_of("sample_weight"):
        given = grid_of(sample_weight, sequences, "sample_weight", 0)
        array = np.asarray(given)
        several = array.ndim == 2
        shape = array.shape if several else (n_rows,)
        weights = _check_sample_weight(
            array.ravel() if several else given,
            np.empty((math.prod(shape), 1)),
            dtype=np.float64,
            ensure_non_negative=True,
        ).reshape(shape)
    if len(weights) != n_rows:
        raise ValueError(
            f"sample_weight has shape {shape}, but X has {n_rows} rows; one weight a "
            "row, or one a step, is required."
        )
    if not weights.any():
        raise ValueError(
            "sample_weight is zero for every row; there is nothing to train on."
        )
    return weights


def weigh(counted: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Weights of targets, of which some count.

    Parameters
    ----------
    counted : ndarray of bool, shape (n, steps)
    weights : ndarray of shape (n,) or (n, steps), or None

    Returns
    -------
    ndarray of float, shape (n, steps)

    Raises
    ------
    ValueError
        If weights are neither of rows nor of their targets.
    """
    if weights is None:
        return counted.astype(float)
    if weights.ndim == 1:
        weights = weights[:, None]
    elif weights.shape != counted.shape:
        raise ValueError(
            f"sample_weight has shape {weights.shape}; one weight a row, shape "
            f"({len(counted)},), or where there are several targets in a row one for "
            f"each, shape {counted.shape}, is required."
        )
    return counted * weights
