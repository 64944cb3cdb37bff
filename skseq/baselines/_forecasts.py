"""Rules that forecast from a window, and a forecaster that corrects one."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Integral
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    MetaEstimatorMixin,
    RegressorMixin,
    _fit_context,
    clone,
)
from sklearn.utils import Tags, get_tags
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq.baselines._tables import one_value_per_step

__all__ = [
    "CorrectedForecaster",
    "DriftForecaster",
    "PersistenceForecaster",
    "SeasonalChangeForecaster",
    "SeasonalForecaster",
]


class _WindowRule(RegressorMixin, BaseEstimator):
    """A rule that reads the values after a window from the window alone."""

    _parameter_constraints: ClassVar[dict] = {}

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.target_tags.multi_output = True
        tags.regressor_tags.poor_score = True
        return tags

    @property
    @abstractmethod
    def _n_values(self) -> int:
        """Number of values that the rule looks back."""

    @abstractmethod
    def _forecast(self, X: np.ndarray) -> np.ndarray:
        """Apply the rule once to windows that are long enough."""

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:
        """Check that windows are long enough; there is nothing to learn.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps) or (n_windows, n_timesteps, 1)
            Windows, oldest value first.
        y : array-like of shape (n_windows,) or (n_windows, n_outputs)
            The value after each window, or several.

        Returns
        -------
        self : estimator
            The fitted rule.

        Raises
        ------
        ValueError
            If windows are shorter than the rule looks back, or X or y is malformed.
        """
        windows, y = validate_data(
            self, one_value_per_step(self, X), y, y_numeric=True, multi_output=True
        )
        if windows.shape[1] < self._n_values:
            raise ValueError(
                f"{self!r} looks back {self._n_values} values, but windows have "
                f"n_features = {windows.shape[1]}. Frame them with "
                f"n_in={self._n_values} or more."
            )
        self._n_outputs = None if y.ndim == 1 else y.shape[1]
        return self

    def predict(self, X: npt.ArrayLike) -> np.ndarray:
        """Forecast what comes after each window.

        Beyond the first value the rule is applied to its own forecasts.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps) or (n_windows, n_timesteps, 1)
            Windows, oldest value first.

        Returns
        -------
        y : ndarray of shape (n_windows,) or (n_windows, n_outputs)
            Forecasts, as many as in `fit`.

        Raises
        ------
        ValueError
            If windows have another length than in `fit`.
        """
        check_is_fitted(self)
        known = validate_data(
            self,
            one_value_per_step(self, X),
            reset=False,
            dtype=[np.float64, np.float32],
        )
        if self._n_outputs is None:
            return self._forecast(known)
        n_known = known.shape[1]
        for _ in range(self._n_outputs):
            known = np.column_stack([known, self._forecast(known)])
        return known[:, n_known:]


class PersistenceForecaster(_WindowRule):
    """Forecast that the last value will come again.

    Attributes
    ----------
    n_features_in_ : int
        Length of the windows.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SeasonalForecaster : Forecast the value of a season ago.

    Examples
    --------
    >>> from skseq.baselines import PersistenceForecaster
    >>> rule = PersistenceForecaster().fit([[1.0, 2.0]], [3.0])
    >>> rule.predict([[4.0, 6.0]])
    array([6.])
    """

    @property
    def _n_values(self) -> int:
        return 1

    def _forecast(self, X: np.ndarray) -> np.ndarray:
        return X[:, -1].copy()


class DriftForecaster(_WindowRule):
    """Forecast that the straight line from the first value to the last goes on.

    The value h steps after a window of n is ``y(n) + h (y(n) - y(1)) / (n - 1)``.

    Attributes
    ----------
    n_features_in_ : int
        Length of the windows.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    PersistenceForecaster : Forecast without the line's slope.

    Examples
    --------
    >>> from skseq.baselines import DriftForecaster
    >>> rule = DriftForecaster().fit([[1.0, 2.0, 3.0]], [[4.0, 5.0]])
    >>> rule.predict([[1.0, 4.0, 2.0]])
    array([[2.5, 3. ]])
    """

    @property
    def _n_values(self) -> int:
        return 1

    def _forecast(self, X: np.ndarray) -> np.ndarray:
        # A single value lies on a level line.
        return X[:, -1] + (X[:, -1] - X[:, 0]) / max(X.shape[1] - 1, 1)


class _SeasonalRule(_WindowRule):
    """A rule with a season."""

    _parameter_constraints: ClassVar[dict] = {
        "period": [Interval(Integral, 1, None, closed="left")]
    }

    def __init__(self, *, period: int = 12):
        self.period = period


class SeasonalForecaster(_SeasonalRule):
    """Forecast the value of one season ago.

    The value after a window is taken to be the one `period` steps before it.

    Parameters
    ----------
    period : int, default=12
        Steps in a season: 12 for months of a year.

    Attributes
    ----------
    n_features_in_ : int
        Length of the windows.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SeasonalChangeForecaster : Also carry the level on.

    Examples
    --------
    >>> from skseq.baselines import SeasonalForecaster
    >>> rule = SeasonalForecaster(period=2).fit([[1.0, 5.0]], [1.0])
    >>> rule.predict([[2.0, 6.0]])
    array([2.])
    """

    @property
    def _n_values(self) -> int:
        return self.period

    def _forecast(self, X: np.ndarray) -> np.ndarray:
        return X[:, -self.period].copy()


class SeasonalChangeForecaster(_SeasonalRule):
    """Forecast the change of one season ago, on top of the last value.

    The value after a window is ``y(t - period) + y(t - 1) - y(t - period - 1)``.

    Parameters
    ----------
    period : int, default=12
        Steps in a season: 12 for months of a year.

    Attributes
    ----------
    n_features_in_ : int
        Length of the windows.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SeasonalForecaster : Forecast the value of a season ago as it was.

    Examples
    --------
    The value rose by 4 after the 1 of last season, so it will after the 2:

    >>> from skseq.baselines import SeasonalChangeForecaster
    >>> rule = SeasonalChangeForecaster(period=2).fit([[1.0, 5.0, 2.0]], [6.0])
    >>> rule.predict([[1.0, 5.0, 2.0]])
    array([6.])
    """

    @property
    def _n_values(self) -> int:
        return self.period + 1

    def _forecast(self, X: np.ndarray) -> np.ndarray:
        return X[:, -1] + X[:, -self.period] - X[:, -self.period - 1]


class CorrectedForecaster(MetaEstimatorMixin, RegressorMixin, BaseEstimator):
    """A rule, and a regressor that learns what the rule gets wrong.

    A regressor that shrinks to zero then falls back to the rule, not to the mean.

    Parameters
    ----------
    rule : estimator
        A regressor, such as a naive rule of this module.
    regressor : estimator
        Learns the target less the rule's forecast.

    Attributes
    ----------
    rule_ : estimator
        The fitted rule.
    regressor_ : estimator
        The fitted regressor.
    n_features_in_ : int
        Length of the windows.

    See Also
    --------
    SeasonalChangeForecaster : A rule that is hard to beat.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> from skseq.baselines import CorrectedForecaster, PersistenceForecaster
    >>> X, y = [[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]], [3.0, 4.0, 5.0]
    >>> model = CorrectedForecaster(PersistenceForecaster(), Ridge()).fit(X, y)
    >>> model.predict([[10.0, 11.0]])
    array([12.])
    """

    def __init__(self, rule: BaseEstimator, regressor: BaseEstimator):
        self.rule = rule
        self.regressor = regressor

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = self._takes_several()
        return tags

    def _takes_several(self) -> bool:
        parts = (self.rule, self.regressor)
        return all(get_tags(part).target_tags.multi_output for part in parts)

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:
        """Fit the rule, then the regressor to what is left.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps)
            Windows, oldest value first.
        y : array-like of shape (n_windows,) or (n_windows, n_outputs)
            The value after each window, or several.

        Returns
        -------
        self : CorrectedForecaster
            The fitted forecaster.

        Raises
        ------
        ValueError
            If X or y is malformed.
        """
        X, y = validate_data(
            self, X, y, y_numeric=True, multi_output=self._takes_several()
        )
        self.rule_ = clone(self.rule).fit(X, y)
        # Of a single column some regressors give a vector, others the column.
        ruled = self.rule_.predict(X).reshape(y.shape)
        self.regressor_ = clone(self.regressor).fit(X, y - ruled)
        return self

    def predict(self, X: npt.ArrayLike) -> np.ndarray:
        """Forecast by the rule, corrected.

        Parameters
        ----------
        X : array-like of shape (n_windows, n_timesteps)
            Windows, oldest value first.

        Returns
        -------
        y : ndarray of shape (n_windows,) or (n_windows, n_outputs)
            Forecasts.

        Raises
        ------
        ValueError
            If windows have another length than in `fit`.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        ruled = self.rule_.predict(X)
        return ruled + self.regressor_.predict(X).reshape(ruled.shape)
