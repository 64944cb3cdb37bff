"""A list of sequences is padded and masked rows, to the bit, in all that takes one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import OneHotSequence
from skseq.preprocessing import PerStep

from .conftest import CASES, N_STEPS
from .test_padding import (
    EVERY_CASE,
    GROUPS,
    LENGTHS,
    WAYS,
    WEIGHTS,
    arrays_of,
    padded,
    planned,
    predictions,
)


def is_per_step(name):
    return name.endswith(("_per_step", "_vectors")) or name == "seq2seq"


def as_list(rows, lengths):
    return [row[:length] for row, length in zip(rows, lengths, strict=True)]


def listed(name, lengths):
    """X and y of a case as lists, rows of these lengths."""
    case = EVERY_CASE[name]
    y = as_list(case.y, lengths) if is_per_step(name) else case.y
    return as_list(case.X, lengths), y


@pytest.mark.parametrize("name", EVERY_CASE)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_fit_to_lists_runs_what_a_fit_to_padded_rows_runs(name, data):
    case, way = EVERY_CASE[name], WAYS[name]
    lengths = data.draw(st.lists(st.integers(1, N_STEPS), min_size=16, max_size=16))
    lengths = np.array(lengths)
    # Among rows with a weight, too: those without are as if they were not there.
    lengths[np.argsort(WEIGHTS)[-2:]] = 1, N_STEPS
    groups = GROUPS if data.draw(st.booleans()) else None
    weights = data.draw(st.sampled_from([None, WEIGHTS, WEIGHTS * (WEIGHTS > 1)]))
    params = {"n_outputs": way.params.get("n_outputs")}
    fill = data.draw(st.sampled_from([-7.0, np.nan]))
    extra = data.draw(st.integers(0, 5))
    _, X, y = padded(case, lengths, N_STEPS + extra, fill, None, is_per_step(name))
    expected = planned(case.make(mask_value=fill, **params), X, y, weights, groups)
    X, y = listed(name, lengths)
    kind = data.draw(st.sampled_from([list, tuple, pd.Series]))
    est = case.make(mask_value=data.draw(st.sampled_from([None, fill])), **params)
    y = kind(y) if isinstance(y, list) else y
    found = planned(est, kind(X), y, weights, groups)
    assert found.program == expected.program
    assert (found.longest_lag, found.window) == (expected.longest_lag, expected.window)
    for ours, theirs in zip(arrays_of(found), arrays_of(expected), strict=True):
        assert (ours is None) == (theirs is None)
        assert ours is None or np.array_equal(ours, theirs)


slow = pytest.mark.slow


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("classifier", marks=slow),
        "classifier_per_step",
        pytest.param("seq2seq", marks=slow),
    ],
)
def test_fits_scores_and_predictions_are_those_of_padded_rows(name):
    case, per_step = CASES[name], is_per_step(name)
    real, X, y = padded(case, LENGTHS, N_STEPS, -7.0, None, per_step)
    plain = case.make(epochs=3, mask_value=-7.0).fit(X, y)
    X_list, y_list = listed(name, LENGTHS)
    est = case.make(epochs=3).fit(X_list, y_list)
    for ours, theirs in zip(est.weights_, plain.weights_, strict=True):
        assert_array_equal(ours, theirs)
    assert est.score(X_list, y_list) == plain.score(X, y)
    found = est.predict_proba(X_list)
    expected = predictions(plain, X, None, real)
    if not per_step:
        assert_array_equal(found, expected)
        return
    # An array for each sequence, in an array of objects, that scikit-learn can join.
    assert found.shape == (16,)
    assert [row.shape for row in found] == [
        (length, 3 if name == "seq2seq" else 2) for length in LENGTHS
    ]
    assert_array_equal(np.concatenate(found), expected)
    labels = est.predict(X_list)
    assert [len(row) for row in labels] == LENGTHS.tolist()
    assert_array_equal(np.concatenate(labels), plain.predict(X)[real])
    # So do rows that are of one length by chance; an array gives an array.
    same = est.predict([X_list[0], X_list[0]])
    assert [row.tolist() for row in same] == [labels[0].tolist()] * 2
    assert est.predict(case.X).shape == (16, N_STEPS)
    # Padding among the steps of a list is no step either.
    beside = [np.concatenate([row, [[-7.0] * 3]]) for row in X_list]
    said = est.set_params(mask_value=-7.0).predict(beside)
    assert [row[:-1].tolist() for row in said] == [row.tolist() for row in labels]


@slow
def test_lists_of_numbers_of_any_length_go_where_a_table_goes(cases):
    case = cases["regressor_per_step"]
    X, y = listed("regressor_per_step", LENGTHS)
    X = [row[:, 0] for row in X]
    est = case.make(epochs=1).fit(X, y)
    assert est.n_features_in_ == 1
    said = est.predict([row.tolist() for row in X])
    assert_array_equal(np.concatenate(said), np.concatenate(est.predict(X)))
    # A table of any width, and a table's estimator takes lists.
    assert est.predict(np.ones((2, 7))).shape == (2, 7)
    table = case.make(epochs=1).fit(case.X[:, :, 0], case.y)
    assert [len(row) for row in table.predict([np.ones(6), np.ones(9)])] == [6, 9]
    est.partial_fit([np.ones(6), np.ones(9)], [np.ones(6), np.ones(9)])


@slow
def test_searches_and_cross_validation_split_lists(cases):
    X, y = listed("classifier", LENGTHS)
    est = cases["classifier"].make(epochs=1)
    search = GridSearchCV(est, {"units": [2, 3]}, cv=2).fit(X, y)
    assert search.predict(X).shape == (16,)
    proba = cross_val_predict(est, X, y, cv=2, method="predict_proba")
    assert proba.shape == (16, 2)
    calibrated = CalibratedClassifierCV(est, cv=2).fit(X, y)
    assert calibrated.predict_proba(X).shape == (16, 2)


# scikit-learn/scikit-learn #9592: predictions of folds for data in lists.
@slow
def test_cross_validated_predictions_of_steps_come_back_in_order(cases):
    X, y = listed("classifier_per_step", LENGTHS)
    est = cases["classifier_per_step"].make(epochs=1)
    # Of one row, so that all of a fold are of one length.
    said = cross_val_predict(est, X, y, cv=KFold(16))
    assert [len(row) for row in said] == LENGTHS.tolist()
    search = GridSearchCV(est, {"units": [3]}, cv=2).fit(X, y)
    assert 0 <= search.best_score_ <= 1


WORDS = [list("ab"), list("c"), list("bca"), list("a")] * 4


@pytest.mark.parametrize("padding", [pytest.param(None, marks=slow), ""])
def test_a_pipeline_of_symbols_takes_words_of_any_length(cases, padding):
    """And one word alone; without a padding as a list, with it padded."""
    est = cases["seq2seq"].make(epochs=1, mask_value=0.0)
    model = make_pipeline(OneHotSequence(padding=padding), est).fit(WORDS, WORDS)
    said = model.predict(WORDS)
    alone = model.predict([list("bca")])
    assert list(alone[0]) == list(said[2])
    assert model.score(WORDS, WORDS) >= 0


@pytest.mark.parametrize("scaled", [False, True], ids=["alone", "behind PerStep"])
def test_names_of_features_are_held_to(cases, scaled):
    """Tables of a list are held to the columns of fit, as a single table is."""
    case = cases["regressor"]
    model = case.make(epochs=1)
    if scaled:
        model = make_pipeline(PerStep(StandardScaler()), model)
    tables = [pd.DataFrame(x, columns=["a", "b", "c"]) for x in case.X]
    assert model.fit(tables, case.y).feature_names_in_.tolist() == ["a", "b", "c"]
    expected = model.predict(case.X)
    assert_array_equal(model.predict(tables), expected)
    exchanged = [table[["b", "a", "c"]] for table in tables]
    with pytest.raises(ValueError, match=r"^The feature names should match those that"):
        model.predict(exchanged)
    with pytest.raises(
        ValueError, match=r"^X\[1\] has the columns \['b', 'a', 'c'\], bu"
    ):
        model.predict([tables[0], exchanged[1]])
    # Names of a single table are those of steps.
    flat = case.make(epochs=1)
    flat.fit(pd.DataFrame(case.X[:, :, 0], columns=list("wxyz")), case.y)
    assert flat.predict([tables[0][["a"]]]).shape == (1,)
