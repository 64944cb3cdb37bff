"""scikeras behind one door, and nothing of it comes through."""

import os
import random
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.base import is_classifier, is_regressor
from tensorflow.python.framework import config

import skseq
from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor
from skseq.training.keras_wrapper import build

# The program of test_composition.
SMALL = {"units": 4, "epochs": 3, "batch_size": 20, "random_state": 0}


@pytest.fixture(scope="module")
def X():
    return np.random.default_rng(0).normal(size=(60, 4))


def test_one_module_alone_imports_scikeras():
    root = Path(skseq.__file__).parent
    named = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(
            line.lstrip().startswith(("import scikeras", "from scikeras"))
            for line in path.read_text().splitlines()
        )
    ]
    assert named == ["training/keras_wrapper.py"]


def test_no_estimator_is_one_of_its(X):
    fitted = StatefulLSTMClassifier(**SMALL).fit(X, X[:, 0] > 0)
    ancestors = [owner.__module__ for owner in type(fitted).__mro__]
    assert {name.partition(".")[0] for name in ancestors} == {
        "skseq",
        "sklearn",
        "builtins",
    }
    assert is_classifier(fitted)
    assert is_regressor(StatefulLSTMRegressor())


def test_a_seed_switches_nothing_on_for_the_process(X):
    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, *_):
            seen.append(config.is_op_determinism_enabled())

    seen = []
    assert not config.is_op_determinism_enabled()
    fitted = StatefulLSTMClassifier(**SMALL, callbacks=[Watch()]).fit(X, X[:, 0] > 0)
    assert fitted.model_.count_params()
    assert seen == [False] * 3
    assert not config.is_op_determinism_enabled()
    assert "TF_DETERMINISTIC_OPS" not in os.environ


def _draw():
    """One number from each of the process's own generators."""
    numpys = np.random.random()  # noqa: NPY002
    return float(tf.random.uniform(())), numpys, random.random()


def test_random_numbers_of_the_process_go_on(X):
    def numbers(between):
        tf.random.set_seed(5)
        keras.utils.set_random_seed(5)
        draws = [_draw()]
        between()
        return [*draws, _draw()]

    def fit_and_show():
        assert StatefulLSTMClassifier(**SMALL).fit(X, X[:, 0] > 0).model_.built

    assert numbers(fit_and_show) == numbers(lambda: None)


def test_a_model_gets_the_optimizer_that_is_named():
    model = build(
        lambda units: keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)]),
        "rmsprop",
        {"learning_rate": 0.25, "rho": 0.5},
        1,
        units=3,
    )
    assert model.output_shape == (None, 3)
    assert isinstance(model.optimizer, keras.optimizers.RMSprop)
    assert float(model.optimizer.learning_rate) == 0.25
    assert model.optimizer.rho == 0.5
