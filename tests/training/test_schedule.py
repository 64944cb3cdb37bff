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
    group_sizes,
    group_starts,
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
    """Rows that continue each other; sizes of groups are any."""
    abreast = draw(st.integers(1, 4))
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    labels = draw(st.permutations(range(len(sizes))))
    return {
        "n_rows": sum(sizes),
        "pieces_per_row": draw(st.integers(1, 4)),
        "batch_size": abreast * draw(st.integers(1, 4)),
        "groups": np.repeat(labels, sizes),
        "rows_abreast": abreast,
    }


layouts = row_layouts() | group_layouts()


def random(seed):
    return None if seed is None else np.random.RandomState(seed)


def plain_loop(rows, pieces_per_row, batch_size):
    """Batches of (piece or None, is the state carried?) of rows that stand alone, as
    written by hand."""
    for start in range(0, len(rows), batch_size):
        batch = list(rows[start : start + batch_size])
        batch += [None] * (batch_size - len(batch))
        for piece in range(pieces_per_row):
            yield [
                (None, None)
                if row is None
                else (row * pieces_per_row + piece, piece > 0)
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


def expected_histories(
    n_rows, pieces_per_row, groups=None, rows_abreast=1, batch_size=None
):
    """The same from the definition, which knows no batches: a row's earlier pieces,
    after those of the row ``rows_abreast`` before it in its group."""
    expected = {}
    held_after = {}
    for row in range(n_rows):
        before = row - rows_abreast
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


@given(row_layouts(), seeds)
def test_rows_that_stand_alone_are_the_plain_loop(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    k = layout["pieces_per_row"]
    rows = rows_in_order(schedule, k)
    if seed is None:
        assert rows == list(range(layout["n_rows"]))
    assert sorted(rows) == list(range(layout["n_rows"]))
    assert as_lists(schedule) == list(plain_loop(rows, k, layout["batch_size"]))
    assert len(schedule) == len(schedule.pieces)


@given(layouts, seeds)
def test_every_piece_is_trained_on_once_from_the_state_it_continues(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    filled = schedule.pieces[schedule.pieces != EMPTY]
    n_pieces = layout["n_rows"] * layout["pieces_per_row"]
    assert Counter(filled.tolist()) == Counter(range(n_pieces))
    assert histories(schedule) == expected_histories(**layout)


def places_of(schedule, layout):
    """Group that each place of each batch serves, or None."""
    rows = np.maximum(schedule.pieces, 0) // layout["pieces_per_row"]
    groups = np.where(schedule.pieces == EMPTY, None, layout["groups"][rows])
    return groups.tolist()


@given(group_layouts(), seeds)
def test_groups_run_side_by_side_as_many_as_fit(layout, seed):
    schedule = training_schedule(**layout, order=random(seed))
    abreast, sizes = layout["rows_abreast"], group_sizes(layout["groups"])
    at_once = min(layout["batch_size"] // abreast, len(sizes))
    assert schedule.pieces.shape[1] == at_once * abreast
    # A batch takes no more than so many rows of a group, all of its own places.
    for batch in places_of(schedule, layout):
        for slot in range(at_once):
            served = set(batch[slot * abreast : (slot + 1) * abreast]) - {None}
            assert len(served) <= 1
    # No batch is without a piece, and the work is shared out evenly: no slot takes
    # longer than the average by more than the longest group.
    assert (schedule.pieces != EMPTY).any(axis=1).all()
    work = -(-sizes // abreast)
    batches = len(schedule) // layout["pieces_per_row"]
    assert batches <= work.sum() / at_once + work.max()


@given(group_layouts(), st.integers(0, 2**31 - 1))
def test_an_epoch_has_as_many_batches_in_any_order(layout, seed):
    given_order = training_schedule(**layout)
    assert len(given_order) == len(training_schedule(**layout, order=random(seed)))


@given(group_layouts())
def test_groups_one_after_the_other_are_shuffled_whole(layout):
    layout = {**layout, "batch_size": layout["rows_abreast"]}
    schedule = training_schedule(**layout, order=random(0))
    rows = rows_in_order(schedule, layout["pieces_per_row"])
    for start, stop in group_starts(layout["groups"][rows]):
        members = rows[start:stop]
        assert members == list(range(members[0], members[0] + len(members)))
        assert len(members) == (layout["groups"] == layout["groups"][members[0]]).sum()


@given(group_layouts(), st.integers(1, 9))
def test_one_group_is_the_same_whatever_the_batch(layout, places):
    layout = {**layout, "groups": np.zeros(layout["n_rows"])}
    one = training_schedule(**{**layout, "batch_size": layout["rows_abreast"]})
    many = training_schedule(
        **{**layout, "batch_size": layout["rows_abreast"] * places}
    )
    assert as_lists(many) == as_lists(one)


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
    for groups in (None, np.zeros(5)):
        schedule = training_schedule(5, 2, 2, groups)
        assert schedule.pieces.dtype == np.int32
        assert schedule.carry.dtype == bool
        assert schedule.pieces.shape == schedule.carry.shape


def test_schedules_need_no_tensorflow():
    code = (
        "import sys, skseq.training.schedule as s; s.training_schedule(3, 1, 2);"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
