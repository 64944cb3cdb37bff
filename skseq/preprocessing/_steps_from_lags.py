"""Columns of lags to time steps."""

from __future__ import annotations

import re
from collections import defaultdict
from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._memory import refuse_beyond_memory
from skseq._symbols import UNEVEN
from skseq._unchanged import unchanged_on_error
from skseq.preprocessing._sequences import ArrayOutputMixin, is_ragged

_LAG = re.compile(r"(?:(?P<series>.+)_)?lag_(?P<lag>\d+)")


class StepsFromLags(ArrayOutputMixin, TransformerMixin, BaseEstimator):
    """Give lags that stand side by side as columns back as time steps, oldest first.

    Libraries that forecast with any regressor of scikit-learn, such as skforecast,
    hand over one row for each value to be forecast: its lags, the newest first, and
    behind them what else is known of it. Where columns have names, they are read, and
    the order of columns does not matter; where they have none, it is as `n_exogenous`
    and `newest_first` say.

    Parameters
    ----------
    n_lags : int, default=1
        Number of lags of each series, and so of time steps.
    n_exogenous : int, default=0
        Number of columns that are no lags. Without names they are the last ones.
        Each stands at every time step: it is known of the value to be forecast.
    newest_first : bool, default=True
        Whether, without names, the first column of a series is its newest value.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns in `fit`.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    skseq.LagFramer : Makes the lags itself, from a table in time order.

    Notes
    -----
    Names of lags are ``lag_<k>`` and ``<series>_lag_<k>``, k steps before the value to
    be forecast; any ``n_lags`` different k will do. Series, and columns that are no
    lags, become features in the order of their names. Without names the columns of one
    series stand together.

    Examples
    --------
    Three lags and the month, of two values to be forecast:

    >>> from skseq.preprocessing import StepsFromLags
    >>> X = [[3.0, 2.0, 1.0, 12.0], [4.0, 3.0, 2.0, 1.0]]
    >>> StepsFromLags(n_lags=3, n_exogenous=1).fit_transform(X)
    array([[[ 1., 12.],
            [ 2., 12.],
            [ 3., 12.]],
    <BLANKLINE>
           [[ 2.,  1.],
            [ 3.,  1.],
            [ 4.,  1.]]])
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_lags": [Interval(Integral, 1, None, closed="left")],
        "n_exogenous": [Interval(Integral, 0, None, closed="left")],
        "newest_first": ["boolean"],
    }

    def __init__(
        self, n_lags: int = 1, n_exogenous: int = 0, newest_first: bool = True
    ):
        self.n_lags = n_lags
        self.n_exogenous = n_exogenous
        self.newest_first = newest_first

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> Self:
        """Find out which column is which lag.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_columns)
            Lags of one or several series, and what else is known.
        y : None
            Ignored.

        Returns
        -------
        self : StepsFromLags
            The fitted transformer.

        Raises
        ------
        ValueError
            If X is not of finite numbers, or its columns are not `n_lags` for each
            series and `n_exogenous` others.
        """
        if is_ragged(X):
            raise ValueError(UNEVEN)
        names = _names(X)
        with unchanged_on_error(self):
            table = validate_data(self, X, dtype=[np.float64, np.float32])
            self._names = names or []
            self._lags, self._others = (
                self._by_name(names) if names else self._by_place(table.shape[1])
            )
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Give each row's lags as time steps.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_columns)
            As in `fit`; columns with names may stand in any order.

        Returns
        -------
        X_steps : ndarray of shape (n_rows, n_lags, n_features)
            The oldest lag first. Features are the series, then the other columns,
            which are the same at every step.

        Raises
        ------
        ValueError
            If X does not have the columns of `fit`, or no memory could hold its steps.
        """
        check_is_fitted(self)
        names = _names(X)
        shown: Any = X
        if names is not None and sorted(names) == sorted(self._names):
            shown = shown[self._names]
        table = validate_data(self, shown, reset=False, dtype=[np.float64, np.float32])
        width = self._lags.shape[1] + len(self._others)
        shape = (len(table), self.n_lags, width)
        refuse_beyond_memory(shape, table.dtype, "n_lags or n_exogenous")
        others = np.repeat(table[:, np.newaxis, self._others], self.n_lags, axis=1)
        return np.concatenate([table[:, self._lags], others], axis=2)

    def _by_place(self, n_columns: int) -> tuple[np.ndarray, np.ndarray]:
        """Places of lags, of shape (n_lags, n_series), and of other columns."""
        n_series, left = divmod(n_columns - self.n_exogenous, self.n_lags)
        if n_series < 1 or left:
            raise ValueError(
                f"X has n_features = {n_columns}; n_lags={self.n_lags} lags of each "
                f"series and n_exogenous={self.n_exogenous} other columns would be "
                f"{self.n_lags + self.n_exogenous}, or {self.n_lags} more for each "
                "further series."
            )
        lags = np.arange(n_series * self.n_lags).reshape(-1, self.n_lags)
        others = np.arange(lags.size, n_columns)
        return (lags[:, ::-1] if self.newest_first else lags).T, others

    def _by_name(self, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The same, of columns whose names say which lag they are."""
        series: dict[str, dict[int, int]] = defaultdict(dict)
        others = {}
        for place, name in enumerate(names):
            if found := _LAG.fullmatch(name):
                series[found["series"] or ""][int(found["lag"])] = place
            else:
                others[name] = place
        kinds = {frozenset(lags) for lags in series.values()}
        steps = sorted(frozenset[int]().union(*kinds), reverse=True)
        if (len(kinds), len(steps), len(others)) != (1, self.n_lags, self.n_exogenous):
            raise ValueError(
                f"By their names, columns {names} hold {_said(series)}, and beside "
                f"them {sorted(others)}; expected n_lags={self.n_lags} lags, the same "
                f"of every series, and n_exogenous={self.n_exogenous} other columns."
            )
        lags = [[series[name][lag] for name in sorted(series)] for lag in steps]
        return np.array(lags), np.array([others[n] for n in sorted(others)], dtype=int)


def _names(X: Any) -> list[str] | None:
    """Names of columns, where some are names of lags."""
    names = list(getattr(X, "columns", []))
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    return names if any(map(_LAG.fullmatch, names)) else None


def _said(series: dict[str, dict[int, int]]) -> str:
    """Say which lags there are of which series."""
    return " and ".join(
        f"lags {sorted(lags)}" + (f" of {name!r}" if name else "")
        for name, lags in sorted(series.items())
    )
