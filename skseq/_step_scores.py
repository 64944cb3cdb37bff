"""Scikit-learn's metrics over the real steps of sequences, as scorers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.utils._param_validation import StrOptions, validate_params
from sklearn.utils.metadata_routing import MetadataRequest

from skseq._inside import network_with
from skseq._lists import joined, rows_of

__all__ = [
    "StepScorer",
    "at_real",
    "equal_to",
    "real_steps_of",
    "score_steps",
    "step_scorer",
    "steps_of",
]


@validate_params(
    {
        "score_func": [callable],
        "response_method": [
            StrOptions({"predict", "predict_proba", "decision_function"})
        ],
        "greater_is_better": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def step_scorer(
    score_func: Callable[..., float],
    *,
    response_method: str = "predict",
    greater_is_better: bool = True,
    padding: Any = None,
    **kwargs: Any,
) -> StepScorer:
    """Make a scorer of a metric over real steps, all sequences together.

    What does not count: steps that the estimator takes for padding (its
    `mask_value`), and targets that are NaN, None or `padding`.

    Parameters
    ----------
    score_func : callable
        A metric such as :func:`sklearn.metrics.f1_score`, called as
        ``score_func(y_true, y_pred, **kwargs)`` with one entry per real step.
    response_method : {"predict", "predict_proba", "decision_function"}, \
            default="predict"
        What of the estimator is scored. Of two classes, probabilities are those of
        the second.
    greater_is_better : bool, default=True
        False for an error or a loss: its sign is turned, so that more is better.
    padding : object, default=None
        Targets equal to this do not count. None: all that are not missing do.
    **kwargs : object
        Further arguments of `score_func`.

    Returns
    -------
    scorer : callable
        ``scorer(estimator, X, y, sample_weight=None, groups=None)`` gives the score,
        for `scoring` of searches and cross-validation. `sample_weight` of shape
        (n_sequences,) or (n_sequences, n_timesteps), or a list as y, goes to the
        metric, `groups` to the estimator. With metadata routing,
        ``scorer.set_score_request(groups=True)`` asks for them.

    Raises
    ------
    ValueError
        From the scorer, if predictions and targets differ in shape or no step is real.

    See Also
    --------
    token_accuracy : Of accuracies, the one that needs no scorer.
    sklearn.metrics.make_scorer : Scorers of targets that are one per row.

    Examples
    --------
    >>> from sklearn.metrics import f1_score
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skseq import StatefulLSTMClassifier
    >>> from skseq.metrics import step_scorer
    >>> search = GridSearchCV(
    ...     StatefulLSTMClassifier(mask_value=-1),
    ...     {"units": [5, 10]},
    ...     scoring=step_scorer(f1_score, average="macro"),
    ... )
    """
    return StepScorer(
        score_func, response_method, greater_is_better, padding, dict(kwargs)
    )


@dataclass(frozen=True)
class StepScorer:
    """What `step_scorer` makes; data, so that it is copied and kept like data."""

    score_func: Callable[..., float]
    response_method: str = "predict"
    greater_is_better: bool = True
    padding: Any = None
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    requests: Mapping[str, bool | str | None] = field(default_factory=dict)

    def __call__(
        self,
        estimator: Any,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        groups: Any = None,
    ) -> float:
        """Return the score of an estimator on sequences; more is better."""
        more = {} if groups is None else {"groups": groups}
        predicted = getattr(estimator, self.response_method)(X, **more)
        if self.response_method != "predict" and _is_of_outputs(predicted, y):
            predicted = np.stack(predicted, axis=1)
        score = score_steps(
            self.score_func,
            y,
            predicted,
            classwise=self.response_method != "predict",
            padding=self.padding,
            real=real_steps_of(estimator, X),
            sample_weight=sample_weight,
            params=self.kwargs,
        )
        return score if self.greater_is_better else -score

    def set_score_request(self, **requests: bool | str | None) -> StepScorer:
        """Return a scorer that asks scikit-learn's routing for metadata.

        Parameters
        ----------
        **requests : bool, str or None
            For `sample_weight` and `groups`, as in scikit-learn's scorers.

        Returns
        -------
        scorer : StepScorer
            One with these requests.
        """
        unknown = sorted({*requests} - {"sample_weight", "groups"})
        if unknown:
            raise TypeError(
                "step_scorer routes sample_weight and groups; got "
                f"{', '.join(map(repr, unknown))}."
            )
        return replace(self, requests={**self.requests, **requests})

    def get_metadata_routing(self) -> MetadataRequest:
        """Return what scikit-learn's routing must bring to a call."""
        request = MetadataRequest(owner=self)
        for name in ("sample_weight", "groups"):
            request.score.add_request(param=name, alias=self.requests.get(name))
        return request


def score_steps(
    score_func: Callable[..., float],
    y_true: Any,
    y_pred: Any,
    *,
    classwise: bool = False,
    padding: Any = None,
    real: np.ndarray | None = None,
    sample_weight: Any = None,
    params: Mapping[str, Any] | None = None,
) -> float:
    """Score all real steps together.

    Parameters
    ----------
    score_func : callable
    y_true, y_pred : array-like of shape (n,), (n, t) or (n, t, k), or list of array
        Targets, and what was predicted.
    classwise : bool, default=False
        Whether `y_pred` has one axis more, of classes.
    padding : object, default=None
        What true values that do not count are, beside missing ones.
    real : ndarray of bool, shape (n, t), or None
        Which steps of `y_pred` count; None for all. Targets and weights may stand at
        these alone.
    sample_weight : array-like of shape (n,) or (n, t), or list, default=None
    params : mapping, default=None
        Of `score_func`.
    """
    parts = [steps_of(y_true, "y_true"), steps_of(y_pred, "y_pred")]
    if sample_weight is not None:
        parts.append(_weights(sample_weight, parts[0][1]))
    if real is not None:
        given = parts[1][1]
        parts = [at_real(*part, real, given) for part in parts]
    (true, lengths), (pred, n_predicted), *weights = parts
    alike = lengths == n_predicted and pred.shape[: true.ndim] == true.shape
    if not alike or pred.ndim != true.ndim + classwise:
        raise ValueError(
            "y_true and y_pred must be the same sequences and steps; got steps of "
            f"shape {true.shape} and {pred.shape}."
        )
    if weights and weights[0][1] != lengths:
        raise ValueError(
            "sample_weight must be one for each sequence, or one for each of their "
            f"steps; got {len(weights[0][0])} for {len(true)} steps."
        )
    counts = ~equal_to(true, np.nan)
    if padding is not None:
        counts &= ~equal_to(true, padding)
    if not counts.any():
        raise ValueError(
            "y_true has no step to score: all are padding or have no target."
        )
    more = dict(params or {})
    if weights:
        more["sample_weight"] = weights[0][0][counts]
    true, pred = true[counts], pred[counts]
    if true.dtype == object:  # the kind of labels without the missing ones
        true = np.array(true.tolist())
    if classwise and pred.shape[-1] == 2:
        pred = pred[..., 1]
    return float(score_func(true, pred, **more))


def steps_of(y: Any, name: str) -> tuple[np.ndarray, list[int]]:
    """Lay steps in one row, a row of features each if there are some."""
    rows = rows_of(y)
    if rows is not None:
        steps, lengths = joined(rows, name)
        return steps, lengths.tolist()
    array = np.asarray(y)
    if not array.ndim or 0 in array.shape:
        raise ValueError(
            f"{name} must hold a row per sequence, and not be empty; got shape "
            f"{array.shape}."
        )
    if array.ndim == 1:
        return array, [1] * len(array)
    steps = array.reshape(-1, *array.shape[2:])
    return steps, [array.shape[1]] * len(array)


def equal_to(values: np.ndarray, what: Any) -> np.ndarray:
    """Which steps are a value, None and NaN being one, in all of their entries."""
    if what == what:
        found = np.asarray(values.astype(object) == what)
    elif values.dtype == object:
        found = np.array([v is None or v != v for v in values.ravel()], bool)
        found = found.reshape(values.shape)
    else:
        found = np.asarray(values != values)
    return np.all(found.reshape(len(values), -1), axis=1)


def at_real(
    steps: np.ndarray, lengths: list[int], real: np.ndarray, given: list[int]
) -> tuple[np.ndarray, list[int]]:
    """Take real steps of what stands beside all that are given, and leave the rest."""
    if lengths != given or len(real) != len(given):
        return steps, lengths
    at = np.concatenate([row[:n] for row, n in zip(real, given, strict=True)])
    return steps[at], real.sum(axis=1).tolist()


def _is_of_outputs(predicted: Any, y: Any) -> bool:
    """Whether a list holds an array for each column of y, as scikit-learn has it."""
    if not isinstance(predicted, list):
        return False
    _, lengths = steps_of(y, "y_true")
    n_rows, n_outputs = len(lengths), len(predicted)
    of_rows = [*map(len, predicted)] == n_outputs * [n_rows]
    return of_rows and lengths == n_rows * [n_outputs]


def _weights(sample_weight: Any, lengths: list[int]) -> tuple[np.ndarray, list[int]]:
    """Weights of steps, and of how many in each sequence."""
    if rows_of(sample_weight) is not None:
        return steps_of(sample_weight, "sample_weight")
    weights = np.asarray(sample_weight)
    if weights.ndim == 1 and len(weights) == len(lengths):
        return np.repeat(weights, lengths), lengths
    if weights.ndim == 2 and len(weights) == len(lengths):
        return steps_of(weights, "sample_weight")
    raise ValueError(
        f"sample_weight must be one for each of {len(lengths)} sequences, or one for "
        f"each of their steps; got shape {weights.shape}."
    )


def real_steps_of(estimator: Any, X: Any) -> np.ndarray | None:
    """Ask the network inside of an estimator which steps are no padding."""
    network, X = network_with(estimator, X)
    layout = getattr(network, "_layout", None)
    return network._read(X).real if layout is not None and layout.per_step else None
