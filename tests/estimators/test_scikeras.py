"""What the door to scikeras mends: each defect there, and the mend here.

The first half of each test is about scikeras as it is.  Where it begins to fail, a
release has mended the defect, and ours can go.
"""

import json
import os
import pickle
import random
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_array_equal
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.model_selection import GridSearchCV, check_cv, cross_val_score
from sklearn.utils import estimator_checks
from tensorflow.python.framework import config

import skseq
from skseq import StatefulLSTMClassifier, StatefulLSTMRegressor

HERE = Path(__file__).parent
SMALL = {"units": 2, "epochs": 3, "batch_size": 16, "random_state": 0}


@pytest.fixture(scope="session")
def scikeras():
    """How scikeras behaves in a process that has never seen skseq."""
    found = subprocess.run(
        [sys.executable, HERE / "scikeras_as_it_is.py"],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.fixture(scope="module")
def X():
    return np.random.default_rng(0).normal(size=(48, 4))


@pytest.fixture(scope="module")
def sides(X):
    return (X[:, 0] > 0).astype(int)


def test_classifiers_are_seen_as_such(scikeras):
    assert scikeras["is_classifier"] is False
    assert is_classifier(StatefulLSTMClassifier())


def test_folds_are_stratified(scikeras, sides):
    assert scikeras["folds"] == "KFold"
    estimator = StatefulLSTMClassifier()
    folds = check_cv(3, sides, classifier=is_classifier(estimator))
    assert type(folds).__name__ == "StratifiedKFold"


def test_no_ancestor_has_the_tags_of_old_alone(scikeras):
    assert "not `__sklearn_tags__`" in scikeras["tags"]
    estimator_checks.check_estimator_tags_renamed(
        "StatefulLSTMRegressor", StatefulLSTMRegressor()
    )


def test_keras_pickles_as_before(scikeras):
    assert scikeras["import_changes_pickling"] is True
    for owner in (
        keras.Model,
        keras.losses.Loss,
        keras.metrics.Metric,
        keras.optimizers.Optimizer,
    ):
        assert not owner.__reduce__.__module__.startswith("scikeras")
    assert not hasattr(keras.Model, "__deepcopy__")


def test_stray_attributes_are_no_parameters(scikeras):
    assert scikeras["stray_attribute"] == {"units": 3, "note": 1}
    estimator = StatefulLSTMRegressor()
    estimator.note = 1
    assert "note" not in estimator.get_params()
    assert estimator.get_params().keys() == StatefulLSTMRegressor().get_params().keys()


def test_routed_parameters_outlive_a_clone(scikeras):
    assert (
        "unexpected keyword argument 'optimizer__momentum'"
        in (scikeras["routed_clone"])
    )
    estimator = StatefulLSTMRegressor(optimizer="sgd")
    twin = clone(estimator.set_params(optimizer__momentum=0.5))
    assert twin.get_params()["optimizer__momentum"] == 0.5
    assert "optimizer__momentum" not in twin.get_params(deep=False)


def test_misspelt_routed_parameters_are_refused(scikeras):
    assert scikeras["misspelt"] == 0.5
    estimator = StatefulLSTMRegressor(optimizer="sgd")
    message = (
        "Invalid parameter 'optimizer__momentun' for StatefulLSTMRegressor with "
        "optimizer='sgd'. Valid routed parameters are: ['optimizer__clipnorm', "
        "'optimizer__clipvalue', 'optimizer__global_clipnorm', "
        "'optimizer__learning_rate', 'optimizer__momentum', 'optimizer__nesterov', "
        "'optimizer__weight_decay']."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        estimator.set_params(optimizer__momentun=0.5)
    assert "optimizer__momentun" not in estimator.get_params()


def test_repr_is_scikit_learns(scikeras):
    assert scikeras["repr"] == "Subclass(\n\tunits=3\n)"
    assert repr(StatefulLSTMRegressor(units=3)) == "StatefulLSTMRegressor(units=3)"


def test_a_seed_switches_nothing_on_for_the_process(scikeras, X, sides):
    assert scikeras["op_determinism"] == [True, True]  # while and after a fit

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, *_):
            seen.append(config.is_op_determinism_enabled())

    seen = []
    assert not config.is_op_determinism_enabled()
    StatefulLSTMClassifier(**SMALL, callbacks=[Watch()]).fit(X, sides)
    assert seen == [False] * 3
    assert not config.is_op_determinism_enabled()
    assert "TF_DETERMINISTIC_OPS" not in os.environ


def _draw():
    """One number from each of the process's own generators."""
    numpys = np.random.random()  # noqa: NPY002
    return float(tf.random.uniform(())), numpys, random.random()


def test_random_numbers_of_the_process_go_on(scikeras, X, sides):
    first, second, again, after_fit = scikeras["global_random_numbers"]
    assert again == first
    assert after_fit == first != second, "a seeded fit starts them over"

    def numbers(between):
        tf.random.set_seed(5)
        keras.utils.set_random_seed(5)
        draws = [_draw()]
        between()
        return [*draws, _draw()]

    fit = StatefulLSTMClassifier(**SMALL).fit
    assert numbers(lambda: fit(X, sides)) == numbers(lambda: None)


def test_targets_of_three_dimensions(scikeras, X):
    assert "Found array with dim 3" in scikeras["targets_of_three_dimensions"]
    y = X[:, :, None].cumsum(axis=1)
    assert StatefulLSTMRegressor(**SMALL).fit(X, y).predict(X).shape == y.shape


def test_other_lengths_than_in_fit(scikeras, X):
    assert "is expecting X of shape (3, 1)" in scikeras["lengths"]
    fitted = StatefulLSTMRegressor(**SMALL).fit(X[:, :, None], X.sum(axis=1))
    assert fitted.predict(X[:, :2, None]).shape == (48,)


def test_roc_auc_of_two_classes_is_a_number(scikeras, X, sides):
    assert np.isnan(scikeras["roc_auc"]).all()
    estimator = StatefulLSTMClassifier(**SMALL)
    scores = cross_val_score(estimator, X, sides, cv=3, scoring="roc_auc")
    assert np.isfinite(scores).all()


def test_soft_voting(scikeras, X, sides):
    assert "should be a classifier" in scikeras["voting"]
    members = [("a", StatefulLSTMClassifier(**SMALL))]
    voting = VotingClassifier(members, voting="soft").fit(X, sides)
    assert_array_equal(voting.predict_proba(X), voting.estimators_[0].predict_proba(X))


def test_calibration(scikeras, X, sides):
    # What it stumbles over depends on scikit-learn.
    assert scikeras["calibration"].startswith(("IndexError", "ValueError"))
    calibrated = CalibratedClassifierCV(StatefulLSTMClassifier(**SMALL), cv=3)
    assert calibrated.fit(X, sides).predict_proba(X).shape == (48, 2)


# What is kept of scikeras: routed parameters.


def loss_of(X, y, **routed):
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd", learning_rate=0.01)
    return estimator.set_params(**routed).fit(X, y).loss_curve_


def test_routed_parameters_reach_the_optimizer(X):
    y = X.sum(axis=1)
    plain = loss_of(X, y)
    assert loss_of(X, y, optimizer__momentum=0.0) == plain
    assert loss_of(X, y, optimizer__momentum=0.9)[-1] < plain[-1]
    assert loss_of(X, y, optimizer__clipvalue=1e-9)[-1] == pytest.approx(plain[0], 1e-2)


def test_a_routed_learning_rate_stands_above_the_plain_one(X):
    y = X.sum(axis=1)
    assert loss_of(X, y, optimizer__learning_rate=0.02) == loss_of(
        X, y, learning_rate=0.02
    )


def test_grid_search_over_a_routed_parameter(X):
    y = X.sum(axis=1)
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd", learning_rate=0.01)
    grid = {"optimizer__momentum": [0.0, 0.9]}
    search = GridSearchCV(estimator, grid, cv=2, error_score="raise").fit(X, y)
    assert search.best_params_ == {"optimizer__momentum": 0.9}
    assert search.best_estimator_.loss_curve_ == loss_of(X, y, optimizer__momentum=0.9)


def test_routed_parameters_come_back_from_a_pickle(X):
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd")
    estimator.set_params(optimizer__momentum=0.5)
    twin = pickle.loads(pickle.dumps(estimator))
    assert twin.get_params() == estimator.get_params()


def test_two_kinds_of_clipping_are_refused(X):
    estimator = StatefulLSTMRegressor(**SMALL, global_clipnorm=1.0)
    estimator.set_params(optimizer__clipvalue=1.0)
    message = (
        "Only one kind of gradient clipping can be used, got ['global_clipnorm', "
        "'clipvalue']; set the others to None."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        estimator.fit(X, X[:, 0])


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
    assert named == ["estimators/_scikeras.py"]
