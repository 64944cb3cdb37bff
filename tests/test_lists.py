"""Lists of sequences, joined and parted again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from skseq._lists import joined, padded, parted, rows_of

ONE, TWO = np.zeros(1), np.zeros(2)


@pytest.mark.parametrize(
    "X",
    [
        [ONE, TWO],
        [TWO, TWO],
        (ONE, TWO),
        [[1], [1, 2]],
        [[[1, 1]], [[1, 1], [2, 2]]],
        [ONE, [1, 2]],
        pd.Series([ONE, TWO]),
        pd.Series([[1], [1, 2]]).to_numpy(),
        [pd.Series(ONE), pd.DataFrame(TWO)],
    ],
)
def test_lists_are_arrays_one_a_sequence_or_lists_of_several_lengths(X):
    assert len(rows_of(X)) == 2


@pytest.mark.parametrize(
    "X",
    [
        [],
        [1, 2],
        ["ab", "c"],
        [np.float64(1), np.float64(2)],
        [[1, 2], [3, 4]],
        [ONE, 1],
        np.zeros((2, 3)),
        np.array([["a", 1]], object),
        np.array(["a", "bc"], object),
        pd.DataFrame([[1, 2]]),
        pd.Series(["a", "bc"]),
        None,
        3,
        "ab",
    ],
)
def test_all_else_is_no_list_of_sequences(X):
    assert rows_of(X) is None


ROWS = st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=5), min_size=1)


@given(ROWS, st.integers(0, 2))
def test_what_is_joined_and_parted_is_as_it_was(rows, n_features):
    rows = [np.array(row) for row in rows]
    if n_features:
        rows = [np.stack([row] * n_features, axis=1) for row in rows]
    steps, lengths = joined(rows, "X")
    found = parted(steps, lengths)
    assert found.shape == (len(rows),)
    grid = padded(steps, lengths, 99)
    assert grid.shape == (len(rows), max(map(len, rows)), *rows[0].shape[1:])
    for row, again, filled in zip(rows, found, grid, strict=True):
        assert_array_equal(again, row)
        assert_array_equal(filled[: len(row)], row)
        assert (filled[len(row) :] == 99).all()


def test_numbers_stay_apart_from_strings():
    steps, _ = joined([["1"], [1, 2], [None]], "y")
    assert steps.tolist() == ["1", 1, 2, None]
    assert joined([[True], [1.5]], "X")[0].dtype == float
