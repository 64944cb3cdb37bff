"""Validation data: what they are judged by, and that nothing is learnt from them."""

import keras
import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from skseq.estimators import _validation
from skseq.inference.losses import LOSSES
from skseq.training.losses import LOSSES as COMPILED

from .conftest import FEWER_LAYOUTS_EVERY_DAY

STOPPING = {"early_stopping": True, "validation_fraction": 0.25, "epochs": 6}
SOME = slice(0, 6)
WEIGHTS = np.random.default_rng(5).uniform(0.1, 5, 16)


def same_fits(one, other):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)


def keras_loss(est, X, y):
    """What Keras says of the model's outputs."""
    outputs = np.asarray(est.model_(X))
    if est.loss in LOSSES and "crossentropy" not in est.loss:
        losses = keras.losses.get(est.loss)(y.reshape(outputs.shape), outputs)
        return float(np.mean(losses))
    codes = np.searchsorted(est.classes_, y).reshape(outputs.shape[:2])
    hot = np.eye(len(est.classes_))[codes]
    kind = {
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
    }[est.loss]
    return float(kind(from_logits=True)(hot, outputs))


@FEWER_LAYOUTS_EVERY_DAY
def test_nothing_is_learnt_from_them(any_layout):
    case = any_layout
    est = case.make().fit(case.X, case.y, X_val=case.X[SOME], y_val=case.y[SOME])
    same_fits(est, case.fit())
    assert len(est.validation_scores_) == len(est.validation_loss_curve_) == 4
    assert not hasattr(est, "best_validation_score_")
    # The next fit knows nothing of them.
    assert not hasattr(est.fit(case.X, case.y), "validation_scores_")


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        pytest.param(
            "classifier_outputs", "binary_crossentropy", marks=pytest.mark.slow
        ),
        ("seq2seq", "categorical_crossentropy"),
        pytest.param("regressor_vectors", "huber", marks=pytest.mark.slow),
        ("decoder_of_numbers", "mean_squared_error"),
    ],
)
def test_their_loss_is_that_of_keras(cases, name, loss):
    case = cases[name]
    est = case.make(epochs=1, loss=loss)
    est.fit(case.X, case.y, X_val=case.X[SOME], y_val=case.y[SOME])
    expected = keras_loss(est, case.X[SOME], case.y[SOME])
    assert est.validation_loss_curve_ == [pytest.approx(expected, rel=1e-6)]


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_those_that_are_trained_on(loss):
    rng = np.random.default_rng(0)
    outputs = 30 * rng.normal(size=(50, 4, 3))
    targets = rng.normal(size=(50, 4, 3))
    if "crossentropy" in loss:
        targets = rng.integers(3, size=(50, 4))
    expected = COMPILED[loss](targets, outputs)
    assert_allclose(LOSSES[loss](targets, outputs), expected, rtol=1e-9, atol=1e-12)


# adriangb/scikeras #289: validation data in place of a share of the rows.
@pytest.mark.parametrize(
    "name",
    [
        "classifier",
        "regressor_per_step",
        pytest.param("seq2seq", marks=pytest.mark.slow),
    ],
)
def test_early_stopping_goes_by_them_as_by_rows_held_out(cases, name):
    case = cases[name]
    last = case.make(**STOPPING, shuffle=False).fit(
        case.X, case.y, sample_weight=WEIGHTS
    )
    given = case.make(**{**STOPPING, "shuffle": False}).fit(
        case.X[:12],
        case.y[:12],
        sample_weight=WEIGHTS[:12],
        X_val=case.X[12:],
        y_val=case.y[12:],
        sample_weight_val=WEIGHTS[12:],
    )
    same_fits(last, given)
    assert_allclose(given.validation_scores_, last.validation_scores_)
    assert_allclose(given.validation_loss_curve_, last.validation_loss_curve_)
    assert given.best_validation_score_ == max(given.validation_scores_)


def test_without_shuffling_the_last_groups_are_held_out(cases):
    case = cases["regressor_per_step"]
    groups = np.repeat([3, 1, 2, 0], 4)
    last = case.make(**STOPPING, shuffle=False).fit(case.X, case.y, groups=groups)
    given = case.make(**STOPPING, shuffle=False).fit(
        case.X[:12],
        case.y[:12],
        groups=groups[:12],
        X_val=case.X[12:],
        y_val=case.y[12:],
        groups_val=groups[12:],
    )
    same_fits(last, given)
    assert given.validation_scores_ == last.validation_scores_


def test_without_targets_tokens_of_validation_data_are_echoed(cases):
    case = cases["seq2seq"]
    given = {"X_val": case.X[SOME]}
    est = case.make().fit(case.X, **given)
    tokens = case.X.argmax(axis=2)
    said = case.make().fit(case.X, tokens, **given, y_val=tokens[SOME])
    assert est.validation_scores_ == said.validation_scores_


def test_weights_of_classes_do_not_count_there(cases):
    case = cases["classifier"]
    weighted = case.make(class_weight={"no": 1, "yes": 9}, learning_rate=1e-300)
    plain = case.make(learning_rate=1e-300)
    given = {"X_val": case.X[SOME], "y_val": case.y[SOME]}
    found = weighted.fit(case.X, case.y, **given).validation_loss_curve_
    assert found == plain.fit(case.X, case.y, **given).validation_loss_curve_
    # One class alone is enough to judge by.
    of_one = np.flatnonzero(case.y == "no")
    balanced = case.make(class_weight="balanced", epochs=1)
    balanced.fit(case.X, case.y, X_val=case.X[of_one], y_val=case.y[of_one])


def test_nor_among_rows_held_out(cases):
    case = cases["classifier"]
    options = {**STOPPING, "shuffle": False, "class_weight": {"no": 1, "yes": 9}}
    last = case.make(**options).fit(case.X, case.y)
    given = case.make(**options).fit(
        case.X[:12], case.y[:12], X_val=case.X[12:], y_val=case.y[12:]
    )
    same_fits(last, given)
    assert given.validation_scores_ == last.validation_scores_
    assert given.validation_loss_curve_ == last.validation_loss_curve_
    assert last.best_validation_score_ == last.score(case.X[12:], case.y[12:])


def test_padding_there_does_not_count(cases):
    case = cases["regressor_per_step"]
    X, y = case.X.copy(), case.y.copy()
    X[::2, 2:], y[::2, 2:] = -1.0, 99.0
    est = case.make(mask_value=-1.0).fit(X, y, X_val=X[SOME], y_val=y[SOME])
    errors = ((est.predict(X[SOME]) - y[SOME]) ** 2)[(X[SOME] != -1).all(axis=2)]
    assert est.validation_loss_curve_[-1] == pytest.approx(errors.mean())


@pytest.mark.parametrize("grouped", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_many_outputs_are_judged_in_parts(cases, monkeypatch, grouped):
    case = cases["classifier_per_step"]
    given = {"X_val": case.X, "y_val": case.y, "sample_weight_val": WEIGHTS}
    groups = {"groups": np.repeat([0, 1], 8)} if grouped else {}
    if grouped:
        given["groups_val"] = np.repeat([3, 1, 2], [5, 9, 2])
    whole = case.make().fit(case.X, case.y, **groups, **given)
    monkeypatch.setattr(_validation, "MOST_OUTPUTS", 3 * 5 * 2)
    parts = case.make().fit(case.X, case.y, **groups, **given)
    assert parts.validation_scores_ == whole.validation_scores_
    assert parts.validation_loss_curve_ == whole.validation_loss_curve_


# adriangb/scikeras #131: validation data behind the steps of a pipeline.
def test_a_pipeline_transforms_them(cases):
    case = cases["regressor"]
    table = 100 * case.X[:, :, 0]
    params = {**STOPPING, "learning_rate": 0.1}
    with sklearn.config_context(enable_metadata_routing=True):
        est = case.make(**params).set_fit_request(X_val=True, y_val=True)
        steps = [("scaler", StandardScaler()), ("model", est)]
        whole = Pipeline(steps, transform_input=["X_val"])
        whole.fit(table, case.y, X_val=table[SOME], y_val=case.y[SOME])
    scaled = StandardScaler().fit_transform(table)
    by_hand = case.make(**params).fit(
        scaled, case.y, X_val=scaled[SOME], y_val=case.y[SOME]
    )
    same_fits(whole["model"], by_hand)
    assert whole["model"].validation_scores_ == by_hand.validation_scores_


def test_precision_is_that_of_the_fit(cases):
    """Not of the one before."""
    case = cases["regressor"]
    given = {"X_val": case.X[SOME], "y_val": case.y[SOME]}
    est = case.fit(dtype="float32", epochs=1).set_params(dtype="float64", epochs=4)
    fresh = case.make().fit(case.X, case.y, **given)
    est.fit(case.X, case.y, **given)
    assert est.validation_loss_curve_ == fresh.validation_loss_curve_
