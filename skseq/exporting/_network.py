"""Layers, one upon another: a function for each topology."""

from __future__ import annotations

import numpy as np

from skseq.exporting._cells import LSTM
from skseq.exporting._fitted import Fitted
from skseq.exporting._nodes import Graph, number, tensor

__all__ = ["TOPOLOGIES", "Network"]


class Network:
    """Layers that carry states, and the output layer."""

    def __init__(self, graph: Graph, fitted: Fitted, x: str):
        self.graph = graph
        self.fitted = fitted
        self._weights = list(fitted.weights)
        self._states: list[tuple[str, str]] = []
        # What a state is stretched to where one is given for all rows, or none.
        n_rows = graph.add("Shape", x, start=0, end=1)
        units = graph.constant([fitted.units])
        self._state_shape = graph.add("Concat", n_rows, units, axis=0)

    def layer(self, name, x, real, *, every_step):
        """Add a recurrent layer.

        Parameters
        ----------
        name : str
            Begins the names of its states.
        x : str
            Its inputs, (n, t, width).
        real : str or None
            Which steps are no padding, (n, t, 1).
        every_step : bool
            Whether outputs at every step are read, or just the last states.

        Returns
        -------
        outputs : str or None
            (n, t, units), where ``every_step``.
        last : str
            The output after the last step, (n, units).
        """
        cell, weights = LSTM, [self._weights.pop(0) for _ in range(3)]
        names = [f"{name}_{state}" for state in cell.states]
        states = [self._first_state(state) for state in names]
        x = self._turned(x)
        if real is None and self.fitted.dtype == "float32":
            outputs, states = cell.operator(self.graph, x, states, weights, every_step)
        else:
            outputs, states = self._walk(
                cell, name, x, real, states, weights, every_step
            )
        self._states += zip(names, states, strict=True)
        return self._turned(outputs) if every_step else None, states[0]

    def head(self, x):
        """Add the output layer, whose weights are the last."""
        kernel, bias = self._weights
        product = self.graph.add("MatMul", x, self.graph.constant(kernel, "head"))
        return self.graph.add("Add", product, self.graph.constant(bias, "head_bias"))

    def declare_states(self):
        """Make outputs of the last states; they stand behind the predictions."""
        for name, value in self._states:
            kind = tensor(number(self.fitted.dtype), ("n", self.fitted.units))
            self.graph.output(value, f"{name}_out", kind)

    def _first_state(self, name):
        units = self.fitted.units
        zero = np.zeros((1, units), self.fitted.dtype)
        state = self.graph.input(name, self.fitted.dtype, ("n_or_1", units), zero)
        return self.graph.add("Expand", state, self._state_shape)

    def _turned(self, x):
        """Exchange the first two axes, rows and time."""
        return self.graph.add("Transpose", x, perm=[1, 0, 2])

    def _walk(self, cell, name, x, real, states, weights, every_step):
        """Write the loop over steps out, for masks and for double precision."""
        dtype, graph = self.fitted.dtype, self.graph
        read = [cell.drive(graph, x, weights)]
        recurrent = graph.constant(weights[1], "recurrent")
        body = Graph(f"{name}_step_")
        shape = ("n", self.fitted.units)
        before = [body.input(state, dtype, shape) for state in cell.states]
        drive = body.input("drive", dtype, ("n", weights[0].shape[1]))
        after = cell.step(body, drive, before, recurrent)
        if real is not None:
            keep = body.input("real", "bool", ("n", 1))
            after = [
                body.add("Where", keep, new, old)
                for new, old in zip(after, before, strict=True)
            ]
            read.append(self._turned(real))
        kind = tensor(number(dtype), shape)
        for state, value in zip(cell.states, after, strict=True):
            body.output(value, f"{state}_out", kind)
        if every_step:
            body.output(after[0], "output", kind)
        states = graph.add_many(
            "Scan",
            len(states) + every_step,
            *states,
            *read,
            body=body.proto(f"{name}_step"),
            num_scan_inputs=len(read),
        )
        outputs = states.pop() if every_step else None
        return outputs, states


def _recurrent(network, x, real):
    """Read with one layer; outputs at every step or from the last state."""
    fitted = network.fitted
    per_step = fitted.readout == "per_step"
    outputs, last = network.layer("lstm", x, real, every_step=per_step)
    if per_step:
        return network.head(outputs)
    graph = network.graph
    shape = graph.constant([-1, fitted.out_steps, fitted.out_width])
    return graph.add("Reshape", network.head(last), shape)


def _encoder_decoder(network, x, real):
    """Encode the row, repeat the code once an output step, decode."""
    graph = network.graph
    _, code = network.layer("encoder", x, real, every_step=False)
    one = graph.add("Unsqueeze", code, graph.constant([1]))
    repeated = graph.constant([1, network.fitted.out_steps, 1])
    steps = graph.add("Expand", one, repeated)
    outputs, _ = network.layer("decoder", steps, None, every_step=True)
    return network.head(outputs)


# Each gives outputs (n, steps, width) before any softmax or sigmoid.
TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}
