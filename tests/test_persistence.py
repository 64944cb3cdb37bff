"""Models are data: what is saved comes back whole, and a file is never run."""

import dataclasses
import hashlib
import importlib
import inspect
import io
import json
import os
import pickle
import pkgutil
import signal
import subprocess
import sys
import time
import zipfile

import joblib
import numpy as np
import pytest
import scipy.special
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder
from sklearn.tree import DecisionTreeClassifier
from skops.io._audit import NODE_TYPE_MAPPING

import skseq
from skseq.baselines import CorrectedForecaster, PersistenceForecaster

RNG = np.random.default_rng(0)
X = RNG.random((8, 4)).astype(np.float32)
GAPS = np.where(X > 0.9, np.nan, X)
LABELS = np.array(["no", "yes"] * 4)
PER_STEP = np.where(X > 0.5, "high", "low")
SMALL = {"units": 3, "epochs": 2, "batch_size": 4, "random_state": 0}
QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CLASSIFIER = skseq.StatefulLSTMClassifier
REGRESSOR = skseq.StatefulLSTMRegressor


def saved(model, folder):
    skseq.save(model, folder / "model.skseq")
    return (folder / "model.skseq").read_bytes()


def round_trip(model, folder):
    """Save, load, and see that the twin gives the same bytes."""
    data = saved(model, folder)
    twin = skseq.load(folder / "model.skseq")
    assert saved(twin, folder) == data
    assert os.listdir(folder) == ["model.skseq"]
    return twin


def same_values(a, b):
    """Whether two values are equal to the bit and of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ma.MaskedArray):
        return same_values([a.data, a.mask], [b.data, b.mask])
    if isinstance(a, np.ndarray) and a.dtype == object:
        return a.shape == b.shape and same_values([*a.ravel()], [*b.ravel()])
    if isinstance(a, (np.ndarray, np.generic, float)):
        a, b = np.asarray(a), np.asarray(b)
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.random.RandomState):
        return same_values(a.get_state(), b.get_state())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same_values, a, b))
    if isinstance(a, dict):
        return same_values(list(a.items()), list(b.items()))
    if isinstance(a, BaseEstimator) or dataclasses.is_dataclass(a):
        return same_values(sorted(vars(a).items()), sorted(vars(b).items()))
    return repr(a) == repr(b) if type(a).__name__ == "MetadataRequest" else a == b


# ---- round trips -----------------------------------------------------------------

# Each keeps something of another kind: labels, routed options, slots, random states,
# masks, groups of states.
FITTED = {
    "labels": (lambda: CLASSIFIER(**SMALL), X, LABELS),
    "one per step, seeds of a generator": (
        lambda: CLASSIFIER(**{**SMALL, "random_state": np.random.RandomState(5)}),
        X,
        PER_STEP,
    ),
    "sgd with momentum, early stopping": (
        lambda: CLASSIFIER(
            **SMALL, early_stopping=True, validation_fraction=0.5, optimizer="sgd"
        ).set_params(optimizer__momentum=0.9, optimizer__nesterov=True),
        X,
        LABELS,
    ),
    "numbers in double precision": (
        lambda: REGRESSOR(**SMALL, optimizer="rmsprop", dtype="float64"),
        X.astype(float),
        X[:, 0].astype(float),
    ),
    "padding and weights of classes": (
        lambda: CLASSIFIER(
            **SMALL, mask_value=np.nan, class_weight={"no": 1.0, "yes": np.float32(2)}
        ),
        GAPS,
        LABELS,
    ),
    "objects": (lambda: CLASSIFIER(**SMALL), X, LABELS.astype(object)),
    "encoder and decoder": (
        lambda: skseq.EncoderDecoderEcho(**SMALL),
        X[:, :, None],
        PER_STEP[:, :2],
    ),
    "in a pipeline": (
        lambda: make_pipeline(SimpleImputer(), MinMaxScaler(), CLASSIFIER(**SMALL)),
        GAPS,
        LABELS,
    ),
}


@pytest.mark.parametrize(("make", "X", "y"), FITTED.values(), ids=FITTED)
def test_a_fitted_estimator_comes_back_and_goes_on_bit_for_bit(make, X, y, tmp_path):
    est = make().fit(X, y)
    twin = round_trip(est, tmp_path)
    assert same_values(est, twin)
    assert same_values(est.predict(X), twin.predict(X))
    if hasattr(est, "steps"):  # a pipeline goes on by its parts
        rows = est[:-1].transform(X)
        est, twin, X = est[-1], twin[-1], rows
    for model in (est, twin):
        model.partial_fit(X, y)
    assert same_values(est, twin)


SCALED = ColumnTransformer(
    [
        ("scaled", MinMaxScaler(), [0, 1]),
        ("filled", SimpleImputer(add_indicator=True), [0, 3]),
        ("kept", "passthrough", slice(2, 4)),
    ],
    remainder=OneHotEncoder(dtype=np.float32, handle_unknown="ignore"),
)
# Labels of classes, numbers, and what GridSearchCV keeps of each.
GRID = [{"C": [0.1, 1.0]}, {"class_weight": ["balanced", {"no": 1, "yes": 2}]}]
FOLDS = StratifiedKFold(2, shuffle=True, random_state=np.random.RandomState(0))
COMPOSED = {
    "columns": make_pipeline(SimpleImputer(), SCALED, LogisticRegression()),
    "masked results of a search": GridSearchCV(LogisticRegression(), GRID, cv=FOLDS),
    "a search by several scores": GridSearchCV(
        make_pipeline(MinMaxScaler(), LogisticRegression()),
        {"logisticregression__C": [0.1, 1.0]},
        scoring=["accuracy", "neg_log_loss"],
        refit="accuracy",
        cv=2,
    ),
    "a search over networks": GridSearchCV(
        CLASSIFIER(**SMALL), {"units": [2, 3]}, scoring="accuracy", cv=2
    ),
    "a target of another scale": TransformedTargetRegressor(
        REGRESSOR(**SMALL), transformer=MinMaxScaler()
    ),
    "a target by a function": TransformedTargetRegressor(
        make_pipeline(FunctionTransformer(np.sqrt), Ridge()),
        func=np.log1p,
        inverse_func=np.expm1,
    ),
    "a function of scipy": make_pipeline(
        FunctionTransformer(scipy.special.expit), Ridge()
    ),
    "a rule and what it gets wrong": CorrectedForecaster(
        PersistenceForecaster(), REGRESSOR(**SMALL)
    ),
}


@pytest.mark.parametrize("model", COMPOSED.values(), ids=COMPOSED)
def test_what_scikit_learn_keeps_predicts_the_same_bits(model, tmp_path):
    classifies = hasattr(model, "classes_") or hasattr(type(model), "predict_proba")
    y = LABELS if classifies and "Regressor" not in repr(model) else X[:, 0]
    y = X[:, 0] if "Ridge" in repr(model) else y
    model.fit(X, y)
    twin = round_trip(model, tmp_path)
    assert same_values(model.predict(X), twin.predict(X))
    if hasattr(model, "cv_results_"):
        assert same_values(model.cv_results_, twin.cv_results_)


def public_classes():
    """All estimators and transformers of the package that are nobody's base alone."""
    for info in pkgutil.walk_packages(skseq.__path__, "skseq."):
        module = importlib.import_module(info.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            ours = kind.__module__ == module.__name__ and issubclass(
                kind, BaseEstimator
            )
            if ours and not name.startswith("_") and "Base" not in name:
                yield kind


PUBLIC = {
    kind.__name__: kind for kind in public_classes() if "Wrapper" not in str(kind)
}
MADE = {
    "CorrectedForecaster": lambda: CorrectedForecaster(
        PersistenceForecaster(), Ridge(alpha=2.0)
    ),
    "OneHotSequence": lambda: skseq.OneHotSequence(padding=0),
    "SeasonalChangeForecaster": lambda: PUBLIC["SeasonalChangeForecaster"](period=2),
    "SeasonalForecaster": lambda: PUBLIC["SeasonalForecaster"](period=2),
    "SupervisedWindower": lambda: skseq.SupervisedWindower(2, fill_value="pad"),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_can_be_saved(name, tmp_path):
    assert "SeasonalDifference" in PUBLIC
    assert "Seq2SeqEcho" in PUBLIC
    model = MADE[name]() if name in MADE else PUBLIC[name]()
    assert same_values(model, round_trip(model, tmp_path))
    if hasattr(model, "epochs"):
        model.set_params(**SMALL)
    rows = (X > 0.5).astype(int) if "Echo" in name or "OneHot" in name else X
    model.fit(rows, rows if "Echo" in name else LABELS if "Class" in name else X[:, 0])
    twin = round_trip(model, tmp_path)
    assert same_values(model, twin)
    use = "predict" if hasattr(model, "predict") else "transform"
    assert same_values(getattr(model, use)(rows), getattr(twin, use)(rows))


PARAMS = {
    "units": st.integers(1, 8192) | st.builds(np.int64, st.integers(1, 99)),
    "epochs": st.integers(1, 2**70),
    "optimizer": st.sampled_from(["adam", "sgd", "rmsprop"]),
    "learning_rate": st.floats(1e-300, 1e300) | st.builds(np.float32, st.just(0.1)),
    "mask_value": st.sampled_from([None, np.nan, -1, -0.0, np.float32(0)]),
    "class_weight": st.none()
    | st.just("balanced")
    | st.dictionaries(st.integers() | st.text(), st.floats(0, 9)),
    "callbacks": st.sampled_from([None, [], ()]),
    "random_state": st.none()
    | st.integers(0, 2**32 - 1)
    | st.builds(np.random.RandomState, st.integers(0, 9)),
}
ROUTED = {
    "adam": {"optimizer__beta_1": 0.5},
    "sgd": {"optimizer__momentum": 0.5, "optimizer__nesterov": True},
    "rmsprop": {"optimizer__rho": 0.5},
}


@QUICK
@given(params=st.fixed_dictionaries({}, optional=PARAMS), routed=st.booleans())
def test_any_parameters_come_back(params, routed, tmp_path):
    est = skseq.EncoderDecoderEcho(**params)
    if routed:
        est.set_params(**ROUTED[est.optimizer])
    weights = est.class_weight or {}
    if not isinstance(weights, str) and len({*map(str, weights)}) < len(weights):
        return  # JSON's keys 1 and "1" are one; refused, see below
    assert same_values(est, round_trip(est, tmp_path))


@dataclasses.dataclass(frozen=True)
class Record:
    """What a fit might leave; stands in for the package's own, see `in_package`."""

    content: tuple
    order: np.random.RandomState
    inner: "Record | None" = None


@pytest.fixture
def in_package(monkeypatch):
    """Make the record one of the package."""
    monkeypatch.setattr("skseq.metrics.Record", Record, raising=False)
    monkeypatch.setattr(Record, "__module__", "skseq.metrics")


def as_objects(items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from([np.float32, int, bool, np.dtype("<f4"), np.dtype("U3")])
    | arrays(
        st.sampled_from(["?", "i1", ">i4", "u8", "f4", ">f8", "c16", "U3", "M8[D]"]),
        st.lists(st.integers(0, 3), max_size=3).map(tuple),
    )
    | st.builds(np.float32, st.floats(width=32))
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.integers() | st.text(alphabet="ab"), inner, max_size=3)
        | st.lists(inner, max_size=3).map(as_objects)
    ),
    max_leaves=8,
)


@QUICK
@given(value=VALUES, drawn=st.integers(0, 3))
def test_records_of_any_values_come_back(value, drawn, in_package, tmp_path):
    order = np.random.RandomState(drawn)
    order.normal(size=drawn)  # which keeps the second of two
    model = skseq.LagFramer(
        fill_value=Record((value, [value]), order, Record((), order))
    )
    twin = round_trip(model, tmp_path)
    assert same_values(model, twin)
    record = twin.fill_value
    assert record.order is record.inner.order
    assert record.order.normal() == order.normal()


def test_requests_for_metadata_come_back(tmp_path):
    import sklearn

    with sklearn.config_context(enable_metadata_routing=True):
        est = (
            CLASSIFIER()
            .set_fit_request(groups=True, sample_weight="w")
            .set_score_request(groups=False)
        )
    twin = round_trip(est, tmp_path)
    assert twin.get_metadata_routing().fit.requests == {
        "groups": True,
        "sample_weight": "w",
    }


def test_the_same_model_gives_the_same_bytes_in_every_process(tmp_path):
    """Whatever was imported before, wherever objects lie, however strings hash."""
    (tmp_path / "first.py").write_text("from numpy import log1p\nimport keras")
    code = """
import sys
if sys.argv[2] == "2":
    import first
import numpy as np, skseq
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
encoder = skseq.OneHotSequence(padding="")
encoder.fit([list("cab"), ["", "d", "a"]])
encoder.names_ = {"é", "a", "b", "c"}
encoder.order_ = np.random.RandomState(0)
skseq.save(make_pipeline(FunctionTransformer(np.log1p), encoder, encoder), sys.argv[1])
"""
    found = set()
    for seed in "12":
        path = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, path, seed]
        subprocess.run(command, check=True, env=environment, cwd=tmp_path)
        found.add(path.read_bytes())
    assert len(found) == 1


def test_pipelines_load_and_predict_without_tensorflow(tmp_path):
    pipeline = make_pipeline(MinMaxScaler(), skseq.LagFramer(2)).fit(X)
    saved(pipeline, tmp_path)
    code = (
        "import skseq, sys; skseq.load(sys.argv[1]).transform([[0.0, 1, 2, 3]]); "
        "assert not {'tensorflow', 'keras', 'scikeras'} & set(sys.modules)"
    )
    path = tmp_path / "model.skseq"
    subprocess.run([sys.executable, "-c", code, path], check=True)


def by_pickle(model, path):
    return pickle.loads(pickle.dumps(model))


def by_joblib(model, path):
    joblib.dump(model, path)
    return joblib.load(path)


def by_skops(model, path):
    """What `save` writes is a file of skops."""
    skseq.save(model, path)
    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


@pytest.mark.parametrize("way", [by_pickle, by_joblib, by_skops])
def test_the_ways_of_others_work(way, tmp_path):
    est = CLASSIFIER(**SMALL).fit(X, LABELS)
    twin = way(est, tmp_path / "model")
    for model in (est, twin):
        model.partial_fit(X, LABELS)
    assert same_values(est, twin)


# ---- what has no place in a file -------------------------------------------------

JOBLIB = (
    " Use joblib for what is not data (joblib.load runs code from the file: open only "
    "files that you trust)."
)
TAKES = "skseq.save takes estimators and transformers of skseq and scikit-learn; got "
NO_PLACE = "skseq.save has no place for this "


class Subclass(skseq.LagFramer):
    """Nobody could load it without its code."""


def cyclic():
    items = []
    items.append(items)
    return items


REFUSED = {
    "a class": (
        lambda: skseq.LagFramer,
        TypeError,
        TAKES + "the class skseq.preprocessing._lags.LagFramer." + JOBLIB,
    ),
    "nothing": (lambda: None, TypeError, TAKES + "builtins.NoneType." + JOBLIB),
    "a subclass": (
        Subclass,
        ValueError,
        f"{NO_PLACE}Subclass: it has {Subclass.__module__}.Subclass, which loading "
        "does not trust." + JOBLIB,
    ),
    "a tree, whose indices nobody checks": (
        lambda: DecisionTreeClassifier().fit(X, LABELS),
        ValueError,
        NO_PLACE + "DecisionTreeClassifier: it has sklearn.tree._tree.Tree in tree_, "
        "which loading does not trust." + JOBLIB,
    ),
    "callbacks": (
        lambda: make_pipeline(CLASSIFIER(callbacks=[print])),
        ValueError,
        NO_PLACE + "Pipeline: it has callbacks. Call "
        "set_params(statefullstmclassifier__callbacks=None) first: callbacks are code.",
    ),
    "a cache": (
        lambda: make_pipeline(skseq.LagFramer(), memory="cache"),
        ValueError,
        NO_PLACE + "Pipeline: it has a cache, from which joblib would run code: set "
        "memory=None." + JOBLIB,
    ),
    "functions among symbols": (
        lambda: skseq.OneHotSequence().fit(np.array([[len, max]], dtype=object)),
        ValueError,
        NO_PLACE + "OneHotSequence: it has builtins.len in categories_, which loading "
        "does not trust." + JOBLIB,
    ),
    "a function of one's own": (
        lambda: make_pipeline(FunctionTransformer(lambda x: x)),
        ValueError,
        f"{NO_PLACE}Pipeline: it has {__name__}.<lambda> in steps.func, which loading "
        "does not trust." + JOBLIB,
    ),
    "another kind of random numbers": (
        lambda: CLASSIFIER(random_state=np.random.RandomState(np.random.PCG64(0))),
        ValueError,
        NO_PLACE + "StatefulLSTMClassifier: it has a random state that is no Mersenne "
        "twister's in random_state." + JOBLIB,
    ),
    "keys that JSON has not": (
        lambda: CLASSIFIER(class_weight={(1,): 1.0}),
        ValueError,
        NO_PLACE + "StatefulLSTMClassifier: TypeError: keys must be str, int, float, "
        "bool or None, not tuple." + JOBLIB,
    ),
    "keys that JSON takes for one": (
        lambda: CLASSIFIER(class_weight={True: 1.0, False: 2.0}),
        ValueError,
        NO_PLACE + "StatefulLSTMClassifier: part of it comes back otherwise than it "
        "was, as keys True and False of a dict do." + JOBLIB,
    ),
    "itself": (
        lambda: skseq.OneHotSequence(categories=cyclic()),
        ValueError,
        NO_PLACE + "OneHotSequence: it is nested too deeply." + JOBLIB,
    ),
}


@pytest.mark.parametrize(("make", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_stored_is_refused(make, error, message, tmp_path):
    path = tmp_path / "model.skseq"
    path.write_bytes(b"old")
    with pytest.raises(error) as caught:
        skseq.save(make(), path)
    assert str(caught.value) == message
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.skseq"]


# ---- whole or not at all ---------------------------------------------------------


@pytest.mark.parametrize("call", ["write_bytes", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_an_interrupted_save_leaves_the_old_file(call, error, tmp_path, monkeypatch):
    before = saved(skseq.LagFramer(1), tmp_path)

    def fail(*args):
        raise error

    monkeypatch.setattr(f"pathlib.Path.{call}", fail)
    with pytest.raises(type(error)):
        skseq.save(skseq.LagFramer(2), tmp_path / "model.skseq")
    monkeypatch.undo()
    assert (tmp_path / "model.skseq").read_bytes() == before
    assert os.listdir(tmp_path) == ["model.skseq"]


def test_a_killed_save_leaves_a_whole_file(tmp_path):
    """Killed while it saves without pause."""
    code = (
        "import itertools, sys, skseq\n"
        "for n in itertools.count(1):\n"
        "    skseq.save(skseq.LagFramer(n), sys.argv[1])\n"
    )
    path = tmp_path / "model.skseq"
    child = subprocess.Popen([sys.executable, "-c", code, path])
    while not path.exists():
        assert child.poll() is None
        time.sleep(0.001)
    time.sleep(0.0107)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert skseq.load(path).n_lags >= 1


@pytest.mark.parametrize(
    "call", [skseq.load, lambda p: skseq.save(skseq.LagFramer(), p)]
)
def test_a_missing_folder_is_named(call, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        call(tmp_path / "nowhere" / "model.skseq")
    assert os.listdir(tmp_path) == []


# ---- damaged and foreign files ---------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a fitted estimator."""
    model = CLASSIFIER(**SMALL).fit(X, LABELS)
    return saved(model, tmp_path_factory.mktemp("whole"))


def refusal(data, folder):
    """What `load` says of a file, without its name."""
    path = folder / "hostile.skseq"
    path.write_bytes(data)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared below)
        skseq.load(path)
    assert type(caught.value) is ValueError
    text = str(caught.value)
    assert text.startswith(f"{str(path)!r} ")
    assert "\n" not in text
    assert len(text) < 800
    return text.removeprefix(f"{str(path)!r} ")


NOT_ONE = "is not a model that skseq.save wrote: "
DAMAGED = "is damaged or was not written by skseq.save: "
RESTORE = ". Restore it from a copy, or fit and save the model again."
CHECKSUM = DAMAGED + "its checksum does not fit its content" + RESTORE
ZIP = NOT_ONE + "it looks like a zip archive, such as Keras and skops write."


def test_of_400_flipped_bytes_none_escapes(whole, tmp_path):
    """At random places, and all through the comment and the end of the archive."""
    places = [*RNG.integers(len(whole) - 100, size=300), *range(-100, 0)]
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= RNG.integers(1, 256)
        place %= len(whole)
        beginning = NOT_ONE + "it is another file." if place < 2 else ZIP
        is_name = place < 4 or 30 <= place < 35
        assert refusal(flipped, tmp_path) == (beginning if is_name else CHECKSUM)


@QUICK
@given(data=st.data())
def test_a_part_of_a_file_or_more_than_it_is_refused(data, whole, tmp_path):
    length = data.draw(st.integers(35, len(whole) - 1))
    assert refusal(whole[:length], tmp_path) == CHECKSUM
    assert refusal(whole + data.draw(st.binary(min_size=1)), tmp_path) == CHECKSUM


class Bomb:
    """Leaves a trace if it is ever unpickled."""

    def __reduce__(self):
        return (os.system, ("touch exploded",))


def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


BEFORE_SKOPS = (
    "is of the format that skseq wrote before it took to skops, and skseq "
    f"{skseq.__version__} does not read it. Fit the model again and save it with this "
    "version."
)
FOREIGN = {
    "empty": (b"", NOT_ONE + "it is empty."),
    "text": (b"hello", NOT_ONE + "it is another file."),
    "pickle": (
        pickle.dumps(Bomb()),
        NOT_ONE + "it looks like a pickle, which skseq never opens.",
    ),
    "a plain zip": (zipped({"config.json": "{}", "../../evil": "x"}), ZIP),
    "of skops alone": (skops.io.dumps(skseq.LagFramer()), ZIP),
    "HDF5": (
        b"\x89HDF\r\n\x1a\n",
        NOT_ONE + "it looks like an HDF5 file, such as Keras writes.",
    ),
    "the format before": (b"\x93skseq\r\n\x01\0\0\0{}", BEFORE_SKOPS),
}


@pytest.mark.parametrize(("data", "message"), FOREIGN.values(), ids=FOREIGN)
def test_other_files_are_told_apart(data, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal(data, tmp_path) == message
    assert os.listdir(tmp_path) == ["hostile.skseq"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_refused(make, tmp_path):
    make(tmp_path / "path")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared below)
        skseq.load(tmp_path / "path")
    assert str(caught.value) == (
        f"{str(tmp_path / 'path')!r} is not a regular file; give the path of a model."
    )


# ---- hostile files, each with a valid checksum -----------------------------------


def sealed(schema, files=(), *, version=skseq.__version__, compression=0):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("skseq", version)
        text = schema if isinstance(schema, str) else json.dumps(schema)
        archive.writestr("schema.json", text)
        for name, content in dict(files).items():
            archive.writestr(name, content)
        archive.comment = b"sha256 " + b"0" * 64
    data = buffer.getvalue()[:-64]
    return data + hashlib.sha256(data).hexdigest().encode()


def dumped(model):
    """What skops makes of a model: its description, and arrays."""
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(files.pop("schema.json")), files


def schema_of(model, **attributes):
    """A description with nodes of one's own as attributes."""
    schema, _ = dumped(model)
    for name, forged in attributes.items():
        schema["content"]["content"][name] = forged
        schema["content"]["key_types"]["content"].append(node("TypeNode", str))
    return schema


def node(loader, kind, **parts):
    module, name = kind if isinstance(kind, tuple) else (kind.__module__, kind.__name__)
    return {"__loader__": loader, "__module__": module, "__class__": name, **parts}


def text(value):
    return node("JsonNode", str, content=json.dumps(value))


def items(loader, kind, *content):
    return node(loader, kind, content=list(content))


NOTHING = items("TupleNode", tuple)
# All that any loader of skops looks for.
PARTS = {
    "content": {
        **dict.fromkeys(("func", "args", "kwds", "namespace", "main"), NOTHING),
        **{"obj": node("JsonNode", str, content="0"), "func": "__init__"},
    },
    "key_types": items("ListNode", list),
    "attrs": items("TupleNode", tuple, text("touch exploded")),
    "__reduce__": {"args": items("TupleNode", tuple, text("touch exploded"))},
}
CODE = [
    *(
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "exec"),
    ),
    *(("subprocess", "Popen"), ("shutil", "rmtree"), ("importlib", "import_module")),
    *(("operator", "methodcaller"), ("functools", "partial"), ("pickle", "loads")),
    *(("numpy", "load"), ("numpy", "fromfile"), ("numpy", "memmap"), ("numpy", "void")),
    *(("scipy.special", "os"), ("scipy.sparse", "load_npz")),
    *(("sklearn.datasets._base", "clear_data_home"), ("sklearn", "set_config")),
    *(("sklearn.utils._testing", "TempMemmap"), ("sklearn.tree._tree", "Tree")),
    *(("sklearn.externals._arff", "load"), ("sklearn.base", "clone")),
    *(("sklearn.metrics._scorer", "get_scorer"), ("sklearn.pipeline", "make_union")),
    *(
        ("skseq", "save"),
        ("skseq._atomic", "remove_leftovers"),
        ("skseq._atomic", "Path"),
    ),
    *(("skseq.experiments.registry", "load"), ("skseq.experiments.data", "Dataset")),
    *(("skseq.programs_on_disk", "keep_programs"), ("skseq.nowhere", "LagFramer")),
    ("sklearn.compose._column_transformer", "make_column_transformer"),
]
LOADERS = sorted({loader for loader, _ in NODE_TYPE_MAPPING} - {"JsonNode"})


@pytest.mark.parametrize("loader", LOADERS)
def test_no_kind_of_node_takes_code(loader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for kind in CODE:
        data = sealed(
            schema_of(skseq.LagFramer(), fill_value=node(loader, kind, **PARTS))
        )
        found = refusal(data, tmp_path)
        name = ".".join(kind)
        reason = f"it has {name} in fill_value, which loading does not trust"
        if kind[0] == "skseq.nowhere" and loader == "ObjectNode":
            reason = "ModuleNotFoundError: No module named 'skseq.nowhere'"
        assert found == DAMAGED + reason + RESTORE
    assert os.listdir(tmp_path) == ["hostile.skseq"]


FRAMER = (skseq.LagFramer.__module__, "LagFramer")


def with_position(position):
    """A file with a random state that stands at a place of its numbers."""
    schema, files = dumped(REGRESSOR(random_state=np.random.RandomState(0)))
    state = schema["content"]["content"]["random_state"]["content"]["content"]["state"]
    state["content"]["pos"]["content"] = str(position)
    return sealed(schema, files)


def fill(forged):
    return sealed(schema_of(skseq.LagFramer(), fill_value=forged), {"a": b"PK\x03\x04"})


def without_a_parameter():
    schema = schema_of(skseq.LagFramer())
    del schema["content"]["content"]["n_lags"]
    return sealed(schema)


UNTRUSTED = "it has {} in fill_value, which loading does not trust"
LISTED = {
    "__id__": 1,
    **items("ListNode", list, node("TypeNode", str)),
}
HOSTILE = {
    "a class to call": (
        fill(items("ConstructorFromReduceNode", FRAMER)),
        UNTRUSTED.format(".".join(FRAMER)),
    ),
    "a class to fill with items": (
        fill(items("ListNode", FRAMER)),
        UNTRUSTED.format(".".join(FRAMER)),
    ),
    "keys to call": (
        fill(
            node("DictNode", dict, content={"x": text(1)})
            | {
                "key_types": items(
                    "ListNode", list, node("FunctionNode", ("numpy", "exp"))
                )
            }
        ),
        "it has a dict whose keys are of no type in fill_value",
    ),
    "another object under a number": (
        fill(items("TupleNode", tuple, LISTED, LISTED | {"content": [text(1)]})),
        "it has different objects under one number in fill_value",
    ),
    "an object of another time": (
        fill(node("CachedNode", str, __id__=1)),
        UNTRUSTED.format("builtins.str"),
    ),
    "a random state beyond its numbers": (
        with_position(10**6),
        "it has a random state that is no Mersenne twister's in random_state",
    ),
    "an archive as an array": (
        fill(node("NdArrayNode", np.ndarray, type="numpy", file="a")),
        "it has an array that is none in fill_value",
    ),
    "a file that is missing": (
        fill(node("NdArrayNode", np.ndarray, type="numpy", file="b")),
        "KeyError: 'b'",
    ),
    "a cache": (
        sealed(schema_of(make_pipeline(skseq.LagFramer()), memory=text("/tmp"))),
        "it has a cache, from which joblib would run code: set memory=None",
    ),
    "a parameter too few": (
        without_a_parameter(),
        "it has a LagFramer without ['n_lags']",
    ),
    "no estimator": (
        sealed({**items("ListNode", list), "protocol": 2}),
        "it holds no estimator but a list",
    ),
    "rules of long ago": (
        sealed({**schema_of(skseq.LagFramer()), "protocol": 0}),
        "it is of skops' protocol 0",
    ),
    "compressed, to swell": (
        sealed(schema_of(skseq.LagFramer()), compression=zipfile.ZIP_DEFLATED),
        "it is compressed",
    ),
    "a tower": (sealed("[" * 10**5 + "]" * 10**5), "it is nested too deeply"),
    "no JSON": (
        sealed("{"),
        "JSONDecodeError: Expecting property name enclosed in "
        "double quotes: line 1 column 2 (char 1)",
    ),
    "a loader of no name": (
        sealed({"__loader__": [], "__module__": "a", "__class__": "b", "protocol": 2}),
        "TypeError: unhashable type: 'list'",
    ),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data, reason, tmp_path):
    assert refusal(data, tmp_path) == DAMAGED + reason + RESTORE


def test_the_forger_could_write_what_loads(tmp_path):
    """So the tests above show what they say."""
    path = tmp_path / "model.skseq"
    path.write_bytes(fill(node("FunctionNode", ("numpy", "exp"))))
    assert skseq.load(path).fill_value is np.exp
    path.write_bytes(with_position(624))
    assert skseq.load(path).random_state.randint(9) == np.random.RandomState(0).randint(
        9
    )


def test_a_file_of_another_version_loads_if_it_fits(tmp_path):
    path = tmp_path / "model.skseq"
    path.write_bytes(sealed(schema_of(skseq.LagFramer(3)), version="99.0"))
    assert skseq.load(path).n_lags == 3
    schema = schema_of(
        skseq.LagFramer(), fill_value=items("ObjectNode", ("skseq.new", "A"))
    )
    assert refusal(sealed(schema, version="99.0"), tmp_path) == (
        f"{DAMAGED}ModuleNotFoundError: No module named 'skseq.new'. It is of skseq "
        f"99.0, and this is skseq {skseq.__version__}."
    )


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        [*LOADERS, "os", "system", "builtins", "dict", "numpy", "ndarray"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*node("", str), *PARTS, "__id__", "file", "type", "shape"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


def places_of(value, path=()):
    """All places in a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from places_of(value[key], (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    twin = value.copy()
    twin[path[0]] = replaced(value[path[0]], path[1:], new)
    return twin


@QUICK
@given(data=st.data())
def test_any_forged_description_is_refused_or_makes_an_estimator(data, tmp_path):
    model = skseq.OneHotSequence(padding=(1, {2: [np.float32(3)]})).fit([["a", "b"]])
    schema, files = dumped(model)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places_of(schema))[1:]))
        schema = replaced(schema, path, data.draw(JSON_VALUES))
    path = tmp_path / "forged.skseq"
    path.write_bytes(sealed(schema, files))
    try:
        loaded = skseq.load(path)
    except ValueError as error:
        message = str(error)
    else:
        message = f"{str(path)!r} {DAMAGED}"
        assert isinstance(loaded, BaseEstimator)
    assert message.startswith(f"{str(path)!r} {DAMAGED}")


def test_loading_runs_and_imports_nothing(whole, tmp_path):
    """Python's own audit of what happens while hostile files are loaded."""
    code = """
import sys, skseq, skseq.programs_on_disk, skseq._atomic
skseq.StatefulLSTMClassifier(), skseq.StatefulLSTMRegressor(), skseq.LagFramer()
events = []
watched = {"exec", "import", "pickle.find_class", "marshal.loads", "os.remove"}
watched |= {"os.system", "os.exec", "os.posix_spawn", "subprocess.Popen"}
def hook(event, args):
    if on and event in watched and not str(args[0]).startswith("skseq."):
        events.append((event, args[0]))
on = False
sys.addaudithook(hook)
skseq.load(sys.argv[-1])  # imports what it needs
for path in sys.argv[1:]:
    on = True
    try:
        skseq.load(path)
    except ValueError:
        pass
    on = False
assert not events, events
"""
    code_nodes = [
        node(loader, kind, **PARTS) for loader in LOADERS for kind in CODE[::3]
    ]
    files = [data for data, _ in (*HOSTILE.values(), *FOREIGN.values())]
    paths = []
    for number, data in enumerate([*files, *map(fill, code_nodes), whole]):
        path = tmp_path / str(number)
        path.write_bytes(data)
        paths.append(path)
    subprocess.run([sys.executable, "-c", code, *paths], check=True, cwd=tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted(path.name for path in paths)
