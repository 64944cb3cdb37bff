"""What a network computes inside of a compiled program, one function per topology.

A network reads one *piece* (a fixed number of time steps of each row of a batch) and
the recurrent states it starts from, and gives its outputs and the states it ends with.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from skseq.networks.gru import walk as gru_walk
from skseq.networks.loops import flat
from skseq.networks.lstm import walk as lstm_walk
from skseq.networks.rnn import walk as rnn_walk
from skseq.networks.spec import NetworkSpec, RecurrentLayer

__all__ = ["WALKS", "run"]

# What each cell has that imports TensorFlow, by its name in the spec.
WALKS = {"lstm": lstm_walk, "gru": gru_walk, "rnn": rnn_walk}


def run(
    spec: NetworkSpec,
    weights: Sequence[tf.Tensor],
    x: tf.Tensor,
    mask: tf.Tensor | None,
    states: Sequence[tf.Tensor],
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a network over a piece; differentiable.

    Parameters
    ----------
    spec : NetworkSpec
    weights : sequence of tensor
        In the order of ``spec.weight_shapes``.
    x : tensor of shape (batch, piece_steps, n_features)
        Symbol indices of shape ``(batch, piece_steps, 1)`` where ``spec.tokens``.
    mask : tensor of bool, shape (batch, piece_steps), or None
        Which steps are real.
    states : sequence of tensor of shape (batch, units)
        Layer by layer.

    Returns
    -------
    outputs : tensor of shape (batch, out_steps, out_width)
        Before any softmax or sigmoid.
    states : list of tensor
        At the end.
    """
    *recurrent, kernel, bias = weights
    layers = []
    for layer in spec.layers:
        n = len(layer.weight_shapes)
        layers.append(_Layer(layer, recurrent[:n], list(states[: layer.n_states])))
        recurrent, states = recurrent[n:], states[layer.n_states :]
    # Time first: the walk then reads and writes whole contiguous slices.
    steps = tf.transpose(x, (1, 0, 2))
    keep = None if mask is None else tf.transpose(mask)[:, :, None]
    read = _TOPOLOGIES[spec.topology](spec, layers, steps, keep)
    outputs = tf.matmul(flat(read), kernel) + bias
    after = [state for layer in layers for state in layer.states]
    if spec.readout == "last":
        return tf.reshape(outputs, (-1, spec.out_steps, spec.out_width)), after
    outputs = tf.reshape(outputs, (*read.shape[:2], spec.out_width))
    return tf.transpose(outputs, (1, 0, 2)), after


class _Layer:
    """A recurrent layer in a state, which reading moves on."""

    def __init__(
        self,
        layer: RecurrentLayer,
        weights: Sequence[tf.Tensor],
        states: Sequence[tf.Tensor],
    ):
        self._layer, self._weights, self.states = layer, weights, list(states)

    def read(self, x: tf.Tensor, keep: tf.Tensor | None, *, tokens: bool = False):
        """Read steps ``(time, batch, n_inputs)``; outputs of each step, or None."""
        kernel, recurrent, bias = self._weights
        walk = WALKS[self._layer.cell]
        x, shape = flat(x), (*x.shape[:2], kernel.shape[-1])
        product = tf.gather(kernel, x[:, 0]) if tokens else tf.matmul(x, kernel)
        drive = tf.reshape(product + walk.input_bias(bias), shape)
        outputs, self.states = walk.walk(
            drive,
            recurrent,
            bias,
            self.states,
            keep,
            every_step=self._layer.every_step,
        )
        return outputs


def _recurrent(spec, layers, x, keep):
    """Read with one layer; outputs at every step or from the last state."""
    (layer,) = layers
    outputs = layer.read(x, keep, tokens=spec.tokens)
    # h, not the last step's output: it outlives masked steps at a row's end.
    return outputs if spec.answers_steps else layer.states[0]


def _encoder_decoder(spec, layers, x, keep):
    """Encode the row, repeat the code once an output step, decode."""
    encoder, decoder = layers
    encoder.read(x, keep, tokens=spec.tokens)
    code = encoder.states[0]
    return decoder.read(tf.tile(code[None], (spec.out_steps, 1, 1)), None)


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}
