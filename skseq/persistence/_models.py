"""Which classes a file may hold, and what makes up one of each.

A class is found by its name in a table of this module.  Parameters and fitted
attributes are checked one by one, and against each other, before an object has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils._param_validation import InvalidParameterError

import skseq
from skseq.persistence._values import Reader, Unstorable, Writer

__all__ = ["describe", "rebuild"]

_TRANSFORMERS = ("LagFramer", "OneHotSequence", "SupervisedWindower")
_REGRESSORS = ("StatefulLSTMRegressor",)
_CLASSIFIERS = ("EncoderDecoderEcho", "Seq2SeqEcho", "StatefulLSTMClassifier")
_ESTIMATORS = (*_REGRESSORS, *_CLASSIFIERS)
_ALL = tuple(sorted((*_TRANSFORMERS, *_ESTIMATORS)))
_PIPELINE = ["steps", "transform_input", "verbose"]
_OTHERS = (
    "For anything else use joblib or skops, which keep scikit-learn's own classes "
    "(joblib.load runs code from the file: open only files that you trust)."
)


def describe(model: Any, writer: Writer) -> dict:
    """Describe a model as a JSON value.

    Parameters
    ----------
    model : estimator, transformer or Pipeline
        Of this package, or made of such.
    writer : Writer
        Takes its arrays.

    Returns
    -------
    dict

    Raises
    ------
    TypeError
        If it is of another class.
    ValueError
        If part of it has no place in a file.
    """
    if type(model) is Pipeline:
        return _describe_pipeline(model, writer)
    name = type(model).__name__
    if name not in _ALL or type(model) is not getattr(skseq, name):
        raise TypeError(
            f"skseq.save takes {', '.join(_ALL)} and Pipelines of them; got "
            f"{_called(model)}. {_OTHERS}"
        )
    params = _all_params(model)
    state = {
        key: value
        for key, value in vars(model).items()
        if key not in params and key != "_metadata_request"
    }
    _check(model, state)
    state = {key: _flat(value) for key, value in state.items()}
    return {
        "class": name,
        "params": _write_all(params, writer, f"parameter of {name}"),
        "state": _write_all(state, writer, f"attribute of {name}"),
        "requests": _requests(model),
    }


def rebuild(node: Any, reader: Reader) -> BaseEstimator:
    """Make the model that `describe` described.

    Parameters
    ----------
    node : JSON value
        From a file, so possibly anything.
    reader : Reader
        Has the file's arrays.

    Returns
    -------
    estimator, transformer or Pipeline

    Raises
    ------
    ValueError
        If no model is described so.
    """
    _check_keys(node, ("class", "params", "requests", "state"))
    name = node["class"]
    if name == "Pipeline":
        return _rebuild_pipeline(node, reader)
    if not isinstance(name, str) or name not in _ALL:
        raise ValueError(f"it names the class {name!r:.60}, which is none of skseq's")
    model = getattr(skseq, name)()
    _set_params(model, _read_all(node["params"], reader))
    state = _read_all(node["state"], reader)
    for key, remake in _RECORDS.items():
        if key in state:
            state[key] = remake(state[key])
    _check(model, state)
    vars(model).update(state)
    _set_requests(model, node["requests"])
    return model


def _describe_pipeline(pipeline: Pipeline, writer: Writer) -> dict:
    extra = sorted(set(vars(pipeline)) - {*_PIPELINE, "memory"})
    if extra or pipeline.memory is not None:
        what = f"attributes {extra}" if extra else f"memory={pipeline.memory!r}"
        raise ValueError(f"skseq.save has no place for {what} of a Pipeline. {_OTHERS}")
    foreign = [
        f"{name!r} ({_called(step)})"
        for name, step in pipeline.steps
        if not _is_passed(step) and type(step).__name__ not in (*_ALL, "Pipeline")
    ]
    if foreign:
        raise TypeError(
            f"skseq.save takes Pipelines whose steps are {', '.join(_ALL)}; not of "
            f"them: {', '.join(foreign)}. {_OTHERS}"
        )
    steps = [
        [name, step if _is_passed(step) else describe(step, writer)]
        for name, step in pipeline.steps
    ]
    params = {
        "transform_input": writer.write(pipeline.transform_input),
        "verbose": writer.write(pipeline.verbose),
    }
    return {
        "class": "Pipeline",
        "params": params,
        "requests": {},
        "state": {"steps": steps},
    }


def _rebuild_pipeline(node: dict, reader: Reader) -> Pipeline:
    _check_keys(node["state"], ("steps",))
    _check_keys(node["params"], ("transform_input", "verbose"))
    steps = node["state"]["steps"]
    if not isinstance(steps, list) or not all(_is_step(step) for step in steps):
        raise ValueError("it has a Pipeline whose steps are no named models")
    params = {key: reader.read(value) for key, value in node["params"].items()}
    names = params["transform_input"]
    if not isinstance(params["verbose"], bool) or not (
        names is None
        or (isinstance(names, list) and all(isinstance(n, str) for n in names))
    ):
        raise ValueError("it has a Pipeline with a wrong transform_input or verbose")
    made = [
        (name, step if _is_passed(step) else rebuild(step, reader))
        for name, step in steps
    ]
    try:
        pipeline = Pipeline(made, **params)
        pipeline._validate_params()
        if made:
            pipeline._validate_steps()
    except (TypeError, ValueError) as error:
        raise ValueError(f"it has a Pipeline of no use: {error}") from None
    return pipeline


def _is_passed(step: Any) -> bool:
    return step is None or (isinstance(step, str) and step == "passthrough")


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, list)
        and len(step) == 2
        and isinstance(step[0], str)
        and (_is_passed(step[1]) or isinstance(step[1], dict))
    )


def _called(model: Any) -> str:
    kind = model if isinstance(model, type) else type(model)
    what = "the class " if isinstance(model, type) else ""
    return f"{what}{kind.__module__}.{kind.__qualname__}"


def _all_params(model: BaseEstimator) -> dict:
    """Constructor arguments, and options routed to the optimizer."""
    own = vars(model)
    return {**model.get_params(deep=False), **{key: own[key] for key in _routed(own)}}


def _set_params(model: BaseEstimator, params: dict) -> None:
    expected = set(model.get_params(deep=False))
    wrong = sorted(set(params).symmetric_difference(expected) - _routed(params))
    if wrong:
        raise ValueError(f"it lacks parameters, or has others than expected: {wrong}")
    # The optimizer decides which routed options there are.
    routed = _routed(params)
    model.set_params(**{key: params[key] for key in params if key not in routed})
    if routed:
        model.set_params(**{key: params[key] for key in routed})


def _routed(names: Iterable[str]) -> set[str]:
    """Options that scikeras' naming routes to the optimizer."""
    return {name for name in names if name.startswith("optimizer__")}


def _write_all(values: dict, writer: Writer, what: str) -> dict:
    written = {}
    for key in sorted(values):
        try:
            written[key] = writer.write(values[key])
        except Unstorable as error:
            raise ValueError(
                f"skseq.save has no place for {error}, in the {what} named {key!r}. "
                f"{_WAYS_OUT.get(key, _OTHERS)}"
            ) from None
    return written


_WAYS_OUT = {
    "callbacks": "Call set_params(callbacks=None) first: callbacks are code.",
    "categories": "Give categories as a list of strings or numbers.",
    "classes_": "Use labels that are strings or numbers.",
    "categories_": "Use symbols that are strings or numbers.",
}


def _read_all(node: Any, reader: Reader) -> dict:
    if not isinstance(node, dict):
        raise ValueError("it has parameters or attributes without names")
    return {key: reader.read(value) for key, value in node.items()}


def _check_keys(node: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(node, dict) or set(node) != set(keys):
        raise ValueError(f"it has a model without the keys {', '.join(keys)}")


def _requests(model: BaseEstimator) -> dict:
    """What was asked for with ``set_fit_request`` and its like."""
    if "_metadata_request" not in vars(model):
        return {}
    own = vars(model)["_metadata_request"]
    return {
        method: dict(requests)
        for method in _METHODS
        if (requests := getattr(own, method).requests)
    }


_METHODS = ("fit", "partial_fit", "predict", "predict_proba", "score", "transform")


def _set_requests(model: BaseEstimator, node: Any) -> None:
    if not isinstance(node, dict):
        raise ValueError("it has metadata requests that are none")
    if not node:
        return
    requests = model.get_metadata_routing()
    for method, wanted in node.items():
        known = getattr(requests, method).requests if method in _METHODS else None
        if not known or not isinstance(wanted, dict) or set(wanted) != set(known):
            raise ValueError(
                f"it has metadata requests of {method!r:.40} that are none"
            )
        for name, alias in wanted.items():
            if not (alias is None or isinstance(alias, (bool, str))):
                raise ValueError("it has a metadata request that is none")
            getattr(requests, method).add_request(param=name, alias=alias)
    model._metadata_request = requests


# ---- what is right ---------------------------------------------------------------


def _flat(value: Any) -> Any:
    """Turn the estimators' records into dicts."""
    return asdict(value) if type(value).__name__ in ("NetworkSpec", "Layout") else value


def _network(fields: Any) -> Any:
    from skseq.networks import NetworkSpec

    return _record(NetworkSpec, fields, NetworkSpec("recurrent", 1, 1, 1, "last", 1, 1))


def _layout(fields: Any) -> Any:
    from skseq.estimators._targets import Layout

    return _record(Layout, fields, Layout(False, 1, 1))


def _record(kind: Callable, fields: Any, example: Any) -> Any:
    """Make a record of fields of the types, and of the least numbers, of another."""
    pattern = asdict(example)
    right = isinstance(fields, dict) and set(fields) == set(pattern)
    if not right or not all(
        type(fields[key]) is type(like) and (type(like) is not int or fields[key] > 0)
        for key, like in pattern.items()
    ):
        raise ValueError(f"it has a {type(example).__name__} that is none")
    return kind(**fields)


_RECORDS = {"_network": _network, "_layout": _layout}


def _check(model: BaseEstimator, state: dict) -> None:
    """Raise ValueError if parameters or fitted attributes are not possible."""
    name = type(model).__name__
    try:
        model._validate_params()
    except InvalidParameterError as error:
        raise ValueError(str(error)) from None
    if not state:
        return
    required, optional = _attributes(name, model)
    missing = [key for key in required if key not in state]
    strange = [key for key in state if key not in required and key not in optional]
    if missing or strange:
        raise ValueError(
            f"{name} has attributes that a fit does not leave: lacking "
            f"{sorted(missing)}, strange {sorted(strange)}"
        )
    checks = {**required, **optional}
    wrong = sorted(key for key, value in state.items() if not checks[key](value))
    if not wrong and name in _ESTIMATORS:
        wrong = _inconsistent(name, state)
    if wrong:
        raise ValueError(f"{name} has attributes of values that no fit leaves: {wrong}")


def _attributes(name: str, model: Any) -> tuple[dict, dict]:
    """Checks of attributes that a fitted model has, and of those it may have."""
    optional: dict[str, Callable] = {"feature_names_in_": _is_names}
    required: dict[str, Callable] = {"n_features_in_": _is_count}
    if name in _TRANSFORMERS:
        optional["_per_step"] = lambda value: value is True
        if name == "OneHotSequence":
            required["categories_"] = _is_vector
        return required, optional
    required |= {
        "_diverged_in": lambda value: value is None or _is_count(value),
        "_fitted_ndim": lambda value: type(value) is int and value in (2, 3),
        "_layout": lambda value: value.ndim <= 3,
        "_network": lambda value: (
            value.topology == model._topology
            and value.readout in ("last", "per_step")
            and value.dtype in ("float32", "float64")
        ),
        "_order": lambda value: type(value) is np.random.RandomState,
        "_slots": _is_arrays,
        "_step": lambda value: type(value) is int and value >= 0,
        "loss_curve_": _is_floats,
        "n_iter_": lambda value: type(value) is int and value >= 0,
        "n_outputs_": _is_count,
        "weights_": _is_arrays,
    }
    if name in _CLASSIFIERS:
        required["classes_"] = _is_vector
    optional |= {
        "best_validation_score_": lambda value: type(value) is float,
        "validation_scores_": _is_floats,
    }
    return required, optional


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_vector(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 1 and len(value) > 0


def _is_names(value: Any) -> bool:
    return _is_vector(value) and all(isinstance(name, str) for name in value)


def _is_floats(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is float for item in value)


def _is_arrays(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is np.ndarray for item in value)


def _inconsistent(name: str, state: dict) -> list[str]:
    """Attributes of an estimator that do not fit the others."""
    network, weights, slots = state["_network"], state["weights_"], state["_slots"]
    wrong = []
    shapes = _weight_shapes(network)
    if [w.shape for w in weights] != shapes or _has_other(weights, network.dtype):
        wrong.append("weights_")
    # The update rule keeps so many arrays beside each weight array.
    n_slots = len(slots) // max(len(shapes), 1)
    if [s.shape for s in slots] != [
        shape for shape in shapes for _ in range(n_slots)
    ] or _has_other(slots, network.dtype):
        wrong.append("_slots")
    if len(state["loss_curve_"]) != state["n_iter_"]:
        wrong.append("loss_curve_")
    if name in _CLASSIFIERS and len(state["classes_"]) != network.out_width:
        wrong.append("classes_")
    names = state.get("feature_names_in_")
    if names is not None and len(names) != state["n_features_in_"]:
        wrong.append("feature_names_in_")
    features = 1 if state["_fitted_ndim"] == 2 else state["n_features_in_"]
    if network.n_features != features:
        wrong.append("_network")
    return wrong


def _has_other(arrays: list[np.ndarray], dtype: str) -> bool:
    return any(array.dtype != dtype for array in arrays)


def _weight_shapes(network: Any) -> list[tuple[int, ...]]:
    """Shapes of a network's weights, in their order; see `skseq.networks`."""
    units, inputs = network.units, network.n_features
    shapes: list[tuple[int, ...]] = []
    for _ in range(network.n_layers):
        shapes += [(inputs, 4 * units), (units, 4 * units), (4 * units,)]
        inputs = units
    width = network.out_width
    if network.topology == "recurrent" and network.readout == "last":
        width *= network.out_steps
    return [*shapes, (units, width), (width,)]
