"""The written-out walks through time against Keras' own layers."""

import numpy as np
import pytest
import tensorflow as tf

from skseq.networks import loops
from skseq.networks.compiled import WALKS, _Layer
from skseq.networks.loops import UNROLLED_STEPS
from skseq.networks.spec import CELLS, RecurrentLayer

BATCH, FEATURES, UNITS = 3, 4, 5
LENGTHS = [1, 2, UNROLLED_STEPS, UNROLLED_STEPS + 1, 30]
TOLERANCE = {"float32": 2e-5, "float64": 1e-12}

MASKS = {
    "nothing": lambda random, shape: np.ones(shape, bool),
    "at random": lambda random, shape: random.random_sample(shape) < 0.6,
    "the end": lambda random, shape: np.arange(shape[1]) < [[1], [shape[1]], [2]],
    "the start": lambda random, shape: np.arange(shape[1]) >= [[1], [0], [2]],
    "all of a row": lambda random, shape: (
        np.zeros(shape, bool) | [[False], [True], [True]]
    ),
}


class Ours:
    """The compiled layer, called as Keras' is."""

    def __init__(self, theirs, layer, tokens):
        self.trainable_variables = [tf.Variable(w) for w in theirs.get_weights()]
        self._layer, self._tokens = layer, tokens

    def __call__(self, x, initial_state, mask=None):
        weights = [tf.convert_to_tensor(v) for v in self.trainable_variables]
        keep = None if mask is None else tf.transpose(mask)[:, :, None]
        layer = _Layer(self._layer, weights, initial_state)
        outputs = layer.read(tf.transpose(x, (1, 0, 2)), keep, tokens=self._tokens)
        return tf.transpose(outputs, (1, 0, 2)), *layer.states


def layers(cell, dtype, tokens=False):
    """Keras' layer and ours, with the same weights, none of them zero."""
    theirs = WALKS[cell].keras_layer(
        UNITS, return_sequences=True, return_state=True, dtype=dtype
    )
    theirs.build((BATCH, None, FEATURES))
    random = np.random.RandomState(0)
    weights = [0.7 * random.normal(size=w.shape) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    layer = RecurrentLayer("layer", cell, FEATURES, UNITS, every_step=True)
    return theirs, Ours(theirs, layer, tokens)


def drawn(cell, steps, dtype, seed=0):
    """Inputs, first states, and what the outputs' gradients are."""
    random = np.random.RandomState(seed)

    def draw(*shape):
        return tf.constant(random.normal(size=shape), dtype)

    n_states = CELLS[cell].N_STATES
    return {
        "x": draw(BATCH, steps, FEATURES),
        "states": [draw(BATCH, UNITS) for _ in range(n_states)],
        "sequence": draw(BATCH, steps, UNITS),
        "last": [draw(BATCH, UNITS) for _ in range(n_states)],
    }


def values_and_gradients(layer, data, x=None, mask=None, by_input=True):
    """Outputs, last states, and gradients by weights, first states and inputs.

    All outputs enter the scalar that is differentiated, each with a weight of
    its own, so that no gradient can be lost or go to the wrong place.
    """
    x = data["x"] if x is None else tf.constant(x)
    states = data["states"]
    mask = None if mask is None else tf.constant(mask)
    # Keras' variables hold TensorFlow's.
    weights = [getattr(v, "_value", v) for v in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch([*states, *([x] if by_input else [])])
        sequence, *last = layer(x, mask=mask, initial_state=states)
        scalar = tf.reduce_sum(sequence * data["sequence"])
        for state, factor in zip(last, data["last"], strict=True):
            scalar += tf.reduce_sum(state * factor)
    by = [*weights, *states, *([x] if by_input else [])]
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(scalar, by)]
    found = [("sequence", sequence), *(("state", state) for state in last)]
    names = [*["weights"] * len(weights), *["by state"] * len(states), "by x"]
    found += zip(names, gradients, strict=False)
    return [(name, np.array(array)) for name, array in found]


def assert_equal(ours, theirs, dtype):
    for (name, a), (_, b) in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype == dtype, name
        error = np.abs(a - b).max() / max(np.abs(b).max(), 1)
        assert error < TOLERANCE[dtype], f"{name} is off by {error:.1e}"


@pytest.fixture(params=CELLS)
def cell(request):
    return request.param


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("steps", LENGTHS)
def test_values_and_gradients_are_those_of_keras(cell, steps, dtype):
    theirs, ours = layers(cell, dtype)
    data = drawn(cell, steps, dtype)
    assert_equal(
        values_and_gradients(ours, data), values_and_gradients(theirs, data), dtype
    )


@pytest.mark.parametrize("masked", MASKS)
@pytest.mark.parametrize("steps", [UNROLLED_STEPS, UNROLLED_STEPS + 2])
def test_masked_steps_are_passed_over_as_by_keras(cell, steps, masked):
    theirs, ours = layers(cell, "float64")
    data = drawn(cell, steps, "float64")
    mask = MASKS[masked](np.random.RandomState(1), (BATCH, steps))
    # Keras' sequence repeats the output of the last real step, as ours does,
    # but starts from zero where ours starts from the state that was given.
    before_first = ~np.logical_or.accumulate(mask, axis=1)
    data["sequence"] *= tf.constant(~before_first[:, :, None], "float64")
    ours, theirs = (
        values_and_gradients(layer, data, mask=mask) for layer in (ours, theirs)
    )
    for given in (ours, theirs):
        given[0][1][before_first] = 0
    assert_equal(ours, theirs, "float64")


@pytest.mark.parametrize("steps", [UNROLLED_STEPS, UNROLLED_STEPS + 2])
def test_what_stands_at_masked_steps_is_no_matter(cell, steps):
    _, layer = layers(cell, "float64")
    data = drawn(cell, steps, "float64")
    mask = MASKS["at random"](np.random.RandomState(1), (BATCH, steps))
    other = np.where(mask[:, :, None], data["x"], 1e3)
    first = values_and_gradients(layer, data, mask=mask)
    second = values_and_gradients(layer, data, x=other, mask=mask)
    for (_, a), (_, b) in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("steps", [UNROLLED_STEPS, UNROLLED_STEPS + 2])
@pytest.mark.parametrize("masked", [None, "at random"])
def test_symbols_looked_up_equal_one_hot_features(cell, steps, dtype, masked):
    theirs, ours = layers(cell, dtype, tokens=True)
    data = drawn(cell, steps, dtype)
    random = np.random.RandomState(2)
    # The last symbol is never seen: its weights have no gradient.
    tokens = random.randint(FEATURES - 1, size=(BATCH, steps, 1)).astype(np.int32)
    hot = np.eye(FEATURES, dtype=dtype)[tokens[:, :, 0]]
    mask = None if masked is None else MASKS[masked](random, (BATCH, steps))
    if mask is not None:
        mask[:, 0] = True
    ours = values_and_gradients(ours, data, tokens, mask, by_input=False)
    theirs = values_and_gradients(theirs, data, hot, mask, by_input=False)
    assert_equal(ours, theirs, dtype)
    kernel = next(array for name, array in ours if name == "weights")
    assert not kernel[-1].any()


def test_looped_steps_equal_steps_written_out(cell, monkeypatch):
    _, layer = layers(cell, "float64")
    data = drawn(cell, 7, "float64")
    monkeypatch.setattr(loops, "UNROLLED_STEPS", 7)
    written_out = values_and_gradients(layer, data)
    monkeypatch.setattr(loops, "UNROLLED_STEPS", 0)
    looped = values_and_gradients(layer, data)
    assert_equal(looped, written_out, "float64")


@pytest.mark.parametrize("steps", [UNROLLED_STEPS, UNROLLED_STEPS + 4])
def test_a_row_in_two_pieces_is_the_row(cell, steps):
    _, layer = layers(cell, "float64")
    data = drawn(cell, steps, "float64")
    whole = layer(data["x"], initial_state=data["states"])
    first = layer(data["x"][:, :2], initial_state=data["states"])
    second = layer(data["x"][:, 2:], initial_state=first[1:])
    joined = np.concatenate([first[0], second[0]], axis=1)
    np.testing.assert_allclose(joined, whole[0], rtol=0, atol=1e-14)
    for a, b in zip(second[1:], whole[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)
