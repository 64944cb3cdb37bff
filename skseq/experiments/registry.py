"""Names that a configuration may use, and what each may be given.

Of this package that is what is public, of scikit-learn what is listed here. Nothing
here imports TensorFlow: the estimators' constraints stand apart from the estimators.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any

from sklearn.utils._param_validation import validate_parameter_constraints

import skseq.metrics
from skseq._step_scores import score_steps
from skseq.estimators._constraints import OPTION_CONSTRAINTS, PARAMETER_CONSTRAINTS
from skseq.training.options import CLIPPING, OPTIMIZER_OPTIONS, check_schedule

_OWN = {
    "oracle": "skseq.metrics",
    "generator": "skseq.datasets",
    "metric": "skseq.metrics",
    "baseline": "skseq.baselines",
    "transformer": "skseq.preprocessing",
}
_SKLEARN = {
    "transformer": {
        "MaxAbsScaler": "sklearn.preprocessing",
        "MinMaxScaler": "sklearn.preprocessing",
        "Normalizer": "sklearn.preprocessing",
        "OneHotEncoder": "sklearn.preprocessing",
        "OrdinalEncoder": "sklearn.preprocessing",
        "PolynomialFeatures": "sklearn.preprocessing",
        "PowerTransformer": "sklearn.preprocessing",
        "RobustScaler": "sklearn.preprocessing",
        "SimpleImputer": "sklearn.impute",
        "StandardScaler": "sklearn.preprocessing",
    },
    "baseline": {
        "DummyClassifier": "sklearn.dummy",
        "DummyRegressor": "sklearn.dummy",
        "LinearRegression": "sklearn.linear_model",
        "LogisticRegression": "sklearn.linear_model",
        "MLPClassifier": "sklearn.neural_network",
        "MLPRegressor": "sklearn.neural_network",
        "Ridge": "sklearn.linear_model",
        "RidgeCV": "sklearn.linear_model",
    },
    "metric": {
        "max_error": "sklearn.metrics",
        "mean_absolute_error": "sklearn.metrics",
    },
    "generator": {},
    "oracle": {},
}
# What tells the functions of one module apart: a metric scores predictions, an oracle
# says what no rule of a kind can exceed.
_FIRST_ARGUMENTS = {"metric": ["y_true", "y_pred"], "oracle": ["X", "y"]}
# Metrics of scikit-learn that give one number of predictions end so; probabilities are
# asked of by a few of them.
_NUMBERS = ("_score", "_error", "_loss", "_deviance", "_corrcoef")
_OF_PROBABILITIES = ("log_loss", "d2_log_loss_score", "d2_brier_score")
# Parameters that are components themselves.
NESTED = {("transformer", "PerStep"): "transformer"}
# What oracles give: a share of labels that are right.
ORACLE_METRIC = "token_accuracy"
# Strategies of dummies that draw.
_DRAWN = ("stratified", "uniform")
# Solvers of linear models that draw; the others are exact.
_DRAWING_SOLVERS = ("liblinear", "sag", "saga")


def names(kind: str) -> list[str]:
    """Return the names of one kind of component.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "metric", "oracle", "estimator"}
        What the names are of.

    Returns
    -------
    list of str
        Sorted names.

    Examples
    --------
    >>> names("baseline")[-3:]
    ['RidgeCV', 'SeasonalChangeForecaster', 'SeasonalForecaster']
    """
    if kind == "estimator":
        return sorted(PARAMETER_CONSTRAINTS)
    module = import_module(_OWN[kind])
    own = [name for name in module.__all__ if _is(kind, name, getattr(module, name))]
    steps = _step_metrics() if kind == "metric" else ()
    return sorted({*own, *_SKLEARN[kind], *steps})


@cache
def _step_metrics() -> frozenset[str]:
    """Return the metrics of scikit-learn that count real steps, whatever their row."""
    import sklearn.metrics

    known = {*_SKLEARN["metric"], *skseq.metrics.__all__, *_OF_PROBABILITIES}
    return frozenset(
        name
        for name in sklearn.metrics.__all__
        if name.endswith(_NUMBERS)
        and name not in known
        and _is("metric", name, getattr(sklearn.metrics, name))
    )


def _is(kind: str, name: str, thing: Any) -> bool:
    if kind == "generator":
        return name.startswith(("make_", "load_"))
    if kind in _FIRST_ARGUMENTS:
        first = list(inspect.signature(thing).parameters)[:2]
        return first == _FIRST_ARGUMENTS[kind]
    # A text of YAML cannot be an estimator, which is what such a class would need.
    nested = [NESTED[kind, name]] if (kind, name) in NESTED else []
    return inspect.isclass(thing) and _required(thing) == nested


def _required(thing: Any) -> list[str]:
    return [
        name
        for name, parameter in inspect.signature(thing).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind is not parameter.VAR_KEYWORD
    ]


def required(kind: str, name: str) -> list[str]:
    """Return the parameters that a component cannot do without.

    Examples
    --------
    >>> required("generator", "load_sequences_csv")
    ['path']
    """
    if kind in ("estimator", "oracle", "metric"):
        return []
    return _required(load(kind, name))


def default(kind: str, name: str, parameter: str) -> Any:
    """Return what a parameter of a component is if nobody says.

    Examples
    --------
    >>> default("generator", "make_echo", "n_timesteps")
    10
    """
    return inspect.signature(load(kind, name)).parameters[parameter].default


def sign(name: str) -> int:
    """Return 1 for a metric of which more is better, -1 for one of which less is.

    Examples
    --------
    >>> sign("token_accuracy"), sign("max_error")
    (1, -1)
    """
    name = name.partition("(")[0]
    less = ("_error", "_deviance", "loss", "_needed", "_wrong")
    return -1 if name.endswith(less) else 1


def learns(name: str) -> bool:
    """Return whether a baseline is a model that learns, not a rule.

    A model reads its inputs as a network does, scaled or coded. A rule answers without
    looking, or speaks of the values themselves: it is what learning has to beat.

    Examples
    --------
    >>> learns("MLPClassifier"), learns("SeasonalForecaster")
    (True, False)
    """
    own = name in names("oracle") or name not in _SKLEARN["baseline"]
    return not (own or name.startswith("Dummy"))


def draws(entry: Mapping[str, Any]) -> bool:
    """Return whether the answers of a baseline depend on a seed.

    Examples
    --------
    >>> draws({"name": "MLPClassifier"}), draws({"name": "Ridge"})
    (True, False)
    """
    if entry["name"] in names("oracle"):
        return False
    params = entry.get("params", {})
    if entry["name"].startswith("Dummy"):
        return params.get("strategy") in _DRAWN
    return entry["name"].startswith("MLP") or params.get("solver") in _DRAWING_SOLVERS


def load(kind: str, name: str) -> Any:
    """Import and return a component, a class or a function.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "metric", "oracle"}
        What `name` is of.
    name : str
        One of ``names(kind)``.

    Returns
    -------
    object
        The class or function of that name.
    """
    home = _SKLEARN[kind].get(name, _OWN[kind])
    if kind == "metric" and name in _step_metrics():
        home = "sklearn.metrics"
    return getattr(import_module(home), name)


def metric(name: str, framing: Mapping[str, Any] | None) -> Callable[..., float]:
    """Return a metric that leaves out what the framing of a problem filled in."""
    called = read_metric(name)
    function, params = load("metric", called["name"]), dict(called["params"])
    padding = (framing or {}).get("fill_value")
    if called["name"] in _step_metrics():
        return partial(score_steps, function, padding=padding, params=params)
    if padding is not None and "padding" in inspect.signature(function).parameters:
        params = {"padding": padding} | params
    return partial(function, **params) if params else function


def metric_name(entry: str | Mapping[str, Any]) -> str:
    """Return what a metric is called in results: its name, and its parameters if any.

    Examples
    --------
    >>> metric_name({"name": "f1_score", "params": {"average": "macro"}})
    "f1_score(average='macro')"
    """
    if isinstance(entry, str):
        return entry
    params = entry.get("params", {})
    given = ", ".join(f"{key}={value!r}" for key, value in params.items())
    return f"{entry['name']}({given})" if given else entry["name"]


def read_metric(name: str) -> dict[str, Any]:
    """Return the entry that `metric_name` made a name of.

    Raises
    ------
    ValueError
        If it is neither a name nor a call with parameters.

    Examples
    --------
    >>> read_metric("f1_score(average='macro')")
    {'name': 'f1_score', 'params': {'average': 'macro'}}
    """
    if "(" not in name:
        return {"name": name, "params": {}}
    try:
        call: Any = ast.parse(name, mode="eval").body
        params = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
        if call.args or None in params:
            raise ValueError
        return {"name": call.func.id, "params": params}
    except (AttributeError, SyntaxError, ValueError):
        raise ValueError(
            f"{name!r} is no metric; write its name, and parameters under 'params'."
        ) from None


def build(kind: str, entry: Mapping[str, Any]) -> Any:
    """Return the component that an entry of the configuration describes."""
    params = dict(entry.get("params", {}))
    inner = NESTED.get((kind, entry["name"]))
    if inner in params:
        params[inner] = build(kind, params[inner])
    return load(kind, entry["name"])(**params)


def parameters(
    kind: str, name: str, optimizers: Iterable[str] = ("adam",)
) -> list[str]:
    """Return the parameters of a component.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "metric", "oracle", "estimator"}
        What `name` is of.
    name : str
        One of ``names(kind)``.
    optimizers : iterable of str, default=("adam",)
        Optimizers that an estimator is to be used with. What all of them can be given
        counts as its parameters too, routed as in ``optimizer__weight_decay``.

    Returns
    -------
    list of str
        Names of the parameters.

    Examples
    --------
    >>> parameters("transformer", "LagFramer")
    ['n_lags', 'fill_value']
    """
    if kind == "estimator":
        known = [
            {*CLIPPING, *OPTIMIZER_OPTIONS.get(optimizer, {})}
            for optimizer in optimizers
        ]
        routed = [f"optimizer__{option}" for option in sorted(set.intersection(*known))]
        # What a run does again after it was stopped, Snakemake knows.
        own = [p for p in PARAMETER_CONSTRAINTS[name] if "checkpoint" not in p]
        return [*own, *routed]
    given = list(inspect.signature(load(kind, name)).parameters)
    # The first ones of these are the data.
    return given[2:] if kind in _FIRST_ARGUMENTS else given


def value_error(kind: str, name: str, parameter: str, value: Any) -> str:
    """Return what is wrong with the value of a parameter, or an empty text.

    Parameters
    ----------
    kind : {"generator", "transformer", "baseline", "oracle", "estimator"}
        What `name` is of.
    name : str
        One of ``names(kind)``.
    parameter : str
        One of ``parameters(kind, name)``.
    value : object
        What the parameter is to be.

    Returns
    -------
    str
        The message of the check that scikit-learn makes.

    Examples
    --------
    >>> print(value_error("estimator", "Seq2SeqEcho", "epochs", 0))
    The 'epochs' parameter of Seq2SeqEcho must be an int in the range [1, inf).
    Got 0 instead.
    >>> value_error("estimator", "Seq2SeqEcho", "epochs", 20)
    ''
    """
    constraints = _constraints(kind, name).get(parameter, "no_validation")
    try:
        validate_parameter_constraints(
            {parameter: constraints}, {parameter: value}, caller_name=name
        )
        if kind == "estimator" and parameter.endswith("learning_rate"):
            check_schedule(value)
    except ValueError as error:
        return str(error)
    return ""


def _constraints(kind: str, name: str) -> Mapping[str, Any]:
    if kind == "estimator":
        routed = {f"optimizer__{key}": own for key, own in OPTION_CONSTRAINTS.items()}
        return PARAMETER_CONSTRAINTS[name] | routed
    component = load(kind, name)
    private = "_parameter_constraints"
    if not inspect.isclass(component):
        private = "_skl_parameter_constraints"
    return getattr(component, private, {})
