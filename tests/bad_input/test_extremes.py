"""Numbers stay numbers at the ends of the range, in long runs and side by side."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from sklearn.base import clone

from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor

from .conftest import LABELS, NUMBERS, SMALL, X, Y

SCALES = [1e-300, 1e-30, 1e-10, 1e10, 1e30, 1e37]
DOUBLE = {**SMALL, "dtype": "float64"}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("settings", [SMALL, DOUBLE], ids=["single", "double"])
def test_inputs_of_any_size_give_finite_results(scale, settings):
    est = StatefulLSTMRegressor(**settings).fit(X * scale, NUMBERS)
    assert np.isfinite(est.loss_curve_).all()
    assert np.isfinite(est.predict(X * scale)).all()


@pytest.mark.parametrize("scale", [1e-30, 1e-10, 1e10])
def test_targets_of_any_size_that_a_square_holds_give_finite_results(scale):
    est = StatefulLSTMRegressor(**SMALL).fit(X, NUMBERS * scale)
    assert np.isfinite(est.loss_curve_).all()
    assert np.isfinite(est.predict(X)).all()


def test_targets_whose_squares_overflow_are_told_of():
    est = StatefulLSTMRegressor(**SMALL)
    with pytest.warns(UserWarning, match="diverged in epoch 1: loss or weights are no"):
        est.fit(X, NUMBERS * 1e30)
    with pytest.raises(ValueError, match="diverged in epoch 1: loss or weights are no"):
        est.predict(X)


@pytest.mark.parametrize("constant", [0.0, 1.0, -1e30])
def test_constant_features_give_finite_and_equal_results(constant):
    rows = np.full_like(X, constant)
    probabilities = (
        StatefulLSTMClassifier(**SMALL).fit(rows, LABELS).predict_proba(rows)
    )
    assert np.isfinite(probabilities).all()
    assert (probabilities == probabilities[0]).all()


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "binary_crossentropy"])
def test_a_fold_of_one_class_is_learnt(loss):
    est = StatefulLSTMClassifier(**SMALL, loss=loss).fit(X, ["only"] * 8)
    assert np.isfinite(est.loss_curve_).all()
    assert est.classes_.tolist() == ["only"]
    assert (est.predict(X) == "only").all()
    assert (est.predict_proba(X) == 1).all()


def test_a_long_run_stays_finite():
    """100,000 updates of the same two batches, Adam's step count far along."""
    est = StatefulLSTMRegressor(
        **{**SMALL, "epochs": 50_000}, learning_rate=0.01, shuffle=False
    ).fit(X, NUMBERS)
    assert est.n_iter_ == 50_000
    assert np.isfinite(est.loss_curve_).all()
    assert est.loss_curve_[-1] < 1e-3 < est.loss_curve_[0]
    assert np.isfinite(est.predict(X)).all()


@pytest.mark.slow
def test_a_run_of_a_million_updates_stays_finite():
    est = StatefulLSTMRegressor(
        **{**SMALL, "epochs": 500_000}, learning_rate=0.01, shuffle=False
    ).fit(X, NUMBERS)
    assert est._learnt.updates == 1_000_000
    assert np.isfinite(est.loss_curve_).all()
    assert np.isfinite(est.predict(X)).all()


# ---- side by side ----------------------------------------------------------------

JOBS = [
    (StatefulLSTMClassifier(**{**SMALL, "random_state": seed}), y)
    for seed in range(3)
    for y in (LABELS, Y)
]


def trained(est, y):
    """What a fit leaves, as bytes."""
    est = clone(est).fit(X, y)
    parts = [*est.weights_, est.predict_proba(X), np.array(est.loss_curve_)]
    return b"".join(np.asarray(part).tobytes() for part in parts)


def test_threads_change_no_result():
    alone = [trained(*job) for job in JOBS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda job: trained(*job), JOBS)) == alone


def in_parallel(backend):
    with joblib.parallel_config(backend):
        return joblib.Parallel(2)(joblib.delayed(trained)(*job) for job in JOBS[:2])


@pytest.mark.parametrize("backend", ["sequential", "threading"])
def test_no_backend_of_joblib_changes_a_result(backend):
    assert in_parallel(backend) == [trained(*job) for job in JOBS[:2]]


PROCESSES = """
import joblib, numpy as np, sys

def fitted(seed):
    from skseq import StatefulLSTMClassifier
    X = np.arange(32.0).reshape(8, 4) / 32
    est = StatefulLSTMClassifier(units=3, epochs=1, batch_size=4, random_state=seed)
    return est.fit(X, [0, 1] * 4).predict_proba(X).tobytes()

if __name__ == "__main__":
    with joblib.parallel_config(sys.argv[1]):
        found = joblib.Parallel(2)(joblib.delayed(fitted)(seed) for seed in range(2))
    assert found == [fitted(0), fitted(1)]
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["loky", "multiprocessing"])
def test_no_process_of_joblib_changes_a_result(backend, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(PROCESSES)
    subprocess.run([sys.executable, script, backend], check=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_of_a_process_that_has_fitted_is_refused_instead_of_hanging():
    trained(*JOBS[0])
    with pytest.raises(RuntimeError) as caught:
        in_parallel("multiprocessing")
    assert str(caught.value) == (
        f"This process was forked from process {os.getpid()} after that had fitted, "
        "and TensorFlow would hang in it. Start processes anew: joblib's backend "
        "'loky' (its default), or multiprocessing's start method 'spawn' or "
        "'forkserver'."
    )


MEMORY = """
import gc, numpy as np, os
from skseq import StatefulLSTMClassifier
rng = np.random.default_rng(0)

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

for number in range(500):
    n_rows = int(rng.integers(8, 17))
    X, y = rng.random((n_rows, 4)), np.arange(n_rows) % 2
    est = StatefulLSTMClassifier(
        units=3 + number % 3, epochs=1, batch_size=4, random_state=number
    )
    est.fit(X, y).predict(X)
    if number == 99:
        before = resident()
print(before, resident())
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs Linux' /proc")
def test_five_hundred_fits_take_no_more_memory_than_a_hundred():
    run = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    before, after = map(int, run.stdout.split())
    assert after < 1.05 * before
