"""What each estimator's parameters may be; needs no TensorFlow.

The estimators validate with these, and so does the pipeline, before any
process has paid for importing TensorFlow.
"""

from __future__ import annotations

from numbers import Integral, Real

from sklearn.utils._param_validation import Hidden, Interval, StrOptions

from skseq.training.options import (
    CLASSIFIER_LOSSES,
    OPTIMIZER_OPTIONS,
    REGRESSOR_LOSSES,
)

__all__ = ["PARAMETER_CONSTRAINTS"]

_POSITIVE = Interval(Integral, 1, None, closed="left")
_RATE = Interval(Real, 0, None, closed="neither")

_COMMON = {
    "units": [_POSITIVE],
    "epochs": [_POSITIVE],
    "batch_size": [_POSITIVE, None],
    "optimizer": [StrOptions(set(OPTIMIZER_OPTIONS))],
    "learning_rate": [_RATE],
    "global_clipnorm": [_RATE, None],
    "truncated_bptt_steps": [_POSITIVE, None],
    "forget_bias": [
        StrOptions({"unit", "chrono"}),
        Interval(Real, None, None, closed="neither"),
    ],
    "max_lag": [Interval(Integral, 2, None, closed="left"), None],
    # NaN is a mask value as good as any.
    "mask_value": [Interval(Real, None, None, closed="neither"), Hidden(Real), None],
    "shuffle": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    "n_iter_no_change": [_POSITIVE],
    "tol": [Interval(Real, 0, None, closed="left")],
    "warm_start": ["boolean"],
    "callbacks": [list, tuple, None],
    "n_outputs": [_POSITIVE, None],
    "dtype": [StrOptions({"float32", "float64"})],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
}

_CLASSIFIER = {
    **_COMMON,
    "loss": [StrOptions(set(CLASSIFIER_LOSSES))],
    "class_weight": [StrOptions({"balanced"}), dict, None],
}

PARAMETER_CONSTRAINTS: dict[str, dict[str, list]] = {
    "StatefulLSTMClassifier": _CLASSIFIER,
    "StatefulLSTMRegressor": {**_COMMON, "loss": [StrOptions(set(REGRESSOR_LOSSES))]},
    "Seq2SeqEcho": _CLASSIFIER,
    "EncoderDecoderEcho": _CLASSIFIER,
}
