"""Blocks of rows side by side, on as many cores as the process may use."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

from joblib import cpu_count
from threadpoolctl import ThreadpoolController

__all__ = ["one_blas_thread", "run_side_by_side", "usable_cores"]

# Threads that a BLAS might use which does not tell.
_MANY = 1 << 10


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
    with one_blas_thread() as allowed:
        n_threads = min(_usable_cores(allowed), len(jobs)) if len(jobs) > 1 else 1
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

        def work_beside() -> None:
            with one_blas_thread():
                work()

        with ThreadPoolExecutor(n_threads - 1) as pool:
            others = [pool.submit(work_beside) for _ in range(n_threads - 1)]
            work()
        for other in others:
            other.result()


def usable_cores() -> int:
    """Cores for one fit: one in a worker of a search; see `run_side_by_side`."""
    with one_blas_thread() as allowed:
        return _usable_cores(allowed)


def _usable_cores(allowed: int) -> int:
    """Cores for one prediction: one in a worker of a search, or where the BLAS may
    use but one (joblib tells workers so, and people through OMP_NUM_THREADS)."""
    inside = (
        multiprocessing.parent_process() is not None
        or threading.current_thread() is not threading.main_thread()
    )
    # joblib's count knows quotas of containers, and systems without affinities.
    return 1 if inside else min(cpu_count(), allowed)


class _Limit:
    """How many threads of this process ask the BLAS for one thread just now."""

    lock = threading.Lock()
    holders = 0
    before: Sequence[int] = ()


@contextmanager
def one_blas_thread() -> Iterator[int]:
    """Let the BLAS of NumPy run on one thread: blocks are what is done side by side.

    Products on several threads may be cut at other places, and give other bits.

    Yields
    ------
    int
        Threads that it might use before.
    """
    shared, own = _libraries()
    own_before = [count() for count, _ in own]
    for _, limit in own:
        limit(1)
    with _Limit.lock:
        if not _Limit.holders:
            _Limit.before = [count() for count, _ in shared]
            for _, limit in shared:
                limit(1)
        _Limit.holders += 1
        allowed = max([*_Limit.before, *own_before], default=_MANY)
    try:
        yield allowed
    finally:
        with _Limit.lock:
            _Limit.holders -= 1
            if not _Limit.holders:
                for (_, limit), before in zip(shared, _Limit.before, strict=True):
                    limit(before)
        for (_, limit), before in zip(own, own_before, strict=True):
            limit(before)


# Gives the number of threads; sets it.
_Library = tuple[Callable[[], int], Callable[[int], None]]


@cache
def _libraries() -> tuple[list[_Library], list[_Library]]:
    """Those that have one number of threads for all, and one for each thread."""
    shared: list[_Library] = []
    own: list[_Library] = []
    for lib in ThreadpoolController().select(user_api="blas").lib_controllers:
        # From its release 3.8 on threadpoolctl heeds the first thread that sets
        # OpenBLAS' number, and ignores all others without a word. Here they take
        # turns, and each is to be heeded.
        limit = getattr(lib, "_real_set_num_threads", lib.set_num_threads)
        each = getattr(lib, "threading_layer", "") == "openmp"
        (own if each else shared).append((lib.get_num_threads, limit))
    return shared, own
