"""Least values of what generators take."""

from __future__ import annotations

from numbers import Integral

from sklearn.utils._param_validation import Interval

__all__ = ["AT_LEAST_ONE", "AT_LEAST_TWO"]

AT_LEAST_ONE = [Interval(Integral, 1, None, closed="left")]
AT_LEAST_TWO = [Interval(Integral, 2, None, closed="left")]
