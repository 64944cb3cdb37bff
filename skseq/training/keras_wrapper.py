"""The one door to scikeras: it builds Keras models and routes ``optimizer__…``.

scikeras 0.13, its last release, goes wrong under today's scikit-learn in ways that only
an estimator that inherits from it shows (tags, parameters, clones, printing, targets of
three dimensions), so estimators hand their parameters to a wrapper here instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
from scikeras.wrappers import BaseWrapper

from skseq.training.rates import keras_rate

__all__ = ["build"]


class _Wrapper(BaseWrapper):
    # Where a seed is set, scikeras switches TensorFlow's op determinism on for the
    # whole process, and leaves it on. Our seeds go into first weights and schedules.
    _random_state = None


def build(
    function: Callable[..., keras.Model],
    optimizer: str,
    options: Mapping[str, Any],
    n_updates: int,
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
        Its options, under Keras' names, the learning rate among them.
    n_updates : int
        How many there were, for a schedule that lasts a whole fit.
    **arguments : dict
        What `function` takes.

    Returns
    -------
    keras.Model
    """
    routed = {f"model__{name}": value for name, value in arguments.items()}
    rate = keras_rate(options["learning_rate"], n_updates)
    options = {**options, "learning_rate": rate}
    routed |= {f"optimizer__{name}": value for name, value in options.items()}
    wrapper = _Wrapper(model=function, optimizer=optimizer, **routed)
    model = wrapper._build_keras_model()
    model.compile(optimizer=wrapper._get_compile_kwargs()["optimizer"])
    return model
