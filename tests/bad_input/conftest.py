"""What every refused call is held to.

The message is compared in full; nothing is trained; estimators, files and the
caller's data are as they were.
"""

import copy
import os
import pickle
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import skseq
from skseq.training import trainer

SMALL = {"units": 3, "epochs": 1, "batch_size": 4, "random_state": 0}

X = np.arange(32.0).reshape(8, 4) / 32
X3 = np.arange(64.0).reshape(8, 4, 2) / 64
Y = np.where(X > 0.5, "high", "low")
LABELS = np.array(["no", "yes"] * 4)
NUMBERS = X[:, 0].copy()


@cache
def fitted():
    """Fitted estimators, as bytes, so that each test has its own."""
    classifier = skseq.StatefulLSTMClassifier
    import pandas as pd

    table = pd.DataFrame(X, columns=list("abcd"))
    made = {
        "clf": classifier(**SMALL).fit(X, LABELS),
        "clf3": classifier(**SMALL).fit(X3, LABELS),
        "steps": classifier(**SMALL).fit(X[:, :, None], Y),
        "reg": skseq.StatefulLSTMRegressor(**SMALL).fit(X, NUMBERS),
        "named": classifier(**SMALL).fit(table, LABELS),
        "both": classifier(**SMALL, bidirectional=True).fit(X, LABELS),
        "deep": skseq.RecurrentClassifier(**{**SMALL, "units": [4, 3]}).fit(X, LABELS),
        "gru": skseq.RecurrentClassifier(**SMALL, cell="gru").fit(X, LABELS),
        "attends": skseq.EncoderDecoderEcho(**SMALL, attention=True).fit(
            X[:, :, None], Y
        ),
        "table": table,
    }
    made["wider"] = copy.deepcopy(made["clf"]).set_params(units=5)
    made["double"] = copy.deepcopy(made["clf"]).set_params(dtype="float64")
    return pickle.dumps(made)


def changed(est, **params):
    """A copy that is to go on, with some parameters set after its fit."""
    return copy.deepcopy(est).set_params(warm_start=True, **params)


def data():
    """The caller's data, fresh for each call."""
    return {
        "X": X.copy(),
        "X3": X3.copy(),
        "Y": Y.copy(),
        "y": LABELS.copy(),
        "z": NUMBERS.copy(),
        "groups": np.repeat([0, 1], 4),
    }


class Made:
    """Makes estimators of a class, and remembers them."""

    def __init__(self, kind):
        self._kind, self.all = kind, []

    def __call__(self, *args, **params):
        self.all.append(self._kind(*args, **params))
        return self.all[-1]

    def check(self):
        """Whether none of them has anything but parameters."""
        for est in self.all:
            parameters = set(est.get_params(deep=False))
            learned = set(vars(est)) - parameters
            assert not {name for name in learned if "optimizer__" not in name}


class File:
    """Writes a file of some content, and remembers it."""

    def __init__(self):
        self.content = None

    def __call__(self, content):
        self.content = content if isinstance(content, bytes) else content.encode()
        Path("given.csv").write_bytes(self.content)
        return "given.csv"

    def check(self):
        """Whether the file is as it was written."""
        if self.content is not None:
            assert Path("given.csv").read_bytes() == self.content


def said(error):
    """The message, with what differs between runs and versions left out."""
    text = str(error)
    # scikit-learn lists choices as a set, in an order that changes.
    text = re.sub(
        r"\{('[^{}]+')\}",
        lambda found: "{" + ", ".join(sorted(found[1].split(", "))) + "}",
        text,
    )
    # Its general advice on missing values has a page's links in it.
    text = re.sub(r"\n\w+ does not accept missing values.*", "", text, flags=re.DOTALL)
    # Python 3.13 says what may have been meant.
    text = re.sub(r"(keyword argument '\w+')\. Did you mean '\w+'\?$", r"\1", text)
    # Names of temporary files are drawn.
    text = re.sub(r"(directory: '\w+/)\.\w+\.\w+\.skops", r"\1…", text)
    return re.sub(r"this machine has \S+ GB", "this machine has … GB", text)


def is_code(value):
    return callable(value) or isinstance(value, ModuleType)


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """Assert that a call is refused with an error, and changes nothing."""
    monkeypatch.chdir(tmp_path)

    def work(*args, **kwargs):
        raise AssertionError("training started")

    def check(call, error, message, **namespace):
        made = [v for v in namespace.values() if isinstance(v, (Made, File))]
        kept = {k: v for k, v in namespace.items() if not is_code(v)}
        before = {name: pickle.dumps(value) for name, value in kept.items()}
        monkeypatch.setattr(trainer, "train", work)
        with pytest.raises(error) as caught:
            eval(call, {"np": np, **namespace})
        assert said(caught.value) == message
        assert {name: pickle.dumps(value) for name, value in kept.items()} == before
        assert set(os.listdir()) <= {"given.csv"}
        for kind in made:
            kind.check()

    return check
