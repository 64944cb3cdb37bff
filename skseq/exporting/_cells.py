"""Kinds of recurrent layers: the nodes of one step, and ONNX's own operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["CELLS", "Cell"]


@dataclass(frozen=True)
class Cell:
    """A kind of recurrent layer.

    Attributes
    ----------
    states : tuple of str
        What it carries from step to step; the first is its output.
    input_bias : callable
        ``(bias)`` gives the part of the biases that is added to the product of inputs
        and input weights, for all steps at once.
    step : callable
        ``(body, drive, states, weights)`` gives the states after a step, in the body
        of a loop; ``drive`` is what the inputs add.
    operator : str
        ONNX's own, which has the time axis first.
    for_operator : callable
        ``(weights)`` gives arrays of weights with the gates in the operator's order,
        and its two rows of biases.
    attributes : dict
        Of the operator.
    """

    states: tuple[str, ...]
    input_bias: Callable
    step: Callable
    operator: str
    for_operator: Callable
    attributes: dict[str, int]

    def whole(self, graph, x, states, weights, *, every_step, backwards):
        """Walk through a whole row by the runtime's own loop.

        Parameters
        ----------
        graph : Graph
        x : str
            (t, n, n_inputs).
        states : list of str
            (n, units) each.
        weights : list of ndarray
            As Keras orders them.
        every_step, backwards : bool
            As of a `RecurrentLayer`.

        Returns
        -------
        outputs : str or None
            (t, n, units), where ``every_step``.
        states : list of str
            After the walk.
        """
        kernel, recurrent, biases = self.for_operator(weights)
        direction = graph.constant([0])
        sequence, *after = graph.add_many(
            self.operator,
            1 + len(states),
            x,
            graph.constant(kernel.T[None].copy(), "kernel"),
            graph.constant(recurrent.T[None].copy(), "recurrent"),
            graph.constant(biases.reshape(1, -1), "bias"),
            "",  # all rows are as long as X
            *(graph.add("Unsqueeze", state, direction) for state in states),
            hidden_size=len(recurrent),
            direction="reverse" if backwards else "forward",
            **self.attributes,
        )
        outputs = None
        if every_step:
            outputs = graph.add("Squeeze", sequence, graph.constant([1]))
        return outputs, [graph.add("Squeeze", state, direction) for state in after]


def _lstm_step(body, drive, states, weights):
    h, c = states
    z = body.add("Add", drive, body.product(h, weights[1], "recurrent"))
    i, f, g, o = body.add_many("Split", 4, z, axis=1)
    i, f, o = (body.add("Sigmoid", gate) for gate in (i, f, o))
    kept, new = body.add("Mul", f, c), body.add("Mul", i, body.add("Tanh", g))
    c = body.add("Add", kept, new)
    return [body.add("Mul", o, body.add("Tanh", c)), c]


def _lstm_for_operator(weights):
    """From Keras' order (input, forget, cell, output) to ONNX's."""

    def gates(weight):
        i, f, g, o = np.split(weight, 4, axis=-1)
        return np.concatenate([i, o, f, g], axis=-1)

    return _with_two_biases([gates(weight) for weight in weights])


def _gru_step(body, drive, states, weights):
    (h,) = states
    _, recurrent, biases = weights
    product = body.product(h, recurrent, "recurrent")
    of_state = body.add("Add", product, body.constant(biases[1], "bias"))
    drives = body.add_many("Split", 3, drive, axis=1)
    parts = body.add_many("Split", 3, of_state, axis=1)
    z, r = (
        body.add("Sigmoid", body.add("Add", of_input, of_h))
        for of_input, of_h in zip(drives[:2], parts[:2], strict=True)
    )
    inner = body.add("Add", drives[2], body.add("Mul", r, parts[2]))
    candidate = body.add("Tanh", inner)
    kept = body.add("Mul", z, body.add("Sub", h, candidate))
    return [body.add("Add", candidate, kept)]


def _rnn_step(body, drive, states, weights):
    product = body.product(states[0], weights[1], "recurrent")
    return [body.add("Tanh", body.add("Add", drive, product))]


def _with_two_biases(weights):
    """It takes two biases and adds them."""
    kernel, recurrent, bias = weights
    return kernel, recurrent, np.stack([bias, np.zeros_like(bias)])


def _all_of(bias):
    return bias


# By the names that a `NetworkSpec` has for them.
CELLS = {
    "lstm": Cell(("h", "c"), _all_of, _lstm_step, "LSTM", _lstm_for_operator, {}),
    "gru": Cell(
        ("h",),
        lambda biases: biases[0],
        _gru_step,
        "GRU",
        tuple,  # the order of gates is Keras', and both have two rows of biases
        {"linear_before_reset": 1},
    ),
    "rnn": Cell(("h",), _all_of, _rnn_step, "RNN", _with_two_biases, {}),
}
