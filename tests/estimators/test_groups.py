"""Rows of a group continue each other, whatever the batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.base import is_classifier

PER_STEP = ["classifier_per_step", "regressor_per_step", "seq2seq", "regressor_vectors"]
ONE = np.zeros(16)


def outputs_of(est, X, **kwargs):
    return (est.predict_proba if is_classifier(est) else est.predict)(X, **kwargs)


def assert_same_training(one, other):
    assert one.loss_curve_ == other.loss_curve_
    for ours, theirs in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(ours, theirs)


@pytest.fixture(scope="module")
def fitted(cases):
    made = {}

    def fit(name):
        if name not in made:
            made[name] = cases[name].fit(epochs=1)
        return made[name]

    return fit


@pytest.mark.parametrize("name", PER_STEP)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_sequence_in_rows_of_one_group_is_predicted_as_in_one_row(
    fitted, cases, name, data
):
    """With as many rows as drawn, more or fewer than a batch of the fit has."""
    est, X = fitted(name), cases[name].X
    n_rows = data.draw(st.integers(1, 12))
    abreast = data.draw(st.integers(1, 3))
    steps = np.concatenate([X.reshape(-1, 3)] * 3)[: abreast * n_rows * 2]
    whole = steps.reshape(abreast, n_rows * 2, 3)
    # Row i continues row i - abreast.
    rows = whole.reshape(abreast, n_rows, 2, 3).swapaxes(0, 1).reshape(-1, 2, 3)
    est.set_params(rows_abreast=abreast)
    found = outputs_of(est, rows, groups=np.zeros(len(rows)))
    expected = outputs_of(est, whole)
    tail = expected.shape[2:]
    found = found.reshape(n_rows, abreast, 2, *tail).swapaxes(0, 1)
    assert_array_equal(found.reshape(expected.shape), expected)


def test_ten_rows_of_a_group_are_learnt_as_by_batches_of_one(cases):
    """The batch has room for more, and was cut to what there is."""
    case = cases["regressor_per_step"]
    X, y = case.X[:10], case.y[:10]
    fits = [
        case.make(batch_size=size).fit(X, y, groups=ONE[:10]) for size in (1, 32, None)
    ]
    assert_same_training(fits[0], fits[1])
    assert_same_training(fits[0], fits[2])
    apart = case.make(batch_size=1, shuffle=False).fit(X, y)
    assert fits[0].loss_curve_[0] != apart.loss_curve_[0]


def test_a_sequence_in_rows_of_one_group_is_learnt_as_in_one_row(cases):
    case = cases["regressor_per_step"]
    X, y = case.X.reshape(1, 64, 3), case.y.reshape(1, 64)
    cut = case.make(truncated_bptt_steps=4, epochs=2).fit(X, y)
    rows = case.make(epochs=2).fit(case.X, case.y, groups=ONE)
    for ours, theirs in zip(rows.weights_, cut.weights_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_groups_of_any_size_are_taken(cases):
    case = cases["classifier"]
    groups = np.repeat(["a", "b"], [6, 10])
    est = case.make(batch_size=3, epochs=1).fit(case.X, case.y, groups=groups)
    assert est.predict(case.X[:7], groups=groups[:7]).shape == (7,)


def test_groups_side_by_side_share_an_update(cases):
    """As many as fit; one after the other otherwise."""
    case = cases["regressor_per_step"]
    groups = np.repeat([0, 1, 2, 3], 4)
    for batch_size, updates in ((1, 16), (2, 8), (4, 4), (32, 4), (None, 4)):
        est = case.make(batch_size=batch_size, epochs=1)
        assert est.fit(case.X, case.y, groups=groups)._learnt.updates == updates


@pytest.mark.parametrize(
    "name", ["classifier", pytest.param("gru", marks=pytest.mark.slow)]
)
def test_long_biases_prepare_for_rows_that_are_joined_or_for_max_lag(cases, name):
    """The same draws, spread over other lags, in each layer."""
    case, groups = cases[name], np.repeat([0, 1], 8)
    at_rest = {"forget_bias": "chrono", "learning_rate": 1e-300, "epochs": 1}

    def shares(lag, groups=None, **params):
        est = case.make(**at_rest, **params).fit(case.X, case.y, groups=groups)
        layers = est._learnt.network.layers
        kept = [
            bias[0, : layer.units]
            if layer.cell == "gru"
            else bias[layer.units : 2 * layer.units]
            for bias, layer in zip(est.weights_[2::3], layers, strict=False)
        ]
        return np.concatenate([(np.exp(bias) - 1) / (lag - 2) for bias in kept])

    expected = shares(4)
    assert ((expected > 0) & (expected < 1)).all()
    np.testing.assert_allclose(shares(50, max_lag=50), expected, rtol=1e-9)
    np.testing.assert_allclose(shares(32, groups), expected, rtol=1e-9)
    np.testing.assert_allclose(shares(9, groups, max_lag=9), expected, rtol=1e-9)
