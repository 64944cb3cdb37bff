"""Generators against their definitions, and readers against files good and bad."""

import re
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from skseq import datasets
from skseq.metrics import chance_level, sequence_accuracy, token_accuracy
from skseq.preprocessing import OneHotSequence, SupervisedWindower

HERE = Path(__file__).parent
MILK = Path(datasets.__file__).parents[1] / "data" / "monthly-milk-production.csv"


def raises_exactly(message, kind=ValueError):
    return pytest.raises(kind, match=f"^{re.escape(message)}$")


# What holds for all generators


def draw(name, n_sequences, random_state, **parameters):
    made = getattr(datasets, name)(n_sequences, random_state=random_state, **parameters)
    return made if isinstance(made, tuple) else (made,)


GENERATORS = [
    ("make_value_memorization", {"body": "random", "framing": "last"}),
    ("make_sequence_values", {"window": 3}),
    ("make_echo", {"lag": 3}),
    ("make_random_sequences", {}),
    ("make_cumulative_sum", {}),
    ("make_embedded_reber", {}),
    ("make_embedded_reber", {"targets": "next"}),
    ("make_long_lag", {"variant": "2a", "framing": "per_step"}),
    ("make_long_lag", {"variant": "2b"}),
    ("make_long_lag", {"variant": "2c"}),
    ("make_adding", {}),
    ("make_temporal_order", {"n_relevant": 2}),
    ("make_temporal_order", {"n_relevant": 3}),
]


def test_all_generators_of_random_data_are_in_the_list():
    drawn = {name for name, _ in GENERATORS}
    made = {name for name in datasets.__all__ if name.startswith("make_")}
    assert made - drawn == {"make_ambiguous_pairs"}  # which draws nothing


@pytest.mark.parametrize(("name", "parameters"), GENERATORS)
def test_a_seed_gives_the_same_data_and_another_seed_does_not(name, parameters):
    first = draw(name, 20, 0, **parameters)
    again = draw(name, 20, np.random.RandomState(0), **parameters)
    other = draw(name, 20, 1, **parameters)
    for a, b in zip(first, again, strict=True):
        assert_array_equal(a, b)
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert all(len(array) == 20 for array in first)


@pytest.mark.parametrize(("name", "parameters"), GENERATORS)
def test_global_random_numbers_are_left_alone(name, parameters):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    draw(name, 5, 0, **parameters)
    assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(("name", "parameters"), GENERATORS)
@pytest.mark.parametrize("n_sequences", [0, -1, 2.5, "3"])
def test_numbers_of_sequences_that_make_no_sense(name, parameters, n_sequences):
    message = f"The 'n_sequences' parameter of {name} must be an int in the range"
    with pytest.raises(ValueError, match=re.escape(message)):
        draw(name, n_sequences, 0, **parameters)


# Value memorization


def test_memorization_is_the_published_one():
    X, y = datasets.make_value_memorization()
    assert X.tolist() == [[3, 0, 1, 2], [4, 0, 1, 2]]
    assert y.tolist() == [[0, 1, 2, 3], [0, 1, 2, 4]]
    X, y = datasets.make_value_memorization(framing="last")
    assert y.tolist() == [3, 4]


def test_the_other_published_generator():
    X, y = datasets.make_value_memorization(body="counting_from_one")
    sequences = np.column_stack([X, y[:, -1]])
    assert sequences.tolist() == [[3, 1, 2, 3, 3], [4, 1, 2, 3, 4]]


@pytest.mark.parametrize("body", ["counting", "counting_from_one"])
@given(n=st.integers(5, 30))
@settings(max_examples=10)
def test_counting_bodies_of_any_length(body, n):
    X, y = datasets.make_value_memorization(body=body, body_length=n - 2)
    first = 1 if body == "counting_from_one" else 0
    for row, key in enumerate((n - 2, n - 1)):
        assert X[row].tolist() == [key, *range(first, first + n - 2)]
        assert y[row].tolist() == [*range(first, first + n - 2), key]


def test_counting_starts_over_in_a_small_alphabet():
    X, _ = datasets.make_value_memorization(body_length=5, n_symbols=4)
    assert X.tolist() == [[2, 0, 1, 0, 1, 0], [3, 0, 1, 0, 1, 0]]


def test_letters_and_other_symbols():
    X, _ = datasets.make_value_memorization(symbols="letters", n_symbols=26)
    assert X.tolist() == [["y", "a", "b", "c"], ["z", "a", "b", "c"]]
    X, _ = datasets.make_value_memorization(symbols=["p", "q", "r", "s", "t"])
    assert X[0].tolist() == ["s", "p", "q", "r"]


def test_joined_sequences_are_one_row_of_eight_steps():
    X, y = datasets.make_value_memorization(framing="joined")
    assert X.tolist() == [[3, 0, 1, 2, 4, 0, 1, 2]]
    assert y.tolist() == [[0, 1, 2, 3, 0, 1, 2, 4]]


def test_lags_make_the_pairs_that_readers_asked_for():
    X, y = datasets.make_value_memorization(framing="lags", n_lags=2)
    pairs = list(zip(map(tuple, X.tolist()), y.tolist(), strict=True))
    assert pairs == [
        ((3, 0), 1),
        ((0, 1), 2),
        ((1, 2), 3),
        ((4, 0), 1),
        ((0, 1), 2),
        ((1, 2), 4),
    ]


@pytest.mark.parametrize("body", ["counting", "counting_from_one", "random"])
def test_memorization_oracle_is_right_and_a_constant_is_right_by_half(body):
    X, y = datasets.make_value_memorization(
        200, body=body, body_length=12, framing="last", random_state=0
    )
    assert sequence_accuracy(y, X[:, 0]) == 1.0
    assert chance_level(y) == 0.5


def test_random_bodies_use_the_whole_alphabet_but_the_keys():
    X, _ = datasets.make_value_memorization(
        300, body="random", n_symbols=9, framing="last", random_state=0
    )
    assert set(X[:, 1:].ravel().tolist()) == set(range(7))
    assert set(X[:, 0].tolist()) == {7, 8}


def test_ambiguous_pairs_have_two_answers():
    X, y = datasets.make_ambiguous_pairs(4)
    assert X.tolist() == [[0]] * 4
    assert y.tolist() == [1, 2, 1, 2]
    with pytest.raises(ValueError, match="The 'n_sequences' parameter of make_ambig"):
        datasets.make_ambiguous_pairs(1)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"body": "random"},
            "make_value_memorization: a random body cannot be predicted: body='random' "
            "needs framing='last'; got framing='per_step'.",
        ),
        (
            {"n_symbols": 2, "framing": "lags", "n_lags": 5},
            "make_value_memorization: n_symbols must be at least 3, two of them keys; "
            "got 2. n_lags must be at most 4, the values before the last; got 5.",
        ),
        (
            {"symbols": "letters", "n_symbols": 27},
            "symbols must hold at least 27 different symbols, one for each of "
            "n_symbols; got 26.",
        ),
        (
            {"symbols": [1, 1, 2]},
            "symbols must hold at least 5 different symbols, one for each of "
            "n_symbols; got 2.",
        ),
    ],
)
def test_memorization_that_cannot_be_made(parameters, message):
    with raises_exactly(message):
        datasets.make_value_memorization(**parameters)


# Sequence values, echoes, sums


@given(st.integers(2, 30), st.data())
def test_sequence_values_continue_by_one_step(length, data):
    window = data.draw(st.integers(1, length - 1))
    X, y = datasets.make_sequence_values(length=length, window=window)
    assert X.shape == (length - window, window)
    for row in range(len(X)):
        expected = [(row + i) / length for i in range(window + 1)]
        assert [*X[row], y[row]] == expected
    drawn, targets = datasets.make_sequence_values(
        20, length=length, window=window, random_state=0
    )
    # The oracle is right to well within half a step.
    assert np.abs(drawn[:, -1] + 1 / length - targets).max() < 1e-12


def test_a_window_must_leave_a_value_to_predict():
    with raises_exactly(
        "window must be smaller than length=10, so that a value is left to predict; "
        "got 10."
    ):
        datasets.make_sequence_values(length=10, window=10)


@given(st.integers(1, 12), st.data())
def test_echo_is_the_value_lag_steps_before_the_last(n_timesteps, data):
    lag = data.draw(st.integers(0, n_timesteps - 1))
    X, y = datasets.make_echo(
        30, n_timesteps=n_timesteps, n_values=7, lag=lag, random_state=0
    )
    assert X.shape == (30, n_timesteps)
    assert set(X.ravel().tolist()) <= set(range(7))
    oracle = [list(row)[::-1][lag] for row in X]
    assert sequence_accuracy(y, oracle) == 1.0


def test_the_fifth_of_ten_is_lag_five():
    X, y = datasets.make_echo(10, n_timesteps=10, lag=5, random_state=0)
    assert_array_equal(y, X[:, 4])


def test_a_lag_before_the_first_step_is_refused():
    with raises_exactly("lag must be smaller than n_timesteps=10; got 10."):
        datasets.make_echo(lag=10)


def test_random_sequences_give_the_published_windows():
    X = datasets.make_random_sequences(3, random_state=0)
    assert X.shape == (3, 25)
    assert set(X.ravel().tolist()) <= set(range(100))
    windower = SupervisedWindower(n_in=5, n_out=2, target="echo")
    windows, targets, groups = windower.make_pairs(X)
    assert windows.shape == (63, 5)  # 21 of each sequence
    assert_array_equal(targets, windows[:, :2])
    assert np.bincount(groups).tolist() == [21, 21, 21]


def test_random_values_are_uniform():
    X = datasets.make_random_sequences(4000, n_values=10, random_state=0)
    shares = np.bincount(X.ravel(), minlength=10) / X.size
    assert np.abs(shares - 0.1).max() < 0.01
    assert len(shares) == 10


@given(st.integers(1, 12), st.sampled_from([None, 0.5, 3.0]))
def test_labels_are_those_of_a_running_sum(n_timesteps, limit):
    X, y = datasets.make_cumulative_sum(
        20, n_timesteps=n_timesteps, limit=limit, random_state=0
    )
    for values, labels in zip(X, y, strict=True):
        total = 0.0
        for value, label in zip(values, labels, strict=True):
            total += value
            assert label == (total >= (n_timesteps / 4 if limit is None else limit))


def test_a_constant_guesser_of_sums_knows_at_most_the_step():
    _, y = datasets.make_cumulative_sum(5000, random_state=0)
    # One answer for all labels: less than chance_level, which may differ by step.
    assert max(y.mean(), 1 - y.mean()) < 0.6
    assert token_accuracy(y, np.ones_like(y)) == pytest.approx(y.mean())


def test_a_limit_must_be_positive():
    with pytest.raises(ValueError, match="The 'limit' parameter of make_cumulative"):
        datasets.make_cumulative_sum(limit=0)


# The 1997 paper


REBER = {
    # Written out as the strings that each state accepts next, from the paper's figure.
    "start": [("B", "one")],
    "one": [("T", "upper"), ("P", "lower")],
    "upper": [("S", "upper"), ("X", "middle")],
    "lower": [("T", "lower"), ("V", "low_end")],
    "middle": [("X", "lower"), ("S", "last")],
    "low_end": [("P", "middle"), ("V", "last")],
    "last": [("E", "done")],
}


def legal_next(prefix):
    """Say what may follow a prefix, by walking the grammar from its start."""
    if len(prefix) < 2:
        return {"": {"B"}, "B": {"T", "P"}}[prefix]
    state = "start"
    for position, symbol in enumerate(prefix[2:]):
        if state == "done":
            assert symbol == prefix[1]
            assert position == len(prefix) - 3
            return {"E"}
        state = dict(REBER[state])[symbol]
    return {prefix[1]} if state == "done" else {symbol for symbol, _ in REBER[state]}


def test_reber_targets_are_what_a_parser_allows():
    X, y = datasets.make_embedded_reber(300, random_state=0)
    _, following = datasets.make_embedded_reber(300, targets="next", random_state=0)
    oracle = np.zeros_like(y)
    for row, symbols in enumerate(X):
        text = "".join(symbols)
        for step in range(len(text)):
            legal = legal_next(text[: step + 1])
            assert following[row, step] in legal
            for symbol in legal:
                oracle[row, step, datasets.REBER_SYMBOLS.index(symbol)] = 1
        assert not y[row, len(text) :].any()
        assert not any(following[row, len(text) :])
        assert following[row, len(text) - 1] == "E"
    assert_array_equal(oracle, y)


def test_reber_branches_are_taken_by_halves():
    X, y = datasets.make_embedded_reber(3000, targets="next", random_state=0)
    assert np.mean(X[:, 1] == "T") == pytest.approx(0.5, abs=0.03)
    shortest = (X != "").sum(axis=1).min()
    assert shortest == 8  # B T (B T X S E or B P V V E) T, without the last E
    assert np.mean(y[:, 2] == "T") == pytest.approx(0.5, abs=0.03)


def test_reber_strings_are_encoded_with_their_padding():
    X, _ = datasets.make_embedded_reber(10, random_state=0)
    encoder = OneHotSequence(categories=datasets.REBER_SYMBOLS, padding="")
    assert_array_equal(encoder.fit_transform(X).sum(axis=2), X != "")


@given(st.integers(2, 20))
@settings(max_examples=20)
def test_long_lag_2a_is_two_sequences(p):
    X, y = datasets.make_long_lag(50, p=p, framing="per_step", random_state=0)
    sequences = {tuple(row) for row in np.column_stack([X, y[:, -1]]).tolist()}
    body = range(p - 1)
    assert sequences == {(p - 1, *body, p - 1), (p, *body, p)}
    assert_array_equal(X[:, 1:], y[:, :-1])


def test_long_lag_2b_has_random_bodies():
    X, y = datasets.make_long_lag(400, variant="2b", p=10, random_state=0)
    assert X.shape == (400, 10)
    assert set(X[:, 1:].ravel().tolist()) == set(range(9))
    assert set(y.tolist()) == {9, 10}


def test_long_lag_2c_is_as_long_as_the_paper_says():
    p, q = 30, 50
    X, y = datasets.make_long_lag(5000, variant="2c", p=p, q=q, random_state=0)
    end, begin, x, y_symbol = p, p + 1, p + 2, p + 3
    lengths = (X != -1).sum(axis=1) + 1  # with the last symbol
    assert lengths.min() == q + 4
    # The paper says q + 14, but the mean of its own sum, 4 + q + 9, is one less.
    assert lengths.mean() == pytest.approx(q + 13, abs=0.5)
    assert set(X[:, 0].tolist()) == {begin}
    assert set(y.tolist()) == {x, y_symbol}
    for row, length in zip(X, lengths, strict=True):
        assert row[length - 2] == end
        assert row[2 : length - 2].max() < p


@pytest.mark.parametrize(("variant", "position"), [("2a", 0), ("2b", 0), ("2c", 1)])
def test_long_lag_oracle_is_right_and_a_constant_is_right_by_half(variant, position):
    X, y = datasets.make_long_lag(2000, variant=variant, p=20, random_state=0)
    assert sequence_accuracy(y, X[:, position]) == 1.0
    assert chance_level(y) == pytest.approx(0.5, abs=0.04)


def test_long_lag_problems_are_raised_together():
    with raises_exactly("make_long_lag: q belongs to variant='2c'; got q=5 with '2a'."):
        datasets.make_long_lag(q=5)
    with raises_exactly(
        "make_long_lag: variant='2c' tells only the last symbol: it needs "
        "framing='last'."
    ):
        datasets.make_long_lag(variant="2c", framing="per_step")


def test_adding_is_as_the_paper_defines_it():
    T = 40
    X, y = datasets.make_adding(3000, n_timesteps=T, fill_value=-9, random_state=0)
    lengths = (X[..., 0] != -9).sum(axis=1)
    assert set(lengths.tolist()) == {40, 41, 42, 43, 44}
    places = []
    for row, length in zip(X, lengths, strict=True):
        numbers, markers = row[:length].T
        assert np.abs(numbers).max() <= 1
        assert (markers[0], markers[-1]) == (-1, -1)
        assert not (row[length:] != -9).any()
        marked = np.flatnonzero(markers == 1).tolist()
        assert len(marked) in (1, 2)
        assert markers[1:-1].sum() == len(marked)
        if len(marked) == 2:  # else the first step was one of the two
            places.append(marked)
    firsts, seconds = zip(*places, strict=True)
    assert max(firsts) == 9
    assert max(seconds) == T // 2 - 1  # the last of the first T/2 - 1 others
    assert len(places) / len(X) == pytest.approx(0.9 * 18 / 19, abs=0.02)
    oracle = 0.5 + (X[..., 0] * (X[..., 1] == 1)).sum(axis=1) / 4
    assert np.mean(np.abs(oracle - y) < 0.04) == 1.0
    assert np.mean(np.abs(0.5 - y) < 0.04) < 0.2


@pytest.mark.parametrize(
    ("n_relevant", "classes", "places"),
    [
        (2, "QRSU", [(10, 20), (50, 60)]),
        (3, "QRSUVABC", [(10, 20), (33, 43), (66, 76)]),
    ],
)
def test_temporal_order_is_as_the_paper_defines_it(n_relevant, classes, places):
    X, y = datasets.make_temporal_order(3000, n_relevant=n_relevant, random_state=0)
    lengths = (X != "").sum(axis=1)
    assert (lengths.min(), lengths.max()) == (100, 110)
    oracle = []
    found = []
    for row, length in zip(X, lengths, strict=True):
        symbols = row[:length]
        assert (symbols[0], symbols[-1]) == ("E", "B")
        where = np.flatnonzero(np.isin(symbols, ["X", "Y"]))
        found.append(where)
        assert set(np.delete(symbols, where)[1:-1].tolist()) <= set("abcd")
        order = "".join(symbols[where]).replace("X", "0").replace("Y", "1")
        oracle.append(classes[int(order, 2)])
    found = np.array(found)
    assert list(zip(found.min(axis=0), found.max(axis=0), strict=True)) == places
    assert sequence_accuracy(y, oracle) == 1.0
    assert chance_level(y) == pytest.approx(1 / len(classes), abs=0.03)


# Milk production


def test_milk_production_is_the_known_series():
    milk = datasets.load_milk_production()
    assert milk.series.shape == (168,)
    assert (milk.series.sum(), milk.series.min(), milk.series.max()) == (
        126791,
        553,
        969,
    )
    assert (str(milk.time[0]), str(milk.time[-1])) == ("1962-01", "1975-12")
    assert (np.diff(milk.time) == np.timedelta64(1, "M")).all()


# Readers


def write(folder, text, encoding="utf-8"):
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_header_found_in_the_wild_is_read_with_a_warning(tmp_path):
    path = tmp_path / "milk.csv"
    shutil.copy(HERE / "data" / "milk-malformed-header.csv", path)
    with pytest.warns(UserWarning, match="line 1 has typographic quotes") as caught:
        data = datasets.load_series_csv(path)
    assert len(caught) == 1
    assert data.feature_names == ["Production"]
    assert data.time.tolist() == ["1962-01", "1962-02", "1962-03", "1962-04"]
    assert data.series.tolist() == [589.0, 561.0, 640.0, 656.0]


def test_a_clean_file_gives_no_warning(recwarn):
    datasets.load_series_csv(MILK)
    assert not recwarn.list


def test_a_swallowed_comma_is_refused_and_never_shifts_columns(tmp_path):
    path = write(tmp_path, '"month,sales"\n2024-01,3\n2024-02,4\n')
    with raises_exactly(
        f"{path} cannot be read: line 2: 2 fields, but the header on line 1 names 1 "
        "('month,sales'); line 3: 2 fields, but the header on line 1 names 1 "
        "('month,sales')."
    ):
        datasets.load_series_csv(path)


def test_months_are_never_numbers(tmp_path):
    path = write(tmp_path, "sales,month\n3,2024-01\n4,2024-02\n")
    with raises_exactly(
        f"{path} cannot be read: line 2: column 'month' holds '2024-01', not a finite "
        "number; line 3: column 'month' holds '2024-02', not a finite number."
    ):
        datasets.load_series_csv(path)
    data = datasets.load_series_csv(path, time="month")
    assert data.series.tolist() == [3.0, 4.0]


def test_several_columns_are_a_table_of_features(tmp_path):
    path = write(tmp_path, "t,a,b\n1,0.5,2\n2,1.5,3\n")
    data = datasets.load_series_csv(path, values=["b", "a"], time="t")
    assert data.series.tolist() == [[2.0, 0.5], [3.0, 1.5]]
    assert datasets.load_series_csv(path, values="b").series.tolist() == [2.0, 3.0]
    with raises_exactly(
        f"{path}: values must name the columns to read, since there is not exactly one "
        "beside 't'; the header names 't', 'a', 'b'."
    ):
        datasets.load_series_csv(path)


def test_a_series_needs_a_column(tmp_path):
    path = write(tmp_path, "t,v\n1,2\n")
    with raises_exactly("values must name at least one column; got none."):
        datasets.load_series_csv(path, values=[])
    with pytest.raises(ValueError, match="The 'values' parameter of load_series_csv"):
        datasets.load_series_csv(path, values=1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ": the file is empty; expected a header line."),
        (
            "t,v\n",
            " cannot be read: the header on line 1 is followed by no data.",
        ),
        (
            "t,v\n1,2\n2\n3,4,5\n",
            " cannot be read: line 3: 1 fields, but the header on line 1 names 2 ('t', "
            "'v'); line 4: 3 fields, but the header on line 1 names 2 ('t', 'v').",
        ),
        (
            "t,t\n1,2\n",
            " cannot be read: line 1: column names must be given and unique; got "
            "['t', 't'].",
        ),
        (
            "t,v\n1,\n2,x\n3,nan\n4,inf\n5,1_000\n",
            " cannot be read: line 2: column 'v' is empty; line 3: column 'v' holds "
            "'x', not a finite number; line 4: column 'v' holds 'nan', not a finite "
            "number; line 5: column 'v' holds 'inf', not a finite number; line 6: "
            "column 'v' holds '1_000', not a finite number.",
        ),
        (
            "t,v\n1,2\n\n1,3\n",
            " cannot be read: line 4: t '1' is already on line 2.",
        ),
        ('t,v\n1,"2\n', " cannot be read: line 2: unexpected end of data."),
    ],
)
def test_broken_series_are_refused_with_line_and_cause(tmp_path, text, problem):
    path = write(tmp_path, text)
    with raises_exactly(f"{path}{problem}"):
        datasets.load_series_csv(path)


def test_many_problems_are_shortened(tmp_path):
    path = write(tmp_path, "t,v\n" + "".join(f"{i},x\n" for i in range(15)))
    with pytest.raises(ValueError, match=r"line 11: .*; and 5 more\.$"):
        datasets.load_series_csv(path)


def test_text_that_is_not_utf8_is_refused(tmp_path):
    path = write(tmp_path, "t,größe\n1,2\n", encoding="latin-1")
    with raises_exactly(
        f"{path} cannot be read: it is not UTF-8 text (byte 4). Save it as UTF-8, or "
        "name its encoding: read_options={'encoding': …}."
    ):
        datasets.load_series_csv(path)


def test_a_byte_order_mark_and_other_delimiters_are_read(tmp_path):
    path = write(tmp_path, "\ufefft;v\r\n1;2.5\r\n")
    data = datasets.load_series_csv(path, delimiter=";")
    assert data.feature_names == ["v"]
    assert data.series.tolist() == [2.5]


def test_a_missing_column_is_named(tmp_path):
    path = write(tmp_path, "t,v\n1,2\n")
    with raises_exactly(
        f"{path} cannot be read: line 1: no column named 'w'; the header names 't', "
        "'v'."
    ):
        datasets.load_series_csv(path, values="w")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        datasets.load_series_csv(tmp_path / "none.csv")


LONG = (
    "id,t,height,width,kind\n"
    "a,2,0.2,1,rise\n"
    "b,1,0.9,3,fall\n"
    "a,1,0.1,2,rise\n"
    "b,2,0.8,4,fall\n"
)
COLUMNS = {"sequence": "id", "step": "t", "label": "kind"}


def test_rows_are_ordered_by_step_and_sequences_by_appearance(tmp_path):
    data = datasets.load_sequences_csv(write(tmp_path, LONG), **COLUMNS)
    assert data.sequences.tolist() == ["a", "b"]
    assert data.feature_names == ["height", "width"]
    assert data.X.tolist() == [[[0.1, 2], [0.2, 1]], [[0.9, 3], [0.8, 4]]]
    assert data.y.tolist() == ["rise", "fall"]


def test_one_feature_of_symbols_is_a_table(tmp_path):
    path = write(tmp_path, "sequence,step,symbol,label\n1,1,x,0.5\n1,2,y,0.5\n")
    data = datasets.load_sequences_csv(
        path, features_are="symbols", labels_are="numbers"
    )
    assert data.X.tolist() == [["x", "y"]]
    assert data.y.tolist() == [0.5]


def test_labels_per_step(tmp_path):
    path = write(tmp_path, "sequence,step,v,label\n1,1,3,a\n1,2,4,b\n")
    data = datasets.load_sequences_csv(path, framing="per_step")
    assert data.y.tolist() == [["a", "b"]]
    with raises_exactly(
        f"{path} cannot be read: line 2: sequence '1' has the labels 'a', 'b', but "
        "framing='last' needs one."
    ):
        datasets.load_sequences_csv(path)


def test_lengths_may_differ_where_a_fill_is_given(tmp_path):
    path = write(tmp_path, "sequence,step,v,label\n1,1,3,a\n1,2,4,a\n2,1,5,b\n")
    with raises_exactly(
        f"{path} cannot be read: sequences have from 1 ('2') to 2 ('1') steps; give a "
        "fill_value to pad them."
    ):
        datasets.load_sequences_csv(path)
    data = datasets.load_sequences_csv(path, fill_value=-1)
    assert data.X.tolist() == [[3.0, 4.0], [5.0, -1.0]]


def test_a_step_that_appears_twice_is_refused(tmp_path):
    path = write(tmp_path, "sequence,step,v,label\n1,1,3,a\n1,1,4,a\n")
    with raises_exactly(
        f"{path} cannot be read: line 3: sequence '1' has step 1 already on line 2."
    ):
        datasets.load_sequences_csv(path)


def test_columns_have_one_role_each(tmp_path):
    path = write(tmp_path, LONG)
    with raises_exactly(
        "sequence, step, time, label and features must name different columns; 'kind' "
        "is named more than once."
    ):
        datasets.load_sequences_csv(path, **COLUMNS, features=["kind", "height"])
    with raises_exactly("features must name at least one column; got none."):
        datasets.load_sequences_csv(path, **COLUMNS, features=[])


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=25)
def test_what_is_written_is_read_whatever_the_order(tmp_path_factory, table, random):
    lines = [
        f"{name},{step},{value!r},{name}"
        for name, values in table.items()
        for step, value in enumerate(values)
    ]
    random.shuffle(lines)
    path = write(
        tmp_path_factory.mktemp("long"),
        "sequence,step,value,label\n" + "\n".join(lines) + "\n",
    )
    data = datasets.load_sequences_csv(path)
    got = dict(zip(data.y.tolist(), data.X.tolist(), strict=True))
    assert got == table


# Dates


DAYS = "day,sales\n2024-01-01,1\n2024-01-02,2\n2024-01-04,4\n"


# skforecast/skforecast #81: dates are missing, and nothing says so.
def test_missing_dates_are_named_and_filled_as_asked(tmp_path):
    path = write(tmp_path, DAYS)
    for frequency in ("D", "infer"):
        with raises_exactly(
            f"{path} cannot be read: 1 date is missing, 2024-01-03, of frequency 'D'; "
            "missing='nan', 'forward' or 'interpolate' fills."
        ):
            datasets.load_series_csv(path, frequency=frequency)
    for missing, third in [("nan", np.nan), ("forward", 2.0), ("interpolate", 3.0)]:
        data = datasets.load_series_csv(path, missing=missing)
        np.testing.assert_array_equal(data.series, [1, 2, third, 4])
        assert data.time.astype("datetime64[D]").astype(str).tolist() == [
            f"2024-01-0{day}" for day in range(1, 5)
        ]
    data = datasets.load_series_csv(path, frequency=None)
    assert data.series.tolist() == [1, 2, 4]
    assert data.time.tolist() == ["2024-01-01", "2024-01-02", "2024-01-04"]


# Nixtla/nixtla #585: which dates, and what is wrong with them.
def test_doubled_and_unordered_dates_are_named_with_their_lines(tmp_path):
    path = write(
        tmp_path, "day,v\n2024-01-01,1\n2024-01-03,2\n2024-01-02,4\n2024-01-02,6\n"
    )
    with raises_exactly(
        f"{path} cannot be read: line 4: '2024-01-02' comes before '2024-01-03' on "
        "line 3; unordered='sort' puts dates in order; line 5: '2024-01-02' is already "
        "on line 4; doubled='first', 'last' or 'mean' keeps one."
    ):
        datasets.load_series_csv(path)
    for doubled, second in [("first", 4), ("last", 6), ("mean", 5)]:
        data = datasets.load_series_csv(path, doubled=doubled, unordered="sort")
        assert data.series.tolist() == [1, second, 2]
        assert data.time.tolist() == ["2024-01-01", "2024-01-02", "2024-01-03"]


@pytest.mark.parametrize(
    ("frequency", "dates"),
    [
        ("D", ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-02"]),
        ("B", ["2024-03-01", "2024-03-04", "2024-03-05", "2024-03-07"]),
        ("7D", ["2024-01-03", "2024-01-10", "2024-01-17", "2024-01-31"]),
        ("h", ["2024-01-01 22:00", "2024-01-01T23:00", "2024-01-02", "2024-01-02 02"]),
        ("MS", ["2023-11", "2023-12", "2024-01", "2024-03"]),
        ("ME", ["2023-11-30", "2023-12-31", "2024-01-31", "2024-03-31"]),
        ("YS-JAN", ["2020-01-01", "2021-01-01", "2022-01-01", "2024-01-01"]),
    ],
)
def test_frequencies_are_seen_in_dates_with_one_missing(tmp_path, frequency, dates):
    lines = [f"{date},{value}" for value, date in enumerate(dates)]
    path = write(tmp_path, "\n".join(["date,v", *lines]))
    with pytest.raises(ValueError, match=f" of frequency '{frequency}'; missing='nan'"):
        datasets.load_series_csv(path)
    data = datasets.load_series_csv(path, missing="interpolate")
    assert data.series.tolist() == [0, 1, 2, 2.5, 3]


def test_dates_that_follow_no_frequency_are_refused(tmp_path):
    path = write(tmp_path, "day,v\n2024-01-01,1\n2024-01-02,2\n2024-01-09,4\n")
    with raises_exactly(
        f"{path} cannot be read: the dates follow no one frequency (most often 1 days "
        "00:00:00 apart, but from 2024-01-02 00:00:00 to 2024-01-09 00:00:00 it is 7 "
        "days 00:00:00); name it, such as frequency='D', or take rows as they stand "
        "with frequency=None."
    ):
        datasets.load_series_csv(path)
    assert len(datasets.load_series_csv(path, frequency="D", missing="nan").series) == 9


def test_a_frequency_that_is_not_the_dates_is_refused_with_theirs(tmp_path):
    path = write(tmp_path, "m,v\n2024-01-31,1\n2024-02-29,2\n2024-03-31,4\n")
    with pytest.raises(
        ValueError,
        match="line 2: '2024-01-31' is no date of frequency"
        "='MS'; that of 'ME' fits; line 3",
    ):
        datasets.load_series_csv(path, frequency="MS")


def test_dates_of_any_form_and_of_two_columns(tmp_path):
    path = write(tmp_path, "d,v\n1/2/2024,1\n2/2/2024,2\n3/2/2024,3\n")
    with raises_exactly(
        f"{path} cannot be read: line 2: '1/2/2024' is no date in ISO 8601; give "
        "date_format, such as '%d.%m.%Y' or '%m/%d/%Y', or frequency=None to take "
        "times as names; line 3: '2/2/2024' is no date in ISO 8601; line 4: '3/2/2024' "
        "is no date in ISO 8601."
    ):
        datasets.load_series_csv(path)
    data = datasets.load_series_csv(path, date_format="%d/%m/%Y")
    assert str(data.time[-1])[:10] == "2024-02-03"
    path = write(tmp_path, "d,t,v\n2024-01-01,10:00,1\n2024-01-01,10:30,2\n")
    data = datasets.load_series_csv(path, time=["d", "t"], frequency="30min")
    assert str(data.time[-1])[:16] == "2024-01-01T10:30"
    path = write(tmp_path, "t,v\n2024-01-01T00:00+01:00,1\n2024-01-01T00:00Z,2\n")
    data = datasets.load_series_csv(path, frequency="h")
    assert str(data.time[0])[:16] == "2023-12-31T23:00"


def test_what_begins_without_a_value_is_not_filled(tmp_path):
    path = write(tmp_path, "t,v\n1,\n2,3\n3,\n")
    with raises_exactly(
        f"{path} cannot be read: line 2: column 'v' is missing and has no value before "
        "it; missing='nan' leaves it so."
    ):
        datasets.load_series_csv(path, missing="forward")
    with pytest.raises(ValueError, match="line 4: column 'v' is missing and has no va"):
        datasets.load_series_csv(path, missing="interpolate")


@given(
    st.lists(st.integers(0, 40), min_size=3, max_size=12, unique=True),
    st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None)
def test_filling_is_what_pandas_does_on_the_whole_calendar(
    tmp_path_factory, days, random
):
    dates = pd.Timestamp("2024-02-20") + pd.to_timedelta(days, unit="D")
    known = pd.Series(np.arange(len(days), dtype=float), dates)
    expected = known.sort_index().asfreq("D")
    lines = [f"{date.date()},{value}" for date, value in known.items()]
    random.shuffle(lines)
    path = write(tmp_path_factory.mktemp("days"), "\n".join(["d,v", *lines]))
    options = {"frequency": "D", "unordered": "sort"}
    for missing, values in [
        ("nan", expected),
        ("forward", expected.ffill()),
        ("interpolate", expected.interpolate()),
    ]:
        data = datasets.load_series_csv(path, missing=missing, **options)
        np.testing.assert_array_equal(data.series, values)
        np.testing.assert_array_equal(data.time, expected.index.to_numpy())


# What pandas reads


def test_files_as_other_countries_write_them(tmp_path):
    text = "Umsätze 2024\nTag;größe\n1;1.000,5\n2;?\n3;4\nSumme;1004,5\n"
    path = write(tmp_path, text, encoding="cp1252")
    options = {
        "decimal": ",",
        "thousands": ".",
        "encoding": "cp1252",
        "na_values": ["?"],
        "skiprows": 1,
        "skipfooter": 1,
    }
    read = partial(datasets.load_series_csv, path, delimiter=";", read_options=options)
    with raises_exactly(
        f"{path} cannot be read: line 4: column 'größe' is missing ('?')."
    ):
        read()
    assert read(missing="interpolate").series.tolist() == [1000.5, 502.25, 4.0]


def test_lines_are_counted_past_what_is_left_out(tmp_path):
    path = write(tmp_path, '# by hand\n\nt,v\n"a\nb",2\n\n3,x\n')
    with raises_exactly(
        f"{path} cannot be read: line 7: column 'v' holds 'x', not a finite number."
    ):
        datasets.load_series_csv(path, read_options={"skiprows": 1})


@pytest.mark.parametrize("text", ["1.5", "1,5,2", "12.34,5", "1.2345"])
def test_marks_of_numbers_stand_where_they_may(tmp_path, text):
    path = write(tmp_path, f't;v\n1;"{text}"\n')
    with pytest.raises(ValueError, match="line 2: column 'v' holds"):
        datasets.load_series_csv(
            path, delimiter=";", read_options={"decimal": ",", "thousands": "."}
        )


def test_an_underscore_marks_thousands_where_it_is_told_to(tmp_path):
    path = write(tmp_path, "t,v\n1,1_000.5\n2,7\n")
    read = partial(datasets.load_series_csv, path)
    assert read(read_options={"thousands": "_"}).series.tolist() == [1000.5, 7]
    with pytest.raises(ValueError, match="line 2: column 'v' holds '1_000.5'"):
        read()


# Long tables that are read already


FRAME = pd.DataFrame(
    {
        "id": [7, 8, 7, 8, 7],
        "day": pd.to_datetime(
            ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-04"]
        ),
        "heat": [1.0, 2.0, 3.0, np.nan, 5.0],
        "state": ["on", "off", "on", "on", None],
        "label": [0, 1, 0, 1, 0],
    }
)
NAMED = {"sequence": "id", "time": "day", "features": ["heat"]}


def test_a_frame_is_read_as_its_file_is(tmp_path):
    options = {"missing": "forward", "fill_value": -1, "framing": "per_step"}
    data = datasets.sequences_from_frame(
        FRAME, **NAMED, labels_are="numbers", **options
    )
    assert data.X.tolist() == [[1, 3, 3, 5], [2, 2, -1, -1]]
    np.testing.assert_array_equal(data.y, [[0, 0, np.nan, 0], [1, 1, -1, -1]])
    assert data.sequences.tolist() == [7, 8]
    path = tmp_path / "frame.csv"
    FRAME.to_csv(path, index=False)
    read = datasets.load_sequences_csv(path, **NAMED, labels_are="numbers", **options)
    np.testing.assert_array_equal(read.X, data.X)
    np.testing.assert_array_equal(read.y, data.y)
    indexed = FRAME.set_index(["id", "day"])
    again = datasets.sequences_from_frame(
        indexed, **NAMED, labels_are="numbers", **options
    )
    np.testing.assert_array_equal(again.X, data.X)


def test_all_that_is_wrong_with_a_frame_is_said_with_its_rows():
    with raises_exactly(
        "frame cannot be read: sequence 7: 1 date is missing, 2024-01-03, of frequency "
        "'D'; missing='nan', 'forward' or 'interpolate' fills; row 3: column 'heat' is "
        "empty; sequences have from 2 (8) to 4 (7) steps; give a fill_value to pad "
        "them."
    ):
        datasets.sequences_from_frame(FRAME, **NAMED, frequency="D")


def test_symbols_are_carried_and_labels_at_dates_that_were_missing_are_none():
    data = datasets.sequences_from_frame(
        FRAME.astype({"label": str}),
        **{**NAMED, "features": ["state"]},
        features_are="symbols",
        framing="per_step",
        missing="forward",
        fill_value="",
    )
    assert data.X.tolist() == [["on"] * 4, ["off", "on", "", ""]]
    assert data.y.tolist() == [["0", "0", None, "0"], ["1", "1", "", ""]]


def test_parquet_is_read_as_a_frame(tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "frame.parquet"
    FRAME.to_parquet(path)
    options = {"missing": "forward", "fill_value": -1}
    read = datasets.load_sequences_parquet(path, **NAMED, **options)
    np.testing.assert_array_equal(
        read.X, datasets.sequences_from_frame(FRAME, **NAMED, **options).X
    )
    with pytest.raises(ValueError, match="frame.parquet cannot be read: no column na"):
        datasets.load_sequences_parquet(path)
    write(tmp_path, "no parquet")
    with pytest.raises(ValueError, match="table.csv cannot be read: "):
        datasets.load_sequences_parquet(tmp_path / "table.csv")


# Memory


HUGE = 10**13


@pytest.mark.parametrize(
    ("make", "params", "name"),
    [
        ("make_sequence_values", {"n_sequences": HUGE}, "n_sequences, length or wind"),
        ("make_sequence_values", {"length": HUGE}, "length"),
        ("make_echo", {"n_timesteps": HUGE}, "n_sequences or n_timesteps"),
        ("make_random_sequences", {"n_sequences": HUGE}, "n_sequences or n_timesteps"),
        ("make_cumulative_sum", {"n_sequences": HUGE}, "n_sequences or n_timesteps"),
        ("make_value_memorization", {"n_symbols": HUGE}, "n_symbols or body_length"),
        ("make_value_memorization", {"n_sequences": HUGE}, "n_sequences, body_length"),
        ("make_ambiguous_pairs", {"n_sequences": HUGE}, "n_sequences"),
        ("make_embedded_reber", {"n_sequences": HUGE}, "n_sequences"),
        ("make_long_lag", {"p": HUGE}, "n_sequences, p or q"),
        ("make_long_lag", {"variant": "2c", "q": HUGE}, "n_sequences, p or q"),
        ("make_adding", {"n_timesteps": HUGE}, "n_sequences or n_timesteps"),
        ("make_temporal_order", {"n_timesteps": HUGE}, "n_sequences or n_timesteps"),
    ],
)
def test_generators_refuse_what_no_memory_holds(make, params, name):
    with pytest.raises(
        ValueError, match=rf"The result would take .* GB of memory; lower {name}"
    ):
        getattr(datasets, make)(**params)


def test_every_generator_is_asked_for_too_much():
    asked = test_generators_refuse_what_no_memory_holds.pytestmark[0].args[1]
    made = {name for name in datasets.__all__ if name.startswith("make_")}
    assert {make for make, *_ in asked} == made
