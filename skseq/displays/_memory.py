"""What a network remembers: gates and states of its cells over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from skseq._inside import network_with
from skseq._lists import rows_of
from skseq.displays._base import COLORMAP, Display, kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MemoryDisplay"]

# So many names of steps stand side by side, and so many letters in all.
_MOST_NAMES, _MOST_LETTERS = 40, 90


class MemoryDisplay(Display):
    """Gates and states of a layer's cells while it reads one sequence.

    A panel for each, units from top to bottom, steps from left to right. A forget gate
    near 1 keeps what its unit holds, near 0 it clears it; what an input gate near 0
    lets pass is not remembered.

    Parameters
    ----------
    states : mapping of str to array-like of shape (n_timesteps, units)
        What was inside of the cells after each step, by name. Names that end in
        "gate" are drawn from 0 to 1, others around 0.
    step_names : sequence of str, default=None
        What to call the steps; None numbers them from 0.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        Axes that were drawn into: their place holds the panels.
    axes_ : ndarray of matplotlib.axes.Axes, shape (n_panels,)
        The panels, from the top.
    figure_ : matplotlib.figure.Figure
        The figure that they stand in.

    See Also
    --------
    InfluenceDisplay : Which steps the answers depend on.

    Notes
    -----
    An LSTM has an input, a forget and an output gate, a cell state and an output; a GRU
    an update gate (the share of the old output that is kept), a reset gate and an
    output; a plain cell its output. Gates and states come from the forward pass in
    NumPy; nothing imports TensorFlow.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.displays import MemoryDisplay
    >>> states = {"forget gate": np.ones((5, 2)), "cell state": np.ones((5, 2))}
    >>> display = MemoryDisplay(states).plot()
    >>> [ax.get_title(loc="left") for ax in display.axes_]
    ['forget gate', 'cell state']
    """

    axes_: np.ndarray

    def __init__(
        self,
        states: Mapping[str, npt.ArrayLike],
        *,
        step_names: Sequence[str] | None = None,
    ):
        self.states = {name: np.asarray(now) for name, now in states.items()}
        lengths = {now.shape[:1] for now in self.states.values()}
        flat = [name for name, now in self.states.items() if now.ndim != 2]
        if flat or len(lengths) != 1 or lengths == {(0,)}:
            shapes = {name: now.shape for name, now in self.states.items()}
            raise ValueError(
                "states must have shape (n_timesteps, units), all with the same steps, "
                f"at least one; got {shapes}."
            )
        (n_steps,) = lengths.pop()
        if step_names is not None and len(step_names) != n_steps:
            raise ValueError(
                f"step_names has {len(step_names)} names for {n_steps} steps."
            )
        self.step_names = None if step_names is None else list(step_names)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        *,
        row: int = 0,
        layer: int | str = 0,
        names: Sequence[str] | None = None,
        step_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Let a fitted network read one sequence, and draw what it holds.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of this package, or a pipeline or search around one.
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As its ``predict`` takes it.
        row : int, default=0
            Which sequence.
        layer : int or str, default=0
            Which of the layers that read, the first first (of both directions, the
            forward one before the backward one), or its name in the Keras model.
            Decoders, which write, are not drawn.
        names : sequence of str, default=None
            Which gates and states; None for all.
        step_names : sequence of str, default=None
            What to call the steps of the sequence, padding left out. None takes the
            symbols where X holds symbols, and numbers them otherwise.
        ax : matplotlib.axes.Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        MemoryDisplay
            What was drawn.

        Raises
        ------
        ValueError
            If the estimator is no recurrent network, is not fitted, or has no such row,
            layer or names.
        """
        network, seen = network_with(estimator, X)
        if not hasattr(network, "_inside"):
            raise ValueError(
                "MemoryDisplay looks into the recurrent networks of skseq; got "
                f"{kind_of(network)}, which holds nothing from step to step."
            )
        layers, lengths = network._inside(seen)
        states = layers[_chosen(layer, list(layers))]
        if not -len(lengths) <= row < len(lengths) or not lengths[row]:
            raise ValueError(
                f"X has no row {row} with a real step; it has {len(lengths)} rows."
            )
        unknown = sorted(set(names or ()) - set(states))
        if unknown:
            raise ValueError(
                f"This layer has no {unknown[0]!r}; it has {', '.join(states)}."
            )
        length = int(lengths[row])
        if step_names is None:
            step_names = _symbols(X, row, length)
        found = {name: states[name][row, :length] for name in names or states}
        return cls(found, step_names=step_names).plot(ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw a panel for each gate and state.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Where to draw, the place of one in a grid of axes; None makes a new figure.

        Returns
        -------
        MemoryDisplay
            Itself.
        """
        from matplotlib.gridspec import GridSpec
        from matplotlib.ticker import MaxNLocator

        n = len(self.states)
        ax = self._begin(ax, 7.0, 0.8 + 1.25 * n)
        ax.set_axis_off()
        place = ax.get_subplotspec()
        if place is None:
            box = ax.get_position()
            edges = {"left": box.x0, "right": box.x1, "bottom": box.y0, "top": box.y1}
            place = GridSpec(1, 1, figure=self.figure_, **edges)[0]
        panels = place.subgridspec(n, 1)
        self.axes_ = np.empty(n, object)
        for i, (name, now) in enumerate(self.states.items()):
            panel = self.figure_.add_subplot(panels[i], sharex=self.axes_[0])
            self.axes_[i] = panel
            gate = name.endswith("gate")
            most = 1.0 if gate else max(float(np.abs(now).max()), 1e-9)
            image = panel.imshow(
                now.T,
                cmap=COLORMAP,
                vmin=0.0 if gate else -most,
                vmax=most,
                aspect="auto",
                interpolation="nearest",
            )
            self.figure_.colorbar(image, ax=panel, pad=0.01, aspect=8)
            panel.set_title(name, loc="left", fontsize="small")
            panel.set_ylabel("unit")
            panel.yaxis.set_major_locator(MaxNLocator(3, integer=True))
            panel.tick_params(labelbottom=i == n - 1)
        last = self.axes_[-1]
        last.set_xlabel("time step")
        last.xaxis.set_major_locator(MaxNLocator(integer=True))
        name_steps(last, self.step_names)
        return self


def name_steps(ax: Axes, names: Sequence[str] | None) -> None:
    """Write names of steps beneath the axes, if there is room for them."""
    if names is None or len(names) > _MOST_NAMES:
        return
    if sum(map(len, names)) <= _MOST_LETTERS:
        ax.set_xticks(range(len(names)), names)
        ax.set_xlabel("time step, with the symbol shown")


def _symbols(X: Any, row: int, length: int) -> list[str] | None:
    """The symbols of a row, where X holds such."""
    rows = rows_of(X)
    steps = np.asarray(X if rows is None else rows[row])
    steps = steps if rows is not None else steps[row]
    if steps.ndim != 1 or steps.dtype.kind == "f" or len(steps) != length:
        return None
    return [str(step) for step in steps.tolist()]


def _chosen(layer: int | str, names: list[str]) -> str:
    if layer in names:
        return str(layer)
    if isinstance(layer, int) and -len(names) <= layer < len(names):
        return names[layer]
    raise ValueError(
        f"There is no layer {layer!r} that reads; there is {', '.join(names)}."
    )
