"""Recurrent networks as scikit-learn estimators."""

from importlib import import_module
from typing import Any

_HOMES = {
    "LagFramer": "skseq.preprocessing",
    "OneHotSequence": "skseq.preprocessing",
    "SupervisedWindower": "skseq.preprocessing",
}
_MODULES = ("baselines", "datasets", "metrics", "preprocessing")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"skseq.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'skseq' has no attribute {name!r}")
