"""Estimators; importing one imports TensorFlow, importing this does not."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

_HOMES = {
    "EncoderDecoderEcho": "_echo",
    "Seq2SeqEcho": "_echo",
    "StatefulLSTMClassifier": "_classifier",
    "StatefulLSTMRegressor": "_regressor",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        # TensorFlow greets with ten lines about GPUs that are not there; whoever
        # wants them sets the variable.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
