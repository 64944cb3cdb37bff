"""Names inside of programs: the same in every process.

TensorFlow numbers all that it traces in one sequence, and the numbers are part of what
a program kept on disk is found by. A process that traces its programs in another order
would find none, so each program counts from a number of its own while it is traced.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from tensorflow.python.framework import ops

__all__ = ["numbered_by"]

_LOCK = threading.RLock()
_BEGUN: Counter[str] = Counter()


@contextmanager
def numbered_by(program: str) -> Iterator[None]:
    """Number what this thread traces in the block by what the program is.

    Parameters
    ----------
    program : str
        What tells it from all other programs.
    """
    # No public way leads there. A TensorFlow that numbers elsewhere loses nothing but
    # time: programs that were kept are found by those that trace in the same order.
    if not hasattr(ops, "uid"):
        yield
        return
    with _LOCK:
        # Traced again, after it was forgotten, it needs names of its own.
        key = f"{program} {_BEGUN[program]}"
        _BEGUN[program] += 1
        numbers = count(int.from_bytes(hashlib.sha256(key.encode()).digest()[:7]))
        tracing, tensorflows = threading.get_ident(), ops.uid

        def uid() -> int:
            ours = threading.get_ident() == tracing
            return next(numbers) if ours else tensorflows()

        ops.uid = uid
        try:
            yield
        finally:
            ops.uid = tensorflows
