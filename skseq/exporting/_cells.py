"""Kinds of recurrent layers: the nodes of one step, and ONNX's own operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["LSTM", "Cell"]


@dataclass(frozen=True)
class Cell:
    """A kind of recurrent layer.

    Its functions have the time axis first, as ONNX's loops do.

    Attributes
    ----------
    states : tuple of str
        What it carries from step to step; the first is its output.
    drive : callable
        ``(graph, x, weights)`` gives what the inputs add, at all steps at once, to
        what the states do at each: (t, n, width).
    step : callable
        ``(body, drive, states, recurrent)`` gives the states after a step, in the
        body of a loop.
    operator : callable
        ``(graph, x, states, weights, every_step)`` gives the outputs (t, n, units) of
        a whole row and the states after it, by the runtime's own loop.
    """

    states: tuple[str, ...]
    drive: Callable
    step: Callable
    operator: Callable


def _lstm_drive(graph, x, weights):
    kernel, _, bias = weights
    product = graph.add("MatMul", x, graph.constant(kernel, "kernel"))
    return graph.add("Add", product, graph.constant(bias, "bias"))


def _lstm_step(body, drive, states, recurrent):
    h, c = states
    z = body.add("Add", drive, body.add("MatMul", h, recurrent))
    i, f, g, o = body.add_many("Split", 4, z, axis=1)
    i, f, o = (body.add("Sigmoid", gate) for gate in (i, f, o))
    kept, new = body.add("Mul", f, c), body.add("Mul", i, body.add("Tanh", g))
    c = body.add("Add", kept, new)
    return body.add("Mul", o, body.add("Tanh", c)), c


def _lstm_operator(graph, x, states, weights, every_step):
    units = weights[1].shape[0]

    def gates(weight):
        """From Keras' order (input, forget, cell, output) to ONNX's."""
        i, f, g, o = np.split(weight, 4, axis=-1)
        return np.concatenate([i, o, f, g], axis=-1)

    kernel, recurrent, bias = map(gates, weights)
    # It takes two biases and adds them.
    biases = np.concatenate([bias, np.zeros_like(bias)])
    direction = graph.constant([0])
    sequence, h, c = graph.add_many(
        "LSTM",
        3,
        x,
        graph.constant(kernel.T[None].copy(), "kernel"),
        graph.constant(recurrent.T[None].copy(), "recurrent"),
        graph.constant(biases[None], "bias"),
        "",  # all rows are as long as X
        *(graph.add("Unsqueeze", state, direction) for state in states),
        hidden_size=units,
    )
    if every_step:
        sequence = graph.add("Squeeze", sequence, graph.constant([1]))
    return sequence, [graph.add("Squeeze", state, direction) for state in (h, c)]


LSTM = Cell(("h", "c"), _lstm_drive, _lstm_step, _lstm_operator)
