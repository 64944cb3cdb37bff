"""Small problems that show what memory is for: recall, echo, count, continue."""

from __future__ import annotations

import string
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions, validate_params

from skseq.preprocessing import SupervisedWindower

_AT_LEAST_ONE = [Interval(Integral, 1, None, closed="left")]
_AT_LEAST_TWO = [Interval(Integral, 2, None, closed="left")]


def _alphabet(symbols: Any, n_symbols: int) -> np.ndarray:
    """Return the `n_symbols` symbols that stand for the first integers."""
    if symbols is None:
        return np.arange(n_symbols)
    if isinstance(symbols, str):
        symbols = list(string.ascii_lowercase)
    alphabet = np.asarray(symbols)
    if alphabet.ndim != 1 or len(set(alphabet.tolist())) < n_symbols:
        raise ValueError(
            f"symbols must hold at least {n_symbols} different symbols, one for each "
            f"of n_symbols; got {len(set(alphabet.ravel().tolist()))}."
        )
    return alphabet[:n_symbols]


@validate_params(
    {
        "n_sequences": _AT_LEAST_ONE,
        "body_length": _AT_LEAST_ONE,
        "n_symbols": [*_AT_LEAST_TWO, None],
        "body": [StrOptions({"counting", "counting_from_one", "random"})],
        "symbols": [StrOptions({"letters"}), "array-like", None],
        "framing": [StrOptions({"per_step", "last", "lags", "joined"})],
        "n_lags": _AT_LEAST_ONE,
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_value_memorization(
    n_sequences: int = 2,
    *,
    body_length: int = 3,
    n_symbols: int | None = None,
    body: str = "counting",
    symbols: str | npt.ArrayLike | None = None,
    framing: str = "per_step",
    n_lags: int = 2,
    random_state: int | np.random.RandomState | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences whose last value is their first, with a body in between.

    A sequence is a key, `body_length` values that do not depend on the key, and the
    key again; the keys are the two largest symbols and alternate from row to row. Only
    the first value tells what the last must be.

    Parameters
    ----------
    n_sequences : int, default=2
        Number of sequences.
    body_length : int, default=3
        Number of values between the two appearances of the key.
    n_symbols : int, default=None
        Size of the alphabet, the two keys included. None is the least that lets the
        body count without starting over.
    body : {"counting", "counting_from_one", "random"}, default="counting"
        Values of the body: ``0, 1, 2, …``; ``1, 2, 3, …``, which ends in the first
        key at the default `n_symbols`; or drawn at random for each sequence. Counting
        starts over where the body symbols end.
    symbols : "letters" or array-like of shape (n_symbols,), default=None
        What stands for the integers of the alphabet. ``"letters"`` is a to z; None
        leaves integers.
    framing : {"per_step", "last", "lags", "joined"}, default="per_step"
        What X and y are. ``"per_step"``: each value and the next. ``"last"``: all
        values but the last, and the last. ``"lags"``: every `n_lags` consecutive
        values, and the next. ``"joined"``: like ``"per_step"``, with the sequences one
        after the other in a single row.
    n_lags : int, default=2
        Number of values in a row of X for ``framing="lags"``.
    random_state : int, RandomState instance or None, default=None
        Draws the random bodies.

    Returns
    -------
    X : ndarray of shape (n_rows, n_timesteps)
        Symbols. There is a row per sequence, except for ``framing="lags"``
        (``body_length + 2 - n_lags`` rows per sequence) and ``"joined"`` (one row).
    y : ndarray of shape (n_rows, n_timesteps) or (n_rows,)
        Per step for ``"per_step"`` and ``"joined"``, else one symbol per row.

    Raises
    ------
    ValueError
        If a parameter is out of range, `n_symbols` or `symbols` leaves too few
        symbols, or values are asked for that nothing determines: a random body step by
        step.

    See Also
    --------
    make_long_lag : Variants with random choice and long lags.

    Notes
    -----
    A small form of Experiment 2 in S. Hochreiter and J. Schmidhuber (1997), Long
    short-term memory, Neural Computation 9(8), 1735-1780. An oracle that answers with
    the first value is right in every row of ``framing="last"``; a constant answer is
    right in half of them. With ``framing="lags"`` rows that do not reach back to the
    key have two answers.

    Examples
    --------
    >>> from skseq.datasets import make_value_memorization
    >>> X, y = make_value_memorization()
    >>> for row in range(2):
    ...     print(X[row], "->", y[row])
    [3 0 1 2] -> [0 1 2 3]
    [4 0 1 2] -> [0 1 2 4]
    >>> X, y = make_value_memorization(framing="lags", n_lags=2, n_sequences=1)
    >>> for window, target in zip(X, y):
    ...     print(window, "->", target)
    [3 0] -> 1
    [0 1] -> 2
    [1 2] -> 3
    """
    n_symbols = body_length + 2 if n_symbols is None else n_symbols
    _check_memorization(n_symbols, body, framing, n_lags, body_length)
    alphabet = _alphabet(symbols, n_symbols)
    keys = n_symbols - 2 + np.arange(n_sequences) % 2
    if body == "random":
        rng = check_random_state(random_state)
        bodies = rng.randint(n_symbols - 2, size=(n_sequences, body_length))
    else:
        # Counting from one reaches the first key's symbol, as published.
        first = 1 if body == "counting_from_one" else 0
        counted = np.arange(body_length) % (n_symbols - 2) + first
        bodies = np.tile(counted, (n_sequences, 1))
    sequences = alphabet[np.column_stack([keys, bodies, keys])]
    return _frame_memorization(sequences, framing, n_lags)


def _check_memorization(
    n_symbols: int, body: str, framing: str, n_lags: int, body_length: int
) -> None:
    problems = []
    if n_symbols < 3:
        problems.append("n_symbols must be at least 3, two of them keys; got 2.")
    if body == "random" and framing != "last":
        problems.append(
            "a random body cannot be predicted: body='random' needs framing='last'; "
            f"got framing={framing!r}."
        )
    if framing == "lags" and n_lags > body_length + 1:
        problems.append(
            f"n_lags must be at most {body_length + 1}, the values before the last; "
            f"got {n_lags}."
        )
    if problems:
        raise ValueError("make_value_memorization: " + " ".join(problems))


def _frame_memorization(
    sequences: np.ndarray, framing: str, n_lags: int
) -> tuple[np.ndarray, np.ndarray]:
    if framing == "last":
        return sequences[:, :-1], sequences[:, -1]
    if framing == "lags":
        X, y, _ = SupervisedWindower(n_in=n_lags).make_pairs(sequences)
        return X, y
    X, y = sequences[:, :-1], sequences[:, 1:]
    if framing == "joined":
        return X.reshape(1, -1), y.reshape(1, -1)
    return X, y


@validate_params({"n_sequences": _AT_LEAST_TWO}, prefer_skip_nested_validation=True)
def make_ambiguous_pairs(n_sequences: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Make pairs in which the same input has two answers, in turn.

    Every row shows 0; the answer is 1 in even rows and 2 in odd ones. Without state
    from earlier rows nothing tells which, so no rule that reads one row can be right
    in more than half of them.

    Parameters
    ----------
    n_sequences : int, default=2
        Number of rows.

    Returns
    -------
    X : ndarray of shape (n_sequences, 1)
        Zeros.
    y : ndarray of shape (n_sequences,)
        1 and 2 in turn.

    Raises
    ------
    ValueError
        If there are fewer than two rows.

    See Also
    --------
    make_value_memorization : Where the pairs come from.

    Examples
    --------
    >>> from skseq.datasets import make_ambiguous_pairs
    >>> X, y = make_ambiguous_pairs()
    >>> for value, target in zip(X, y):
    ...     print(value, "->", target)
    [0] -> 1
    [0] -> 2
    """
    return np.zeros((n_sequences, 1), dtype=int), 1 + np.arange(n_sequences) % 2


@validate_params(
    {
        "n_sequences": [*_AT_LEAST_ONE, None],
        "length": _AT_LEAST_TWO,
        "window": _AT_LEAST_ONE,
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
    if n_sequences is None:
        starts = np.arange(n_windows)
    else:
        starts = check_random_state(random_state).randint(n_windows, size=n_sequences)
    values = np.arange(length) / length
    return values[starts[:, np.newaxis] + np.arange(window)], values[starts + window]


@validate_params(
    {
        "n_sequences": _AT_LEAST_ONE,
        "n_timesteps": _AT_LEAST_ONE,
        "n_values": _AT_LEAST_TWO,
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
        "n_sequences": _AT_LEAST_ONE,
        "n_timesteps": _AT_LEAST_ONE,
        "n_values": _AT_LEAST_TWO,
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
    rng = check_random_state(random_state)
    return rng.randint(n_values, size=(n_sequences, n_timesteps))


@validate_params(
    {
        "n_sequences": _AT_LEAST_ONE,
        "n_timesteps": _AT_LEAST_ONE,
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
    X = check_random_state(random_state).uniform(size=(n_sequences, n_timesteps))
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
