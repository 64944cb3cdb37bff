"""What each estimator's parameters may be; needs no TensorFlow.

The estimators validate with these, and so does the pipeline, before any
process has paid for importing TensorFlow.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from numbers import Integral, Real

from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from skseq.training.options import (
    CLASSIFIER_LOSSES,
    OPTIMIZER_OPTIONS,
    REGRESSOR_LOSSES,
    is_schedule,
)

__all__ = ["OPTION_CONSTRAINTS", "PARAMETER_CONSTRAINTS"]


class _Number(Interval):
    """Numbers of an interval; neither booleans nor ints that no float holds."""

    def is_satisfied_by(self, val):
        if isinstance(val, bool) or (isinstance(val, int) and abs(val) > 2**1000):
            return False
        return super().is_satisfied_by(val)


def _one_of(names: Iterable[str]) -> StrOptions:
    # Messages list the keys of a dict in their order, a set in one that changes.
    return StrOptions(dict.fromkeys(names).keys())


_POSITIVE = _Number(Integral, 1, None, closed="left")
_RATE = _Number(Real, 0, None, closed="neither")
_SHARE = _Number(Real, 0, 1, closed="left")

# Beyond this the recurrent weights alone take a gigabyte, and hours to draw.
_WIDTH = _Number(Integral, 1, 2**13, closed="both")


class _Widths(_Number):
    """A number of an interval for each of several layers."""

    def is_satisfied_by(self, val):
        return (
            isinstance(val, (list, tuple))
            and len(val) > 0
            and all(super(_Widths, self).is_satisfied_by(width) for width in val)
        )

    def __str__(self):
        return f"a list or tuple with {super().__str__()} for each layer"


class _Schedule(HasMethods):
    """Keras' schedules of learning rates, or dicts that describe them."""

    def is_satisfied_by(self, val):
        return is_schedule(val)

    def __str__(self):
        return (
            "a schedule of keras.optimizers.schedules or a dict with its 'class_name' "
            "and 'config'"
        )


_LEARNING_RATE = [_RATE, _Schedule("get_config")]

_COMMON: dict[str, list] = {
    "units": [_WIDTH, _Widths(Integral, 1, 2**13, closed="both")],
    "bidirectional": ["boolean"],
    "dropout": [_SHARE],
    "recurrent_dropout": [_SHARE],
    "pooling": [_one_of(["last", "mean", "max"])],
    "epochs": [_POSITIVE],
    "batch_size": [_POSITIVE, None],
    "optimizer": [_one_of(OPTIMIZER_OPTIONS)],
    "learning_rate": _LEARNING_RATE,
    "global_clipnorm": [_RATE, None],
    "rows_abreast": [_POSITIVE],
    "truncated_bptt_steps": [_POSITIVE, None],
    "forget_bias": [
        _one_of(["unit", "chrono"]),
        _Number(Real, None, None, closed="neither"),
    ],
    "max_lag": [_Number(Integral, 2, None, closed="left"), None],
    "mask_value": [_Number(Real, None, None, closed="neither"), math.nan, None],
    "shuffle": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [_Number(Real, 0, 1, closed="neither")],
    "n_iter_no_change": [_POSITIVE],
    "tol": [_Number(Real, 0, None, closed="left")],
    "warm_start": ["boolean"],
    "callbacks": [list, tuple, None],
    "checkpoint": [str, os.PathLike, None],
    "checkpoint_every": [_POSITIVE, None],
    "n_outputs": [_POSITIVE, None],
    "dtype": [_one_of(["float32", "float64"])],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
}

_CLASSIFIER: dict[str, list] = {
    **_COMMON,
    "loss": [_one_of(CLASSIFIER_LOSSES)],
    "class_weight": [_one_of(["balanced"]), dict, None],
}

_REGRESSOR: dict[str, list] = {**_COMMON, "loss": [_one_of(REGRESSOR_LOSSES)]}
_CELL: dict[str, list] = {"cell": [_one_of(["lstm", "gru", "rnn"])]}

PARAMETER_CONSTRAINTS: dict[str, dict[str, list]] = {
    "StatefulLSTMClassifier": _CLASSIFIER,
    "StatefulLSTMRegressor": _REGRESSOR,
    "RecurrentClassifier": {**_CELL, **_CLASSIFIER},
    "RecurrentRegressor": {**_CELL, **_REGRESSOR},
    "Seq2SeqEcho": _CLASSIFIER,
    "EncoderDecoderEcho": {**_CLASSIFIER, "attention": ["boolean"]},
    "EncoderDecoderRegressor": {**_CELL, **_REGRESSOR, "attention": ["boolean"]},
}

# What is routed to the optimizer, in the ranges that Keras allows.
OPTION_CONSTRAINTS: dict[str, list] = {
    "learning_rate": _LEARNING_RATE,
    "beta_1": [_SHARE],
    "beta_2": [_SHARE],
    "rho": [_SHARE],
    "momentum": [_Number(Real, 0, 1, closed="both")],
    "nesterov": ["boolean"],
    "epsilon": [_Number(Real, 0, None, closed="left")],
    "weight_decay": [_Number(Real, 0, None, closed="left")],
    "clipnorm": [_RATE, None],
    "global_clipnorm": [_RATE, None],
    "clipvalue": [_RATE, None],
}
