"""Losses, from outputs before softmax or sigmoid, one number per output step.

Each has the value and gradient of the Keras loss of its name (with
``from_logits=True`` where there is such a choice).
"""

from __future__ import annotations

import tensorflow as tf

__all__ = ["LOSSES"]


def _categorical_crossentropy(targets, outputs):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs)


def _binary_crossentropy(targets, outputs):
    hot = tf.one_hot(targets, outputs.shape[-1], dtype=outputs.dtype)
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=hot, logits=outputs), axis=-1
    )


def _mean_squared_error(targets, outputs):
    return tf.reduce_mean(tf.math.squared_difference(outputs, targets), axis=-1)


def _mean_absolute_error(targets, outputs):
    return tf.reduce_mean(tf.abs(outputs - targets), axis=-1)


def _huber(targets, outputs):
    error = tf.abs(outputs - targets)
    return tf.reduce_mean(tf.where(error <= 1, error * error / 2, error - 0.5), axis=-1)


LOSSES = {
    "categorical_crossentropy": _categorical_crossentropy,
    "binary_crossentropy": _binary_crossentropy,
    "mean_squared_error": _mean_squared_error,
    "mean_absolute_error": _mean_absolute_error,
    "huber": _huber,
}
