"""One value at a time equals the row at once; predictions fed back."""

import re
from copy import copy
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import is_classifier
from sklearn.exceptions import NotFittedError

from skseq import (
    OneHotSequence,
    Seq2SeqEcho,
    StatefulLSTMClassifier,
    StatefulLSTMRegressor,
)

# As long as what the cases were fitted on, so that no other length is compiled.
ROWS = arrays(
    float,
    st.tuples(st.integers(1, 5), st.just(4), st.just(3)),
    elements=st.floats(-5, 5, width=32),
)
FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def raises_exactly(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@pytest.fixture(scope="module")
def fitted(cases):
    """Give a case fitted, each once and only when it is asked for."""
    return cache(lambda name: cases[name].fit())


def probabilities(estimator, X):
    """Finest outputs there are, rows first."""
    if not is_classifier(estimator):
        return estimator.predict(X)
    proba = estimator.predict_proba(X)
    return np.stack(proba, axis=1) if isinstance(proba, list) else proba


@pytest.mark.parametrize("name", ["classifier", "regressor", "encoder_decoder"])
@FEW
@given(X=ROWS)
def test_after_the_last_step_a_stream_says_what_predict_says(fitted, name, X):
    estimator = fitted(name)
    stream = estimator.stream()
    for row, expected in zip(X, estimator.predict(X), strict=True):
        stream.reset()
        for x in row:
            said = stream.step(x)
        assert_predictions_equal(said, expected)


PER_STEP = ["seq2seq", "classifier_per_step", "regressor_per_step", "regressor_vectors"]


@pytest.mark.parametrize("name", PER_STEP)
@FEW
@given(X=ROWS)
def test_at_every_step_a_stream_says_what_predict_says(fitted, name, X):
    estimator = fitted(name)
    stream = estimator.stream()
    for row, expected in zip(X, estimator.predict(X), strict=True):
        stream.reset()
        said = [stream.step(x) for x in row]
        assert_predictions_equal(said, expected)


@pytest.mark.parametrize("mask_value", [9.0, np.nan])
@pytest.mark.parametrize("name", ["regressor", "regressor_per_step", "encoder_decoder"])
@FEW
@given(data=st.data())
def test_a_stream_skips_padding_as_predict_does(fitted, name, mask_value, data):
    estimator = copy(fitted(name)).set_params(mask_value=mask_value)
    X = data.draw(ROWS)
    X[data.draw(arrays(bool, X.shape[:2]))] = mask_value
    stream = estimator.stream(len(X))
    said = np.stack([stream.step(x) for x in X.swapaxes(0, 1)], axis=1)
    after = said if name in PER_STEP else said[:, -1]
    assert_predictions_equal(after, estimator.predict(X))


def assert_predictions_equal(said, expected):
    if np.asarray(expected).dtype.kind == "f":
        assert_allclose(said, expected, rtol=1e-9, atol=1e-12)
    else:
        assert_array_equal(said, expected)


def test_outputs_of_a_stream_are_those_behind_the_prediction(case):
    estimator = case.fit()
    stream = estimator.stream()
    for x in case.X[0]:
        outputs = stream.outputs(x)
    expected = np.asarray(probabilities(estimator, case.X[:1]))
    if case.estimator is Seq2SeqEcho:
        expected = expected[:, -1:]
    assert_allclose(outputs.ravel(), expected.ravel(), rtol=1e-9)


def test_what_predict_says_of_every_prefix(case):
    """For targets after the last step, any step may be the last."""
    estimator = case.fit()
    stream = estimator.stream()
    for x in case.X[0, :2]:
        said = stream.step(x)
    expected = estimator.predict(case.X[:1, :2])[0]
    if case.estimator is Seq2SeqEcho:
        expected = expected[-1]
    assert_predictions_equal(said, expected)


def test_a_stream_remembers_until_it_is_reset(cases):
    estimator = cases["regressor"].fit()
    x, y = cases["regressor"].X[0, :2]
    stream = estimator.stream()
    first, second = stream.step(x), stream.step(y)
    assert stream.step(x) != first
    stream.reset()
    assert stream.step(x) == first
    assert stream.step(y) == second


def test_streams_do_not_share_what_they_remember(cases):
    estimator = cases["regressor"].fit()
    x = cases["regressor"].X[0, 0]
    one, other = estimator.stream(), estimator.stream()
    first = one.step(x)
    one.step(x)
    assert other.step(x) == first


def test_a_later_fit_does_not_change_a_stream(cases):
    case = cases["regressor"]
    estimator = case.fit()
    x = case.X[0, 0]
    stream = estimator.stream()
    said = stream.step(x)
    estimator.set_params(random_state=1).fit(case.X, case.y)
    stream.reset()
    assert stream.step(x) == said


def test_a_table_is_streamed_value_by_value():
    X = np.random.default_rng(0).normal(size=(16, 4))
    estimator = StatefulLSTMRegressor(units=3, epochs=2, dtype="float64")
    estimator.fit(X, X.sum(axis=1))
    stream = estimator.stream()
    said = [stream.step(value) for value in X[0]]
    assert said[-1] == pytest.approx(estimator.predict(X[:1])[0], rel=1e-9)


def test_a_step_of_other_features_is_refused(cases):
    stream = cases["regressor"].fit().stream()
    with raises_exactly("step takes 3 finite features of one step, got [1.0, 2.0]."):
        stream.step([1.0, 2.0])


def test_unfitted_estimators_have_no_stream():
    with pytest.raises(NotFittedError):
        StatefulLSTMRegressor().stream()
    with pytest.raises(NotFittedError):
        StatefulLSTMRegressor().generate([1.0], 1)


# Closed loop


def test_generated_numbers_are_predictions_fed_back():
    X = np.random.default_rng(0).normal(size=(16, 4))
    estimator = StatefulLSTMRegressor(
        units=3, epochs=20, learning_rate=0.02, dtype="float64", random_state=0
    ).fit(X, np.roll(X, -1, axis=1))
    made = estimator.generate(X[0], 3)
    row = X[:1]
    for value in made:
        expected = estimator.predict(row[:, :, None])[0, -1]
        assert value == pytest.approx(expected, rel=1e-9)
        row = np.append(row, [[value]], axis=1)


def test_generated_vectors_are_predictions_fed_back(cases):
    case = cases["regressor_vectors"]
    estimator = case.fit()
    made = estimator.generate(case.X[0, :3], 2)
    assert made.shape == (2, 3)
    row = np.append(case.X[0, :3], made[:1], axis=0)
    assert_allclose(made[1], estimator.predict(row[None])[0, -1], rtol=1e-9)


def test_generated_tokens_go_on_as_they_were_taught():
    """The alphabet's letters follow each other round and round."""
    letters = np.array([list("abcd" * 3)[i : i + 5] for i in range(4)] * 4)
    encoder = OneHotSequence().fit(letters)
    X, y = encoder.transform(letters)[:, :4], letters[:, 1:]
    estimator = StatefulLSTMClassifier(
        units=8, epochs=150, learning_rate=0.05, batch_size=16, random_state=0
    ).fit(X, y)
    assert estimator.score(X, y) == 1.0
    assert "".join(estimator.generate(X[1], 6)) == "bcdabc"


@pytest.mark.parametrize("n_steps", [0, -1, 1.5])
def test_a_number_of_steps_that_is_none_is_refused(cases, n_steps):
    estimator = cases["regressor_vectors"].fit()
    with raises_exactly(f"n_steps must be an int of at least 1, got {n_steps!r}."):
        estimator.generate([[0.0, 0.0, 0.0]], n_steps)


def test_an_empty_prefix_is_refused(cases):
    estimator = cases["regressor_vectors"].fit()
    with raises_exactly(
        "prefix must have shape (n_timesteps,) or (n_timesteps, n_features) with at "
        "least one step, got (0, 3)."
    ):
        estimator.generate(np.empty((0, 3)), 1)


def test_predictions_that_are_no_inputs_are_refused(cases):
    estimator = cases["regressor"].fit()
    with raises_exactly(
        "A prediction of 1 numbers cannot stand as a step of 3 features; generate "
        "needs as many outputs as features."
    ):
        estimator.generate(cases["regressor"].X[0], 2)
