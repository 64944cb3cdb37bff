"""What is learnt in each experiment, and how wrong an answer is.

A task draws samples that are ready for training: symbols as indices, padded to one
length, so that a single compiled program serves every block of every seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from skseq.datasets import (
    REBER_SYMBOLS,
    make_adding,
    make_embedded_reber,
    make_long_lag,
    make_temporal_order,
)

__all__ = ["TASKS", "Form", "Sample", "Task", "make_task"]

# A sequence of task 2c has so many distractors more than q; longer ones are one in
# 20 million and drawn again.
ROOM_2C = 160
# A Reber string longer than this is one in 10**13.
REBER_STEPS = 64
REBER_STRINGS = 256


@dataclass(frozen=True)
class Form:
    """What a network must look like to learn a task.

    Attributes
    ----------
    n_features : int
        Features per time step, or symbols where `tokens`.
    n_timesteps : int
        Steps of every padded sequence.
    n_outputs : int
        Classes, or 1 for a number.
    tokens : bool
        Whether inputs are symbol indices.
    per_step : bool
        Whether there is a target at every step, or after the last one only.
    """

    n_features: int
    n_timesteps: int
    n_outputs: int
    tokens: bool = True
    per_step: bool = False

    @property
    def classes(self) -> bool:
        """Whether answers are classes, not numbers."""
        return self.n_outputs > 1


@dataclass(frozen=True)
class Sample:
    """Sequences and what is to be said of them.

    Attributes
    ----------
    x : ndarray of shape (n_sequences, n_timesteps, 1) or \
            (n_sequences, n_timesteps, n_features)
        Symbol indices, or numbers.
    real : ndarray of bool, shape (n_sequences, n_timesteps)
        Which steps are not padding.
    targets : ndarray of shape (n_sequences, n_steps) or (n_sequences, 1, 1)
        Classes at every step or after the last; or a number.
    """

    x: np.ndarray
    real: np.ndarray
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: Any) -> Sample:
        return Sample(self.x[rows], self.real[rows], self.targets[rows])


class Task(Protocol):
    """One experiment."""

    form: Form

    def draw(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        """Draw fresh training sequences."""

    def errors(self, outputs: np.ndarray, sample: Sample) -> np.ndarray:
        """Give the largest absolute error of any output unit, per sequence."""


def make_task(experiment: str, params: Mapping[str, Any]) -> Task:
    """Make the task of an experiment.

    Parameters
    ----------
    experiment : {"reber", "long_lag", "adding", "temporal_order"}
        Which one.
    params : mapping
        Its parameters, named as those of its generator in `skseq.datasets`.

    Returns
    -------
    Task
        The task.

    Examples
    --------
    >>> task = make_task("long_lag", {"variant": "2a", "p": 100})
    >>> task.form.n_features, task.form.n_timesteps
    (101, 100)
    """
    return TASKS[experiment](**params)


class LongLag:
    """Experiments 2a, 2b and 2c: the last symbol is the first (2c: second) again.

    With ``framing="per_step"`` every next symbol is a target; in 2a all of them
    count, in 2b the last, which alone can be known. With ``framing="last"``, the only
    one of 2c, there is no other target than the last.
    """

    def __init__(
        self, *, variant: str, p: int, q: int | None = None, framing: str = "last"
    ):
        self._params = {"variant": variant, "p": p, "q": q, "framing": framing}
        self._variant = variant
        n_symbols, n_timesteps = p + 1, p
        # x and y are the last symbols of either alphabet.
        self._first_class = p - 1
        if variant == "2c":
            n_symbols = p + 4
            n_timesteps = (p if q is None else q) + 3 + ROOM_2C
            self._first_class = p + 2
        per_step = framing == "per_step"
        n_outputs = n_symbols if per_step else 2
        self.form = Form(n_symbols, n_timesteps, n_outputs, per_step=per_step)

    def draw(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        X, y = make_long_lag(n_sequences, random_state=rng, **self._params)
        while X.shape[1] > self.form.n_timesteps:
            X, y = make_long_lag(n_sequences, random_state=rng, **self._params)
        if not self.form.per_step:
            y = (y - self._first_class)[:, None]
        return _padded(X, X >= 0, y, self.form)

    def errors(self, outputs: np.ndarray, sample: Sample) -> np.ndarray:
        # In 2b only the last symbol can be known.
        steps = slice(-1, None) if self._variant == "2b" else slice(None)
        return _worst(outputs[:, steps], sample.targets[:, steps])


class Adding:
    """Experiment 4: add the two marked numbers; each error is a single number."""

    def __init__(self, *, n_timesteps: int):
        self._n_timesteps = n_timesteps
        self.form = Form(
            n_features=2,
            n_timesteps=n_timesteps + n_timesteps // 10,
            n_outputs=1,
            tokens=False,
        )

    def draw(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        X, y = make_adding(
            n_sequences,
            n_timesteps=self._n_timesteps,
            fill_value=np.nan,
            random_state=rng,
        )
        real = ~np.isnan(X[:, :, 0])
        return _padded(np.nan_to_num(X), real, y[:, None, None], self.form)

    def errors(self, outputs: np.ndarray, sample: Sample) -> np.ndarray:
        return np.abs(outputs - sample.targets)[:, 0, 0]


class TemporalOrder:
    """Experiment 6: name the order of two (6a) or three (6b) relevant symbols."""

    _SYMBOLS = tuple("EBabcdXY")

    def __init__(self, *, n_relevant: int, n_timesteps: int = 100):
        self._params = {"n_relevant": n_relevant, "n_timesteps": n_timesteps}
        self._classes = "QRSU" if n_relevant == 2 else "QRSUVABC"
        steps = n_timesteps + n_timesteps // 10
        self.form = Form(len(self._SYMBOLS), steps, len(self._classes))

    def draw(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        X, y = make_temporal_order(n_sequences, random_state=rng, **self._params)
        targets = _indices(y, self._classes)[:, None]
        return _padded(_indices(X, self._SYMBOLS), X != "", targets, self.form)

    def errors(self, outputs: np.ndarray, sample: Sample) -> np.ndarray:
        return _worst(outputs, sample.targets)


class Reber:
    """Experiment 1: name all symbols that may come next, at every step.

    There are 256 training strings, of which training picks at random, and 256 test
    strings, none of which is a training string. An error is 1 where a symbol that
    may not come next is not less active than all that may, and 0 otherwise.
    """

    form = Form(len(REBER_SYMBOLS), REBER_STEPS, len(REBER_SYMBOLS), per_step=True)

    def __init__(self) -> None:
        self._legal: dict[bytes, np.ndarray] = {}

    def draw_sets(self, rng: np.random.RandomState) -> tuple[Sample, Sample]:
        """Draw the training and the test strings."""
        training = self._strings(REBER_STRINGS, rng)
        known = {row.tobytes() for row in training.x}
        others: list[Sample] = []
        while len(others) < REBER_STRINGS:
            strings = self._strings(REBER_STRINGS, rng)
            others += [
                strings[[row]]
                for row in range(len(strings))
                if strings.x[row].tobytes() not in known
            ]
        test = others[:REBER_STRINGS]
        return training, Sample(
            np.concatenate([string.x for string in test]),
            np.concatenate([string.real for string in test]),
            np.concatenate([string.targets for string in test]),
        )

    def draw(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        return self._strings(n_sequences, rng)

    def errors(self, outputs: np.ndarray, sample: Sample) -> np.ndarray:
        legal = np.stack([self._legal[row.tobytes()] for row in sample.x])
        least_legal = np.where(legal, outputs, np.inf).min(axis=2)
        most_illegal = np.where(legal, -np.inf, outputs).max(axis=2)
        wrong = (least_legal <= most_illegal) & sample.real
        return wrong.any(axis=1).astype(float)

    def _strings(self, n_sequences: int, rng: np.random.RandomState) -> Sample:
        symbols, legal = make_embedded_reber(n_sequences, random_state=rng)
        real = symbols != ""
        tokens = _indices(symbols, REBER_SYMBOLS)
        # The symbol after each; after the last, the string's end.
        following = np.roll(tokens, -1, axis=1)
        following[np.arange(n_sequences), real.sum(axis=1) - 1] = REBER_SYMBOLS.index(
            "E"
        )
        sample = _padded(tokens, real, np.where(real, following, 0), self.form)
        short = self.form.n_timesteps - symbols.shape[1]
        legal = np.pad(legal.astype(bool), [(0, 0), (0, short), (0, 0)])
        self._legal.update(
            (row.tobytes(), allowed)
            for row, allowed in zip(sample.x, legal, strict=True)
        )
        return sample


TASKS = {
    "reber": Reber,
    "long_lag": LongLag,
    "adding": Adding,
    "temporal_order": TemporalOrder,
}


def _padded(x, real, targets, form: Form) -> Sample:
    """Fill up to the form's length; padding is symbol or number 0."""
    x = np.where(real.reshape(*real.shape, *[1] * (x.ndim - 2)), x, 0)
    x = x.reshape(*real.shape, -1)
    short = form.n_timesteps - x.shape[1]
    x = np.pad(x, [(0, 0), (0, short), (0, 0)])
    real = np.pad(real, [(0, 0), (0, short)])
    if form.per_step:
        targets = np.pad(targets, [(0, 0), (0, short)])
    dtype = np.int32 if form.tokens else np.float32
    return Sample(x.astype(dtype), real, targets)


def _indices(symbols: np.ndarray, alphabet) -> np.ndarray:
    """Places of symbols in the alphabet; padding becomes 0."""
    places = np.zeros(symbols.shape, np.int32)
    for place, symbol in enumerate(alphabet):
        places[symbols == symbol] = place
    return places


def _worst(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Largest error of any output unit against 1 for the class and 0 for others."""
    errors = outputs.copy()
    # Of the unit that ought to be 1, what it lacks.
    picked = np.take_along_axis(outputs, targets[:, :, None], axis=2)
    np.put_along_axis(errors, targets[:, :, None], np.abs(1 - picked), axis=2)
    return errors.max(axis=(1, 2))
