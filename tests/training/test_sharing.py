"""Fits that differ in the length of their longest row share a program."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from skseq import RecurrentClassifier
from skseq.training import plan
from skseq.training.plan import shared_length
from skseq.training.programs import n_compilations


@given(st.integers(1, 10_000))
def test_a_shared_length_is_at_most_a_twentieth_longer(steps):
    length = shared_length(steps)
    assert steps <= length <= 1.05 * steps
    assert shared_length(length) == length


def test_few_lengths_are_shared_by_many():
    assert len({shared_length(steps) for steps in range(1, 1001)}) == 111


@given(st.integers(1, 10_000))
def test_lengths_of_blocks_are_further_apart(steps):
    length = shared_length(steps, apart=32)
    assert steps <= length <= max(steps + 31, 1.05 * steps)
    assert length < 2 * steps
    assert shared_length(length, apart=32) == length


def test_blocks_of_uneven_rows_share_programs():
    """Block after block, each with another longest row, compiles twice."""
    est = RecurrentClassifier(units=3, batch_size=4, random_state=0)
    before = n_compilations()
    for longest in (35, 40, 47, 58, 64, 70, 81, 96):
        est.partial_fit(*ragged(longest, per_step=False), classes=[False, True])
    assert n_compilations() - before == 2


def ragged(longest, *, per_step):
    """Twelve rows of unequal lengths, and labels."""
    draw = np.random.default_rng(longest)
    lengths = [longest, *draw.integers(1, longest, 11)]
    X = [draw.normal(size=(length, 2)) for length in lengths]
    if per_step:
        return X, [(x[:, 0] > 0).astype(int) for x in X]
    return X, np.array([x.sum() > 0 for x in X])


@pytest.mark.parametrize("per_step", [False, True])
def test_a_shared_program_gives_what_its_own_would(per_step, monkeypatch):
    def fit(longest):
        settings = {"units": 3, "batch_size": 4, "epochs": 3, "bidirectional": per_step}
        est = RecurrentClassifier(**settings, dtype="float64", random_state=0)
        return est.fit(*ragged(longest, per_step=per_step))

    before = n_compilations()
    shared = [fit(longest) for longest in (64, 65, 66)]
    assert n_compilations() - before == 1
    monkeypatch.setattr(plan, "shared_length", lambda steps, apart: steps)
    for ours, own in zip(shared[1].weights_, fit(65).weights_, strict=True):
        assert_allclose(ours, own, rtol=1e-12, atol=1e-15)
