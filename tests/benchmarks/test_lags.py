import numpy as np
import pytest

from benchmarks.lags import measure, plot


@pytest.mark.slow
def test_the_cost_of_a_lag_is_measured():
    cost = measure(50, updates=2)
    assert 50 + 3 <= cost["steps"] < 50 + 163
    assert 0 < cost["seconds"] < 60
    assert 0 < cost["idle"] <= cost["peak"]


def test_the_cost_is_drawn_beside_straight_lines():
    rows = [
        {"steps": n, "seconds": n / 1000, "peak": 1 + n / 2**30, "idle": 1.0}
        for n in (100, 1000)
    ]
    left, right = plot(rows).axes
    measured, line = left.lines
    np.testing.assert_allclose(measured.get_ydata(), line.get_ydata())
    peak, idle, _ = right.lines
    assert (peak.get_ydata() > idle.get_ydata()).all()
