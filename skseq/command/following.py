"""Steps as they arrive, each answered at once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection._search import BaseSearchCV
from sklearn.pipeline import Pipeline

from skseq.command.models import chain, is_network, takes_symbols
from skseq.command.prediction import predictor
from skseq.datasets._tables import as_number
from skseq.preprocessing import OneHotSequence, PerStep

__all__ = ["answers"]

# What says of a step alone what it says of it in its row.
_CODERS = (OneHotSequence, PerStep)
# What hands on what others say.
_AROUND = (BaseSearchCV, Pipeline)


def answers(model: BaseEstimator, lines: Iterable[str]) -> Iterator[str]:
    """Answer each line with what the model says of the steps so far.

    Parameters
    ----------
    model : estimator
        A fitted network, alone or behind OneHotSequence or PerStep: what stands before
        it must take steps one by one. Targets may be scaled, but not each step's by a
        scale of its own.
    lines : iterable of str
        The features of a step, separated by commas; an empty line begins another
        sequence and is not answered.

    Yields
    ------
    str
        The prediction; several are separated by commas.

    Raises
    ------
    ValueError
        If the model cannot go step by step, or a line is not the features of a step,
        with its number.
    """
    *before, network = chain(predictor(model))
    known = (*_CODERS, *_AROUND, *_scalers_for(network))
    odd = [part for part in before if not isinstance(part, known)]
    if odd or not is_network(network):
        raise ValueError(
            "--follow takes networks, alone or behind OneHotSequence or PerStep, and "
            f"{type((odd or [network])[0]).__name__} may look at whole rows; predict "
            "a table instead."
        )
    coders = [part for part in before if isinstance(part, _CODERS)]
    scalers = [part for part in before if isinstance(part, TransformedTargetRegressor)]
    symbols = takes_symbols(model)
    stream = network.stream()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            stream.reset()
            continue
        try:
            step = _step(line, symbols)
            for coder in coders:
                [step] = coder.transform(step[None, None])
            answer = stream.step(step)
            for scaler in reversed(scalers):
                answer = scaler.transformer_.inverse_transform(
                    np.reshape(answer, (1, -1))
                )
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
        yield _line(np.ravel(answer))


def _scalers_for(network: BaseEstimator) -> tuple[type, ...]:
    """Wrappers that scale targets, if they can do so with an answer alone."""
    of_rows = is_network(network) and not network._layout.per_step
    return (TransformedTargetRegressor,) if of_rows else ()


def _step(line: str, symbols: bool) -> np.ndarray:
    """Read the features of a step."""
    [cells] = csv.reader([line.strip()])
    if symbols:
        return np.array([cell.strip() for cell in cells])
    numbers = [as_number(cell) for cell in cells]
    if not np.isfinite(numbers).all():
        raise ValueError(f"{line.strip()!r:.80} holds what is no finite number.")
    return np.array(numbers)


def _line(answer: Iterable[Any]) -> str:
    """Write values as a line of a CSV."""
    text = StringIO()
    csv.writer(text, lineterminator="").writerow(answer)
    return text.getvalue()
