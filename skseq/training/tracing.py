"""How programs are traced: under names that last, and leaving nothing behind.

TensorFlow numbers all that it traces in one sequence, and the numbers are part of what
a program kept on disk is found by. A process that traces its programs in another order
would find none, so each program counts from a number of its own while it is traced.

Beside what runs, TensorFlow keeps what a program was traced from, for error messages
and for gradients of it, as long as the process lives. Nobody asks for either, and it is
a third of the memory that a program takes.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import signature
from itertools import count
from typing import Any

from tensorflow.python.framework import ops

__all__ = ["forget_graphs", "traced_as"]

_LOCK = threading.RLock()
_BEGUN: Counter[str] = Counter()


@contextmanager
def traced_as(program: str) -> Iterator[None]:
    """Trace a program in the block, in this thread.

    Parameters
    ----------
    program : str
        What tells it from all other programs.
    """
    # No public way leads to any of this. A TensorFlow that does it elsewhere loses
    # nothing but time and memory.
    with _LOCK, ExitStack() as stack:
        if hasattr(ops, "uid"):
            # The first program of a thread would make its graph, and draw for it.
            ops.get_default_graph()
            stack.enter_context(_numbered_by(program))
        create = getattr(ops, "_create_c_op", None)
        if create and "extract_traceback" in signature(create).parameters:
            stack.enter_context(_without_stacks(create))
        yield


def forget_graphs(function: Any) -> None:
    """Let go of the graphs that a function was made from; it runs without.

    TensorFlow makes them again from what runs, should it ever need them.

    Parameters
    ----------
    function : tf.types.experimental.ConcreteFunction
    """
    waiting = [getattr(function, "_inference_function", None)]
    while waiting:
        atomic = waiting.pop()
        if getattr(atomic, "_cached_graph", None) is not None:
            atomic._cached_graph = None
            waiting += atomic.children


@contextmanager
def _numbered_by(program: str) -> Iterator[None]:
    """Number by what the program is, and forget gradients registered meanwhile.

    A custom gradient is registered for good, under its number, and holds the graphs
    that it was traced in; the program has its own copy of it once it is traced.
    """
    # Traced again, after it was forgotten, it needs names of its own.
    key = f"{program} {_BEGUN[program]}"
    _BEGUN[program] += 1
    first = int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])
    numbers = count(first)
    with _here(ops, "uid", lambda: next(numbers)):
        try:
            yield
        finally:
            registry = getattr(ops.gradient_registry, "_registry", {})
            for number in range(first, next(numbers)):
                registry.pop(f"CustomGradient-{number}", None)


@contextmanager
def _without_stacks(create: Callable) -> Iterator[None]:
    """Keep no stack of Python frames with each operation."""

    def quietly(*args, **kwargs):
        return create(*args, **{**kwargs, "extract_traceback": False})

    with _here(ops, "_create_c_op", quietly):
        yield


@contextmanager
def _here(module: Any, name: str, ours: Callable) -> Iterator[None]:
    """Replace a function of a module, for this thread alone."""
    theirs, tracing = getattr(module, name), threading.get_ident()

    def either(*args, **kwargs):
        chosen = ours if threading.get_ident() == tracing else theirs
        return chosen(*args, **kwargs)

    setattr(module, name, either)
    try:
        yield
    finally:
        setattr(module, name, theirs)
