"""Transformers of steps against the same transformer on a table of the steps."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    PolynomialFeatures,
    StandardScaler,
)

from skseq._sequences import Steps
from skseq.preprocessing import ForwardFiller, PerStep, pad_sequences


def raises_exactly(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@st.composite
def uneven(draw, n_features=2):
    """Sequences of several lengths, as a list and padded with NaN, anywhere."""
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    listed = [rng.normal(size=(length, n_features)) for length in lengths]
    padded = np.full((len(lengths), max(lengths) + 2, n_features), np.nan)
    for row, sequence in zip(padded, listed, strict=True):
        places = np.sort(rng.permutation(len(row))[: len(sequence)])
        row[places] = sequence
    return listed, padded


# tslearn-team/tslearn #536, QData/spacetimeformer #16: scaling three dimensions.
@given(uneven())
@settings(max_examples=40)
def test_steps_are_scaled_as_a_table_and_padding_stays(sequences):
    listed, padded = sequences
    real = ~np.isnan(padded).all(axis=2)
    table = StandardScaler().fit_transform(np.concatenate(listed))
    scaler = PerStep(StandardScaler(), mask_value=np.nan).fit(padded)
    scaled = scaler.transform(padded)
    np.testing.assert_array_equal(scaled[real], table)
    assert np.isnan(scaled[~real]).all()
    of_list = PerStep(StandardScaler()).fit(listed)
    np.testing.assert_array_equal(np.concatenate(of_list.transform(listed)), table)
    np.testing.assert_allclose(scaler.inverse_transform(scaled), padded, atol=1e-12)
    back = of_list.inverse_transform(of_list.transform(listed))
    np.testing.assert_allclose(np.concatenate(back), np.concatenate(listed))
    assert [len(row) for row in back] == [len(row) for row in listed]


@given(uneven())
@settings(max_examples=25)
def test_rows_are_found_where_they_stood(sequences):
    _, padded = sequences
    steps = Steps.of(padded, np.nan)
    places = np.argwhere(~np.isnan(padded).all(axis=2)).tolist()
    assert [list(steps.place(i)) for i in range(len(steps.rows))] == places
    np.testing.assert_array_equal(steps.spread(steps.rows, np.nan), padded)


def test_sequences_without_an_axis_of_features_stay_so():
    X = np.array([[0.0, 2.0, -1.0], [4.0, -1.0, -1.0]])
    scaler = PerStep(MinMaxScaler(), mask_value=-1).fit(X)
    assert scaler.transform(X).tolist() == [[0, 0.5, -1], [1, -1, -1]]
    assert scaler.inverse_transform(scaler.transform(X)).tolist() == X.tolist()
    listed = [np.array([0.0, 2.0]), np.array([4.0])]
    assert [row.tolist() for row in scaler.transform(listed)] == [[0, 0.5], [1]]
    assert scaler.get_feature_names_out().tolist() == ["x0", "x1", "x2"]
    named = PerStep(MinMaxScaler()).fit(pd.DataFrame(X, columns=list("abc")))
    assert named.get_feature_names_out().tolist() == ["a", "b", "c"]


def test_other_numbers_of_features_come_and_go():
    words = np.array([["a", "b"], ["b", "b"]])
    coded = PerStep(OneHotEncoder()).fit(words)
    assert coded.transform(words).tolist() == [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
    assert coded.inverse_transform(coded.transform(words)).tolist() == words.tolist()
    assert coded.get_feature_names_out().tolist() == ["x0_a", "x0_b"]
    X = np.arange(12.0).reshape(2, 3, 2)
    more = PerStep(PolynomialFeatures(include_bias=False)).fit(X)
    assert more.transform(X).shape == (2, 3, 5)
    assert more.get_feature_names_out(["u", "v"]).tolist()[-1] == "v^2"
    assert not hasattr(more, "inverse_transform")


def test_targets_reach_a_transformer_that_asks_for_them():
    X = np.stack([np.arange(6.0).reshape(2, 3), np.ones((2, 3))], axis=2)
    X[1, 2] = -1
    best = PerStep(SelectKBest(f_regression, k=1), mask_value=-1)
    per_step = np.arange(6.0).reshape(2, 3)
    for y in (per_step, [0.0, 1.0], list(per_step)):
        np.testing.assert_array_equal(
            clone(best).fit(X, y).transform(X)[..., 0], X[..., 0]
        )
    for y in (None, np.zeros((2, 2))):
        with pytest.raises(ValueError, match="requires y to be passed"):
            best.fit(X, y)


def test_missing_values_inside_steps_are_filled():
    X = np.array([[[1.0, np.nan], [3.0, 6.0], [np.nan, np.nan]]])
    filled = PerStep(SimpleImputer(), mask_value=np.nan).fit_transform(X)
    np.testing.assert_array_equal(filled, [[[1, 6], [3, 6], [np.nan, np.nan]]])


def test_a_step_that_would_become_padding_is_refused():
    X = np.array([[1.0, 2.0, 3.0]])
    scaler = PerStep(StandardScaler(), mask_value=0).fit(X)
    with raises_exactly(
        "StandardScaler makes padding, mask_value=0, of 1 real steps, the first at row "
        "0, step 1; choose a mask_value that no real step takes."
    ):
        scaler.transform(X)


def test_rows_of_padding_alone_come_out_as_they_are():
    X = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    scaler = PerStep(StandardScaler(), mask_value=-1).fit(X)
    padding = np.full((1, 2, 2), -1.0)
    np.testing.assert_array_equal(scaler.transform(padding), padding)
    np.testing.assert_array_equal(scaler.inverse_transform(padding), padding)


def test_a_search_reaches_the_transformer_inside():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 3, 2)), rng.normal(size=12)
    flat = FunctionTransformer(np.reshape, kw_args={"shape": (-1, 6)})
    search = GridSearchCV(
        make_pipeline(PerStep(StandardScaler()), flat, Ridge()),
        {"perstep__transformer__with_mean": [True, False]},
        cv=2,
    ).fit(X, y)
    inner = search.best_estimator_[0].transformer_
    assert inner.with_mean is search.best_params_["perstep__transformer__with_mean"]


@given(uneven(3), st.integers(0, 2**16))
@settings(max_examples=40)
def test_values_are_carried_forward_as_pandas_does_within_each_sequence(
    sequences, seed
):
    listed, _ = sequences
    rng = np.random.default_rng(seed)
    for sequence in listed:
        sequence[rng.random(sequence.shape) < 0.5] = np.nan
    padded = pad_sequences(listed, fill_value=-7)
    expected = [pd.DataFrame(sequence).ffill().to_numpy() for sequence in listed]
    filled = ForwardFiller().fit_transform(listed)
    for mine, theirs in zip(filled, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    filled = ForwardFiller(mask_value=-7).fit_transform(padded)
    np.testing.assert_array_equal(filled, pad_sequences(expected, fill_value=-7))


def test_padding_in_front_is_not_carried():
    filled = ForwardFiller(mask_value=-1).fit_transform([[-1, np.nan, 2, np.nan, -1]])
    np.testing.assert_array_equal(filled, [[-1, np.nan, 2, 2, -1]])


def test_more_features_than_memory_holds_are_refused():
    wide = FunctionTransformer(lambda rows: csr_array((len(rows), 10**12)))
    with pytest.raises(ValueError, match="memory; lower the number of features that t"):
        PerStep(wide).fit([[1.0, 2.0]])
