"""Halves of a batch side by side: when, and that nobody sees it but by the clock.

What they give is compared with a plain Keras loop in test_against_keras.
"""

import os
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skseq import RecurrentClassifier
from skseq.exceptions import DivergenceWarning
from skseq.networks.spec import NetworkSpec
from skseq.training import plan, programs, trainer
from skseq.training.plan import pays_in_halves, update_seconds

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(30, 4, 3))
Y = RANDOM.randint(2, size=(30, 4))


def make(**options):
    fixed = {"cell": "gru", "units": 3, "batch_size": 7, "random_state": 0}
    rates = {"dropout": 0.5, "recurrent_dropout": 0.25}
    return RecurrentClassifier(
        **{**fixed, **rates, "dtype": "float64", "epochs": 4, **options}
    )


def same_training(one, other):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)


@pytest.fixture(scope="module")
def whole():
    """A batch of odd size, the last not full, and dropout."""
    return make().fit(X, Y)


@pytest.fixture(scope="module")
def halved(whole):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "pays_in_halves", lambda *_: True)
        yield make().fit(X, Y)


@pytest.mark.parametrize(
    ("steps", "features", "units", "rows", "expected"),
    [
        (1, 5, 20, 1, False),
        (5, 100, 20, 7, False),
        (30, 4, 32, 32, False),
        (150, 3, 64, 32, True),
        (100, 16, 256, 64, True),
        (10_000, 14, 8, 16, False),
        (1_000, 2, 32, 16, True),
    ],
)
def test_long_updates_of_steps_that_are_no_trifle_are_made_in_halves(
    steps, features, units, rows, expected
):
    network = NetworkSpec("recurrent", units, features, steps, "last", 1, 2)
    assert pays_in_halves(network, rows) == expected


def test_more_work_takes_longer():
    def seconds(rows=8, **options):
        sizes = {"n_features": 2, "piece_steps": 10, "units": 8, **options}
        topology = sizes.pop("topology", "recurrent")
        fixed = {"readout": "per_step", "out_steps": 5, "out_width": 2}
        return update_seconds(NetworkSpec(topology, **sizes, **fixed), rows)[0]

    least = seconds()
    assert 0 < least
    for more in (
        {"rows": 16},
        {"piece_steps": 20},
        {"n_features": 20},
        {"units": 16},
        {"units": (8, 8)},
        {"bidirectional": True},
        {"topology": "encoder_decoder"},
    ):
        assert seconds(**more) > least
    assert seconds(cell="rnn") < seconds(cell="gru") < least


def test_halves_train_as_the_whole_does(whole, halved):
    assert halved._learnt.updates == whole._learnt.updates
    # The same numbers are dropped, whichever way a batch is run.
    assert_allclose(halved.loss_curve_, whole.loss_curve_, rtol=1e-10)
    for ours, theirs in zip(halved.weights_, whole.weights_, strict=True):
        assert_allclose(ours, theirs, rtol=1e-7, atol=1e-10)


def test_one_after_the_other_gives_the_bits_of_side_by_side(halved, monkeypatch):
    for cores in (1, 2):
        monkeypatch.setattr(programs, "usable_cores", lambda n=cores: n)
        same_training(make().fit(X, Y), halved)


class Seen(keras.callbacks.Callback):
    """How many epochs there were."""

    epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1


def test_where_it_is_cut_and_who_looks_on_changes_no_bit(halved, monkeypatch):
    seen = Seen()
    same_training(make(callbacks=[seen], verbose=0).fit(X, Y), halved)
    assert seen.epochs == 4
    monkeypatch.setattr(trainer._Pace, "batches", lambda pace: 1)
    same_training(make().fit(X, Y), halved)


def test_it_goes_on_as_if_never_interrupted(halved):
    warm = make(epochs=2, warm_start=True).fit(X, Y)
    same_training(warm.fit(X, Y), halved)
    part = make()
    for _ in range(4):
        part.partial_fit(X, Y)
    same_training(part, halved)


def test_early_stopping_and_divergence(halved):
    options = {"early_stopping": True, "n_iter_no_change": 2, "epochs": 50}
    est = make(**options).fit(X, Y)
    assert len(est.validation_scores_) == est.n_iter_
    with pytest.warns(DivergenceWarning):
        make(learning_rate=1e308).fit(1e9 * X, Y)


def test_fits_in_threads_equal_fits_alone(halved):
    made = [make() for _ in range(3)]
    threads = [threading.Thread(target=est.fit, args=(X, Y)) for est in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for est in made:
        same_training(est, halved)


BITS = """
import hashlib, os, sys
import numpy as np

def bits():
    from skseq import RecurrentClassifier
    from skseq.networks.spec import NetworkSpec
    from skseq.training.plan import pays_in_halves
    digest = hashlib.sha256()
    # Products of several hundred rows and steps, which TensorFlow shares out to cores.
    for units, rows, steps, features in [(64, 32, 150, 3), (128, 64, 40, 8)]:
        network = NetworkSpec("recurrent", units, features, steps, "last", 1, 2)
        assert pays_in_halves(network, rows)
        rng = np.random.RandomState(0)
        X = rng.normal(size=(2 * rows, steps, features)).astype("float32")
        est = RecurrentClassifier(
            units=units, batch_size=rows, epochs=2, random_state=0
        ).fit(X, X[:, -1, 0] > 0)
        for weight in est.weights_:
            digest.update(weight.tobytes())
    return digest.hexdigest()

"""
ALONE = "print(bits())"
ONE_CORE = "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n" + ALONE
WORKER = """
from joblib import Parallel, delayed
first, second = Parallel(n_jobs=2)(delayed(bits)() for _ in range(2))
assert first == second
print(first)
"""
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


@pytest.mark.slow
def test_bits_depend_neither_on_cores_nor_on_threads():
    ways = [(ALONE, {}), (ALONE, ONE_THREAD), (WORKER, {})]
    if hasattr(os, "sched_setaffinity"):
        ways.append((ONE_CORE, {}))
    found = set()
    for code, settings in ways:
        run = subprocess.run(
            [sys.executable, "-c", BITS + code],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        found.add(run.stdout.strip())
    assert len(found) == 1
