"""Intervals of a difference of errors hold the truth as often as they say."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error

from skseq.experiments.blocks import block_length, interval, resampled_errors


def series(rng, n=120, memory=0.5):
    """Errors that remember the one before."""
    noise = rng.normal(size=n + 20)
    for t in range(1, len(noise)):
        noise[t] += memory * noise[t - 1]
    return noise[20:]


def test_an_interval_holds_the_true_difference_about_as_often_as_it_says():
    """Of 100 pairs with errors of 1 and 1.5 times one spread, 95 are asked for."""
    rng = np.random.default_rng(0)
    scale = np.sqrt(2 / np.pi / (1 - 0.5**2))
    held = 0
    for seed in range(100):
        ours, theirs = series(rng), 1.5 * series(rng)
        errors = [
            resampled_errors(
                lambda true, said: np.abs(true - said).mean(),
                np.zeros(120),
                [forecast],
                seed,
                n_draws=200,
            )
            for forecast in (ours, theirs)
        ]
        low, high = interval(errors[0] - errors[1])
        held += low <= -0.5 * scale <= high
    assert 86 <= held <= 99


def test_forecasts_of_the_same_rows_meet_the_same_series():
    y = np.arange(30.0)
    first, second = (
        resampled_errors(mean_absolute_error, y, [y + more], 3, n_draws=20)
        for more in (1, 2)
    )
    assert np.allclose(second - first, 1)


def test_of_many_fits_the_median_error_counts():
    y = np.zeros(12)
    fits = [y + error for error in (1, 5, 2)]
    errors = resampled_errors(mean_absolute_error, y, fits, 0, n_draws=5)
    assert np.allclose(errors, 2)


@pytest.mark.parametrize(("n", "length"), [(1, 1), (8, 2), (9, 3), (54, 4), (1000, 10)])
def test_blocks_grow_with_the_cube_root(n, length):
    assert block_length(n) == length
