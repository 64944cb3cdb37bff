"""Rows as the network sees them, against plain loops over steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from skseq._sequences import Sequences


@st.composite
def rows_with_padding(draw):
    """Steps that say where they stood, and which of them are real."""
    n, t, f = draw(st.integers(1, 5)), draw(st.integers(1, 6)), draw(st.integers(1, 2))
    X = 1.0 + np.arange(n * t * f).reshape(n, t, f)
    rows = st.lists(st.booleans(), min_size=t, max_size=t)
    real = np.array(draw(st.lists(rows, min_size=n, max_size=n)))
    return X, real


@given(rows_with_padding())
def test_a_row_is_its_real_steps_in_order(drawn):
    X, real = drawn
    rows = Sequences.of(X, real)
    assert rows.lengths.tolist() == real.sum(axis=1).tolist()
    assert rows.n_given == X.shape[1]
    assert len(rows) == len(X)
    for values, row, here in zip(rows.values, X, real, strict=True):
        assert_array_equal(values[: here.sum()], row[here])
        assert not values[here.sum() :].any()
    # No wider than the longest, and never without a step.
    expected = X.shape[1] if real.all() else max(real.sum(axis=1).max(), 1)
    assert rows.values.shape == (len(X), expected, X.shape[2])


@given(rows_with_padding())
def test_what_stands_beside_steps_goes_along_with_them(drawn):
    X, real = drawn
    rows = Sequences.of(X, real)
    for beside in (X, X[:, :, 0], (X[:, :, 0] * 10).astype(int)):
        aligned = rows.aligned(beside)
        assert aligned.dtype == beside.dtype
        for found, given_, here in zip(aligned, beside, real, strict=True):
            assert_array_equal(found[: here.sum()], given_[here])
            assert not found[here.sum() :].any()


@given(rows_with_padding())
def test_outputs_come_back_to_the_steps_they_were_said_at(drawn):
    X, real = drawn
    rows = Sequences.of(X, real)
    width = rows.values.shape[1]
    # Output k is what is said after k real steps.
    outputs = np.tile(np.arange(width + 1), (len(X), 1))
    said = rows.spread(outputs)
    for found, here in zip(said, real, strict=True):
        count, expected = 0, []
        for step in here:
            count += step
            expected.append(count)
        assert found.tolist() == expected


@given(rows_with_padding(), st.data())
def test_some_rows_are_the_rows_by_themselves(drawn, data):
    X, real = drawn
    chosen = np.array(
        data.draw(st.lists(st.integers(0, len(X) - 1), min_size=1, max_size=5))
    )
    taken, alone = Sequences.of(X, real).take(chosen), Sequences.of(X[chosen], None)
    assert taken.n_given == alone.n_given
    own = Sequences.of(X[chosen], real[chosen])
    assert_array_equal(taken.lengths, own.lengths)
    width = own.lengths.max()
    assert_array_equal(taken.values[:, :width], own.values[:, :width])
    assert_array_equal(taken.aligned(X[chosen])[:, :width], own.values[:, :width])


@pytest.mark.parametrize("real", [None, np.ones((2, 3), bool)])
def test_rows_without_padding_are_as_given(real):
    X = np.arange(6.0).reshape(2, 3, 1)
    rows = Sequences.of(X, real)
    assert rows.values is X
    assert rows.real is None
    assert rows.lengths.tolist() == [3, 3]
    assert rows.aligned(X) is X
    outputs = np.arange(8).reshape(2, 4)
    assert rows.spread(outputs).tolist() == [[1, 2, 3], [5, 6, 7]]
    assert rows.take(np.array([1])).real is None


@given(rows_with_padding(), st.data())
def test_rows_of_a_list_come_back_as_a_list(drawn, data):
    """Each of its own length, whatever of it is padding."""
    X, real = drawn
    lengths = data.draw(
        st.lists(st.integers(1, X.shape[1]), min_size=len(X), max_size=len(X))
    )
    lengths = np.array(lengths)
    lengths[0] = X.shape[1]
    real = real & (np.arange(X.shape[1]) < lengths[:, None])
    rows = Sequences.of(X, real, lengths)
    assert rows.uneven == (lengths != lengths[0]).any()
    chosen = np.array(
        data.draw(st.lists(st.integers(0, len(X) - 1), min_size=1, max_size=5))
    )
    # Some of them are as if they alone had been given.
    some = rows.take(chosen)
    longest = X.shape[1] if some.real is None else lengths[chosen].max()
    assert some.n_given == longest
    found = some.as_given(X[chosen][:, :longest])
    for row, own, length in zip(found, X[chosen], lengths[chosen], strict=True):
        assert_array_equal(row, own[:length])
