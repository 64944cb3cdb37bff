"""Sequence memory for scikit-learn: recurrent networks as estimators.

Public names are loaded when they are first used, so that ``import skseq`` costs
nothing; TensorFlow is imported by the first ``fit``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skseq.estimators._classifier import StatefulLSTMClassifier
    from skseq.estimators._decoder import EncoderDecoderRegressor
    from skseq.estimators._echo import EncoderDecoderEcho, Seq2SeqEcho
    from skseq.estimators._recurrent import RecurrentClassifier, RecurrentRegressor
    from skseq.estimators._regressor import StatefulLSTMRegressor
    from skseq.exporting import export_onnx
    from skseq.persistence import load, save
    from skseq.preprocessing import LagFramer, OneHotSequence, SupervisedWindower

__version__ = "0.2.0"

_HOMES = {
    "EncoderDecoderEcho": "skseq.estimators",
    "EncoderDecoderRegressor": "skseq.estimators",
    "LagFramer": "skseq.preprocessing",
    "OneHotSequence": "skseq.preprocessing",
    "RecurrentClassifier": "skseq.estimators",
    "RecurrentRegressor": "skseq.estimators",
    "Seq2SeqEcho": "skseq.estimators",
    "StatefulLSTMClassifier": "skseq.estimators",
    "StatefulLSTMRegressor": "skseq.estimators",
    "SupervisedWindower": "skseq.preprocessing",
    "export_onnx": "skseq.exporting",
    "load": "skseq.persistence",
    "save": "skseq.persistence",
}
_MODULES = (
    "baselines",
    "datasets",
    "displays",
    "exceptions",
    "forecasting",
    "metrics",
    "preprocessing",
)

__all__ = [
    "EncoderDecoderEcho",
    "EncoderDecoderRegressor",
    "LagFramer",
    "OneHotSequence",
    "RecurrentClassifier",
    "RecurrentRegressor",
    "Seq2SeqEcho",
    "StatefulLSTMClassifier",
    "StatefulLSTMRegressor",
    "SupervisedWindower",
    "baselines",
    "datasets",
    "displays",
    "exceptions",
    "export_onnx",
    "forecasting",
    "load",
    "metrics",
    "preprocessing",
    "save",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"skseq.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'skseq' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
