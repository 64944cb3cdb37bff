"""What a fit runs, decided before TensorFlow is imported; against plain loops."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from skseq._sequences import Sequences
from skseq.training.options import UpdateRule
from skseq.training.plan import (
    Settings,
    Targets,
    bucket,
    make_plan,
    one_hot_tokens,
    shared_length,
)
from skseq.training.schedule import EMPTY

SETTINGS = Settings(
    architecture={
        "topology": "recurrent",
        "units": 3,
        "dtype": "float64",
        "out_width": 2,
    },
    loss="mean_squared_error",
    rule=UpdateRule("sgd"),
    numbers=np.array([0.1]),
    batch_size=4,
    rows_abreast=1,
    truncated_bptt_steps=None,
    whole=True,
)


@st.composite
def fits(draw):
    """Rows of any lengths, numbers that say which target they are, weights."""
    n = draw(st.integers(1, 6))
    lengths = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)))
    lengths[0] = max(lengths[0], 1)
    width = lengths.max()
    real = np.arange(width) < lengths[:, None]
    X = (1.0 + np.arange(n * width * 2).reshape(n, width, 2)) * real[:, :, None]
    per_step = draw(st.booleans())
    steps = width if per_step else draw(st.integers(1, 3))
    values = 1.0 + np.arange(n * steps * 2).reshape(n, steps, 2)
    weight = st.sampled_from([0.5, 1.0, 3.0])
    weights = np.array(draw(st.lists(weight, min_size=n, max_size=n)))
    weights = weights[:, None] * np.ones(steps)
    if per_step:
        weights = weights * real
    settings = replace(
        SETTINGS,
        truncated_bptt_steps=draw(st.none() | st.integers(1, 6)),
        batch_size=draw(st.none() | st.integers(1, 8)),
        whole=draw(st.booleans()),
    )
    sequences = Sequences(X, lengths, None)
    return sequences, Targets(values, weights, per_step), settings


@given(fits())
def test_pieces_put_together_are_the_rows(fit):
    sequences, targets, settings = fit
    plan = make_plan(sequences, targets, None, settings)
    data, n = plan.data, len(sequences)
    longest = sequences.lengths.max()
    steps = min(settings.truncated_bptt_steps or longest, longest)
    if steps == longest and (sequences.lengths < longest).any():
        steps = shared_length(longest, 1 if settings.whole else 32)
    assert data.x.shape[1:] == (steps, 2)
    assert plan.program.network.piece_steps == steps
    k = len(data.x) // n
    assert k == -(-longest // steps)
    whole = data.x.reshape(n, k * steps, 2)
    assert_array_equal(whole[:, :longest], sequences.values)
    assert not whole[:, longest:].any()
    real = np.arange(k * steps) < sequences.lengths[:, None]
    if data.mask is None:
        assert real.all()
    else:
        assert not real.all()
        assert_array_equal(data.mask.reshape(n, k * steps), real)
    assert plan.program.network.masked == (data.mask is not None)


@given(fits())
def test_each_target_counts_once_by_its_weight_relative_to_the_mean(fit):
    sequences, targets, settings = fit
    plan = make_plan(sequences, targets, None, settings)
    data, n = plan.data, len(sequences)
    k = len(data.x) // n
    weights = data.weights
    if weights is None:
        assert not plan.program.weighted
        weights = np.ones(data.targets.shape[:2])
    scale = targets.weights[targets.weights > 0].mean()
    scale = scale if settings.whole else 1.0
    found, expected = [], []
    for row in range(n):
        for piece in range(k):
            for at in np.flatnonzero(weights[row * k + piece] > 0):
                value = tuple(data.targets[row * k + piece, at])
                found.append((value, weights[row * k + piece, at]))
        for at in np.flatnonzero(targets.weights[row] > 0):
            value = tuple(targets.values[row, at])
            expected.append((value, targets.weights[row, at] / scale))
    assert [value for value, _ in found] == [value for value, _ in expected]
    assert_allclose([w for _, w in found], [w for _, w in expected])
    idle = (weights == 0).all(axis=1).any()
    assert plan.program.idle == idle


@given(fits())
def test_a_target_after_the_last_step_stands_in_its_piece(fit):
    sequences, targets, settings = fit
    if targets.per_step:
        return
    plan = make_plan(sequences, targets, None, settings)
    if plan.data.weights is None:
        return
    k, steps = len(plan.data.x) // len(sequences), plan.data.x.shape[1]
    for row, length in enumerate(sequences.lengths):
        counts = plan.data.weights[row * k : (row + 1) * k].any(axis=1)
        assert np.flatnonzero(counts).tolist() == [max(length - 1, 0) // steps]


def small(n_rows, **settings):
    """A plan of rows of two steps with a target each."""
    X = np.random.default_rng(0).normal(size=(n_rows, 2, 2))
    groups = settings.pop("groups", None)
    weights = settings.pop("weights", np.ones(n_rows))
    sequences = Sequences.of(X, None)
    targets = Targets(np.zeros((n_rows, 1, 2)), np.array(weights)[:, None], False)
    return make_plan(sequences, targets, groups, replace(SETTINGS, **settings))


@pytest.mark.parametrize(
    ("n_rows", "batch_size", "places"),
    [(20, 4, 4), (3, 4, 4), (20, None, 32), (20, 100, 32), (20, 25, 25), (16, 16, 16)],
)
def test_a_batch_has_room_for_folds_that_differ_by_a_row(n_rows, batch_size, places):
    plan = small(n_rows, batch_size=batch_size)
    assert plan.program.batch_size == places
    assert plan.schedule(None).pieces.shape == (-(-n_rows // places), places)
    assert plan.program.weighted == bool(n_rows % places)


@pytest.mark.parametrize(
    ("batch_size", "abreast", "places"),
    [(1, 1, 1), (2, 1, 2), (32, 1, 3), (None, 1, 3), (5, 2, 4), (None, 2, 6)],
)
def test_a_batch_of_groups_has_places_for_as_many_as_fit(batch_size, abreast, places):
    groups = np.repeat([0, 1, 2], 4)
    plan = small(12, batch_size=batch_size, rows_abreast=abreast, groups=groups)
    assert plan.program.batch_size == places
    # Rows that continue each other, end to end.
    assert plan.longest_lag == 2 * 4 // abreast
    assert plan.window is None
    filled = plan.schedule(None).pieces
    assert sorted(filled[filled != EMPTY].tolist()) == list(range(12))


@pytest.mark.parametrize("relative", [True, False])
def test_equal_weights_need_none_where_they_are_relative(relative):
    plan = small(4, weights=[2.0] * 4, whole=relative)
    assert plan.program.weighted is not relative
    if not relative:
        assert plan.data.weights.tolist() == [[2.0]] * 4


def test_rows_of_one_length_are_windows():
    assert small(4).window == small(4).longest_lag == 2
    lengths = np.array([1, 2])
    sequences = Sequences(np.ones((2, 2, 1)), lengths, None)
    targets = Targets(np.zeros((2, 1, 2)), np.ones((2, 1)), False)
    assert make_plan(sequences, targets, None, SETTINGS).window is None


def test_the_network_answers_where_targets_stand():
    X = np.random.default_rng(0).normal(size=(2, 4, 3))
    sequences = Sequences.of(X, None)

    def network(steps, per_step, **settings):
        targets = Targets(np.zeros((2, steps, 2)), np.ones((2, steps)), per_step)
        plan = make_plan(sequences, targets, None, replace(SETTINGS, **settings))
        found = plan.program.network
        return found.readout, found.out_steps, found.n_features, found.tokens

    assert network(4, True) == ("per_step", 4, 3, False)
    assert network(4, True, truncated_bptt_steps=3) == ("per_step", 3, 3, False)
    assert network(2, False) == ("last", 2, 3, False)
    assert network(
        2, False, architecture={**SETTINGS.architecture, "topology": "encoder_decoder"}
    ) == ("per_step", 2, 3, False)


def test_symbols_are_told_by_their_real_steps():
    X = np.eye(3)[[[0, 2, 1], [1, 1, 0]]]
    tokens = one_hot_tokens(Sequences.of(X, None))
    assert tokens.dtype == np.int32
    assert tokens.tolist() == [[[0], [2], [1]], [[1], [1], [0]]]
    X[1, 2] = 0
    assert one_hot_tokens(Sequences.of(X, None)) is None
    real = np.array([[True] * 3, [True, True, False]])
    assert one_hot_tokens(Sequences.of(X, real)).tolist()[1] == [[1], [1], [0]]
    assert one_hot_tokens(Sequences.of(X * 2, real)) is None
    assert one_hot_tokens(Sequences.of(X[:, :, :1], None)) is None
    assert one_hot_tokens(Sequences.of(X, np.zeros((2, 3), bool))) is None


@given(st.integers(1, 5000))
def test_sizes_are_shared(size):
    found = bucket(size)
    assert found >= max(size, 16)
    assert found == 16 or found < 2 * size
    assert found & (found - 1) == 0


def test_plans_need_no_tensorflow():
    code = (
        "import sys, skseq.training.plan;"
        "assert not {'tensorflow', 'keras', 'scikeras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
