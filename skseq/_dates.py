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
        What `spacing_of` says of what was fitted to. It goes before what the series
        itself seems to say, where its labels are spaced so.

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

    index = series.index
    # What short series alone seem to say may be wrong: five working days are daily.
    told = [getattr(index, "freq", None), spacing, spacing_of(series)]
    after = (_after(index, len(values), one) for one in told if one is not None)
    later = next((labels for labels in after if labels is not None), None)
    if later is None:
        raise ValueError(
            "The index of the series does not say which labels come next; it must be "
            "evenly spaced dates, periods or whole numbers, the first in time first. "
            "series.asfreq gives dates a spacing; series.reset_index(drop=True) counts "
            "the steps instead."
        )
    later = later.rename(index.name)
    if values.ndim == 2:
        return pd.DataFrame(values, index=later, columns=series.columns)
    return pd.Series(values, index=later, name=series.name)


def _after(index: Any, n: int, spacing: Any) -> Any:
    """The n labels after evenly spaced ones; None where these are not spaced so."""
    import pandas as pd

    numbers = pd.api.types.is_integer_dtype(index)
    if numbers != isinstance(spacing, int):
        return None
    size = len(index) + n
    if numbers:
        whole = pd.Index(index[0] + spacing * np.arange(size))
    elif isinstance(index, pd.PeriodIndex):
        whole = pd.period_range(index[0], periods=size, freq=index.freq)
    elif isinstance(index, pd.DatetimeIndex):
        whole = pd.date_range(index[0], periods=size, freq=spacing)
    else:
        return None
    so_far = index.is_monotonic_increasing and (whole[:-n] == index).all()
    return whole[-n:] if so_far else None


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
    if len(index) < 3:
        # One difference says nothing about the next.
        return getattr(index, "freqstr", None)
    if isinstance(index, pd.DatetimeIndex):
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
