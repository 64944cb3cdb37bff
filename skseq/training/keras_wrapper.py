"""The one door to scikeras: it builds Keras models and routes ``optimizer__…``.

scikeras 0.13, its last release, goes wrong under today's scikit-learn in ways that only
an estimator that inherits from it shows (tags, parameters, clones, printing, targets of
three dimensions), so estimators hand their parameters to a wrapper here instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

# TensorFlow greets with ten lines about GPUs that are not there; whoever wants them
# sets the variable.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
from scikeras.wrappers import BaseWrapper

__all__ = ["build", "build_compiled"]

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        f"skseq trains with Keras on TensorFlow, but Keras is set to "
        f"{keras.backend.backend()!r}. Set the environment variable "
        "KERAS_BACKEND=tensorflow (or remove it) before Keras is first imported."
    )


class _Wrapper(BaseWrapper):
    # Where a seed is set, scikeras switches TensorFlow's op determinism on for the
    # whole process, and leaves it on. Our seeds go into first weights and schedules.
    _random_state = None


def build(function: Callable[..., keras.Model], **arguments: Any) -> keras.Model:
    """Build a Keras model.

    Parameters
    ----------
    function : callable
        Makes it.
    **arguments : dict
        What it takes.

    Returns
    -------
    keras.Model
    """
    routed = {f"model__{name}": value for name, value in arguments.items()}
    return _Wrapper(model=function, **routed)._build_keras_model()


def build_compiled(
    function: Callable[..., keras.Model],
    optimizer: str,
    options: Mapping[str, Any],
    **arguments: Any,
) -> keras.Model:
    """Build a Keras model that has an optimizer.

    Parameters
    ----------
    function : callable
        Makes the model.
    optimizer : str
        Keras' name of it.
    options : mapping
        Its options, under Keras' names.
    **arguments : dict
        What `function` takes.

    Returns
    -------
    keras.Model
    """
    routed = {f"model__{name}": value for name, value in arguments.items()}
    routed |= {f"optimizer__{name}": value for name, value in options.items()}
    wrapper = _Wrapper(model=function, optimizer=optimizer, **routed)
    model = wrapper._build_keras_model()
    model.compile(optimizer=wrapper._get_compile_kwargs()["optimizer"])
    return model
