"""When training on fresh sequences has come to its end.

A stop is asked before and after each block of training; all three follow the text of
Hochreiter & Schmidhuber (1997) and its Table 11.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from skseq.datasets import make_embedded_reber
from skseq.experiments.fresh import Drawn, Source
from skseq.preprocessing import pad_sequences

__all__ = ["STOPS", "Recent", "Stop", "Strings", "Unseen"]

# How wrong the answers to some sequences are, by the weights there are.
Errors = Callable[[Drawn], np.ndarray]

# Fresh sequences are drawn and tested so many at a time, and the first that is wrong
# ends the test: a few at first, since a network that has not learnt yet fails on those.
TESTED_FIRST, TESTED_AT_ONCE = 64, 256
STRINGS = 256


class Stop:
    """Where training sequences come from, and whether there have been enough.

    Parameters
    ----------
    training, testing : Source
        Draw sequences to train on, and others.
    """

    def __init__(self, training: Source, testing: Source):
        self.training, self.testing = training, testing

    def block(self, n_sequences: int) -> Drawn:
        """Return the next training sequences."""
        return self.training.draw(n_sequences)

    def before(self, block: Drawn, errors: Errors) -> None:
        """Look at sequences that were not trained on yet."""

    def met(self, errors: Errors) -> bool:
        """Return whether the weights there are have learnt enough."""
        raise NotImplementedError

    def fresh(self, n_sequences: int) -> Drawn:
        """Return sequences that no training saw."""
        return self.testing.draw(n_sequences)


class Unseen(Stop):
    """Every one of so many successive fresh sequences is right (2a, 2b, 2c).

    Parameters
    ----------
    training, testing : Source
        As of `Stop`.
    sequences : int
        How many; 10,000 in the paper.
    tolerance : float
        What every output's absolute error is below: 0.25 or 0.2.
    """

    def __init__(
        self, training: Source, testing: Source, *, sequences: int, tolerance: float
    ):
        super().__init__(training, testing)
        self._sequences, self._tolerance = sequences, tolerance

    def met(self, errors: Errors) -> bool:
        """Return whether the weights there are have learnt enough."""
        tested = 0
        while tested < self._sequences:
            count = TESTED_AT_ONCE if tested else TESTED_FIRST
            count = min(count, self._sequences - tested)
            if (errors(self.testing.draw(count)) >= self._tolerance).any():
                return False
            tested += count
        return True


class Recent(Stop):
    """The most recent training sequences were all right, and close on average (4, 6).

    A sequence's error is taken before it is trained on: at the start of its block,
    which is at most a block earlier, and so stricter, than one after the other.

    Parameters
    ----------
    training, testing : Source
        As of `Stop`.
    sequences : int
        How many most recent ones; 2,000 in the paper.
    tolerance : float
        What the error of each is below: 0.04 or 0.3.
    average : float
        What their mean error is below: 0.01 or 0.1.
    """

    def __init__(
        self,
        training: Source,
        testing: Source,
        *,
        sequences: int,
        tolerance: float,
        average: float,
    ):
        super().__init__(training, testing)
        self._tolerance, self._average = tolerance, average
        self._recent: deque[float] = deque(maxlen=sequences)

    def before(self, block: Drawn, errors: Errors) -> None:
        """Look at sequences that were not trained on yet."""
        self._recent.extend(errors(block))

    def met(self, errors: Errors) -> bool:
        """Return whether the weights there are have learnt enough."""
        recent = np.array(self._recent)
        return bool(
            len(recent) == self._recent.maxlen
            and recent.max() < self._tolerance
            and recent.mean() < self._average
        )


class Strings(Stop):
    """All symbols of all training and test strings are predicted right (1).

    There are 256 training strings, of which training picks at random, and 256 test
    strings, none of which is a training string.

    Parameters
    ----------
    training, testing : Source
        As of `Stop`, of `make_embedded_reber` with ``targets="next"``. The second
        draws both sets.
    """

    def __init__(self, training: Source, testing: Source):
        super().__init__(training, testing)
        self.known = self.fresh(STRINGS)
        texts = set(_texts(self.known))
        found: list[Drawn] = []
        while sum(map(len, found)) < STRINGS:
            drawn = self.fresh(STRINGS)
            new = [text not in texts for text in _texts(drawn)]
            found.append(drawn.take(np.flatnonzero(new)))
        self.others = _together(found).take(np.arange(STRINGS))

    def block(self, n_sequences: int) -> Drawn:
        """Return the next training sequences."""
        rows = self.training.rng.randint(len(self.known), size=n_sequences)
        return self.known.take(rows)

    def met(self, errors: Errors) -> bool:
        """Return whether the weights there are have learnt enough."""
        return not (errors(self.known).any() or errors(self.others).any())

    def fresh(self, n_sequences: int) -> Drawn:
        """Return strings with all that may come next, not only what does."""
        before = self.testing.rng.get_state()
        drawn = self.testing.draw(n_sequences)
        self.testing.rng.set_state(before)
        _, legal = make_embedded_reber(n_sequences, random_state=self.testing.rng)
        return Drawn(drawn.X, drawn.y, legal.astype(bool))


def _texts(strings: Drawn) -> list[str]:
    return ["".join(symbols) for symbols in strings.X[:, :, 0]]


def _together(parts: list[Drawn]) -> Drawn:
    """Join strings, padded to the longest of all."""
    return Drawn(
        pad_sequences([row for part in parts for row in part.X], fill_value=""),
        pad_sequences([row for part in parts for row in part.y], fill_value=""),
        pad_sequences([row for part in parts for row in part.legal], fill_value=False),
    )


STOPS: dict[str, type[Stop]] = {"unseen": Unseen, "recent": Recent, "strings": Strings}
