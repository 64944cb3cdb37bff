"""scikit-learn's own checks on every public estimator: none fails, none is excused."""

import ast
import importlib
import inspect
import pkgutil
import warnings
from functools import partial
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator, is_regressor
from sklearn.neural_network import MLPClassifier
from sklearn.utils._testing import SkipTest
from sklearn.utils.estimator_checks import estimator_checks_generator

import skseq
from skseq import (
    EncoderDecoderEcho,
    EncoderDecoderRegressor,
    RecurrentClassifier,
    RecurrentRegressor,
    Seq2SeqEcho,
    StatefulLSTMClassifier,
    StatefulLSTMRegressor,
)

# Constructed with public parameters, the same for all checks: weights equal to
# repeated rows to 1e-7 ask for one batch and double precision.
SETTINGS = {
    "units": 8,
    "epochs": 60,
    "batch_size": None,
    "learning_rate": 0.05,
    "dtype": "float64",
    "random_state": 0,
}
ESTIMATORS = [
    estimator(**SETTINGS)
    for estimator in (StatefulLSTMClassifier, StatefulLSTMRegressor, Seq2SeqEcho)
]
# They read data as the classes above do, and train other networks on them: a decoder,
# or another cell.
OTHER_NETWORKS = [
    EncoderDecoderEcho(**SETTINGS),
    EncoderDecoderRegressor(**SETTINGS),
    RecurrentClassifier(**SETTINGS, cell="gru"),
    RecurrentRegressor(**SETTINGS, cell="rnn"),
]
# 60 to 64 under scikit-learn 1.9. Far fewer would mean that tags hide most of what is
# to be checked: a green run over one check proves nothing.
LEAST_CHECKS = 50
SKIPPED = {"check_array_api_input": "runs with SCIPY_ARRAY_API=1 only"}


def name_of(check):
    return check.func.__name__ if isinstance(check, partial) else check.__name__


def checks_of(estimators):
    """Check by check, so that what runs together shares compiled programs."""
    checks = [
        (name_of(check), instance, check)
        for estimator in estimators
        for instance, check in estimator_checks_generator(estimator)
    ]
    return [
        pytest.param(instance, check, id=f"{name}-{type(instance).__name__}")
        for name, instance, check in sorted(checks, key=lambda found: found[0])
    ]


def every_day(estimator, check):
    """All checks of the classifiers, which share programs; the regressor reads data as
    they do, so of it those that are about regressors, or about what targets mean."""
    parts = ("regressor", "sample_weight_equivalence", "_y_")
    return not is_regressor(estimator) or any(p in name_of(check) for p in parts)


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(
            *found.values,
            id=found.id,
            marks=() if every_day(*found.values) else pytest.mark.slow,
        )
        for found in checks_of(ESTIMATORS)
    ],
)
def test_check(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check(estimator)
        except SkipTest:
            assert name_of(check) in SKIPPED


@pytest.mark.slow
@pytest.mark.parametrize(("estimator", "check"), checks_of(OTHER_NETWORKS))
def test_check_of_another_network(estimator, check):
    test_check(estimator, check)


@pytest.mark.parametrize("check", SKIPPED)
def test_what_is_skipped_is_skipped_for_scikit_learns_own_network_too(check):
    checks = {
        name_of(c): (e, c) for e, c in estimator_checks_generator(MLPClassifier())
    }
    if check not in checks:
        pytest.skip(f"this scikit-learn has no {check}")
    estimator, run = checks[check]
    with pytest.raises(SkipTest):
        run(estimator)


@pytest.mark.parametrize(
    "estimator", [*ESTIMATORS, *OTHER_NETWORKS], ids=lambda e: type(e).__name__
)
def test_enough_checks_are_run(estimator, capsys):
    names = [name_of(check) for _, check in estimator_checks_generator(estimator)]
    with capsys.disabled():
        print(f"\n{type(estimator).__name__}: {len(names)} checks of scikit-learn")
    assert len(names) >= LEAST_CHECKS


def public_modules():
    for module in pkgutil.walk_packages(skseq.__path__, "skseq."):
        if "._" not in module.name:
            yield importlib.import_module(module.name)


def public_estimators():
    """All estimators and transformers that a public module shows."""
    shown = [
        getattr(module, name)
        for module in [skseq, *public_modules()]
        for name in getattr(module, "__all__", dir(module))
    ]
    return {
        item
        for item in shown
        if inspect.isclass(item)
        and issubclass(item, BaseEstimator)
        and item.__module__.startswith("skseq.")
        and not item.__name__.startswith("_")
    }


def handed_to_checks(path):
    """Names of what a test file constructs for scikit-learn's checks: in the call of
    ``parametrize_with_checks``, or in the list that ``checks_of`` is called with."""
    tree = ast.parse(path.read_text())
    lists = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    handed = [
        lists.get(getattr(argument, "id", None), argument)
        for call in _calls(tree)
        if call.func.id in ("parametrize_with_checks", "checks_of")
        for argument in call.args
    ]
    return {call.func.id for argument in handed for call in _calls(argument)}


def _calls(tree):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def test_no_public_class_escapes():
    """Transformers and baselines are checked beside the tests of what they do."""
    checked = {type(estimator) for estimator in [*ESTIMATORS, *OTHER_NETWORKS]}
    tests = Path(__file__).parents[1]
    elsewhere = set().union(*(handed_to_checks(path) for path in tests.glob("*.py")))
    escaped = {
        item.__name__
        for item in public_estimators() - checked
        if item.__name__ not in elsewhere
    }
    assert public_estimators() >= checked
    assert len(public_estimators()) >= 10
    assert not escaped, "hold them to scikit-learn's checks"
