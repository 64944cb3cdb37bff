"""Models that no file can keep, and files that are no models.

Nothing is written or made of either; no code of a file runs.
"""

import hashlib
import importlib
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators
from skops.io._audit import NODE_TYPE_MAPPING

import skseq
from skseq.persistence._trust import is_home

from .conftest import LABELS, SMALL, X

RNG = np.random.default_rng(0)
QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CLASSIFIER = skseq.StatefulLSTMClassifier
REGRESSOR = skseq.StatefulLSTMRegressor


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
    path = tmp_path / "model.skops"
    path.write_bytes(b"old")
    with pytest.raises(error) as caught:
        skseq.save(make(), path)
    assert str(caught.value) == message
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.skops"]


# ---- damaged and foreign files ---------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a fitted estimator."""
    model = CLASSIFIER(**SMALL).fit(X, LABELS)
    path = tmp_path_factory.mktemp("whole") / "model.skops"
    skseq.save(model, path)
    return path.read_bytes()


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
        if name not in schema["content"]["content"]:
            schema["content"]["key_types"]["content"].append(node("TypeNode", str))
        schema["content"]["content"][name] = forged
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
    *(("numpy", "f2py"), ("scipy.sparse", "load_npz")),
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


def shown(model, attribute, array):
    """A file with an array that says for show what is looked for elsewhere."""
    show = {"state": {**text(0), "content": {"pos": text(1)}}} if attribute else "null"
    decoy = node("NdArrayNode", np.ndarray, type="numpy", file="array", content=show)
    state = node("RandomStateNode", np.random.RandomState, content=decoy)
    schema = schema_of(model, **({attribute: state} if attribute else {}))
    if not attribute:
        schema["content"] = decoy
    buffer = io.BytesIO()
    np.save(buffer, array)
    return sealed(schema, {"array": buffer.getvalue()})


def fill(forged):
    return sealed(schema_of(skseq.LagFramer(), fill_value=forged), {"a": b"PK\x03\x04"})


def without_a_parameter():
    schema = schema_of(skseq.LagFramer())
    del schema["content"]["content"]["n_lags"]
    del schema["content"]["key_types"]["content"][0]
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
    "a range of all things": (
        fill(node("ConstructorFromReduceNode", range, content=NOTHING)),
        "it has a range that is none in fill_value",
    ),
    "a range of three words": (
        fill(
            node(
                "ConstructorFromReduceNode",
                range,
                content=items("TupleNode", tuple, text("a"), text("b"), text("c")),
            )
        ),
        "it has a range that is none in fill_value",
    ),
    "a range of a list": (
        fill(items("ConstructorFromReduceNode", range)),
        "it has a range that is none in fill_value",
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
    "a random state with a place for show": (
        shown(REGRESSOR(), "random_state", np.array([10**6])),
        "it has a random state that is no Mersenne twister's in random_state",
    ),
    "attributes in an array, and none for show": (
        shown(skseq.LagFramer(), None, np.array([["memory", "cache"]])),
        "it has an object without attributes",
    ),
    "attributes in a list": (
        sealed({**schema_of(skseq.LagFramer()), "content": items("ListNode", list)}),
        "it has an object without attributes",
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
    path = tmp_path / "model.skops"
    path.write_bytes(fill(node("FunctionNode", ("numpy", "exp"))))
    assert skseq.load(path).fill_value is np.exp
    path.write_bytes(with_position(624))
    assert skseq.load(path).random_state.randint(9) == np.random.RandomState(0).randint(
        9
    )


def test_a_file_of_another_version_loads_if_it_fits(tmp_path):
    path = tmp_path / "model.skops"
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
    """Python's own audit of what happens while hostile files are loaded.

    Nothing but modules of this package and those of scikit-learn that some of the
    files name rightly, which are imported here before.
    """
    code = """
import os, sys, skseq, skseq.programs_on_disk, skseq._atomic
import sklearn.compose._column_transformer, sklearn.pipeline
skseq.StatefulLSTMClassifier(), skseq.StatefulLSTMRegressor(), skseq.LagFramer()
events = []
watched = {"exec", "import", "pickle.find_class", "marshal.loads", "os.remove"}
watched |= {"os.system", "os.exec", "os.posix_spawn", "subprocess.Popen"}
def hook(event, args):
    if on and event in watched and not str(args[0]).startswith("skseq."):
        events.append((event, str(args[0])[:80]))
on = False
sys.addaudithook(hook)
skseq.load("whole")  # imports what it needs
for path in sorted(os.listdir()):
    on = True
    try:
        skseq.load(path)
    except ValueError:
        pass
    on = False
assert not events, events[:5]
"""
    code_nodes = [
        node(loader, kind, **PARTS) for loader in LOADERS for kind in CODE[::3]
    ]
    files = [data for data, _ in (*HOSTILE.values(), *FOREIGN.values())]
    named = {str(n): data for n, data in enumerate([*files, *map(fill, code_nodes)])}
    named["whole"] = whole
    for name, data in named.items():
        (tmp_path / name).write_bytes(data)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert set(os.listdir(tmp_path)) == set(named)


# ---- what loading may import -----------------------------------------------------

IMPORTED = {
    "FunctionNode": {"numpy"},
    "ObjectNode": {
        *("sklearn.compose._column_transformer", "sklearn.metrics._scorer"),
        *("sklearn.pipeline", "skseq._atomic", "skseq.nowhere"),
        "skseq.programs_on_disk",
    },
}


@pytest.fixture
def asked(monkeypatch):
    """Modules that loading asks for."""
    modules = []

    def spy(name):
        modules.append(name)
        return importlib.import_module(name)

    monkeypatch.setattr("skseq.persistence._trust.import_module", spy)
    return modules


@pytest.mark.parametrize("loader", LOADERS)
def test_only_where_estimators_stand_is_imported(loader, asked, tmp_path):
    for kind in CODE:
        refusal(fill(node(loader, kind, **PARTS)), tmp_path)
    expected = IMPORTED.get(loader, set())
    assert set(asked) == expected | ({FRAMER[0]} if expected else set())


@pytest.mark.parametrize("name", [("os", "system"), ("sklearn.base", "clone")])
@pytest.mark.parametrize("loader", ["FunctionNode", "ObjectNode"])
def test_nothing_is_imported_before_all_names_were_seen(loader, name, asked, tmp_path):
    model = make_pipeline(FunctionTransformer(np.exp), skseq.LagFramer())
    schema = schema_of(model, zeroth=node(loader, name, **PARTS))
    assert ".".join(name) in refusal(sealed(schema), tmp_path)
    assert asked == []


# Bases, and what the tests of scikit-learn use.
NONE_TO_MAKE = ["_mocking", "_testing", "metaestimators"]


def test_where_estimators_stand():
    all_estimators()  # imports them
    waiting, found = [BaseEstimator], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            found.add(kind.__module__)
    ours = {name for name in found if name.startswith("sklearn.")}
    ours -= {f"sklearn.utils.{name}" for name in NONE_TO_MAKE}
    ours = {name for name in ours if ".tests." not in name}
    assert len(ours) > 80
    assert {name for name in ours if not is_home(name)} == set()


@pytest.mark.parametrize(
    "name",
    [
        *("os", "sklearn", "sklearn.base", "sklearn.conftest", "sklearn.nowhere"),
        *("sklearn.cluster", "sklearn.cluster.nowhere", "sklearn.neighbors._kd_tree"),
        *("sklearn..pipeline", "sklearn.pipeline.", "sklearn.svm/_base", "sklearn."),
        *("sklearn.svm.../pipeline", "sklearn.pipeline\n", ".sklearn.pipeline"),
        *("sklearn.datasets._base", "sklearn.externals._arff", "sklearn.pipelines"),
        *("sklearn.experimental.enable_iterative_imputer", "sklearn.utils._mocking"),
        *("sklearn.tests.test_base", "sklearn.svm.tests.test_svm", "skseq", ""),
        *("skseq.experiments", "skseq.experiments.data", "skseqs.estimators"),
    ],
)
def test_where_none_stand(name):
    assert not is_home(name)
