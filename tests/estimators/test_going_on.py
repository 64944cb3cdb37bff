"""Training that goes on after any change, and what was handed out before it."""

import copy
import os
import pickle
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from skseq import Seq2SeqEcho, StatefulLSTMClassifier

# One change of every parameter; None where it is to be refused.
CHANGES = {
    "units": 4,
    "bidirectional": True,
    "pooling": "mean",
    "dropout": 0.5,
    "recurrent_dropout": 0.25,
    "dtype": "float32",
    "n_outputs": 2,
    "rows_abreast": 2,
    "batch_size": 16,
    "optimizer": "rmsprop",
    "loss": "binary_crossentropy",
    "truncated_bptt_steps": 2,
    "early_stopping": True,
    "epochs": 2,
    "learning_rate": 0.1,
    "global_clipnorm": 0.5,
    "forget_bias": "chrono",
    "max_lag": 9,
    "mask_value": 0.0,
    "shuffle": False,
    "validation_fraction": 0.5,
    "n_iter_no_change": 2,
    "tol": 0.5,
    "warm_start": False,
    "class_weight": {"no": 1, "yes": 3},
    "callbacks": [],
    "checkpoint": str(Path(tempfile.gettempdir()) / f"going-on-{os.getpid()}.skops"),
    "checkpoint_every": 1,
    "random_state": 7,
    "verbose": 0,
}
# What each would be refused with; the words that say what is wrong.
REFUSED = {
    "units": "units=4, but this estimator was first fitted with units=3",
    "bidirectional": "bidirectional=True, but this estimator was first fitted with",
    "pooling": "pooling='mean', but this estimator was first fitted with",
    "dtype": "dtype='float32', but this estimator was first fitted with",
    "n_outputs": "n_outputs=2 but y has shape",
    "rows_abreast": "rows_abreast=2 says how rows of a group",
}
COMPILES = {
    "batch_size",
    "optimizer",
    "loss",
    "truncated_bptt_steps",
    "early_stopping",
    "global_clipnorm",
    "class_weight",
    "dropout",
    "recurrent_dropout",
}
HOW = {
    "fit": lambda est: est,
    "pickled fit": lambda est: pickle.loads(pickle.dumps(est)),
}


def begun(case, epochs=2):
    """Trained for a while, with a rule that keeps slots."""
    return case.make(epochs=epochs, warm_start=True).fit(case.X, case.y)


def taken_up(case, learnt, params):
    """An estimator that never had other parameters, given what was learnt so far."""
    est = case.make(**params).fit(case.X, case.y)
    same_kind = learnt.rule.optimizer == est._learnt.rule.optimizer
    slots = learnt.slots if same_kind else tuple(map(np.zeros_like, est._learnt.slots))
    est._learnt = replace(
        est._learnt,
        weights=learnt.weights,
        slots=slots,
        updates=learnt.updates if same_kind else 0,
        order=copy.deepcopy(learnt.order),
        losses=learnt.losses,
    )
    return est


def assert_same(one, other, X):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)
    assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    assert_array_equal(one.predict(X), other.predict(X))


def test_a_change_of_every_parameter_is_tried():
    assert set(CHANGES) == set(StatefulLSTMClassifier().get_params())


@pytest.mark.parametrize("name", CHANGES)
def test_training_goes_on_as_if_the_parameter_had_always_been_so(cases, name):
    case, change = cases["classifier"], {name: CHANGES[name]}
    est = begun(case)
    learnt = est._learnt
    params = {"epochs": 2, "warm_start": True, **change}
    est.set_params(**change)
    if name in REFUSED:
        before = copy.copy(vars(est))
        for call in (est.fit, est.partial_fit):
            with pytest.raises(ValueError, match=REFUSED[name]):
                call(case.X, case.y)
        assert vars(est) == before
        return
    if name == "warm_start":
        assert_same(est.fit(case.X, case.y), case.fit(epochs=2), case.X)
        return
    expected = taken_up(case, learnt, params)
    twin = pickle.loads(pickle.dumps(est))
    part = copy.deepcopy(est)
    expected.fit(case.X, case.y)
    assert_same(est.fit(case.X, case.y), expected, case.X)
    assert_same(twin.fit(case.X, case.y), expected, case.X)
    if name == "early_stopping":
        with pytest.raises(ValueError, match="partial_fit trains on every row"):
            part.partial_fit(case.X, case.y)
    elif name == "checkpoint":
        with pytest.raises(ValueError, match="partial_fit trains for a single epoch"):
            part.partial_fit(case.X, case.y)
    elif name != "class_weight":
        params = {**params, "epochs": 1}
        once = taken_up(case, learnt, params).fit(case.X, case.y)
        assert_same(part.partial_fit(case.X, case.y), once, case.X)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_training_goes_on_after_several_changes(cases_of_module, data):
    """Of those that need no other program."""
    case = cases_of_module["classifier"]
    cheap = sorted(set(CHANGES) - COMPILES - set(REFUSED) - {"warm_start"})
    est, stages = begun(case, epochs=1), data.draw(st.integers(1, 3))
    params = {"epochs": 1, "warm_start": True}
    for _ in range(stages):
        names = data.draw(st.sets(st.sampled_from(cheap), max_size=4))
        params = {**params, **{name: CHANGES[name] for name in names}}
        expected = taken_up(case, est._learnt, params).fit(case.X, case.y)
        if data.draw(st.booleans()):
            est = pickle.loads(pickle.dumps(est))
        assert_same(est.set_params(**params).fit(case.X, case.y), expected, case.X)


@pytest.fixture(scope="module")
def cases_of_module(cases):
    return cases


def test_slots_of_another_rule_mean_nothing_to_the_next(cases):
    """There and back again is afresh, too."""
    case = cases["regressor"]
    est = case.make(epochs=2, warm_start=True).fit(case.X, case.y)
    est.set_params(optimizer="sgd").fit(case.X, case.y)
    learnt = est._learnt
    assert learnt.slots == ()
    assert learnt.updates == 4
    est.set_params(optimizer="adam").fit(case.X, case.y)
    fresh = case.make(epochs=2, warm_start=True).fit(case.X, case.y)
    fresh._learnt = replace(
        fresh._learnt,
        weights=learnt.weights,
        slots=tuple(map(np.zeros_like, fresh._learnt.slots)),
        updates=0,
        order=copy.deepcopy(learnt.order),
    )
    fresh.fit(case.X, case.y)
    for ours, theirs in zip(est.weights_, fresh.weights_, strict=True):
        assert_array_equal(ours, theirs)


def test_as_many_slots_of_another_rule_are_not_taken_over(cases):
    """A velocity is no mean square."""
    case = cases["regressor"]
    now = {"optimizer": "rmsprop", "optimizer__momentum": 0.0}
    est = case.make(optimizer="sgd", epochs=2, warm_start=True)
    est.set_params(optimizer__momentum=0.9).fit(case.X, case.y)
    learnt = est._learnt
    assert len(learnt.slots) == len(learnt.weights)
    est.set_params(**now).fit(case.X, case.y)
    fresh = case.make(epochs=2, warm_start=True).set_params(**now).fit(case.X, case.y)
    fresh._learnt = replace(
        fresh._learnt,
        weights=learnt.weights,
        slots=tuple(map(np.zeros_like, fresh._learnt.slots)),
        updates=0,
        order=copy.deepcopy(learnt.order),
    )
    fresh.fit(case.X, case.y)
    for ours, theirs in zip(est.weights_, fresh.weights_, strict=True):
        assert_array_equal(ours, theirs)


def test_probabilities_are_read_by_the_loss_that_was_trained_with(cases):
    case = cases["classifier"]
    est = case.fit()
    before = est.predict_proba(case.X)
    est.set_params(loss="binary_crossentropy")
    assert_array_equal(est.predict_proba(case.X), before)
    assert_array_equal(est.stream().outputs(case.X[0, 0]).sum(), 1.0)


def test_a_precision_set_after_a_fit_changes_no_prediction(cases):
    case = cases["regressor"]
    est = case.fit(dtype="float32", epochs=1)
    before = est.predict(case.X)
    found = est.set_params(dtype="float64").predict(case.X)
    assert_array_equal(found, before)
    with pytest.raises(ValueError, match="X has values too large for dtype='float32'"):
        est.predict(case.X * 1e300)


def said(handed, case):
    """What all that was handed out says now."""
    stream, twin, loaded, model, weights, classes, curve = handed
    stream.reset()
    # The label, not where it stands.
    return [
        [np.asarray(stream.step(x)) for x in case.X[0]],
        twin.predict(case.X),
        twin.predict_proba(case.X),
        loaded.predict(case.X),
        np.asarray(model(case.X.astype("float64"))),
        [weight.copy() for weight in weights],
        classes.copy(),
        list(curve),
    ]


@pytest.mark.parametrize("name", ["classifier", "seq2seq", "encoder_decoder"])
@pytest.mark.parametrize("how", ["fit", "warm fit", "partial_fit"])
def test_what_was_handed_out_does_not_change_with_later_fits(cases, name, how):
    case = cases[name]
    est = case.fit(epochs=1)
    handed = (
        est.stream(),
        copy.copy(est),
        pickle.loads(pickle.dumps(est)),
        est.model_,
        est.weights_,
        est.classes_,
        est.loss_curve_,
    )
    before = said(handed, case)
    if how == "fit":
        # Other labels, so that other classes stand at the same places.
        labels = np.array(["yellow", "blue", "red"])
        y = labels[np.unique(case.y, return_inverse=True)[1].reshape(case.y.shape)]
        est.set_params(random_state=1).fit(case.X, y)
        assert set(np.unique(est.predict(case.X))) <= set(labels)
    elif how == "warm fit":
        est.set_params(warm_start=True, learning_rate=0.5).fit(case.X, case.y)
    else:
        est.set_params(learning_rate=0.5).partial_fit(case.X, case.y)
    after = said(handed, case)
    for one, other in zip(before, after, strict=True):
        for ours, theirs in zip(one, other, strict=True):
            assert_array_equal(ours, theirs)


def test_another_kind_of_target_is_refused_by_what_it_means(cases):
    case = cases["seq2seq"]
    est = Seq2SeqEcho(units=3, epochs=1, warm_start=True).fit(case.X, case.y)
    est.set_params(n_outputs=4)
    with pytest.raises(ValueError, match="y has shape") as caught:
        est.fit(case.X, case.y)
    assert str(caught.value) == (
        "y has shape (16, 4), targets after the last step, but this estimator was "
        "first fitted with y of shape (n, n_timesteps), one target per step."
    )
