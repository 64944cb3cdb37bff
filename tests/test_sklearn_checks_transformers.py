"""scikit-learn's own checks on every public transformer."""

import inspect
import warnings
from functools import partial

import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import StandardScaler
from sklearn.utils._testing import SkipTest
from sklearn.utils.estimator_checks import (
    check_set_output_transform,
    estimator_checks_generator,
)

from skseq import preprocessing
from skseq.preprocessing import (
    ForwardFiller,
    LagFramer,
    OneHotSequence,
    PerStep,
    SeasonalDifference,
    StepsAsFeatures,
    StepsFromLags,
    SupervisedWindower,
)

# Constructed with public parameters, the same for all checks.
TRANSFORMERS = [
    OneHotSequence(),
    LagFramer(),
    SupervisedWindower(),
    SeasonalDifference(),
    StepsAsFeatures(),
    StepsFromLags(),
    ForwardFiller(),
    PerStep(StandardScaler()),
]

# A transformer that cuts rows into windows has more rows than it was given. These
# checks ask for as many; everything else in them is asked of `ONE_WINDOW_PER_ROW`.
ROW_COUNT = "SupervisedWindower gives a row per window, not per sequence"
EXEMPT = {
    ("SupervisedWindower", "check_transformer_data_not_an_array"): ROW_COUNT,
    ("SupervisedWindower", "check_transformer_general"): ROW_COUNT,
    ("SupervisedWindower", "check_methods_sample_order_invariance"): ROW_COUNT,
}
# A step longer than any table of the checks leaves the first window of each row.
ONE_WINDOW_PER_ROW = SupervisedWindower(target="echo", step=1000)

# What scikit-learn's own MLPClassifier skips as well.
SKIPPED = {"check_array_api_input": "runs with SCIPY_ARRAY_API=1 only"}


def name_of(check):
    return check.func.__name__ if isinstance(check, partial) else check.__name__


def checks_of(estimators):
    return [
        pytest.param(instance, check, id=f"{type(instance).__name__}-{name_of(check)}")
        for estimator in estimators
        for instance, check in estimator_checks_generator(estimator)
    ]


def run(estimator, check):
    """Run a check; skips are failures, unless they are in the table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check(estimator)
        except SkipTest:
            assert name_of(check) in SKIPPED


@pytest.mark.parametrize(("transformer", "check"), checks_of(TRANSFORMERS))
def test_check(transformer, check):
    if (type(transformer).__name__, name_of(check)) in EXEMPT:
        # An exemption that is needed no more must go.
        with pytest.raises(AssertionError):
            run(transformer, check)
    else:
        run(transformer, check)


@pytest.mark.parametrize(("transformer", "check"), checks_of([ONE_WINDOW_PER_ROW]))
def test_windower_of_one_window_per_row_needs_no_exemption(transformer, check):
    run(transformer, check)


@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=lambda t: type(t).__name__)
def test_enough_checks_are_run(transformer):
    # 46 or 47 under scikit-learn 1.9; far fewer would mean that tags hide something.
    assert len(list(estimator_checks_generator(transformer))) >= 44


@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=lambda t: type(t).__name__)
def test_asking_for_the_default_output_changes_nothing(transformer):
    check_set_output_transform(type(transformer).__name__, transformer)


def test_no_public_transformer_escapes():
    public = {
        name
        for name in preprocessing.__all__
        if inspect.isclass(getattr(preprocessing, name))
        and issubclass(getattr(preprocessing, name), BaseEstimator)
    }
    assert public == {type(transformer).__name__ for transformer in TRANSFORMERS}
