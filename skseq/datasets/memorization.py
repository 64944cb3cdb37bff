"""Value memorization: the first value of a sequence comes again at its end."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import StrOptions, validate_params

from skseq._memory import refuse_beyond_memory
from skseq.datasets._limits import AT_LEAST_ONE, AT_LEAST_TWO
from skseq.preprocessing import SupervisedWindower

__all__ = ["make_ambiguous_pairs", "make_value_memorization"]


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
        "n_sequences": AT_LEAST_ONE,
        "body_length": AT_LEAST_ONE,
        "n_symbols": [*AT_LEAST_TWO, None],
        "body": [StrOptions({"counting", "counting_from_one", "random"})],
        "symbols": [StrOptions({"letters"}), "array-like", None],
        "framing": [StrOptions({"per_step", "last", "lags", "joined"})],
        "n_lags": AT_LEAST_ONE,
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
    refuse_beyond_memory((n_symbols,), int, "n_symbols or body_length")
    shape = (n_sequences, body_length + 2, n_lags if framing == "lags" else 1)
    refuse_beyond_memory(shape, int, "n_sequences, body_length or n_lags")
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


@validate_params({"n_sequences": AT_LEAST_TWO}, prefer_skip_nested_validation=True)
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
    refuse_beyond_memory((n_sequences, 1), int, "n_sequences")
    return np.zeros((n_sequences, 1), dtype=int), 1 + np.arange(n_sequences) % 2
