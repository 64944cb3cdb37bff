"""The steps of a problem, whichever kind it is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from skseq.experiments.real import classification, forecasting
from skseq.experiments.real.classification import Part

__all__ = ["repeat_problem", "search_problem"]

Arrays = Mapping[str, np.ndarray]


def search_problem(
    kind: str, name: str, spec: Mapping[str, Any], arrays: Arrays
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Choose a network by training rows, or by what is known at the first origin.

    Parameters
    ----------
    kind : {"classification", "forecasting"}
        What is asked.
    name : str
        Name of the problem.
    spec : mapping
        What `config.problem_spec` gave.
    arrays : mapping of str to ndarray
        What `sources.load` gave.

    Returns
    -------
    table : list of dict
        Scores of all candidates.
    chosen : dict
        The candidate; of a series its number for each horizon.
    """
    if kind == "classification":
        return classification.search(name, spec, Part.of(arrays, "train"))
    values = arrays["values"]
    known = values[: forecasting.first_origin(values)]
    table = forecasting.search(name, spec, known)
    return table, forecasting.choose(table, spec["horizons"])


def repeat_problem(
    kind: str,
    name: str,
    spec: Mapping[str, Any],
    chosen: Mapping[str, Any],
    seeds: int,
    arrays: Arrays,
) -> dict[str, np.ndarray]:
    """Fit what was chosen from several seeds; parameters as of `search_problem`."""
    if kind == "classification":
        parts = Part.of(arrays, "train"), Part.of(arrays, "test")
        return classification.repeat(name, spec, chosen, seeds, *parts)
    return forecasting.repeat(name, spec, chosen, seeds, arrays["values"])
