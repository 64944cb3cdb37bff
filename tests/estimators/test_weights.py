"""Weights mean repetition, at every size of a batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

# So small that every update of an epoch sees the same weights (at 2**-20 the order of
# updates showed in the fourth digit), and in double precision, in which the change of a
# weight this small is still known to six digits.
TINY = {
    "optimizer": "sgd",
    "learning_rate": 2.0**-30,
    "epochs": 1,
    "dtype": "float64",
    "random_state": 0,
}


def moved(case, X, y, **how):
    """Where one epoch of small steps leads: the sum of its gradients, negated."""
    options = {**TINY, **how.pop("options", {})}
    metadata = {name: how.pop(name) for name in ("sample_weight",) if name in how}
    est = case.make(**options, **how).fit(X, y, **metadata)
    start = case.make(**{**options, "learning_rate": 1e-300}, **how).fit(X, y)
    change = [a - b for a, b in zip(est.weights_, start.weights_, strict=True)]
    return np.concatenate([part.ravel() for part in change]) / options["learning_rate"]


def about_equal(one, other):
    assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


TWICE = np.array([1, 2] * 8)


@pytest.mark.parametrize("batch_size", [1, pytest.param(8, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "name", ["classifier", pytest.param("regressor_per_step", marks=pytest.mark.slow)]
)
def test_a_weight_of_two_is_the_row_twice_in_the_sum_of_gradients(
    cases, name, batch_size
):
    case = cases[name]

    @settings(max_examples=3, deadline=None)
    @given(st.permutations(TWICE.tolist()), st.sampled_from([0.25, 1.0, 30.0]))
    def equal(weights, scale):
        weights = np.array(weights)
        rows = np.repeat(np.arange(16), weights)
        options = {"batch_size": batch_size}
        repeated = moved(case, case.X[rows], case.y[rows], **options)
        weighted = moved(case, case.X, case.y, sample_weight=weights * scale, **options)
        # Weights count relative to their mean.
        about_equal(weighted * weights.mean(), repeated)

    equal()


@pytest.mark.parametrize(
    "batch_size", [1, 8, pytest.param(None, marks=pytest.mark.slow)]
)
def test_class_weights_count_at_every_size_of_a_batch(cases, batch_size):
    """With nothing to tell the rows apart, they bring both classes to one half."""
    case = cases["classifier"]
    X, y = np.ones_like(case.X), np.array(["rare"] * 4 + ["usual"] * 12)
    options = {"batch_size": batch_size, "epochs": 400, "learning_rate": 0.005}
    if batch_size is None:
        options["learning_rate"] = 0.05
    plain = case.make(**options).fit(X, y)
    balanced = case.make(**options, class_weight="balanced").fit(X, y)
    assert plain.predict_proba(X[:1])[0, 0] == pytest.approx(4 / 16, abs=0.08)
    assert balanced.predict_proba(X[:1])[0, 0] == pytest.approx(1 / 2, abs=0.08)


def test_a_class_that_weighs_more_is_said_more_often(cases):
    case = cases["classifier"]
    options = {"batch_size": 1, "epochs": 20}
    plain = case.fit(**options)
    heavy = case.fit(**options, class_weight={"no": 1, "yes": 1000})
    more = heavy.predict_proba(case.X)[:, 1] - plain.predict_proba(case.X)[:, 1]
    assert more.mean() > 0.02


@pytest.mark.parametrize("scale", [0.5, 1.0, 1000.0])
def test_only_the_relation_of_weights_counts_in_fit(cases, scale):
    case = cases["regressor"]
    fits = [
        case.make(batch_size=1).fit(case.X, case.y, sample_weight=TWICE * by)
        for by in (1.0, scale)
    ]
    for ours, theirs in zip(*(est.weights_ for est in fits), strict=True):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("weight", [2.0, 0.5])
def test_weights_count_as_they_are_where_the_whole_is_not_known(cases, weight):
    """Rows come one by one: there is nothing that their weight is relative to."""
    case = cases["regressor"]
    one = case.make(**TINY).fit(case.X[:1], case.y[:1])

    def change(**metadata):
        est = case.make(**TINY).fit(case.X[:1], case.y[:1])
        est.partial_fit(case.X[:1], case.y[:1], **metadata)
        return np.concatenate(
            [(a - b).ravel() for a, b in zip(est.weights_, one.weights_, strict=True)]
        )

    about_equal(change(sample_weight=[weight]), weight * change())
    assert_array_equal(change(sample_weight=[1.0]), change())


def test_weights_below_what_the_precision_knows_are_still_of_targets(cases):
    """They add nothing to the sum of losses, and count in what it is divided by."""
    case = cases["regressor"]
    weights = np.tile([1.0, 1e-44], 8)
    options = {"dtype": "float32", "epochs": 1, "learning_rate": 1e-30}
    est = case.make(**options).fit(case.X, case.y, sample_weight=weights)
    errors = np.square(est.predict(case.X) - case.y)
    expected = np.average(errors, weights=weights)
    assert_allclose(est.loss_curve_, [expected], rtol=1e-5)
