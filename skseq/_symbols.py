"""Values of any kind: symbols apart from each other, missing ones, common dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["UNEVEN", "as_symbols", "check_comparable", "common_dtype", "is_missing"]

UNEVEN = (
    "Rows of different lengths make no array: fill them up with "
    "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its padding do "
    "so."
)


def is_missing(value: Any) -> bool:
    """Tell whether a value is None, NaN or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA refuses to be true or false
        return type(value).__name__ == "NAType"


def check_comparable(one: np.ndarray, other: np.ndarray, names: Sequence[str]) -> None:
    """Refuse text beside numbers: nothing would ever be equal.

    Parameters
    ----------
    one, other : ndarray
        Labels; their first known values tell of which kind they are.
    names : sequence of str
        What to call them.

    Raises
    ------
    ValueError
        If one is text and the other is not.
    """
    found = [_first_known(values) for values in (one, other)]
    if None in found:
        return
    if len({isinstance(value, str | bytes) for value in found}) > 1:
        told = " and ".join(
            f"{name} has {value!r}" for name, value in zip(names, found, strict=True)
        )
        raise ValueError(
            f"Text and numbers are never equal, but {told}; convert one of them."
        )


def _first_known(values: np.ndarray) -> Any:
    if values.dtype != object:
        return values.flat[0].item() if values.size else None
    known = (value for value in values.flat if not is_missing(value))
    return next(known, None)


def as_symbols(X: Any) -> Any:
    """Return lists of mixed kinds as object arrays, which keeps 1 apart from "1"."""
    if hasattr(X, "shape") or hasattr(X, "__array__"):
        return X
    try:
        array = np.asarray(X)
    except ValueError as error:
        raise ValueError(UNEVEN) from error
    if array.dtype.kind == "U":
        mixed = np.asarray(X, dtype=object)
        if not all(isinstance(value, str) for value in mixed.ravel()):
            return mixed
    return array


def common_dtype(arrays: Sequence[np.ndarray], fill_value: Any) -> np.dtype:
    """Find a dtype that holds the arrays and the fill without changing either."""
    kinds = {array.dtype.kind for array in arrays}
    fill = np.asarray(fill_value)
    if kinds | {fill.dtype.kind} <= set("biuf"):
        values = np.result_type(*arrays)
        if values.kind != "f" and fill.dtype.kind == "f":
            return np.dtype(np.float64)
        # The least type of a scalar: -1 among unsigned numbers makes them signed, and
        # nan among single precision leaves it.
        return np.result_type(values, np.min_scalar_type(fill_value))
    if kinds | {fill.dtype.kind} == {"U"}:
        return np.result_type(*arrays, fill)
    return np.dtype(object)
