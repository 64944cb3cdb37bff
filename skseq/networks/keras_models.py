"""Keras networks, one function per topology.

A network reads one *piece* (a fixed number of time steps of each row of a
batch) and the recurrent states it starts from, and gives its outputs and the
states it ends with.  Networks know nothing of labels, files or training.
"""

from __future__ import annotations

import keras

from skseq.networks.lstm import walk as lstm_walk
from skseq.networks.spec import NetworkSpec, RecurrentLayer

__all__ = ["build_network", "inference_model"]

WALKS = {"lstm": lstm_walk}


def build_network(spec: NetworkSpec, batch_size: int) -> keras.Model:
    """Build the network that the compiled run drives.

    Parameters
    ----------
    spec : NetworkSpec
        What to build.
    batch_size : int
        Rows of a batch; fixed, since a compiled program has fixed shapes.

    Returns
    -------
    keras.Model
        Maps ``[x, (mask,) h, c, ...]`` to ``[outputs, h, c, ...]`` with outputs
        of shape ``(batch_size, out_steps, out_width)``, before any softmax or
        sigmoid.
    """
    width = 1 if spec.tokens else spec.n_features
    steps = (batch_size, spec.piece_steps)
    x = keras.Input(
        batch_shape=(*steps, width), dtype="int32" if spec.tokens else spec.dtype
    )
    mask = keras.Input(batch_shape=steps, dtype="bool") if spec.masked else None
    states = [
        keras.Input(batch_shape=(batch_size, width), dtype=spec.dtype)
        for width in spec.state_widths
    ]
    layers = [_layer(spec, layer, scanned=True) for layer in spec.layers]
    outputs, new_states = _TOPOLOGIES[spec.topology](spec, layers, x, mask, states)
    inputs = [x, mask, *states] if spec.masked else [x, *states]
    return keras.Model(inputs, [outputs, *new_states], name="network")


def inference_model(spec: NetworkSpec, n_timesteps: int | None) -> keras.Model:
    """Build the same network of stock Keras layers, for whole sequences.

    It has the weights of :func:`build_network` in the same order, needs no
    class of this project to be loaded elsewhere, and is what an estimator
    shows as ``model_``.

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
    layers = [_layer(spec, layer, scanned=False) for layer in spec.layers]
    states = [None for _ in spec.state_widths]
    outputs, _ = _TOPOLOGIES[spec.topology](spec, layers, x, None, states)
    return keras.Model(x, outputs)


def _recurrent(spec, layers, x, mask, states):
    """Read with one layer; outputs at every step or from the last state."""
    (layer,) = layers
    outputs, h, *rest = layer(x, mask=mask, initial_state=_given(states))
    head = _head(spec)
    if spec.answers_steps:
        return head(outputs), [h, *rest]
    # h, not the sequence's last step: it outlives masked steps at a row's end.
    shape = (spec.out_steps, spec.out_width)
    vectors = keras.layers.Reshape(shape, name="vectors", dtype=spec.dtype)
    return vectors(head(h)), [h, *rest]


def _encoder_decoder(spec, layers, x, mask, states):
    """Encode the row, repeat the code once an output step, decode."""
    encoder, decoder = layers
    n = spec.layers[0].n_states
    _, code, *encoded = encoder(x, mask=mask, initial_state=_given(states[:n]))
    repeat = keras.layers.RepeatVector(spec.out_steps, name="repeat", dtype=spec.dtype)
    sequence, *decoded = decoder(repeat(code), initial_state=_given(states[n:]))
    return _head(spec)(sequence), [code, *encoded, *decoded]


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _layer(spec: NetworkSpec, layer: RecurrentLayer, *, scanned: bool):
    """A recurrent layer: for the compiled run, or of stock Keras."""
    walk = WALKS[layer.cell]
    if not scanned:
        return walk.keras_layer(layer.units, **_options(spec, layer))
    first = layer == spec.layers[0]
    n_tokens = spec.n_features if spec.tokens and first else None
    return walk.scan_layer(layer.units, n_tokens, **_options(spec, layer))


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


def _given(states):
    return None if states[0] is None else states
