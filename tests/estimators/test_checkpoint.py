"""Training that was killed goes on where it stood, to the last bit."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import skseq
from skseq.estimators import _checkpoint
from skseq.training import trainer

WEIGHTS = np.random.default_rng(5).uniform(0.1, 5, 16)
GROUPS = np.repeat(np.arange(4), 4)
SCHEDULE = keras.optimizers.schedules.CosineDecay(0.1, 20)
# Another parameter, or another argument of fit, each.
KINDS = {
    "plain": ({}, {}),
    "not shuffled": ({"shuffle": False}, {}),
    "early stopping": (
        {"early_stopping": True, "validation_fraction": 0.25, "learning_rate": 0.2},
        {},
    ),
    "stopped early": (
        {"early_stopping": True, "n_iter_no_change": 1, "tol": 1e9, "epochs": 9},
        {},
    ),
    "a schedule": ({"learning_rate": SCHEDULE}, {}),
    "weights": ({}, {"sample_weight": WEIGHTS}),
    "groups": ({}, {"groups": GROUPS}),
    "dropout": ({"dropout": 0.5}, {}),
}


class Killed(BaseException):
    pass


@pytest.fixture
def killed(monkeypatch):
    """Let training end after so many epochs."""
    train = trainer.train

    def after(epochs):
        def ending(*args, **kwargs):
            for chunk in train(*args, **kwargs):
                yield chunk
                if chunk.epochs >= epochs:
                    raise Killed

        monkeypatch.setattr(trainer, "train", ending)

    def never():
        monkeypatch.setattr(trainer, "train", train)

    after.never = never
    return after


def assert_same(one, other):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)
    for name in ("validation_scores_", "best_validation_score_"):
        assert getattr(one, name, None) == getattr(other, name, None)
    assert vars(one).keys() == vars(other).keys()
    assert one._learnt.updates == other._learnt.updates
    assert_array_equal(
        one._learnt.order.get_state()[1], other._learnt.order.get_state()[1]
    )


EVERY_DAY = ("stopped early", "a schedule")


# PolymathicAI/the_well #77: a training that went on ended elsewhere.
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=() if kind in EVERY_DAY else pytest.mark.slow)
        for kind in KINDS
    ],
)
def test_it_ends_as_one_that_was_never_killed(cases, kind, killed, tmp_path):
    params, metadata = KINDS[kind]
    case, path = cases["classifier"], tmp_path / "fit.skops"
    whole = case.make(**params).fit(case.X, case.y, **metadata)
    keeping = {**params, "checkpoint": path, "checkpoint_every": 1}
    for _ in range(9):
        # Twice an epoch each: what went on goes on again.
        killed(2)
        try:
            case.make(**keeping).fit(case.X, case.y, **metadata)
        except Killed:
            assert path.exists()
        else:
            break
    killed.never()
    ended = case.make(**keeping).fit(case.X, case.y, **metadata)
    assert_same(ended, whole)
    assert not path.exists()


def test_a_warm_start_and_a_random_state_go_on(cases, killed, tmp_path):
    case, path = cases["regressor"], tmp_path / "fit.skops"
    draws = np.random.RandomState(3)
    warm = {"warm_start": True, "checkpoint": str(path), "checkpoint_every": 1}
    whole = case.make(random_state=np.random.RandomState(3), warm_start=True)
    whole.fit(case.X, case.y).fit(case.X, case.y)
    first = case.make(random_state=draws, **warm).fit(case.X, case.y)
    skseq.save(first, tmp_path / "first.skops")
    killed(2)
    with pytest.raises(Killed):
        first.fit(case.X, case.y)
    killed.never()
    again = skseq.load(tmp_path / "first.skops").fit(case.X, case.y)
    assert_same(again, whole)


def test_a_checkpoint_is_a_model(cases, killed, tmp_path):
    case, path = cases["classifier"], tmp_path / "fit.skops"
    killed(2)
    with pytest.raises(Killed):
        case.make(checkpoint=path, checkpoint_every=2).fit(case.X, case.y)
    model = skseq.load(path)
    killed.never()
    expected = case.make(epochs=2).fit(case.X, case.y)
    assert_array_equal(model.predict(case.X), expected.predict(case.X))
    # One that trains on by itself is no checkpoint any more.
    model.set_params(checkpoint=None).partial_fit(case.X, case.y)
    skseq.save(model, path)
    with pytest.raises(ValueError, match="is a model and no checkpoint of a fit"):
        case.make(checkpoint=path).fit(case.X, case.y)


@pytest.fixture
def begun(cases, killed, tmp_path):
    """The file of a fit that stands at its third epoch."""
    case, path = cases["classifier"], tmp_path / "fit.skops"
    killed(3)
    with pytest.raises(Killed):
        case.make(checkpoint=path, checkpoint_every=1).fit(case.X, case.y)
    killed.never()
    return path


@pytest.mark.parametrize(
    ("params", "changes", "differs"),
    [
        ({"units": 4}, {}, "units was 3 there and is 4 here"),
        ({"learning_rate": 0.5}, {}, "learning_rate was 0.02 there and is 0.5 here"),
        ({"random_state": 1}, {}, "random_state was 0 there and is 1 here"),
        ({"epochs": 1}, {}, "it has 3 epochs, and epochs=1"),
        ({}, {"X": lambda X: X + 1}, "X is another"),
        ({}, {"y": lambda y: y[::-1]}, "y is another"),
        (
            {"tol": 0.5},
            {"X": lambda X: 2 * X},
            "tol was 0.0001 there and is 0.5 here; X",
        ),
        ({}, {"sample_weight": lambda _: WEIGHTS}, "sample_weight is another"),
        ({}, {"groups": lambda _: GROUPS}, "groups is another"),
        (
            {},
            {"X_val": lambda _: 0, "y_val": lambda _: 0},
            "X_val is another; y_val is",
        ),
    ],
)
def test_a_checkpoint_of_another_fit_is_refused(cases, begun, params, changes, differs):
    case, content = cases["classifier"], begun.read_bytes()
    given = {"X": case.X, "y": case.y}
    for name, change in changes.items():
        given[name] = change(given.get(name))
    if "X_val" in changes:
        given |= {"X_val": case.X, "y_val": case.y}
    est = case.make(checkpoint=begun, **params)
    before = dict(vars(est))
    said = re.escape(f"checkpoint={str(begun)!r} is of another fit: {differs}")
    with pytest.raises(ValueError, match=f"^{said}.*. Remove the file, or give this"):
        est.fit(**given)
    assert vars(est) == before
    assert begun.read_bytes() == content


def test_a_schedule_of_the_whole_fit_lasts_as_long_as_it_did(cases, killed, tmp_path):
    """With more epochs than there were at the beginning it would be another."""
    case, path = cases["classifier"], tmp_path / "fit.skops"
    rate = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1}}
    keeping = {"checkpoint": path, "checkpoint_every": 1, "learning_rate": rate}
    killed(2)
    with pytest.raises(Killed):
        case.make(**keeping, epochs=3).fit(case.X, case.y)
    killed.never()
    with pytest.raises(ValueError, match="epochs was 3 there and is 4 here"):
        case.make(**keeping, epochs=4).fit(case.X, case.y)


def test_another_kind_of_estimator_and_another_file_are_refused(cases, begun):
    case = cases["regressor"]
    with pytest.raises(ValueError, match="it is of a StatefulLSTMClassifier, and this"):
        case.make(checkpoint=begun).fit(case.X, case.y)
    begun.write_text("my diary")
    with pytest.raises(
        ValueError, match="is not to be gone on from: .* is not a model"
    ):
        case.make(checkpoint=begun).fit(case.X, case.y)
    assert begun.read_text() == "my diary"


def test_what_decides_nothing_may_differ(cases, begun):
    """More epochs, too, which train on what fewer left."""
    case = cases["classifier"]
    ended = case.make(checkpoint=begun, epochs=5, verbose=1).fit(case.X, case.y)
    assert ended.loss_curve_ == case.fit(epochs=5).loss_curve_


def test_nobody_says_how_often(cases, killed, tmp_path, monkeypatch):
    case, path = cases["classifier"], tmp_path / "fit.skops"
    for seconds, expected in ((1e9, 0), (0.0, 4)):
        monkeypatch.setattr(_checkpoint, "SECONDS", seconds)
        monkeypatch.setattr(trainer, "EPOCHS_PER_CALL", 1)
        killed(4)
        with pytest.raises(Killed):
            case.make(checkpoint=path, epochs=6).fit(case.X, case.y)
        killed.never()
        assert skseq.load(path).n_iter_ == expected
        path.unlink()


def test_an_interrupted_fit_goes_on(cases, killed, tmp_path, monkeypatch):
    case, path = cases["classifier"], tmp_path / "fit.skops"
    monkeypatch.setattr(sys.modules[__name__], "Killed", KeyboardInterrupt)
    monkeypatch.setattr(trainer, "EPOCHS_PER_CALL", 1)
    killed(2)
    with pytest.warns(UserWarning, match="interrupted after 2 complete epochs"):
        stopped = case.make(checkpoint=path).fit(case.X, case.y)
    killed.never()
    assert stopped.n_iter_ == skseq.load(path).n_iter_ == 2
    assert_same(case.make(checkpoint=path).fit(case.X, case.y), case.fit())


PARAMS = {
    "units": 4,
    "epochs": 60,
    "batch_size": 4,
    "random_state": 0,
    "early_stopping": True,
    "n_iter_no_change": 60,
}
TRAIN = f"""
import sys
import numpy as np
from skseq import StatefulLSTMRegressor, save
X = np.random.default_rng(0).normal(size=(64, 6, 2))
est = StatefulLSTMRegressor(**{PARAMS}, checkpoint=sys.argv[1], checkpoint_every=1)
save(est.fit(X, X.sum(axis=(1, 2))).set_params(checkpoint=None), sys.argv[2])
"""


@pytest.mark.slow
def test_a_process_that_was_killed_is_started_again(tmp_path):
    path, model = tmp_path / "fit.skops", tmp_path / "model.skops"

    def run():
        root = Path(skseq.__file__).parents[1]
        command = [sys.executable, "-c", TRAIN, str(path), str(model)]
        return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)})

    process = run()
    written, until = set(), time.monotonic() + 120
    while len(written) < 3 and time.monotonic() < until:
        time.sleep(0.005)
        if path.exists():
            written.add(path.stat().st_mtime_ns)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert 0 < skseq.load(path).n_iter_ < 60
    assert run().wait() == 0
    assert not path.exists()
    X = np.random.default_rng(0).normal(size=(64, 6, 2))
    whole = skseq.StatefulLSTMRegressor(**PARAMS).fit(X, X.sum(axis=(1, 2)))
    assert_same(skseq.load(model).set_params(checkpoint_every=None), whole)
