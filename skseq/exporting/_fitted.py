"""What is read of an estimator; needs no onnx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skseq.networks.spec import NetworkSpec

__all__ = ["Fitted", "read"]


def read(model: Any) -> Fitted:
    """Take from an estimator all that is written of it; nothing else reads it.

    Parameters
    ----------
    model : estimator
        Of this package.

    Returns
    -------
    Fitted

    Raises
    ------
    sklearn.exceptions.NotFittedError
        If it is not fitted.
    ValueError
        If its training diverged.
    """
    learnt, layout = model._useful(), model._layout
    return Fitted(
        estimator=type(model).__name__,
        network=learnt.network,
        weights=learnt.weights,
        loss=learnt.loss,
        classes=getattr(model, "classes_", None),
        per_step=layout.per_step,
        target_ndim=layout.ndim,
        target_steps=layout.steps,
        mask_value=model.mask_value,
        ndim=model._fitted_ndim,
    )


@dataclass(frozen=True)
class Fitted:
    """All that is written of an estimator.

    Attributes
    ----------
    estimator : str
        Its class.
    network : NetworkSpec
    weights : sequence of ndarray
        In the order of ``network.weight_shapes``.
    loss : str
        What it was trained with; it says how outputs read.
    classes : ndarray or None
        Labels, of a classifier.
    per_step : bool
        Whether there is a target for each time step.
    target_ndim, target_steps : int
        Dimensions of y, and targets of a row where they come after its last step.
    mask_value : float or None
        What padded steps are full of.
    ndim : int
        Dimensions of X.
    """

    estimator: str
    network: NetworkSpec
    weights: Sequence[np.ndarray]
    loss: str
    classes: np.ndarray | None
    per_step: bool
    target_ndim: int
    target_steps: int
    mask_value: float | None
    ndim: int

    @property
    def streams(self) -> bool:
        """Whether a row can be shown in pieces, from the state after the one before."""
        return not (self.network.bidirectional or self.network.attention)

    @property
    def n_targets(self) -> int:
        """Targets of a row, where they come after the last step."""
        network = self.network
        return network.out_steps * (
            1 if self.classes is not None else network.out_width
        )
