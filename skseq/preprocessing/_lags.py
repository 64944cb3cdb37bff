"""Rows of a table to the last steps before them."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    OneToOneFeatureMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags, assert_all_finite, check_array
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._memory import refuse_beyond_memory
from skseq._symbols import UNEVEN
from skseq.preprocessing._sequences import (
    ArrayOutputMixin,
    is_ragged,
)


class LagFramer(
    ArrayOutputMixin, OneToOneFeatureMixin, TransformerMixin, BaseEstimator
):
    """Give each row of a table in time order the rows before it, as time steps.

    Row ``i`` of the output holds rows ``i - n_lags + 1`` to ``i`` of the table, oldest
    first: the row itself is the last step, and ``n_lags=1`` only adds an axis. No row
    is dropped; what lies before the first row is `fill_value`.

    Parameters
    ----------
    n_lags : int, default=1
        Number of rows, and so of time steps, in each output row.
    fill_value : float, default=nan
        What stands for rows before the first. Give it to `mask_value` of an estimator
        and those steps are skipped.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns seen in `fit`.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SupervisedWindower : Cut sequences into supervised pairs, dropping what is
        incomplete.

    Notes
    -----
    Every table given to `transform` starts anew: its first ``n_lags - 1`` rows are
    filled, also where they continue the table seen in `fit`.

    Examples
    --------
    Each month's value with the one before it, to forecast the next month ``y``:

    >>> import numpy as np
    >>> from skseq import LagFramer
    >>> series = np.array([589.0, 561.0, 640.0, 656.0])
    >>> X, y = series[:-1, np.newaxis], series[1:]
    >>> framed = LagFramer(n_lags=2, fill_value=-1).fit_transform(X)
    >>> for steps, target in zip(framed[:, :, 0], y):
    ...     print(steps, "->", target)
    [ -1. 589.] -> 561.0
    [589. 561.] -> 640.0
    [561. 640.] -> 656.0
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_lags": [Interval(Integral, 1, None, closed="left")],
        "fill_value": [Real],
    }

    def __init__(self, n_lags: int = 1, *, fill_value: float = np.nan):
        self.n_lags = n_lags
        self.fill_value = fill_value

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _check_X(self, X: Any, *, reset: bool) -> np.ndarray:
        if is_ragged(X):
            raise ValueError(UNEVEN)
        try:
            return validate_data(self, X, reset=reset, dtype=[np.float64, np.float32])
        except OverflowError as error:
            raise ValueError(f"X must hold numbers: {error}.") from error

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> LagFramer:
        """Check the table and remember its columns.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)
            A table in time order.
        y : None
            Ignored.

        Returns
        -------
        self : LagFramer
            The fitted transformer.

        Raises
        ------
        ValueError
            If X is not a finite table of numbers.
        """
        self._check_X(X, reset=True)
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Frame each row with the rows before it.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)
            A table in time order.

        Returns
        -------
        X_framed : ndarray of shape (n_rows, n_lags, n_features)
            ``X_framed[i, -1 - k]`` is ``X[i - k]``, or the fill where ``i < k``.

        Raises
        ------
        ValueError
            If X is not a finite table with the columns of `fit`.
        """
        check_is_fitted(self)
        table = self._check_X(X, reset=False)
        refuse_beyond_memory((*table.shape, self.n_lags), table.dtype, "n_lags")
        before = (self.n_lags - 1, table.shape[1])
        with np.errstate(over="ignore"):
            fill = np.full(before, self.fill_value, dtype=table.dtype)
        if np.isinf(fill).any():
            raise ValueError(
                f"fill_value={self.fill_value!r} is infinite as {table.dtype}; use a "
                "finite number or nan."
            )
        known = np.concatenate([fill, table])
        rows = np.arange(len(table))[:, np.newaxis] + np.arange(self.n_lags)
        return known[rows]

    def inverse_transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the table that was framed.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_lags, n_features)
            Framed rows.

        Returns
        -------
        X_table : ndarray of shape (n_rows, n_features)
            The last step of each row.

        Raises
        ------
        ValueError
            If X has another number of steps or features, or a last step is not finite.
        """
        check_is_fitted(self)
        # The fill may be NaN, so only the steps that are read must be finite.
        framed = check_array(X, allow_nd=True, ensure_all_finite=False)
        expected = (self.n_lags, self.n_features_in_)
        if framed.ndim != 3 or framed.shape[1:] != expected:
            raise ValueError(
                f"X must have shape (n_rows, {expected[0]}, {expected[1]}); got shape "
                f"{framed.shape}."
            )
        last = framed[:, -1].copy()
        assert_all_finite(last, input_name="X")
        return last
