"""Checked rows, and which of them are held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.utils import check_random_state

from skseq._sequences import Sequences
from skseq.training.plan import Targets

__all__ = ["Rows", "hold_out"]


@dataclass(frozen=True)
class Rows:
    """Checked rows: sequences, targets beside them, and groups or None."""

    sequences: Sequences
    targets: Targets
    groups: np.ndarray | None

    def take(self, rows: np.ndarray) -> Rows:
        """Some of them, in this order."""
        groups = None if self.groups is None else self.groups[rows]
        return Rows(self.sequences.take(rows), self.targets.take(rows), groups)


def hold_out(estimator, rows: Rows) -> tuple[Rows, Rows]:
    """Choose rows to train on, and rows that early stopping is judged by.

    Parameters
    ----------
    estimator : estimator
        Says how many, and by which classes.
    rows : Rows

    Returns
    -------
    kept, held : Rows

    Raises
    ------
    ValueError
        If there are too few of them, or none of weight.
    """
    n_rows = len(rows.sequences)
    seed = check_random_state(estimator.random_state).randint(2**31 - 1)
    from sklearn.model_selection import GroupShuffleSplit, train_test_split

    try:
        if rows.groups is None:
            kept, held = train_test_split(
                np.arange(n_rows),
                test_size=estimator.validation_fraction,
                random_state=seed,
                stratify=estimator._strata(rows.targets),
            )
        else:
            split = GroupShuffleSplit(1, test_size=estimator.validation_fraction)
            split.random_state = seed
            kept, held = next(split.split(np.arange(n_rows), groups=rows.groups))
    except ValueError as error:
        raise ValueError(
            f"early_stopping cannot hold out validation_fraction="
            f"{estimator.validation_fraction} of {n_rows} rows or their groups: "
            f"{str(error).rstrip('.')}. Set another validation_fraction, or "
            "early_stopping=False."
        ) from error
    kept, held = rows.take(np.sort(kept)), rows.take(held)
    for part, what in ((kept, "train on"), (held, "hold out")):
        if not part.targets.weights.any():
            raise ValueError(
                f"early_stopping left only targets of weight zero to {what}; set "
                "another validation_fraction, or early_stopping=False."
            )
    return kept, held
