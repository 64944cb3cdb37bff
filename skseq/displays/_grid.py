"""Tables of numbers as heat maps: the candidates of a search, and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from skseq.displays._base import COLORMAP, Display, Look, kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GridDisplay"]


class GridDisplay(Display):
    """The candidates of a grid search as a heat map, or another table of numbers.

    Parameters
    ----------
    values : array-like of shape (n_rows, n_columns)
        Numbers; NaN leaves a field empty.
    rows, columns : sequence of str
        What to call rows and columns.
    row_label, column_label : str
        What they vary.
    label : str, default="score"
        What the numbers are, with their unit; an empty text leaves out the scale.
    texts : array-like of str, shape (n_rows, n_columns), default=None
        What stands in the fields; None writes the numbers.
    chosen : tuple of (row, column), default=None
        The field that gets a frame.
    limits : tuple of (float, float), default=None
        Numbers at the ends of the colours; None takes the least and the largest.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    LagDisplay : Scores against one number.
    sklearn.model_selection.GridSearchCV : What is drawn.

    Examples
    --------
    >>> from skseq.displays import GridDisplay
    >>> cv_results = {
    ...     "params": [{"units": 2}, {"units": 4}],
    ...     "mean_test_score": [0.5, 1.0],
    ... }
    >>> ax = GridDisplay.from_cv_results(cv_results).ax_
    >>> [text.get_text() for text in ax.texts]
    ['0.5', '1']
    """

    def __init__(
        self,
        values: npt.ArrayLike,
        *,
        rows: Sequence[str],
        columns: Sequence[str],
        row_label: str = "",
        column_label: str = "",
        label: str = "score",
        texts: npt.ArrayLike | None = None,
        chosen: tuple[int, int] | None = None,
        limits: tuple[float, float] | None = None,
    ):
        self.values = np.asarray(values, dtype=float)
        self.rows = list(rows)
        self.columns = list(columns)
        if self.values.shape != (len(self.rows), len(self.columns)):
            raise ValueError(
                f"values has shape {self.values.shape}, but there are names for "
                f"{len(self.rows)} rows and {len(self.columns)} columns."
            )
        if np.isnan(self.values).all():
            raise ValueError("values holds no number; there is nothing to draw.")
        self.row_label = row_label
        self.column_label = column_label
        self.label = label
        self.texts = None if texts is None else np.asarray(texts)
        self.chosen = chosen
        self.limits = limits

    @classmethod
    def from_estimator(
        cls, search: Any, *, score: str | None = None, ax: Axes | None = None
    ) -> Self:
        """Draw the candidates of a search, the chosen one framed.

        Parameters
        ----------
        search : GridSearchCV or another search with ``cv_results_``
            Fitted.
        score : str, default=None
            Column of ``cv_results_``; None takes the mean test score of what the search
            chose by.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        GridDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If this is no search, it is not fitted, or it tried no grid.
        """
        if not hasattr(search, "cv_results_"):
            if hasattr(search, "cv"):
                check_is_fitted(search)
            raise ValueError(
                "GridDisplay.from_estimator needs a search with cv_results_, such as "
                f"GridSearchCV; got {kind_of(search)}."
            )
        if score is None:
            several = isinstance(getattr(search, "refit", True), str)
            score = f"mean_test_{search.refit if several else 'score'}"
        return cls.from_cv_results(
            search.cv_results_,
            score=score,
            chosen=getattr(search, "best_index_", None),
            ax=ax,
        )

    @classmethod
    def from_cv_results(
        cls,
        cv_results: Mapping[str, Any],
        *,
        score: str = "mean_test_score",
        chosen: int | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Draw the candidates of a search from its table.

        Parameters
        ----------
        cv_results : mapping of str to array-like of shape (n_candidates,)
            As ``cv_results_`` has it: ``params``, and a column of scores.
        score : str, default="mean_test_score"
            Column to draw.
        chosen : int, default=None
            Number of the candidate that gets a frame.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        GridDisplay
            What was drawn. The last parameter that varies stands across, the
            combinations of all others are rows.

        Raises
        ------
        ValueError
            If there is no such column, or two candidates fall into one field.
        """
        missing = [name for name in ("params", score) if name not in cv_results]
        if missing:
            raise ValueError(
                f"cv_results has no {missing[0]!r}; it has {sorted(cv_results)}."
            )
        candidates = [dict(params) for params in cv_results["params"]]
        names = list(dict.fromkeys(name for params in candidates for name in params))
        varied = [name for name in names if len(_values(candidates, name)) > 1]
        *down, across = varied or names[-1:] or [""]
        lines = [", ".join(_said(one, name) for name in down) for one in candidates]
        fields = [_said(one, across, bare=True) for one in candidates]
        rows, columns = list(dict.fromkeys(lines)), list(dict.fromkeys(fields))
        places = list(zip(lines, fields, strict=True))
        values = np.full((len(rows), len(columns)), np.nan)
        for (row, column), value in zip(places, cv_results[score], strict=True):
            at = rows.index(row), columns.index(column)
            if not np.isnan(values[at]):
                raise ValueError(
                    f"Two candidates stand at {_short(across)} {column}"
                    f"{', ' * bool(row)}{row}; a heat map has room for one."
                )
            values[at] = value
        frame = None
        if chosen is not None:
            row, column = places[chosen]
            frame = rows.index(row), columns.index(column)
        label = score.replace("_", " ")
        named = {"rows": rows, "columns": columns, "column_label": _short(across)}
        return cls(values, label=label, chosen=frame, **named).plot(ax)  # type: ignore[arg-type]

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw a field for each number.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        GridDisplay
            Itself.
        """
        from matplotlib.colors import Normalize

        n_rows, n_columns = self.values.shape
        ax = self._begin(ax, 7.0, 1.4 + 0.4 * n_rows)
        least, most = self.limits or (np.nanmin(self.values), np.nanmax(self.values))
        norm = Normalize(least, most)
        image = ax.imshow(self.values, cmap=COLORMAP, norm=norm, aspect="auto")
        if self.label:
            ax.figure.colorbar(image, ax=ax, label=self.label)
        for row, column in zip(*np.nonzero(~np.isnan(self.values)), strict=True):
            value = self.values[row, column]
            text = f"{value:.3g}" if self.texts is None else self.texts[row, column]
            dark = least == most or norm(value) < 0.55
            place: Look = {"ha": "center", "va": "center", "fontsize": "small"}
            ax.text(column, row, text, color="white" if dark else "black", **place)
        ax.set_xticks(range(n_columns), self.columns)
        ax.set_yticks(range(n_rows), self.rows)
        ax.set(xlabel=self.column_label, ylabel=self.row_label)
        # White lines between the fields, and nothing around them.
        ax.set_xticks(np.arange(1, n_columns) - 0.5, minor=True)
        ax.set_yticks(np.arange(1, n_rows) - 0.5, minor=True)
        ax.grid(which="minor", color="white", linewidth=2)
        ax.tick_params(which="both", length=0)
        ax.spines[:].set_visible(False)
        if self.chosen is not None:
            _frame(ax, *self.chosen)
        return self


def _frame(ax: Axes, row: int, column: int) -> None:
    from matplotlib.patches import Rectangle

    for color, width in (("white", 4.5), ("black", 2.0)):
        corner = (column - 0.48, row - 0.48)
        look: Look = {"fill": False, "edgecolor": color, "linewidth": width}
        ax.add_patch(Rectangle(corner, 0.96, 0.96, **look))


def _values(candidates: list[dict[str, Any]], name: str) -> set[str]:
    return {repr(params.get(name, "")) for params in candidates}


def _said(params: Mapping[str, Any], name: str, *, bare: bool = False) -> str:
    """Name and value of a parameter, or what stands for one that is not there."""
    value = params.get(name, "")
    text = value if isinstance(value, str) else f"{value!r:.40}"
    return text if bare else f"{_short(name)} {text}"


def _short(name: str) -> str:
    """A parameter without the steps of the pipeline that it lies in."""
    return name.rpartition("__")[2].replace("_", " ")
