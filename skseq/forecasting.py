"""Several steps ahead of a series, by one fit of a regressor.

`WindowForecaster` hands a regressor the windows of a series with all values after each
as targets, and gives forecasts back in the units, the shape and the dates of the
series; `backtest` makes it forecast from many origins, of which each sees only what
came before. For recursive forecasts, exogenous values and intervals there is
skforecast, which drives the regressors of this package as well; see
`skseq.preprocessing.StepsFromLags`.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.base import BaseEstimator, MetaEstimatorMixin, _fit_context, clone
from sklearn.utils import check_array
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._dates import continued, spacing_of
from skseq._memory import refuse_beyond_memory
from skseq._unchanged import unchanged_on_error

__all__ = ["WindowForecaster", "backtest"]


class WindowForecaster(MetaEstimatorMixin, BaseEstimator):
    """Forecast the steps after a series by a regressor of its windows.

    Parameters
    ----------
    regressor : estimator
        Learns from windows of `n_in` steps the `n_out` steps after each: X of shape
        (n_windows, n_in) and y of shape (n_windows, n_out) for a series of one column,
        each with the columns as third axis for several. Where it has a parameter
        ``n_outputs``, that is set, so that all targets come after the window.
    n_in : int, default=12
        Steps in a window.
    n_out : int, default=1
        Steps to forecast.
    scaler : transformer or None, default=None
        Learns from the columns of the series in `fit`, such as ``StandardScaler()``.
        The regressor sees values scaled, forecasts come back in the series' units.

    Attributes
    ----------
    regressor_ : estimator
        The fitted regressor.
    scaler_ : transformer or None
        The fitted scaler.
    n_features_in_ : int
        Columns of the series.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if they are all strings.

    See Also
    --------
    skseq.EncoderDecoderRegressor : Writes the steps one after the other.
    skseq.StatefulLSTMRegressor : Gives them all at once.
    skseq.baselines.SeasonalChangeForecaster : A rule that is hard to beat.
    backtest : Forecasts from many origins.

    Notes
    -----
    A series whose windows are scaled by themselves, or differences of it, belong into
    the regressor, as a pipeline: its transformers see windows.

    Examples
    --------
    >>> import pandas as pd
    >>> from skseq.baselines import SeasonalForecaster
    >>> from skseq.forecasting import WindowForecaster
    >>> months = pd.period_range("2024-01", periods=8, freq="M")
    >>> sales = pd.Series([1.0, 5.0, 9.0, 2.0] * 2, index=months, name="sales")
    >>> forecaster = WindowForecaster(SeasonalForecaster(period=4), n_in=4, n_out=3)
    >>> forecaster.fit(sales).predict(sales)
    2024-09    1.0
    2024-10    5.0
    2024-11    9.0
    Freq: M, Name: sales, dtype: float64
    """

    _parameter_constraints: ClassVar[dict] = {
        "regressor": [HasMethods(["fit", "predict"])],
        "n_in": [Interval(Integral, 1, None, closed="left")],
        "n_out": [Interval(Integral, 1, None, closed="left")],
        "scaler": [HasMethods(["fit", "transform", "inverse_transform"]), None],
    }

    def __init__(
        self,
        regressor: Any,
        *,
        n_in: int = 12,
        n_out: int = 1,
        scaler: Any = None,
    ):
        self.regressor = regressor
        self.n_in = n_in
        self.n_out = n_out
        self.scaler = scaler

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, series: npt.ArrayLike, y: Any = None) -> Self:
        """Train on all windows of a series whose targets lie within it.

        Parameters
        ----------
        series : array-like of shape (n_timesteps,) or (n_timesteps, n_columns)
            A series, oldest first; also as a Series or DataFrame of pandas.
        y : None
            Ignored.

        Returns
        -------
        self : WindowForecaster
            The fitted forecaster.

        Raises
        ------
        ValueError
            If the series is too short for one window with its targets, or not of
            finite numbers, or no memory could hold all its windows.
        """
        with unchanged_on_error(self):
            values = self._read(series, reset=True)
            span = self.n_in + self.n_out
            if len(values) < span:
                raise ValueError(
                    f"A window of n_in={self.n_in} steps and the n_out={self.n_out} "
                    f"after it need {span} steps, but the series has n_samples = "
                    f"{len(values)}; lower n_in or n_out."
                )
            _refuse_too_many(len(values) - span + 1, span, values)
            self._spacing = spacing_of(series)
            self.scaler_ = None
            if self.scaler is not None:
                self.scaler_ = clone(self.scaler).fit(values)
            cut = sliding_window_view(self._scaled(values), span, axis=0)
            cut = np.moveaxis(cut, 2, 1)
            X, targets = _squeezed(cut[:, : self.n_in]), _squeezed(cut[:, self.n_in :])
            regressor = _told(clone(self.regressor), self.n_out)
            self.regressor_ = regressor.fit(X, targets)
        return self

    def predict(self, series: npt.ArrayLike) -> Any:
        """Forecast the `n_out` steps after a series.

        Parameters
        ----------
        series : array-like of shape (n_timesteps,) or (n_timesteps, n_columns)
            What is known, at least `n_in` steps, of which the last ones are looked at:
            the series of `fit`, or one that goes on after it.

        Returns
        -------
        ndarray, Series or DataFrame of shape (n_out,) or (n_out, n_columns)
            Forecasts, in the units of the series and of its kind: with its names and
            the dates that come next where it has them.

        Raises
        ------
        ValueError
            If the series has other columns than in `fit`, or is too short, or its index
            does not say which dates come next.
        """
        check_is_fitted(self)
        values = self._read(series, reset=False)
        if len(values) < self.n_in:
            raise ValueError(
                f"Forecasts look at n_in={self.n_in} steps, but the series has "
                f"n_samples = {len(values)}."
            )
        forecast = self._forecast(values[np.newaxis, -self.n_in :])[0]
        forecast = forecast if np.ndim(series) == 2 else forecast[:, 0]
        return continued(forecast, series, self._spacing)

    def _read(self, series: Any, *, reset: bool) -> np.ndarray:
        """Check a series; its numbers, of shape (n_timesteps, n_columns)."""
        if np.ndim(series) == 1:
            flat = check_array(
                series, dtype=float, ensure_2d=False, input_name="series"
            )
            # A single column has a name only where it is a table's.
            series = flat[:, np.newaxis]
        return validate_data(self, series, reset=reset, dtype=float)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        return values if self.scaler_ is None else self.scaler_.transform(values)

    def _forecast(self, windows: np.ndarray) -> np.ndarray:
        """Forecasts (n, n_out, n_columns) after windows (n, n_in, n_columns)."""
        scaled = self._scaled(windows.reshape(-1, windows.shape[2]))
        X = _squeezed(np.reshape(scaled, windows.shape))
        forecast = np.asarray(self.regressor_.predict(X)).reshape(-1, windows.shape[2])
        if self.scaler_ is not None:
            forecast = self.scaler_.inverse_transform(forecast)
        return np.reshape(forecast, (len(windows), self.n_out, windows.shape[2]))


def backtest(
    forecaster: WindowForecaster,
    series: npt.ArrayLike,
    first: int,
    *,
    step: int = 1,
    refit: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Forecast a series from many origins, each from what came before it alone.

    Parameters
    ----------
    forecaster : WindowForecaster
        A clone of it is fitted to the steps before the first origin.
    series : array-like of shape (n_timesteps,) or (n_timesteps, n_columns)
        The whole series.
    first : int
        Steps that are known at the first origin.
    step : int, default=1
        Steps from an origin to the next; the last one is the last after which there are
        `n_out` steps.
    refit : bool, default=False
        Whether to fit anew at every origin, to all steps before it.

    Returns
    -------
    y_true : ndarray of shape (n_origins, n_out) or (n_origins, n_out, n_columns)
        What came: ``y_true[i, h]`` is h + 1 steps after what was known.
    y_pred : ndarray of that shape
        What was forecast.

    Raises
    ------
    ValueError
        If no origin has enough steps before and after it, or the series is not of
        finite numbers, or no memory could hold what is seen from all origins.

    See Also
    --------
    WindowForecaster : What is tested.

    Examples
    --------
    Mean absolute errors of "the same as a year ago", 1, 6 and 12 months ahead:

    >>> import numpy as np
    >>> from skseq.baselines import SeasonalForecaster
    >>> from skseq.datasets import load_milk_production
    >>> from skseq.forecasting import WindowForecaster, backtest
    >>> milk = load_milk_production().series
    >>> forecaster = WindowForecaster(SeasonalForecaster(period=12), n_in=12, n_out=12)
    >>> y_true, y_pred = backtest(forecaster, milk, first=112)
    >>> np.abs(y_true - y_pred).mean(axis=0)[[0, 5, 11]].round(1)
    array([22. , 16.7, 13.2])
    """
    values = check_array(
        series, dtype=float, ensure_2d=False, allow_nd=True, input_name="series"
    )
    if not isinstance(first, Integral) or not isinstance(step, Integral) or step < 1:
        raise ValueError(
            f"first and step must be ints, step at least 1; got first={first!r}, "
            f"step={step!r}."
        )
    n_in, n_out = forecaster.n_in, forecaster.n_out
    origins = np.arange(first, len(values) - n_out + 1, step)
    if first < n_in + n_out or not len(origins):
        raise ValueError(
            f"first={first} leaves no origin with the {n_in + n_out} steps before it "
            f"that a fit needs and the {n_out} steps after it that it forecasts; the "
            f"series has {len(values)} steps."
        )
    _refuse_too_many(len(origins), n_in + n_out, values)
    y_true = values[origins[:, np.newaxis] + np.arange(n_out)]
    if refit:
        known = (values[:origin] for origin in origins)
        return y_true, np.stack([clone(forecaster).fit(k).predict(k) for k in known])
    fitted = clone(forecaster).fit(values[:first])
    windows = values[origins[:, np.newaxis] + np.arange(-n_in, 0)]
    y_pred = fitted._forecast(windows.reshape(len(origins), n_in, -1))
    return y_true, y_pred.reshape(y_true.shape)


def _refuse_too_many(n_windows: int, span: int, values: np.ndarray) -> None:
    shape = (n_windows, span, *values.shape[1:])
    refuse_beyond_memory(shape, values.dtype, "n_in or n_out")


def _squeezed(windows: np.ndarray) -> np.ndarray:
    """Windows of one column without its axis, which most regressors do not know."""
    return windows[..., 0] if windows.shape[2] == 1 else windows


def _told(regressor: Any, n_outputs: int) -> Any:
    """Say that all targets come after the window, wherever a regressor asks."""
    asks = [
        name
        for name in regressor.get_params()
        if name.rpartition("__")[2] == "n_outputs"
    ]
    return regressor.set_params(**dict.fromkeys(asks, n_outputs))
