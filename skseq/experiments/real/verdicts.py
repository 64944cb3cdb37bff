"""Whether a network is worth it, in a sentence that follows from the numbers alone."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

__all__ = ["classification_verdict", "forecast_verdict"]

# Points of 100 behind MiniRocket that count as close.
CLOSE = 0.02
# Fewer forecasts than this tell nothing.
FEW_ORIGINS = 8
SIMPLE = {"logistic": "logistic regression", "nearest": "the nearest neighbour"}
LEARNED = {"smoothing": "exponential smoothing", "linear": "a straight line"}


def classification_verdict(row: Mapping[str, Any]) -> str:
    """Say whether the network is worth it on a classification problem.

    Parameters
    ----------
    row : mapping
        Mean scores by method, ``network_seconds`` and ``minirocket_seconds``.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> row = {"network": 0.8, "logistic": 0.9, "nearest": 0.7, "minirocket": 0.95}
    >>> classification_verdict(row)
    'Not worth it: logistic regression gets 10.0 points more right.'
    """
    simple = max(SIMPLE, key=lambda method: row[method])
    behind = row[simple] - row["network"]
    if behind > 1e-9:
        return f"Not worth it: {SIMPLE[simple]} gets {_points(behind)} more right."
    ahead, behind = -behind, row["minirocket"] - row["network"]
    if behind < -1e-9:
        return (
            f"Worth it: {_points(-behind)} more right than MiniRocket, "
            f"{_points(ahead)} more than {SIMPLE[simple]}."
        )
    if behind <= CLOSE + 1e-9:
        said = f"within {_points(behind)} of" if behind > 1e-9 else "equal to"
        return f"As good as it gets, {said} MiniRocket; that is the one to try first."
    return (
        f"Not worth it where MiniRocket is at hand, which gets {_points(behind)} more "
        f"right; better than {SIMPLE[simple]} by {_points(ahead)}."
    )


def forecast_verdict(row: Mapping[str, Any]) -> str:
    """Say whether the network is worth it at one horizon of a series.

    Parameters
    ----------
    row : mapping
        With ``origins``, ``rule``, ``skill``, ``skill_low``, ``skill_high``,
        ``network``, and errors and skills of ``smoothing`` and ``linear``.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> row = {"origins": 40, "rule": "drift", "skill": -0.25, "skill_low": -0.5,
    ...        "skill_high": -0.1, "network": 5.0, "smoothing": 4.0, "linear": 4.5}
    >>> forecast_verdict(row)
    'Do not use it: its error is 25 % above that of the naive rule "drift".'
    """
    rule, skill = f'the naive rule "{row["rule"]}"', row["skill"]
    if row["origins"] < FEW_ORIGINS:
        count = "one forecast" if row["origins"] == 1 else f"{row['origins']} forecasts"
        return f"No verdict: {count} so far ahead can be tested."
    if not isfinite(skill):
        return "Do not use it: from some seeds it diverged."
    if row["skill_high"] < 0:
        return f"Do not use it: its error is {_percent(-skill)} above that of {rule}."
    if skill <= 0:
        return f"Not worth it: its error is no smaller than that of {rule}."
    better = min(LEARNED, key=lambda method: row[method])
    if row[better] < row["network"]:
        return (
            f"Not worth it: it saves {_percent(skill)} of the error of {rule}; "
            f"{LEARNED[better]} saves {_percent(row[f'{better}_skill'])}, for less."
        )
    if row["skill_low"] <= 0:
        return (
            f"Perhaps: it saves {_percent(skill)} of the error of {rule}, which other "
            "steps of the series could undo."
        )
    return (
        f"Worth it: it saves {_percent(skill)} of the error of {rule}, more than "
        "exponential smoothing and a straight line do."
    )


def _points(share: float) -> str:
    points = 100 * abs(share)
    return f"{points:.1f} points"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
