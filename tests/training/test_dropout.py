"""Dropout is drawn in the compiled program: anew each update, from a seed, at any rate.

What a mask does to a network is compared with Keras' in tests/networks.
"""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_array_equal
from sklearn.model_selection import GridSearchCV, KFold

import skseq
from skseq import RecurrentClassifier
from skseq.networks.spec import NetworkSpec
from skseq.training import trainer
from skseq.training.options import UpdateRule
from skseq.training.plan import ProgramSpec
from skseq.training.programs import n_compilations
from skseq.training.updates import _drops

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(16, 4, 3))
Y = RANDOM.randint(2, size=16)
# One step of no length leaves the weights, so that only what is dropped changes losses.
RESTING = {"learning_rate": 1e-300, "shuffle": False}
# Rates of the same program that drop none of a few hundred numbers.
TINY = 1e-9


def make(**options):
    fixed = {"cell": "gru", "units": 3, "batch_size": 8, "random_state": 0}
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
    return make().fit(X, Y)


@pytest.mark.parametrize(
    "rates", [{"recurrent_dropout": TINY}, {"dropout": TINY}], ids=["inputs", "states"]
)
def test_each_update_drops_something_else(rates):
    losses = make(**RESTING, **rates, epochs=6).fit(X, Y).loss_curve_
    assert len(set(losses)) == 6


def test_nothing_is_dropped_at_a_rate_of_next_to_nothing():
    tiny = make(**RESTING, dropout=TINY, recurrent_dropout=TINY).fit(X, Y)
    none = make(**RESTING, dropout=0, recurrent_dropout=0).fit(X, Y)
    assert len(set(none.loss_curve_)) == 1
    np.testing.assert_allclose(tiny.loss_curve_, none.loss_curve_, rtol=1e-8)


def drawn(seed, step, *, recurrent=True, units=(20, 10)):
    network = NetworkSpec(
        "recurrent", units, 30, 4, "last", 1, 2, cell="gru", bidirectional=True,
        dropout=True, recurrent_dropout=recurrent,
    )  # fmt: skip
    rule, _ = UpdateRule.from_options("adam", 0.1, {}, "float32")
    program = ProgramSpec(network, "huber", rule, 50, weighted=False, idle=False)
    given = tf.constant([0.5, 0.25]), tf.constant(seed)
    layers = _drops(program, given, tf.constant(float(step)))
    return [mask.numpy() for layer in layers for mask in layer if mask is not None]


def test_as_many_are_dropped_as_the_rate_says_and_the_others_weigh_more():
    for place, mask in enumerate(drawn(7, 1)):
        rate = 0.25 if place % 2 else 0.5
        np.testing.assert_allclose(np.unique(mask), [0, 1 / (1 - rate)], rtol=1e-6)
        # Five times what chance makes of so many.
        spread = 5 * np.sqrt(rate * (1 - rate) / mask.size)
        assert abs(np.mean(mask == 0) - rate) < spread


def test_gates_rows_and_layers_have_masks_of_their_own():
    for mask in drawn(7, 1):
        assert len({gate.tobytes() for gate in mask}) == len(mask) == 3
        assert len({row.tobytes() for row in mask[0]}) > 30
    shown = [mask for mask in drawn(7, 1) if mask.shape == (3, 50, 30)]
    assert (shown[0] != shown[1]).any(), "either direction"
    assert {len(mask) for mask in drawn(7, 1, recurrent=False)} == {1}


def test_updates_and_seeds_have_masks_of_their_own():
    first = drawn(7, 1)
    assert all(map(np.array_equal, first, drawn(7, 1)))
    for other in (drawn(7, 2), drawn(8, 1), drawn(2**31 - 1, 1)):
        assert not any(map(np.array_equal, first, other))


def test_the_same_seed_drops_the_same(whole):
    same_training(make().fit(X, Y), whole)


def test_another_seed_drops_something_else(whole):
    seeds = {
        make(random_state=seed, epochs=1).fit(X, Y)._learnt.dropout_seed
        for seed in range(3)
    }
    assert len(seeds) == 3
    # From the same weights, in the same order.
    est = make(epochs=2, warm_start=True).fit(X, Y)
    est._learnt = replace(est._learnt, dropout_seed=est._learnt.dropout_seed + 1)
    assert est.fit(X, Y).loss_curve_[2] != whole.loss_curve_[2]


def saved(est, folder):
    skseq.save(est, folder / "est.skops")
    return skseq.load(folder / "est.skops")


WAYS = {
    "warm": lambda est, folder: est,
    "pickled": lambda est, folder: pickle.loads(pickle.dumps(est)),
    "saved": saved,
}


@pytest.mark.parametrize("way", WAYS)
def test_training_goes_on_as_if_never_interrupted(way, whole, tmp_path):
    est = make(epochs=2, warm_start=True).fit(X, Y)
    same_training(WAYS[way](est, tmp_path).fit(X, Y), whole)


def test_part_by_part_equals_at_once(whole):
    est = make()
    for _ in range(4):
        est.partial_fit(X, Y)
    same_training(est, whole)


def test_where_an_epoch_is_cut_changes_nothing(whole, monkeypatch):
    monkeypatch.setattr(trainer._Pace, "batches", lambda pace: 1)
    same_training(make().fit(X, Y), whole)


def test_dropout_that_comes_later_is_seeded_too():
    """Begun without it, as with a rate that nobody had thought of yet."""
    seeds = set()
    for seed in range(3):
        est = make(dropout=0, recurrent_dropout=0, random_state=seed, epochs=1)
        est.set_params(warm_start=True).fit(X, Y)
        est.set_params(dropout=0.5, recurrent_dropout=0.25).fit(X, Y)
        seeds.add(est._learnt.dropout_seed)
    assert len(seeds) == 3


def test_rates_and_seeds_change_neither_first_weights_nor_orders():
    with_it = make(**RESTING, epochs=1).fit(X, Y)
    without = make(**RESTING, epochs=1, dropout=0, recurrent_dropout=0).fit(X, Y)
    for ours, theirs in zip(with_it.weights_, without.weights_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-200)
    orders = [est._learnt.order.get_state()[1] for est in (with_it, without)]
    assert_array_equal(*orders)


def test_predictions_drop_nothing(whole):
    before = whole.predict_proba(X)
    assert_array_equal(whole.predict_proba(X), before)
    outputs = np.asarray(whole.model_(X))[:, 0]
    raised = np.exp(outputs)
    expected = raised / raised.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(before, expected, atol=1e-12)


def test_a_search_over_rates_compiles_nothing_new(whole):
    before = n_compilations()
    grid = {
        "dropout": [0.1, 0.2, 0.9],
        "recurrent_dropout": [0.125, 0.5],
        "learning_rate": [0.001, 0.01],
    }
    search = GridSearchCV(make(epochs=1), grid, cv=KFold(2), refit=False)
    search.fit(np.tile(X, (2, 1, 1)), np.tile(Y, 2))
    learnt = {make(dropout=r, epochs=1).fit(X, Y).loss_curve_[0] for r in (0.1, 0.9)}
    assert len(learnt) == 2
    assert n_compilations() == before
