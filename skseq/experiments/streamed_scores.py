"""Scores of what was trained on data that stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from skseq.experiments.data import Arrays, cases

__all__ = ["METRICS", "scores_until"]

# What is reported: sequences until it was enough, of which a run that was not solved
# has no number; whether it was; how many fresh ones are wrong then; trained weights.
METRICS = ("sequences_needed", "solved", "share_wrong", "weights")


def scores_until(
    problem: str, spec: Mapping[str, Any], predictions: Arrays
) -> Iterator[dict[str, Any]]:
    """Give the scores of every run, as far as cases were tried.

    Parameters
    ----------
    problem : str
        Name of the problem.
    spec : mapping
        Entries `data`, `until` and `configurations` of the problem.
    predictions : dict of str to ndarray
        What `blockwise.run_until` gave for every configuration.

    Yields
    ------
    dict
        A row with `tables.SCORE_COLUMNS`.
    """
    tolerance = spec["until"].get("tolerance", 0.5)
    for case in cases(spec["data"]):
        for name in spec["configurations"]:
            key = f"{case.prefix}{name}"
            for repeat, solved in enumerate(predictions.get(f"{key}.solved", ())):
                sequences = predictions[f"{key}.sequences"][repeat]
                wrong = predictions[f"{key}.errors"][repeat] >= tolerance
                values = (
                    float(sequences) if solved else np.nan,
                    float(solved),
                    float(wrong.mean()),
                    float(predictions[f"{key}.weights"][repeat]),
                )
                for metric, value in zip(METRICS, values, strict=True):
                    yield {
                        **{"problem": problem, "configuration": name, "name": ""},
                        **{"case": case.label, "metric": metric, "data": "test"},
                        **{"repeat": repeat, "value": value},
                    }
