"""What every estimator owes to sequences of three dimensions.

scikit-learn's checks see tables only; these are their counterparts, and properties
of sequences beside them. Where a test asks for the same bits it says ``same_bits``;
where the order of a sum may differ, double precision and a tolerance.
"""

import copy
import pickle
import re

import joblib
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.utils.class_weight import compute_class_weight

from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor

from .conftest import FEWER_EVERY_DAY

# A target of other classes than those of the cases makes a program of its own.
OF_LABELS = [
    "classifier",
    "seq2seq",
    pytest.param("encoder_decoder", marks=pytest.mark.slow),
]
TIGHT = {"rtol": 1e-9, "atol": 1e-12}


def raises_exactly(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


def same_bits(one, other):
    """Whether two fitted estimators have learnt the same."""
    assert len(one.weights_) == len(other.weights_)
    for a, b in zip(one.weights_, other.weights_, strict=True):
        assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_
    assert one.n_iter_ == other.n_iter_


def about_equal(one, other):
    """Whether two fitted estimators have learnt the same up to the order of sums."""
    for a, b in zip(one.weights_, other.weights_, strict=True):
        assert_allclose(a, b, **TIGHT)


def outputs_of(estimator, X, **kwargs):
    """Give the finest output there is: probabilities, or numbers; rows first."""
    if not is_classifier(estimator):
        return estimator.predict(X, **kwargs)
    proba = estimator.predict_proba(X, **kwargs)
    return np.stack(proba, axis=1) if isinstance(proba, list) else proba


# Copies


COPIES = {
    "pickle": lambda est, path: pickle.loads(pickle.dumps(est)),
    "joblib": lambda est, path: joblib.load(joblib.dump(est, path / "est.joblib")[0]),
    "deepcopy": lambda est, path: copy.deepcopy(est),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_predicts_and_trains_on_as_the_original(case, kind, tmp_path):
    original = case.fit()
    twin = COPIES[kind](original, tmp_path)
    assert_array_equal(outputs_of(twin, case.X), outputs_of(original, case.X))
    twin.partial_fit(case.X, case.y)
    assert twin.n_iter_ == original.n_iter_ + 1
    same_bits(twin, original.partial_fit(case.X, case.y))


def test_a_clone_has_the_parameters_and_nothing_learnt(case):
    original = case.fit(epochs=2)
    twin = clone(original)
    assert twin.get_params() == original.get_params()
    assert not [name for name in vars(twin) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        twin.predict(case.X)
    same_bits(twin.fit(case.X, case.y), original)


# Repetition


def test_refit_equals_fresh_fit(case):
    """Nothing of an earlier fit, on other data, is left."""
    refitted = case.make().fit(case.X[:8, :, :], case.y[:8])
    refitted.set_params(random_state=1).fit(case.X, case.y)
    same_bits(refitted, case.fit(random_state=1))


def test_same_random_state_same_bits(any_layout):
    one, other = any_layout.fit(), any_layout.fit()
    same_bits(one, other)
    assert_array_equal(outputs_of(one, any_layout.X), outputs_of(other, any_layout.X))


@pytest.mark.parametrize("random_state", [1, None])
def test_another_random_state_other_weights(case, random_state):
    other = case.fit(random_state=random_state)
    assert (other.weights_[0] != case.fit().weights_[0]).any()


def test_a_random_state_instance_is_drawn_from(case):
    draws = np.random.RandomState(0)
    first, second = case.fit(random_state=draws), case.fit(random_state=draws)
    assert (first.weights_[0] != second.weights_[0]).any()
    same_bits(first, case.fit(random_state=np.random.RandomState(0)))


def test_predict_twice_same_bits(any_layout):
    estimator = any_layout.fit()
    first = outputs_of(estimator, any_layout.X)
    any_layout.fit(random_state=1).predict(any_layout.X)
    assert_array_equal(outputs_of(estimator, any_layout.X), first)


def test_predict_changes_nothing(case):
    estimator = case.fit()
    before = copy.deepcopy(vars(estimator))
    outputs_of(estimator, case.X)
    estimator.score(case.X, case.y)
    assert vars(estimator).keys() == before.keys()
    same_bits(estimator, case.fit())


def test_refused_data_leave_an_estimator_as_it_was(case):
    estimator = case.fit()
    before = outputs_of(estimator, case.X)
    with pytest.raises(ValueError, match="NaN"):
        estimator.fit(np.full(case.X.shape, np.nan), case.y)
    assert_array_equal(outputs_of(estimator, case.X), before)


# Rows


def test_row_order_does_not_matter(any_layout):
    estimator = any_layout.fit()
    order = np.random.default_rng(0).permutation(len(any_layout.X))
    assert_array_equal(
        outputs_of(estimator, any_layout.X[order]),
        outputs_of(estimator, any_layout.X)[order],
    )


@pytest.mark.parametrize("rows", [slice(0, 1), slice(3, 10), slice(None, None, 2)])
def test_the_rows_beside_do_not_matter(any_layout, rows):
    estimator = any_layout.fit()
    assert_array_equal(
        outputs_of(estimator, any_layout.X[rows]),
        outputs_of(estimator, any_layout.X)[rows],
    )


def test_many_rows_predict_as_few(case):
    """More rows than any compiled batch has places."""
    estimator = case.fit()
    many = np.tile(case.X, (20, 1, 1))
    assert_array_equal(
        outputs_of(estimator, many),
        np.concatenate([outputs_of(estimator, case.X)] * 20),
    )


def padded(case, n_steps, fill):
    """Return the case's data with steps of padding at the end, and y to match."""
    shape = (len(case.X), n_steps, case.X.shape[2])
    X = np.concatenate([case.X, np.full(shape, fill)], axis=1)
    y = case.y
    if y.ndim > 1 and y.shape[1] == case.X.shape[1]:
        fill = np.zeros_like(y, shape=(len(y), n_steps, *y.shape[2:]))
        y = np.concatenate([y, fill], axis=1)
    return X, y


@FEWER_EVERY_DAY
@pytest.mark.parametrize("fill", [-1.0, np.nan])
def test_padding_equals_not_padding(case, fill):
    X, y = padded(case, 2, fill)
    masked = case.make(mask_value=fill).fit(X, y)
    plain = case.fit()
    about_equal(masked, plain)
    steps = case.X.shape[1]
    found, expected = outputs_of(masked, X), outputs_of(plain, case.X)
    if case.estimator.__name__ == "Seq2SeqEcho":
        found = found[:, :steps]
        assert masked.classes_.tolist() == plain.classes_.tolist()
    assert_allclose(found, expected, **TIGHT)
    assert masked.score(X, y) == pytest.approx(plain.score(case.X, case.y))


@pytest.mark.parametrize(
    "name", ["classifier_per_step", "regressor_per_step", "regressor_vectors"]
)
def test_padding_equals_not_padding_per_step(cases, name):
    case = cases[name]
    X, y = padded(case, 2, -1.0)
    about_equal(case.make(mask_value=-1.0).fit(X, y), case.fit())


@pytest.mark.parametrize("name", ["classifier_per_step", "regressor_per_step"])
def test_targets_at_padded_steps_do_not_count(cases, name):
    case = cases[name]
    X, y = padded(case, 2, -1.0)
    other = y.copy()
    other[:, -2:] = 1
    masked = case.make(mask_value=-1.0).fit(X, y)
    same_bits(masked, case.make(mask_value=-1.0).fit(X, other))
    predicted = masked.predict(X)[:, :-2]
    expected = (
        np.mean(case.y == predicted) if is_classifier(masked) else r2(case.y, predicted)
    )
    assert masked.score(X, y) == pytest.approx(expected)
    assert masked.score(X, other) == masked.score(X, y)


@FEWER_EVERY_DAY
def test_a_rows_prediction_is_the_same_beside_padded_rows(case):
    """Rows beside it decide which program runs, but not what it gives."""
    X, y = padded(case, 2, -1.0)
    estimator = case.make(mask_value=-1.0).fit(X, y)
    mixed = case.X.copy()
    mixed[::2, -1] = -1.0
    assert_array_equal(
        outputs_of(estimator, mixed)[1::2], outputs_of(estimator, mixed[1::2])
    )


@pytest.mark.parametrize("name", ["seq2seq", "encoder_decoder"])
def test_a_rows_prediction_is_the_same_beside_rows_that_are_not_one_hot(cases, name):
    case = cases[name]
    estimator = case.fit()
    mixed = case.X.copy()
    mixed[::2, -1] = 0.5
    assert_array_equal(
        outputs_of(estimator, mixed)[1::2], outputs_of(estimator, case.X)[1::2]
    )


# Groups


PER_STEP = ["classifier_per_step", "regressor_per_step", "seq2seq"]


@pytest.mark.parametrize("shuffle", [pytest.param(False, marks=pytest.mark.slow), True])
@pytest.mark.parametrize(
    "name", [*PER_STEP[:2], pytest.param("seq2seq", marks=pytest.mark.slow)]
)
def test_groups_layout_equals_row_layout(cases, name, shuffle):
    """Rows cut into single steps and joined by groups train to the same weights."""
    case = cases[name]
    n, t, f = case.X.shape
    options = {"batch_size": 1, "shuffle": shuffle, "epochs": 2}
    rows = case.fit(**options, truncated_bptt_steps=1)
    groups = np.repeat(np.arange(n), t)
    X, y = case.X.reshape(n * t, 1, f), case.y.reshape(n * t)
    joined = case.make(**options).fit(X, y, groups=groups)
    about_equal(joined, rows)
    found = outputs_of(joined, X, groups=groups)
    expected = outputs_of(rows, case.X)
    assert_allclose(found.reshape(expected.shape), expected, **TIGHT)
    assert joined.score(X, y, groups=groups) == pytest.approx(
        np.mean(rows.predict(case.X) == case.y)
        if is_classifier(rows)
        else r2(case.y.ravel(), rows.predict(case.X).ravel())
    )


def r2(y, predicted):
    return 1 - np.sum((y - predicted) ** 2) / np.sum((y - y.mean()) ** 2)


@FEWER_EVERY_DAY
def test_every_row_its_own_group_equals_no_groups(case):
    options = {"batch_size": 1, "epochs": 2}
    alone = case.make(**options).fit(case.X, case.y, groups=np.arange(len(case.X)))
    same_bits(alone, case.fit(**options))


def test_rows_abreast_are_sequences_of_their_own(cases):
    """As in Keras' ``stateful=True``: row i continues row i - rows_abreast."""
    case = cases["regressor_per_step"]
    estimator = case.fit(batch_size=8).set_params(rows_abreast=8)
    halves = np.concatenate([case.X[:8, :2], case.X[:8, 2:]])
    found = estimator.predict(halves, groups=np.zeros(16))
    expected = estimator.predict(case.X[:8])
    assert_allclose(np.concatenate([found[:8], found[8:]], axis=1), expected, **TIGHT)


def test_a_group_in_two_places_is_refused(case):
    with raises_exactly(
        "The rows of group 1 are not consecutive; rows of a group continue each other, "
        "so sort X, y and groups by group first."
    ):
        case.make(batch_size=1).fit(case.X, case.y, groups=[1, 2] * 8)


# More training


def test_partial_fit_n_times_equals_fit(any_layout):
    fitted = any_layout.fit(epochs=3)
    parts = any_layout.make(epochs=99)
    for _ in range(3):
        parts.partial_fit(any_layout.X, any_layout.y)
    same_bits(parts, fitted)
    assert parts.n_iter_ == 3


def test_warm_start_goes_on_where_it_stood(case):
    whole = case.fit(epochs=4)
    halves = case.fit(epochs=2, warm_start=True).fit(case.X, case.y)
    same_bits(halves, whole)


def test_without_warm_start_fit_starts_over(case):
    estimator = case.fit()
    same_bits(estimator.fit(case.X, case.y), case.fit())


def test_partial_fit_can_be_told_all_classes_first(cases):
    case = cases["classifier"]
    estimator = case.make().partial_fit(case.X, case.y, classes=["maybe", "no", "yes"])
    assert estimator.classes_.tolist() == ["maybe", "no", "yes"]
    assert estimator.predict_proba(case.X).shape == (16, 3)


def test_labels_not_seen_first_are_refused_later(cases):
    case = cases["classifier"]
    estimator = case.fit()
    with raises_exactly(
        "y contains labels not seen in the first fit: ['maybe']; classes are "
        "['no', 'yes']."
    ):
        estimator.partial_fit(case.X, np.full(16, "maybe"))


# Weights


@pytest.mark.slow
def test_a_weight_of_two_is_the_row_twice(case):
    weights = np.random.default_rng(1).integers(1, 3, size=len(case.X))
    twice = np.repeat(np.arange(len(case.X)), weights)
    weighted = case.make(batch_size=None).fit(case.X, case.y, sample_weight=weights)
    repeated = case.make(batch_size=None).fit(case.X[twice], case.y[twice])
    about_equal(weighted, repeated)
    assert weighted.score(case.X, case.y, sample_weight=weights) == pytest.approx(
        repeated.score(case.X[twice], case.y[twice])
    )


@FEWER_EVERY_DAY
def test_a_weight_of_zero_is_the_rows_absence(case):
    weights = np.tile([1.0, 0.0], 8)
    present = weights > 0
    X, y = case.X.copy(), case.y.copy()
    X[~present] = 1e6
    weighted = case.make().fit(X, y, sample_weight=weights)
    same_bits(weighted, case.make().fit(case.X[present], case.y[present]))
    assert weighted.score(case.X, case.y, sample_weight=weights) == pytest.approx(
        weighted.score(case.X[present], case.y[present])
    )


@FEWER_EVERY_DAY
def test_equal_weights_are_no_weights(case):
    weighted = case.make().fit(case.X, case.y, sample_weight=np.full(16, 0.5))
    same_bits(weighted, case.fit())


def test_class_weight_is_a_weight_of_the_rows_of_a_class(cases):
    case = cases["classifier"]
    by_class = case.fit(class_weight={"yes": 3.0})
    by_row = case.make().fit(
        case.X, case.y, sample_weight=np.where(case.y == "yes", 3.0, 1.0)
    )
    same_bits(by_class, by_row)
    assert (by_class.weights_[0] != case.fit().weights_[0]).any()


@pytest.mark.parametrize("name", OF_LABELS)
def test_balanced_class_weight_is_its_numbers_spelt_out(cases, name):
    case = cases[name]
    classes = np.unique(case.y)
    numbers = compute_class_weight("balanced", classes=classes, y=case.y.ravel())
    spelt_out = dict(zip(classes.tolist(), numbers, strict=True))
    same_bits(case.fit(class_weight="balanced"), case.fit(class_weight=spelt_out))


def test_balanced_class_weight_lifts_the_rare_class(cases):
    """With nothing to tell the rows apart, it brings both classes to one half."""
    case = cases["classifier"]
    X, y = np.ones_like(case.X), np.array(["rare"] * 2 + ["usual"] * 14)
    options = {"epochs": 200, "learning_rate": 0.05}
    plain = case.make(**options).fit(X, y)
    balanced = case.make(**options, class_weight="balanced", batch_size=None).fit(X, y)
    assert plain.predict_proba(X[:1])[0, 0] == pytest.approx(2 / 16, abs=0.05)
    assert balanced.predict_proba(X[:1])[0, 0] == pytest.approx(1 / 2, abs=0.05)


# Labels


LABELS = {
    "strings": ["left", "right"],
    "objects": np.array(["left", "right"], dtype=object),
    "integers with gaps": [-3, 70],
    "unsigned": np.array([3, 200], dtype=np.uint8),
    "booleans": [False, True],
    "whole floats": [1.0, 4.0],
}


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("name", OF_LABELS)
def test_labels_come_back_as_they_went_in(cases, name, kind):
    case = cases[name]
    labels = np.asarray(LABELS[kind])
    which = (case.y != np.unique(case.y)[0]).astype(int)
    y = labels[which]
    estimator = case.make(units=3, epochs=250, learning_rate=0.05, batch_size=8)
    predicted = estimator.fit(case.X, y).predict(case.X)
    assert predicted.dtype == y.dtype
    assert predicted.shape == y.shape
    assert set(np.unique(predicted)) == set(labels)
    assert estimator.score(case.X, y) > 0.8
    assert estimator.classes_.dtype == y.dtype
    assert_array_equal(estimator.classes_, labels)


def test_labels_of_kinds_that_do_not_sort_are_refused(cases):
    case = cases["classifier"]
    with raises_exactly(
        "y has labels of kinds that cannot be sorted together: ['int', 'str']; use "
        "labels of one kind."
    ):
        case.make().fit(case.X, np.array([1, "a"] * 8, dtype=object))


def test_predictions_have_the_shape_of_y(any_layout):
    assert any_layout.fit().predict(any_layout.X).shape == any_layout.y.shape


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("classifier", (16, 2)),
        ("classifier_per_step", (16, 4, 2)),
        ("seq2seq", (16, 4, 3)),
    ],
)
def test_probabilities_are_of_each_target_and_sum_to_one(cases, name, shape):
    case = cases[name]
    estimator = case.fit()
    proba = estimator.predict_proba(case.X)
    assert proba.shape == shape
    assert_allclose(proba.sum(axis=-1), 1)
    assert_array_equal(estimator.classes_[proba.argmax(-1)], estimator.predict(case.X))


def test_probabilities_of_several_outputs_are_a_list(cases):
    case = cases["encoder_decoder"]
    estimator = case.fit()
    proba = estimator.predict_proba(case.X)
    assert [p.shape for p in proba] == [(16, 3), (16, 3)]
    for column, p in enumerate(proba):
        assert_array_equal(
            estimator.classes_[p.argmax(axis=1)], estimator.predict(case.X)[:, column]
        )


# What is learnt about the input


def test_features_are_counted_along_the_last_axis(case):
    estimator = case.fit()
    assert estimator.n_features_in_ == 3
    assert not hasattr(estimator, "feature_names_in_")
    with raises_exactly(
        f"X has 2 features per step, but {type(estimator).__name__} is expecting 3 "
        "features per step as input."
    ):
        estimator.predict(case.X[:, :, :2])
    with raises_exactly(
        f"X has 2 dimensions, one feature per step, but {type(estimator).__name__} is "
        "expecting 3 features per step: pass X of shape (n_sequences, n_timesteps, 3)."
    ):
        estimator.predict(case.X[:, :, 0])


def table(case):
    return pd.DataFrame(case.X[:, :, 0], columns=["t0", "t1", "t2", "t3"])


@FEWER_EVERY_DAY
def test_columns_of_a_table_are_steps_with_names(case):
    X = table(case)
    estimator = case.make().fit(X, case.y)
    assert estimator.n_features_in_ == 4
    assert estimator.feature_names_in_.tolist() == list(X.columns)
    same_bits(estimator, case.make().fit(X.to_numpy(), case.y))
    with pytest.raises(ValueError, match="feature names should match those that were"):
        estimator.predict(X[["t1", "t0", "t2", "t3"]])
    estimator.fit(case.X, case.y)
    assert not hasattr(estimator, "feature_names_in_")


@FEWER_EVERY_DAY
def test_two_dimensions_are_one_feature_per_step(case):
    X = case.X[:, :, :1]
    flat, deep = case.make().fit(X[:, :, 0], case.y), case.make().fit(X, case.y)
    same_bits(flat, deep)
    assert_array_equal(outputs_of(flat, X), outputs_of(deep, X[:, :, 0]))


def test_classes_are_sorted_and_outputs_counted(cases):
    assert cases["classifier"].fit().classes_.tolist() == ["no", "yes"]
    assert cases["seq2seq"].fit().classes_.tolist() == ["a", "b", "c"]
    assert cases["encoder_decoder"].fit().n_outputs_ == 2
    assert cases["regressor_outputs"].fit().n_outputs_ == 2
    assert cases["regressor"].fit().n_outputs_ == 1


# Lengths


@pytest.mark.parametrize("name", [*PER_STEP, "regressor_vectors"])
def test_a_step_is_predicted_from_those_up_to_it(cases, name):
    """Other lengths than in fit are fine, and the future is not looked at."""
    case = cases[name]
    estimator = case.fit()
    longer = np.concatenate([case.X, case.X[:, :3]], axis=1)
    predicted = outputs_of(estimator, longer)
    assert predicted.shape[:2] == (16, 7)
    assert_allclose(predicted[:, :4], outputs_of(estimator, case.X), **TIGHT)


@pytest.mark.parametrize("name", ["classifier", "regressor", "encoder_decoder"])
def test_other_lengths_give_as_many_outputs_as_in_fit(cases, name):
    case = cases[name]
    estimator = case.fit(mask_value=-1.0)
    longer = np.concatenate([case.X, case.X[:, :3]], axis=1)
    assert estimator.predict(longer).shape == case.y.shape
    behind = np.concatenate([case.X, np.full((16, 3, 3), -1.0)], axis=1)
    assert_allclose(
        outputs_of(estimator, behind), outputs_of(estimator, case.X), **TIGHT
    )


@pytest.mark.slow
def test_one_row_is_enough(any_layout):
    X, y = any_layout.X[:1], any_layout.y[:1]
    estimator = any_layout.make(epochs=300, learning_rate=0.05).fit(X, y)
    if is_classifier(estimator):
        assert_array_equal(estimator.predict(X), y)
    else:
        assert_allclose(estimator.predict(X), y, atol=0.1)


@pytest.mark.parametrize("name", OF_LABELS)
def test_one_class_is_always_right(cases, name):
    case = cases[name]
    y = np.full_like(case.y, case.y.flat[0])
    estimator = case.make().fit(case.X, y)
    assert_array_equal(estimator.predict(case.X), y)
    assert_array_equal(outputs_of(estimator, case.X), np.ones((*y.shape, 1)))


# Containers and number types


def as_memmap(X, path):
    stored = np.memmap(path / "X", dtype=X.dtype, mode="w+", shape=X.shape)
    stored[:] = X
    stored.flush()
    return np.memmap(path / "X", dtype=X.dtype, mode="r", shape=X.shape)


def read_only(X, path):
    X = X.copy()
    X.setflags(write=False)
    return X


ARRAYS = {
    "float32": lambda X, path: X.astype(np.float32),
    "Fortran order": lambda X, path: np.asfortranarray(X),
    "read-only": read_only,
    "memory-mapped": as_memmap,
    "strided": lambda X, path: np.repeat(X, 2, axis=0)[::2],
    "list": lambda X, path: X.tolist(),
    "other byte order": lambda X, path: X.astype(X.dtype.newbyteorder()),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_any_array_of_the_same_numbers_gives_the_same(case, kind, tmp_path):
    X = np.round(case.X * 8) / 8  # single precision holds them
    given = ARRAYS[kind](X, tmp_path)
    expected = case.make().fit(X, case.y)
    found = case.make().fit(given, case.y)
    same_bits(found, expected)
    assert_array_equal(outputs_of(found, given), outputs_of(expected, X))


TABLES = {
    "DataFrame": lambda X: X,
    "nullable float": lambda X: X.astype("Float64"),
    "nullable int": lambda X: (X * 8).astype(int).astype("Int64"),
    "boolean": lambda X: (X > 0).astype("boolean"),
}


@FEWER_EVERY_DAY
@pytest.mark.parametrize("kind", TABLES)
def test_any_table_of_the_same_numbers_gives_the_same(case, kind):
    X = TABLES[kind](table(case).round())
    numbers = X.to_numpy(dtype=float)
    found = case.make().fit(X, case.y)
    expected = case.make().fit(numbers, case.y)
    same_bits(found, expected)
    assert_array_equal(found.predict(X), expected.predict(numbers))


@pytest.mark.parametrize("container", [pd.Series, list])
@pytest.mark.parametrize("name", ["classifier", "regressor"])
def test_targets_may_be_a_series_or_a_list(cases, name, container):
    case = cases[name]
    same_bits(case.make().fit(case.X, container(case.y)), case.fit())


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_is_that_of_weights_and_outputs(case, dtype):
    estimator = case.fit(dtype=dtype)
    assert {weight.dtype for weight in estimator.weights_} == {np.dtype(dtype)}
    assert outputs_of(estimator, case.X).dtype == dtype


@pytest.mark.parametrize("estimator", [StatefulLSTMClassifier, StatefulLSTMRegressor])
def test_numbers_too_large_for_the_dtype_are_refused(estimator):
    with raises_exactly(
        "X has values too large for dtype='float32' (largest 1e+300); scale X, for "
        "example with StandardScaler, or use dtype='float64'."
    ):
        estimator().fit(np.full((4, 2), 1e300), [0, 1, 0, 1])
