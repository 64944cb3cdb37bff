"""The networks as Keras models of stock layers, one function per topology."""

from __future__ import annotations

import keras

from skseq.networks.compiled import WALKS
from skseq.networks.spec import NetworkSpec, RecurrentLayer

__all__ = ["keras_model"]


def keras_model(spec: NetworkSpec, n_timesteps: int | None) -> keras.Model:
    """Build a network of stock Keras layers, for whole sequences.

    It has the weights of the spec in their order, needs no class of this project to
    be loaded elsewhere, and is what an estimator shows as ``model_``.

    Parameters
    ----------
    spec : NetworkSpec
        What to build; ``tokens`` is left out of account: the model reads
        one-hot features.
    n_timesteps : int or None
        Time steps of its input; None for any number.

    Returns
    -------
    keras.Model
        Maps ``(n, n_timesteps, n_features)`` to the outputs before softmax or
        sigmoid.
    """
    x = keras.Input((n_timesteps, spec.n_features), dtype=spec.dtype)
    layers = [
        WALKS[layer.cell].keras_layer(layer.units, **_options(spec, layer))
        for layer in spec.layers
    ]
    return keras.Model(x, _TOPOLOGIES[spec.topology](spec, layers, x))


def _recurrent(spec, layers, x):
    """Read with one layer; outputs at every step or from the last state."""
    (layer,) = layers
    outputs, h, *_ = layer(x)
    head = _head(spec)
    if spec.answers_steps:
        return head(outputs)
    shape = (spec.out_steps, spec.out_width)
    vectors = keras.layers.Reshape(shape, name="vectors", dtype=spec.dtype)
    return vectors(head(h))


def _encoder_decoder(spec, layers, x):
    """Encode the row, repeat the code once an output step, decode."""
    encoder, decoder = layers
    _, code, *_ = encoder(x)
    repeat = keras.layers.RepeatVector(spec.out_steps, name="repeat", dtype=spec.dtype)
    outputs, *_ = decoder(repeat(code))
    return _head(spec)(outputs)


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _options(spec: NetworkSpec, layer: RecurrentLayer) -> dict:
    # Without seeds Keras draws some, from Python's global generator.
    return {
        "return_state": True,
        "kernel_initializer": keras.initializers.GlorotUniform(seed=0),
        "recurrent_initializer": keras.initializers.Orthogonal(seed=0),
        "seed": 0,
        "dtype": spec.dtype,
        "name": layer.name,
        "return_sequences": layer.every_step,
    }


def _head(spec: NetworkSpec) -> keras.layers.Dense:
    seeded = keras.initializers.GlorotUniform(seed=0)
    return keras.layers.Dense(
        spec.head_width, kernel_initializer=seeded, name="head", dtype=spec.dtype
    )
