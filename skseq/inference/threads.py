"""Blocks of rows side by side, on as many cores as the process may use."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

from joblib import cpu_count
from threadpoolctl import ThreadpoolController

__all__ = ["one_blas_thread", "run_side_by_side"]


def run_side_by_side(
    run: Callable[[Any, Any], None], make: Callable[[], Any], jobs: Sequence[Any]
) -> None:
    """Run jobs, each thread with a workspace of its own.

    Parameters
    ----------
    run : callable
        Takes a workspace and a job.
    make : callable
        Makes a workspace.
    jobs : sequence
        One after the other where the process has one core for them.
    """
    with one_blas_thread():
        n_threads = min(_usable_cores(), len(jobs)) if len(jobs) > 1 else 1
        waiting = deque(jobs)

        def work() -> None:
            workspace = make()
            try:
                while waiting:
                    try:
                        job = waiting.popleft()
                    except IndexError:  # another thread was faster
                        return
                    run(workspace, job)
            except BaseException:
                # Ctrl-C, or no memory: the other threads are to end as well.
                waiting.clear()
                raise

        if n_threads == 1:
            work()
            return
        with ThreadPoolExecutor(n_threads - 1) as pool:
            others = [pool.submit(work) for _ in range(n_threads - 1)]
            work()
        for other in others:
            other.result()


def _usable_cores() -> int:
    """Cores for one prediction: one in a worker of a search, or where the BLAS may
    use but one (joblib tells workers so, and people through OMP_NUM_THREADS)."""
    inside = (
        multiprocessing.parent_process() is not None
        or threading.current_thread() is not threading.main_thread()
    )
    # joblib's count knows quotas of containers, and systems without affinities.
    return 1 if inside else min(cpu_count(), _allowed_threads())


class _Limit:
    """How many threads of this process ask the BLAS for one thread just now."""

    lock = threading.Lock()
    holders = 0
    before: tuple[int, ...] = ()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let the BLAS of NumPy run on one thread: blocks are what is done side by side.

    Products on several threads may be cut at other places, and give other bits.
    """
    with _Limit.lock:
        if not _Limit.holders:
            _Limit.before = tuple(lib.num_threads for lib in _libraries())
            for lib in _libraries():
                lib.set_num_threads(1)
        _Limit.holders += 1
    try:
        yield
    finally:
        with _Limit.lock:
            _Limit.holders -= 1
            if not _Limit.holders:
                for lib, before in zip(_libraries(), _Limit.before, strict=True):
                    lib.set_num_threads(before)


def _allowed_threads() -> int:
    """Threads that the BLAS had before it was limited here."""
    return max(_Limit.before, default=os.cpu_count() or 1)


@cache
def _libraries() -> tuple[Any, ...]:
    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)
