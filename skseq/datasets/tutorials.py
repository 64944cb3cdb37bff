"""Small problems that show what memory is for: echo, count, continue."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, validate_params

from skseq._memory import refuse_beyond_memory
from skseq.datasets._limits import AT_LEAST_ONE, AT_LEAST_TWO

__all__ = [
    "cumulative_sum_labels",
    "make_cumulative_sum",
    "make_echo",
    "make_random_sequences",
    "make_sequence_values",
]


@validate_params(
    {
        "n_sequences": [*AT_LEAST_ONE, None],
        "length": AT_LEAST_TWO,
        "window": AT_LEAST_ONE,
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_sequence_values(
    n_sequences: int | None = None,
    *,
    length: int = 10,
    window: int = 1,
    random_state: int | np.random.RandomState | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make windows of the sequence ``i / length``, each with the value after it.

    Windows of `window` consecutive values of ``0, 1 / length, …,
    (length - 1) / length`` are drawn uniformly, with replacement.

    Parameters
    ----------
    n_sequences : int, default=None
        Number of windows to draw. None gives every window once, in order.
    length : int, default=10
        Number of values in the sequence.
    window : int, default=1
        Number of values shown.
    random_state : int, RandomState instance or None, default=None
        Draws the windows.

    Returns
    -------
    X : ndarray of shape (n_sequences, window)
        Consecutive values.
    y : ndarray of shape (n_sequences,)
        The value after the last one shown.

    Raises
    ------
    ValueError
        If a parameter is out of range or the window leaves no value to predict.

    See Also
    --------
    skseq.SupervisedWindower : Cut any series into windows.

    Notes
    -----
    The oracle adds ``1 / length`` to the last value shown.

    Examples
    --------
    >>> from skseq.datasets import make_sequence_values
    >>> X, y = make_sequence_values(3, window=3, random_state=0)
    >>> for values, target in zip(X, y):
    ...     print(values, "->", target)
    [0.4 0.5 0.6] -> 0.7
    [0.5 0.6 0.7] -> 0.8
    [0.  0.1 0.2] -> 0.3
    """
    n_windows = length - window
    if n_windows < 1:
        raise ValueError(
            f"window must be smaller than length={length}, so that a value is left to "
            f"predict; got {window}."
        )
    refuse_beyond_memory((length,), float, "length")
    shape = (n_windows if n_sequences is None else n_sequences, window)
    refuse_beyond_memory(shape, float, "n_sequences, length or window")
    if n_sequences is None:
        starts = np.arange(n_windows)
    else:
        starts = check_random_state(random_state).randint(n_windows, size=n_sequences)
    values = np.arange(length) / length
    return values[starts[:, np.newaxis] + np.arange(window)], values[starts + window]


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "n_timesteps": AT_LEAST_ONE,
        "n_values": AT_LEAST_TWO,
        "lag": [Interval(Integral, 0, None, closed="left")],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_echo(
    n_sequences: int = 1000,
    *,
    n_timesteps: int = 10,
    n_values: int = 100,
    lag: int = 0,
    random_state: int | np.random.RandomState | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make random sequences, each with one of its own values to be echoed.

    The target is the value `lag` steps before the last: 0 is the last value, 1 the one
    before it, ``n_timesteps - 1`` the first.

    Parameters
    ----------
    n_sequences : int, default=1000
        Number of sequences.
    n_timesteps : int, default=10
        Number of values in a sequence.
    n_values : int, default=100
        Values are integers from 0 to ``n_values - 1``, uniform and independent.
    lag : int, default=0
        Steps between the value to be echoed and the last.
    random_state : int, RandomState instance or None, default=None
        Draws the values.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps)
        Integers.
    y : ndarray of shape (n_sequences,)
        ``X[:, n_timesteps - 1 - lag]``.

    Raises
    ------
    ValueError
        If a parameter is out of range or `lag` reaches before the first step.

    See Also
    --------
    make_random_sequences : For echoing several values.

    Notes
    -----
    A constant answer is right in ``1 / n_values`` of all sequences.

    Examples
    --------
    >>> from skseq.datasets import make_echo
    >>> X, y = make_echo(2, n_timesteps=5, n_values=10, lag=1, random_state=0)
    >>> for values, target in zip(X, y):
    ...     print(values, "->", target)
    [5 0 3 3 7] -> 3
    [9 3 5 2 4] -> 2
    """
    if lag >= n_timesteps:
        raise ValueError(
            f"lag must be smaller than n_timesteps={n_timesteps}; got {lag}."
        )
    X = _random_integers(n_sequences, n_timesteps, n_values, random_state)
    return X, X[:, n_timesteps - 1 - lag].copy()


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "n_timesteps": AT_LEAST_ONE,
        "n_values": AT_LEAST_TWO,
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_random_sequences(
    n_sequences: int = 500,
    *,
    n_timesteps: int = 25,
    n_values: int = 100,
    random_state: int | np.random.RandomState | None = None,
) -> np.ndarray:
    """Make sequences of random integers, for `SupervisedWindower` to cut and echo.

    Every value is drawn uniformly and independently from 0 to ``n_values - 1``.

    Parameters
    ----------
    n_sequences : int, default=500
        Number of sequences.
    n_timesteps : int, default=25
        Number of values in a sequence.
    n_values : int, default=100
        Number of different values.
    random_state : int, RandomState instance or None, default=None
        Draws the values.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps)
        Integers.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    skseq.SupervisedWindower : With ``target="echo"`` makes the pairs; with a
        `fill_value` of -1 or nan it keeps the windows that begin before the sequence.

    Examples
    --------
    >>> from skseq import SupervisedWindower
    >>> from skseq.datasets import make_random_sequences
    >>> X = make_random_sequences(1, n_timesteps=6, n_values=10, random_state=0)
    >>> windower = SupervisedWindower(n_in=5, n_out=2, target="echo")
    >>> for window, targets in zip(*windower.make_pairs(X)[:2]):
    ...     print(window, "->", targets)
    [5 0 3 3 7] -> [5 0]
    [0 3 3 7 9] -> [0 3]
    """
    return _random_integers(n_sequences, n_timesteps, n_values, random_state)


def _random_integers(
    n_sequences: int, n_timesteps: int, n_values: int, random_state: Any
) -> np.ndarray:
    shape = (n_sequences, n_timesteps)
    refuse_beyond_memory(shape, int, "n_sequences or n_timesteps")
    return check_random_state(random_state).randint(n_values, size=shape)


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "n_timesteps": AT_LEAST_ONE,
        "limit": [Interval(Real, 0, None, closed="neither"), None],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_cumulative_sum(
    n_sequences: int = 1000,
    *,
    n_timesteps: int = 10,
    limit: float | None = None,
    random_state: int | np.random.RandomState | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make random values, labelled by whether their running sum has reached a limit.

    The label of a step is 0 while the sum of all values up to and including that step
    is below `limit`, and 1 from then on.

    Parameters
    ----------
    n_sequences : int, default=1000
        Number of sequences.
    n_timesteps : int, default=10
        Number of values in a sequence, uniform in [0, 1).
    limit : float, default=None
        The sum to be reached. None is a quarter of `n_timesteps`.
    random_state : int, RandomState instance or None, default=None
        Draws the values.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps)
        Values.
    y : ndarray of shape (n_sequences, n_timesteps)
        Labels, 0 or 1.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    skseq.metrics.memoryless_accuracy : The best that a rule without memory can do.

    Examples
    --------
    >>> from skseq.datasets import make_cumulative_sum
    >>> X, y = make_cumulative_sum(1, n_timesteps=6, random_state=0)
    >>> print(X[0].round(2), "reaches 1.5:", y[0])
    [0.55 0.72 0.6  0.54 0.42 0.65] reaches 1.5: [0 0 1 1 1 1]
    """
    shape = (n_sequences, n_timesteps)
    refuse_beyond_memory(shape, float, "n_sequences or n_timesteps")
    X = check_random_state(random_state).uniform(size=shape)
    return X, cumulative_sum_labels(X, limit=limit)


def cumulative_sum_labels(
    X: npt.ArrayLike, *, limit: float | None = None
) -> np.ndarray:
    """Label each step by whether the running sum has reached a limit.

    Parameters
    ----------
    X : array-like of shape (n_sequences, n_timesteps)
        Values.
    limit : float, default=None
        The sum to be reached. None is a quarter of the number of steps.

    Returns
    -------
    y : ndarray of shape (n_sequences, n_timesteps)
        1 where the sum up to and including the step is at least `limit`, else 0.

    See Also
    --------
    make_cumulative_sum : Draws values and labels them.

    Examples
    --------
    >>> from skseq.datasets import cumulative_sum_labels
    >>> values = [0.631, 0.294, 0.916, 0.952, 0.322, 0.607, 0.839, 0.180, 0.848, 0.292]
    >>> cumulative_sum_labels([values])
    array([[0, 0, 0, 1, 1, 1, 1, 1, 1, 1]])
    """
    X = np.asarray(X, dtype=float)
    limit = X.shape[1] / 4 if limit is None else limit
    return (X.cumsum(axis=1) >= limit).astype(int)
