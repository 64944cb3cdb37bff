"""Every network is the same three times: compiled, in NumPy, and as stock Keras."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from skseq.inference.forward import forward, lanes_of
from skseq.networks.compiled import WALKS, run
from skseq.networks.keras_models import keras_model
from skseq.networks.spec import CELLS, NetworkSpec

BATCH, STEPS, FEATURES = 5, 6, 3
LENGTHS = np.array([6, 1, 4, 6, 2])
BASE = NetworkSpec(
    "recurrent", (4,), FEATURES, STEPS, "last", 2, 3, masked=True, dtype="float64"
)
DECODER = replace(BASE, topology="encoder_decoder", readout="per_step")


def specs():
    for cell, units, both in itertools.product(CELLS, [(4,), (5, 4)], [False, True]):
        shape = {"cell": cell, "units": units, "bidirectional": both}
        yield replace(BASE, readout="per_step", out_steps=STEPS, **shape)
        for pooling in ("last", "mean", "max"):
            yield replace(BASE, pooling=pooling, **shape)
            yield replace(DECODER, pooling=pooling, **shape)
        if not both:
            yield replace(DECODER, attention=True, **shape)


SPECS = list(specs())


def name(spec):
    kind = "decoder" if spec.decodes else spec.readout
    both = "both" * spec.bidirectional
    parts = [spec.cell, *map(str, spec.widths), kind, spec.pooling, both]
    return "-".join([*filter(None, parts), *["attention"] * spec.attention])


def weights_of(spec):
    random = np.random.RandomState(0)
    return [random.normal(size=shape) for shape in spec.weight_shapes]


@pytest.fixture(scope="module")
def X():
    return np.random.RandomState(1).normal(size=(BATCH, STEPS, FEATURES))


def by_keras(spec, X):
    """Outputs of the stock model, each row at its own length."""
    model = keras_model(spec, None)
    model.set_weights(weights_of(spec))
    return [
        np.asarray(model(row[None, :length]))[0]
        for row, length in zip(X, LENGTHS, strict=True)
    ]


def every_day(spec):
    """Each part of each cell, and most of what one cell makes together."""
    plain, two = len(spec.widths) == 1, spec.bidirectional
    if spec.cell == "lstm":
        return plain or not two or spec.pooling == "last"
    return (plain and not two) or spec.answers_steps


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(spec, marks=() if every_day(spec) else pytest.mark.slow)
        for spec in SPECS
    ],
    ids=name,
)
def test_three_ways_to_the_same_outputs(spec, X):
    weights = weights_of(spec)
    zero = [tf.zeros((BATCH, width), tf.float64) for width in spec.state_widths]
    mask = np.arange(STEPS) < LENGTHS[:, None]
    given = np.where(mask[:, :, None], X, 0)
    compiled, _ = run(
        spec,
        [tf.constant(weight) for weight in weights],
        tf.constant(given),
        tf.constant(mask),
        zero,
    )
    numpy = forward(spec, weights, given, LENGTHS, lanes_of(BATCH))
    numpy = numpy[:, 1:] if spec.answers_steps else numpy
    for row, expected in enumerate(by_keras(spec, X)):
        for found in (compiled.numpy()[row], numpy[row]):
            np.testing.assert_allclose(found[: len(expected)], expected, atol=1e-12)


@pytest.mark.parametrize("lengths", [[0, 1, 4, 0, 6], [0] * BATCH])
@pytest.mark.parametrize(
    "spec",
    [replace(DECODER, attention=True), replace(DECODER, pooling="max"), BASE],
    ids=name,
)
def test_rows_of_padding_alone_say_what_they_say_in_training(spec, lengths, X):
    weights, lengths = weights_of(spec), np.array(lengths)
    zero = [tf.zeros((BATCH, width), tf.float64) for width in spec.state_widths]
    mask = np.arange(STEPS) < lengths[:, None]
    expected, _ = run(
        spec,
        [tf.constant(weight) for weight in weights],
        tf.constant(X),
        tf.constant(mask),
        zero,
    )
    found = forward(spec, weights, X, lengths, lanes_of(BATCH))
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_symbols_are_looked_up_in_every_direction(cell, both):
    spec = replace(BASE, cell=cell, units=(4, 5), bidirectional=both)
    weights = weights_of(spec)
    symbols = np.random.RandomState(0).randint(FEATURES, size=(BATCH, STEPS, 1))
    hot = np.eye(FEATURES)[symbols[:, :, 0]]
    by_product = forward(spec, weights, hot, LENGTHS, lanes_of(BATCH))
    tokens = replace(spec, tokens=True)
    by_lookup = forward(tokens, weights, symbols, LENGTHS, lanes_of(BATCH))
    np.testing.assert_allclose(by_lookup, by_product, atol=1e-12)


@pytest.mark.parametrize("tokens", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_dropout_by_given_masks_is_that_of_keras(cell, tokens, monkeypatch):
    """Each gate sees inputs and h through masks that stay the same over a piece."""
    spec = NetworkSpec(
        "recurrent", 4, FEATURES, STEPS, "last", 1, 3, dtype="float64", cell=cell,
        dropout=True, recurrent_dropout=True, tokens=tokens,
    )  # fmt: skip
    weights = weights_of(spec)
    random = np.random.RandomState(3)
    gates = weights[0].shape[1] // 4
    drops = [
        tf.constant(2.0 * (random.random_sample((gates, BATCH, width)) < 0.5))
        for width in (FEATURES, 4)
    ]
    layer = WALKS[cell].keras_layer(
        4, dropout=0.5, recurrent_dropout=0.5, dtype="float64"
    )
    # The plain network has one mask, the others one for each gate.
    shown, carried = (d[0] if gates == 1 else tf.unstack(d) for d in drops)
    monkeypatch.setattr(layer.cell, "get_dropout_mask", lambda step_input: shown)
    monkeypatch.setattr(
        layer.cell, "get_recurrent_dropout_mask", lambda step_input: carried
    )
    layer.build((None, None, FEATURES))
    layer.set_weights(weights[:3])
    symbols = random.randint(FEATURES, size=(BATCH, STEPS, 1))
    x = np.eye(FEATURES)[symbols[:, :, 0]]
    variables = [v._value for v in layer.trainable_variables]
    head = keras.ops.matmul
    with tf.GradientTape() as tape:
        expected = head(layer(x, training=True), weights[3]) + weights[4]
        total = tf.reduce_sum(expected**2)
    by_keras = tape.gradient(total, variables)
    given = [tf.constant(weight) for weight in weights]
    zero = [tf.zeros((BATCH, width), tf.float64) for width in spec.state_widths]
    given_x = tf.constant(symbols, tf.int32) if tokens else tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        outputs, _ = run(spec, given, given_x, None, zero, [tuple(drops)])
        total = tf.reduce_sum(outputs[:, 0] ** 2)
    ours = tape.gradient(total, given[:3])
    np.testing.assert_allclose(outputs[:, 0], expected, atol=1e-12)
    for a, b in zip(ours, by_keras, strict=True):
        np.testing.assert_allclose(tf.convert_to_tensor(a), b, atol=1e-11)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(spec, marks=pytest.mark.slow if spec.cell != "lstm" else ())
        for spec in SPECS
        if spec.attention or (spec.widths == (4,) and not spec.answers_steps)
    ],
    ids=name,
)
def test_rows_without_a_real_step_are_the_same_beside_others_and_alone(spec, X):
    """There is nothing in them to read, to pool or to attend to."""
    weights, lengths = weights_of(spec), np.array([0, 6, 0, 2, 0])
    zero = [tf.zeros((BATCH, width), tf.float64) for width in spec.state_widths]
    mask = np.arange(STEPS) < lengths[:, None]
    given = np.where(mask[:, :, None], X, 0)
    shown = tf.constant(given), tf.constant(mask)
    compiled, _ = run(spec, [tf.constant(w) for w in weights], *shown, zero)
    beside = forward(spec, weights, given, lengths, lanes_of(BATCH))
    alone = forward(spec, weights, given[:1], lengths[:1], lanes_of(1))
    np.testing.assert_allclose(beside, compiled, atol=1e-12)
    assert (beside[::2] == alone[0]).all()
