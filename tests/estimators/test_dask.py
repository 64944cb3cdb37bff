"""Searches whose fits are spread by joblib's backend "dask"."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_dask_changes_no_result_grows_no_memory_and_may_lose_a_worker():
    pytest.importorskip("distributed", reason='needs pip install "skseq[dask]"')
    probe = subprocess.run(
        [sys.executable, "-m", "benchmarks.probes.dask_search", "--searches", "2"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert probe.returncode == 0, probe.stdout + probe.stderr
    *lines, last = probe.stdout.splitlines()
    assert last == "A worker was killed, and the results are the same."
    start = "MB of workers: "
    first, second = (
        [float(word) for word in line.removeprefix(start).split()]
        for line in lines
        if line.startswith(start)
    )
    assert len(first) == len(second) == 2
    # Over 500 fits it is half a per cent.
    assert max(second) < 1.03 * max(first)
