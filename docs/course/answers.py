"""Your answers to the tasks of the course, one function each.

Replace the line ``raise NotImplementedError`` and check with

    pytest docs/course
"""


def lesson_1_memory(X, y):
    """Return something fitted that answers rows of eight values with their first.

    X : ndarray of int, 0 to 3, of shape (n_sequences, 8)
    y : ndarray of int, of shape (n_sequences,)
    """
    raise NotImplementedError


def lesson_2_framing(series):
    """Return X, all windows of four values, and y, the values three steps after each.

    series : ndarray of shape (n_timesteps,)
    """
    raise NotImplementedError


def lesson_3_echo(tokens):
    """Return something fitted that gives, at each step, the symbol two steps before.

    tokens : ndarray of int, 0 to 3, of shape (n_sequences, 5)
    """
    raise NotImplementedError


def lesson_4_encoder_decoder(tokens):
    """Return something fitted that answers with the last two symbols in reverse order.

    tokens : ndarray of int, 0 to 3, of shape (n_sequences, 4)
    """
    raise NotImplementedError


def lesson_5_real_series(known):
    """Return forecasts of the six months after those that are known.

    known : ndarray of shape (n_months,), at least 120 of them
    """
    raise NotImplementedError


def lesson_6_not_learnt(X, y):
    """Return the largest share of rows that a rule can get right.

    The rule answers equal rows equally.

    X : ndarray of int, of shape (n_sequences, n_timesteps)
    y : ndarray of int, of shape (n_sequences,)
    """
    raise NotImplementedError
