"""Transformers of windows of consecutive values, oldest first."""

from __future__ import annotations

from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import (
    _check_feature_names_in,
    check_array,
    check_is_fitted,
    validate_data,
)

from skseq.preprocessing._sequences import ArrayOutputMixin


class SeasonalDifference(TransformerMixin, BaseEstimator):
    """Subtract from each value the one a season before it.

    Parameters
    ----------
    period : int, default=1
        Steps in a season; 12 for months.

    Attributes
    ----------
    n_features_in_ : int
        Length of the windows in `fit`.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    skseq.baselines.SeasonalChangeForecaster : The rule that these differences undo.

    Examples
    --------
    >>> from skseq.preprocessing import SeasonalDifference
    >>> SeasonalDifference(period=2).fit_transform([[1.0, 5.0, 2.0, 7.0]])
    array([[1., 2.]])
    """

    _parameter_constraints: ClassVar[dict] = {
        "period": [Interval(Integral, 1, None, closed="left")]
    }

    def __init__(self, period: int = 1):
        self.period = period

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> Self:
        """Check that windows are longer than a season.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps)
            Windows, oldest value first.
        y : None
            Ignored.

        Returns
        -------
        self : SeasonalDifference
            The fitted transformer.

        Raises
        ------
        ValueError
            If windows are not longer than a season.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32])
        if X.shape[1] <= self.period:
            raise ValueError(
                f"Windows have n_features = {X.shape[1]}, but differences over "
                f"period={self.period} need more; frame them with "
                f"n_in={self.period + 1} or more (1 feature is left then)."
            )
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Take differences.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps)
            Windows, oldest value first.

        Returns
        -------
        X_differences : ndarray of shape (n_windows, n_timesteps - period)
            Differences, oldest first.

        Raises
        ------
        ValueError
            If windows have another length than in `fit`.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=[np.float64, np.float32])
        return X[:, self.period :] - X[:, : -self.period]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the names of the steps that the differences lead to.

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Names of the columns. None uses those of `fit`.

        Returns
        -------
        names : ndarray of str
            The later column of each difference.
        """
        check_is_fitted(self)
        return _check_feature_names_in(self, input_features)[self.period :]


class StepsAsFeatures(ArrayOutputMixin, TransformerMixin, BaseEstimator):
    """Show a window as the features of a single time step.

    Attributes
    ----------
    n_features_in_ : int
        Size of the last axis in `fit`.

    See Also
    --------
    skseq.LagFramer : The other way round: rows of a table as time steps.

    Examples
    --------
    >>> from skseq.preprocessing import StepsAsFeatures
    >>> StepsAsFeatures().fit_transform([[1.0, 5.0, 2.0]]).shape
    (1, 1, 3)
    """

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def fit(self, X: npt.ArrayLike, y: Any = None) -> Self:
        """Remember the size of windows.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps[, n_features])
            Windows.
        y : None
            Ignored.

        Returns
        -------
        self : StepsAsFeatures
            The fitted transformer.

        Raises
        ------
        ValueError
            If X is not of finite numbers.
        """
        self._check_X(X, reset=True)
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Join the time steps of each window.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps[, n_features])
            Windows.

        Returns
        -------
        X_joined : ndarray of shape (n_windows, 1, n_timesteps * n_features)
            One step for each window.

        Raises
        ------
        ValueError
            If windows have another size than in `fit`.
        """
        check_is_fitted(self)
        X = self._check_X(X, reset=False)
        return X.reshape(len(X), 1, -1)

    def _check_X(self, X: npt.ArrayLike, *, reset: bool) -> np.ndarray:
        if np.asarray(X).ndim == 3:
            X = check_array(X, allow_nd=True, dtype=[np.float64, np.float32])
            if reset:
                self._shape, self.n_features_in_ = X.shape[1:], X.shape[2]
            elif X.shape[1:] != self._shape:
                raise ValueError(
                    f"Windows have shape {X.shape[1:]}, but {self._shape} was fitted."
                )
            return X
        X = validate_data(self, X, reset=reset, dtype=[np.float64, np.float32])
        if reset:
            self._shape = X.shape[1:]
        return X
