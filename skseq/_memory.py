"""What no machine could hold is refused before it is asked for."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["refuse_beyond_memory"]


def refuse_beyond_memory(shape: Sequence[int], dtype: npt.DTypeLike, name: str) -> None:
    """Refuse what the system would kill the process for.

    Parameters
    ----------
    shape : sequence of int
        Of the array that is asked for.
    dtype : dtype-like
        Its dtype.
    name : str
        What to lower for a smaller one.

    Raises
    ------
    ValueError
        If it is larger than the memory of this machine.
    """
    needed = math.prod(shape) * np.dtype(dtype).itemsize
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > memory:
        raise ValueError(
            f"The result would take {needed / 1e9:.3g} GB, but this machine has "
            f"{memory / 1e9:.3g} GB of memory; lower {name}."
        )
