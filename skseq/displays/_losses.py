"""How training went: losses over epochs, of one fit or of many seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skseq._inside import network_in
from skseq.displays._base import Display, Look, kind_of, matrix, style_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LossCurveDisplay"]


class LossCurveDisplay(Display):
    """The loss of many fits: each fit thin, their median thick.

    Parameters
    ----------
    curves : mapping of str to array-like of shape (n_fits, n_epochs)
        Losses by the name of what was fitted; also a list of curves of different
        lengths, or one curve. NaN is no loss.
    label : str, default="training loss"
        What the numbers are.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    SuccessDisplay : How many of the fits succeeded.

    Examples
    --------
    >>> from skseq.displays import LossCurveDisplay
    >>> curves = {"20 units": [[1.0, 0.5, 0.2], [0.9, 0.4]]}
    >>> ax = LossCurveDisplay(curves).plot().ax_
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('epoch', 'training loss')
    """

    def __init__(self, curves: Mapping[str, Any], *, label: str = "training loss"):
        self.curves = {
            name: matrix(losses, f"curves[{name!r}]") for name, losses in curves.items()
        }
        if not self.curves:
            raise ValueError("curves holds no losses; at least one curve is required.")
        self.label = label

    @classmethod
    def from_estimator(cls, estimator: Any, *, ax: Axes | None = None) -> Self:
        """Draw the losses that fitted estimators have kept.

        Parameters
        ----------
        estimator : estimator, or list of them, or mapping of str to either
            Fitted: estimators with a ``loss_curve_``, also within pipelines and
            searches. A list is of fits of one configuration, such as the ``estimator``
            that :func:`sklearn.model_selection.cross_validate` returns; a mapping names
            several. Where there is a ``validation_loss_curve_``, it is drawn as well.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        LossCurveDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If an estimator is not fitted, or has kept no losses.
        """
        if _several(estimator) and not len(estimator):
            raise ValueError("The list of estimators is empty; at least one is drawn.")
        if not isinstance(estimator, Mapping):
            first = next(iter(estimator)) if _several(estimator) else estimator
            estimator = {kind_of(network_in(first)): estimator}
        curves: dict[str, list[Any]] = {}
        label = "training loss"
        for name, fits in estimator.items():
            for fit in fits if _several(fits) else [fits]:
                check_is_fitted(fit)
                network = network_in(fit)
                check_is_fitted(network)
                if not hasattr(network, "loss_curve_"):
                    raise ValueError(
                        "LossCurveDisplay needs an estimator with a loss_curve_; got "
                        f"{kind_of(network)}."
                    )
                curves.setdefault(name, []).append(network.loss_curve_)
                held = getattr(network, "validation_loss_curve_", None)
                if held is not None and len(held):
                    curves.setdefault(f"{name}, validation", []).append(held)
                    label = "loss"
        return cls(curves, label=label).plot(ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw all curves, on a logarithmic axis where all losses are positive.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        LossCurveDisplay
            Itself.
        """
        from matplotlib.ticker import MaxNLocator

        ax = self._begin(ax)
        for index, (name, losses) in enumerate(self.curves.items()):
            n_fits, n_epochs = losses.shape
            epochs = np.arange(1, n_epochs + 1)
            # A single epoch is a point, which a line does not show.
            point: Look = {"marker": "o", "markersize": 4} if n_epochs < 10 else {}
            style = {**style_of(index), **point}
            said = name
            if n_fits > 1:
                thin = {**style, "linestyle": "-", "linewidth": 0.5, "alpha": 0.3}
                ax.plot(epochs, losses.T, **thin)
                said = f"{name}: median of {n_fits} fits"
            ax.plot(epochs, _median(losses), linewidth=2, label=said, **style)
        ax.set(xlabel="epoch", ylabel=self.label)
        if all((losses[losses == losses] > 0).all() for losses in self.curves.values()):
            ax.set_yscale("log")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend()
        return self


def _several(fits: Any) -> bool:
    """Whether these are many estimators; a pipeline has a length too."""
    return isinstance(fits, (list, tuple, np.ndarray))


def _median(losses: np.ndarray) -> np.ndarray:
    """Of each epoch; NaN, without a warning, where no fit came so far."""
    some = ~np.isnan(losses).all(axis=0)
    median = np.full(losses.shape[1], np.nan)
    median[some] = np.nanmedian(losses[:, some], axis=0)
    return median
