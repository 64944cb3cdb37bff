"""How outputs read: probabilities for the cross-entropies, plain numbers otherwise."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

__all__ = ["read"]


def read(loss: str | None, outputs: np.ndarray, axis: int) -> np.ndarray:
    """Read outputs as the loss does that they were trained with.

    Parameters
    ----------
    loss : str or None
        Of :mod:`skseq.training.options`; None for outputs as they are.
    outputs : ndarray
    axis : int
        Along which the outputs of one answer lie.

    Returns
    -------
    ndarray of the same shape
    """
    if loss == "categorical_crossentropy":
        raised = np.exp(outputs - outputs.max(axis=axis, keepdims=True))
        return raised / raised.sum(axis=axis, keepdims=True)
    if loss == "binary_crossentropy":
        # Right to the last digit far out too: shares of small sigmoids are compared.
        return expit(outputs)
    return outputs
