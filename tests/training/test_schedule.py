"""Schedules against the loop that one would write by hand."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skseq.training.schedule import (
    EMPTY,
    group_starts,
    prediction_schedule,
    training_schedule,
)

seeds = st.none() | st.integers(0, 2**31 - 1)


@st.composite
def row_layouts(draw):
    """Rows that each stand alone."""
    return {
        "n_rows": draw(st.integers(1, 40)),
        "pieces_per_row": draw(st.integers(1, 5)),
        "batch_size": draw(st.integers(1, 12)),
        "groups": None,
    }


@st.composite
def group_layouts(draw):
    """Rows that continue each other; the batch size divides every group."""
    batch_size = draw(st.integers(1, 5))
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    labels = draw(st.permutations(range(len(lengths))))
    groups = np.repeat(labels, np.array(lengths) * batch_size)
    return {
        "n_rows": len(groups),
        "pieces_per_row": draw(st.integers(1, 4)),
        "batch_size": batch_size,
        "groups": groups,
    }


layouts = row_layouts() | group_layouts()


def random(seed):
    return None if seed is None else np.random.RandomState(seed)


def plain_loop(rows, pieces_per_row, batch_size, groups):
    """Batches of (piece or None, is the state carried?), as written by hand."""
    state_of = None
    for start in range(0, len(rows), batch_size):
        batch = list(rows[start : start + batch_size])
        batch += [None] * (batch_size - len(batch))
        continues = groups is not None and state_of == groups[batch[0]]
        state_of = None if groups is None else groups[batch[0]]
        for piece in range(pieces_per_row):
            yield [
                (None, None)
                if row is None
                else (row * pieces_per_row + piece, continues or piece > 0)
                for row in batch
            ]


def as_lists(schedule):
    """A schedule in the form of the plain loop."""
    return [
        [
            (None, None) if piece == EMPTY else (int(piece), bool(carry))
            for piece, carry in zip(pieces, carries, strict=True)
        ]
        for pieces, carries in zip(schedule.pieces, schedule.carry, strict=True)
    ]


def histories(schedule):
    """Pieces that the state holds when each piece is read, oldest first."""
    memory = [()] * schedule.pieces.shape[1]
    seen = {}
    for pieces, carries in zip(schedule.pieces, schedule.carry, strict=True):
        for place, (piece, carry) in enumerate(zip(pieces, carries, strict=True)):
            held = memory[place] if carry else ()
            memory[place] = (*held, int(piece))
            if piece != EMPTY:
                seen[int(piece)] = held
    return seen


def expected_histories(n_rows, pieces_per_row, batch_size, groups):
    """The same from the definition: a row's earlier pieces, after those of the
    row at its batch position one batch before in its group."""
    expected = {}
    held_after = {}
    for row in range(n_rows):
        before = row - batch_size
        follows = groups is not None and before >= 0 and groups[before] == groups[row]
        held = held_after[before] if follows else ()
        for piece in range(row * pieces_per_row, (row + 1) * pieces_per_row):
            expected[piece] = held
            held = (*held, piece)
        held_after[row] = held
    return expected


def rows_in_order(schedule, pieces_per_row):
    firsts = schedule.pieces[::pieces_per_row].ravel()
    return (firsts[firsts != EMPTY] // pieces_per_row).tolist()


@given(layouts)
def test_training_in_the_given_order_is_the_plain_loop(layout):
    schedule = training_schedule(**layout)
    rows = range(layout["n_rows"])
    options = {k: v for k, v in layout.items() if k != "n_rows"}
    assert as_lists(schedule) == list(plain_loop(rows, **options))
    assert len(schedule) == len(schedule.pieces)


@given(layouts, seeds)
def test_training_in_any_order_is_the_plain_loop_over_that_order(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    options = {k: v for k, v in layout.items() if k != "n_rows"}
    rows = rows_in_order(schedule, layout["pieces_per_row"])
    assert sorted(rows) == list(range(layout["n_rows"]))
    assert as_lists(schedule) == list(plain_loop(rows, **options))


@given(layouts, seeds)
def test_every_piece_is_trained_on_once_from_the_state_it_continues(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    filled = schedule.pieces[schedule.pieces != EMPTY]
    n_pieces = layout["n_rows"] * layout["pieces_per_row"]
    assert Counter(filled.tolist()) == Counter(range(n_pieces))
    assert histories(schedule) == expected_histories(**layout)


@given(group_layouts(), seeds)
def test_groups_are_shuffled_whole_and_fill_their_batches(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    assert (schedule.pieces != EMPTY).all()
    rows = rows_in_order(schedule, layout["pieces_per_row"])
    for start, stop in group_starts(layout["groups"][rows]):
        members = rows[start:stop]
        assert members == list(range(members[0], members[0] + len(members)))
        assert len(members) == (layout["groups"] == layout["groups"][members[0]]).sum()


@given(row_layouts())
def test_only_the_last_batch_of_rows_has_empty_places(layout):
    schedule = training_schedule(**layout)
    k = layout["pieces_per_row"]
    empty = (schedule.pieces == EMPTY).sum(axis=1)
    assert not empty[:-k].any()
    assert (empty[-k:] == -layout["n_rows"] % layout["batch_size"]).all()


def test_shuffling_follows_the_generator_alone():
    layout = {"n_rows": 30, "pieces_per_row": 2, "batch_size": 4}
    drawn = random(0)
    first, second = (training_schedule(**layout, order=drawn) for _ in range(2))
    again = training_schedule(**layout, order=random(0))
    assert (first.pieces == again.pieces).all()
    assert (first.pieces != second.pieces).any()


@given(layouts, st.integers(1, 9))
def test_prediction_reads_every_piece_once_from_the_state_it_continues(layout, width):
    schedule = prediction_schedule(**layout, width=width)
    filled = schedule.pieces[schedule.pieces != EMPTY]
    n_pieces = layout["n_rows"] * layout["pieces_per_row"]
    assert schedule.pieces.shape[1] == width
    assert Counter(filled.tolist()) == Counter(range(n_pieces))
    assert histories(schedule) == expected_histories(**layout)


@given(row_layouts(), st.integers(1, 9))
def test_prediction_of_rows_wastes_less_than_one_batch(layout, width):
    schedule = prediction_schedule(**layout, width=width)
    rows_of_places = -(-layout["n_rows"] // width)
    assert len(schedule) == rows_of_places * layout["pieces_per_row"]


def test_groups_of_like_length_are_predicted_side_by_side():
    # Long and short alternate: 2 blocks of 2 lanes, the short ones together.
    groups = np.repeat([0, 1, 2, 3], [9, 1, 9, 1])
    schedule = prediction_schedule(20, 1, 1, groups, width=2)
    assert len(schedule) == 9 + 1
    assert (schedule.pieces != EMPTY).all()


@pytest.mark.parametrize(
    ("groups", "starts"),
    [
        (["a"], [[0, 1]]),
        (["a", "a", "b"], [[0, 2], [2, 3]]),
        ([2, 1, 1, 2], [[0, 1], [1, 3], [3, 4]]),
    ],
)
def test_runs_of_labels(groups, starts):
    assert group_starts(np.array(groups)).tolist() == starts


def test_indices_fit_what_the_compiled_run_reads():
    for schedule in (training_schedule(5, 2, 2), prediction_schedule(5, 2, 2)):
        assert schedule.pieces.dtype == np.int32
        assert schedule.carry.dtype == bool
        assert schedule.pieces.shape == schedule.carry.shape


def test_schedules_need_no_tensorflow():
    code = (
        "import sys, skseq.training.schedule as s; s.training_schedule(3, 1, 2);"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
