"""Importing skseq costs little, and its public names are what they say."""

import subprocess
import sys

import pytest
from sklearn.base import is_classifier, is_regressor
from sklearn.utils import get_tags

import skseq

LIGHT = [
    "skseq",
    "skseq.baselines",
    "skseq.datasets",
    "skseq.estimators",
    "skseq.exceptions",
    "skseq.metrics",
    "skseq.persistence",
    "skseq.plotting",
    "skseq.preprocessing",
    "skseq.programs_on_disk",
]
ESTIMATORS = [
    "EncoderDecoderEcho",
    "Seq2SeqEcho",
    "StatefulLSTMClassifier",
    "StatefulLSTMRegressor",
]


def run(code):
    """Run code in a fresh interpreter and return what it prints."""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_light_modules_import_neither_tensorflow_nor_keras():
    imports = "\n".join(f"import {name}" for name in LIGHT)
    heavy = run(
        f"{imports}\nimport sys\n"
        "print(sorted({'tensorflow', 'keras', 'scikeras'} & set(sys.modules)))"
    )
    assert heavy == "[]"


def test_import_skseq_alone_imports_nothing_else():
    found = run(
        "import skseq, sys\n"
        "print({'numpy', 'sklearn', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    assert found == "set()"


@pytest.mark.slow
def test_an_estimator_brings_tensorflow():
    """So the test above could fail."""
    found = run(
        "import sys\nfrom skseq import Seq2SeqEcho\nprint('tensorflow' in sys.modules)"
    )
    assert found == "True"


@pytest.mark.parametrize("name", skseq.__all__)
def test_public_names_resolve(name):
    item = getattr(skseq, name)
    assert item.__name__.removeprefix("skseq.") == name
    assert name in dir(skseq)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(
        AttributeError, match=r"^module 'skseq' has no attribute 'LSTM'$"
    ):
        skseq.LSTM  # noqa: B018


def test_version_is_that_of_the_installed_package():
    from importlib.metadata import version

    assert skseq.__version__ == version("skseq")


@pytest.mark.parametrize("name", ESTIMATORS)
def test_kinds_are_told_apart(name):
    """Without a mixin to the left of the base, both would silently be False."""
    estimator = getattr(skseq, name)()
    assert is_regressor(estimator) == (name == "StatefulLSTMRegressor")
    assert is_classifier(estimator) == (name != "StatefulLSTMRegressor")


@pytest.mark.parametrize("name", ESTIMATORS)
def test_tags_say_what_is_taken(name):
    tags = get_tags(getattr(skseq, name)())
    assert tags.input_tags.three_d_array
    assert tags.input_tags.two_d_array
    assert tags.target_tags.multi_output
    assert tags.target_tags.required == (not name.endswith("Echo"))
    assert not tags.input_tags.allow_nan
    assert not tags.non_deterministic
    padded = getattr(skseq, name)(mask_value=float("nan"))
    assert get_tags(padded).input_tags.allow_nan


@pytest.mark.parametrize("name", ESTIMATORS)
def test_parameters_are_keywords_only(name):
    with pytest.raises(TypeError, match="positional"):
        getattr(skseq, name)(20)
