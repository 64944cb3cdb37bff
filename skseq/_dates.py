"""Series of pandas: which labels come after the last one."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["continued", "spacing_of"]


def continued(values: np.ndarray, series: Any, spacing: str | int | None) -> Any:
    """Give values that come after a series the series' kind, names and labels.

    Parameters
    ----------
    values : ndarray of shape (n,) or (n, n_columns)
    series : array-like
        Values come back as they are unless it is a Series or DataFrame of pandas.
    spacing : str, int or None
        What `spacing_of` says of a longer part of it, where this one is too short.

    Returns
    -------
    ndarray, Series or DataFrame

    Raises
    ------
    ValueError
        If the labels of the series do not say which come next.
    """
    if not _is_labelled(series):
        return values
    import pandas as pd

    index, n = series.index, len(values)
    own = spacing_of(series)
    spacing = spacing if own is None else own
    later = None
    if isinstance(index, pd.PeriodIndex):
        later = pd.period_range(index[-1] + 1, periods=n, freq=index.freq)
    elif isinstance(index, pd.DatetimeIndex) and (index.freq or spacing):
        later = pd.date_range(index[-1], periods=n + 1, freq=index.freq or spacing)
        later = later[later > index[-1]][:n]
    elif pd.api.types.is_integer_dtype(index) and isinstance(spacing, int):
        later = pd.Index(index[-1] + spacing * np.arange(1, n + 1))
    if later is None or len(later) < n:
        raise ValueError(
            "The index of the series does not say which labels come next; it must be "
            "evenly spaced dates, periods or whole numbers. series.asfreq gives dates "
            "a spacing; series.reset_index(drop=True) numbers the steps instead."
        )
    later = later.rename(index.name)
    if values.ndim == 2:
        return pd.DataFrame(values, index=later, columns=series.columns)
    return pd.Series(values, index=later, name=series.name)


def spacing_of(series: Any) -> str | int | None:
    """Say how far apart the labels of a series are.

    Parameters
    ----------
    series : array-like

    Returns
    -------
    str, int or None
        The frequency of dates or periods as pandas writes it, or the difference of
        whole numbers; None where there are no labels, or they are not evenly spaced.
    """
    if not _is_labelled(series):
        return None
    import pandas as pd

    index = series.index
    if isinstance(index, pd.PeriodIndex):
        return index.freqstr
    if isinstance(index, pd.DatetimeIndex):
        if len(index) < 3:
            return index.freqstr
        # Not pd.infer_freq, whose answer will be no string any more (pandas 3.1 warns).
        # What an index says of itself need not be a name that pandas reads.
        bare = pd.DatetimeIndex(index, freq=None)
        return pd.DatetimeIndex(bare, freq="infer").freqstr
    if pd.api.types.is_integer_dtype(index):
        steps = set(np.diff(index))
        return int(steps.pop()) if len(steps) == 1 else None
    return None


def _is_labelled(series: Any) -> bool:
    # A list has an `index`, too, which is a method.
    return hasattr(series, "iloc") and not callable(getattr(series, "index", None))
