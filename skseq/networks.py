"""Keras networks, one function per topology.

A network reads one *piece* (a fixed number of time steps of each row of a
batch) and the recurrent states it starts from, and gives its outputs and the
states it ends with.  Networks know nothing of labels, files or training.

Importing this module imports TensorFlow; only training and predicting do.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from skseq.recurrence import ScanLSTM

__all__ = ["NetworkSpec", "build_network", "initial_weights", "inference_model"]


@dataclass(frozen=True)
class NetworkSpec:
    """What a network looks like; equal specs share one compiled program.

    Attributes
    ----------
    topology : {"recurrent", "encoder_decoder"}
        A single LSTM, or an encoder LSTM whose last output is repeated as the
        input of a decoder LSTM.
    units : int
        Width of each LSTM.
    n_features : int
        Features per time step; the number of symbols where ``tokens``.
    piece_steps : int
        Time steps in a piece.
    readout : {"per_step", "last"}
        Whether the output layer reads every time step or the last state.
    out_steps : int
        Steps of the output: ``piece_steps`` where ``readout="per_step"``,
        the length of the decoded sequence, or the number of output vectors
        that the last state gives.
    out_width : int
        Width of the output at each of its steps.
    tokens : bool
        Whether inputs are symbol indices ``(batch, piece_steps, 1)`` instead of
        features ``(batch, piece_steps, n_features)``: the same as one-hot
        features, by lookup instead of by product.
    masked : bool
        Whether a mask ``(batch, piece_steps)`` says which steps are real.
    dtype : {"float32", "float64"}
        Precision of weights and arithmetic.
    """

    topology: str
    units: int
    n_features: int
    piece_steps: int
    readout: str
    out_steps: int
    out_width: int
    tokens: bool = False
    masked: bool = False
    dtype: str = "float32"

    @property
    def n_layers(self) -> int:
        """Number of LSTM layers, each with the two states ``h`` and ``c``."""
        return 2 if self.topology == "encoder_decoder" else 1


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
        keras.Input(batch_shape=(batch_size, spec.units), dtype=spec.dtype)
        for _ in range(2 * spec.n_layers)
    ]
    lstm = _scan_layers(spec)
    outputs, new_states = _TOPOLOGIES[spec.topology](spec, lstm, x, mask, states)
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
    lstm = [
        keras.layers.LSTM(spec.units, **options) for options in _recurrent_options(spec)
    ]
    states = [None, None] * spec.n_layers
    outputs, _ = _TOPOLOGIES[spec.topology](spec, lstm, x, None, states)
    return keras.Model(x, outputs)


def initial_weights(
    spec: NetworkSpec,
    seeds: np.random.RandomState,
    forget_bias: str | float,
    longest_lag: int,
) -> list[np.ndarray]:
    """Draw the weights that training starts from, as Keras draws them.

    Input weights are Glorot uniform, recurrent weights orthogonal, biases zero
    but for the gates: ``"unit"`` sets the forget gate's to 1 (Jozefowicz et al.
    2015, Keras' default), a float to that number, and ``"chrono"`` to
    ``log U(1, T - 1)`` and the input gate's to its negative, so that the cell
    forgets over 1 to T steps (Tallec & Ollivier 2018).

    Parameters
    ----------
    spec : NetworkSpec
        The network.
    seeds : numpy.random.RandomState
        Where the initializers' seeds are drawn from; no global seed is touched.
    forget_bias : {"unit", "chrono"} or float
        How gate biases start.
    longest_lag : int
        T of ``"chrono"``, in time steps.

    Returns
    -------
    list of numpy.ndarray
        In the order of the network's ``trainable_variables``.
    """
    weights = []
    inputs = spec.n_features
    for _ in range(spec.n_layers):
        weights += [
            _glorot((inputs, 4 * spec.units), seeds, spec.dtype),
            _orthogonal((spec.units, 4 * spec.units), seeds, spec.dtype),
            _gate_biases(spec, seeds, forget_bias, longest_lag),
        ]
        inputs = spec.units
    out_width = _head_width(spec)
    weights.append(_glorot((spec.units, out_width), seeds, spec.dtype))
    weights.append(np.zeros(out_width, spec.dtype))
    return weights


def _recurrent(spec, lstm, x, mask, states):
    """Read with one LSTM; outputs at every step or from the last state."""
    (layer,) = lstm
    outputs, h, c = layer(x, mask=mask, initial_state=_given(states))
    head = _head(spec)
    if spec.readout == "per_step":
        return head(outputs), [h, c]
    # h, not the sequence's last step: it outlives masked steps at a row's end.
    shape = (spec.out_steps, spec.out_width)
    vectors = keras.layers.Reshape(shape, name="vectors", dtype=spec.dtype)
    return vectors(head(h)), [h, c]


def _encoder_decoder(spec, lstm, x, mask, states):
    """Encode the row, repeat the code once an output step, decode."""
    encoder, decoder = lstm
    _, code, encoder_c = encoder(x, mask=mask, initial_state=_given(states[:2]))
    repeat = keras.layers.RepeatVector(spec.out_steps, name="repeat", dtype=spec.dtype)
    sequence, h, c = decoder(repeat(code), initial_state=_given(states[2:]))
    head = _head(spec)
    return head(sequence), [code, encoder_c, h, c]


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _scan_layers(spec: NetworkSpec) -> list[ScanLSTM]:
    first, *others = _recurrent_options(spec)
    n_tokens = spec.n_features if spec.tokens else None
    return [
        ScanLSTM(spec.units, n_tokens=n_tokens, **first),
        *(ScanLSTM(spec.units, **options) for options in others),
    ]


def _recurrent_options(spec: NetworkSpec) -> list[dict]:
    """Options of each recurrent layer; outputs of every step only where they are
    read, since gradients by outputs that nobody reads cost time and compilations."""
    # Without seeds Keras draws some, from Python's global generator.
    shared = {
        "return_state": True,
        "kernel_initializer": keras.initializers.GlorotUniform(seed=0),
        "recurrent_initializer": keras.initializers.Orthogonal(seed=0),
        "seed": 0,
        "dtype": spec.dtype,
    }
    if spec.topology == "encoder_decoder":
        read = {"encoder": False, "decoder": True}
    else:
        read = {"lstm": spec.readout == "per_step"}
    return [
        {**shared, "name": name, "return_sequences": sequences}
        for name, sequences in read.items()
    ]


def _head(spec: NetworkSpec) -> keras.layers.Dense:
    seeded = keras.initializers.GlorotUniform(seed=0)
    return keras.layers.Dense(
        _head_width(spec), kernel_initializer=seeded, name="head", dtype=spec.dtype
    )


def _given(states):
    return None if states[0] is None else states


def _head_width(spec: NetworkSpec) -> int:
    """Width of the output layer: all output vectors at once where the last
    state gives several."""
    return spec.out_width * (spec.out_steps if _reads_vectors(spec) else 1)


def _reads_vectors(spec: NetworkSpec) -> bool:
    return spec.topology == "recurrent" and spec.readout == "last"


def _gate_biases(spec, seeds, forget_bias, longest_lag) -> np.ndarray:
    # Keras orders the gates: input, forget, cell, output.
    bias = np.zeros((4, spec.units), spec.dtype)
    if forget_bias == "chrono":
        bias[1] = np.log(seeds.uniform(1, max(longest_lag - 1, 1), spec.units))
        bias[0] = -bias[1]
    else:
        bias[1] = 1.0 if forget_bias == "unit" else forget_bias
    return bias.ravel()


def _glorot(shape, seeds, dtype) -> np.ndarray:
    return _drawn(keras.initializers.GlorotUniform, shape, seeds, dtype)


def _orthogonal(shape, seeds, dtype) -> np.ndarray:
    return _drawn(keras.initializers.Orthogonal, shape, seeds, dtype)


def _drawn(initializer, shape, seeds, dtype) -> np.ndarray:
    seed = int(seeds.randint(np.iinfo(np.int32).max))
    with tf.device("CPU:0"):
        return np.asarray(initializer(seed=seed)(shape, dtype=dtype))
