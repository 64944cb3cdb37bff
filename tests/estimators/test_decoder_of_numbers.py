"""A decoder of numbers takes rows of any length, and weights of its answers."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.metrics import r2_score

from skseq.preprocessing import pad_sequences

WEIGHTS = np.random.default_rng(1).uniform(0.5, 2, size=(16, 2))


@pytest.mark.slow
def test_rows_of_a_list_are_read_as_padded_ones(cases):
    case = cases["decoder_of_numbers"]
    lengths = np.arange(16) % 3 + 2
    rows = [row[:n] for row, n in zip(case.X, lengths, strict=True)]
    listed = case.make().fit(rows, list(case.y))
    X = pad_sequences(rows, fill_value=-9.0)
    padded = case.make(mask_value=-9.0).fit(X, case.y)
    assert listed.loss_curve_ == padded.loss_curve_
    assert_array_equal(listed.predict(rows), padded.predict(X))


def test_each_answer_may_have_a_weight(cases):
    case = cases["decoder_of_numbers"]
    y = case.y
    each = case.make().fit(case.X, y, sample_weight=WEIGHTS)
    # A target without a weight is none, whatever it is.
    half = WEIGHTS * [1, 0]
    strange = y.copy()
    strange[:, 1] = 1e9
    one, other = (
        case.make().fit(case.X, given, sample_weight=half) for given in (y, strange)
    )
    assert one.loss_curve_ == other.loss_curve_ != each.loss_curve_

    found = each.predict(case.X)
    scores = [
        r2_score(y[:, i], found[:, i], sample_weight=WEIGHTS[:, i]) for i in (0, 1)
    ]
    score = each.score(case.X, y, sample_weight=WEIGHTS)
    assert score == pytest.approx(np.mean(scores))
    rows = each.score(case.X, y, sample_weight=WEIGHTS[:, 0])
    alike = np.repeat(WEIGHTS[:, :1], 2, axis=1)
    assert each.score(case.X, y, sample_weight=alike) == pytest.approx(rows)
