"""What training leaves: all that predictions, and training that goes on, need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skseq.networks.spec import NetworkSpec
from skseq.training.options import UpdateRule

__all__ = ["Learnt"]


@dataclass(frozen=True)
class Learnt:
    """A trained network, and where its training stands; never changed, only replaced.

    Attributes
    ----------
    network : NetworkSpec
        What the weights are of.
    loss : str
        What it was trained with; it says how outputs read.
    weights : tuple of ndarray
    rule : UpdateRule
        The form of the updates that left the slots.
    slots : tuple of ndarray
        The update rule's own arrays.
    updates : int
        Updates made so far.
    order : numpy.random.RandomState
        Draws the orders of rows of the epochs to come.
    losses : tuple of float
        Mean loss of each epoch.
    window : int or None
        Steps of the rows that it was trained on, where each stood for itself and all
        were of one length.
    dropout_seed : int
        Draws what training drops, together with the number of an update.
    diverged_in : int or None
        The epoch, from 1, in which loss or weights were no longer finite.
    """

    network: NetworkSpec
    loss: str
    weights: tuple[np.ndarray, ...]
    rule: UpdateRule
    slots: tuple[np.ndarray, ...]
    updates: int
    order: np.random.RandomState
    losses: tuple[float, ...] = ()
    window: int | None = None
    dropout_seed: int = 0
    diverged_in: int | None = None
