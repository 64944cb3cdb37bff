"""How good a network is on rows that it is not trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from skseq.estimators._rows import Rows, outputs_of
from skseq.inference.losses import LOSSES
from skseq.training.learnt import Learnt
from skseq.training.schedule import group_starts

__all__ = ["Given", "Judge"]

# Outputs that are held at once: with a large vocabulary those of all rows would be more
# than the training itself takes.
MOST_OUTPUTS = 2**24


@dataclass(frozen=True)
class Given:
    """Validation data as ``fit`` takes them."""

    X: Any = None
    y: Any = None
    sample_weight: Any = None
    groups: Any = None

    def __bool__(self) -> bool:
        return any(part is not None for part in vars(self).values())


class Judge:
    """Gives the score and the loss of a network on some rows.

    Parameters
    ----------
    rows : Rows
    quality : callable
        Makes a score, the larger the better, of answers (places of classes, or numbers)
        and targets.
    rows_abreast : int
    """

    def __init__(
        self, rows: Rows, quality: Callable[[np.ndarray, Any], float], rows_abreast: int
    ):
        self._rows, self._quality, self._abreast = rows, quality, rows_abreast

    def __call__(self, learnt: Learnt) -> tuple[float, float]:
        """Judge a network.

        Returns
        -------
        score, loss : float
            The loss is what the network is trained on, its weighted mean over targets.
        """
        targets = self._rows.targets
        found = [self._of(learnt, rows) for rows in self._parts(learnt)]
        answers, losses = zip(*found, strict=True)
        score = self._quality(np.concatenate(answers), targets)
        counts = targets.weights > 0
        some = np.concatenate(losses)[counts].astype(float)
        return score, float(np.average(some, weights=targets.weights[counts]))

    def _of(self, learnt: Learnt, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        """Answers to some rows, and the loss at each target."""
        values = rows.targets.values
        outputs = outputs_of(
            learnt,
            rows.sequences,
            rows.groups,
            self._abreast,
            classes_only=False,
            plain=True,
        )
        if rows.targets.per_step:
            # Rows of weight zero, which are not here, may have been the longest.
            outputs = outputs[:, 1 : 1 + values.shape[1]]
        # What comes after a row's last step is undefined.
        outputs = np.where(rows.targets.weights[..., None] > 0, outputs, 0)
        answers = outputs.argmax(axis=2) if values.ndim == 2 else outputs
        return answers, LOSSES[learnt.loss](values, outputs)

    def _parts(self, learnt: Learnt) -> list[Rows]:
        """The rows in parts, groups whole."""
        rows, n_rows = self._rows, len(self._rows.sequences)
        steps = rows.targets.values.shape[1] + 1
        size = max(1, MOST_OUTPUTS // (steps * learnt.network.out_width))
        if n_rows <= size:
            return [rows]
        ends = np.arange(1, n_rows + 1)
        if rows.groups is not None:
            ends = group_starts(rows.groups)[:, 1]
        cuts = ends[np.searchsorted(ends, np.arange(size, n_rows, size))]
        edges = np.unique([0, *cuts, n_rows])
        return [rows.take(np.arange(first, last)) for first, last in pairwise(edges)]
