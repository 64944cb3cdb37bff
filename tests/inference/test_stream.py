"""Streams: what they remember, taken out and put back; many side by side."""

import copy
import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from skseq.inference.forward import forward, lanes_of
from skseq.inference.stream import Stream
from skseq.networks.spec import NetworkSpec

FEW = settings(max_examples=30, deadline=None)
LAST = NetworkSpec("recurrent", 5, 3, 6, "last", 2, 2)
STEPS = replace(LAST, readout="per_step", out_steps=6)
DECODER = replace(LAST, topology="encoder_decoder", readout="per_step")
# Of one layer and of several, of each cell and kind of pooling.
SPECS = {
    "per step": STEPS,
    "last": LAST,
    "decoder": DECODER,
    "layers": replace(STEPS, units=(5, 4)),
    "GRUs, pooled": replace(LAST, units=(4, 5, 3), cell="gru", pooling="max"),
    "plain, pooled": replace(LAST, cell="rnn", pooling="mean"),
    "decoders": replace(DECODER, units=(5, 4), pooling="mean"),
}
ONE_LAYER = ["per step", "last", "decoder"]
ANY = [
    replace(spec, cell=cell, units=units, pooling=pooling, dtype="float64")
    for spec, poolings in [
        (STEPS, ["last"]),
        (LAST, ["last", "mean", "max"]),
        (DECODER, ["last", "mean", "max"]),
    ]
    for cell in ("lstm", "gru", "rnn")
    for units in (5, (5, 4), (3, 4, 2))
    for pooling in poolings
]


def weights_of(spec):
    rng = np.random.default_rng(0)
    return [rng.normal(size=s).astype(spec.dtype) for s in spec.weight_shapes]


def as_they_are(outputs):
    return outputs


def make(name="per step", n=None):
    spec = SPECS[name]
    return Stream(spec, weights_of(spec), "mean_squared_error", as_they_are, n)


def steps(n, *shape, seed=1):
    return np.random.default_rng(seed).normal(size=(n, *shape, 3))


def raises_exactly(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@pytest.mark.parametrize("name", SPECS)
def test_a_stream_says_what_the_row_says_at_once(name):
    spec, x = SPECS[name], steps(6)
    stream = make(name)
    said = np.stack([stream.step(each) for each in x])
    row = x[None].astype(np.float32)
    expected = forward(spec, weights_of(spec), row, np.array([6]), lanes_of(1))[0]
    if spec.answers_steps:
        assert_allclose(said[:, 0], expected[1:], rtol=0, atol=1e-6)
    else:
        assert_allclose(said[-1], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("spec", ANY, ids=lambda s: f"{s.cell}-{s.units}-{s.pooling}")
def test_after_any_step_a_stream_says_what_rows_up_to_it_say(spec):
    """Of every depth, cell, pooling and readout."""
    weights, x = weights_of(spec), steps(6)
    stream = Stream(spec, weights, "mean_squared_error", as_they_are)
    said = [stream.step(each) for each in x]
    # The row up to each of its steps, side by side.
    rows, lengths = np.repeat(x[None], 6, axis=0), np.arange(1, 7)
    expected = forward(spec, weights, rows, lengths, lanes_of(6))
    for length, outputs in zip(lengths, expected, strict=True):
        given_ = outputs[length : length + 1] if spec.answers_steps else outputs
        assert_allclose(said[length - 1], given_, rtol=0, atol=1e-13)


@pytest.mark.parametrize("n", [None, 3])
@pytest.mark.parametrize("name", SPECS)
def test_a_state_taken_out_and_put_back_gives_the_same_bits(name, n):
    x = steps(6, *([n] if n else []))
    stream, later = make(name, n), make(name, n)
    for each in x[:3]:
        stream.step(each)
    state = stream.state
    # What was remembered before is forgotten.
    later.step(x[5])
    later.state = [array.tolist() for array in state]
    for each in x[3:]:
        assert_array_equal(later.step(each), stream.step(each))
    stream.state = state
    assert all(map(np.array_equal, stream.state, state))


def test_the_state_is_of_each_layer_then_of_what_is_pooled():
    shapes = [array.shape for array in make("layers", 2).state]
    assert shapes == [(2, 5), (2, 5), (2, 4), (2, 4)]
    shapes = [array.shape for array in make("GRUs, pooled").state]
    assert shapes == [(4,), (5,), (3,), (3,), (1,)]
    stream = make("plain, pooled")
    for each in steps(3):
        stream.step(each)
    assert stream.state[-1] == 3


@pytest.mark.parametrize(
    "n", [None, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 4))]
)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ONE_LAYER else pytest.mark.slow)
        for name in SPECS
    ],
)
def test_what_is_remembered_goes_on_in_another_process_to_the_same_bits(
    name, n, tmp_path
):
    x = steps(6, *([n] if n else []))
    stream = make(name, n)
    for each in x[:3]:
        stream.step(each)
    state = stream.state
    expected = [stream.step(each) for each in x[3:]]

    spec = SPECS[name]
    given_ = spec, weights_of(spec), n, state, x[3:]
    (tmp_path / "given").write_bytes(pickle.dumps(given_))
    code = (
        "import pickle, sys\n"
        "from pathlib import Path\n"
        "from skseq.inference.stream import Stream\n"
        "folder = Path(sys.argv[1])\n"
        "spec, weights, n, state, x = pickle.loads((folder / 'given').read_bytes())\n"
        "stream = Stream(spec, weights, 'mean_squared_error', lambda said: said, n)\n"
        "stream.state = state\n"
        "said = [stream.step(each) for each in x]\n"
        "(folder / 'said').write_bytes(pickle.dumps(said))\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    said = pickle.loads((tmp_path / "said").read_bytes())
    assert_array_equal(said, expected)


@pytest.mark.parametrize("n", [None, 2])
def test_the_state_is_a_copy_of_the_shape_that_is_said(n):
    stream = make(n=n)
    stream.step(steps(1, *([n] if n else []))[0])
    state = stream.state
    assert [a.shape for a in state] == [(n, 5) if n else (5,)] * 2
    assert {a.dtype.name for a in state} == {"float32"}
    before = stream.state[0].copy()
    state[0][...] = 7
    assert_array_equal(stream.state[0], before)


def test_the_zero_state_is_a_reset():
    stream, x = make(), steps(1)[0]
    first = stream.step(x)
    stream.state = [np.zeros(5), [0] * 5]
    assert_array_equal(stream.step(x), first)


@pytest.mark.parametrize("name", SPECS)
@FEW
@given(data=st.data())
def test_many_side_by_side_are_as_many_alone(name, data):
    n = data.draw(st.integers(1, 5))
    together, alone = make(name, n), [make(name) for _ in range(n)]
    for x in steps(data.draw(st.integers(1, 6)), n):
        for sequence in data.draw(st.sets(st.integers(0, n - 1))):
            together.reset(sequence)
            alone[sequence].reset()
        expected = [stream.step(each) for stream, each in zip(alone, x, strict=True)]
        assert_allclose(together.step(x), expected, rtol=0, atol=1e-6)
    for i, state in enumerate(together.state):
        expected = [stream.state[i] for stream in alone]
        assert_allclose(state, expected, rtol=0, atol=1e-6)


def test_a_reset_of_all_starts_all_over():
    stream, x = make(n=3), steps(1, 3)[0]
    first = stream.step(x)
    assert (stream.step(x) != first).all()
    stream.reset()
    assert_array_equal(stream.step(x), first)


COPIES = {
    "copy": Stream.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda stream: pickle.loads(pickle.dumps(stream)),
}


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("name", SPECS)
def test_a_copy_remembers_the_same_and_goes_its_own_way(name, copied):
    stream, x = make(name, 2), steps(4, 2)
    stream.step(x[0])
    twin = COPIES[copied](stream)
    expected = [stream.step(each) for each in x[1:]]
    twin_says = [twin.step(each) for each in x[1:]]
    assert_array_equal(twin_says, expected)
    twin.reset()
    assert stream.state[0].all()


# What is refused, and leaves everything as it is.


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "2"])
def test_a_number_of_sequences_that_is_none_is_refused(n):
    with raises_exactly(
        f"n_sequences must be an int of at least 1, or None for a single sequence, "
        f"got {n!r}."
    ):
        make(n=n)


@pytest.mark.parametrize("sequence", [-1, 2, 0.5, True, "0"])
def test_a_sequence_that_is_none_is_not_reset(sequence):
    with raises_exactly(f"sequence must be an int from 0 to 1, got {sequence!r}."):
        make(n=2).reset(sequence)


@pytest.mark.parametrize(
    "x",
    [
        [1.0, 2.0],
        1.0,
        [1.0, 2.0, float("nan")],
        [1.0, 2.0, 1e300],
        ["a", "b", "c"],
        None,
        [[1.0], [2.0, 3.0]],
        [10**400, 0, 0],
    ],
)
def test_a_step_that_is_none_is_refused_and_not_remembered(x):
    stream = make()
    stream.step([0.1, 0.2, 0.3])
    before = stream.state
    with raises_exactly(
        f"step takes 3 finite features of one step, got {repr(x)[:80]}."
    ):
        stream.step(x)
    assert_array_equal(stream.state, before)


def test_a_step_of_some_sequences_alone_is_refused():
    with raises_exactly(
        "step takes 3 finite features of one step for each of 2 sequences, got "
        "[1.0, 2.0, 3.0]."
    ):
        make(n=2).step([1.0, 2.0, 3.0])


def test_steps_of_sequences_that_lie_across_are_refused():
    stream = make(n=2)
    with raises_exactly(
        "step takes 3 finite features of one step for each of 2 sequences, got "
        "array([[0., 0.],\n       [0., 0.],\n       [0., 0.]])."
    ):
        stream.step(np.zeros((3, 2)))
    with raises_exactly(
        "step takes 3 finite features of one step for each of 2 sequences, got "
        "[0, 0, 0, 0, 0, 0]."
    ):
        stream.step([0] * 6)


@pytest.mark.parametrize(
    "state",
    [
        [[0.0] * 5],
        [[0.0] * 5] * 3,
        [[0.0] * 4, [0.0] * 5],
        [[0.0] * 5, [float("inf")] * 5],
        [[0.0] * 5, [1e300] * 5],
        [["a"] * 5, [0.0] * 5],
        [[0.0, [1.0]], [0.0] * 5],
        None,
        3,
    ],
)
def test_a_state_that_is_none_is_refused(state):
    stream = make()
    stream.step([0.1, 0.2, 0.3])
    before = stream.state
    with raises_exactly(
        f"state is 2 arrays of finite numbers of shape (5,), got {repr(state)[:80]}."
    ):
        stream.state = state
    assert_array_equal(stream.state, before)


def test_states_of_several_widths_are_refused_by_the_shape_of_each():
    stream = make("GRUs, pooled")
    with raises_exactly(
        "state is 5 arrays of finite numbers of shapes (4,), (5,), (3,), (3,), (1,), "
        "got [[0.0], [0.0]]."
    ):
        stream.state = [[0.0], [0.0]]


def test_a_state_of_other_sequences_is_refused():
    state = make().state
    with raises_exactly(
        f"state is 2 arrays of finite numbers of shape (2, 5), got {repr(state)[:80]}."
    ):
        make(n=2).state = state
