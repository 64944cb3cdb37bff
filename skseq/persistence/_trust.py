"""What a file may name, and what each of its names stands for.

skops trusts names; here it is also the kind of place in which a name stands that
decides, so that no class is called which should only be filled. Nothing is imported
for a file before all of its names were seen to be in place, and then only modules in
which this package's and scikit-learn's estimators stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator
from sklearn.utils import Bunch


def name_of(kind: Any) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


_SCALARS = set(np.sctypeDict.values()) - {np.void, np.object_}
_KINDS: dict[str, set[Any]] = {
    "BytesNode": {bytes},
    "ConstructorFromReduceNode": {range},
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
# What can be told without an import: by the kind of place and the name.
_FIXED = {
    loader: {name_of(kind): kind for kind in kinds} for loader, kinds in _KINDS.items()
}
UFUNCS = ("numpy", "scipy.special")
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
# The modules and packages of scikit-learn in which its estimators stand, and what may
# follow: names, so that each dot leads one folder down.
_HOMES = re.compile(
    r"sklearn\.(calibration|cluster|compose|covariance|cross_decomposition"
    r"|decomposition|discriminant_analysis|dummy|ensemble|feature_extraction"
    r"|feature_selection|frozen|gaussian_process|impute|isotonic|kernel_approximation"
    r"|kernel_ridge|linear_model|manifold|mixture|model_selection|multiclass"
    r"|multioutput|naive_bayes|neighbors|neural_network|pipeline|preprocessing"
    r"|random_projection|semi_supervised|svm|tree)(\.(?!tests\b|conftest\b)\w+)*"
)


def audit(schema: dict, entries: dict[str, bytes]) -> dict[tuple[str, str], Any]:
    """Look at everything that a file names.

    Parameters
    ----------
    schema : dict
        What skops made of a model, as JSON has it.
    entries : dict of bytes
        The files beside it.

    Returns
    -------
    dict
        What the names stand for, by loader and name.

    Raises
    ------
    ValueError
        If a name is not to be trusted, or would mislead us, NumPy or scikit-learn.
    """
    numbered: dict[int, dict] = {}
    for place, node in nodes(schema):
        if not _may_be_trusted(*_names(node)):
            raise _untrusted(node, place)
        if fault := _fault(node, entries):
            raise _faulty(fault, place)
        # The first of those that claim to be the same object is taken.
        if "__id__" in node and numbered.setdefault(node["__id__"], node) != node:
            raise _faulty("different objects under one number", place)
    found: dict[tuple[str, str], Any] = {}
    for place, node in nodes(schema):
        loader, module, name = _names(node)
        key = (loader, f"{module}.{name}")
        found[key] = _found(loader, module, name)
        if found[key] is None:
            raise _untrusted(node, place)
        if loader == "ObjectNode" and (fault := _fault_of(node, found[key])):
            raise _faulty(fault, place)
    return found


def _names(node: dict) -> tuple[str, str, str]:
    return node["__loader__"], node["__module__"], node["__class__"]


def _untrusted(node: dict, place: str) -> ValueError:
    named = f"{node['__module__']}.{node['__class__']}"
    return ValueError(f"it has {named}{_where(place)}, which loading does not trust")


def _faulty(fault: str, place: str) -> ValueError:
    return ValueError(f"it has {fault}{_where(place)}")


def _where(place: str) -> str:
    return f" in {place[1:]}" if place else ""


def _may_be_trusted(loader: str, module: str, name: str) -> bool:
    """Say what can be said without an import."""
    if loader == "FunctionNode":
        return module in UFUNCS or module.startswith("sklearn.metrics.")
    if loader == "LossNode":
        return module in _LOSSES
    if loader == "ObjectNode":
        return is_home(module)
    return f"{module}.{name}" in _FIXED.get(loader, ())


def is_home(module: str) -> bool:
    """Whether a module of that name is one to look for estimators in."""
    if module.startswith("skseq."):
        return not module.startswith("skseq.experiments")
    if module not in _PARTS and not _HOMES.fullmatch(module):
        return False
    file = module.removeprefix("sklearn.").replace(".", "/") + ".py"
    return (Path(sklearn.__file__).parent / file).is_file()


def _found(loader: str, module: str, name: str) -> Any:
    """Return what a name stands for, None unless it is trusted."""
    if loader == "FunctionNode" and module in UFUNCS:
        # What a module would import when asked for an attribute is not asked for.
        ufunc = vars(import_module(module)).get(name)
        return ufunc if isinstance(ufunc, np.ufunc) else None
    if loader == "FunctionNode":
        return _scores().get(f"{module}.{name}")
    if loader not in ("LossNode", "ObjectNode"):
        return _FIXED[loader][f"{module}.{name}"]
    kind = vars(import_module(module)).get(name)
    if not isinstance(kind, type) or name_of(kind) != f"{module}.{name}":
        return None
    is_data = module in _PARTS or (module.startswith("skseq.") and is_dataclass(kind))
    right = loader == "LossNode" or is_data or issubclass(kind, BaseEstimator)
    return kind if right else None


@cache
def _scores() -> dict[str, Any]:
    """Return the functions that scikit-learn's scorers of a name call."""
    from sklearn.metrics import get_scorer, get_scorer_names

    functions = [get_scorer(name)._score_func for name in get_scorer_names()]
    return {name_of(function): function for function in functions}


def _fault(node: dict, entries: dict[str, bytes]) -> str | None:
    """Say what would mislead NumPy or us later."""
    loader, content = node["__loader__"], node.get("content")
    if loader == "DictNode":  # whose types of keys are called
        types = {key["__loader__"] for key in _key_types(node)}
        return "a dict whose keys are of no type" if types - {"TypeNode"} else None
    if loader == "ConstructorFromReduceNode":  # which is called with what it holds
        is_tuple = (
            isinstance(content, dict) and content.get("__loader__") == "TupleNode"
        )
        whole = [_is_whole(end) for end in content["content"]] if is_tuple else []
        return None if whole == [True] * 3 else "a range that is none"
    if loader == "NdArrayNode" and node["type"] == "numpy":
        is_array = entries[node["file"]].startswith(b"\x93NUMPY")
        return None if is_array else "an array that is none"
    if loader == "RandomStateNode":
        state = attributes((attributes(content) or {}).get("state")) or {}
        at = state.get("pos", {"__loader__": None})
        # NumPy does not look at it, and would read beyond its numbers.
        right = at["__loader__"] == "JsonNode" and 0 <= json.loads(at["content"]) <= 624
        return None if right else "a random state that is no Mersenne twister's"
    return None


def _is_whole(node: dict) -> bool:
    """Whether this is a whole number."""
    is_text = node["__loader__"] == "JsonNode"
    return is_text and re.fullmatch("-?[0-9]{1,18}", node["content"]) is not None


def _fault_of(node: dict, kind: Any) -> str | None:
    """Say what would mislead an estimator later."""
    found = attributes(node.get("content"))
    if found is None:
        return "an object without attributes"
    if "memory" in found and attributes(found["memory"]) != {}:
        return "a cache, from which joblib would run code: set memory=None"
    if kind.__module__.startswith("skseq."):
        is_record = is_dataclass(kind)
        owed = [f.name for f in fields(kind)] if is_record else kind._get_param_names()
        if lacking := sorted({*owed} - {*found}):
            return f"a {kind.__name__} without {lacking}"
    return None


def nodes(value: Any, place: str = "") -> Iterator[tuple[str, dict]]:
    """Walk what skops makes of objects, with the attributes that lead to each."""
    if isinstance(value, list):
        for item in value:
            yield from nodes(item, place)
    elif isinstance(value, dict):
        if "__loader__" in value:
            yield place, value
        for key, item in value.items():
            if key == "content" and value.get("__loader__") == "DictNode":
                for name, child in item.items():
                    yield from nodes(child, f"{place}.{name}")
            else:
                yield from nodes(item, place)


def attributes(node: dict | None) -> dict[str, dict] | None:
    """Give the content of a dict whose keys are plain strings, of None nothing."""
    if node is None or (node["__loader__"] == "JsonNode" and node["content"] == "null"):
        return {}
    if node["__loader__"] != "DictNode":
        return None
    keys = [f"{key['__module__']}.{key['__class__']}" for key in _key_types(node)]
    return node["content"] if keys == ["builtins.str"] * len(node["content"]) else None


def _key_types(node: dict) -> list[dict]:
    return node["key_types"]["content"]
