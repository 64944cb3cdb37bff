"""Weights and missing targets of single steps: weight 0, none and padding are alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import accuracy_score, r2_score

from .conftest import CASES, N_STEPS
from .test_padding import GROUPS, LENGTHS, arrays_of, planned

PER_STEP = ["classifier_per_step", "regressor_per_step", "seq2seq", "regressor_vectors"]
WEIGHTS = np.random.default_rng(4).uniform(0.5, 2, (16, N_STEPS))


def without(y, gone):
    """Targets with some of them missing, in the way of their kind."""
    y = y.astype(object if y.dtype.kind == "U" else float)
    y[gone] = None if y.dtype == object else np.nan
    return y


def same_plans(found, expected):
    assert found.program == expected.program
    for ours, theirs in zip(arrays_of(found), arrays_of(expected), strict=True):
        assert (ours is None) == (theirs is None)
        assert ours is None or np.array_equal(ours, theirs)


# keras-team/keras #8415: targets are known at few steps, the others are not to count.
@pytest.mark.parametrize("name", PER_STEP)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_missing_target_a_weight_of_zero_and_another_label_there_are_alike(
    name, data
):
    """Whole rows among them, with and without groups and weights of the others."""
    case = CASES[name]
    seed = data.draw(st.integers(0, 999))
    gone = np.random.default_rng(seed).random((16, N_STEPS)) < 0.4
    gone[0], gone[1] = True, False
    groups = GROUPS if data.draw(st.booleans()) else None
    given_weights = data.draw(st.sampled_from([np.ones((16, N_STEPS)), WEIGHTS]))
    how = {}
    if name != "regressor_per_step" and name != "regressor_vectors":
        how["class_weight"] = data.draw(st.sampled_from([None, "balanced"]))
    est = case.make(**how)
    zero = np.where(gone, 0, given_weights)
    other = case.y.copy()
    other[gone] = other.ravel()[0]
    expected = planned(est, case.X, other, zero, groups)
    missing = planned(est, case.X, without(case.y, gone), given_weights, groups)
    same_plans(missing, expected)
    # As lists.
    rows = [
        list(map(np.array, list(a)))
        for a in (case.X, without(case.y, gone), given_weights)
    ]
    same_plans(planned(est, *rows, groups), expected)


@pytest.mark.parametrize("name", PER_STEP)
def test_a_weight_for_each_step_of_a_row_is_the_weight_of_the_row(cases, name):
    case = cases[name]
    rows = WEIGHTS[:, 0]
    steps = np.repeat(rows[:, None], N_STEPS, axis=1)
    est = case.make()
    same_plans(
        planned(est, case.X, case.y, steps, None),
        planned(est, case.X, case.y, rows, None),
    )


# keras-team/keras #1537, #3554: weights of steps, to leave padding out.
@pytest.mark.parametrize(
    "name",
    ["regressor_per_step", pytest.param("classifier_per_step", marks=pytest.mark.slow)],
)
def test_a_weight_of_zero_at_the_last_steps_is_their_padding(cases, name):
    """In training and scores, and in early stopping."""
    case = cases[name]
    real = np.arange(N_STEPS) < LENGTHS[:, None]
    X = np.where(real[:, :, None], case.X, np.nan)
    # Rows held out are the same; both programs know of a mask.
    options = {"mask_value": np.nan, "early_stopping": True, "validation_fraction": 0.3}
    masked = case.make(**options).fit(X, case.y, sample_weight=WEIGHTS)
    beside = np.concatenate([case.X, np.full((16, 1, 3), np.nan)], axis=1)
    y = np.concatenate([case.y, case.y[:, :1]], axis=1)
    weights = np.concatenate([WEIGHTS * real, np.ones((16, 1))], axis=1)
    weighted = case.make(**options).fit(beside, y, sample_weight=weights)
    assert_allclose(weighted.loss_curve_, masked.loss_curve_, rtol=1e-9)
    assert_allclose(
        weighted.validation_scores_, masked.validation_scores_, rtol=1e-9, atol=1e-12
    )
    for ours, theirs in zip(weighted.weights_, masked.weights_, strict=True):
        assert_allclose(ours, theirs, rtol=1e-7, atol=1e-10)
    assert masked.score(X, case.y, sample_weight=WEIGHTS) == pytest.approx(
        masked.score(case.X, case.y, sample_weight=WEIGHTS * real)
    )


@pytest.mark.parametrize(
    "name",
    ["classifier_per_step", pytest.param("regressor_vectors", marks=pytest.mark.slow)],
)
def test_beside_padded_rows_of_one_length_a_list_means_their_steps(cases, name):
    case = cases[name]
    X, weights = case.X.copy(), np.arange(16 * N_STEPS).reshape(16, N_STEPS)
    X[:, 2:] = -7
    y, w = list(case.y[:, :2]), list(weights[:, :2])
    est = case.make(epochs=1, mask_value=-7)
    # Nothing tells targets of both real steps from two after the last.
    for more in ({}, {"sample_weight": [0.0] + [1.0] * 15}):
        rows = [case.y[0], *y[1:]] if more else y
        one_longer = X.copy()
        one_longer[0] = case.X[0] if more else X[0]
        with pytest.raises(ValueError, match="so many of the 4 steps of each row of X"):
            est.fit(one_longer, rows, **more)
    est.fit(X, case.y, X_val=X, y_val=y, sample_weight_val=w)
    twin = est.validation_scores_, est.validation_loss_curve_
    assert est.score(X, y, w) == est.score(X, case.y, weights)
    est.fit(X, case.y, X_val=X, y_val=case.y, sample_weight_val=weights)
    assert (est.validation_scores_, est.validation_loss_curve_) == twin


@pytest.mark.parametrize("name", ["classifier_per_step", "regressor_per_step"])
def test_scores_weigh_steps_and_leave_out_missing_targets(cases, name):
    case = cases[name]
    est = case.fit(epochs=1)
    gone = np.random.default_rng(0).random((16, N_STEPS)) < 0.3
    metric = accuracy_score if name.startswith("c") else r2_score
    expected = metric(
        case.y[~gone], est.predict(case.X)[~gone], sample_weight=WEIGHTS[~gone]
    )
    y = without(case.y, gone)
    assert est.score(case.X, y, sample_weight=WEIGHTS) == pytest.approx(expected)
    zero = est.score(case.X, case.y, sample_weight=WEIGHTS * ~gone)
    assert zero == pytest.approx(expected)


def test_a_whole_echo_is_right_where_its_weighted_steps_are(cases):
    case = cases["seq2seq"]
    est = case.fit(epochs=1)
    right = est.predict(case.X) == case.y
    assert est.score(case.X, case.y, sample_weight=right.astype(float)) == 1
    assert est.score(case.X, without(case.y, ~right)) == 1


def test_labels_beside_missing_ones_are_of_their_own_kind(cases):
    case = cases["seq2seq"]
    est = case.make(epochs=1).fit(case.X, without(case.y, case.y == "a"))
    assert est.classes_.tolist() == ["b", "c"]
    assert est.classes_.dtype.kind == "U"
    # A label that does not count is no class.
    est.fit(case.X, case.y, sample_weight=(case.y != "a").astype(float))
    assert_array_equal(est.classes_, ["b", "c"])


@pytest.mark.parametrize("missing", [None, np.nan])
def test_missing_labels_of_rows_do_not_count_in_scores(cases, missing):
    case = cases["classifier"]
    est = case.fit()
    some = case.y.astype(object)
    some[::2] = missing
    assert est.score(case.X, some) == est.score(case.X[1::2], case.y[1::2])
    pairs = case.make(n_outputs=2, epochs=1).fit(case.X, np.c_[case.y, case.y[::-1]])
    right = pairs.predict(case.X)[:, 1] == case.y[::-1]
    some = np.array([[missing, label] for label in case.y[::-1]], object)
    assert pairs.score(case.X, some) == right.mean()


def test_numbers_beside_labels_of_text_are_refused(cases):
    case = cases["classifier"]
    est = case.fit()
    with pytest.raises(
        ValueError,
        match=r"^Text and numbers are never equal, but y has 1 and classes_ has 'no'; ",
    ):
        est.score(case.X, np.ones(16, int))
