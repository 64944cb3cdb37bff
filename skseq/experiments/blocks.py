"""How sure a difference of errors on one series is: of its months, not of the seeds.

Twenty fits that are tested on one series share every month of it, so the spread over
them says nothing about other months. Months are drawn again instead, in blocks of
neighbours, because what one month surprises with, the next often does too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Metric = Callable[[np.ndarray, np.ndarray], float]


def block_length(n_rows: int) -> int:
    """Return the length of blocks: the cube root of their number of rows, rounded up.

    The order that P. Hall, J. L. Horowitz and B.-Y. Jing (1995), On blocking rules for
    the bootstrap with dependent data, Biometrika 82, 561-574, find for variances.

    Examples
    --------
    >>> block_length(54)
    4
    """
    return int(np.ceil(n_rows ** (1 / 3) - 1e-9))


def resampled_errors(
    metric: Metric,
    y_true: np.ndarray,
    forecasts: Sequence[np.ndarray],
    random_state: int,
    *,
    n_draws: int = 1000,
) -> np.ndarray:
    """Return the errors of some forecasts on series drawn from blocks of one.

    Forecasts of the same rows with the same `random_state` meet the same series, so
    that their errors can be compared draw by draw.

    Parameters
    ----------
    metric : callable
        Takes true and predicted values.
    y_true : ndarray of shape (n_rows, ...)
        True values in the order of time.
    forecasts : sequence of ndarray of the shape of `y_true`
        What each fit says.
    random_state : int
        Draws the blocks, which go round the end of the series (circular block
        bootstrap; D. N. Politis and J. P. Romano, 1992).
    n_draws : int, default=1000
        Number of series drawn.

    Returns
    -------
    ndarray of shape (n_draws,)
        On each series the median error of the fits.
    """
    rng = np.random.default_rng(random_state)
    n_rows, length = len(y_true), block_length(len(y_true))
    errors = []
    for _ in range(n_draws):
        starts = rng.integers(n_rows, size=(-(-n_rows // length), 1))
        rows = ((starts + np.arange(length)) % n_rows).ravel()[:n_rows]
        errors.append(np.median([metric(y_true[rows], one[rows]) for one in forecasts]))
    return np.array(errors)


def interval(draws: np.ndarray, confidence: float = 0.95) -> tuple[float, float]:
    """Return the percentiles between which most of the draws lie.

    Examples
    --------
    >>> interval(np.arange(101.0), confidence=0.5)
    (25.0, 75.0)
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)
