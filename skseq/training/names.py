"""Names inside of programs: the same in every process.

TensorFlow numbers all that it traces in one sequence, and the numbers are part of what
a program kept on disk is found by. A process that traces its programs in another order
would find none, so each program counts from a number of its own.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

from tensorflow.python.framework import ops

__all__ = ["begin", "end"]


class _Numbers(threading.local):
    """The numbers that this thread gives out; TensorFlow's own where there are none."""

    given: Iterator[int] | None = None


_numbers = _Numbers()
_begun: Counter[str] = Counter()


def begin(program: str) -> None:
    """Name what this thread traces from now on by what the program is.

    Parameters
    ----------
    program : str
        What tells it from all other programs.
    """
    # Traced again, after it was forgotten, it needs names of its own in this process.
    key = f"{program} {_begun[program]}"
    _begun[program] += 1
    first = int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])
    _numbers.given = count(first)


def end() -> None:
    """Let TensorFlow number again what this thread traces."""
    _numbers.given = None


def _numbered_by(tensorflow: Callable[[], int]) -> Callable[[], int]:
    return lambda: tensorflow() if _numbers.given is None else next(_numbers.given)


# No public way leads there. A TensorFlow that numbers elsewhere loses nothing but time:
# programs that were kept are found by those alone that trace in the same order.
if hasattr(ops, "uid"):
    ops.uid = _numbered_by(ops.uid)
