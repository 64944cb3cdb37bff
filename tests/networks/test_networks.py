"""Networks: what is compiled, its stock twin, and the weights that both start from."""

import random
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from skseq.networks.compiled import run
from skseq.networks.first_weights import first_weights as initial_weights
from skseq.networks.keras_models import keras_model
from skseq.networks.spec import NetworkSpec

RECURRENT = NetworkSpec("recurrent", 5, 4, 6, "per_step", 6, 3, dtype="float64")
SPECS = {
    "per step": RECURRENT,
    "last state": replace(RECURRENT, readout="last", out_steps=1),
    "vectors from the last state": replace(RECURRENT, readout="last", out_steps=2),
    "encoder and decoder": NetworkSpec(
        "encoder_decoder", 5, 4, 6, "per_step", 2, 3, dtype="float64"
    ),
}
BATCH = 3


@pytest.fixture(params=SPECS)
def spec(request):
    return SPECS[request.param]


def weights_of(spec, seed=0, forget_bias="unit", longest_lag=10):
    return initial_weights(spec, np.random.RandomState(seed), forget_bias, longest_lag)


def ran(spec, weights, x, states=None, mask=None):
    """Outputs and last states, as one list."""
    if states is None:
        states = [np.zeros((BATCH, width), spec.dtype) for width in spec.state_widths]
    dtype = np.int32 if spec.tokens else spec.dtype
    outputs, states = run(
        spec,
        [tf.constant(weight) for weight in weights],
        tf.constant(x, dtype),
        None if mask is None else tf.constant(mask),
        [tf.constant(state) for state in states],
    )
    return [outputs, *states]


def inputs(spec, seed=1):
    drawn = np.random.RandomState(seed)
    return drawn.normal(size=(BATCH, spec.piece_steps, spec.n_features))


def test_the_model_of_stock_layers_gives_the_same_outputs(spec):
    weights = weights_of(spec)
    stock = keras_model(spec, None)
    stock.set_weights(weights)
    for layer in stock.layers:
        assert type(layer).__module__.startswith("keras.")
    outputs, *_ = ran(spec, weights, inputs(spec))
    assert outputs.shape == (BATCH, spec.out_steps, spec.out_width)
    np.testing.assert_allclose(outputs, stock(inputs(spec)), rtol=0, atol=1e-14)


def test_symbols_give_the_outputs_of_one_hot_features(spec):
    weights = weights_of(spec)
    tokens = np.random.RandomState(0).randint(spec.n_features, size=(BATCH, 6, 1))
    hot = np.eye(spec.n_features)[tokens[:, :, 0]]
    for a, b in zip(
        ran(replace(spec, tokens=True), weights, tokens),
        ran(spec, weights, hot),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)


def test_padding_at_the_end_changes_no_state_and_no_output_before_it(spec):
    weights = weights_of(spec)
    n_real = 4
    short = replace(
        spec,
        piece_steps=n_real,
        out_steps=n_real if spec.out_steps == spec.piece_steps else spec.out_steps,
    )
    x = inputs(spec)
    mask = np.broadcast_to(np.arange(spec.piece_steps) < n_real, x.shape[:2])
    expected = ran(short, weights, x[:, :n_real])
    found = ran(replace(spec, masked=True), weights, x, mask=mask)
    found[0] = found[0][:, : short.out_steps]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)


def test_states_go_on_from_where_they_are_given():
    """A row in two pieces, the second from the states that the first ends with."""
    weights = weights_of(RECURRENT)
    half = replace(RECURRENT, piece_steps=3, out_steps=3)
    x = inputs(RECURRENT)
    expected = ran(RECURRENT, weights, x)
    first = ran(half, weights, x[:, :3])
    second = ran(half, weights, x[:, 3:], states=first[1:])
    outputs = np.concatenate([first[0], second[0]], axis=1)
    np.testing.assert_allclose(outputs, expected[0], rtol=0, atol=1e-14)
    for a, b in zip(second[1:], expected[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)


def test_weights_have_the_shapes_and_the_dtype_of_the_network(spec):
    for dtype in ("float32", "float64"):
        typed = replace(spec, dtype=dtype)
        weights = weights_of(typed)
        model = keras_model(typed, None)
        assert [w.shape for w in weights] == typed.weight_shapes
        assert [w.shape for w in weights] == [
            v.shape for v in model.trainable_variables
        ]
        assert {w.dtype.name for w in weights} == {dtype}


def test_weights_are_drawn_as_keras_draws_them():
    spec = NetworkSpec("recurrent", 40, 30, 1, "per_step", 1, 20)
    kernel, recurrent, bias, head, head_bias = weights_of(spec)
    for weight in (kernel, head):
        limit = np.sqrt(6 / sum(weight.shape))
        uniform = stats.uniform(-limit, 2 * limit)
        assert np.abs(weight).max() <= limit
        assert stats.kstest(weight.ravel(), uniform.cdf).pvalue > 1e-3
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(40), atol=1e-5)
    keras_layer = keras.layers.LSTM(40)
    keras_layer.build((None, 1, 30))
    np.testing.assert_array_equal(bias, keras_layer.get_weights()[2])
    assert not head_bias.any()


def test_a_seed_gives_the_same_weights_and_another_others(spec):
    first, again, other = weights_of(spec), weights_of(spec), weights_of(spec, seed=1)
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a, b)
        if a.ndim == 2:
            assert (a != c).any()
    matrices = [w for w in first if w.ndim == 2]
    for place, a in enumerate(matrices):
        for b in matrices[place + 1 :]:
            assert a.shape != b.shape or (a != b).any()


@pytest.mark.parametrize("forget_bias", [0.0, 2.5, -1.0])
def test_a_number_is_the_forget_gates_bias(spec, forget_bias):
    for bias in biases(weights_of(spec, forget_bias=forget_bias), spec):
        gates = bias.reshape(4, spec.units)
        assert (gates[1] == forget_bias).all()
        assert not gates[[0, 2, 3]].any()


@pytest.mark.parametrize("longest_lag", [3, 100, 10_000])
def test_chrono_spreads_forgetting_over_the_lags(longest_lag):
    """log U(1, T - 1) for the forget gate, its negative for the input gate."""
    spec = replace(RECURRENT, units=400)
    (bias,) = biases(
        weights_of(spec, forget_bias="chrono", longest_lag=longest_lag), spec
    )
    gates = bias.reshape(4, spec.units)
    np.testing.assert_array_equal(gates[0], -gates[1])
    assert not gates[2:].any()
    steps = stats.uniform(1, longest_lag - 2)
    assert stats.kstest(np.exp(gates[1]), steps.cdf).pvalue > 1e-3


@pytest.mark.parametrize("longest_lag", [1, 2])
def test_chrono_of_the_shortest_lags_is_a_bias_of_zero(longest_lag):
    (bias,) = biases(
        weights_of(RECURRENT, forget_bias="chrono", longest_lag=longest_lag), RECURRENT
    )
    assert not bias.any()


LAYERS = [
    {"units": (400, 300)},
    {"units": (400, 300), "bidirectional": True},
    {"units": (400, 300), "topology": "encoder_decoder", "readout": "per_step"},
]


@pytest.mark.parametrize("network", LAYERS, ids=["layers", "directions", "decoder"])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_chrono_spreads_forgetting_in_each_layer(cell, network):
    """Of a GRU, the update gate is what keeps: the first of the inputs' biases."""
    spec = replace(RECURRENT, cell=cell, **network)
    found = biases(weights_of(spec, forget_bias="chrono", longest_lag=50), spec)
    assert len(found) == len(spec.layers)
    for layer, bias in zip(spec.layers, found, strict=True):
        gates = bias.reshape(-1, layer.units)
        keeps = gates[0] if cell == "gru" else gates[1]
        others = gates[1:] if cell == "gru" else [gates[0] + gates[1], *gates[2:]]
        assert not np.any(others)
        assert stats.kstest(np.exp(keeps), stats.uniform(1, 48).cdf).pvalue > 1e-3
    firsts = {bias[..., 0].tobytes() for bias in found}
    assert len(firsts) == len(found), "drawn for each"


@pytest.mark.parametrize(("forget_bias", "keeps"), [("unit", 0), (0, 0), (1.5, 1.5)])
def test_a_number_is_the_update_gates_bias_of_a_gru(forget_bias, keeps):
    """Keras' default is none: "unit" is the LSTM's."""
    spec = replace(RECURRENT, cell="gru", units=(3, 2))
    for bias in biases(weights_of(spec, forget_bias=forget_bias), spec):
        gates = bias.reshape(2, 3, -1)
        assert (gates[0, 0] == keeps).all()
        assert not gates[0, 1:].any()
        assert not gates[1].any()


def biases(weights, spec):
    """The biases of recurrent layers: the third array of each."""
    return weights[2 : 3 * len(spec.layers) : 3]


def test_building_and_drawing_leave_the_global_generators_alone(spec):
    before = global_states()
    keras_model(spec, None)
    weights_of(spec, forget_bias="chrono")
    assert global_states() == before


def global_states():
    numpy_state = np.random.get_state()  # noqa: NPY002
    return random.getstate(), [np.asarray(part).tolist() for part in numpy_state]
