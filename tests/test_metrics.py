"""Scores, chance and intervals."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score

from skseq.datasets import make_ambiguous_pairs, make_cumulative_sum, make_echo
from skseq.metrics import (
    chance_level,
    memoryless_accuracy,
    rounded_accuracy,
    sequence_accuracy,
    token_accuracy,
    wilson_interval,
)


def raises_exactly(message, kind=ValueError):
    return pytest.raises(kind, match=f"^{re.escape(message)}$")


tables = hnp.arrays(
    int,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.integers(0, 2),
)


@given(tables, st.randoms(use_true_random=False))
def test_scores_are_those_of_a_plain_loop(y_true, random):
    y_pred = np.array([[random.randint(0, 2) for _ in row] for row in y_true])
    right = [
        [a == b for a, b in zip(*rows, strict=True)]
        for rows in zip(y_true, y_pred, strict=True)
    ]
    n_tokens = y_true.size
    assert token_accuracy(y_true, y_pred) == pytest.approx(
        sum(map(sum, right)) / n_tokens
    )
    assert sequence_accuracy(y_true, y_pred) == pytest.approx(
        sum(map(all, right)) / len(right)
    )


@given(tables, st.integers(1, 4), st.randoms(use_true_random=False))
def test_padding_does_not_count(y_true, n_padded, random):
    y_pred = np.array([[random.randint(0, 2) for _ in row] for row in y_true])
    padded = np.pad(y_true, ((0, 0), (n_padded, 0)), constant_values=9)
    said = np.pad(y_pred, ((0, 0), (n_padded, 0)), constant_values=1)
    for score in (token_accuracy, sequence_accuracy):
        assert score(padded, said, padding=9) == score(y_true, y_pred)


rows = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1)


@given(rows, st.integers(0, 1), st.randoms(use_true_random=False))
def test_lists_of_any_lengths_are_scored_by_what_they_hold(y_true, further, random):
    said = [[random.randint(0, 2) for _ in row] for row in y_true]
    right = [
        [a == b for a, b in zip(*pair, strict=True)]
        for pair in zip(y_true, said, strict=True)
    ]
    tokens = [one for row in right for one in row]
    # Predictions of lists come as an array of arrays; a value may be a vector of one.
    arrays = np.empty(len(said), object)
    arrays[:] = [np.reshape(row, (-1, 1) if further else -1) for row in said]
    y_true = [np.reshape(row, (-1, 1) if further else -1) for row in y_true]
    share = pytest.approx(sum(tokens) / len(tokens))
    assert token_accuracy(y_true, arrays) == share
    assert rounded_accuracy(y_true, arrays) == share
    whole = pytest.approx(sum(map(all, right)) / len(right))
    assert sequence_accuracy(y_true, arrays) == whole


def test_chance_of_lists_counts_what_is_there():
    y = [[0, 1, 1], [0], [2, 1]]
    # Of the first values two of three are the same, of the second two of two.
    assert chance_level(y) == pytest.approx((2 + 2 + 1) / 6)
    assert chance_level([[0, 1], [0], [0]], per="sequence") == pytest.approx(2 / 3)


def test_padding_does_not_count_in_lists_either():
    y_true, y_pred = [[1, 9], [2, 3, 9]], [[1, 1], [2, 0, 1]]
    assert token_accuracy(y_true, y_pred, padding=9) == pytest.approx(2 / 3)
    assert sequence_accuracy(y_true, y_pred, padding=9) == 0.5


@pytest.mark.parametrize(
    ("y_true", "y_pred", "message"),
    [
        (
            [[1, 2], [3]],
            [[1, 2], [3, 4]],
            "y_true and y_pred must have rows of the same lengths; row 1 has 1 true "
            "and 2 predicted values.",
        ),
        (
            [[1, 2], [3]],
            [[1, 2]],
            "y_true and y_pred must have the same shape, a row per sequence; got 2 and "
            "1 rows, of values of shape () and ().",
        ),
        (
            [[1, 2], []],
            [[1, 2], [1]],
            "y_true[1] has shape (0,); each sequence of a list must be (n_timesteps,) "
            "or (n_timesteps, n_features), with at least one step.",
        ),
        (
            [[1, 2], [3]],
            4,
            "y_true and y_pred must have a row per sequence; got list and int.",
        ),
    ],
)
def test_lists_that_do_not_fit_are_refused(y_true, y_pred, message):
    with raises_exactly(message):
        token_accuracy(y_true, y_pred)


def test_nan_is_padding_too():
    y_true, y_pred = [[np.nan, 1.0], [2.0, 3.0]], [[5.0, 1.0], [2.0, 4.0]]
    assert token_accuracy(y_true, y_pred, padding=np.nan) == pytest.approx(2 / 3)
    assert sequence_accuracy(y_true, y_pred, padding=np.nan) == 0.5


@pytest.mark.parametrize("score", [sequence_accuracy, token_accuracy])
def test_rows_of_padding_alone_cannot_be_scored(score):
    message = (
        "y_true has rows of nothing but padding=9, which cannot be scored; leave them "
        "out."
    )
    with raises_exactly(message):
        score([[1, 2], [9, 9]], [[1, 2], [1, 2]], padding=9)


@given(tables, st.floats(-0.49, 0.49))
def test_numbers_are_right_within_half_of_one(y_true, error):
    assert rounded_accuracy(y_true, y_true + error) == 1.0
    assert rounded_accuracy(y_true, y_true + error + 1) == 0.0


def test_labels_of_one_dimension_are_scored_as_scikit_learn_does():
    y_true, y_pred = ["a", "b", "b"], ["a", "b", "c"]
    expected = accuracy_score(y_true, y_pred)
    assert sequence_accuracy(y_true, y_pred) == expected
    assert token_accuracy(y_true, y_pred) == expected


@pytest.mark.parametrize("score", [sequence_accuracy, token_accuracy])
@pytest.mark.parametrize(
    ("true", "pred", "shapes"),
    [
        ([1, 2], [1], "(2,) and (1,)"),
        ([[1, 2]], [1, 2], "(1, 2) and (2,)"),
        ([], [], "(0,) and (0,)"),
        (1, 1, "() and ()"),
    ],
)
def test_other_shapes_are_refused(score, true, pred, shapes):
    with raises_exactly(
        "y_true and y_pred must have the same shape, a row per sequence, and not be "
        f"empty; got {shapes}."
    ):
        score(true, pred)


def test_sets_of_symbols_per_step_are_scored_symbol_by_symbol():
    y_true = np.zeros((2, 3, 4), dtype=int)
    y_pred = y_true.copy()
    y_pred[1, 2, 3] = 1
    assert sequence_accuracy(y_true, y_pred) == 0.5
    assert token_accuracy(y_true, y_pred) == pytest.approx(23 / 24)


@given(tables)
def test_chance_is_the_best_constant_answer(y):
    answers = np.array(list(np.ndindex(*[3] * y.shape[1])))
    constant = [np.tile(answer, (len(y), 1)) for answer in answers]
    best = max(token_accuracy(y, answer) for answer in constant)
    assert chance_level(y) == pytest.approx(best)
    best = max(sequence_accuracy(y, answer) for answer in constant)
    assert chance_level(y, per="sequence") == pytest.approx(best)


def test_chance_of_two_answers_to_one_question_is_a_half():
    assert chance_level(make_ambiguous_pairs(10)[1]) == 0.5


def test_chance_takes_strings():
    assert chance_level([["a", "b"], ["a", "c"]], per="sequence") == 0.5


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.5, 0.999))
def test_wilson_interval_is_scipys(k, extra, confidence):
    expected = binomtest(k, k + extra).proportion_ci(confidence, method="wilson")
    got = wilson_interval(k, k + extra, confidence=confidence)
    assert got == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_interval_of_all_and_none():
    assert wilson_interval(20, 20) == pytest.approx((0.8388750, 1.0), abs=1e-6)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611250), abs=1e-6)


def test_more_successes_than_trials_are_refused():
    with raises_exactly("n_successes must be at most n_trials=20; got 21."):
        wilson_interval(21, 20)


@pytest.mark.parametrize(
    "arguments", [{"n_successes": -1}, {"n_trials": 0}, {"confidence": 1.0}]
)
def test_interval_parameters_out_of_range_are_refused(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"The '{name}' parameter of wilson_interval"):
        wilson_interval(**{"n_successes": 0, "n_trials": 1, **arguments})


@given(tables, st.data())
def test_memoryless_rule_is_the_best_threshold(X, data):
    y = data.draw(hnp.arrays(int, X.shape, elements=st.integers(0, 1)))

    def best(values, labels):
        thresholds = [*values.ravel(), np.inf]
        rules = [values >= t for t in thresholds] + [values < t for t in thresholds]
        return max((rule == labels).sum() for rule in rules)

    assert memoryless_accuracy(X, y) == pytest.approx(best(X, y) / X.size)
    by_step = sum(best(*columns) for columns in zip(X.T, y.T, strict=True))
    assert memoryless_accuracy(X, y, by_step=True) == pytest.approx(by_step / X.size)
    of_row = sum(max(best(x, labels) for x in X.T) for labels in y.T)
    assert memoryless_accuracy(X, y, step="best") == pytest.approx(of_row / X.size)


def test_memory_is_needed_for_a_cumulative_sum():
    X, y = make_cumulative_sum(10000, n_timesteps=10, random_state=1)
    assert memoryless_accuracy(X, y) < 0.6
    assert memoryless_accuracy(X, y, by_step=True) < 0.92


def test_memoryless_problems_are_raised_together():
    with raises_exactly(
        "X and y must have the same shape (n_sequences, n_timesteps) and not be "
        "empty; got (1, 2) and (1, 1). y must hold 0 and 1 only; got [2]."
    ):
        memoryless_accuracy([[0.1, 0.2]], [[2]])


def test_a_constant_guesser_of_an_echo_scores_about_one_in_n_values():
    _, y = make_echo(20000, n_values=10, random_state=0)
    assert chance_level(y) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("one", [["1", "2"], np.array([None, "2"], object)])
def test_text_beside_numbers_is_refused(one):
    with pytest.raises(
        ValueError, match=r"^Text and numbers are never equal, but y_tr"
    ):
        token_accuracy(one, [1, 2])
