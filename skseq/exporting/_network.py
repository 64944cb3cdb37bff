"""Layers, one upon another: a function for each topology."""

from __future__ import annotations

import numpy as np

from skseq.exporting._cells import CELLS
from skseq.exporting._fitted import Fitted
from skseq.exporting._nodes import Graph, number, tensor

__all__ = ["TOPOLOGIES", "Network"]


class Network:
    """Layers that carry states, and the output layer.

    Attributes
    ----------
    graph : Graph
        What nodes are added to.
    spec : NetworkSpec
        What the network looks like.
    """

    def __init__(self, graph: Graph, fitted: Fitted, x: str):
        self.graph, self.spec = graph, fitted.network
        self._streams = fitted.streams
        self._weights = list(fitted.weights)
        self._states: list[tuple[str, str, int]] = []
        # How often a state is repeated where one is given for all rows, or none.
        self._n_rows = graph.add("Shape", x, start=0, end=1)

    def read(self, levels, x, real):
        """Let levels of layers read.

        Parameters
        ----------
        levels : tuple of Level
        x : str
            Their inputs, (n, t, width).
        real : str or None
            Which steps are no padding, (n, t, 1).

        Returns
        -------
        outputs : str or None
            (n, t, width), where they are made at every step.
        last : str
            The output after the last step, (n, width).
        """
        outputs = x
        for level in levels:
            read = [self._layer(layer, outputs, real) for layer in level]
            every, lasts = zip(*read, strict=True)
            outputs = self._joined(every, 2) if level[0].every_step else None
            last = self._joined(lasts, 1)
        return outputs, last

    def pooled(self, outputs, real):
        """Mean or largest of the outputs of all real steps; zero where none is.

        What was pooled before, and of how many steps, are states, too.
        """
        graph, width = self.graph, self.spec.code_width
        pool, pooled = self._first_state("pool", width), self._first_state("pooled", 1)
        if real is None:
            steps = graph.add("Shape", outputs, start=1, end=2)
            count = graph.add("Cast", steps, to=number(self.spec.dtype))
        else:
            ones = graph.add("Cast", real, to=number(self.spec.dtype))
            count = graph.add("ReduceSum", ones, graph.constant([1]), keepdims=0)
        total = graph.add("Add", pooled, count)
        zero, one = self.number(0), self.number(1)
        if self.spec.pooling == "mean":
            shown = self.where_real(real, outputs, 0)
            added = graph.add("ReduceSum", shown, graph.constant([1]), keepdims=0)
            pool = graph.add("Add", pool, added)
            code = graph.add("Div", pool, graph.add("Max", total, one))
        else:
            least = np.finfo(self.spec.dtype).min
            before = graph.add(
                "Where", graph.add("Greater", pooled, zero), pool, self.number(least)
            )
            shown = self.where_real(real, outputs, least)
            largest = graph.add("ReduceMax", shown, axes=[1], keepdims=0)
            largest = graph.add("Max", before, largest)
            code = pool = graph.add(
                "Where", graph.add("Greater", total, zero), largest, zero
            )
        self._states += [("pool", pool, width), ("pooled", total, 1)]
        return code

    def attending(self, decoded, encoded, real):
        """What was decoded, beside a mean of what was encoded that resembles it."""
        graph = self.graph
        keys = graph.add("Transpose", encoded, perm=[0, 2, 1])
        scores = graph.add("MatMul", decoded, keys)
        if real is not None:
            real = graph.add("Transpose", real, perm=[0, 2, 1])
            scores = self.where_real(real, scores, np.finfo(self.spec.dtype).min)
        attended = graph.add("MatMul", graph.add("Softmax", scores, axis=2), encoded)
        return graph.add("Concat", decoded, attended, axis=2)

    def held(self, outputs, real):
        """Let padding say what was said before it; zero before the first real step.

        Outputs of one direction do so by themselves; backwards, padding says what
        comes after it.
        """
        width = self.spec.code_width
        states = [self._first_state("held", width)]
        held, _ = self._walk(
            "held",
            lambda body, said, before: [said],
            (outputs, width),
            real,
            states,
            width,
            every_step=True,
        )
        return held

    def head(self, x):
        """Add the output layer, whose weights are the last."""
        kernel, bias = self._weights
        product = self.graph.product(x, kernel, "head")
        return self.graph.add("Add", product, self.graph.constant(bias, "head_bias"))

    def number(self, value):
        """Keep a number in the network's precision."""
        return self.graph.constant(np.asarray(value, self.spec.dtype))

    def where_real(self, real, x, otherwise):
        """Put a number in the place of padding."""
        if real is None:
            return x
        return self.graph.add("Where", real, x, self.number(otherwise))

    def declare_states(self):
        """Make outputs of the last states; they stand behind the predictions."""
        for name, value, width in self._states if self._streams else ():
            kind = tensor(number(self.spec.dtype), ("n", width))
            self.graph.output(value, f"{name}_out", kind)

    def _layer(self, layer, x, real):
        """Outputs of every step or None, and the last one."""
        graph, cell = self.graph, CELLS[layer.cell]
        weights = [self._weights.pop(0) for _ in layer.weight_shapes]
        names = [f"{layer.name}_{state}" for state in cell.states]
        states = [self._first_state(name, layer.units) for name in names]
        if real is None and self.spec.dtype == "float32":
            outputs, states = cell.whole(
                graph,
                self._turned(x),
                states,
                weights,
                every_step=layer.every_step,
                backwards=layer.backwards,
            )
            outputs = self._turned(outputs) if layer.every_step else None
        else:
            product = graph.product(x, weights[0], "kernel")
            bias = graph.constant(cell.input_bias(weights[2]), "bias")
            outputs, states = self._walk(
                layer.name,
                lambda body, drive, before: cell.step(body, drive, before, weights),
                (graph.add("Add", product, bias), weights[0].shape[1]),
                real,
                states,
                layer.units,
                every_step=layer.every_step,
                backwards=layer.backwards,
            )
        self._states += [
            (name, state, layer.units)
            for name, state in zip(names, states, strict=True)
        ]
        return outputs, states[0]

    def _walk(
        self, name, step, drive, real, states, units, *, every_step, backwards=False
    ):
        """Write the loop over steps out, for masks and for double precision.

        Parameters
        ----------
        name : str
            Of the loop.
        step : callable
            ``(body, drive, states)`` gives the states after a step, the first of them
            its output. Padding leaves them as they are.
        drive : tuple of str and int
            What it reads, (n, t, width), and the width.
        real : str or None
            Which steps are no padding, (n, t, 1).
        states : list of str
            Before the first step, (n, units) each.
        units : int
        every_step, backwards : bool
            As of a `RecurrentLayer`.

        Returns
        -------
        outputs : str or None
            (n, t, units), where ``every_step``.
        states : list of str
            After the walk.
        """
        graph, dtype = self.graph, self.spec.dtype
        body = Graph(f"{name}_step_")
        before = [
            body.input(f"state_{place}", dtype, ("n", units))
            for place in range(len(states))
        ]
        after = step(body, body.input("drive", dtype, ("n", drive[1])), before)
        read = [self._turned(drive[0])]
        if real is not None:
            keep = body.input("real", "bool", ("n", 1))
            after = [
                body.add("Where", keep, new, old)
                for new, old in zip(after, before, strict=True)
            ]
            read.append(self._turned(real))
        kind = tensor(number(dtype), ("n", units))
        for place, value in enumerate(after):
            body.output(value, f"state_{place}_out", kind)
        if every_step:
            body.output(after[0], "output", kind)
        states = graph.add_many(
            "Scan",
            len(states) + every_step,
            *states,
            *read,
            body=body.proto(f"{name}_step"),
            num_scan_inputs=len(read),
            scan_input_directions=[int(backwards)] * len(read),
            **({"scan_output_directions": [int(backwards)]} if every_step else {}),
        )
        outputs = self._turned(states.pop()) if every_step else None
        return outputs, states

    def _first_state(self, name, width):
        """Zero, unless given where the network can go on from a state."""
        zero = np.zeros((1, width), self.spec.dtype)
        if self._streams:
            state = self.graph.input(name, self.spec.dtype, ("n_or_1", width), zero)
        else:
            state = self.graph.constant(zero, name)
        shape = self.graph.add(
            "Concat", self._n_rows, self.graph.constant([width]), axis=0
        )
        return self.graph.add("Expand", state, shape)

    def _joined(self, parts, axis):
        """Put what both directions say side by side."""
        return (
            parts[0] if len(parts) == 1 else self.graph.add("Concat", *parts, axis=axis)
        )

    def _turned(self, x):
        """Exchange the first two axes, rows and time."""
        return self.graph.add("Transpose", x, perm=[1, 0, 2])


def _recurrent(network, x, real):
    """Read; outputs at every step, of the last state, or pooled over steps."""
    spec = network.spec
    outputs, last = network.read(spec.reading, x, real)
    if spec.answers_steps:
        if spec.bidirectional and real is not None:
            outputs = network.held(outputs, real)
        return network.head(outputs)
    code = network.pooled(outputs, real) if spec.pools else last
    graph = network.graph
    shape = graph.constant([-1, spec.out_steps, spec.out_width])
    return graph.add("Reshape", network.head(code), shape)


def _encoder_decoder(network, x, real):
    """Encode the row, repeat the code once an output step, decode."""
    spec, graph = network.spec, network.graph
    encoded, last = network.read(spec.reading, x, real)
    code = network.pooled(encoded, real) if spec.pools else last
    one = graph.add("Unsqueeze", code, graph.constant([1]))
    steps = graph.add("Expand", one, graph.constant([1, spec.out_steps, 1]))
    decoded, _ = network.read(spec.writing, steps, None)
    if spec.attention:
        decoded = network.attending(decoded, encoded, real)
    return network.head(decoded)


# Each gives outputs (n, steps, width) before any softmax or sigmoid.
TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}
