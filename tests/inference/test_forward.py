"""The forward pass says what stock Keras layers say."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from skseq._sequences import Sequences
from skseq.inference.forward import forward, lanes_of
from skseq.inference.outputs import read
from skseq.networks.keras_models import keras_model
from skseq.networks.spec import CELLS, NetworkSpec

CLOSE = {"float32": 1e-6, "float64": 1e-12}


@dataclass(frozen=True)
class Task:
    """A network with weights, and rows for it."""

    spec: NetworkSpec
    weights: list
    x: np.ndarray
    real: np.ndarray | None
    groups: np.ndarray | None
    abreast: int

    @property
    def lanes(self):
        return lanes_of(len(self.x), self.groups, self.abreast)


@st.composite
def tasks(draw, dtype):
    """Any network, any layout, any lengths, masks anywhere, groups side by side."""
    n_rows, n_steps = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    topology = draw(st.sampled_from(["recurrent", "encoder_decoder"]))
    readout = draw(st.sampled_from(["per_step", "last"]))
    per_step = readout == "per_step" and topology == "recurrent"
    spec = NetworkSpec(
        topology,
        draw(st.integers(1, 9) | st.tuples(st.integers(1, 9), st.integers(1, 9))),
        draw(st.integers(1, 4)),
        n_steps,
        "per_step" if topology == "encoder_decoder" else readout,
        n_steps if per_step else draw(st.integers(1, 3)),
        draw(st.integers(1, 4)),
        dtype=dtype,
        cell=draw(st.sampled_from(list(CELLS))),
        pooling="last" if per_step else draw(st.sampled_from(["last", "mean", "max"])),
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = [
        (rng.normal(size=shape) / np.sqrt(shape[0])).astype(dtype)
        for shape in spec.weight_shapes
    ]
    x = rng.normal(size=(n_rows, n_steps, spec.n_features)).astype(dtype)
    real = rng.random((n_rows, n_steps)) < draw(st.sampled_from([0.3, 0.8]))
    groups = np.sort(rng.integers(3, size=n_rows))
    return Task(
        spec,
        weights,
        x,
        draw(st.sampled_from([None, real])),
        draw(st.sampled_from([None, groups])),
        draw(st.integers(1, 3)),
    )


def by_numpy(task):
    sequences = Sequences.of(task.x, task.real)
    said = forward(
        task.spec, task.weights, sequences.values, sequences.lengths, task.lanes
    )
    return sequences.spread(said) if task.spec.answers_steps else said


def by_keras(task):
    """Row after row, states carried by hand; padding by Keras' own mask."""
    spec = task.spec
    model = keras_model(spec, None)
    model.set_weights(task.weights)
    layers = [model.get_layer(layer.name) for layer in spec.layers]
    n_read = len(spec.reading)
    head = model.get_layer("head")
    said = np.empty((len(task.x), spec.out_steps, spec.out_width), spec.dtype)
    for lane in task.lanes:
        states = [
            [np.zeros((1, layer.units), spec.dtype)] * layer.n_states
            for layer in spec.layers
        ]
        for row in lane:
            real = None if task.real is None else task.real[row, None]
            hs = task.x[row, None]
            for place, layer in enumerate(layers[:n_read]):
                hs, *states[place] = layer(hs, mask=real, initial_state=states[place])
            code = states[n_read - 1][0]
            if spec.pools:
                code = pooled(spec.pooling, np.asarray(hs), real)
            if spec.decodes:
                hs = np.repeat(code[:, None], spec.out_steps, axis=1)
                for place, layer in enumerate(layers[n_read:], start=n_read):
                    hs, *states[place] = layer(hs, initial_state=states[place])
            outputs = head(hs if spec.decodes or spec.answers_steps else code)
            said[row] = np.reshape(outputs, said[row].shape)
    return said


def pooled(kind, outputs, real):
    """Of one row (1, t, units); zeros where it has no real step."""
    if real is not None:
        outputs = outputs[:, real[0]]
    if not outputs.shape[1]:
        return np.zeros_like(outputs, shape=(1, outputs.shape[2]))
    return outputs.mean(axis=1) if kind == "mean" else outputs.max(axis=1)


def comparable(task):
    """Steps at which both say the same: Keras forgets, at padding before the first real
    step, what the row before it in the lane left."""
    if task.real is None or not task.spec.answers_steps:
        return np.ones((len(task.x), task.spec.out_steps), bool)
    firsts = {lane[0] for lane in task.lanes}
    begun = np.logical_or.accumulate(task.real, axis=1)
    return begun | np.isin(np.arange(len(task.x)), list(firsts))[:, None]


# Most of the time goes into Keras' models: each example makes another.
@pytest.mark.parametrize("examples", [12, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("dtype", CLOSE)
def test_rows_run_as_keras_runs_them(dtype, examples):
    @settings(max_examples=examples, deadline=None)
    @given(task=tasks(dtype))
    def check(task):
        found, expected, where = by_numpy(task), by_keras(task), comparable(task)
        assert found.dtype == dtype
        assert_allclose(found[where], expected[where], rtol=0, atol=CLOSE[dtype])

    check()


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize("units", [1, 20, 100])
def test_long_rows_run_as_the_stock_model_runs_them(dtype, units):
    """The model as it is shown to users, in one call, on more rows than a block has."""
    spec = NetworkSpec("recurrent", units, 3, 60, "per_step", 60, 4, dtype=dtype)
    rng = np.random.default_rng(units)
    weights = [
        (rng.normal(size=shape) / np.sqrt(shape[0])).astype(dtype)
        for shape in spec.weight_shapes
    ]
    x = rng.normal(size=(150, 60, 3)).astype(dtype)
    model = keras_model(spec, None)
    model.set_weights(weights)
    found = by_numpy(Task(spec, weights, x, None, None, 1))
    assert_allclose(found, model(x), rtol=0, atol=2 * CLOSE[dtype])


def random_task(**changes):
    spec = NetworkSpec("recurrent", 5, 4, 6, "per_step", 6, 3, dtype="float64")
    spec = replace(spec, **changes)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in spec.weight_shapes]
    return Task(spec, weights, rng.normal(size=(9, 6, 4)), None, None, 1)


def run(task, lengths=None, **options):
    n_rows, n_steps, _ = task.x.shape
    lengths = np.full(n_rows, n_steps) if lengths is None else lengths
    return forward(task.spec, task.weights, task.x, lengths, task.lanes, **options)


def test_symbols_by_lookup_are_one_hot_features():
    task = random_task()
    tokens = np.random.default_rng(0).integers(4, size=(9, 6, 1))
    by_product = run(replace(task, x=np.eye(4)[tokens[:, :, 0]]))
    spec = replace(task.spec, tokens=True)
    by_lookup = run(replace(task, spec=spec, x=tokens))
    assert_allclose(by_lookup, by_product, rtol=0, atol=1e-14)


def test_the_largest_outputs_place_is_that_of_the_outputs():
    task = random_task()
    assert_array_equal(run(task, classes_only=True), run(task).argmax(axis=2))


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "binary_crossentropy"])
def test_outputs_are_read_as_the_loss_reads_them(loss):
    task = random_task()
    assert_allclose(run(task, loss=loss), read(loss, run(task), axis=2), rtol=1e-14)


def test_a_row_without_a_step_says_what_the_zero_state_says():
    task = random_task()
    said = run(task, np.zeros(9, int))
    *_, bias = task.weights
    assert_array_equal(said[:, 0], np.broadcast_to(bias, said[:, 0].shape))


def test_no_rows_give_no_outputs():
    task = random_task()
    empty = replace(task, x=task.x[:0])
    assert run(empty).shape == (0, 7, 3)


@pytest.mark.parametrize("size", [1e4, 1e30])
def test_probabilities_are_finite_whatever_the_outputs(size):
    outputs = size * np.array([[-1.0, 0.0, 1.0]], np.float32)
    soft = read("categorical_crossentropy", outputs, axis=1)
    assert_array_equal(soft, [[0, 0, 1]])
    assert_array_equal(read("binary_crossentropy", outputs, axis=1), [[0, 0.5, 1]])


def test_rows_that_continue_each_other():
    groups = np.array([0, 0, 0, 0, 0, 1, 2, 2])
    found = [lane.tolist() for lane in lanes_of(8, groups, 2)]
    assert found == [[0, 2, 4], [1, 3], [5], [6], [7]]
    alone = [lane.tolist() for lane in lanes_of(8, groups, 1)]
    assert alone == [[0, 1, 2, 3, 4], [5], [6, 7]]
    assert [lane.tolist() for lane in lanes_of(3)] == [[0], [1], [2]]
