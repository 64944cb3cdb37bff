"""What is left of a program's tracing once it is compiled."""

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops

from skseq import StatefulLSTMClassifier
from skseq.training.programs import n_compilations
from skseq.training.tracing import forget_graphs, traced_as


def test_a_program_s_gradients_are_not_registered_for_good():
    X = np.random.default_rng(0).normal(size=(16, 5, 2))
    before, registered = n_compilations(), set(_gradients())
    StatefulLSTMClassifier(units=7, epochs=1).fit(X, X[:, 0, 0] > 0)
    assert n_compilations() == before + 1
    assert set(_gradients()) == registered


def _gradients():
    return ops.gradient_registry.list()


@tf.function
def _squared_twice(x):
    @tf.custom_gradient
    def squared(x):
        return x * x, lambda d: 2 * d * x

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = squared(squared(x))
    return tape.gradient(y, x)


def test_what_was_forgotten_still_runs_and_tensorflow_is_as_it_was():
    theirs = ops.uid, ops._create_c_op
    with traced_as("squared twice"):
        function = _squared_twice.get_concrete_function(tf.constant(1.0))
    assert (ops.uid, ops._create_c_op) == theirs
    forget_graphs(function)
    assert _squared_twice(tf.constant(2.0)) == 4 * 2.0**3
