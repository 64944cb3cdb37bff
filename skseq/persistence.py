"""Models as data: one skops file, checksummed, whole or not at all.

`save` writes a fitted or unfitted model; `load` gives it back, and goes on exactly
where it stood. Loading runs no code from the file, and imports TensorFlow only for
estimators that need it.

A file is a zip archive as `skops.io` writes it, brought to one form: its first entry,
``skseq``, is the version that wrote it, and its comment ends in the SHA-256 of all
bytes before.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import skops.io
from sklearn.base import BaseEstimator
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.utils import Bunch
from sklearn.utils.metadata_routing import MetadataRequest

import skseq
from skseq._atomic import replacing

__all__ = ["load", "save"]

_JOBLIB = (
    "Use joblib for what is not data (joblib.load runs code from the file: open only "
    "files that you trust)."
)
_DIGITS = 2 * hashlib.sha256().digest_size
_COMMENT = b"sha256 "
# A file begins with the header of its first entry, whose name follows 30 bytes later.
_ZIP, _NAME_AT, _NAME = b"PK\x03\x04", 30, b"skseq"
_BEFORE_SKOPS = b"\x93skseq\r\n"
_LOOKS = {
    b"\x80": "it looks like a pickle, which skseq never opens",
    b"PK": "it looks like a zip archive, such as Keras and skops write",
    b"\x89HDF": "it looks like an HDF5 file, such as Keras writes",
}


def save(model: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a model to a file.

    The file holds parameters, fitted attributes, the optimizer's state and the random
    state, so that ``partial_fit`` after `load` goes on bit for bit. The same model
    gives the same bytes.

    Parameters
    ----------
    model : estimator or transformer
        Of this package or of scikit-learn, fitted or not: a Pipeline or a search, too.
    path : path-like
        The file. It is replaced in one move once the new one is safely on the disk:
        whatever interrupts the writing, there is the old file or the new one.

    Raises
    ------
    TypeError
        If `model` is no estimator.
    ValueError
        If part of it is no data that `load` would take, or does not come back as it
        was: callbacks, functions, classes of others.
    OSError
        As the file system says it.

    See Also
    --------
    load : Read the file.

    Examples
    --------
    >>> import os, tempfile
    >>> import skseq
    >>> encoder = skseq.OneHotSequence().fit([["c", "a", "b"]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "encoder.skseq")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path).categories_
    array(['a', 'b', 'c'], dtype='<U1')
    """
    path = os.fspath(path)
    if not isinstance(model, BaseEstimator):
        is_class = isinstance(model, type)
        called = f"the class {_name(model)}" if is_class else _name(type(model))
        raise TypeError(
            "skseq.save takes estimators and transformers of skseq and scikit-learn; "
            f"got {called}. {_JOBLIB}"
        )
    way_out = _JOBLIB
    try:
        for key, value in model.get_params().items():
            if key.endswith("callbacks") and value:
                way_out = f"Call set_params({key}=None) first: callbacks are code."
                raise ValueError("it has callbacks")
        data = _packed(model)
        if _packed(_unpacked(data)) != data:
            raise ValueError(
                "part of it comes back otherwise than it was, as keys True and False "
                "of a dict do"
            )
    except Exception as error:
        raise ValueError(
            f"skseq.save has no place for this {type(model).__name__}: "
            f"{_detail(error)}. {way_out}"
        ) from None
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def load(path: str | os.PathLike[str]) -> Any:
    """Read a model from a file that `save` wrote.

    No code from the file runs, whoever made it: it may name classes of this package
    and of scikit-learn, and is refused before anything is made of it if it names more.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    estimator or transformer
        Equal to what was saved.

    Raises
    ------
    ValueError
        If it is no such file, is damaged, or names what is not to be trusted.
    OSError
        As the file system says it.

    See Also
    --------
    save : Write the file.

    Examples
    --------
    >>> import os, tempfile
    >>> import skseq
    >>> encoder = skseq.OneHotSequence().fit([["c", "a", "b"]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "encoder.skseq")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path)
    OneHotSequence()
    """
    name = os.fspath(path)
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise ValueError(f"{name!r} is not a regular file; give the path of a model.")
    with open(name, "rb") as file:
        data = file.read()
    way_out = "Restore it from a copy, or fit and save the model again."
    if data.startswith(_BEFORE_SKOPS):
        raise ValueError(
            f"{name!r} is of the format that skseq wrote before it took to skops, and "
            f"skseq {skseq.__version__} does not read it. Fit the model again and save "
            "it with this version."
        )
    if not data.startswith(_ZIP) or data[_NAME_AT:][: len(_NAME)] != _NAME:
        looks = [look for begin, look in _LOOKS.items() if data.startswith(begin)]
        what = looks[0] if looks else "it is another file" if data else "it is empty"
        raise ValueError(f"{name!r} is not a model that skseq.save wrote: {what}.")
    try:
        if _digest(memoryview(data)[:-_DIGITS]) != data[-_DIGITS:]:
            raise ValueError("its checksum does not fit its content")
        writer = _entries(data)[_NAME.decode()].decode()
        if writer != skseq.__version__:
            way_out = f"It is of skseq {writer}, and this is skseq {skseq.__version__}."
        return _unpacked(data)
    except Exception as error:
        raise ValueError(
            f"{name!r} is damaged or was not written by skseq.save: {_detail(error)}. "
            f"{way_out}"
        ) from None


def _detail(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    text = str(error).strip().partition("\n")[0].removesuffix(".")[:300]
    return text if type(error) is ValueError else f"{type(error).__name__}: {text}"


def _name(kind: Any) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


# ---- one form --------------------------------------------------------------------


def _packed(model: BaseEstimator) -> bytes:
    """Give what skops makes of a model, without a trace of when and where it did."""
    entries = _entries(skops.io.dumps(_without_owners(model)))
    schema = json.loads(entries.pop("schema.json"))
    nodes = [node for _, node in _nodes(schema)]
    # Whether two places share an object matters only where it can be changed.
    times = Counter(node["__id__"] for node in nodes)
    files = {}
    for node in nodes:
        if times[node["__id__"]] == 1 or not _is_mutable(node):
            del node["__id__"]
        if "file" in node:
            content = entries[node["file"]]
            node["file"] = f"{_digest(content).decode()}{node['file'][-4:]}"
            files[node["file"]] = content
        if node["__loader__"] == "FunctionNode":
            # skops names the first module that happens to have the function.
            found = getattr(sys.modules.get(node["__module__"]), node["__class__"], 0)
            for home in _UFUNCS:
                if getattr(sys.modules[home], node["__class__"], None) is found:
                    node["__module__"] = home
    for node in nodes:
        if node["__loader__"] == "SetNode":
            node["content"].sort(key=json.dumps)
        if node["__loader__"] == "ObjectNode" and _attributes(node.get("content")):
            node["content"]["content"] = dict(
                sorted(node["content"]["content"].items())
            )
    numbers: dict[int, int] = {}
    for _, node in _nodes(schema):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, content in {
            _NAME.decode(): skseq.__version__,
            "schema.json": json.dumps(schema),
            **dict(sorted(files.items())),
        }.items():
            info = ZipInfo(name)  # of the first day that zip knows
            info.create_system = 3
            archive.writestr(info, content)
        archive.comment = _COMMENT + b"0" * _DIGITS
    data = buffer.getvalue()[:-_DIGITS]
    return data + _digest(data)


def _without_owners(model: BaseEstimator) -> BaseEstimator:
    """Cut what leads from requests for metadata back to who has them: skops cannot."""
    parts: dict[Any, Any] = {None: model, **model.get_params()}
    if any(_requests(part) for part in parts.values()):
        parts = {}
        model = deepcopy(model, parts)  # which leaves all that it has copied in parts
        for part in parts.values():
            _set_owner(part, part, None)
    return model


def _with_owners(model: BaseEstimator) -> BaseEstimator:
    parts: dict[int, Any] = {}
    model = deepcopy(model, parts)
    for part in parts.values():
        _set_owner(part, None, part)
    return model


def _requests(part: Any) -> list[Any]:
    request = getattr(part, "__dict__", {}).get("_metadata_request")
    return [] if request is None else [request, *vars(request).values()]


def _set_owner(part: Any, old: Any, new: Any) -> None:
    for request in _requests(part):
        if hasattr(request, "owner") and request.owner is old:
            request.owner = new


def _entries(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        if any(info.compress_type != ZIP_STORED for info in archive.infolist()):
            raise ValueError("it is compressed")
        return {name: archive.read(name) for name in archive.namelist()}


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def _nodes(value: Any, place: str = "") -> Iterator[tuple[str, dict]]:
    """Walk what skops makes of objects, with the attributes that lead to each."""
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, place)
    elif isinstance(value, dict):
        if "__loader__" in value:
            yield place, value
        for key, item in value.items():
            if key == "content" and value.get("__loader__") == "DictNode":
                for name, child in item.items():
                    yield from _nodes(child, f"{place}.{name}")
            else:
                yield from _nodes(item, place)


def _is_mutable(node: dict) -> bool:
    kinds = "Dict", "List", "MaskedArray", "NdArray", "Object", "RandomState", "Set"
    is_scalar = node["__loader__"] == "NdArrayNode" and node["__class__"] != "ndarray"
    return node["__loader__"].removesuffix("Node") in kinds and not is_scalar


def _attributes(node: dict | None) -> dict[str, dict] | None:
    """Give the content of a dict whose keys are plain strings, of None nothing."""
    if node is None or (node["__loader__"] == "JsonNode" and node["content"] == "null"):
        return {}
    if node["__loader__"] != "DictNode":
        return None
    keys = [f"{key['__module__']}.{key['__class__']}" for key in _key_types(node)]
    return node["content"] if keys == ["builtins.str"] * len(node["content"]) else None


def _key_types(node: dict) -> list[dict]:
    return node["key_types"]["content"]


# ---- trust -----------------------------------------------------------------------


def _unpacked(data: bytes) -> BaseEstimator:
    """Make the model of a file after a look at everything that it names.

    skops trusts names; here it is also the kind of place in which a name stands that
    decides, so that no class is called which should only be filled.
    """
    entries = _entries(data)
    schema = json.loads(entries["schema.json"])
    if schema["protocol"] < 2:  # read by other rules
        raise ValueError(f"it is of skops' protocol {schema['protocol']}")
    named = {"skseq"}
    numbered: dict[int, dict] = {}
    for place, node in _nodes(schema):
        where = f" in {place[1:]}" if place else ""
        name = f"{node['__module__']}.{node['__class__']}"
        if not _is_trusted(node["__loader__"], node["__module__"], node["__class__"]):
            raise ValueError(f"it has {name}{where}, which loading does not trust")
        if fault := _fault(node, entries):
            raise ValueError(f"it has {fault}{where}")
        # skops takes the first of those that claim to be the same object.
        if "__id__" in node and numbered.setdefault(node["__id__"], node) != node:
            raise ValueError(f"it has different objects under one number{where}")
        named.add(name)
    model = skops.io.loads(data, trusted=sorted(named))
    if not isinstance(model, BaseEstimator):
        raise ValueError(f"it holds no estimator but a {type(model).__name__}")
    return _with_owners(model) if _name(MetadataRequest) in named else model


_SCALARS = set(np.sctypeDict.values()) - {np.void, np.object_}
_TRUSTED: dict[str, set[Any]] = {
    "BytesNode": {bytes},
    "DTypeNode": {np.dtype},
    "DictNode": {dict, Bunch},
    "JsonNode": {str},
    "ListNode": {list},
    "MaskedArrayNode": {np.ma.MaskedArray},
    "NdArrayNode": {np.ndarray, *_SCALARS},
    "RandomStateNode": {np.random.RandomState},
    "SetNode": {set},
    "SliceNode": {slice},
    "TupleNode": {tuple},
    "TypeNode": {bool, float, int, object, str, *_SCALARS},
}
_NAMES = {loader: {_name(kind) for kind in _TRUSTED[loader]} for loader in _TRUSTED}
_UFUNCS = ("numpy", "scipy.special")
_LOSSES = ("sklearn._loss._loss", "sklearn.linear_model._sgd_fast")
# Where scikit-learn's estimators find what they keep that is no estimator itself.
# Trees are left out: scikit-learn follows their indices without looking, so that a
# forged one could read any memory. skops does not trust them either.
_PARTS = (
    "sklearn._loss.link",
    "sklearn._loss.loss",
    "sklearn.calibration",
    "sklearn.compose._column_transformer",
    "sklearn.gaussian_process.kernels",
    "sklearn.metrics._scorer",
    "sklearn.model_selection._split",
    "sklearn.neural_network._stochastic_optimizers",
    "sklearn.utils._metadata_requests",
)


def _is_trusted(loader: str, module: str, name: str) -> bool:
    if loader == "FunctionNode" and module in _UFUNCS:
        return isinstance(vars(sys.modules[module]).get(name), np.ufunc)
    if loader == "FunctionNode":
        return f"{module}.{name}" in _scores()
    if loader == "LossNode":
        return module in _LOSSES and _class_of(module, name) is not None
    if loader != "ObjectNode":
        return f"{module}.{name}" in _NAMES.get(loader, ())
    kind = _class_of(module, name)
    if kind is None or issubclass(kind, BaseEstimator):
        return kind is not None
    return module in _PARTS or (module.startswith("skseq.") and is_dataclass(kind))


def _class_of(module: str, name: str) -> type | None:
    """Return a class of this package or of scikit-learn by the name that it gives."""
    if module.startswith("skseq.") and not module.startswith("skseq.experiments"):
        import_module(module)
    elif not module.startswith("sklearn."):
        return None
    # Importing skops has imported all of scikit-learn that has an estimator; what a
    # module would import when asked for an attribute is not asked for.
    kind = getattr(sys.modules.get(module), "__dict__", {}).get(name)
    right = isinstance(kind, type) and _name(kind) == f"{module}.{name}"
    return kind if right else None


@cache
def _scores() -> set[str]:
    """Names of the functions that scikit-learn's scorers of a name call."""
    return {_name(get_scorer(name)._score_func) for name in get_scorer_names()}


def _fault(node: dict, entries: dict[str, bytes]) -> str | None:
    """Say what would mislead skops, NumPy or us later."""
    loader, content = node["__loader__"], node.get("content")
    if loader == "DictNode":  # whose types of keys are called
        types = {key["__loader__"] for key in _key_types(node)}
        return "a dict whose keys are of no type" if types - {"TypeNode"} else None
    if loader == "NdArrayNode" and node["type"] == "numpy":
        is_array = entries[node["file"]].startswith(b"\x93NUMPY")
        return None if is_array else "an array that is none"
    if loader == "RandomStateNode":
        state = _attributes((_attributes(content) or {}).get("state")) or {}
        at = state.get("pos", {"__loader__": None})
        # NumPy does not look at it, and would read beyond its numbers.
        right = at["__loader__"] == "JsonNode" and 0 <= json.loads(at["content"]) <= 624
        return None if right else "a random state that is no Mersenne twister's"
    if loader != "ObjectNode":
        return None
    attributes = _attributes(content)
    if attributes is None:
        return "an object without attributes"
    if "memory" in attributes and _attributes(attributes["memory"]) != {}:
        return "a cache, from which joblib would run code: set memory=None"
    kind: Any = _class_of(node["__module__"], node["__class__"])
    if kind.__module__.startswith("skseq."):
        is_record = is_dataclass(kind)
        owed = [f.name for f in fields(kind)] if is_record else kind._get_param_names()
        if lacking := sorted({*owed} - {*attributes}):
            return f"a {kind.__name__} without {lacking}"
    return None
