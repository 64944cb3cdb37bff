"""When the paper calls a task solved.

A criterion is asked before and after each block of training; all three follow the
paper's text and its Table 11.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from skseq.experiments.paper.tasks import Sample, Task

__all__ = ["CRITERIA", "make_criterion"]

# Errors of a sample, sequence by sequence, by the weights there are.
Errors = Callable[[Sample], np.ndarray]

# Fresh sequences are drawn and tested so many at a time, and the first that is wrong
# ends the test: a few at first, since a network that has not learnt yet fails on those.
TESTED_FIRST, TESTED_AT_ONCE = 64, 256


def make_criterion(kind: str, task: Task, params: Mapping[str, Any], rng):
    """Make a criterion.

    Parameters
    ----------
    kind : {"unseen", "recent", "strings"}
        Which one.
    task : Task
        The task to be solved.
    params : mapping
        The criterion's own parameters.
    rng : numpy.random.RandomState
        Draws test sequences.

    Returns
    -------
    criterion : Unseen, Recent or Strings
        With ``block`` (the training sequences of the next block), ``before`` and
        ``met``.
    """
    return CRITERIA[kind](task, rng, **params)


class Unseen:
    """Every one of so many successive fresh sequences is right (2a, 2b, 2c).

    Parameters
    ----------
    task : Task
        Draws them.
    rng : numpy.random.RandomState
        Draws them.
    sequences : int
        How many; 10,000 in the paper.
    tolerance : float
        What every output unit's absolute error is below: 0.25 or 0.2.
    """

    def __init__(self, task, rng, *, sequences: int, tolerance: float):
        self._task, self._rng = task, rng
        self._sequences, self._tolerance = sequences, tolerance

    def block(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        """Draw the next training sequences."""
        return self._task.draw(n_sequences, rng)

    def before(self, sample: Sample, errors: Errors) -> None:
        """Training sequences themselves are not asked for."""

    def met(self, errors: Errors) -> bool:
        """Whether the weights there are meet the criterion."""
        tested = 0
        while tested < self._sequences:
            count = TESTED_AT_ONCE if tested else TESTED_FIRST
            count = min(count, self._sequences - tested)
            if (errors(self._task.draw(count, self._rng)) >= self._tolerance).any():
                return False
            tested += count
        return True


class Recent:
    """The most recent training sequences were all right, and close on average (4, 6).

    A sequence's error is taken before it is trained on: at the start of its block,
    which is at most a block earlier, and so stricter, than one after the other.

    Parameters
    ----------
    task : Task
        Draws sequences.
    rng : numpy.random.RandomState
        Not used: there is no test set.
    sequences : int
        How many most recent ones; 2,000 in the paper.
    tolerance : float
        What the error of each is below: 0.04 or 0.3.
    average : float
        What their mean error is below: 0.01 or 0.1.
    """

    def __init__(self, task, rng, *, sequences: int, tolerance: float, average: float):
        self._task = task
        self._tolerance, self._average = tolerance, average
        self._recent: deque[float] = deque(maxlen=sequences)

    def block(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        """Draw the next training sequences."""
        return self._task.draw(n_sequences, rng)

    def before(self, sample: Sample, errors: Errors) -> None:
        """Take the errors of sequences that were not trained on yet."""
        self._recent.extend(errors(sample))

    def met(self, errors: Errors) -> bool:
        """Whether the errors taken so far meet the criterion."""
        recent = np.array(self._recent)
        return bool(
            len(recent) == self._recent.maxlen
            and recent.max() < self._tolerance
            and recent.mean() < self._average
        )


class Strings:
    """All symbols of all training and test strings are predicted right (1).

    Parameters
    ----------
    task : Reber
        Draws the two sets.
    rng : numpy.random.RandomState
        Draws the two sets.
    """

    def __init__(self, task, rng):
        self._training, self._test = task.draw_sets(rng)

    def block(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        """Pick training strings at random."""
        return self._training[rng.randint(len(self._training), size=n_sequences)]

    def before(self, sample: Sample, errors: Errors) -> None:
        """Both sets are asked for whole, after the block."""

    def met(self, errors: Errors) -> bool:
        """Whether the weights there are meet the criterion."""
        return not (errors(self._training).any() or errors(self._test).any())


CRITERIA = {"unseen": Unseen, "recent": Recent, "strings": Strings}
