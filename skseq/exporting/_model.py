"""A whole model: X to steps and mask, the network, outputs to predictions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

import numpy as np
import onnx
from onnx import TensorProto, helper

from skseq.exporting._fitted import Fitted
from skseq.exporting._network import TOPOLOGIES, Network
from skseq.exporting._nodes import Graph, number, sequence, tensor

__all__ = ["build", "labels"]

OPERATORS = 17
# The oldest format that has these operators; onnx writes its newest if not told, which
# runtimes of the same day may not read.
FORMAT = 8


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
    wide = (fitted.network.n_features,) if fitted.ndim == 3 else ()
    x = graph.input("X", fitted.network.dtype, ("n", "t", *wide))
    network = Network(graph, fitted, x)
    if fitted.ndim == 2:
        x = graph.add("Unsqueeze", x, graph.constant([2]))
    real = None if fitted.mask_value is None else _real_steps(graph, fitted, x)
    outputs = TOPOLOGIES[fitted.network.topology](network, x, real)
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
        same = graph.add(
            "Equal", x, graph.constant(np.asarray(value, fitted.network.dtype))
        )
    count = graph.add("Cast", same, to=TensorProto.INT32)
    padded = graph.add("ReduceMin", count, axes=[2], keepdims=1)
    return graph.add("Not", graph.add("Cast", padded, to=TensorProto.BOOL))


def _classification(graph, fitted, outputs):
    """Labels and probabilities, shaped as `predict` and `predict_proba` give them."""
    classes = labels(fitted.classes)
    codes = graph.add("ArgMax", outputs, axis=2, keepdims=0)
    label = graph.add("Gather", graph.constant(classes, "classes"), codes)
    softmax = fitted.loss == "categorical_crossentropy"
    activate = _softmax if softmax else _shares_of_sigmoids
    probabilities = activate(graph, fitted, outputs)
    label_kind = helper.np_dtype_to_tensor_dtype(classes.dtype)
    kind, width = number(fitted.network.dtype), len(classes)
    if fitted.target_ndim == 1:
        axis = graph.constant([1])
        label = graph.add("Squeeze", label, axis)
        probabilities = graph.add("Squeeze", probabilities, axis)
        graph.output(label, "label", tensor(label_kind, ("n",)))
        graph.output(probabilities, "probabilities", tensor(kind, ("n", width)))
        return
    steps = "t" if fitted.per_step else fitted.network.out_steps
    graph.output(label, "label", tensor(label_kind, ("n", steps)))
    if fitted.per_step:
        shaped = tensor(kind, ("n", steps, width))
    else:
        # One for each target, as scikit-learn has it.
        probabilities = graph.add("SplitToSequence", probabilities, axis=1, keepdims=0)
        shaped = sequence(kind, ("n", width))
    graph.output(probabilities, "probabilities", shaped)


def _regression(graph, fitted, outputs):
    """Numbers, shaped as `predict` gives them."""
    if fitted.target_ndim == 1:
        superfluous, shape = [1, 2], ("n",)
    elif fitted.target_ndim == 3 and fitted.per_step:
        superfluous, shape = [], ("n", "t", fitted.network.out_width)
    elif fitted.target_ndim == 3:
        columns = fitted.n_targets // fitted.target_steps
        superfluous, shape = [], ("n", fitted.target_steps, columns)
        outputs = graph.add("Reshape", outputs, graph.constant([-1, *shape[1:]]))
    elif fitted.per_step:
        superfluous, shape = [2], ("n", "t")
    else:
        # A decoder has its targets in steps, any other network in one.
        superfluous = [2 if fitted.network.decodes else 1]
        shape = ("n", fitted.n_targets)
    if superfluous:
        outputs = graph.add("Squeeze", outputs, graph.constant(superfluous))
    graph.output(outputs, "variable", tensor(number(fitted.network.dtype), shape))


def _softmax(graph, fitted, outputs):
    return graph.add("Softmax", outputs, axis=2)


def _shares_of_sigmoids(graph, fitted, outputs):
    """Sigmoids over their sum; the same for every class where all are zero."""
    one, zero = (graph.constant(np.asarray(v, fitted.network.dtype)) for v in (1, 0))
    # Written out: onnxruntime's Sigmoid ends at -18, which their sum would magnify.
    raised = graph.add("Exp", graph.add("Neg", outputs))
    sigmoid = graph.add("Div", one, graph.add("Add", one, raised))
    total = graph.add("ReduceSum", sigmoid, graph.constant([2]), keepdims=1)
    some = graph.add("Greater", total, zero)
    shares = graph.add("Div", sigmoid, graph.add("Where", some, total, one))
    even = graph.constant(
        np.asarray(1 / fitted.network.out_width, fitted.network.dtype)
    )
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
