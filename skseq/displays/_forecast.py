"""Forecasts beside what was measured, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq.displays._base import Display, Look, kind_of, matrix, style_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Forecast", "ForecastDisplay"]


@dataclass(frozen=True)
class Forecast:
    """Forecasts of one kind, each with the time that it is for.

    Parameters
    ----------
    label : str
        What to call it; forecasts of one label look the same.
    time : array-like of shape (n,)
        Times, of the kind of the series' own.
    values : array-like of shape (n,) or (n_fits, n)
        Forecasts; of several fits the median is drawn and, where no interval is given,
        their range.
    low, high : array-like of shape (n,), default=None
        Interval around each.
    coverage : float, default=None
        Share of what comes that intervals are to hold, between 0 and 1.

    See Also
    --------
    ForecastDisplay : Draws them beside the series.

    Examples
    --------
    >>> from skseq.displays import Forecast
    >>> Forecast("same as last", [2, 3], [2.0, 3.0]).label
    'same as last'
    """

    label: str
    time: Any
    values: Any
    low: Any = None
    high: Any = None
    coverage: float | None = None

    def __post_init__(self) -> None:
        values = matrix(self.values, f"values of {self.label!r}")
        n = values.shape[1]
        if np.shape(self.time) != (n,):
            raise ValueError(
                f"The forecasts {self.label!r} have {n} values for times of shape "
                f"{np.shape(self.time)}; each needs one."
            )
        if (self.low is None) != (self.high is None):
            raise ValueError(
                f"The forecasts {self.label!r} have one end of an interval; give low "
                "and high."
            )
        ends = [] if self.low is None else [np.shape(self.low), np.shape(self.high)]
        if any(shape != (n,) for shape in ends):
            raise ValueError(
                f"The forecasts {self.label!r} have {n} values but intervals of shapes "
                f"{ends[0]} and {ends[1]}."
            )
        for name in ("time", "low", "high") if ends else ("time",):
            object.__setattr__(self, name, np.asarray(getattr(self, name)))
        object.__setattr__(self, "values", values)


class ForecastDisplay(Display):
    """A series and forecasts of it, each at the time it is for, with intervals.

    Parameters
    ----------
    series : array-like of shape (n_timesteps,)
        What was measured.
    forecasts : iterable of Forecast
        What was forecast.
    time : array-like of shape (n_timesteps,), default=None
        Time of each value: numbers or dates. None takes the index of a Series of
        pandas, and counts the steps of anything else from 0.
    test_from : object, default=None
        The first time that no fit has seen, which a line marks.
    unit : str, default="value"
        Name and unit of the values.
    history : int, default=None
        How many steps before the first forecast are drawn; None for all.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    PredictionDisplay : Predictions against the truth, without time.
    skseq.forecasting.WindowForecaster : Forecasts several steps.

    Examples
    --------
    >>> from skseq.displays import Forecast, ForecastDisplay
    >>> last = Forecast("same as last", [2, 3], [2.0, 3.0])
    >>> display = ForecastDisplay([1, 2, 3, 4], [last], test_from=3, unit="pounds")
    >>> display.plot().ax_.get_ylabel()
    'pounds'
    """

    def __init__(
        self,
        series: npt.ArrayLike,
        forecasts: Iterable[Forecast],
        *,
        time: npt.ArrayLike | None = None,
        test_from: Any = None,
        unit: str = "value",
        history: int | None = None,
    ):
        values = np.asarray(series, dtype=float)
        if values.ndim != 1 or not len(values):
            raise ValueError(
                "series must have shape (n_timesteps,), one column, and not be empty; "
                f"got shape {values.shape}."
            )
        times = times_of(series) if time is None else np.asarray(time)
        if times.shape != values.shape:
            raise ValueError(
                f"series has {len(values)} values, but time has shape {times.shape}."
            )
        self.series = values
        self.forecasts = list(forecasts)
        self.time = times
        self.test_from = test_from
        self.unit = unit
        self.history = history

    @classmethod
    def from_estimator(
        cls,
        forecaster: Any,
        series: npt.ArrayLike,
        *,
        start: int | Sequence[int] | None = None,
        label: str | None = None,
        unit: str | None = None,
        history: int | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Forecast the steps after a series, or after parts of it, and draw that.

        Parameters
        ----------
        forecaster : WindowForecaster, or list of them
            Fitted; of several, fitted from different seeds, the median and range are
            drawn.
        series : array-like of shape (n_timesteps,)
            What is known, or more: forecasts may be drawn beside what came.
        start : int or sequence of int, default=None
            Steps that are known at each origin; None for the whole series.
        label : str, default=None
            What to call the forecasts; None takes the name of the regressor.
        unit : str, default=None
            Name and unit of the values; None takes the name of a Series of pandas.
        history : int, default=None
            As in the class.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        ForecastDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If a forecaster forecasts no series, is not fitted, or sees too few steps.
        """
        fits = forecaster if isinstance(forecaster, (list, tuple)) else [forecaster]
        for fit in fits:
            if not hasattr(fit, "n_out"):
                raise ValueError(
                    "ForecastDisplay.from_estimator needs a forecaster of series, such "
                    "as skseq.forecasting.WindowForecaster; got "
                    f"{kind_of(fit)}. What another forecasts is drawn by "
                    "from_predictions."
                )
        if label is None:
            label = kind_of(getattr(fits[0], "regressor", fits[0]))
        if np.ndim(series) != 1:
            raise ValueError(
                "A forecast is drawn of a series of one column, shape (n_timesteps,); "
                f"got shape {np.shape(series)}."
            )
        origins = [np.size(series)] if start is None else np.atleast_1d(start).tolist()
        forecasts = []
        for origin in origins:
            known = series[:origin]  # type: ignore[index]
            found = [fit.predict(known) for fit in fits]
            times = times_of(found[0])
            if not hasattr(found[0], "index"):
                times = times + origin
            values = np.stack([np.asarray(values, dtype=float) for values in found])
            forecasts.append(Forecast(label, times, values))
        if unit is None:
            unit = str(getattr(series, "name", None) or "value")
        return cls(series, forecasts, unit=unit, history=history).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        series: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        interval: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
        coverage: float | None = None,
        time: npt.ArrayLike | None = None,
        label: str = "forecast",
        test_from: Any = None,
        unit: str | None = None,
        history: int | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw forecasts that were made before.

        Parameters
        ----------
        series : array-like of shape (n_timesteps,)
            What was measured.
        y_pred : array-like of shape (n,) or (n_fits, n)
            Forecasts: a Series of pandas stands at its own index, anything else is for
            the last n steps of the series.
        interval : tuple of (low, high), default=None
            Ends of an interval around each forecast, arrays of shape (n,).
        coverage : float, default=None
            Share of what comes that intervals are to hold, between 0 and 1.
        time : array-like of shape (n_timesteps,), default=None
            As in the class.
        label : str, default="forecast"
            What to call the forecasts.
        test_from : object, default=None
            As in the class.
        unit : str, default=None
            Name and unit of the values; None takes the name of a Series of pandas.
        history : int, default=None
            As in the class.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        ForecastDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If there are more forecasts than steps, or shapes do not fit together.
        """
        known = times_of(series) if time is None else np.asarray(time)
        values = matrix(y_pred, "y_pred")
        n = values.shape[1]
        if hasattr(y_pred, "index") and not isinstance(y_pred, (list, tuple)):
            times = times_of(y_pred)
        elif n <= len(known):
            times = known[len(known) - n :]
        else:
            raise ValueError(
                f"y_pred has {n} forecasts, more than the {len(known)} steps of the "
                "series; a Series of pandas can stand after them."
            )
        low, high = (None, None) if interval is None else interval
        forecast = Forecast(label, times, values, low, high, coverage)
        if unit is None:
            unit = str(getattr(series, "name", None) or "value")
        more: dict[str, Any] = {"time": time, "test_from": test_from, "unit": unit}
        return cls(series, [forecast], history=history, **more).plot(ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the series and all forecasts.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        ForecastDisplay
            Itself.
        """
        ax = self._begin(ax, 8.0, 4.0)
        begin = 0
        if self.history is not None and self.forecasts:
            first = min(forecast.time[0] for forecast in self.forecasts)
            begin = max(0, int(np.searchsorted(self.time, first)) - self.history)
        look: Look = {"color": "black", "linewidth": 2, "alpha": 0.6}
        ax.plot(self.time[begin:], self.series[begin:], label="measured", **look)
        drawn: dict[str, int] = {}
        for forecast in self.forecasts:
            new = forecast.label not in drawn
            # Forecasts of one name, for training and for test, look the same.
            index = drawn.setdefault(forecast.label, len(drawn))
            _draw(ax, forecast, index, _said(forecast) if new else None)
        if self.test_from is not None:
            ax.axvline(self.test_from, color="black", linewidth=0.8, linestyle=":")
            ax.annotate(
                "test →",
                (self.test_from, 0),
                xycoords=("data", "axes fraction"),
                xytext=(4, 5),
                textcoords="offset points",
            )
        ax.set(ylabel=self.unit)
        # Above the axes, where no peak is hidden.
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), fontsize="small", ncols=3)
        return self


def _draw(ax: Axes, forecast: Forecast, index: int, label: str | None) -> None:
    style, time, values = style_of(index), forecast.time, forecast.values
    # A single forecast is a point, which a line does not show.
    point: Look = {"marker": "o", "markersize": 4} if len(time) == 1 else {}
    ax.plot(
        time, np.median(values, axis=0), linewidth=1.4, label=label, **style, **point
    )
    low, high = forecast.low, forecast.high
    if low is None and len(values) > 1:
        low, high = values.min(axis=0), values.max(axis=0)
    if low is not None:
        band: Look = {"color": style["color"], "alpha": 0.25, "linewidth": 0}
        ax.fill_between(time, low, high, **band)


def _said(forecast: Forecast) -> str:
    if forecast.low is not None:
        how = "" if forecast.coverage is None else f"{100 * forecast.coverage:g} % "
        return f"{forecast.label}, with {how}interval"
    n_fits = len(forecast.values)
    several = f": median and range of {n_fits} fits"
    return forecast.label + (several if n_fits > 1 else "")


def times_of(series: Any) -> np.ndarray:
    """Labels of a Series of pandas, as matplotlib draws them; numbers of steps else."""
    index = getattr(series, "index", None)
    if index is None or callable(index):
        return np.arange(np.shape(series)[-1])
    if hasattr(index, "to_timestamp"):
        index = index.to_timestamp()
    return np.asarray(index)
