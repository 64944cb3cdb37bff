"""Check the answers to the tasks of the course: `pytest docs/course`."""

import numpy as np
import pytest

from skseq.datasets import load_milk_production, make_ambiguous_pairs


def answer(answers, name, *arguments):
    """Call an answer; fail in one line where there is none yet."""
    try:
        return getattr(answers, name)(*arguments)
    except (AttributeError, NotImplementedError) as error:
        if isinstance(error, AttributeError) and hasattr(answers, name):
            raise
        pytest.fail(f"{name} is not answered yet.", pytrace=False)


def draw(shape, seed):
    return np.random.default_rng(seed).integers(4, size=shape)


def test_lesson_1_memory(answers):
    X, new = draw((300, 8), 1), draw((200, 8), 2)
    model = answer(answers, "lesson_1_memory", X, X[:, 0])
    share = np.mean(model.predict(new) == new[:, 0])
    assert share >= 0.95, f"right in {share:.0%} of new rows"


def test_lesson_2_framing(answers):
    series = np.array([5, 3, 8, 1, 9, 2, 7, 4, 6])
    X, y = answer(answers, "lesson_2_framing", series)
    assert np.array_equal(X, [[5, 3, 8, 1], [3, 8, 1, 9], [8, 1, 9, 2]])
    assert np.array_equal(np.ravel(y), [7, 4, 6])


def test_lesson_3_echo(answers):
    tokens, new = draw((300, 5), 3), draw((200, 5), 4)
    model = answer(answers, "lesson_3_echo", tokens)
    share = np.mean(np.asarray(model.predict(new))[:, 2:] == new[:, :-2])
    assert share >= 0.95, f"right at {share:.0%} of the steps of new sequences"


def test_lesson_4_encoder_decoder(answers):
    tokens, new = draw((400, 4), 5), draw((200, 4), 6)
    model = answer(answers, "lesson_4_encoder_decoder", tokens)
    share = np.mean((model.predict(new) == new[:, :1:-1]).all(axis=1))
    assert share >= 0.95, f"right in {share:.0%} of new sequences"


def test_lesson_5_real_series(answers):
    milk = load_milk_production().series
    errors, limits = [], []
    for origin in range(120, 162, 6):
        known, after = milk[:origin].copy(), milk[origin : origin + 6]
        forecast = answer(answers, "lesson_5_real_series", known)
        errors.append(np.abs(np.ravel(forecast) - after).mean())
        limits.append(np.abs(milk[origin - 12 : origin - 6] - after).mean())
    error, limit = np.mean(errors), np.mean(limits)
    assert error < limit, f"{error:.1f} pounds; the same as a year ago: {limit:.1f}"


@pytest.mark.parametrize(
    ("X", "y", "best"),
    [
        (*make_ambiguous_pairs(10), 0.5),
        ([[0, 1], [0, 1], [0, 1], [1, 1]], [2, 3, 3, 2], 0.75),
        ([[0, 1], [1, 0], [1, 1]], [5, 6, 5], 1.0),
    ],
    ids=["pairs", "two of three", "nothing in doubt"],
)
def test_lesson_6_not_learnt(answers, X, y, best):
    share = answer(answers, "lesson_6_not_learnt", np.array(X), np.array(y))
    assert share == pytest.approx(best)
