"""Tasks of Hochreiter and Schmidhuber (1997), as that paper defines them.

S. Hochreiter and J. Schmidhuber (1997), Long short-term memory, Neural Computation
9(8), 1735-1780: experiments 1 (embedded Reber grammar), 2 (long time lags), 4 (adding)
and 6 (temporal order).
"""

from __future__ import annotations

from itertools import product
from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import (
    Interval,
    Options,
    StrOptions,
    validate_params,
)

from skseq._memory import refuse_beyond_memory
from skseq.datasets._limits import AT_LEAST_ONE
from skseq.preprocessing import pad_sequences

__all__ = [
    "REBER_SYMBOLS",
    "make_adding",
    "make_embedded_reber",
    "make_long_lag",
    "make_temporal_order",
]

REBER_SYMBOLS = tuple("BTPSXVE")

# From each state, the symbols that may come next and the states they lead to.
_REBER = [
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
]
_REBER_END = 7

_RandomState = int | np.random.RandomState | None


def _draw_embedded_reber(rng: np.random.RandomState) -> tuple[str, list[str]]:
    """Draw a string and, after each of its symbols but the last, what may follow."""
    arm = "TP"[rng.randint(2)]
    text, legal, state = "B" + arm, ["TP", "B"], 0
    while state != _REBER_END:
        choices = _REBER[state]
        symbol = list(choices)[rng.randint(len(choices))]
        state = choices[symbol]
        text += symbol
        legal.append(arm if state == _REBER_END else "".join(_REBER[state]))
    return text + arm + "E", [*legal, "E"]


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "targets": [StrOptions({"legal", "next"})],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_embedded_reber(
    n_sequences: int = 256,
    *,
    targets: str = "legal",
    random_state: _RandomState = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make strings of the embedded Reber grammar, with what may follow each symbol.

    A string is B, then T or P, then a string of Reber's grammar (each branch taken
    with probability one half), then the same T or P again, then E: only the second
    symbol tells the last but one. This is Experiment 1.

    Parameters
    ----------
    n_sequences : int, default=256
        Number of strings.
    targets : {"legal", "next"}, default="legal"
        All symbols that may legally come next, or the one that does.
    random_state : int, RandomState instance or None, default=None
        Draws the strings.

    Returns
    -------
    X : ndarray of str of shape (n_sequences, n_timesteps)
        All symbols but the last, padded with ``""`` at the ends. The alphabet, in the
        order of y's last axis, is ``REBER_SYMBOLS``: B, T, P, S, X, V, E.
    y : ndarray of shape (n_sequences, n_timesteps, 7) or (n_sequences, n_timesteps)
        For ``targets="legal"`` 1 at each symbol that may come next, all zeros at
        padding; for ``"next"`` the symbol itself, or ``""``.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    make_long_lag : Lags without a grammar.

    Notes
    -----
    An oracle that parses the grammar names all legal symbols at every step.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.datasets import REBER_SYMBOLS, make_embedded_reber
    >>> X, y = make_embedded_reber(1, random_state=0)
    >>> for symbol, legal in zip(X[0], y[0]):
    ...     print(symbol, "->", " or ".join(np.array(REBER_SYMBOLS)[legal == 1]))
    B -> T or P
    T -> B
    B -> T or P
    P -> T or V
    V -> P or V
    P -> S or X
    S -> E
    E -> T
    T -> E
    """
    # A string has at least nine symbols, and what may follow each.
    refuse_beyond_memory((n_sequences, 9, len(REBER_SYMBOLS)), int, "n_sequences")
    rng = check_random_state(random_state)
    texts, legals = zip(
        *(_draw_embedded_reber(rng) for _ in range(n_sequences)), strict=True
    )
    X = pad_sequences([list(text[:-1]) for text in texts], fill_value="")
    if targets == "next":
        return X, pad_sequences([list(text[1:]) for text in texts], fill_value="")
    y = np.zeros((*X.shape, len(REBER_SYMBOLS)), dtype=int)
    for row, legal in enumerate(legals):
        for step, symbols in enumerate(legal):
            y[row, step, [REBER_SYMBOLS.index(symbol) for symbol in symbols]] = 1
    return X, y


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "variant": [StrOptions({"2a", "2b", "2c"})],
        "p": [Interval(Integral, 2, None, closed="left")],
        "q": [Interval(Integral, 1, None, closed="left"), None],
        "framing": [StrOptions({"per_step", "last"})],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_long_lag(
    n_sequences: int = 1000,
    *,
    variant: str = "2a",
    p: int = 100,
    q: int | None = None,
    framing: str = "last",
    random_state: _RandomState = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences that end as they began, with distractors in between.

    Variant 2a is ``x, a(1), …, a(p-1), x`` or ``y, a(1), …, a(p-1), y``; in 2b the
    `p` - 1 symbols in the middle are drawn at random from ``a(1) … a(p-1)``; 2c is
    ``b, x, …, e, x`` or ``b, y, …, e, y`` with `q` symbols drawn from ``a(1) … a(p)``
    in the middle, to which one more is added with probability 9/10, again and again.
    x and y are equally likely. This is Experiment 2.

    Parameters
    ----------
    n_sequences : int, default=1000
        Number of sequences.
    variant : {"2a", "2b", "2c"}, default="2a"
        With local regularities, without, or with distractors of random number.
    p : int, default=100
        The lag in 2a and 2b; the number of distractor symbols in 2c.
    q : int, default=None
        The least number of distractors in a sequence, for variant 2c only. None is
        `p`.
    framing : {"per_step", "last"}, default="last"
        ``"per_step"``: each symbol and the next, as the paper has it in 2a and 2b.
        ``"last"``: all symbols but the last, and the last.
    random_state : int, RandomState instance or None, default=None
        Draws first symbols and distractors.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps)
        Integers. In 2a and 2b ``a(1) … a(p-1)`` are 0 to p - 2, x is p - 1 and y is p.
        In 2c ``a(1) … a(p)`` are 0 to p - 1, then e, b, x, y are p to p + 3; -1 pads
        at the ends.
    y : ndarray of shape (n_sequences,) or (n_sequences, n_timesteps)
        The last symbol, or the symbol after each.

    Raises
    ------
    ValueError
        If a parameter is out of range, `q` is given for another variant than 2c, or
        2c is to be predicted step by step.

    See Also
    --------
    make_value_memorization : The small form of variant 2a.

    Notes
    -----
    An oracle answers with the first symbol (2a, 2b) or the second (2c); a constant
    answer is right in half of all sequences.

    Examples
    --------
    >>> from skseq.datasets import make_long_lag
    >>> X, y = make_long_lag(2, p=5, random_state=0)
    >>> for symbols, last in zip(X, y):
    ...     print(symbols, "->", last)
    [4 0 1 2 3] -> 4
    [5 0 1 2 3] -> 5
    >>> X, y = make_long_lag(2, variant="2c", p=3, q=4, random_state=3)
    >>> for symbols, last in zip(X, y):
    ...     print(symbols, "->", last)
    [4 5 0 1 1 2 1 1 2 1 2 0 0 0 1 2 0 3] -> 5
    [ 4  5  2  1  2  2  2  2  0  3 -1 -1 -1 -1 -1 -1 -1 -1] -> 5
    """
    problems = []
    if variant != "2c" and q is not None:
        problems.append(f"q belongs to variant='2c'; got q={q} with {variant!r}.")
    if variant == "2c" and framing == "per_step":
        problems.append(
            "variant='2c' tells only the last symbol: it needs framing='last'."
        )
    if problems:
        raise ValueError("make_long_lag: " + " ".join(problems))
    length = p if q is None else q
    refuse_beyond_memory((n_sequences, length + 1), int, "n_sequences, p or q")
    rng = check_random_state(random_state)
    if variant == "2c":
        return _draw_distracted(n_sequences, p, length, rng)
    keys = p - 1 + rng.randint(2, size=n_sequences)
    if variant == "2a":
        bodies = np.tile(np.arange(p - 1), (n_sequences, 1))
    else:
        bodies = rng.randint(p - 1, size=(n_sequences, p - 1))
    sequences = np.column_stack([keys, bodies, keys])
    targets = sequences[:, -1] if framing == "last" else sequences[:, 1:]
    return sequences[:, :-1], targets.copy()


def _draw_distracted(
    n_sequences: int, p: int, q: int, rng: np.random.RandomState
) -> tuple[np.ndarray, np.ndarray]:
    end, begin, x = p, p + 1, p + 2
    keys = x + rng.randint(2, size=n_sequences)
    # NumPy counts the trial that ends the sequence, too.
    lengths = q + rng.geometric(0.1, size=n_sequences) - 1
    sequences = [
        np.concatenate([[begin, key], rng.randint(p, size=length), [end]])
        for key, length in zip(keys, lengths, strict=True)
    ]
    return pad_sequences(sequences, fill_value=-1), keys


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "n_timesteps": [Interval(Integral, 22, None, closed="left")],
        "fill_value": [Real],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_adding(
    n_sequences: int = 1000,
    *,
    n_timesteps: int = 100,
    fill_value: float = 0.0,
    random_state: _RandomState = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of numbers, two of which are marked to be added.

    A step is a number uniform in [-1, 1] and a marker: 1 at one of the first ten steps
    and at one of the first ``T / 2 - 1`` others, -1 at the first and the last step, 0
    elsewhere; the target is ``0.5 + (X1 + X2) / 4``, where X1 and X2 are the marked
    numbers, and the first step's counts as zero if marked. This is Experiment 4.

    Parameters
    ----------
    n_sequences : int, default=1000
        Number of sequences.
    n_timesteps : int, default=100
        The least length T; lengths are uniform from T to ``T + T / 10``.
    fill_value : float, default=0.0
        What pads shorter sequences at their ends, in both features.
    random_state : int, RandomState instance or None, default=None
        Draws lengths, numbers and markers.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps_max, 2)
        Numbers and markers.
    y : ndarray of shape (n_sequences,)
        From 0 to 1.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    make_temporal_order : Order, not value, is to be remembered.

    Notes
    -----
    The paper counts a sequence as right if the answer is off by less than 0.04. An
    oracle adds the numbers whose marker is 1; the constant 0.5 is right in about one
    sequence of ten.

    Examples
    --------
    >>> from skseq.datasets import make_adding
    >>> X, y = make_adding(1, n_timesteps=100, random_state=0)
    >>> numbers, markers = X[0].T
    >>> print(numbers[markers == 1].round(2), "->", y[0].round(3))
    [ 0.69 -0.23] -> 0.616
    """
    shape = (n_sequences, n_timesteps, 2)
    refuse_beyond_memory(shape, float, "n_sequences or n_timesteps")
    rng = check_random_state(random_state)
    sequences, targets = [], []
    for _ in range(n_sequences):
        length = rng.randint(n_timesteps, n_timesteps + n_timesteps // 10 + 1)
        numbers = rng.uniform(-1, 1, size=length)
        first = rng.randint(10)
        # One of the first steps that are left, without redrawing: skip the first mark.
        second = rng.randint(n_timesteps // 2 - 1)
        second += second >= first
        markers = np.zeros(length)
        markers[[first, second]] = 1
        markers[[0, -1]] = -1
        sequences.append(np.column_stack([numbers, markers]))
        targets.append(0.5 + numbers[markers == 1].sum() / 4)
    return pad_sequences(sequences, fill_value=fill_value), np.array(targets)


_ORDER_CLASSES = {
    2: dict(zip(product("XY", repeat=2), "QRSU", strict=True)),
    3: dict(zip(product("XY", repeat=3), "QRSUVABC", strict=True)),
}
# Per cent of the least length between which each relevant symbol stands.
_ORDER_PLACES = {2: [(10, 20), (50, 60)], 3: [(10, 20), (33, 43), (66, 76)]}


@validate_params(
    {
        "n_sequences": AT_LEAST_ONE,
        "n_relevant": [Options(Integral, {2, 3})],
        "n_timesteps": [Interval(Integral, 10, None, closed="left")],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_temporal_order(
    n_sequences: int = 1000,
    *,
    n_relevant: int = 2,
    n_timesteps: int = 100,
    random_state: _RandomState = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences to be classified by the order of their few relevant symbols.

    A sequence begins with E, ends with B, and holds random symbols of a, b, c, d in
    between, except for two (Experiment 6a) or three (6b) symbols that are X or Y and
    whose order is the class: XX, XY, YX, YY are Q, R, S, U; XXX, XXY, XYX, XYY, YXX,
    YXY, YYX, YYY are Q, R, S, U, V, A, B, C.

    Parameters
    ----------
    n_sequences : int, default=1000
        Number of sequences.
    n_relevant : {2, 3}, default=2
        Number of relevant symbols.
    n_timesteps : int, default=100
        The least length T; lengths are uniform from T to ``T + T / 10``. Relevant
        symbols stand at steps drawn from 10 to 20 and 50 to 60, or from 10 to 20, 33
        to 43 and 66 to 76, in hundredths of T, counted from 0.
    random_state : int, RandomState instance or None, default=None
        Draws lengths, symbols and places.

    Returns
    -------
    X : ndarray of str of shape (n_sequences, n_timesteps_max)
        Symbols, padded with ``""`` at the ends.
    y : ndarray of str of shape (n_sequences,)
        Classes.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    make_adding : Values, not order, are to be remembered.

    Notes
    -----
    An oracle reads the X and Y of a sequence in their order; a constant answer is
    right in a quarter (6a) or an eighth (6b) of all sequences.

    Examples
    --------
    >>> from skseq.datasets import make_temporal_order
    >>> X, y = make_temporal_order(3, n_timesteps=10, random_state=1)
    >>> for symbols, order in zip(X, y):
    ...     print("".join(symbols), "->", order)
    EaXdbYbdaaB -> R
    EXacbYadaB -> R
    EdYbdcYcbB -> U
    """
    refuse_beyond_memory((n_sequences, n_timesteps), "U1", "n_sequences or n_timesteps")
    rng = check_random_state(random_state)
    sequences, classes = [], []
    for _ in range(n_sequences):
        length = rng.randint(n_timesteps, n_timesteps + n_timesteps // 10 + 1)
        symbols = np.array(list("abcd"))[rng.randint(4, size=length)]
        symbols[0], symbols[-1] = "E", "B"
        relevant = tuple("XY"[i] for i in rng.randint(2, size=n_relevant))
        for symbol, (low, high) in zip(
            relevant, _ORDER_PLACES[n_relevant], strict=True
        ):
            low, high = low * n_timesteps // 100, high * n_timesteps // 100
            symbols[rng.randint(low, high + 1)] = symbol
        sequences.append(symbols)
        classes.append(_ORDER_CLASSES[n_relevant][relevant])
    return pad_sequences(sequences, fill_value=""), np.array(classes)
