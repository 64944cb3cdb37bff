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
    drops: Sequence[tuple[tf.Tensor | None, tf.Tensor | None]] | None = None,
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
    drops : sequence of pairs of tensor, default=None
        For each layer, what its inputs ``(gates, batch, n_inputs)`` and its h
        ``(gates, batch, units)`` are multiplied by, or ``(1, batch, n_inputs)`` where
        all gates see the same; None for neither.

    Returns
    -------
    outputs : tensor of shape (batch, out_steps, out_width)
        Before any softmax or sigmoid.
    states : list of tensor
        At the end.
    """
    *recurrent, kernel, bias = weights
    drops = drops or [(None, None)] * len(spec.layers)
    layers = []
    for layer, drop in zip(spec.layers, drops, strict=True):
        n = len(layer.weight_shapes)
        own, states_of = recurrent[:n], list(states[: layer.n_states])
        layers.append(_Layer(layer, own, states_of, drop))
        recurrent, states = recurrent[n:], states[layer.n_states :]
    # Time first: the walk then reads and writes whole contiguous slices.
    steps = tf.transpose(x, (1, 0, 2))
    keep = None if mask is None else tf.transpose(mask)[:, :, None]
    read = _TOPOLOGIES[spec.topology](spec, iter(layers), steps, keep)
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
        drop: tuple[tf.Tensor | None, tf.Tensor | None] = (None, None),
    ):
        self._layer, self._weights, self.states = layer, weights, list(states)
        self._drop = drop

    def read(
        self,
        x: tf.Tensor,
        keep: tf.Tensor | None,
        *,
        tokens: bool = False,
        repeats: int = 1,
    ):
        """Read steps ``(time, batch, n_inputs)``, or one step again and again; outputs
        of each step, or None."""
        kernel, recurrent, bias = self._weights
        walk = WALKS[self._layer.cell]
        if self._layer.backwards:
            # Padding stands first then, and leaves the zero state as it is.
            x, keep = _reversed(x), None if keep is None else _reversed(keep)
        drive = self._product(x, kernel, tokens) + walk.input_bias(bias)
        drive = tf.reshape(drive, (*x.shape[:2], kernel.shape[-1]))
        outputs, self.states = walk.walk(
            tf.tile(drive, (repeats, 1, 1)),
            recurrent,
            bias,
            self.states,
            keep,
            self._drop[1],
            every_step=self._layer.every_step,
        )
        return (
            _reversed(outputs)
            if self._layer.backwards and outputs is not None
            else outputs
        )

    def _product(self, x, kernel, tokens):
        """What inputs add, by product or by lookup, of shape (time * batch, width)."""
        drop = self._drop[0]
        if drop is None:
            x = flat(x)
            return tf.gather(kernel, x[:, 0]) if tokens else tf.matmul(x, kernel)
        parts = zip(
            tf.unstack(drop), tf.split(kernel, drop.shape[0], axis=1), strict=True
        )
        if not tokens:
            return tf.concat([tf.matmul(flat(x * d), w) for d, w in parts], axis=-1)
        # A symbol is dropped as its feature would be.
        row = tf.tile(tf.range(x.shape[1]), (x.shape[0],))
        at = tf.stack([row, flat(x)[:, 0]], axis=1)
        return tf.concat(
            [tf.gather(w, at[:, 1]) * tf.gather_nd(d, at)[:, None] for d, w in parts],
            axis=-1,
        )


def _reversed(tensor):
    return tf.reverse(tensor, (0,))


def _read(levels, layers, x, keep, **first):
    """Read level by level; outputs of every step or None, and the last ones."""
    for level in levels:
        own = [next(layers) for _ in level]
        outputs = [layer.read(x, keep, **first) for layer in own]
        last = _joined([layer.states[0] for layer in own])
        x = None if outputs[0] is None else _joined(outputs)
        first = {}
    # h, not the last step's output: it outlives masked steps at a row's end.
    return x, last


def _joined(parts):
    return parts[0] if len(parts) == 1 else tf.concat(parts, axis=-1)


def _recurrent(spec, layers, x, keep):
    """Read; outputs at every step, of the last state, or pooled over steps."""
    outputs, last = _read(spec.reading, layers, x, keep, tokens=spec.tokens)
    if spec.answers_steps:
        return outputs
    return _pooled(spec, outputs, keep) if spec.pools else last


def _encoder_decoder(spec, layers, x, keep):
    """Encode the row, repeat the code once an output step, decode."""
    encoded, last = _read(spec.reading, layers, x, keep, tokens=spec.tokens)
    code = _pooled(spec, encoded, keep) if spec.pools else last
    # What the code adds to the gates is the same at every step, and computed once.
    decoded, _ = _read(spec.writing, layers, code[None], None, repeats=spec.out_steps)
    return _attending(decoded, encoded, keep) if spec.attention else decoded


_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _pooled(spec, outputs, keep):
    """Mean or largest output of the real steps; zero where there is none."""
    mean = spec.pooling == "mean"
    if keep is None:
        return (tf.reduce_mean if mean else tf.reduce_max)(outputs, axis=0)
    count = tf.reduce_sum(tf.cast(keep, outputs.dtype), axis=0)
    if mean:
        total = tf.reduce_sum(tf.where(keep, outputs, tf.zeros_like(outputs)), axis=0)
        return tf.math.divide_no_nan(total, count)
    least = tf.fill(outputs.shape, outputs.dtype.min)
    largest = tf.reduce_max(tf.where(keep, outputs, least), axis=0)
    return tf.where(count > 0, largest, tf.zeros_like(largest))


def _attending(decoded, encoded, keep):
    """What was decoded, beside a mean of what was encoded that resembles it."""
    scores = tf.einsum("obu,tbu->otb", decoded, encoded)
    if keep is not None:
        scores = tf.where(keep[None, :, :, 0], scores, scores.dtype.min)
    shares = tf.nn.softmax(scores, axis=1)
    return tf.concat([decoded, tf.einsum("otb,tbu->obu", shares, encoded)], axis=-1)
