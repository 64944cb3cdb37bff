"""`GridSearchCV` over Dask's workers: its results, their memory, one that is killed.

    python -m benchmarks.probes.dask_search                  # five searches, 500 fits
    python -m benchmarks.probes.dask_search --searches 2

Needs `pip install "skseq[dask]"`. After each search on two workers, processes on this
machine, their memory is told. Then a worker is killed in the middle of another search.
All searches must give what they give without Dask.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from joblib import parallel_config
from sklearn.model_selection import GridSearchCV, KFold

from skseq import StatefulLSTMClassifier

# Of each search, beside two sizes and five splits.
SEEDS = 10
_MARK = "SKSEQ_PROBE_MARK"


class KilledOnce(StatefulLSTMClassifier):
    """Kills its worker in one fit of a search, the first time."""

    def fit(self, X, y):
        """Fit, or end."""
        mark = Path(os.environ[_MARK])
        if self.random_state % SEEDS == SEEDS // 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit(X, y)


def main():
    """Print a line for each search."""
    from dask.distributed import Client, LocalCluster

    parser = argparse.ArgumentParser()
    parser.add_argument("--searches", type=int, default=5)
    searches = parser.parse_args().searches
    data = _data()
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder, "killed")
        os.environ[_MARK] = str(mark)  # before there are workers, which inherit it
        settings = {
            "n_workers": 2,
            "threads_per_worker": 1,
            "dashboard_address": None,
        }
        # Every worker is given all that is large. By itself joblib hands each piece to
        # one of them, and it is lost with that one.
        x, y, splits = data
        shared = [x, y, *(rows for split in splits for rows in split)]
        with (
            LocalCluster(**settings) as cluster,
            Client(cluster) as client,
            parallel_config("dask", scatter=shared),
        ):
            # Dask's memory manager takes all copies but one of what each was given.
            client.amm.stop()
            for number in range(searches):
                _compare(StatefulLSTMClassifier, number, data)
                memory = sorted(client.run(_resident).values())
                print("MB of workers:", *(f"{each:.0f}" for each in memory), flush=True)
            _compare(KilledOnce, searches, data)
        if not mark.exists():
            sys.exit("No worker was killed.")
    print("A worker was killed, and the results are the same.")


def _compare(estimator, number, data):
    """Search with Dask and without, and stop at any difference."""
    begun = time.perf_counter()
    found = _search(estimator, number, data)
    seconds = time.perf_counter() - begun
    with parallel_config("sequential"):
        expected = _search(StatefulLSTMClassifier, number, data)
    assert found.keys() == expected.keys()
    for name in found:
        if not name.endswith("_time"):
            np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    print(f"{len(found['params']) * len(data[2])} fits, {seconds:.1f} s", flush=True)


def _search(estimator, number, data):
    x, y, splits = data
    seeds = list(range(number * SEEDS, (number + 1) * SEEDS))
    search = GridSearchCV(
        estimator(epochs=2),
        {"units": [4, 8], "random_state": seeds},
        cv=splits,
        refit=False,
        error_score="raise",
    )
    return search.fit(x, y).cv_results_


def _data():
    draw = np.random.default_rng(0)
    x = draw.normal(size=(300, 6, 2))
    return x, x.sum(axis=(1, 2)) > 0, list(KFold(5).split(x))


def _resident():
    """Give the memory of this process now, in MB; its peak is that of compiling."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


if __name__ == "__main__":
    main()
