"""Checked rows, and which of them are held out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.utils import check_random_state

from skseq._sequences import Sequences
from skseq.inference.forward import forward, lanes_of
from skseq.training.plan import Targets
from skseq.training.schedule import group_starts

__all__ = ["Rows", "hold_out", "learnt_from", "outputs_of"]


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


def learnt_from(estimator, rows: Rows) -> Rows:
    """Rows that have a target of some weight, or carry state to one that has.

    Raises
    ------
    ValueError
        If no target has a weight.
    """
    weights = rows.targets.weights
    if not weights.any():
        raise ValueError(
            "No target has a weight: every one is missing, of weight zero, or at a "
            f"step of padding (mask_value={estimator.mask_value!r})."
        )
    some = weights.any(axis=1)
    # Rows that nothing is learnt from stay among their group, for their state.
    if rows.groups is not None or some.all():
        return rows
    return rows.take(np.flatnonzero(some))


def hold_out(estimator, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Choose rows to train on, and rows that early stopping is judged by.

    Those are drawn, or the last ones where rows are not to be shuffled.

    Parameters
    ----------
    estimator : estimator
        Says how many, and by which classes.
    rows : Rows

    Returns
    -------
    kept, held : ndarray of int
        Their places.

    Raises
    ------
    ValueError
        If there are too few of them, or none of weight.
    """
    n_rows = len(rows.sequences)
    try:
        if estimator.shuffle:
            kept, held = _drawn(estimator, rows)
        else:
            kept, held = _last(estimator, rows)
    except ValueError as error:
        raise ValueError(
            f"early_stopping cannot hold out validation_fraction="
            f"{estimator.validation_fraction} of {n_rows} rows or their groups: "
            f"{str(error).rstrip('.')}. Set another validation_fraction, or "
            "early_stopping=False."
        ) from error
    kept = np.sort(kept)
    for part, what in ((kept, "train on"), (held, "hold out")):
        if not rows.targets.weights[part].any():
            raise ValueError(
                f"early_stopping left only targets of weight zero to {what}; set "
                "another validation_fraction, or early_stopping=False."
            )
    return kept, held


def _drawn(estimator, rows: Rows):
    from sklearn.model_selection import GroupShuffleSplit, train_test_split

    n_rows = len(rows.sequences)
    seed = check_random_state(estimator.random_state).randint(2**31 - 1)
    if rows.groups is None:
        return train_test_split(
            np.arange(n_rows),
            test_size=estimator.validation_fraction,
            random_state=seed,
            stratify=estimator._strata(rows.targets),
        )
    split = GroupShuffleSplit(1, test_size=estimator.validation_fraction)
    split.random_state = seed
    return next(split.split(np.arange(n_rows), groups=rows.groups))


def _last(estimator, rows: Rows):
    """The last rows, or the last groups: what comes after all that is trained on."""
    from sklearn.model_selection import train_test_split

    ends = np.arange(1, len(rows.sequences) + 1)
    if rows.groups is not None:
        ends = group_starts(rows.groups)[:, 1]
    kept, _ = train_test_split(
        ends, test_size=estimator.validation_fraction, shuffle=False
    )
    return np.split(np.arange(ends[-1]), kept[-1:])


def outputs_of(
    learnt, sequences, groups, rows_abreast, *, classes_only, plain=False
) -> np.ndarray:
    """Run the forward pass of what was learnt; see :func:`forward`.

    Outputs read as its loss does, unless they are to be given as they are.
    """
    return forward(
        # Arrays always by product: whether all rows are one-hot is not to change one.
        replace(learnt.network, tokens=sequences.n_symbols is not None),
        learnt.weights,
        sequences.values,
        sequences.lengths,
        lanes_of(len(sequences), groups, rows_abreast),
        loss=None if plain else learnt.loss,
        classes_only=classes_only,
    )
