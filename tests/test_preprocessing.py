"""Transformers: alignment, round trips, and what each refuses."""

import os
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skseq._memory import refuse_beyond_memory
from skseq.preprocessing import (
    LagFramer,
    OneHotSequence,
    StepsAsFeatures,
    SupervisedWindower,
    pad_sequences,
)
from skseq.preprocessing._sequences import (
    as_symbols,
    n_dimensions,
    some,
)


def integer_sequences(max_value=5):
    shapes = st.tuples(st.integers(1, 5), st.integers(1, 7))
    return hnp.arrays(int, shapes, elements=st.integers(-max_value, max_value))


def raises_exactly(message, kind=ValueError):
    return pytest.raises(kind, match=f"^{re.escape(message)}$")


# OneHotSequence


@given(integer_sequences())
def test_one_hot_is_one_at_the_symbols_place_and_comes_back(X):
    encoder = OneHotSequence().fit(X)
    encoded = encoder.transform(X)
    assert encoded.shape == (*X.shape, len(set(X.ravel().tolist())))
    for row, step in np.ndindex(X.shape):
        expected = [float(X[row, step] == symbol) for symbol in encoder.categories_]
        assert encoded[row, step].tolist() == expected
    assert_array_equal(encoder.inverse_transform(encoded), X)


@given(
    st.lists(
        st.lists(st.one_of(st.integers(0, 3), st.text(max_size=2)), min_size=3)
        .map(lambda row: row[:3])
        .map(tuple),
        min_size=1,
        max_size=4,
    )
)
def test_mixed_symbols_come_back_as_they_were(rows):
    X = np.empty((len(rows), 3), dtype=object)
    X[:] = rows
    encoder = OneHotSequence()
    back = encoder.inverse_transform(encoder.fit_transform(X))
    assert [[type(v) for v in row] for row in back.tolist()] == [
        [type(v) for v in row] for row in X.tolist()
    ]
    assert back.tolist() == X.tolist()


def test_a_list_of_numbers_and_strings_keeps_them_apart():
    encoder = OneHotSequence().fit([[1, "1"], ["a", 2]])
    assert encoder.categories_.tolist() == [1, 2, "1", "a"]


def test_given_categories_keep_their_order_and_their_unseen_members():
    encoder = OneHotSequence(categories=["c", "a", "b"], dtype=int)
    assert encoder.fit_transform([["a", "c"]]).tolist() == [[[0, 1, 0], [1, 0, 0]]]
    assert encoder.get_feature_names_out().tolist() == [
        "symbol_c",
        "symbol_a",
        "symbol_b",
    ]


def test_a_range_is_an_alphabet():
    assert OneHotSequence(categories=range(100)).fit_transform([[7]]).shape[-1] == 100


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int, bool])
def test_output_has_the_asked_dtype(dtype):
    assert OneHotSequence(dtype=dtype).fit_transform([[0, 1]]).dtype == dtype


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (np.int8, [-128, -1, 0, 127]),
        (np.uint8, [0, 255]),
        (np.uint64, [0, 2**64 - 1]),
        (np.uint64, [2**64 - 3, 2**64 - 1]),
        (np.int64, [-(2**63), 2**63 - 1]),
        (np.int64, [2**63 - 3, 2**63 - 1]),
    ],
)
# With many symbols a table of all numbers between is made, with few they are sorted.
@pytest.mark.parametrize("times", [1, 100])
def test_whole_numbers_at_the_ends_of_their_range_are_symbols(dtype, values, times):
    X = np.array([values * times], dtype=dtype)
    encoder = OneHotSequence()
    encoded = encoder.fit_transform(X)
    assert encoder.categories_.tolist() == values
    np.testing.assert_array_equal(encoded[0], np.tile(np.eye(len(values)), (times, 1)))
    np.testing.assert_array_equal(encoder.inverse_transform(encoded), X)


def test_unknown_symbols_are_refused_with_their_place():
    encoder = OneHotSequence().fit([[0, 1], [1, 0]])
    message = (
        "X has symbols outside the alphabet: [7, 9], first at row 1, step 0; the "
        "alphabet is [0, 1]. Name the whole alphabet in categories, or set "
        "handle_unknown='ignore'."
    )
    with raises_exactly(message):
        encoder.transform([[0, 1], [7, 9]])


def test_unknown_symbols_become_zeros_and_none_where_ignored():
    encoder = OneHotSequence(handle_unknown="ignore", dtype=int).fit([[0, 1]])
    encoded = encoder.transform([[1, 5]])
    assert encoded.tolist() == [[[0, 1], [0, 0]]]
    assert encoder.inverse_transform(encoded).tolist() == [[1, None]]


def test_given_categories_must_hold_the_symbols_of_fit():
    with pytest.raises(ValueError, match=r"outside the alphabet: \[2\]"):
        OneHotSequence(categories=[0, 1]).fit([[0, 2]])


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_missing_symbols_are_refused_without_padding(missing):
    X = np.array([["a", "b"], ["b", missing]], dtype=object)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        OneHotSequence().fit(X)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_nan_as_padding_stands_for_every_missing_value(missing):
    X = np.array([["a", "b"], ["b", missing]], dtype=object)
    encoder = OneHotSequence(padding=np.nan, dtype=int)
    encoded = encoder.fit_transform(X)
    assert encoder.categories_.tolist() == ["a", "b"]
    assert encoded[1].tolist() == [[0, 1], [0, 0]]
    back = encoder.inverse_transform(encoded)
    assert back[0].tolist() == ["a", "b"]
    assert np.isnan(back[1, 1])


def test_numbers_with_nan_padding_come_back():
    X = np.array([[1.0, 2.0], [2.0, np.nan]])
    encoder = OneHotSequence(padding=np.nan)
    assert_array_equal(encoder.inverse_transform(encoder.fit_transform(X)), X)
    assert encoder.categories_.tolist() == [1.0, 2.0]


def test_lists_are_padded_with_a_padding_only():
    rows = [[3, 0, 3], [4, 0, 1, 2, 4]]
    encoder = OneHotSequence(padding=-1, dtype=int)
    encoded = encoder.fit_transform(rows)
    assert encoded.shape == (2, 5, 5)
    assert not encoded[0, 3:].any()
    assert encoder.inverse_transform(encoded)[0].tolist() == [3, 0, 3, -1, -1]
    # Another longest length at transform is no error.
    assert encoder.transform([[0], [1, 2]]).shape == (2, 2, 5)
    # So is a single one, of whatever length.
    assert encoder.transform([[0, 3]]).shape == (1, 2, 5)
    listed = OneHotSequence(dtype=int)
    for row, found, expected in zip(
        rows, listed.fit_transform(rows), encoded, strict=True
    ):
        assert_array_equal(found, expected[: len(row)])
    back = listed.inverse_transform(listed.transform(rows))
    assert [row.tolist() for row in back] == rows
    assert listed.transform([[0, 3]]).shape == (1, 2, 5)
    assert listed.transform([np.array([0, 3])])[0].shape == (2, 5)


@pytest.mark.parametrize("handle_unknown", ["error", "ignore"])
def test_sparse_output_is_the_same_for_each_sequence(handle_unknown):
    rows = [list("bad"), list("cabbage"), list("deed")]
    options = {"padding": "-", "handle_unknown": handle_unknown}
    dense = OneHotSequence(**options).fit(rows)
    sparse = OneHotSequence(**options, sparse_output=True).fit(rows)
    given = [*rows, list("a-b"), list("a?")] if handle_unknown == "ignore" else rows
    for X in (given, pad_sequences(given, fill_value="-")[:, :, None]):
        found = sparse.transform(X)
        for one, expected in zip(found, dense.transform(X), strict=True):
            assert_array_equal(one.toarray(), expected[: one.shape[0]])
            assert one.dtype == expected.dtype
        back = sparse.inverse_transform(found)
        for symbols, row in zip(back, X, strict=True):
            expected = np.where(np.ravel(row) == "?", "-", np.ravel(row))
            assert symbols.tolist() == expected.tolist()


def test_three_dimensional_input_may_have_any_length():
    encoder = OneHotSequence().fit([[0, 1, 0], [1, 0, 0]])
    longer = np.array([[0, 1, 1, 1, 0]])[..., np.newaxis]
    assert encoder.transform(longer).shape == (1, 5, 2)
    with pytest.raises(ValueError, match="X has 5 features, but OneHotSequence is"):
        encoder.transform(longer[..., 0])


def test_several_symbols_per_step_are_refused():
    with pytest.raises(ValueError, match="expects one symbol per step"):
        OneHotSequence().fit(np.zeros((2, 3, 4)))


def test_a_step_of_zeros_stands_for_nothing_without_padding():
    encoder = OneHotSequence().fit([[0, 1]])
    message = "X is all zeros at row 0, step 1, which stands for no symbol."
    with raises_exactly(message):
        encoder.inverse_transform([[[1, 0], [0, 0]]])


def test_inverse_transform_reads_probabilities():
    encoder = OneHotSequence().fit([["a", "b"]])
    assert encoder.inverse_transform([[[0.4, 0.6]]]).tolist() == [["b"]]
    with pytest.raises(ValueError, match=r"X must have shape .* got shape \(1, 1, 3\)"):
        encoder.inverse_transform([[[0.4, 0.3, 0.3]]])


def test_unhashable_symbols_are_a_type_error():
    X = np.array([["a", {"b": 1}]], dtype=object)
    with pytest.raises(TypeError, match=r"got \{'b': 1\} of type dict at row 0, step"):
        OneHotSequence().fit(X)


def test_settings_of_no_use_are_raised_together():
    with raises_exactly(
        "OneHotSequence: dtype must be a dtype of numbers or booleans; got 'symbol'. "
        "padding must be None or a symbol; got [0]."
    ):
        OneHotSequence(dtype="symbol", padding=[0]).fit([[0]])
    with pytest.raises(TypeError, match="Each symbol of the categories argument"):
        OneHotSequence(categories=[{}, "a"]).fit([["a"]])


@pytest.mark.parametrize("categories", [[], [[0, 1]]])
def test_categories_are_a_list(categories):
    with pytest.raises(ValueError, match="categories must be 'auto' or a non-empty"):
        OneHotSequence(categories=categories).fit([[0]])


def test_problems_of_categories_are_raised_together():
    with raises_exactly(
        "categories repeats [1]. categories holds a missing value or the padding."
    ):
        OneHotSequence(categories=[0, 1, 1, -1], padding=-1).fit([[0]])


def test_nothing_but_padding_is_refused():
    with pytest.raises(ValueError, match="X holds nothing but the padding -1"):
        OneHotSequence(padding=-1).fit([[-1, -1]])


def test_table_input_keeps_its_names():
    table = pd.DataFrame({"first": ["a", "b"], "second": ["b", "a"]})
    encoder = OneHotSequence().fit(table)
    assert encoder.feature_names_in_.tolist() == ["first", "second"]
    assert encoder.transform(table).shape == (2, 2, 2)


# LagFramer


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 8), st.integers(1, 3)),
        elements=st.floats(-1e6, 1e6),
    ),
    st.integers(1, 10),
    st.sampled_from([np.nan, -1.0]),
)
def test_each_row_holds_the_rows_up_to_itself(X, n_lags, fill):
    framed = LagFramer(n_lags, fill_value=fill).fit_transform(X)
    assert framed.shape == (len(X), n_lags, X.shape[1])
    for i in range(len(X)):
        for k in range(n_lags):
            expected = X[i - k] if i >= k else np.full(X.shape[1], fill)
            assert_array_equal(framed[i, n_lags - 1 - k], expected)


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 8), st.integers(1, 3)),
        elements=st.floats(-1e6, 1e6),
    ),
    st.integers(1, 10),
)
def test_framing_comes_back(X, n_lags):
    framer = LagFramer(n_lags)
    assert_array_equal(framer.inverse_transform(framer.fit_transform(X)), X)


def test_lag_framer_keeps_columns_and_float32():
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}, dtype=np.float32)
    framer = LagFramer(2).fit(table)
    assert framer.get_feature_names_out().tolist() == ["a", "b"]
    assert framer.transform(table).dtype == np.float32


def test_numbers_beyond_every_float_are_told_as_such():
    with pytest.raises(ValueError, match=r"^X must hold numbers: int too (large|big) "):
        LagFramer().fit([[10**400]])


def test_what_comes_back_must_be_named_x():
    framer = LagFramer(2).fit([[1.0], [2.0]])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        framer.inverse_transform([[[0.0], [np.nan]]])


def test_lag_framer_inverse_refuses_another_shape():
    framer = LagFramer(2).fit([[1.0], [2.0]])
    with raises_exactly("X must have shape (n_rows, 2, 1); got shape (4, 3, 1)."):
        framer.inverse_transform(np.zeros((4, 3, 1)))


def test_lag_framer_stands_between_a_scaler_and_an_estimator():
    class Flatten(LagFramer):
        def transform(self, X):
            return super().transform(X).reshape(len(X), -1)

    X = np.arange(12.0)[:, np.newaxis]
    model = make_pipeline(MinMaxScaler(), Flatten(3, fill_value=-1), Ridge(alpha=1e-9))
    y = X[:, 0] + 1
    assert model.fit(X, y).score(X, y) > 0.999


# SupervisedWindower


def pairs_by_hand(sequence, n_in, n_out, target, horizon, step):
    """Cut one sequence with a plain loop, straight from the definition."""
    pairs = []
    start = 0
    while start + n_in <= len(sequence):
        window = sequence[start : start + n_in]
        if target == "echo":
            targets = window[:n_out]
        else:
            first = start + n_in - 1 + horizon
            targets = sequence[first : first + n_out]
        if len(targets) == n_out:
            pairs.append((list(window), list(targets)))
        start += step
    return pairs


windower_settings = st.fixed_dictionaries(
    {
        "n_in": st.integers(1, 4),
        "n_out": st.integers(1, 4),
        "target": st.sampled_from(["forecast", "echo"]),
        "horizon": st.integers(1, 3),
        "step": st.integers(1, 3),
    }
).map(
    lambda p: (
        {**p, "horizon": 1, "n_out": min(p["n_out"], p["n_in"])}
        if p["target"] == "echo"
        else p
    )
)


@pytest.mark.filterwarnings("ignore:An estimator reads")
@given(
    windower_settings,
    st.lists(
        st.lists(st.integers(0, 99), min_size=10, max_size=14), min_size=1, max_size=4
    ),
)
def test_pairs_are_those_of_a_plain_loop(parameters, sequences):
    X, y, groups = SupervisedWindower(**parameters).make_pairs(sequences)
    expected = [
        (window, targets, group)
        for group, sequence in enumerate(sequences)
        for window, targets in pairs_by_hand(sequence, **parameters)
    ]
    assert X.tolist() == [window for window, _, _ in expected]
    assert y.reshape(len(y), -1).tolist() == [targets for _, targets, _ in expected]
    assert groups.tolist() == [group for _, _, group in expected]


@pytest.mark.filterwarnings("ignore:An estimator reads")
@given(windower_settings, st.integers(3, 6))
def test_no_sequence_lands_on_both_sides_of_a_split(parameters, n_sequences):
    sequences = np.arange(n_sequences * 10).reshape(n_sequences, 10)
    X, y, groups = SupervisedWindower(**parameters).make_pairs(sequences)
    for train, test in GroupKFold(3).split(X, y, groups):
        # Values say which sequence they come from.
        seen = set((X[train] // 10).ravel()) | set((y[train] // 10).ravel())
        assert not seen & set((X[test] // 10).ravel())


@pytest.mark.filterwarnings("ignore:An estimator reads")
@given(windower_settings)
def test_values_are_not_changed_and_input_is_not_touched(parameters):
    sequences = np.random.RandomState(0).uniform(size=(3, 12))
    before = sequences.copy()
    X, y, _ = SupervisedWindower(**parameters).make_pairs(sequences)
    X += 1
    y += 1
    assert_array_equal(sequences, before)


@pytest.mark.filterwarnings("ignore:An estimator reads")
@given(windower_settings)
def test_features_are_windowed_alike(parameters):
    sequences = np.random.RandomState(0).uniform(size=(3, 12, 2))
    windower = SupervisedWindower(**parameters)
    X, y, groups = windower.make_pairs(sequences)
    for feature in range(2):
        one = windower.make_pairs(sequences[:, :, feature])
        assert_array_equal(X[..., feature], one[0])
        assert_array_equal(y[..., feature], one[1])
        assert_array_equal(groups, one[2])


COLUMNS = np.arange(24.0).reshape(12, 2)


@pytest.mark.parametrize(
    ("parameters", "shape"),
    [({"n_in": 3, "n_out": 3}, (7, 3, 2)), ({"n_in": 2}, (10, 2))],
)
def test_targets_that_would_be_read_per_step_are_told_of(parameters, shape):
    windower = SupervisedWindower(**parameters, layout="series")
    with pytest.warns(UserWarning, match="An estimator") as caught:
        _, y, _ = windower.make_pairs(COLUMNS)
    assert y.shape == shape
    assert [str(warning.message) for warning in caught] == [
        f"An estimator reads y of shape {shape} as one target for each of the "
        f"{shape[1]} steps of a window, unless n_outputs={shape[1]} says that all of "
        "them come after the window."
    ]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "parameters",
    [
        {"n_in": 3, "n_out": 3, "target": "echo"},
        {"n_in": 3, "n_out": 2},
        {"n_in": 1, "n_out": 2},
    ],
)
def test_targets_that_are_read_as_they_are_meant_are_not(parameters):
    SupervisedWindower(**parameters, layout="series").make_pairs(COLUMNS)
    SupervisedWindower(n_in=1, layout="series").make_pairs(COLUMNS[:, 0])


def test_transform_is_the_first_of_the_pairs():
    X = np.arange(20).reshape(2, 10)
    windower = SupervisedWindower(n_in=3, n_out=2, horizon=2).fit(X)
    assert_array_equal(windower.transform(X), windower.make_pairs(X)[0])
    assert windower.get_feature_names_out().tolist() == ["t-2", "t-1", "t"]


def test_a_table_is_a_series_where_the_layout_says_so():
    table = np.arange(12.0).reshape(6, 2)
    windower = SupervisedWindower(n_in=3, layout="series")
    X, y, groups = windower.make_pairs(table)
    assert_array_equal(X[0], table[:3])
    assert_array_equal(y[0], table[3])
    assert X.shape == (3, 3, 2)
    assert groups.tolist() == [0, 0, 0]
    assert_array_equal(windower.fit_transform(table), X)


def test_targets_may_come_from_beside_the_values():
    X = np.array([[0.6, 0.2, 0.9, 0.9]])
    y = np.array([[0, 0, 1, 1]])
    echo = SupervisedWindower(n_in=2, n_out=2, target="echo")
    windows, targets, _ = echo.make_pairs(X, y)
    assert windows.tolist() == [[0.6, 0.2], [0.2, 0.9], [0.9, 0.9]]
    assert targets.tolist() == [[0, 0], [0, 1], [1, 1]]
    with raises_exactly(
        "y must have the sequences and steps of X: expected (1, 4), got (1, 3)."
    ):
        echo.make_pairs(X, y[:, :3])


@pytest.mark.parametrize("fill", [-1, np.nan])
def test_incomplete_windows_are_kept_with_a_fill(fill):
    windower = SupervisedWindower(n_in=3, n_out=2, target="echo", fill_value=fill)
    X, y, groups = windower.make_pairs([[5, 6, 7]])
    assert_array_equal(X, [[fill, fill, 5], [fill, 5, 6], [5, 6, 7]])
    assert_array_equal(y, [[fill, fill], [fill, 5], [5, 6]])
    assert groups.tolist() == [0, 0, 0]


def test_a_fill_keeps_forecast_windows_too():
    windower = SupervisedWindower(n_in=3, fill_value=-1)
    X, y, _ = windower.make_pairs([[5, 6, 7]])
    assert X.tolist() == [[-1, -1, 5], [-1, 5, 6]]
    assert y.tolist() == [6, 7]


def test_ragged_sequences_are_windowed_one_by_one():
    X, y, groups = SupervisedWindower(n_in=2).make_pairs([[1, 2, 3], [4, 5, 6, 7]])
    assert X.tolist() == [[1, 2], [4, 5], [5, 6]]
    assert y.tolist() == [3, 6, 7]
    assert groups.tolist() == [0, 1, 1]


def test_symbols_are_windowed():
    X, y, _ = SupervisedWindower(n_in=2).make_pairs([["a", "b", "c"]])
    assert (X.tolist(), y.tolist()) == ([["a", "b"]], ["c"])


def test_a_series_may_have_its_targets_beside_it():
    windower = SupervisedWindower(n_in=2, layout="series")
    X, y, groups = windower.make_pairs([1.0, 2.0, 3.0, 4.0], [10, 20, 30, 40])
    assert X.tolist() == [[1.0, 2.0], [2.0, 3.0]]
    assert y.tolist() == [30, 40]
    assert groups.tolist() == [0, 0]


def test_targets_of_a_single_feature_have_no_axis_of_features():
    _, y, _ = SupervisedWindower(n_in=2).make_pairs(np.arange(4.0).reshape(1, 4, 1))
    assert y.tolist() == [2.0, 3.0]


def test_targets_beside_features_are_refused_by_sequences_and_steps():
    with raises_exactly(
        "y must have the sequences and steps of X: expected (2, 4), got (2, 3)."
    ):
        SupervisedWindower(n_in=2).make_pairs(np.ones((2, 4, 5)), np.ones((2, 3, 5)))


@pytest.mark.parametrize("dtype", [np.float32, np.int8])
def test_a_fill_keeps_features_and_the_kind_of_number(dtype):
    X = np.arange(8, dtype=dtype).reshape(1, 4, 2)
    windows, targets, _ = SupervisedWindower(n_in=3, fill_value=-1).make_pairs(X)
    assert windows[0].tolist() == [[-1, -1], [-1, -1], [0, 1]]
    assert targets[0].tolist() == [2, 3]
    assert windows.dtype == targets.dtype == dtype


def test_a_fill_leaves_symbols_what_they_are():
    X = np.array([[1, "a", 2.5]], dtype=object)
    windows, _, _ = SupervisedWindower(n_in=2, fill_value="-").make_pairs(X)
    assert windows.tolist() == [["-", 1], [1, "a"]]


def test_one_value_of_a_window_is_enough_with_a_fill():
    windower = SupervisedWindower(n_in=4, n_out=2, fill_value=0)
    X, y, _ = windower.make_pairs([[5, 6, 7]])
    assert (X.tolist(), y.tolist()) == ([[0, 0, 0, 5]], [[6, 7]])
    with raises_exactly(
        "A window with its targets needs 3 values, but sequences [0] have [2] (a table "
        "of sequences: n_features = 2). Leave them out, lower n_in, n_out or horizon."
    ):
        windower.make_pairs([[5, 6]])


@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_windows_of_ragged_sequences_keep_the_kind_of_number(dtype):
    sequences = [np.arange(length, dtype=dtype) for length in (3, 4)]
    X, y, _ = SupervisedWindower(n_in=2).make_pairs(sequences)
    assert X.dtype == y.dtype == dtype


def test_windows_of_ragged_symbols_keep_numbers_apart_from_strings():
    X, y, _ = SupervisedWindower(n_in=2).make_pairs([[1, 2, 3], ["a", "b", "c", "d"]])
    assert X.tolist() == [[1, 2], ["a", "b"], ["b", "c"]]
    assert y.tolist() == [3, "c", "d"]


def test_infinite_targets_are_refused_by_their_name():
    X = [[1, 2, 3], [4, 5, 6, 7]]
    windower = SupervisedWindower(n_in=2)
    with pytest.raises(ValueError, match=r"Input y\[1\] contains infinity"):
        windower.make_pairs(X, [[1, 2, 3], [1.0, 2.0, np.inf, 3.0]])
    with pytest.raises(ValueError, match="Input y contains NaN"):
        windower.make_pairs([[1, 2, 3]], [[1.0, 2.0, np.nan]])


def test_sparse_values_are_refused_by_their_name():
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense"):
        SupervisedWindower().make_pairs(csr_matrix(np.eye(3)))


def test_names_of_windows_are_objects_as_scikit_learns():
    names = SupervisedWindower(n_in=2).fit([[1, 2, 3]]).get_feature_names_out()
    assert names.dtype == object
    assert OneHotSequence().fit([[1, 2]]).get_feature_names_out().dtype == object


def test_sequences_too_short_for_a_window_are_named():
    with raises_exactly(
        "A window with its targets needs 4 values, but sequences [1, 2] have "
        "[2, 3] (a table of sequences: n_features = 2). Leave them out, lower "
        "n_in, n_out or horizon, or set fill_value to keep incomplete windows."
    ):
        SupervisedWindower(n_in=3).make_pairs([[1, 2, 3, 4], [1, 2], [1, 2, 3]])


def test_contradicting_parameters_are_raised_together():
    windower = SupervisedWindower(n_in=2, n_out=3, target="echo", horizon=2)
    message = (
        "SupervisedWindower: an echo has at most n_in=2 targets; got n_out=3. horizon "
        "belongs to target='forecast'; got horizon=2 with target='echo'."
    )
    for call in (windower.fit, windower.make_pairs):
        with raises_exactly(message):
            call([[1, 2, 3, 4]])


@pytest.mark.parametrize("name", ["n_in", "n_out", "horizon", "step"])
@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None])
def test_counts_must_be_positive_integers(name, value):
    windower = SupervisedWindower(**{name: value})
    with pytest.raises(ValueError, match=f"The '{name}' parameter of Supervised"):
        windower.make_pairs([[1, 2, 3]])


def test_several_series_at_once_are_refused_by_that_layout():
    message = (
        "layout='series' reads one series, X of shape (n_timesteps,) or (n_timesteps, "
        "n_features); got shape (2, 5, 1). Use layout='sequences' for several."
    )
    windower = SupervisedWindower(layout="series")
    for call in (windower.fit, windower.make_pairs):
        with raises_exactly(message):
            call(np.ones((2, 5, 1)))


def test_a_fill_is_one_value():
    with raises_exactly(
        "SupervisedWindower: fill_value must be None, a number or a symbol; got [1, 2]."
    ):
        SupervisedWindower(fill_value=[1, 2]).fit([[1, 2, 3]])


def test_ragged_targets_must_match_the_sequences():
    windower = SupervisedWindower(n_in=2)
    X = [[1, 2, 3], [4, 5, 6, 7]]
    y = [[10, 20, 30], [40, 50, 60, 70]]
    assert windower.make_pairs(X, y)[1].tolist() == [30, 60, 70]
    with raises_exactly("y must have the 2 sequences of X; got 1."):
        windower.make_pairs(X, y[:1])


# All three


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=3),
        st.binary(max_size=2),
        st.complex_numbers(),
        st.dates(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=1), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "transformer",
    [
        OneHotSequence(),
        OneHotSequence(padding=-1, handle_unknown="ignore"),
        LagFramer(2),
        SupervisedWindower(),
        SupervisedWindower(layout="series", fill_value="x"),
    ],
)
@given(X=anything)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_input_gives_a_result_or_a_plain_error(transformer, X):
    methods = [transformer.fit_transform, getattr(transformer, "make_pairs", None)]
    for method in filter(None, methods):
        try:
            result = method(X)
        except (ValueError, TypeError):
            continue
        assert len(result) > 0


@pytest.mark.parametrize(
    "transformer", [OneHotSequence(), LagFramer(2), SupervisedWindower()]
)
@pytest.mark.parametrize(
    "dtype", ["Int64", "Float64", "int8", "float32", "boolean", "category"]
)
def test_table_dtypes_are_read_as_their_values(transformer, dtype):
    values = np.array([[1, 0, 1], [0, 1, 1]])
    table = pd.DataFrame(values).astype(dtype)
    assert_array_equal(
        transformer.fit_transform(table).astype(float),
        transformer.fit_transform(values).astype(float),
    )


@pytest.mark.parametrize(
    "transformer", [OneHotSequence(), LagFramer(2), SupervisedWindower()]
)
def test_input_is_left_as_it_was_however_it_is_stored(transformer, tmp_path):
    values = np.arange(12.0).reshape(3, 4)
    expected = transformer.fit_transform(values)
    read_only = values.copy()
    read_only.flags.writeable = False
    mapped = np.memmap(tmp_path / "x", dtype=float, mode="w+", shape=(3, 4))
    mapped[:] = values
    for stored in (np.asfortranarray(values), read_only, mapped, values[:, ::-1]):
        before = stored.copy()
        result = transformer.fit_transform(stored)
        if stored.strides[-1] > 0:
            assert_array_equal(result, expected)
        result[...] = 0
        assert_array_equal(stored, before)


@pytest.mark.parametrize(
    "transformer", [OneHotSequence(), LagFramer(2), SupervisedWindower()]
)
def test_output_stays_an_array_and_pipelines_may_still_set_output(transformer):
    table = pd.DataFrame({"a": [1.0, 2.0, 1.5], "b": [3.0, 4.0, 3.5]})
    pipeline = make_pipeline(MinMaxScaler(), transformer)
    pipeline.set_output(transform="pandas")
    assert isinstance(pipeline.fit_transform(table), np.ndarray)
    assert isinstance(pipeline[0].transform(table), pd.DataFrame)
    with raises_exactly(
        "transform must be one of 'default', 'pandas', 'polars', None; got 'excel'."
    ):
        transformer.set_output(transform="excel")


@pytest.mark.parametrize("transformer", [OneHotSequence(), SupervisedWindower()])
def test_three_dimensions_after_fit_keep_their_features(transformer):
    transformer.fit(np.ones((2, 4)))
    with pytest.raises(ValueError, match="X has 2 features per step"):
        transformer.transform(np.ones((2, 4, 2)))


def test_windower_fitted_on_features_keeps_their_number():
    windower = SupervisedWindower().fit(np.ones((2, 4, 2)))
    assert windower.n_features_in_ == 2
    with pytest.raises(ValueError, match="X has 3 features per step, but Supervised"):
        windower.transform(np.ones((2, 4, 3)))


@pytest.mark.parametrize("transformer", [OneHotSequence(), SupervisedWindower()])
@pytest.mark.parametrize("shape", [(0, 4, 1), (2, 0, 1), (2, 4, 0), (2, 3, 2, 1)])
def test_empty_axes_and_more_dimensions_are_refused(transformer, shape):
    problem = "0 sample|0 feature|at least 1 step|dim 4|ndim|shape"
    with pytest.raises(ValueError, match=problem):
        transformer.fit(np.ones(shape))


# pad_sequences


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), min_size=1),
    st.sampled_from([-1, np.nan, "x", None]),
)
@settings(max_examples=50)
def test_padding_leaves_values_and_fills_the_rest(sequences, fill):
    padded = pad_sequences(sequences, fill_value=fill)
    longest = max(map(len, sequences))
    for row, sequence in zip(padded, sequences, strict=True):
        assert row[: len(sequence)].tolist() == sequence
        rest = np.full(longest - len(sequence), fill)
        assert_array_equal(row[len(sequence) :], rest)


def test_padding_keeps_the_kind_of_number():
    assert pad_sequences([[1], [2, 3]], fill_value=-1).dtype.kind == "i"
    unsigned = np.array([200, 255], dtype=np.uint8)
    padded = pad_sequences([unsigned, unsigned[:1]], fill_value=-1)
    assert padded.tolist() == [[200, 255], [200, -1]]
    halves = pad_sequences([unsigned, unsigned[:1]])
    assert halves.dtype == np.float64
    single = [np.ones(1, np.float32), np.ones(2, np.float32)]
    assert pad_sequences(single).dtype == np.float32
    assert pad_sequences([np.ones((1, 2)), np.ones((3, 2))]).shape == (2, 3, 2)


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        ([], "at least one is required"),
        ([[]], "with at least one step"),
        ([[[[1]]]], "with at least one step"),
        ([[[1, 2]], [[1]]], "must have the same features"),
    ],
)
def test_what_cannot_be_padded_is_refused(sequences, message):
    with pytest.raises(ValueError, match=message):
        pad_sequences(sequences)


def test_padding_takes_every_kind_of_number_and_long_fills():
    kinds = [np.array([1], dtype=dtype) for dtype in (bool, int, np.uint8, float)]
    assert pad_sequences(kinds, fill_value=0.5).dtype == np.float64
    assert pad_sequences(kinds[1:], fill_value=True).dtype == np.float64
    padded = pad_sequences([["a"], ["bb", "a"]], fill_value="none")
    assert padded.dtype.kind == "U"
    assert padded.tolist() == [["a", "none"], ["bb", "a"]]
    assert pad_sequences([["a"], ["b", "c"]], fill_value=40 * "-")[0, 1] == 40 * "-"
    padded = pad_sequences([[1], ["a", "b"]], fill_value="-")
    assert padded.tolist() == [[1, "-"], ["a", "b"]]
    padded = pad_sequences([["long one"], ["bb", "a"]], fill_value="-")
    assert padded.tolist() == [["long one", "-"], ["bb", "a"]]
    assert pad_sequences([["a"], ["b", "c"]], fill_value=0).tolist()[0] == ["a", 0]


# What the transformers share


def test_lists_have_dimensions_too():
    assert [n_dimensions(X) for X in (1, [1], [[1]], [[[1]]])] == [0, 1, 2, 3]
    assert n_dimensions(pd.DataFrame({"a": [1]})) == 2


def test_a_tables_values_are_not_read_to_count_its_dimensions():
    class Table:
        shape = (3, 2)

    assert n_dimensions(Table()) == 2


def test_what_is_an_array_already_is_left_to_whom_it_belongs():
    class Shaped:
        shape = (1,)

    class Convertible:
        def __array__(self, dtype=None, copy=None):
            raise AssertionError("read too early")

    for thing in (Shaped(), Convertible()):
        assert as_symbols(thing) is thing


def test_long_lists_are_shortened():
    assert some([1, 2], limit=2) == "[1, 2]"
    assert some([1, 2, 3], limit=2) == "[1, 2, … (3 in all)]"
    assert some(list("abcdefghij")).count("'") == 20
    assert some(list("abcdefghijk")).endswith("'j', … (11 in all)]")


def test_only_what_exceeds_the_memory_is_refused():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    refuse_beyond_memory((memory // 4,), np.float32, "n_in")
    with raises_exactly(
        f"The result would take {(memory + 4) / 1e9:.3g} GB, but this machine has "
        f"{memory / 1e9:.3g} GB of memory; lower n_in."
    ):
        refuse_beyond_memory((memory // 4 + 1,), np.float32, "n_in")


def test_a_refit_on_features_forgets_names_and_an_empty_axis_is_named():
    windower = SupervisedWindower().fit(pd.DataFrame({"a": [1, 2], "b": [3, 4]}))
    windower.fit(np.ones((2, 4, 3)))
    assert not hasattr(windower, "feature_names_in_")
    assert windower.n_features_in_ == 3
    with raises_exactly(
        "Found array with shape (2, 4, 0), while at least 1 step and 1 feature per "
        "step are required."
    ):
        windower.transform(np.ones((2, 4, 0)))
    with raises_exactly(
        "X has 1 features per step, but SupervisedWindower is expecting 3."
    ):
        windower.transform(np.ones((2, 4, 1)))
    assert windower.transform(np.ones((2, 5, 3))).shape == (8, 1, 3)


@pytest.mark.parametrize(
    "transformer",
    [OneHotSequence(), SupervisedWindower(), LagFramer(), StepsAsFeatures()],
)
def test_tags_say_who_takes_three_dimensions(transformer):
    takes = not isinstance(transformer, LagFramer)
    assert transformer.__sklearn_tags__().input_tags.three_d_array is takes


def test_an_alphabet_is_sorted_as_its_kind_is():
    for dtype in (int, object):
        X = np.array([[10, 9, 2]], dtype=dtype)
        assert OneHotSequence().fit(X).categories_.tolist() == [2, 9, 10]
    mixed = OneHotSequence().fit([["b", 10, 9, "a"]])
    assert mixed.categories_.tolist() == [10, 9, "a", "b"]
