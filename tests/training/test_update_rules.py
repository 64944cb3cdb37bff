"""Update rules against Keras' optimizer objects, step by step."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from skseq.training.options import CLIPPING, OPTIMIZER_OPTIONS, UpdateRule
from skseq.training.update_rules import apply

KERAS = {
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
}
RATE = 2.0**-7
N_STEPS = 300
SHAPES = [(3, 8), (2, 8), (8,)]

RULES = [
    ("adam", {}),
    ("adam", {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("rmsprop", {}),
    ("rmsprop", {"rho": 0.5, "epsilon": 1e-3, "momentum": 0.9}),
    *((optimizer, {"weight_decay": 0.125}) for optimizer in KERAS),
    *((optimizer, {clipping: 0.25}) for optimizer in KERAS for clipping in CLIPPING),
    ("sgd", {"momentum": 0.5, "weight_decay": 0.125, "global_clipnorm": 0.25}),
]
# Weights decay and gradients are clipped beside the rule, whichever it is.
EVERY_DAY = [
    *RULES[:7],
    ("sgd", {"weight_decay": 0.125}),
    *(("sgd", {clipping: 0.25}) for clipping in CLIPPING),
    RULES[-1],
]


def exact(options):
    """Options that single precision holds exactly: Keras rounds some to it on
    their way, whatever the dtype, and the rules do not."""
    return {k: v if v is True else float(np.float32(v)) for k, v in options.items()}


def noise(dtype):
    """For each update, how large gradients are and where they point."""
    random = np.random.RandomState(1)
    sizes = 10.0 ** random.uniform(-3, 1, N_STEPS)
    points = [random.normal(size=(N_STEPS, *shape)) for shape in SHAPES]
    return tf.constant(sizes, dtype), [tf.constant(p, dtype) for p in points]


def gradients(weights, place, sizes, points):
    """Towards a point that lies elsewhere each step; large and small by turns,
    so that clipping does and does not bite."""
    return [sizes[place] * (w + p[place]) for w, p in zip(weights, points, strict=True)]


def start(dtype):
    random = np.random.RandomState(0)
    return [random.normal(size=shape).astype(dtype) for shape in SHAPES]


def recorded(dtype, update, loop):
    """Weights after every step of ``loop``, from ``update(place, *loop)``."""

    def body(place, records, *loop):
        weights, loop = update(place, *loop)
        records = [r.write(place, w) for r, w in zip(records, weights, strict=True)]
        return place + 1, records, *loop

    def run():
        records = [tf.TensorArray(dtype, N_STEPS, element_shape=s) for s in SHAPES]
        _, records, *_ = tf.while_loop(
            lambda place, *_: place < N_STEPS, body, (0, records, *loop)
        )
        return [record.stack() for record in records]

    return [record.numpy() for record in tf.function(run, autograph=False)()]


def by_keras(optimizer, options, dtype):
    """Weights after every step: an array (N_STEPS, ...) for each."""
    variables = [keras.Variable(w, dtype=dtype) for w in start(dtype)]
    rule = KERAS[optimizer](learning_rate=RATE, **options)
    rule.build(variables)
    drawn = noise(dtype)

    def update(place):
        rule.apply(gradients([v.value for v in variables], place, *drawn), variables)
        return [v.value.read_value() for v in variables], ()

    return recorded(dtype, update, ())


def by_rule(optimizer, options, dtype):
    """The same by the functional rule."""
    rule, numbers = UpdateRule.from_options(optimizer, RATE, options, dtype)
    drawn = noise(dtype)

    def update(place, weights, slots):
        grads = gradients(weights, place, *drawn)
        step = tf.cast(place + 1, dtype)
        weights, slots = apply(rule, weights, grads, slots, step, tf.constant(numbers))
        return weights, (weights, slots)

    slots = tuple(tf.zeros(s, dtype) for s in SHAPES for _ in range(rule.n_slots))
    return recorded(dtype, update, (tuple(map(tf.constant, start(dtype))), slots))


def named(rule):
    optimizer, options = rule
    return "-".join([optimizer, *(f"{k}={v}" for k, v in options.items())])


def assert_equal(ours, theirs, tolerance):
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        axes = tuple(range(1, a.ndim))
        errors = np.abs(a - b).max(axis=axes) / np.abs(b).max(axis=axes)
        assert errors.max() < tolerance, (
            f"first in update {np.argmax(errors >= tolerance)}"
        )


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, marks=() if rule in EVERY_DAY else pytest.mark.slow)
        for rule in RULES
    ],
    ids=named,
)
def test_each_rule_is_keras_optimizer_of_its_name(rule):
    optimizer, options = rule
    options = exact({**OPTIMIZER_OPTIONS[optimizer], **options})
    ours = by_rule(optimizer, options, "float64")
    assert_equal(ours, by_keras(optimizer, options, "float64"), 1e-6)
    assert np.abs(ours[0][-1] - start("float64")[0]).max() > 0.05


@pytest.mark.parametrize("optimizer", KERAS)
def test_defaults_hold_in_single_precision(optimizer):
    ours = by_rule(optimizer, {}, "float32")
    assert_equal(ours, by_keras(optimizer, {}, "float32"), 1e-6)


@pytest.mark.parametrize("optimizer", KERAS)
def test_defaults_are_those_of_keras(optimizer):
    config = KERAS[optimizer]().get_config()
    ours = {**OPTIMIZER_OPTIONS[optimizer]}
    assert ours.pop("weight_decay") == 0 == (config["weight_decay"] or 0)
    assert ours == {name: config[name] for name in ours}
    assert all(config[name] is None for name in CLIPPING)


@pytest.mark.parametrize("optimizer", KERAS)
@pytest.mark.parametrize("clipping", CLIPPING)
def test_a_gradient_of_zero_stays_zero_when_clipped(optimizer, clipping):
    rule, numbers = UpdateRule.from_options(optimizer, 0.1, {clipping: 1.0}, "float32")
    weights = (tf.ones((2, 3)),)
    slots = tuple(tf.zeros((2, 3)) for _ in range(rule.n_slots))
    one = tf.constant(1.0)
    moved, _ = apply(rule, weights, (tf.zeros((2, 3)),), slots, one, numbers)
    np.testing.assert_array_equal(moved[0], weights[0])


def test_the_rule_is_its_form_and_the_numbers_are_not_part_of_it():
    first, low = UpdateRule.from_options("sgd", 0.1, {"momentum": 0.9}, "float32")
    second, high = UpdateRule.from_options("sgd", 0.2, {"momentum": 0.5}, "float32")
    plain, _ = UpdateRule.from_options("sgd", 0.1, {}, "float32")
    assert first == second
    assert hash(first) == hash(second)
    assert first != plain
    assert (low != high).any()
