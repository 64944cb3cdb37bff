"""Importing skseq costs little, and its public names are what they say."""

import pickle
import pkgutil
import re
import subprocess
import sys
from statistics import median

import numpy as np
import pytest
from sklearn.base import is_classifier, is_regressor
from sklearn.utils import get_tags

import skseq

ESTIMATORS = [
    "EncoderDecoderEcho",
    "EncoderDecoderRegressor",
    "Seq2SeqEcho",
    "StatefulLSTMClassifier",
    "StatefulLSTMRegressor",
]


# What only a fit imports.
HEAVY = (
    "skseq.networks.compiled",
    "skseq.networks.first_weights",
    "skseq.networks.gru.walk",
    "skseq.networks.keras_models",
    "skseq.networks.loops",
    "skseq.networks.lstm.walk",
    "skseq.networks.rnn.walk",
    "skseq.training.keras_wrapper",
    "skseq.training.losses",
    "skseq.training.programs",
    "skseq.training.rates",
    "skseq.training.tracing",
    "skseq.training.trainer",
    "skseq.training.update_rules",
    "skseq.training.updates",
    "skseq.training.watchers",
)
# What is done without TensorFlow. `fitted` are estimators from a pickle, `X` is for
# them, and `TINY` are estimators as they are constructed.
ACTIONS = {
    "import": "import skseq\nfor name in skseq.__all__: getattr(skseq, name)",
    "construct": "for estimator in TINY: estimator(units=3, dtype='float64')",
    "clone": "for estimator in TINY: clone(estimator(units=3))",
    "parameters": """
for estimator in TINY:
    twin = estimator().set_params(units=3, optimizer__beta_1=0.5)
    assert twin.get_params()["optimizer__beta_1"] == 0.5
""",
    "show": """
for estimator in TINY:
    assert "units" in repr(estimator(units=3))
    assert "units" in estimator(units=3)._repr_html_()
for estimator in fitted.values():
    assert "loss_curve_" in estimator._repr_html_()
    assert {"loss_curve_", "predict"} <= set(dir(estimator))
""",
    "compose": """
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

pipeline = make_pipeline(MinMaxScaler(), skseq.LagFramer(n_lags=2), TINY[1]())
search = GridSearchCV(pipeline, {"statefullstmregressor__units": [2, 3]})
clone(search).get_params()
search._repr_html_()
""",
    "pickle": """
for estimator in (TINY[0](units=3), *fitted.values()):
    pickle.loads(pickle.dumps(estimator))
""",
    "predict": "for estimator in fitted.values(): estimator.predict(X)",
    "predict_proba": "fitted['classifier'].predict_proba(X)",
    "score": """
fitted["classifier"].score(X, fitted["classifier"].predict(X))
fitted["regressor"].score(X, fitted["regressor"].predict(X))
""",
    "stream": """
for estimator in fitted.values():
    stream = estimator.stream(2)
    stream.step(X[:2, 0])
    stream.copy().state = stream.state
    stream.reset()
""",
    "generate": "fitted['regressor'].generate(X[0], 3)",
    "what was learnt": """
for estimator in fitted.values():
    assert estimator.n_iter_ == 2 == len(estimator.loss_curve_)
    assert len(estimator.weights_) == 5
""",
    "plot": """
import matplotlib
matplotlib.use("agg")
from skseq import displays
displays.LossCurveDisplay.from_estimator(fitted)
displays.PredictionDisplay.from_estimator(fitted["regressor"], X, y)
for estimator in fitted.values():
    displays.MemoryDisplay.from_estimator(estimator, X)
    displays.InfluenceDisplay.from_estimator(estimator, X)
""",
    "read data": """
from skseq import datasets
datasets.load_milk_production()
datasets.make_echo(5, random_state=0)
""",
    "evaluate": """
from skseq import baselines, metrics
from skseq.experiments import evaluate, tables, verify
metrics.sequence_accuracy(y, fitted["regressor"].predict(X))
baselines.PersistenceForecaster()
""",
}
PRELUDE = """
import pickle
import sys
from pathlib import Path
import numpy as np
from sklearn.base import clone
import skseq

TINY = [
    skseq.StatefulLSTMClassifier,
    skseq.StatefulLSTMRegressor,
    skseq.Seq2SeqEcho,
    skseq.EncoderDecoderEcho,
    skseq.EncoderDecoderRegressor,
]
fitted, X, y = pickle.loads(Path(sys.argv[1]).read_bytes())
"""
# Modules that stand for the three libraries.
FOUND = "sorted({'tensorflow', 'keras', 'scikeras'} & set(sys.modules))"


def run(code, *arguments):
    """Run code in a fresh interpreter and return what it prints."""
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.fixture(scope="session")
def fitted(tmp_path_factory):
    """A pickle of fitted estimators, with data for them."""
    X = np.random.default_rng(0).normal(size=(8, 4, 1))
    y = X.sum(axis=1).ravel()
    # The programs of bad_input.
    small = {"units": 3, "epochs": 2, "batch_size": 4, "random_state": 0}
    estimators = {
        "classifier": skseq.StatefulLSTMClassifier(**small).fit(X, y > 0),
        "regressor": skseq.StatefulLSTMRegressor(**small).fit(X, y),
    }
    path = tmp_path_factory.mktemp("fitted") / "estimators.pickle"
    path.write_bytes(pickle.dumps((estimators, X, y)))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("action", ACTIONS)
def test_no_library_that_trains_is_imported_to(action, fitted):
    """By an action that nothing was imported before."""
    assert run(f"{PRELUDE}\n{ACTIONS[action]}\nprint({FOUND})", fitted) == "[]"


def test_no_library_that_trains_is_imported_to_do_all_that(fitted):
    """Told by the first action that imports one."""
    asked = "\n".join(
        f"{code}\nassert not {FOUND}, {action!r}" for action, code in ACTIONS.items()
    )
    assert run(f"{PRELUDE}\n{asked}\nprint({FOUND})", fitted) == "[]"


def test_all_of_it_goes_on_where_no_such_library_can_be_imported(fitted):
    refuse = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"tensorflow", "keras", "scikeras"}:
            raise ImportError(f"{name} is not to be imported here")

sys.meta_path.insert(0, Refuse())
"""
    actions = "\n".join(ACTIONS.values())
    training = """
try:
    TINY[0]().fit(X, y > 0)
except ImportError as error:
    print(error)
"""
    # So that the finder is known to have been asked.
    said = run(f"{refuse}{PRELUDE}\n{actions}\n{training}", fitted)
    assert re.fullmatch(r"(tensorflow|keras|scikeras) is not to be imported here", said)


def test_all_modules_but_those_that_train_come_without_it():
    names = [module.name for module in pkgutil.walk_packages(skseq.__path__, "skseq.")]
    assert set(HEAVY) <= set(names)
    light = [name for name in names if name not in HEAVY]
    imports = "\n".join(f"import {name}" for name in light)
    assert run(f"import sys\n{imports}\nprint({FOUND})") == "[]"


def test_import_skseq_alone_imports_nothing_else():
    found = run(
        "import skseq, sys\n"
        "print({'numpy', 'sklearn', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    assert found == "set()"


@pytest.mark.slow
def test_a_fit_imports_tensorflow(fitted):
    """So the tests above could fail."""
    fit = "TINY[0](units=2, epochs=1).fit(X, y > 0)"
    found = run(f"{PRELUDE}\n{fit}\nprint({FOUND})", fitted)
    assert found == "['keras', 'tensorflow']"


@pytest.mark.slow
def test_an_estimator_is_imported_about_as_fast_as_scikit_learns():
    seconds = {
        "from skseq import StatefulLSTMClassifier": [],
        "from sklearn.neural_network import MLPClassifier": [],
    }
    for _ in range(9):
        for statement, taken in seconds.items():
            code = (
                "from time import perf_counter\nbegun = perf_counter()\n"
                f"{statement}\nprint(perf_counter() - begun)"
            )
            taken.append(float(run(code)))
    ours, theirs = map(median, seconds.values())
    assert ours <= 1.3 * theirs


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
    assert is_regressor(estimator) == name.endswith("Regressor")
    assert is_classifier(estimator) != name.endswith("Regressor")


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
