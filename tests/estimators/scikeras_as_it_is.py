"""Print, as JSON, how scikeras behaves without skseq; see ``test_scikeras.py``.

It runs in a process of its own: importing scikeras, and skseq, changes others.
"""

import json
import sys
import warnings
from typing import ClassVar

import keras
import numpy as np

PICKLING = keras.Model.__reduce__

import scikeras.wrappers  # noqa: E402
import tensorflow as tf  # noqa: E402
from sklearn.base import clone, is_classifier  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.ensemble import VotingClassifier  # noqa: E402
from sklearn.model_selection import check_cv, cross_val_score  # noqa: E402
from sklearn.utils import estimator_checks  # noqa: E402
from tensorflow.python.framework import config  # noqa: E402

warnings.simplefilter("ignore")
X = np.random.default_rng(0).normal(size=(12, 3))
SIDES = np.arange(12) % 2
SEQUENCES = X[:, :, None]


def net(*layers, n_inputs=(3,)):
    return keras.Sequential([keras.Input(n_inputs), *layers])


def two_classes():
    return net(keras.layers.Dense(1, activation="sigmoid"))


def classifier(**params):
    return scikeras.wrappers.KerasClassifier(
        two_classes, loss="binary_crossentropy", verbose=0, **params
    )


def recurrent(**options):
    return scikeras.wrappers.KerasRegressor(
        lambda: net(
            keras.layers.LSTM(2, **options),
            keras.layers.Dense(1),
            n_inputs=(None, 1),
        ),
        loss="mse",
        verbose=0,
    )


class Subclass(scikeras.wrappers.BaseWrapper):
    """A wrapper that declares its parameters, as scikit-learn asks."""

    def __init__(self, *, units=3):
        self.units = units


class Watch(keras.callbacks.Callback):
    seen: ClassVar = []

    def on_epoch_end(self, *_):
        self.seen.append(config.is_op_determinism_enabled())


def op_determinism():
    """While and after a seeded fit.

    TensorFlow settles the switch when it is first asked for it: asked here before the
    fit, it would be switched off again.
    """
    classifier(random_state=0, callbacks=[Watch()]).fit(X, SIDES)
    return [*Watch.seen, config.is_op_determinism_enabled()]


def global_random_numbers():
    """TensorFlow's, two in a row, and two with a seeded fit between them."""
    tf.random.set_seed(5)
    alone = [float(tf.random.uniform(())) for _ in range(2)]
    tf.random.set_seed(5)
    first = float(tf.random.uniform(()))
    classifier(random_state=0).fit(X, SIDES)
    return [*alone, first, float(tf.random.uniform(()))]


def stray_attribute():
    estimator = Subclass()
    estimator.note = 1
    return estimator.get_params()


def routed_clone():
    return clone(Subclass().set_params(optimizer__momentum=0.5)).get_params()


def misspelt():
    return (
        classifier()
        .set_params(optimizer__momentun=0.5)
        .get_params()["optimizer__momentun"]
    )


def lengths():
    fitted = recurrent().fit(SEQUENCES, X.sum(axis=1))
    return fitted.predict(SEQUENCES[:, :2]).shape


def voting():
    members = [("a", classifier()), ("b", classifier())]
    fitted = VotingClassifier(members, voting="soft").fit(X, SIDES)
    return fitted.predict_proba(X).shape


PROBES = {
    "import_changes_pickling": lambda: keras.Model.__reduce__ is not PICKLING,
    "is_classifier": lambda: is_classifier(classifier()),
    "folds": lambda: (
        type(check_cv(3, SIDES, classifier=is_classifier(classifier()))).__name__
    ),
    "tags": lambda: estimator_checks.check_estimator_tags_renamed(
        "Subclass", Subclass()
    ),
    "stray_attribute": stray_attribute,
    "routed_clone": routed_clone,
    "misspelt": misspelt,
    "repr": lambda: repr(Subclass()),
    "op_determinism": op_determinism,
    "global_random_numbers": global_random_numbers,
    "targets_of_three_dimensions": lambda: (
        recurrent(return_sequences=True)
        .fit(SEQUENCES, SEQUENCES)
        .score(SEQUENCES, SEQUENCES)
    ),
    "lengths": lengths,
    "roc_auc": lambda: cross_val_score(
        classifier(), X, SIDES, cv=3, scoring="roc_auc"
    ).tolist(),
    "voting": voting,
    "calibration": lambda: (
        CalibratedClassifierCV(classifier(), cv=2).fit(X, SIDES).predict_proba(X).shape
    ),
}


def outcome(probe):
    try:
        return probe()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    assert "skseq" not in sys.modules
    print(json.dumps({name: outcome(probe) for name, probe in PROBES.items()}))
