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
    return keras.Model(x, _TOPOLOGIES[spec.topology](spec, x))


def _recurrent(spec, x):
    """Read; outputs at every step, of the last state, or pooled over steps."""
    outputs, last = _read(spec, spec.reading, x)
    head = _head(spec)
    if spec.answers_steps:
        return head(outputs)
    shape = (spec.out_steps, spec.out_width)
    vectors = keras.layers.Reshape(shape, name="vectors", dtype=spec.dtype)
    return vectors(head(_pooled(spec, outputs) if spec.pools else last))


def _encoder_decoder(spec, x):
    """Encode the row, repeat the code once an output step, decode."""
    encoded, last = _read(spec, spec.reading, x)
    code = _pooled(spec, encoded) if spec.pools else last
    repeat = keras.layers.RepeatVector(spec.out_steps, name="repeat", dtype=spec.dtype)
    decoded, _ = _read(spec, spec.writing, repeat(code))
    if spec.attention:
        attention = keras.layers.Attention(name="attention", dtype=spec.dtype)
        joined = keras.layers.Concatenate(name="attending", dtype=spec.dtype)
        decoded = joined([decoded, attention([decoded, encoded])])
    return _head(spec)(decoded)


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _read(spec, levels, x):
    """Read level by level; outputs of every step or None, and the last ones."""
    for first, *backwards in levels:
        walk = WALKS[first.cell].keras_layer(first.units, **_options(spec, first))
        if backwards:
            name = first.name.removesuffix("_forward")
            walk = keras.layers.Bidirectional(walk, name=name, dtype=spec.dtype)
        x, *states = walk(x)
    if not first.every_step:
        return None, x
    if not backwards:
        return x, states[0]
    both = keras.layers.Concatenate(name=f"{name}_last", dtype=spec.dtype)
    return x, both([states[0], states[first.n_states]])


def _pooled(spec, outputs):
    kinds = {
        "mean": keras.layers.GlobalAveragePooling1D,
        "max": keras.layers.GlobalMaxPooling1D,
    }
    return kinds[spec.pooling](name="pooled", dtype=spec.dtype)(outputs)


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
