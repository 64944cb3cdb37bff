"""What skops makes of a model, brought to one form.

skops is imported when the first model is saved; reading does without.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from copy import deepcopy
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sklearn.base import BaseEstimator

import skseq
from skseq.persistence._reading import (
    DIGITS,
    NAME,
    digest,
    opened,
    requests_of,
    set_owner,
)
from skseq.persistence._trust import UFUNCS, attributes, nodes
from skseq.training.options import SCHEDULES

_COMMENT = b"sha256 "


def packed(model: BaseEstimator) -> bytes:
    """Give what skops makes of a model, without a trace of when and where it did."""
    import skops.io

    model = _without_owners(model)
    entries = opened(skops.io.dumps(model))
    schema = json.loads(entries["schema.json"])
    if any(_is_foreign(n["__module__"], n["__class__"]) for _, n in nodes(schema)):
        entries = opened(skops.io.dumps(_in_plain_terms(model)))
    schema = json.loads(entries.pop("schema.json"))
    found = [node for _, node in nodes(schema)]
    # Whether two places share an object matters only where it can be changed.
    times = Counter(node["__id__"] for node in found)
    files = {}
    for node in found:
        if times[node["__id__"]] == 1 or not _is_mutable(node):
            del node["__id__"]
        if "file" in node:
            content = entries[node["file"]]
            node["file"] = f"{digest(content).decode()}{node['file'][-4:]}"
            files[node["file"]] = content
        if node["__loader__"] == "FunctionNode":
            # skops names the first module that happens to have the function.
            function = getattr(
                sys.modules.get(node["__module__"]), node["__class__"], 0
            )
            for home in UFUNCS:
                if getattr(sys.modules[home], node["__class__"], None) is function:
                    node["__module__"] = home
    for node in found:
        if node["__loader__"] == "SetNode":
            node["content"].sort(key=json.dumps)
        if node["__loader__"] == "ObjectNode" and attributes(node.get("content")):
            node["content"]["content"] = dict(
                sorted(node["content"]["content"].items())
            )
    numbers: dict[int, int] = {}
    for _, node in nodes(schema):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
    return _written(schema, files)


def _written(schema: dict, files: dict[str, bytes]) -> bytes:
    entries = {
        NAME: skseq.__version__.encode(),
        "schema.json": json.dumps(schema).encode(),
        **dict(sorted(files.items())),
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, content in entries.items():
            info = ZipInfo(name)  # of the first day that zip knows
            info.create_system = 3
            archive.writestr(info, content)
        archive.comment = _COMMENT + b"0" * DIGITS
    data = buffer.getvalue()[:-DIGITS]
    return data + digest(data)


def _is_mutable(node: dict) -> bool:
    kinds = "Dict", "List", "MaskedArray", "NdArray", "Object", "RandomState", "Set"
    is_scalar = node["__loader__"] == "NdArrayNode" and node["__class__"] != "ndarray"
    return node["__loader__"].removesuffix("Node") in kinds and not is_scalar


def _without_owners(model: BaseEstimator) -> BaseEstimator:
    """Cut what leads from requests for metadata back to who has them: skops cannot."""
    parts: dict[Any, Any] = {None: model, **model.get_params()}
    if any(requests_of(part) for part in parts.values()):
        parts = {}
        model = deepcopy(model, parts)  # which leaves all that it has copied in parts
        for part in parts.values():
            set_owner(part, part, None)
    return model


def _is_foreign(module: str, name: str) -> bool:
    """Whether it is a schedule of Keras or a path: what data can stand for."""
    home = module.partition(".")[0]
    return home == "pathlib" or (home == "keras" and name in SCHEDULES)


def _in_plain_terms(model: BaseEstimator) -> BaseEstimator:
    """Put dicts in the place of Keras' schedules, and strings in that of paths."""
    parts: dict[int, Any] = {}
    model = deepcopy(model, parts)
    plain: dict[int, Any] = {}
    for part in parts.values():
        kind = type(part)
        if isinstance(part, PurePath):
            plain[id(part)] = str(part)
        elif _is_foreign(kind.__module__, kind.__name__):
            config = part.get_config()
            plain[id(part)] = {"class_name": kind.__name__, "config": config}
    return deepcopy(model, plain)
