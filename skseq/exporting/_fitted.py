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
        If its training diverged, or its network is of a kind that cannot be written.
    """
    learnt, layout = model._useful(), model._layout
    network = learnt.network
    _check_network(type(model).__name__, network)
    return Fitted(
        estimator=type(model).__name__,
        topology=network.topology,
        units=network.widths[0],
        n_features=network.n_features,
        readout=network.readout,
        out_steps=network.out_steps,
        out_width=network.out_width,
        dtype=network.dtype,
        weights=learnt.weights,
        loss=learnt.loss,
        classes=getattr(model, "classes_", None),
        per_step=layout.per_step,
        target_ndim=layout.ndim,
        target_steps=layout.steps,
        mask_value=model.mask_value,
        ndim=model._fitted_ndim,
    )


def _check_network(estimator: str, network: NetworkSpec) -> None:
    """Refuse what would be written as another network."""
    written = {
        "cell": network.cell == "lstm",
        "units": len(network.widths) == 1,
        "bidirectional": not network.bidirectional,
        "pooling": not network.pools,
        "attention": not network.attention,
    }
    others = [f"{n}={getattr(network, n)!r}" for n, so in written.items() if not so]
    if others:
        raise ValueError(
            "export_onnx writes networks of one LSTM layer that are read from its "
            f"outputs, but {estimator} was fitted with {', '.join(others)}. Keep it "
            "with skseq.save."
        )


@dataclass(frozen=True)
class Fitted:
    """All that is written of an estimator.

    The first group of fields is the network's (see ``NetworkSpec``), the second the
    estimator's.
    """

    topology: str
    units: int
    n_features: int
    readout: str
    out_steps: int
    out_width: int
    dtype: str
    weights: Sequence[np.ndarray]

    estimator: str
    loss: str
    classes: np.ndarray | None
    per_step: bool
    target_ndim: int
    target_steps: int
    mask_value: float | None
    ndim: int

    @property
    def n_targets(self) -> int:
        """Targets of a row, where they come after the last step."""
        return self.out_steps * (1 if self.classes is not None else self.out_width)
