"""What is inside a loaded model: wrappers, steps, and the network at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from skseq.estimators._base import BaseRecurrent

__all__ = ["chain", "is_network", "takes_symbols"]


def chain(model: BaseEstimator) -> list[BaseEstimator]:
    """List a model and all that it hands its rows to, the network last if it has one.

    Parameters
    ----------
    model : estimator
        A network, or a Pipeline, search or wrapper around one.

    Returns
    -------
    list of estimator
        Fitted where the model is.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from skseq import OneHotSequence, Seq2SeqEcho
    >>> model = make_pipeline(OneHotSequence(), Seq2SeqEcho())
    >>> [type(part).__name__ for part in chain(model)]
    ['Pipeline', 'OneHotSequence', 'Seq2SeqEcho']
    """
    return list(_parts(model))


def _parts(model: BaseEstimator) -> Iterator[BaseEstimator]:
    yield model
    if isinstance(model, Pipeline):
        for _, step in model.steps:
            if step is not None and step != "passthrough":
                yield from _parts(step)
        return
    for name in ("best_estimator_", "regressor_", "estimator_", "estimator"):
        if inner := getattr(model, name, None):
            yield from _parts(inner)
            return


def is_network(part: Any) -> TypeGuard[BaseRecurrent]:
    """Tell whether a part of a model is an estimator of this package."""
    return isinstance(part, BaseRecurrent)


def takes_symbols(model: BaseEstimator) -> bool:
    """Tell whether a model reads steps as text: its first step has such an alphabet."""
    categories = (getattr(part, "categories_", None) for part in chain(model))
    return any(found is not None and found.dtype.kind in "OUST" for found in categories)
