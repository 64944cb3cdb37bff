"""Blocks side by side: how many threads, what the BLAS is left with, and memory."""

import os
import subprocess
import sys
import threading
import time

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from skseq.inference import threads
from skseq.inference.threads import one_blas_thread, run_side_by_side

# Counts the threads that jobs run on, where it is called.
COUNT = """
def count():
    import threading, time
    from skseq.inference.threads import run_side_by_side

    seen = set()

    def run(workspace, job):
        seen.add(threading.get_ident())
        time.sleep(0.02)

    run_side_by_side(run, object, range(8))
    return len(seen)

"""


def said_by(code, **settings):
    found = subprocess.run(
        [sys.executable, "-c", COUNT + code],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def in_pool(backend):
    return (
        "from joblib import Parallel, delayed\n"
        f"pool = Parallel(n_jobs=2, backend={backend!r})\n"
        "print(pool(delayed(count)() for _ in range(2)))"
    )


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
on_linux = pytest.mark.skipif(CORES is None, reason="no affinity of processes here")


@on_linux
def test_there_are_as_many_threads_as_cores():
    assert int(said_by("print(count())")) == min(CORES, 8)


@on_linux
def test_there_are_no_more_threads_than_cores_that_the_process_may_use():
    code = "import os\nos.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
    assert said_by(f"{code}print(count())") == "1"


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
def test_a_process_that_is_given_one_thread_takes_one(name):
    assert said_by("print(count())", **{name: "1"}) == "1"


def test_a_quota_of_joblibs_is_kept():
    assert said_by("print(count())", LOKY_MAX_CPU_COUNT="1") == "1"


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_workers_take_one_thread_each(backend):
    assert said_by(in_pool(backend)) == "[1, 1]"


def test_a_limit_of_the_users_is_kept():
    seen = set()

    def run(workspace, job):
        seen.add(threading.get_ident())
        time.sleep(0.01)

    with threadpool_limits(1, "blas"):
        run_side_by_side(run, object, range(4))
    assert len(seen) == 1


def test_each_job_runs_once_and_workspaces_are_not_shared():
    made, done = [], []

    def make():
        made.append(threading.get_ident())
        return made[-1]

    def run(workspace, job):
        assert workspace == threading.get_ident()
        done.append(job)
        time.sleep(0.001)

    run_side_by_side(run, make, range(50))
    assert sorted(done) == list(range(50))
    assert len(set(made)) == len(made)


# The BLAS


def blas():
    return [
        lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"
    ]


@pytest.fixture(autouse=True)
def _two_threads():
    """As many as there are on a machine of two cores, whatever this one has."""
    with threadpool_limits(2, "blas"):
        yield


def test_the_limit_holds_inside_alone():
    before = blas()
    with one_blas_thread():
        assert set(blas()) == {1}
    assert blas() == before


def test_the_limit_ends_with_an_error():
    before = blas()
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        1 / 0  # noqa: B018
    assert blas() == before


def test_limits_may_stand_in_each_other():
    before = blas()
    with one_blas_thread():
        with one_blas_thread():
            assert set(blas()) == {1}
        assert set(blas()) == {1}
    assert blas() == before


def test_limits_may_overlap_in_any_order():
    before = blas()
    entered, leave = threading.Event(), threading.Event()

    def other():
        with one_blas_thread():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=other)
    with one_blas_thread():
        thread.start()
        entered.wait()
    assert set(blas()) == {1}, "the other still needs it"
    leave.set()
    thread.join()
    assert blas() == before


def test_every_thread_is_heeded():
    """threadpoolctl ignores all threads but the first, once that has asked."""
    before = blas()
    with one_blas_thread():
        pass
    seen = []

    def other():
        with one_blas_thread():
            seen.append(blas())
        seen.append(blas())

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [[1] * len(before), before]
    assert blas() == before


def test_a_library_that_counts_for_each_thread_is_limited_in_each(monkeypatch):
    """OpenBLAS on OpenMP is such a one."""

    class Library(threading.local):
        num_threads = 4

        def count(self):
            return self.num_threads

        def limit(self, n_threads):
            self.num_threads = n_threads

    library, seen = Library(), []
    own = [(library.count, library.limit)]
    monkeypatch.setattr(threads, "_libraries", lambda: ([], own))
    monkeypatch.setattr(threads, "cpu_count", lambda: 3)

    def run(workspace, job):
        seen.append((threading.get_ident(), library.num_threads))
        time.sleep(0.01)

    run_side_by_side(run, object, range(9))
    assert len(dict(seen)) == 3
    assert {limit for _, limit in seen} == {1}
    assert library.num_threads == 4


@pytest.mark.parametrize("fails", ["the first", "another thread's"])
def test_an_error_ends_all_threads_and_the_limit(fails):
    before, main, started = blas(), threading.get_ident(), []

    def run(workspace, job):
        started.append(job)
        time.sleep(0.005)
        if fails == "the first" or threading.get_ident() != main:
            raise MemoryError("no more")

    if fails != "the first" and said_by("print(count())") == "1":
        pytest.skip("a single core")
    with pytest.raises(MemoryError, match="^no more$"):
        run_side_by_side(run, object, range(1000))
    assert len(started) < 10
    assert blas() == before
    assert not [
        thread
        for thread in threading.enumerate()
        if thread.name.startswith("ThreadPoolExecutor")
    ]


# Memory

GROWTH = """
import resource
import tracemalloc
import numpy as np
from skseq.inference.forward import forward, lanes_of
from skseq.inference.stream import Stream
from skseq.networks.spec import NetworkSpec

spec = NetworkSpec("recurrent", 16, 4, 20, "per_step", 20, 3)
rng = np.random.default_rng(0)
weights = [rng.normal(size=shape).astype("float32") for shape in spec.weight_shapes]
x = rng.normal(size=(400, 20, 4)).astype("float32")
stream = Stream(spec, weights, "mean_squared_error", lambda said: said, 3)


def work(times):
    for i in range(times):
        n = 1 + 37 * i % 400
        forward(spec, weights, x[:n], np.full(n, 20), lanes_of(n))
        stream.step(x[:3, i % 20])
        stream.copy().reset(1)


work(400)
tracemalloc.start()
work(20)
held = tracemalloc.get_traced_memory()[0]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
work(600)
print(tracemalloc.get_traced_memory()[0] - held)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak)
"""


@pytest.mark.slow
def test_memory_does_not_grow():
    held, peak = map(int, said_by(GROWTH).split())
    assert held < 100_000, "bytes that Python and NumPy hold"
    assert peak < 2_000, "KiB of the process at its peak"
