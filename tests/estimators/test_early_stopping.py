"""Rows held out: what they are judged by, and what is kept."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn import model_selection

from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor
from skseq.exceptions import DivergenceWarning
from skseq.training import trainer
from skseq.training.plan import Targets
from skseq.training.watchers import EarlyStopping, Validation

from .conftest import CASES

WEIGHTS = np.random.default_rng(5).uniform(0.1, 5, 16)
STOPPING = {"early_stopping": True, "validation_fraction": 0.25, "epochs": 6}


@pytest.fixture
def split(monkeypatch):
    """Remember which rows were held out last."""
    seen = SimpleNamespace()
    splits = model_selection.train_test_split

    def remember(*args, **kwargs):
        seen.kept, seen.held = splits(*args, **kwargs)
        return seen.kept, seen.held

    monkeypatch.setattr(model_selection, "train_test_split", remember)
    return seen


@pytest.mark.parametrize(
    "name", ["classifier", "classifier_per_step", "seq2seq", "encoder_decoder"]
)
def test_labels_are_judged_by_the_weighted_share_that_is_right(cases, name, split):
    case = cases[name]
    est = case.make(**STOPPING).fit(case.X, case.y, sample_weight=WEIGHTS)
    right = est.predict(case.X[split.held]) == case.y[split.held]
    shares = right.reshape(len(split.held), -1).mean(axis=1)
    expected = np.average(shares, weights=WEIGHTS[split.held])
    assert est.best_validation_score_ == pytest.approx(expected)
    assert est.best_validation_score_ == max(est.validation_scores_)


@pytest.mark.parametrize(
    "name", ["regressor", "regressor_per_step", "regressor_vectors"]
)
def test_numbers_are_judged_by_what_their_error_is_of_the_variance(cases, name, split):
    case = cases[name]
    est = case.make(**STOPPING).fit(case.X, case.y, sample_weight=WEIGHTS)
    width = case.y.shape[2] if case.y.ndim == 3 else 1
    trained = case.y[split.kept].reshape(-1, width)
    weights = np.repeat(WEIGHTS[split.kept], len(trained) // len(split.kept))
    mean = np.average(trained, axis=0, weights=weights)
    variance = np.average(((trained - mean) ** 2).mean(axis=1), weights=weights)
    errors = (est.predict(case.X[split.held]) - case.y[split.held]) ** 2
    errors = errors.reshape(len(split.held), -1).mean(axis=1)
    error = np.average(errors, weights=WEIGHTS[split.held])
    assert est.best_validation_score_ == pytest.approx(1 - error / variance)


@pytest.mark.parametrize("name", ["regressor", "regressor_per_step"])
def test_a_single_row_held_out_is_enough(cases, name, split):
    """Its own variance is zero; what is kept was trained all the same."""
    case = cases[name]
    options = {**STOPPING, "validation_fraction": 0.05}
    est = case.make(**options).fit(case.X, case.y)
    assert len(split.held) == 1
    assert np.isfinite(est.validation_scores_).all()
    start = case.make(**options, learning_rate=1e-300).fit(case.X, case.y)
    both = est.weights_, start.weights_
    assert all((a != b).any() for a, b in zip(*both, strict=True))
    best = est.validation_scores_.index(est.best_validation_score_) + 1
    until = case.make(**{**options, "epochs": best}).fit(case.X, case.y)
    for ours, theirs in zip(est.weights_, until.weights_, strict=True):
        assert_array_equal(ours, theirs)


def test_an_echo_is_seen_to_improve_before_any_sequence_is_right(cases, split):
    case = cases["seq2seq"]
    est = case.make(**{**STOPPING, "epochs": 8, "learning_rate": 0.05}, units=3)
    est.fit(case.X, case.y)
    # Shares of tokens: sequences would count by quarters, and stand still at none.
    assert len(set(est.validation_scores_)) > 2
    tokens = len(split.held) * 4
    assert np.allclose(np.array(est.validation_scores_) * tokens % 1, 0)


def test_padded_steps_of_rows_held_out_do_not_count(cases, split):
    case = cases["regressor_per_step"]
    X, y = case.X.copy(), case.y.copy()
    X[::2, 2:], y[::2, 2:] = -1.0, np.nan
    est = case.make(**STOPPING, mask_value=-1.0).fit(X, y)
    squares = (est.predict(X[split.held]) - y[split.held]) ** 2
    trained = y[split.kept][np.isfinite(y[split.kept])]
    expected = 1 - np.nanmean(squares) / trained.var()
    assert est.best_validation_score_ == pytest.approx(expected)


def test_what_stands_where_no_target_is_does_not_count():
    weights = np.array([[1.0, 1.0, 0.0]])
    outputs = np.array([[[1.0], [2.0], [np.nan]]])
    targets = Targets(np.zeros((1, 3, 1)), weights, per_step=True)
    assert StatefulLSTMRegressor()._quality(outputs, targets, 5.0) == 1 - 2.5 / 5
    targets = Targets(np.array([[1, 0, 0]]), weights, per_step=True)
    outputs = np.array([[1, 2, 0]])
    assert StatefulLSTMClassifier()._quality(outputs, targets, 1.0) == 0.5


@pytest.mark.parametrize("name", ["regressor_per_step", "classifier_per_step"])
def test_the_longest_row_may_be_one_that_does_not_count(cases, name):
    case = cases[name]
    X = case.X.copy()
    X[1:, 2:] = -1.0
    present = np.arange(16) > 0
    options = {**STOPPING, "mask_value": -1.0}
    absent = case.make(**options).fit(X, case.y, sample_weight=present)
    left_out = case.make(**options).fit(X[1:], case.y[1:])
    assert absent.validation_scores_ == left_out.validation_scores_
    assert absent.loss_curve_ == left_out.loss_curve_


def chunk(weight):
    learnt = SimpleNamespace(diverged_in=None, weights=weight)
    return SimpleNamespace(completed=1, learnt=learnt)


def test_a_score_that_is_no_number_is_the_worst_there_is():
    scores = iter([np.nan, 0.5, np.nan])
    validation = Validation(lambda learnt: (next(scores), 1.0))
    stopping = EarlyStopping(validation, tol=0.0, patience=9)
    for weight in "abc":
        told = chunk(weight)
        assert not validation.stop(told)
        assert not stopping.stop(told)
    assert stopping.best == 0.5
    assert stopping.kept.weights == "b"
    assert validation.scores == [-np.inf, 0.5, -np.inf]


def test_what_diverges_later_leaves_the_best_weights(cases, monkeypatch):
    """Those were numbers, and are kept; that training diverged is said all the same."""
    case, train = cases["regressor"], trainer.train

    def wrecked(*args, **kwargs):
        for chunk in train(*args, **kwargs):
            if chunk.epochs < 4:
                yield chunk
                continue
            arrays = {
                name: tuple(array * np.nan for array in getattr(chunk.learnt, name))
                for name in ("weights", "slots")
            }
            yield replace(chunk, learnt=replace(chunk.learnt, **arrays, diverged_in=4))

    monkeypatch.setattr(trainer, "train", wrecked)
    est = case.make(**STOPPING)
    with pytest.warns(DivergenceWarning, match="^Training of .* diverged in epoch 4: "):
        est.fit(case.X, case.y)
    monkeypatch.undo()
    assert est.validation_scores_[3:] == [-np.inf]
    assert est.n_iter_ == 4
    whole = case.make(**{**STOPPING, "epochs": 3}).fit(case.X, case.y)
    assert est.best_validation_score_ == whole.best_validation_score_
    for ours, theirs in zip(est.weights_, whole.weights_, strict=True):
        assert_array_equal(ours, theirs)
    assert_array_equal(est.predict(case.X), whole.predict(case.X))
    # Later training goes on from numbers.
    est.set_params(warm_start=True).fit(case.X, case.y)
    assert np.isfinite(est.loss_curve_[4:]).all()


def test_groups_are_held_out_whole():
    case = CASES["regressor_per_step"]
    groups = np.repeat(np.arange(4), 4)
    est = case.make(**STOPPING).fit(case.X, case.y, groups=groups)
    held = [g for g in range(4) if est.best_validation_score_ == best_of(est, g)]
    assert len(held) == 1


def best_of(est, group):
    """The score that the rows of a group would give."""
    case = CASES["regressor_per_step"]
    rows = slice(4 * group, 4 * group + 4)
    others = np.delete(case.y.reshape(4, -1), group, axis=0)
    error = ((est.predict(case.X[rows], groups=np.zeros(4)) - case.y[rows]) ** 2).mean()
    return pytest.approx(1 - error / others.var())


@pytest.mark.parametrize(
    ("fraction", "n_held", "stratified"),
    [(0.1, 2, True), (0.05, 1, False), (0.95, 19, False)],
)
def test_rows_are_held_out_by_class_where_each_has_room(
    split, fraction, n_held, stratified
):
    """One row cannot show two classes, on either side: then any row will do."""
    X = np.random.default_rng(0).normal(size=(20, 3, 1))
    y = np.array(["no"] * 10 + ["yes"] * 10)
    StatefulLSTMClassifier(
        units=2, epochs=1, early_stopping=True, validation_fraction=fraction
    ).fit(X, y)
    assert len(split.held) == n_held
    counts = np.unique(y[split.held], return_counts=True)[1]
    assert not stratified or counts.tolist() == [1, 1]
