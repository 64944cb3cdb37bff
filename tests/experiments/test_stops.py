"""Sequences drawn afresh, how wrong answers to them are, and when it is enough."""

import numpy as np
import pytest

from skseq.datasets import REBER_SYMBOLS
from skseq.experiments.data import BASE, Case
from skseq.experiments.fresh import Drawn, Source, labels_of, wrongness
from skseq.experiments.stops import Recent, Strings, Unseen

LAG = {"generator": "make_long_lag"}
REBER = {"generator": "make_embedded_reber"}


def source(data, seed=0, **params):
    return Source(data, Case("", params, True, 0), seed)


def test_what_is_drawn_goes_on_and_is_the_same_from_the_same_seed():
    first, second = (source(LAG, p=5, variant="2c") for _ in range(2))
    blocks = [[one.draw(20) for _ in range(3)] for one in (first, second)]
    for one, other in zip(*blocks, strict=True):
        np.testing.assert_array_equal(one.X, other.X)
        np.testing.assert_array_equal(one.y, other.y)
        assert one.X.shape[0] == 20
        assert one.X.shape[2] == 1
    assert len({block.X.tobytes() for block in blocks[0]}) == 3


def answered(drawn, labels):
    """Outputs without any error."""
    return (drawn.y[:, None] == labels).astype(float)


@pytest.mark.parametrize(
    ("generator", "params"),
    [
        ("make_long_lag", {"p": 7}),
        ("make_long_lag", {"variant": "2c", "p": 5, "q": 9}),
        ("make_temporal_order", {"n_relevant": 3, "n_timesteps": 20}),
    ],
)
def test_the_largest_error_of_any_output_counts(generator, params):
    drawn = source({"generator": generator}, **params).draw(60)
    labels = labels_of(drawn)
    outputs = answered(drawn, labels)
    np.testing.assert_array_equal(wrongness(outputs, drawn, labels), 0)
    for row, output, error in ((3, 0, 0.25), (5, -1, 0.5)):
        outputs[row, output] += error
    errors = wrongness(outputs, drawn, labels)
    np.testing.assert_allclose(errors[[3, 5]], [0.25, 0.5])
    assert np.count_nonzero(errors) == 2


def test_numbers_are_wrong_by_their_distance():
    drawn = source({"generator": "make_adding"}, n_timesteps=30).draw(4)
    off = np.array([0.1, -0.2, 0.0, 3.0])
    np.testing.assert_allclose(wrongness(drawn.y + off, drawn, None), abs(off))


def strings():
    return Strings(source(REBER, 0, targets="next"), source(REBER, 1, targets="next"))


def text(row):
    return "".join(row[:, 0])


def test_strings_are_right_where_all_legal_symbols_lead():
    stop = strings()
    known = set(map(text, stop.known.X))
    assert len(stop.known) == len(stop.others) == 256
    assert not known & set(map(text, stop.others.X))
    labels = labels_of(stop.others)
    order = [REBER_SYMBOLS.index(label) for label in labels]
    outputs = stop.others.legal[:, :, order].astype(float)
    np.testing.assert_array_equal(wrongness(outputs, stop.others, labels), 0)
    # The symbol that comes is one of those that may.
    steps = stop.others.y != ""
    assert steps.any(axis=1).all()
    comes = stop.others.y[:, :, None] == labels
    assert outputs[comes].all()
    step = steps[0].sum() - 2
    outputs[0, step] = 1 - outputs[0, step]
    wrong = wrongness(outputs, stop.others, labels)
    assert (wrong[0], wrong[1:].any()) == (1, False)


def test_strings_ask_for_both_sets_and_train_on_one():
    stop = strings()

    def wrong_on(drawn):
        return lambda asked: np.full(len(asked), float(asked is drawn))

    assert stop.met(wrong_on(None))
    assert not stop.met(wrong_on(stop.known))
    assert not stop.met(wrong_on(stop.others))
    known = set(map(text, stop.known.X))
    assert set(map(text, stop.block(40).X)) <= known


class Counted(Source):
    """Draws nothing, and counts how often."""

    def __init__(self):
        super().__init__({}, BASE, 0)
        self.drawn = []

    def draw(self, n_sequences):
        self.drawn.append(n_sequences)
        return Drawn(*[np.zeros((n_sequences, 1, 1))] * 2)


def test_unseen_tests_as_many_fresh_sequences_as_asked_for():
    testing = Counted()
    stop = Unseen(Counted(), testing, sequences=600, tolerance=0.2)
    assert stop.met(lambda drawn: np.full(len(drawn), 0.19))
    assert sum(testing.drawn) == 600


def test_unseen_ends_at_the_first_wrong_sequences():
    testing = Counted()
    stop = Unseen(Counted(), testing, sequences=600, tolerance=0.2)
    assert not stop.met(lambda drawn: np.full(len(drawn), 0.2))
    assert testing.drawn == [64]


@pytest.mark.parametrize(
    ("errors", "met"),
    [
        ([0.005] * 9, False),  # too few
        ([0.005] * 10, True),
        ([0.5] + [0.005] * 10, True),  # the wrong one is no longer recent
        ([0.005] * 9 + [0.04], False),  # the last one is wrong
        ([0.02] * 10, False),  # right, but not on average
    ],
)
def test_recent_asks_for_the_most_recent_sequences(errors, met):
    stop = Recent(Counted(), Counted(), sequences=10, tolerance=0.04, average=0.01)
    for error in errors:
        stop.before(stop.block(1), lambda drawn, e=error: np.array([e]))
    assert stop.met(None) == met
