"""What all displays share: axes that are given or made, and how lines look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLORMAP",
    "PALETTE",
    "Display",
    "Look",
    "ink_on",
    "kind_of",
    "matrix",
    "style_of",
]

# Okabe & Ito (2008), Color universal design, without yellow, which is pale on white,
# and without black, which is for what is true. Neighbours differ in grey as well.
PALETTE = ("#0072B2", "#E69F00", "#D55E00", "#56B4E9", "#009E73", "#CC79A7")
# Grows evenly brighter for every kind of colour vision, and in grey.
COLORMAP = "cividis"
# Arguments of matplotlib.
Look = dict[str, Any]
_LINES = ("-", "--", "-.", ":")
_MARKERS = "osD^v"


class Display:
    """A picture of data that are kept, so that it can be drawn again."""

    ax_: Axes
    figure_: Figure

    def _begin(self, ax: Axes | None, width: float = 7.0, height: float = 4.0) -> Axes:
        """Take the axes given, or those of a new figure of pyplot's."""
        if ax is None:
            import matplotlib.pyplot as plt

            _, ax = plt.subplots(figsize=(width, height), layout="constrained")
        self.ax_ = ax
        # matplotlib's types leave open whether axes stand in a figure or a part of one.
        self.figure_ = ax.figure  # type: ignore[assignment]
        return ax


def style_of(index: int, *, marked: bool = False) -> Look:
    """How the line of a number looks: colours, strokes and markers all differ."""
    style: Look = {
        "color": PALETTE[index % len(PALETTE)],
        "linestyle": _LINES[index % len(_LINES)],
    }
    return {**style, "marker": _MARKERS[index % len(_MARKERS)]} if marked else style


def ink_on(color: Any) -> str:
    """Black or white, whichever stands out more from a colour, by WCAG's luminance."""
    linear = [((float(part) + 0.055) / 1.055) ** 2.4 for part in color[:3]]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    return "black" if luminance > 0.18 else "white"


def kind_of(estimator: Any) -> str:
    """What errors call an estimator."""
    return type(estimator).__name__


def matrix(rows: Any, name: str) -> np.ndarray:
    """Numbers as (n, m), a row alone being one; uneven rows end in NaN.

    Raises
    ------
    ValueError
        If they are no numbers, or there are none.
    """
    try:
        if np.ndim(rows) == 0:
            raise ValueError
        array = np.atleast_2d(np.asarray(rows, dtype=float))
    except (TypeError, ValueError):
        try:
            parts = [np.atleast_1d(np.asarray(row, dtype=float)) for row in rows]
        except (TypeError, ValueError):
            parts = []
        if not parts or any(part.ndim > 1 for part in parts):
            raise ValueError(
                f"{name} must be numbers, of shape (n,) or (n_rows, n), or a list of "
                f"rows; got {rows!r:.60}."
            ) from None
        array = np.full((len(parts), max(map(len, parts))), np.nan)
        for row, part in zip(array, parts, strict=True):
            row[: len(part)] = part
    if array.ndim > 2 or 0 in array.shape:
        raise ValueError(
            f"{name} must be numbers, of shape (n,) or (n_rows, n), and not be empty; "
            f"got shape {array.shape}."
        )
    return array
