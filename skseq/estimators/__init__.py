"""Estimators: parameters, labels, scores; the first fit imports TensorFlow."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "EncoderDecoderEcho": "_echo",
    "EncoderDecoderRegressor": "_decoder",
    "RecurrentClassifier": "_recurrent",
    "RecurrentRegressor": "_recurrent",
    "Seq2SeqEcho": "_echo",
    "StatefulLSTMClassifier": "_classifier",
    "StatefulLSTMRegressor": "_regressor",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
