"""Keras callbacks: those that work, those that cannot, and those that raise."""

import csv
import re

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import skseq
from skseq import StatefulLSTMRegressor
from skseq.exceptions import DivergenceWarning

X = np.random.default_rng(0).normal(size=(16, 4, 3))
Y = X.sum(axis=2).cumsum(axis=1)[:, -1]
VALIDATION = {"X_val": X[:5], "y_val": Y[:5]}
callbacks = keras.callbacks


def make(**params):
    fixed = {"units": 3, "epochs": 4, "batch_size": 8, "dtype": "float64"}
    return StatefulLSTMRegressor(
        **{**fixed, "learning_rate": 0.02, "random_state": 0, **params}
    )


def assert_same(one, other):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)


def test_a_log_of_every_epoch(tmp_path):
    log = callbacks.CSVLogger(tmp_path / "log.csv")
    est = make(callbacks=[log]).fit(X, Y, **VALIDATION)
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == est.loss_curve_
    assert [float(row["val_loss"]) for row in rows] == est.validation_loss_curve_
    assert [float(row["val_score"]) for row in rows] == est.validation_scores_


def test_the_best_model_is_kept_in_a_file(tmp_path):
    path = tmp_path / "best.keras"
    keeper = callbacks.ModelCheckpoint(path, monitor="val_loss", save_best_only=True)
    est = make(callbacks=[keeper], learning_rate=0.2).fit(X, Y, **VALIDATION)
    best = 1 + int(np.argmin(est.validation_loss_curve_))
    kept = keras.models.load_model(path).get_weights()
    expected = make(epochs=best, learning_rate=0.2).fit(X, Y)
    for ours, theirs in zip(kept, expected.weights_, strict=True):
        assert_array_equal(ours, theirs)


def test_early_stopping_by_the_loss_of_validation_data():
    stopping = callbacks.EarlyStopping(
        monitor="val_loss", patience=1, min_delta=1e9, restore_best_weights=True
    )
    est = make(callbacks=[stopping]).fit(X, Y, **VALIDATION)
    assert est.n_iter_ == 2
    assert_array_equal(est.weights_[0], make(epochs=1).fit(X, Y).weights_[0])


def test_functions_are_called():
    told = []
    hooks = {
        name: lambda *given, name=name: told.append((name, *given[:-1]))
        for name in (
            "on_train_begin",
            "on_epoch_begin",
            "on_epoch_end",
            "on_train_end",
        )
    }
    make(epochs=2, callbacks=[callbacks.LambdaCallback(**hooks)]).fit(X, Y)
    assert told == [
        ("on_train_begin",),
        ("on_epoch_begin", 0),
        ("on_epoch_end", 0),
        ("on_epoch_begin", 1),
        ("on_epoch_end", 1),
        ("on_train_end",),
    ]


def test_callbacks_are_told_how_long_training_takes():
    class Asks(callbacks.Callback):
        def on_train_begin(self, logs=None):
            told.append(self.params["epochs"])

    told = []
    make(callbacks=[Asks()]).fit(X, Y)
    assert told == [4]


def test_a_loss_that_is_no_number_ends_training():
    beyond = {"optimizer": "sgd", "learning_rate": 1e300}
    with pytest.warns(DivergenceWarning):
        est = make(callbacks=[callbacks.TerminateOnNaN()], **beyond).fit(X, Y)
    assert est.n_iter_ < 4
    est = make(callbacks=[callbacks.TerminateOnNaN(raise_error=True)], **beyond)
    with pytest.raises(RuntimeError, match="NaN or Inf loss encountered"):
        est.fit(X, Y)


class PerBatch(callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise AssertionError


IN_A_PROGRAM = (
    ", but batches run inside of one compiled program, and callbacks are called at the "
    "start and end of epochs and of training only; use on_epoch_begin or on_epoch_end, "
    "or count epochs."
)
OF_KERAS = (
    ", which works on the state of Keras' own optimizer, and that is not what trains "
    "here; "
)


@pytest.mark.parametrize(
    ("make_one", "message"),
    [
        (PerBatch, "a PerBatch with on_train_batch_end" + IN_A_PROGRAM),
        (
            lambda: callbacks.LambdaCallback(on_train_batch_begin=print),
            "a LambdaCallback with on_train_batch_begin" + IN_A_PROGRAM,
        ),
        (
            lambda: callbacks.ModelCheckpoint("a.keras", save_freq=10),
            "a ModelCheckpoint with save_freq=10" + IN_A_PROGRAM,
        ),
        (
            lambda: callbacks.BackupAndRestore("backup"),
            f"a BackupAndRestore{OF_KERAS}set checkpoint to a path, and training goes "
            "on to the last bit.",
        ),
        (
            callbacks.SwapEMAWeights,
            f"a SwapEMAWeights{OF_KERAS}leave it out.",
        ),
    ],
)
def test_what_cannot_work_is_refused(make_one, message):
    est = make(callbacks=[make_one()])
    before = dict(vars(est))
    with pytest.raises(ValueError, match=f"^callbacks has {re.escape(message)}$"):
        est.fit(X, Y)
    assert vars(est) == before


# Callbacks that raise


class Broken(Exception):
    pass


def breaking(hook, epoch):
    """A callback that raises."""

    def raise_it(*given):
        if len(given) == 1 or given[0] == epoch:
            raise Broken

    return callbacks.LambdaCallback(**{hook: raise_it})


@pytest.mark.parametrize(
    "early_stopping", [False, pytest.param(True, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("hook", "epoch", "complete"),
    [
        ("on_train_begin", None, 0),
        ("on_epoch_begin", 0, 0),
        ("on_epoch_end", 0, 1),
        ("on_epoch_begin", 2, 2),
        ("on_epoch_end", 2, 3),
        ("on_train_end", None, 4),
    ],
)
def test_one_that_raises_leaves_the_last_complete_epoch(
    hook, epoch, complete, early_stopping, tmp_path
):
    params = {"early_stopping": early_stopping, "validation_fraction": 0.25}
    est = make(**params, callbacks=[breaking(hook, epoch)])
    before = dict(vars(est))
    with pytest.raises(Broken):
        est.fit(X, Y)
    if not complete:
        assert vars(est) == before
    else:
        expected = make(**params, epochs=complete).fit(X, Y)
        assert_same(est, expected)
        assert_array_equal(est.predict(X), expected.predict(X))
        assert vars(est).keys() == vars(expected).keys()
        scores = getattr(expected, "validation_scores_", None)
        assert getattr(est, "validation_scores_", None) == scores
    # It is usable: it can be saved, and go on.
    est.set_params(callbacks=None)
    skseq.save(est, tmp_path / "model.skops")
    loaded = skseq.load(tmp_path / "model.skops")
    assert_same(est.fit(X, Y), loaded.fit(X, Y))


def test_one_that_raises_at_the_start_leaves_what_an_earlier_fit_learnt():
    est = make(epochs=2).fit(X, Y)
    predicted, curve = est.predict(X), est.loss_curve_
    est.set_params(callbacks=[breaking("on_train_begin", None)])
    with pytest.raises(Broken):
        est.fit(-X[:8], Y[:8])
    assert_array_equal(est.predict(X), predicted)
    assert est.loss_curve_ == curve


def test_a_schedule_is_not_for_callbacks_to_change():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.05, 3, 0.5)
    setter = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    est = make(learning_rate=schedule, callbacks=[setter])
    before = dict(vars(est))
    with pytest.raises(TypeError, match="LearningRateSchedule"):
        est.fit(X, Y)
    assert vars(est) == before
