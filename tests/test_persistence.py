"""Models are data: what is saved comes back whole, and a file is never run."""

import hashlib
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import time
import zipfile

import joblib
import numpy as np
import pytest
import sklearn
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

import skseq
from skseq.persistence import _container
from skseq.persistence._values import Reader, Unstorable, Writer

RNG = np.random.default_rng(0)
X = RNG.random((8, 4)).astype(np.float32)
LABELS = np.array(["no", "yes"] * 4)
PER_STEP = np.where(X > 0.5, "high", "low")
SMALL = {"units": 3, "epochs": 2, "batch_size": 4, "random_state": 0}

CLASSIFIER = skseq.StatefulLSTMClassifier
REGRESSOR = skseq.StatefulLSTMRegressor


def fitted_classifier():
    return CLASSIFIER(**SMALL).fit(X, LABELS)


# Each has its own way through the format: labels, numbers, routed options, other
# slots, random states, names of columns, masks, groups.
FITTED = {
    "labels": lambda: fitted_classifier(),
    "one per step, seeds of a generator": lambda: CLASSIFIER(
        **{**SMALL, "random_state": np.random.RandomState(5), "loss": BINARY}
    ).fit(X, PER_STEP),
    "sgd with momentum, early stopping": lambda: (
        CLASSIFIER(
            **SMALL, early_stopping=True, validation_fraction=0.5, optimizer="sgd"
        )
        .set_params(optimizer__momentum=0.9, optimizer__nesterov=True)
        .fit(X, LABELS)
    ),
    "numbers in double precision": lambda: REGRESSOR(
        **SMALL, optimizer="rmsprop", dtype="float64"
    ).fit(X.astype(float), X[:, 0].astype(float)),
    "padding and weights of classes": lambda: CLASSIFIER(
        **SMALL, mask_value=np.nan, class_weight={"no": 1.0, "yes": np.float32(2)}
    ).fit(np.where(X > 0.9, np.nan, X), LABELS),
    "objects": lambda: CLASSIFIER(**SMALL).fit(X, LABELS.astype(object)),
    "encoder and decoder": lambda: skseq.EncoderDecoderEcho(**SMALL).fit(
        X[:, :, None], PER_STEP[:, :2]
    ),
    "echo": lambda: skseq.Seq2SeqEcho(**SMALL).fit(X[:, :, None], PER_STEP),
}
BINARY = "binary_crossentropy"


def saved(model, folder):
    skseq.save(model, folder / "model.skseq")
    return (folder / "model.skseq").read_bytes()


def same_values(a, b):
    """Whether two values are equal to the bit and of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray) and a.dtype != object:
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and same_values(
            a.ravel().tolist(), b.ravel().tolist()
        )
    if isinstance(a, np.random.RandomState):
        return same_values(a.get_state(), b.get_state())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same_values, a, b))
    if isinstance(a, dict):
        return same_values(list(a.items()), list(b.items()))
    if isinstance(a, (float, np.generic)):
        return np.array(a).tobytes() == np.array(b).tobytes() or (a != a and b != b)
    if type(a).__name__ == "MetadataRequest":
        return repr(a) == repr(b)
    return a == b


def assert_same(model, twin):
    assert type(model) is type(twin)
    assert vars(model).keys() == vars(twin).keys()
    for name, value in vars(model).items():
        assert same_values(value, vars(twin)[name]), name


# ---- round trips -----------------------------------------------------------------


@pytest.mark.parametrize("make", FITTED.values(), ids=FITTED)
def test_a_fitted_estimator_comes_back_and_goes_on_bit_for_bit(make, tmp_path):
    est = make()
    data = saved(est, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert_same(est, twin)
    assert saved(twin, tmp_path) == data

    rows = X[:, :, None] if est._fitted_ndim == 3 else X
    np.testing.assert_array_equal(est.predict(rows), twin.predict(rows))
    y = est.predict(rows)
    for model in (est, twin):
        model.partial_fit(rows, y)
    assert_same(est, twin)
    assert os.listdir(tmp_path) == ["model.skseq"]


PARAMS = {
    "units": st.integers(1, 8192) | st.builds(np.int64, st.integers(1, 99)),
    "epochs": st.integers(1, 2**70),
    "batch_size": st.none() | st.integers(1, 99),
    "optimizer": st.sampled_from(["adam", "sgd", "rmsprop"]),
    "learning_rate": st.floats(1e-300, 1e300) | st.builds(np.float32, st.just(0.1)),
    "global_clipnorm": st.none() | st.floats(1e-3, 1e3),
    "forget_bias": st.sampled_from(["unit", "chrono"]) | st.floats(-9, 9),
    "max_lag": st.none() | st.integers(2, 10**9),
    "mask_value": st.sampled_from([None, np.nan, -1, -0.0, np.float32(0)]),
    "shuffle": st.booleans(),
    "class_weight": st.none()
    | st.just("balanced")
    | st.dictionaries(
        st.integers() | st.text() | st.tuples(st.integers()), st.floats(0, 9)
    ),
    "callbacks": st.sampled_from([None, [], ()]),
    "random_state": st.none()
    | st.integers(0, 2**32 - 1)
    | st.builds(np.random.RandomState, st.integers(0, 9)),
    "verbose": st.integers(0, 2) | st.booleans(),
}
ROUTED = {
    "adam": {"optimizer__beta_1": 0.5},
    "sgd": {"optimizer__momentum": 0.5, "optimizer__nesterov": True},
    "rmsprop": {"optimizer__rho": 0.5},
}
QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(params=st.fixed_dictionaries({}, optional=PARAMS), routed=st.booleans())
def test_any_parameters_come_back(params, routed, tmp_path):
    est = skseq.EncoderDecoderEcho(**params)
    if routed:
        est.set_params(**ROUTED[est.optimizer])
    data = saved(est, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert_same(est, twin)
    assert saved(twin, tmp_path) == data


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from([np.float32, np.int8, int, bool, np.dtype("<f4"), np.dtype("U3")])
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
        | st.dictionaries(st.integers() | st.text(), inner, max_size=3)
        | st.lists(inner, max_size=3).map(lambda items: as_objects(items))
    ),
    max_leaves=8,
)


def as_objects(items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


def native(value):
    """Big-endian arrays come back in the machine's order, equal in value."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.astype(value.dtype.newbyteorder("="))
    if isinstance(value, np.ndarray):
        return as_objects([native(item) for item in value.tolist()])
    if isinstance(value, (list, tuple)):
        return type(value)(native(item) for item in value)
    if isinstance(value, dict):
        return {key: native(item) for key, item in value.items()}
    return value


@QUICK
@given(value=VALUES)
def test_any_value_comes_back_through_the_container(value):
    writer = Writer()
    data = _container.pack(writer.write(value), writer.arrays, "0")
    node, stored = _container.unpack(data)
    reader = Reader(stored)
    assert same_values(native(value), reader.read(node))
    reader.finish()


TRANSFORMERS = {
    "alphabet of strings": skseq.OneHotSequence().fit([["b", "a"], ["a", "é"]]),
    "alphabet of objects": skseq.OneHotSequence(
        categories=[1, "1", None, (2, "x")], handle_unknown="ignore", dtype=int
    ),
    "mixed symbols": skseq.OneHotSequence(padding=-1, dtype="float64").fit(
        [[1, "1", -1], ["é", b"b", 2.5]]
    ),
    "lags": skseq.LagFramer(3, fill_value=-1.0).fit([[1.0, 2.0]]),
    "windows": skseq.SupervisedWindower(2, target="echo").fit(np.ones((2, 4, 3))),
    "unfitted": skseq.SupervisedWindower(fill_value="pad"),
}


@pytest.mark.parametrize("transformer", TRANSFORMERS.values(), ids=TRANSFORMERS)
def test_a_transformer_comes_back(transformer, tmp_path):
    data = saved(transformer, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert_same(transformer, twin)
    assert saved(twin, tmp_path) == data


def test_names_of_columns_come_back(tmp_path):
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"rain": [1.0, 2.0], "sun": [3.0, 4.0]})
    framer = skseq.LagFramer(2).fit(table)
    saved(framer, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert twin.get_feature_names_out().tolist() == ["rain", "sun"]
    np.testing.assert_array_equal(twin.transform(table), framer.transform(table))


def test_a_pipeline_comes_back(tmp_path):
    tokens = RNG.integers(3, size=(8, 4))
    pipeline = Pipeline(
        [
            ("nothing", "passthrough"),
            ("inner", Pipeline([("onehot", skseq.OneHotSequence())])),
            ("echo", skseq.Seq2SeqEcho(**SMALL)),
        ],
        verbose=False,
    ).fit(tokens, tokens)
    data = saved(pipeline, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert [name for name, _ in twin.steps] == ["nothing", "inner", "echo"]
    np.testing.assert_array_equal(twin.predict(tokens), pipeline.predict(tokens))
    assert saved(twin, tmp_path) == data


def test_requests_for_metadata_come_back(tmp_path):
    with sklearn.config_context(enable_metadata_routing=True):
        est = (
            CLASSIFIER()
            .set_fit_request(groups=True, sample_weight="w")
            .set_score_request(groups=False)
        )
    saved(est, tmp_path)
    twin = skseq.load(tmp_path / "model.skseq")
    assert repr(twin.get_metadata_routing()) == repr(est.get_metadata_routing())
    assert twin.get_metadata_routing().fit.requests == {
        "groups": True,
        "sample_weight": "w",
    }


def test_a_diverged_estimator_still_says_so_when_it_is_back(tmp_path):
    est = fitted_classifier()
    est._diverged_in = 2
    saved(est, tmp_path)
    with pytest.raises(ValueError, match="diverged in epoch 2"):
        skseq.load(tmp_path / "model.skseq").predict(X)


def test_the_same_model_gives_the_same_bytes_in_another_process(tmp_path):
    code = (
        "import skseq, sys; skseq.save(skseq.OneHotSequence(padding='')"
        ".fit([list('cab'), ['', 'd', 'a']]), sys.argv[1])"
    )
    found = set()
    for seed in "12":
        path = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, path], check=True, env=environment)
        found.add(path.read_bytes())
    assert len(found) == 1


def test_transformers_load_without_tensorflow(tmp_path):
    saved(Pipeline([("onehot", TRANSFORMERS["mixed symbols"])]), tmp_path)
    code = (
        "import skseq, sys; skseq.load(sys.argv[1]); "
        "assert not {'tensorflow', 'keras', 'pickle_skseq'} & set(sys.modules)"
    )
    path = tmp_path / "model.skseq"
    subprocess.run([sys.executable, "-c", code, path], check=True)


# ---- what has no place in a file -------------------------------------------------

ALL = (
    "EncoderDecoderEcho, LagFramer, OneHotSequence, Seq2SeqEcho, "
    "StatefulLSTMClassifier, StatefulLSTMRegressor, SupervisedWindower"
)
OTHERS = (
    " For anything else use joblib or skops, which keep scikit-learn's own classes "
    "(joblib.load runs code from the file: open only files that you trust)."
)


class Subclass(skseq.LagFramer):
    """Would come back as its parent."""


REFUSED = {
    "another library's": (
        lambda: LogisticRegression(),
        TypeError,
        f"skseq.save takes {ALL} and Pipelines of them; got "
        "sklearn.linear_model._logistic.LogisticRegression." + OTHERS,
    ),
    "a class": (
        lambda: skseq.LagFramer,
        TypeError,
        f"skseq.save takes {ALL} and Pipelines of them; got the class "
        "skseq.preprocessing._lags.LagFramer." + OTHERS,
    ),
    "a subclass": (
        lambda: Subclass(),
        TypeError,
        f"skseq.save takes {ALL} and Pipelines of them; got "
        f"{Subclass.__module__}.Subclass." + OTHERS,
    ),
    "nothing": (
        lambda: None,
        TypeError,
        f"skseq.save takes {ALL} and Pipelines of them; got builtins.NoneType."
        + OTHERS,
    ),
    "a foreign step": (
        lambda: Pipeline([("scale", StandardScaler()), ("lag", skseq.LagFramer())]),
        TypeError,
        f"skseq.save takes Pipelines whose steps are {ALL}; not of them: 'scale' "
        "(sklearn.preprocessing._data.StandardScaler)." + OTHERS,
    ),
    "a cache": (
        lambda: Pipeline([("lag", skseq.LagFramer())], memory="cache"),
        ValueError,
        "skseq.save has no place for memory='cache' of a Pipeline." + OTHERS,
    ),
    "callbacks": (
        lambda: CLASSIFIER(callbacks=[print]),
        ValueError,
        "skseq.save has no place for a value of type "
        "builtins.builtin_function_or_method, in the parameter of "
        "StatefulLSTMClassifier named 'callbacks'. Call set_params(callbacks=None) "
        "first: callbacks are code.",
    ),
    "symbols that are code": (
        lambda: skseq.OneHotSequence().fit(np.array([[len, max]], dtype=object)),
        ValueError,
        "skseq.save has no place for a value of type "
        "builtins.builtin_function_or_method, in the attribute of OneHotSequence named "
        "'categories_'. Use symbols that are strings or numbers.",
    ),
    "a parameter that fit refuses": (
        lambda: skseq.LagFramer(0),
        ValueError,
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). Got "
        "0 instead.",
    ),
    "an attribute of one's own": (
        lambda: with_attribute(skseq.LagFramer().fit([[1.0]]), "note", 1),
        ValueError,
        "LagFramer has attributes that a fit does not leave: lacking [], strange "
        "['note']",
    ),
    "another kind of random numbers": (
        lambda: CLASSIFIER(random_state=np.random.RandomState(np.random.PCG64(0))),
        ValueError,
        "skseq.save has no place for a RandomState on PCG64, in the parameter of "
        "StatefulLSTMClassifier named 'random_state'." + OTHERS,
    ),
}


def with_attribute(model, name, value):
    setattr(model, name, value)
    return model


@pytest.mark.parametrize(("make", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_stored_is_refused(make, error, message, tmp_path):
    path = tmp_path / "model.skseq"
    path.write_bytes(b"old")
    with pytest.raises(error) as caught:
        skseq.save(make(), path)
    assert str(caught.value) == message
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.skseq"]


def test_labels_that_take_too_much_room_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_container, "_MAX_HEADER", 1000)
    encoder = skseq.OneHotSequence().fit(np.arange(999).astype(object)[None])
    with pytest.raises(ValueError, match="at most 1000 can be stored"):
        skseq.save(encoder, tmp_path / "model.skseq")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "value", [np.array([1j, 2], "c32") if hasattr(np, "clongdouble") else {1}, {1}, ...]
)
def test_values_without_a_place_are_refused(value):
    with pytest.raises(Unstorable):
        Writer().write(value)


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
    """Killed at moments of its own choosing, while it saves without pause."""
    code = (
        "import itertools, sys, skseq\n"
        "for n in itertools.count(1):\n"
        "    skseq.save(skseq.LagFramer(n), sys.argv[1])\n"
    )
    path = tmp_path / "model.skseq"
    for wait in (0.0, 0.0107, 0.0231):
        path.unlink(missing_ok=True)
        child = subprocess.Popen([sys.executable, "-c", code, path])
        while not path.exists():
            assert child.poll() is None
            time.sleep(0.001)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert skseq.load(path).n_lags >= 1


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        skseq.save(skseq.LagFramer(), tmp_path / "nowhere" / "model.skseq")
    assert os.listdir(tmp_path) == []


def test_a_file_is_as_readable_as_any_new_one(tmp_path):
    (tmp_path / "plain").touch()
    saved(skseq.LagFramer(), tmp_path)
    modes = {os.stat(tmp_path / name).st_mode for name in os.listdir(tmp_path)}
    assert len(modes) == 1


def test_a_long_name_is_no_obstacle(tmp_path):
    path = tmp_path / ("é" * 120 + ".skseq")
    skseq.save(skseq.LagFramer(7), path)
    assert skseq.load(path).n_lags == 7


# ---- damaged files ---------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a fitted estimator."""
    return saved(fitted_classifier(), tmp_path_factory.mktemp("whole"))


def assert_refused(data, folder, message=None):
    path = folder / "hostile.skseq"
    path.write_bytes(data)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared below)
        skseq.load(path)
    assert type(caught.value) is ValueError
    text = str(caught.value)
    assert text.startswith(repr(str(path)))
    assert len(text) < 600
    if message is not None:
        assert text == f"{str(path)!r} {message}"
    return text


NOT_ONE = "is not a model that skseq.save wrote: "
DAMAGED = "is damaged or was not written by skseq.save: "
RESTORE = " Restore it from a copy, or fit and save the model again."


@pytest.mark.parametrize("percent", range(100))
def test_a_truncated_file_is_refused(percent, whole, tmp_path):
    length = len(whole) * percent // 100
    message = DAMAGED + "its checksum does not fit its content." + RESTORE
    if length < 52:
        message = DAMAGED + "it is cut short." + RESTORE
    if length == 0:
        message = NOT_ONE + "it is empty."
    assert_refused(whole[:length], tmp_path, message)


@pytest.mark.parametrize("percent", range(101))
def test_a_flipped_bit_is_noticed(percent, whole, tmp_path):
    place = min(len(whole) * percent // 100, len(whole) - 1)
    flipped = bytearray(whole)
    flipped[place] ^= 1 << (percent % 8)
    message = DAMAGED + "its checksum does not fit its content." + RESTORE
    if place < 8:
        message = NOT_ONE + "it does not begin with the mark of one."
    assert_refused(bytes(flipped), tmp_path, message)


def test_what_follows_the_end_is_noticed(whole, tmp_path):
    message = DAMAGED + "its checksum does not fit its content." + RESTORE
    assert_refused(whole + b"\n", tmp_path, message)


# ---- hostile files ---------------------------------------------------------------


def signed(header, data=b"", *, version=1, length=None):
    """A file with a valid checksum over whatever it holds."""
    if not isinstance(header, bytes):
        header = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    length = len(header) if length is None else length
    body = struct.pack("<8sIQ", b"\x93skseq\r\n", version, length) + header + data
    return body + hashlib.sha256(body).digest()


def opened(data):
    """The header and the arrays' bytes of a file."""
    length = struct.unpack_from("<8sIQ", data)[2]
    return json.loads(data[20 : 20 + length]), data[20 + length : -32]


def lag_framer(params=None, state=None, table=(), **other):
    params = {"n_lags": 2, "fill_value": 0.0} if params is None else params
    state = {"n_features_in_": 1} if state is None else state
    model = {
        "class": "LagFramer",
        "params": params,
        "requests": {},
        "state": state,
        **other,
    }
    return {"arrays": list(table), "model": model, "skseq": "0.1.0"}


class Bomb:
    """Leaves a trace if it is ever unpickled."""

    def __reduce__(self):
        return (os.system, ("touch exploded",))


def keras_archive():
    """A Keras file whose Lambda layer holds code."""
    file = io.BytesIO()
    layer = {"class_name": "Lambda", "config": {"function": "__import__('os')"}}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", json.dumps(layer))
        archive.writestr("../../evil", "x")
    return file.getvalue()


DISGUISED = {
    "empty": (b"", "it is empty."),
    "text": (b"hello", "it does not begin with the mark of one."),
    "pickle": (
        pickle.dumps(Bomb()),
        "it looks like a pickle, which skseq never opens.",
    ),
    "Keras": (
        keras_archive(),
        "it looks like a zip archive, such as Keras and skops write.",
    ),
    "HDF5": (b"\x89HDF\r\n\x1a\n", "it looks like an HDF5 file, such as Keras writes."),
}


@pytest.mark.parametrize(("data", "reason"), DISGUISED.values(), ids=DISGUISED)
def test_other_files_are_told_apart(data, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_refused(data, tmp_path, NOT_ONE + reason)
    assert os.listdir(tmp_path) == ["hostile.skseq"]


def test_a_future_version_is_refused_with_that_reason(tmp_path):
    message = (
        f"has format version 2, but skseq {skseq.__version__} reads version 1. Update "
        "skseq to read it."
    )
    assert_refused(signed({"anything": 1}, version=2), tmp_path, message)


WRONG_JSON = "its header is not the JSON that skseq writes"
HOSTILE = {
    "a pickle inside": (signed(pickle.dumps(Bomb())), WRONG_JSON),
    "a header longer than the file": (
        signed(lag_framer(), length=10**6),
        "its header claims 1000000 bytes",
    ),
    "a header of all memory": (
        signed(lag_framer(), length=2**64 - 1),
        f"its header claims {2**64 - 1} bytes",
    ),
    "a key twice": (signed(b'{"arrays":[],"arrays":[],"model":{}}'), WRONG_JSON),
    "NaN": (signed(lag_framer({"n_lags": 2, "fill_value": np.nan})), WRONG_JSON),
    "infinity": (signed(lag_framer({"n_lags": 2, "fill_value": np.inf})), WRONG_JSON),
    "spaces": (signed(json.dumps(lag_framer()).encode()), WRONG_JSON),
    "a number of a million digits": (signed(b"9" * 10**6), WRONG_JSON),
    "a tower of lists": (signed(b"[" * 10**5 + b"]" * 10**5), WRONG_JSON),
    "no JSON": (signed(b"\xff\xfe"), WRONG_JSON),
    "no object": (
        signed([]),
        "its header does not have the keys arrays, model and skseq",
    ),
    "one more key": (
        signed({**lag_framer(), "code": "import os"}),
        "its header does not have the keys arrays, model and skseq",
    ),
    "arrays of a wrong type": (
        signed({**lag_framer(), "arrays": {}}),
        "its header's arrays or skseq are of a wrong type",
    ),
    "data that no array takes": (
        signed(lag_framer(), b"x"),
        "its arrays take 0 bytes, but 1 bytes are there",
    ),
    "more array than data": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [2**40]}])),
        f"its arrays take {2**43} bytes, but 0 bytes are there",
    ),
    "a negative shape": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [-1]}])),
        "an array's shape holds something else than lengths",
    ),
    "a fractional shape": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [0.5]}])),
        "an array's shape holds something else than lengths",
    ),
    "a shape of booleans": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [True]}]), bytes(8)),
        "an array's shape holds something else than lengths",
    ),
    "a shape of nothing, hugely": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [0, 2**47]}])),
        "an array of no elements has a huge shape",
    ),
    "a shape of many axes": (
        signed(lag_framer(table=[{"dtype": "<f8", "shape": [1] * 99}]), bytes(8)),
        "an array's shape is not a short list",
    ),
    "an offset, to overlap": (
        signed(lag_framer(table=[{"dtype": "|i1", "shape": [1], "offset": 0}]), b"x"),
        "an array has other keys than dtype and shape",
    ),
    "objects": (
        signed(lag_framer(table=[{"dtype": "|O", "shape": [1]}]), bytes(8)),
        "it names the dtype '|O'",
    ),
    "a dtype with fields": (
        signed(lag_framer(table=[{"dtype": "O,O", "shape": [1]}]), bytes(16)),
        "it names the dtype 'O,O'",
    ),
    "big-endian": (
        signed(lag_framer(table=[{"dtype": ">f8", "shape": [1]}]), bytes(8)),
        "it names the dtype '>f8'",
    ),
    "text without width": (
        signed(lag_framer(table=[{"dtype": "<U0", "shape": [2**40]}])),
        "it names the dtype '<U0'",
    ),
    "dates without a unit": (
        signed(lag_framer(table=[{"dtype": "<M8[xx]", "shape": [1]}]), bytes(8)),
        "it names the dtype '<M8[xx]'",
    ),
    "booleans that are none": (
        signed(lag_framer(table=[{"dtype": "|b1", "shape": [1]}]), b"\x02"),
        "an array of booleans holds something else",
    ),
    "text that is none": (
        signed(lag_framer(table=[{"dtype": "<U1", "shape": [1]}]), b"\xff" * 4),
        "an array of text holds something else",
    ),
    "an array that nothing needs": (
        signed(lag_framer(table=[{"dtype": "|i1", "shape": [1]}]), b"x"),
        "it has arrays that nothing refers to",
    ),
    "a module's path": (
        signed(lag_framer(**{"class": "os.system"})),
        "it names the class 'os.system', which is none of skseq's",
    ),
    "a path": (
        signed(lag_framer(**{"class": "../../etc/passwd"})),
        "it names the class '../../etc/passwd', which is none of skseq's",
    ),
    "another public name": (
        signed(lag_framer(**{"class": "load"})),
        "it names the class 'load', which is none of skseq's",
    ),
    "a class that is no name": (
        signed(lag_framer(**{"class": ["LagFramer"]})),
        "it names the class ['LagFramer'], which is none of skseq's",
    ),
    "a Lambda layer": (
        signed(lag_framer(**{"class": "Lambda"})),
        "it names the class 'Lambda', which is none of skseq's",
    ),
    "a Keras config": (
        signed({**lag_framer(), "model": {"class_name": "Lambda", "config": {}}}),
        "it has a model without the keys class, params, requests, state",
    ),
    "a parameter too many": (
        signed(lag_framer({"n_lags": 2, "fill_value": 0.0, "__class__": "x"})),
        "it lacks parameters, or has others than expected: ['__class__']",
    ),
    "a parameter too few": (
        signed(lag_framer({"n_lags": 2})),
        "it lacks parameters, or has others than expected: ['fill_value']",
    ),
    "a parameter out of range": (
        signed(lag_framer({"n_lags": -2, "fill_value": 0.0})),
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). Got "
        "-2 instead.",
    ),
    "a parameter of a wrong type": (
        signed(lag_framer({"n_lags": {"type": "int"}, "fill_value": 0.0})),
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). Got "
        "<class 'int'> instead.",
    ),
    "a type to call": (
        signed(lag_framer({"n_lags": {"type": "os.system"}, "fill_value": 0.0})),
        "it names 'os.system', which is none of ['bool', 'float', 'int', 'numpy.bool', "
        "'numpy.float16', 'numpy.float32', 'numpy.float64', 'numpy.int16', "
        "'numpy.int32', 'numpy.int64', 'numpy.int8', 'numpy.uint16', 'numpy.uint32', "
        "'numpy.uint64', 'numpy.uint8']",
    ),
    "an unknown kind of value": (
        signed(lag_framer({"n_lags": {"eval": "1+1"}, "fill_value": 0.0})),
        "it has a value of the unknown kind 'eval'",
    ),
    "a value of two kinds": (
        signed(lag_framer({"n_lags": {"list": [], "tuple": []}, "fill_value": 0.0})),
        "it has a value of the keys ['list', 'tuple']",
    ),
    "a dict of lists as keys": (
        signed(lag_framer({"n_lags": {"dict": [[[1], 2]]}, "fill_value": 0.0})),
        "it has a dict with a key of no use",
    ),
    "a dict with a key twice": (
        signed(lag_framer({"n_lags": {"dict": [[1, 2], [1, 2]]}, "fill_value": 0.0})),
        "it has a dict with a key twice",
    ),
    "an array out of reach": (
        signed(lag_framer({"n_lags": {"scalar": -1}, "fill_value": 0.0})),
        "it refers to the array -1",
    ),
    "an array used twice": (
        signed(
            lag_framer(
                {"n_lags": {"scalar": 0}, "fill_value": {"scalar": 0}},
                table=[{"dtype": "<i8", "shape": []}],
            ),
            b"\x01" + bytes(7),
        ),
        "it refers to the array 0 twice",
    ),
    "an attribute that shadows a method": (
        signed(lag_framer(state={"n_features_in_": 1, "transform": 1})),
        "LagFramer has attributes that a fit does not leave: lacking [], strange "
        "['transform']",
    ),
    "half a fit": (
        signed(lag_framer(state={"_per_step": True})),
        "LagFramer has attributes that a fit does not leave: lacking "
        "['n_features_in_'], strange []",
    ),
    "a negative number of features": (
        signed(lag_framer(state={"n_features_in_": -3})),
        "LagFramer has attributes of values that no fit leaves: ['n_features_in_']",
    ),
    "requests of nobody": (
        signed(lag_framer(requests={"__init__": {}})),
        "it has metadata requests of '__init__' that are none",
    ),
    "a pipeline of code": (
        signed(
            lag_framer(
                {"transform_input": None, "verbose": False},
                {"steps": [["x", "os.system"]]},
                **{"class": "Pipeline"},
            )
        ),
        "it has a Pipeline whose steps are no named models",
    ),
    "a pipeline with a name twice": (
        signed(
            lag_framer(
                {"transform_input": None, "verbose": False},
                {"steps": [["x", "passthrough"], ["x", "passthrough"]]},
                **{"class": "Pipeline"},
            )
        ),
        "it has a Pipeline of no use: Names provided are not unique: ['x', 'x']",
    ),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data, reason, tmp_path):
    assert_refused(data, tmp_path, f"{DAMAGED}{reason}.{RESTORE}")


FORGED = {
    "weights of another shape": (
        lambda state, table: table[0].update(shape=[12, 1]),
        "weights_",
    ),
    "fewer classes than outputs": (
        lambda state, table: state["_network"]["dict"][OUT_WIDTH].__setitem__(1, 3),
        "classes_",
    ),
    "epochs that left no loss": (
        lambda state, table: state.update(n_iter_=99),
        "loss_curve_",
    ),
    "features of nobody": (
        lambda state, table: state.update(n_features_in_=7, _fitted_ndim=3),
        "_network",
    ),
    "a negative step": (lambda state, table: state.update(_step=-1), "_step"),
    "slots of another shape": (
        lambda state, table: state["_slots"].append({"floats": 0}),
        "_slots",
    ),
}
FIELDS = ("topology", "units", "n_features", "piece_steps", "readout", "out_steps")
OUT_WIDTH = len(FIELDS)


@pytest.mark.parametrize(("forge", "attribute"), FORGED.values(), ids=FORGED)
def test_attributes_that_do_not_fit_together_are_refused(
    forge, attribute, whole, tmp_path
):
    header, data = opened(whole)
    state = header["model"]["state"]
    places = {entry["array"]: entry for entry in state["weights_"]}
    first = min(places)
    forge(state, header["arrays"][first : first + 1])
    text = assert_refused(signed(header, data), tmp_path)
    assert attribute in text or "refers to the array" in text


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_learning_rate_that_is_no_number_is_refused(value, whole, tmp_path):
    header, data = opened(whole)
    header["model"]["params"]["learning_rate"] = {"number": value}
    text = assert_refused(signed(header, data), tmp_path)
    assert "'learning_rate' parameter of StatefulLSTMClassifier" in text


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["LagFramer", "Pipeline", "passthrough", "nan", "adam", ""])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("array", "scalar", "floats", "objects", "tuple", "dict", "bytes"),
                    *("number", "type", "dtype", "generator", "shape", "items"),
                ]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)


def places_of(node, path=()):
    """All places in a JSON value."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        if isinstance(child, (dict, list)):
            yield from places_of(child, (*path, key))
        else:
            yield (*path, key)


def replaced(node, path, value):
    if not path:
        return value
    twin = node.copy()
    twin[path[0]] = replaced(node[path[0]], path[1:], value)
    return twin


@settings(QUICK, max_examples=150)
@given(data=st.data())
def test_any_forged_header_is_refused_or_means_what_it_says(data, whole, tmp_path):
    header, arrays = opened(whole)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places_of(header))[1:]))
        header = replaced(header, path, data.draw(JSON_VALUES))
    path = tmp_path / "forged.skseq"
    path.write_bytes(signed(header, arrays))
    try:
        model = skseq.load(path)
    except ValueError:
        return
    assert opened(saved(model, tmp_path))[0]["model"] == header["model"]


def test_loading_runs_and_imports_nothing(whole, tmp_path):
    """Python's own audit of what happens while hostile files are loaded."""
    code = """
import sys, skseq, skseq.persistence
skseq.StatefulLSTMClassifier(), skseq.LagFramer()
events = []
watched = {"exec", "compile", "import", "pickle.find_class", "marshal.loads"}
watched |= {"os.system", "os.exec", "os.posix_spawn", "subprocess.Popen"}
def hook(event, args):
    if on and event in watched:
        events.append((event, args[0]))
on = False
sys.addaudithook(hook)
for path in sys.argv[1:]:
    on = True
    try:
        skseq.load(path)
    except ValueError:
        pass
    on = False
assert not events, events
"""
    files = [data for data, _ in (*HOSTILE.values(), *DISGUISED.values())]
    paths = []
    for number, data in enumerate([*files, whole]):
        path = tmp_path / str(number)
        path.write_bytes(data)
        paths.append(path)
    subprocess.run([sys.executable, "-c", code, *paths], check=True, cwd=tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted(path.name for path in paths)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_regular_file_is_refused(kind, tmp_path):
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (compared below)
        skseq.load(path)
    assert str(caught.value) == (
        f"{str(path)!r} is not a regular file; give the path of a model."
    )


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        skseq.load(tmp_path / "nowhere")


# ---- the ways of others ----------------------------------------------------------


def by_pickle(model, path):
    path.write_bytes(pickle.dumps(model))
    return pickle.loads(path.read_bytes())


def by_joblib(model, path):
    joblib.dump(model, path)
    return joblib.load(path)


def by_skops(model, path):
    skops.io.dump(model, path)
    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


@pytest.mark.parametrize("way", [by_pickle, by_joblib, by_skops])
@pytest.mark.parametrize(
    "kind", ["labels", "numbers in double precision", "encoder and decoder"]
)
def test_pickle_joblib_and_skops_keep_working(way, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    est = FITTED[kind]()
    twin = way(est, tmp_path / "model")
    assert os.listdir(tmp_path) == ["model"]
    rows = X[:, :, None] if est._fitted_ndim == 3 else X
    np.testing.assert_array_equal(est.predict(rows), twin.predict(rows))
    y = est.predict(rows)
    for model in (est, twin):
        model.partial_fit(rows, y)
    for weight, other in zip(est.weights_, twin.weights_, strict=True):
        np.testing.assert_array_equal(weight, other)
    assert est.loss_curve_ == twin.loss_curve_
