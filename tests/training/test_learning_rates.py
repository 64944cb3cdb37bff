"""Learning rates that change: by Keras' schedules, and by callbacks."""

import inspect
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

import skseq
from skseq import StatefulLSTMRegressor
from skseq.training import trainer
from skseq.training.options import SCHEDULES
from skseq.training.programs import RATES_PER_CALL, n_compilations
from skseq.training.rates import keras_rate, rates_of

X = np.random.default_rng(0).normal(size=(16, 4, 3))
Y = X.sum(axis=2).cumsum(axis=1)[:, -1]
kinds = keras.optimizers.schedules
KINDS = [
    kinds.ExponentialDecay(0.05, 300, 0.5),
    kinds.ExponentialDecay(0.05, 7, 0.99, staircase=True),
    kinds.CosineDecay(0.05, 5000, alpha=0.1),
    kinds.CosineDecay(0.01, 1000, warmup_target=0.1, warmup_steps=400),
    kinds.CosineDecayRestarts(0.05, 300),
    kinds.CosineDecayRestarts(0.05, 300, t_mul=1.0, m_mul=0.9),
    kinds.PiecewiseConstantDecay([3, 900], [0.1, 0.01, 0.001]),
    kinds.PolynomialDecay(0.1, 1000, power=2.0),
    kinds.PolynomialDecay(0.1, 1000, cycle=True),
    kinds.InverseTimeDecay(0.1, 30, 0.5, staircase=True),
]


class Halved(keras.optimizers.schedules.LearningRateSchedule):
    """One of a user's own."""

    def __call__(self, step):
        return 0.01 * 0.5 ** keras.ops.cast(step, "float32")


def make(**params):
    fixed = {"units": 3, "epochs": 4, "batch_size": 8, "dtype": "float64"}
    return StatefulLSTMRegressor(**{**fixed, "random_state": 0, **params})


def plan_with(schedule, dtype="float32"):
    network = SimpleNamespace(dtype=dtype)
    program = SimpleNamespace(network=network)
    return SimpleNamespace(learning_rates=schedule, program=program)


def assert_same_weights(one, other):
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)


@pytest.mark.parametrize("schedule", KINDS, ids=lambda kind: type(kind).__name__)
def test_rates_are_those_of_keras(schedule):
    rates = rates_of(plan_with(schedule))
    updates = [0, 1, 2, 3, 4, 29, 30, 31, 299, 300, 301, 900, 1000, 1001, 1400, 4095]
    for begun in (0, 2 * RATES_PER_CALL):
        found = rates(begun).numpy()
        expected = np.array([float(schedule(begun + update)) for update in updates])
        scale = float(np.abs(expected).max())
        assert_allclose(found[updates], expected, rtol=1e-6, atol=1e-6 * scale)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_all_schedules_of_keras_can_be_described(kind):
    needed, optional = SCHEDULES[kind]
    params = inspect.signature(getattr(kinds, kind)).parameters.values()
    assert needed == {p.name for p in params if p.default is p.empty}
    assert optional == {p.name for p in params if p.default is not p.empty}
    known = {name for name in dir(kinds) if inspect.isclass(getattr(kinds, name))}
    assert known - {"LearningRateSchedule"} == set(SCHEDULES)


@pytest.mark.parametrize("warmup", [{}, {"warmup_target": 0.1, "warmup_steps": 3}])
def test_a_schedule_can_last_the_whole_fit(warmup):
    config = {"initial_learning_rate": 0.05, **warmup}
    left_out = {"class_name": "CosineDecay", "config": config}
    # Four epochs of two batches.
    steps = 8 - warmup.get("warmup_steps", 0)
    counted = {"class_name": "CosineDecay", "config": {**config, "decay_steps": steps}}
    est = make(learning_rate=left_out).fit(X, Y)
    assert_same_weights(est, make(learning_rate=counted).fit(X, Y))
    assert float(est.model_.optimizer.learning_rate) == pytest.approx(
        float(keras_rate(counted, 0)(0))
    )


def test_what_lasted_a_whole_fit_does_not_go_on():
    rate = {"class_name": "PolynomialDecay", "config": {"initial_learning_rate": 0.1}}
    est = make(learning_rate=rate, warm_start=True).fit(X, Y)
    with pytest.raises(ValueError, match="was spent by the first fit, whose updates"):
        est.fit(X, Y)


def test_training_follows_a_schedule():
    """Two updates an epoch: the rate changes after the second epoch."""
    steps = kinds.PiecewiseConstantDecay([3], [0.125, 0.0078125])
    found = make(learning_rate=steps).fit(X, Y)
    by_hand = make(learning_rate=0.125, epochs=2, warm_start=True).fit(X, Y)
    by_hand.set_params(learning_rate=0.0078125).fit(X, Y)
    for ours, theirs in zip(found.weights_, by_hand.weights_, strict=True):
        assert_allclose(ours, theirs, rtol=1e-12)
    # Each epoch so, too, and where training goes on.
    twice = make(learning_rate=steps, epochs=1, warm_start=True)
    for _ in range(4):
        twice.fit(X, Y)
    assert_same_weights(twice, found)
    parts = make(learning_rate=steps)
    for _ in range(4):
        parts.partial_fit(X, Y)
    assert_same_weights(parts, found)


def test_where_a_scheduled_epoch_is_cut_changes_no_bit(monkeypatch):
    schedule = kinds.ExponentialDecay(0.05, 3, 0.5)
    whole = make(learning_rate=schedule, batch_size=2).fit(X, Y)
    monkeypatch.setattr(trainer, "RATES_PER_CALL", 3)
    cut = make(learning_rate=schedule, batch_size=2).fit(X, Y)
    assert cut.loss_curve_ == whole.loss_curve_
    assert_same_weights(cut, whole)


def test_all_schedules_share_a_program():
    make(learning_rate=KINDS[0]).fit(X, Y)
    before = n_compilations()
    search = GridSearchCV(make(), {"learning_rate": KINDS}, cv=[(range(16), range(4))])
    search.fit(X, Y)
    make(learning_rate=Halved()).fit(X, Y)
    assert n_compilations() == before


def test_a_schedule_is_a_parameter_like_any_other(tmp_path):
    schedule = kinds.CosineDecay(0.05, 6, warmup_target=0.1, warmup_steps=2)
    est = make(learning_rate=schedule)
    assert est.get_params()["learning_rate"] is schedule
    assert "CosineDecay" in repr(est)
    twin = clone(est).fit(X, Y)
    assert_same_weights(twin, est.fit(X, Y))
    routed = make().set_params(optimizer__learning_rate=schedule).fit(X, Y)
    assert_same_weights(routed, est)
    # A file holds what describes it, and that is as good.
    skseq.save(est, tmp_path / "model.skops")
    loaded = skseq.load(tmp_path / "model.skops")
    described = loaded.learning_rate
    assert described == {"class_name": "CosineDecay", "config": schedule.get_config()}
    assert_same_weights(loaded.partial_fit(X, Y), est.partial_fit(X, Y))
    assert isinstance(keras_rate(described, 0), kinds.CosineDecay)
    shown = make(learning_rate=described).fit(X, Y).model_.optimizer
    assert isinstance(shown._learning_rate, kinds.CosineDecay)
    with pytest.raises(ValueError, match=r"it has .*Halved in learning_rate, which"):
        skseq.save(make(learning_rate=Halved()), tmp_path / "model.skops")


class Rates(keras.callbacks.Callback):
    """What the optimizer's rate is at the end of every epoch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(float(self.model.optimizer.learning_rate))


def test_callbacks_see_where_a_schedule_is():
    schedule, rates = KINDS[0], Rates()
    seen = make(learning_rate=schedule, callbacks=[rates]).fit(X, Y)
    assert rates.seen == [float(schedule(2 * epoch)) for epoch in (1, 2, 3, 4)]
    assert_same_weights(seen, make(learning_rate=schedule).fit(X, Y))


# tensorflow/tensorflow #20999: LearningRateScheduler finds no optimizer's rate.
def test_a_rate_that_a_callback_sets_is_trained_with():
    halving = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    found = make(learning_rate=0.125, callbacks=[halving]).fit(X, Y)
    by_hand = make(learning_rate=0.0625, epochs=1, warm_start=True).fit(X, Y)
    for exponent in (5, 6, 7):
        by_hand.set_params(learning_rate=2.0**-exponent).fit(X, Y)
    assert_same_weights(found, by_hand)
    assert found.learning_rate == 0.125
    # Each fit begins at the parameter.
    again = make(learning_rate=0.125, callbacks=[halving], warm_start=True)
    assert_same_weights(again.fit(X, Y), found)


# tensorflow/tensorflow #20619: ReduceLROnPlateau finds no optimizer's rate.
def test_a_plateau_lowers_the_rate():
    history = keras.callbacks.History()
    reduce = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss", factor=0.25, patience=1, min_delta=1e9
    )
    params = {"learning_rate": 0.125, "callbacks": [reduce, history]}
    found = make(**params).fit(X, Y, X_val=X[:5], y_val=Y[:5])
    assert history.history["learning_rate"] == [0.125, 0.125, 2.0**-5, 2.0**-7]
    by_hand = make(learning_rate=0.125, epochs=2, warm_start=True).fit(X, Y)
    for exponent in (5, 7):
        by_hand.set_params(learning_rate=2.0**-exponent, epochs=1).fit(X, Y)
    assert_same_weights(found, by_hand)


def test_a_rate_that_no_callback_sets_is_left_alone():
    """As the optimizer shows it, it is rounded to single precision."""
    params = {"learning_rate": 0.1}
    seen = make(**params, callbacks=[Rates()]).fit(X, Y)
    assert_same_weights(seen, make(**params).fit(X, Y))
