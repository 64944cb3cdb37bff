"""A graph of ONNX nodes, added one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

__all__ = ["Graph", "number", "sequence", "tensor"]

# From the name of an input or output to its declaration.
Kind = Callable[[str], onnx.ValueInfoProto]


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

    def product(self, x: str, weights: np.ndarray, name: str) -> str:
        """Multiply by weights."""
        return self.add("MatMul", x, self.constant(weights, name))

    def constant(self, values: Any, name: str = "constant") -> str:
        """Keep an array and give its name."""
        name = self._name(name)
        self._constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def input(self, name: str, dtype: str, shape: Sequence, default=None) -> str:
        """Declare an input; one with a default may be left out."""
        name = self._scope + name
        self._inputs.append(tensor(number(dtype), shape)(name))
        if default is not None:
            # The format's way to say it: an input that is a constant too.
            self._constants.append(numpy_helper.from_array(default, name))
        return name

    def output(self, value: str, name: str, kind: Kind) -> None:
        """Declare an output: a value under a name of its own."""
        name = self._scope + name
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(kind(name))

    def proto(self, name: str) -> onnx.GraphProto:
        """Give the graph as onnx writes it."""
        return helper.make_graph(
            self._nodes, name, self._inputs, self._outputs, self._constants
        )

    def _name(self, of: str) -> str:
        self._used[of] += 1
        return f"{self._scope}{of}_{self._used[of]}"


def number(dtype: str) -> int:
    """Give ONNX's number of a dtype."""
    return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


def tensor(kind: int, shape: Sequence) -> Kind:
    """Declare an array; a name in its shape stands for any size."""
    return lambda name: helper.make_tensor_value_info(name, kind, shape)


def sequence(kind: int, shape: Sequence) -> Kind:
    """Declare a list of arrays."""
    of = helper.make_tensor_type_proto(kind, shape)
    return lambda name: helper.make_value_info(
        name, helper.make_sequence_type_proto(of)
    )
