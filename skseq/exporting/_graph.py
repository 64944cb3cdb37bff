"""A network, and what stands around it, as ONNX nodes.

A cell is a function that gives the nodes of one step, and one that gives ONNX's own
operator; a topology is a function that stacks layers of cells.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = ["Fitted", "build", "labels"]

OPERATORS = 17
# The oldest format that has these operators; onnx writes its newest if not told, which
# runtimes of the same day may not read.
FORMAT = 8


@dataclass(frozen=True)
class Fitted:
    """All that is written of an estimator.

    The first group of fields is the network's (see ``NetworkSpec``), the second the
    estimator's.
    """

    topology: str
    units: int
    n_features: int
    readout: str
    out_steps: int
    out_width: int
    dtype: str
    weights: Sequence[np.ndarray]

    estimator: str
    loss: str
    classes: np.ndarray | None
    per_step: bool
    target_ndim: int
    mask_value: float | None
    ndim: int

    @property
    def n_targets(self) -> int:
        """Targets of a row, where they come after the last step."""
        return self.out_steps * (1 if self.classes is not None else self.out_width)


class Graph:
    """Nodes in the order in which they are added.

    Parameters
    ----------
    scope : str
        Begins each name: names in a loop's body must differ from those around it.
    """

    def __init__(self, scope: str = ""):
        self._scope = scope
        self._used: Counter[str] = Counter()
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output and give the output's name."""
        return self.add_many(operator, 1, *inputs, **attributes)[0]

    def add_many(
        self, operator: str, n_outputs: int, *inputs: str, **attributes: Any
    ) -> list[str]:
        """Add a node and give the names of its outputs."""
        names = [self._name(operator) for _ in range(n_outputs)]
        node = helper.make_node(operator, inputs, names, name=names[0], **attributes)
        self._nodes.append(node)
        return names

    def constant(self, values: Any, name: str = "constant") -> str:
        """Keep an array and give its name."""
        name = self._name(name)
        self._constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def input(self, name: str, dtype: str, shape: Sequence, default=None) -> str:
        """Declare an input; one with a default may be left out."""
        name = self._scope + name
        self._inputs.append(_value(name, _number(dtype), shape))
        if default is not None:
            # The format's way to say it: an input that is a constant too.
            self._constants.append(numpy_helper.from_array(default, name))
        return name

    def output(self, value: str, name: str, kind: Any) -> None:
        """Declare an output: a value under a name of its own.

        `kind` gives the declaration for a name.
        """
        name = self._scope + name
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(kind(name))

    def proto(self, name: str) -> onnx.GraphProto:
        return helper.make_graph(
            self._nodes, name, self._inputs, self._outputs, self._constants
        )

    def _name(self, of: str) -> str:
        self._used[of] += 1
        return f"{self._scope}{of}_{self._used[of]}"


def build(fitted: Fitted, metadata: Mapping[str, str], version: str) -> onnx.ModelProto:
    """Write an estimator as an ONNX model.

    Parameters
    ----------
    fitted : Fitted
        The estimator.
    metadata : dict of str to str
        Put into the file as it is.
    version : str
        Of this package.

    Returns
    -------
    onnx.ModelProto

    Raises
    ------
    TypeError
        If the labels are of a kind that ONNX has not.
    """
    graph = Graph()
    wide = (fitted.n_features,) if fitted.ndim == 3 else ()
    x = graph.input("X", fitted.dtype, ("n", "t", *wide))
    network = _Network(graph, fitted, x)
    if fitted.ndim == 2:
        x = graph.add("Unsqueeze", x, graph.constant([2]))
    real = None if fitted.mask_value is None else _real_steps(graph, fitted, x)
    outputs = _TOPOLOGIES[fitted.topology](network, x, real)
    (_regression if fitted.classes is None else _classification)(graph, fitted, outputs)
    network.declare_states()
    model = helper.make_model(
        graph.proto(fitted.estimator),
        producer_name="skseq",
        producer_version=version,
        opset_imports=[helper.make_opsetid("", OPERATORS)],
        ir_version=FORMAT,
    )
    helper.set_model_props(model, dict(metadata))
    return model


def _real_steps(graph: Graph, fitted: Fitted, x: str) -> str:
    """Which steps are no padding, (n, t, 1): with a feature other than the value."""
    value = fitted.mask_value
    if math.isnan(value):
        same = graph.add("IsNaN", x)
    else:
        same = graph.add("Equal", x, graph.constant(np.asarray(value, fitted.dtype)))
    count = graph.add("Cast", same, to=TensorProto.INT32)
    padded = graph.add("ReduceMin", count, axes=[2], keepdims=1)
    return graph.add("Not", graph.add("Cast", padded, to=TensorProto.BOOL))


@dataclass(frozen=True)
class _Cell:
    """A kind of recurrent layer.

    Attributes
    ----------
    states : tuple of str
        What it carries from step to step; the first is its output.
    drive : callable
        ``(graph, x, weights)`` gives what the inputs add, at all steps at once, to
        what the states do at each: (n, t, width).
    step : callable
        ``(graph, drive, states, weights)`` gives the states after a step.
    operator : callable
        ``(graph, x, states, weights, every_step)`` gives the outputs (n, t, units) of
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
    kept = body.add("Mul", f, c)
    c = body.add("Add", kept, body.add("Mul", i, body.add("Tanh", g)))
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
    time_first = graph.add("Transpose", x, perm=[1, 0, 2])
    direction = graph.constant([0])
    sequence, h, c = graph.add_many(
        "LSTM",
        3,
        time_first,
        graph.constant(kernel.T[None].copy(), "kernel"),
        graph.constant(recurrent.T[None].copy(), "recurrent"),
        graph.constant(biases[None], "bias"),
        "",  # all rows are as long as X
        *(graph.add("Unsqueeze", state, direction) for state in states),
        hidden_size=units,
    )
    if every_step:
        sequence = graph.add("Squeeze", sequence, graph.constant([1]))
        sequence = graph.add("Transpose", sequence, perm=[1, 0, 2])
    return sequence, [graph.add("Squeeze", state, direction) for state in (h, c)]


_LSTM = _Cell(("h", "c"), _lstm_drive, _lstm_step, _lstm_operator)


class _Network:
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
        outputs : str
            (n, t, units), where ``every_step``.
        last : str
            The output after the last step, (n, units).
        """
        cell, weights = _LSTM, [self._weights.pop(0) for _ in range(3)]
        names = [f"{name}_{state}" for state in cell.states]
        states = [self._first_state(state) for state in names]
        if real is None and self.fitted.dtype == "float32":
            outputs, states = cell.operator(self.graph, x, states, weights, every_step)
        else:
            outputs, states = self._walk(
                cell, name, x, real, states, weights, every_step
            )
        self._states += zip(names, states, strict=True)
        return outputs, states[0]

    def head(self, x):
        """Add the output layer, whose weights are the last."""
        kernel, bias = self._weights
        product = self.graph.add("MatMul", x, self.graph.constant(kernel, "head"))
        return self.graph.add("Add", product, self.graph.constant(bias, "head_bias"))

    def declare_states(self):
        """Make outputs of the last states; they stand behind the predictions."""
        for name, value in self._states:
            kind = _tensor(_number(self.fitted.dtype), ("n", self.fitted.units))
            self.graph.output(value, f"{name}_out", kind)

    def _first_state(self, name):
        units = self.fitted.units
        zero = np.zeros((1, units), self.fitted.dtype)
        state = self.graph.input(name, self.fitted.dtype, ("n_or_1", units), zero)
        return self.graph.add("Expand", state, self._state_shape)

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
            read.append(real)
        kind = _tensor(_number(dtype), shape)
        for state, value in zip(cell.states, after, strict=True):
            body.output(value, f"{state}_out", kind)
        axes = {"scan_input_axes": [1] * len(read)}
        if every_step:
            body.output(after[0], "output", kind)
            axes["scan_output_axes"] = [1]
        states = graph.add_many(
            "Scan",
            len(states) + every_step,
            *states,
            *read,
            body=body.proto(f"{name}_step"),
            num_scan_inputs=len(read),
            **axes,
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
_TOPOLOGIES = {"recurrent": _recurrent, "encoder_decoder": _encoder_decoder}


def _classification(graph, fitted, outputs):
    """Labels and probabilities, shaped as `predict` and `predict_proba` give them."""
    classes = labels(fitted.classes)
    codes = graph.add("ArgMax", outputs, axis=2, keepdims=0)
    label = graph.add("Gather", graph.constant(classes, "classes"), codes)
    softmax = fitted.loss == "categorical_crossentropy"
    activate = _softmax if softmax else _shares_of_sigmoids
    probabilities = activate(graph, fitted, outputs)
    label_kind = helper.np_dtype_to_tensor_dtype(classes.dtype)
    kind, width = _number(fitted.dtype), len(classes)
    if fitted.target_ndim == 1:
        axis = graph.constant([1])
        label = graph.add("Squeeze", label, axis)
        probabilities = graph.add("Squeeze", probabilities, axis)
        graph.output(label, "label", _tensor(label_kind, ("n",)))
        graph.output(probabilities, "probabilities", _tensor(kind, ("n", width)))
        return
    steps = "t" if fitted.per_step else fitted.out_steps
    graph.output(label, "label", _tensor(label_kind, ("n", steps)))
    if fitted.per_step:
        shaped = _tensor(kind, ("n", steps, width))
    else:
        # One for each target, as scikit-learn has it.
        probabilities = graph.add("SplitToSequence", probabilities, axis=1, keepdims=0)
        shaped = _sequence(kind, ("n", width))
    graph.output(probabilities, "probabilities", shaped)


def _regression(graph, fitted, outputs):
    """Numbers, shaped as `predict` gives them."""
    if fitted.target_ndim == 1:
        superfluous, shape = [1, 2], ("n",)
    elif fitted.target_ndim == 3:
        superfluous, shape = [], ("n", "t", fitted.out_width)
    elif fitted.per_step:
        superfluous, shape = [2], ("n", "t")
    else:
        superfluous, shape = [1], ("n", fitted.out_width)
    if superfluous:
        outputs = graph.add("Squeeze", outputs, graph.constant(superfluous))
    graph.output(outputs, "variable", _tensor(_number(fitted.dtype), shape))


def _softmax(graph, fitted, outputs):
    return graph.add("Softmax", outputs, axis=2)


def _shares_of_sigmoids(graph, fitted, outputs):
    """Sigmoids over their sum; the same for every class where all are zero."""
    one, zero = (graph.constant(np.asarray(v, fitted.dtype)) for v in (1, 0))
    # Written out: onnxruntime's Sigmoid ends at -18, which their sum would magnify.
    raised = graph.add("Exp", graph.add("Neg", outputs))
    sigmoid = graph.add("Div", one, graph.add("Add", one, raised))
    total = graph.add("ReduceSum", sigmoid, graph.constant([2]), keepdims=1)
    some = graph.add("Greater", total, zero)
    shares = graph.add("Div", sigmoid, graph.add("Where", some, total, one))
    even = graph.constant(np.asarray(1 / fitted.out_width, fitted.dtype))
    return graph.add("Where", some, shares, even)


def labels(classes: np.ndarray) -> np.ndarray:
    """Give labels a kind that ONNX has: whole numbers are int64 there.

    Parameters
    ----------
    classes : ndarray
        As the estimator has them.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If they are neither strings, numbers nor booleans.
    """
    if classes.dtype.kind in "OU" and all(isinstance(label, str) for label in classes):
        return classes.astype(object)
    if classes.dtype == object and all(isinstance(label, Real) for label in classes):
        classes = np.array(classes.tolist())
    kind = classes.dtype.kind
    if kind in "iu" and classes.max() <= np.iinfo(np.int64).max:
        return classes.astype(np.int64)
    if kind == "f":
        return classes.astype(np.float64)
    if kind in "bu":
        return classes
    raise TypeError(
        f"classes_ are of kind {type(classes[0]).__name__}, which ONNX has not: fit "
        "with labels that are strings, numbers or booleans."
    )


def _number(dtype: str) -> int:
    return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


def _value(name: str, kind: int, shape: Sequence) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _tensor(kind: int, shape: Sequence) -> Callable[[str], onnx.ValueInfoProto]:
    return lambda name: _value(name, kind, shape)


def _sequence(kind: int, shape: Sequence) -> Callable[[str], onnx.ValueInfoProto]:
    tensor = helper.make_tensor_type_proto(kind, shape)
    sequence = helper.make_sequence_type_proto(tensor)
    return lambda name: helper.make_value_info(name, sequence)
