"""Models from files: what was looked at whole is made, node by node.

This is what `skops.io.loads` makes of the same file. Importing skops imports all of
scikit-learn, which would take longer than loading and predicting.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.metadata_routing import MetadataRequest

from skseq.persistence._trust import audit, name_of

NAME = "skseq"
DIGITS = 2 * hashlib.sha256().digest_size
# The rules of skops that are followed here.
_PROTOCOL = 2


def unpacked(data: bytes) -> BaseEstimator:
    """Make the model of a file after a look at everything that it names."""
    entries = opened(data)
    schema = json.loads(entries["schema.json"])
    if schema["protocol"] != _PROTOCOL:
        raise ValueError(f"it is of skops' protocol {schema['protocol']}")
    kinds = audit(schema, entries)
    model = _Maker(entries, kinds).make(schema)
    if not isinstance(model, BaseEstimator):
        raise ValueError(f"it holds no estimator but a {type(model).__name__}")
    has_requests = ("ObjectNode", name_of(MetadataRequest)) in kinds
    return _with_owners(model) if has_requests else model


def opened(data: bytes) -> dict[str, bytes]:
    """Give the entries of an archive."""
    with ZipFile(io.BytesIO(data)) as archive:
        if any(info.compress_type != ZIP_STORED for info in archive.infolist()):
            raise ValueError("it is compressed")
        return {name: archive.read(name) for name in archive.namelist()}


def digest(data: bytes | memoryview) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


class _Maker:
    """Makes the objects of one file, each that has a number once."""

    def __init__(self, entries: dict[str, bytes], kinds: dict[tuple[str, str], Any]):
        self.entries, self._kinds = entries, kinds
        self._made: dict[int, Any] = {}

    def make(self, node: dict) -> Any:
        number = node.get("__id__")
        if number in self._made:
            return self._made[number]
        loader = node["__loader__"]
        kind = self._kinds[loader, f"{node['__module__']}.{node['__class__']}"]
        made = _WAYS[loader](self, node, kind)
        if number is not None:
            self._made[number] = made
        return made

    def all_of(self, content: list[dict]) -> list[Any]:
        return [self.make(item) for item in content]


def _bytes(maker: _Maker, node: dict, kind: Any) -> bytes:
    return maker.entries[node["file"]]


def _dtype(maker: _Maker, node: dict, kind: Any) -> np.dtype:
    return maker.make(node["content"]).dtype


def _dict(maker: _Maker, node: dict, kind: Any) -> dict:
    made = kind()
    types = maker.all_of(node["key_types"]["content"])
    for key_type, (key, value) in zip(types, node["content"].items(), strict=False):
        made[key_type(key)] = maker.make(value)
    return made


def _itself(maker: _Maker, node: dict, kind: Any) -> Any:
    """Give a type or a function, which is what its name stands for."""
    return kind


def _items(maker: _Maker, node: dict, kind: Any) -> Any:
    return kind(maker.all_of(node["content"]))


def _json(maker: _Maker, node: dict, kind: Any) -> Any:
    return json.loads(node["content"])


def _loss(maker: _Maker, node: dict, kind: Any) -> Any:
    made = kind(*maker.make(node["__reduce__"]["args"]))
    if state := maker.make(node["content"]):
        made.__setstate__(state)
    return made


def _masked_array(maker: _Maker, node: dict, kind: Any) -> np.ma.MaskedArray:
    data, mask = (maker.make(node["content"][part]) for part in ("data", "mask"))
    return kind(data, mask)


def _array(maker: _Maker, node: dict, kind: Any) -> Any:
    if node["type"] == "numpy":
        found = np.load(io.BytesIO(maker.entries[node["file"]]), allow_pickle=False)
        return found if kind is np.ndarray else kind(found)
    if node["type"] != "json":
        raise ValueError(f"it has an array of type {node['type']!r}")
    shape, content = maker.make(node["shape"]), maker.all_of(node["content"])
    if len(shape) != 1:
        return np.array(content, dtype=object)
    made = np.empty(len(content), dtype=object)
    for place, item in enumerate(content):  # which may be sequences themselves
        made[place] = item
    return made


def _object(maker: _Maker, node: dict, kind: Any) -> Any:
    made = kind.__new__(kind)
    content = node.get("content")
    state = None if content is None else maker.make(content)
    if state is not None and hasattr(made, "__setstate__"):
        made.__setstate__(state)  # scikit-learn's warns of another version
    elif state is not None:
        made.__dict__.update(state)
    return made


def _random_state(maker: _Maker, node: dict, kind: Any) -> np.random.RandomState:
    made = kind()
    made.set_state(maker.make(node["content"]))
    return made


def _range(maker: _Maker, node: dict, kind: Any) -> range:
    return kind(*maker.make(node["content"]))


def _slice(maker: _Maker, node: dict, kind: Any) -> slice:
    return kind(*(node["content"][end] for end in ("start", "stop", "step")))


_WAYS: dict[str, Callable[[_Maker, dict, Any], Any]] = {
    "BytesNode": _bytes,
    "ConstructorFromReduceNode": _range,
    "DTypeNode": _dtype,
    "DictNode": _dict,
    "FunctionNode": _itself,
    "JsonNode": _json,
    "ListNode": _items,
    "LossNode": _loss,
    "MaskedArrayNode": _masked_array,
    "NdArrayNode": _array,
    "ObjectNode": _object,
    "RandomStateNode": _random_state,
    "SetNode": _items,
    "SliceNode": _slice,
    "TupleNode": _items,
    "TypeNode": _itself,
}


# ---- owners of requests for metadata ---------------------------------------------


def _with_owners(model: BaseEstimator) -> BaseEstimator:
    parts: dict[int, Any] = {}
    model = deepcopy(model, parts)
    for part in parts.values():
        set_owner(part, None, part)
    return model


def requests_of(part: Any) -> list[Any]:
    """Give what an estimator keeps of requests for metadata."""
    request = getattr(part, "__dict__", {}).get("_metadata_request")
    return [] if request is None else [request, *vars(request).values()]


def set_owner(part: Any, old: Any, new: Any) -> None:
    """Let what an estimator keeps of requests lead to another than before."""
    for request in requests_of(part):
        if hasattr(request, "owner") and request.owner is old:
            request.owner = new
