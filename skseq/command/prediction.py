"""Tables in, predictions out: sequences in long form, or one a row."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import get_tags

from skseq.command.models import chain, is_network, takes_symbols
from skseq.datasets._long import _in_order, _rows_of
from skseq.datasets._tables import Table
from skseq.experiments.files import write_csv

__all__ = ["predict_table", "predictor", "write_table"]

# What columns of a table are called, as `load_sequences_csv` has it.
SEQUENCE, STEP, LABEL = "sequence", "step", "label"
Cells = list[dict[str, Any]]


def predict_table(model: BaseEstimator, path: Path) -> tuple[Cells, list[str]]:
    """Predict every sequence of a table.

    Parameters
    ----------
    model : estimator
        Fitted.
    path : path-like
        A CSV: a row per step with the columns `sequence`, `step` and features, or a row
        per sequence, each column a step (or whatever the model was fitted with). A
        column `label` is not read.

    Returns
    -------
    rows : list of dict
        Predictions: one a sequence, or one a step.
    columns : list of str
        Names of their columns, in order.

    Raises
    ------
    ValueError
        If the table cannot be read, or is not what the model takes.
    OSError
        If it cannot be opened.
    """
    predictor(model)
    table = Table.of_csv(path, ",", None)
    rows = _of_steps if SEQUENCE in table.header else _of_rows
    predicted = list(rows(model, table))
    return predicted, list(dict.fromkeys(name for row in predicted for name in row))


def predictor(model: BaseEstimator) -> BaseEstimator:
    """Return the model if it predicts.

    Raises
    ------
    ValueError
        If it does not.
    """
    if not hasattr(model, "predict"):
        raise ValueError(f"the model is a {type(model).__name__}, which predicts not.")
    return model


def _of_steps(model: BaseEstimator, table: Table) -> Iterable[dict[str, Any]]:
    """Predict sequences in long form, those of one length together."""
    table.require([SEQUENCE, STEP])
    names = [name for name in table.header if name not in (SEQUENCE, STEP, LABEL)]
    known = getattr(model, "feature_names_in_", ())
    if set(known) & set(names):
        names = list(known)
        table.require(names)
    if not names:
        raise ValueError(f"{table.name} has no column of features.")
    together = _rows_of(table.cells(SEQUENCE))
    found = _in_order(table, together, table.numbers(STEP), STEP)
    cells = _cells(model, table, names)
    table.finish()
    rows = {name: np.concatenate(steps) for name, steps in found.items()}
    lengths: dict[int, list[str]] = {}
    for name, members in rows.items():
        lengths.setdefault(len(members), []).append(name)
    # scikit-learn's own transformers know no third axis.
    flat = len(names) == 1 and not get_tags(model).input_tags.three_d_array
    said: dict[str, Any] = {}
    for alike in lengths.values():
        X = cells[[rows[name] for name in alike]]
        said |= zip(alike, model.predict(X[:, :, 0] if flat else X), strict=True)
    steps = table.cells(STEP)
    for name, members in rows.items():
        if not _answers_steps(model):
            yield {SEQUENCE: name, **_named(said[name])}
            continue
        for row, answer in zip(members, said[name], strict=True):
            yield {SEQUENCE: name, STEP: steps[row], **_named(answer)}


def _of_rows(model: BaseEstimator, table: Table) -> Iterable[dict[str, Any]]:
    """Predict sequences that are a row each."""
    known = getattr(model, "feature_names_in_", None)
    names = [name for name in table.header if name != LABEL]
    if known is not None:
        names = list(known)
        table.require(names)
    X: Any = _cells(model, table, names)
    table.finish()
    if known is not None:
        import pandas as pd

        X = pd.DataFrame(X, columns=names)
    for number, answer in enumerate(model.predict(X), start=1):
        yield {"row": number, **_named(answer)}


def _cells(model: BaseEstimator, table: Table, names: Sequence[str]) -> np.ndarray:
    """Read columns as what the model takes, of shape (n_rows, n_columns)."""
    read = table.cells if takes_symbols(model) else table.numbers
    return np.array([read(name) for name in names]).T


def _answers_steps(model: BaseEstimator) -> bool:
    network = chain(model)[-1]
    return is_network(network) and network._layout.per_step


def _named(answer: Any) -> dict[str, Any]:
    """Name the values of one prediction."""
    values = np.asarray(answer)
    if values.ndim == 0:
        return {"prediction": answer}
    return {
        f"prediction_{number}": value
        for number, value in enumerate(values.ravel(), start=1)
    }


def write_table(path: Path | None, rows: Cells, columns: list[str]) -> None:
    """Write rows to a file, whole or not at all, or to standard output."""
    if path is not None:
        write_csv(path, rows, columns)
        return
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
