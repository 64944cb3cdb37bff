"""Names that a configuration may use, and the parameters that each takes.

Read from the source of the package, so that checking a configuration imports neither
TensorFlow nor scikit-learn. Of scikit-learn, a configuration may use what is listed
here and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from skseq.experiments.digest import source_of

# What a metric is called with.
_PAIR = ("y_true", "y_pred")

# Of scikit-learn: where a name lives, and its parameters that have a use here.
_SKLEARN = {
    "transformer": {
        "MaxAbsScaler": ("sklearn.preprocessing", ()),
        "MinMaxScaler": ("sklearn.preprocessing", ("feature_range", "clip")),
        "RobustScaler": ("sklearn.preprocessing", ("quantile_range",)),
        "StandardScaler": ("sklearn.preprocessing", ("with_mean", "with_std")),
    },
    "baseline": {
        "DummyClassifier": ("sklearn.dummy", ("strategy",)),
        "DummyRegressor": ("sklearn.dummy", ("strategy", "quantile")),
        "LinearRegression": ("sklearn.linear_model", ("fit_intercept",)),
        "LogisticRegression": ("sklearn.linear_model", ("C", "max_iter")),
        "MLPClassifier": (
            "sklearn.neural_network",
            ("hidden_layer_sizes", "max_iter", "alpha", "learning_rate_init"),
        ),
        "MLPRegressor": (
            "sklearn.neural_network",
            ("hidden_layer_sizes", "max_iter", "alpha", "learning_rate_init"),
        ),
        "Ridge": ("sklearn.linear_model", ("alpha",)),
    },
    "metric": {
        "mean_absolute_error": ("sklearn.metrics", _PAIR),
        "root_mean_squared_error": ("sklearn.metrics", _PAIR),
    },
}
_OWN = {
    "generator": "skseq.datasets",
    "metric": "skseq.metrics",
    "baseline": "skseq.baselines",
    "transformer": "skseq.preprocessing",
}
ESTIMATORS = (
    "EncoderDecoderEcho",
    "Seq2SeqEcho",
    "StatefulLSTMClassifier",
    "StatefulLSTMRegressor",
)


@cache
def parameters(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the names of one kind of component, each with its parameters.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "metric"}
        What the names are of.

    Returns
    -------
    dict of str to tuple of str
        Parameters by name of the component.
    """
    own = _signatures(_OWN[kind])
    if kind == "generator":
        own = {name: own[name] for name in own if name.startswith(("make_", "load_"))}
    if kind == "metric":
        own = {name: own[name] for name in own if own[name] == _PAIR}
    return own | {name: entry[1] for name, entry in _SKLEARN.get(kind, {}).items()}


def estimator_parameters(name: str) -> tuple[str, ...]:
    """Return the parameters of one of `ESTIMATORS`."""
    from skseq.estimators._constraints import CONSTRAINTS

    return tuple(CONSTRAINTS[name])


def load(kind: str, name: str) -> Any:
    """Import and return a component: a class or a function.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "metric"}
        What `name` is of.
    name : str
        One of the names in ``parameters(kind)``.

    Returns
    -------
    object
        The class or function of that name.
    """
    if name in _SKLEARN.get(kind, {}):
        return getattr(import_module(_SKLEARN[kind][name][0]), name)
    return getattr(import_module(_OWN[kind]), name)


def build(kind: str, entry: Mapping[str, Any]) -> Any:
    """Return the component that an entry of the configuration describes."""
    return load(kind, entry["name"])(**entry.get("params", {}))


def _signatures(module: str) -> dict[str, tuple[str, ...]]:
    """Return the public functions and classes of `module`, with their arguments."""
    path = source_of(module)
    if path.name == "__init__.py":
        inside = (file.stem for file in sorted(path.parent.glob("[!_]*.py")))
        return {
            name: names
            for other in inside
            for name, names in _signatures(f"{module}.{other}").items()
        }
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = _arguments(node)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = _constructor(node, found)
    return {name: names for name, names in found.items() if not name.startswith("_")}


def _constructor(
    node: ast.ClassDef, above: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the arguments of a class, or of what it inherits from in its module."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            return _arguments(method)
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    return next((above[base] for base in bases if base in above), ())


def _arguments(function: ast.FunctionDef) -> tuple[str, ...]:
    arguments = function.args
    names = [
        argument.arg
        for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    ]
    return tuple(name for name in names if name != "self")
