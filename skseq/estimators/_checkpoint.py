"""Where a long training stands, in a file from which it goes on."""

from __future__ import annotations

import copy
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import skseq
from skseq.estimators._rows import Rows
from skseq.training.learnt import Learnt
from skseq.training.options import is_schedule, takes_the_whole_fit

if TYPE_CHECKING:
    from skseq.training.watchers import Watching

__all__ = ["Checkpoint", "Standing"]

# Where nobody says how often.
SECONDS = 60.0
_BEGINNING = "what it began from"
# What may be another when training goes on: it decides nothing of what is learnt.
_FREE = {
    "callbacks",
    "checkpoint",
    "checkpoint_every",
    "epochs",
    "verbose",
    "warm_start",
}


@dataclass(frozen=True)
class Standing:
    """What a fit needs to go on, beside what was learnt.

    Attributes
    ----------
    fit : dict of str
        What tells the fit from others: its parameters, and digests of its data.
    epochs : int
        How many it has completed.
    scores, losses : tuple of float
        What validation gave after each.
    kept : Learnt or None
        The best so far, where early stopping keeps it.
    """

    fit: Mapping[str, str]
    epochs: int
    scores: tuple[float, ...] = ()
    losses: tuple[float, ...] = ()
    kept: Learnt | None = None


class Checkpoint:
    """The file of one fit: a model that :func:`skseq.load` reads, and where it stands.

    Parameters
    ----------
    path : path-like
    every : int or None
        Epochs after which it is written; None for the first that ends so many seconds
        after it was.
    fit : dict of str
        What tells the fit's parameters from others.
    """

    def __init__(
        self, path: str | os.PathLike[str], every: int | None, fit: dict[str, str]
    ):
        self._path, self.every, self._fit = Path(path), every, fit
        self._written_at, self._written_epochs = time.monotonic(), 0
        self._last: Any = None

    @classmethod
    def of(cls, estimator) -> Checkpoint | None:
        """What an estimator asks for; it has drawn nothing yet.

        Raises
        ------
        ValueError
            If nothing could go on from it with the same bits.
        """
        vars(estimator).pop("_standing", None)
        if estimator.checkpoint is None:
            return None
        if estimator.callbacks:
            raise ValueError(
                "checkpoint does not hold what callbacks remember, so that training "
                "would go on otherwise than it began; set callbacks=None "
                "(early_stopping, and a schedule as learning_rate, go on as they "
                "should), or checkpoint=None."
            )
        if estimator.random_state is None:
            raise ValueError(
                "checkpoint needs a random_state that is the same when the fit is "
                "started again, and got random_state=None; set it to an int."
            )
        params = estimator.get_params()
        free = _FREE
        if takes_the_whole_fit(estimator.learning_rate):
            free = free - {"epochs"}
        fit = {name: _told(params[name]) for name in sorted(set(params) - free)}
        fit = {"skseq": skseq.__version__, **fit}
        return cls(estimator.checkpoint, estimator.checkpoint_every, fit)

    def take_up(self, estimator, rows: Rows, validation: Rows | None):
        """Go on from the file, or write it for the first time.

        Parameters
        ----------
        estimator : estimator
            Before its first epoch; gets what was learnt.
        rows, validation : Rows or None
            All that it was given.

        Returns
        -------
        Standing or None
            Where it stands; None for the beginning.

        Raises
        ------
        ValueError
            If the file is another, or of another fit; it stays as it is.
        """
        self._fit |= _data_of(rows, "")
        if validation is not None:
            self._fit |= _data_of(validation, "_val")
        self._fit[_BEGINNING] = _of_learnt(estimator._learnt)
        if not self._path.exists():
            # Whatever stands in the way is to be heard of before anything is lost.
            self._write(estimator, Standing(self._fit, 0))
            return None
        found = self._read(type(estimator), estimator.epochs)
        estimator._learnt = found._learnt
        self._written_epochs = found._standing.epochs
        return found._standing

    def _read(self, kind: type, epochs: int) -> Any:
        way_out = "Remove the file, or give this fit another path."
        named = f"checkpoint={str(self._path)!r}"
        try:
            found = skseq.load(self._path)
        except ValueError as error:
            raise ValueError(f"{named} is not to be gone on from: {error}") from error
        standing = vars(found).get("_standing")
        if standing is None:
            raise ValueError(
                f"{named} is a model and no checkpoint of a fit that goes on. {way_out}"
            )
        others = _differences(standing.fit, self._fit)
        if type(found) is not kind:
            others = [
                f"it is of a {type(found).__name__}, and this is a {kind.__name__}"
            ]
        if standing.epochs > epochs:
            others.append(f"it has {standing.epochs} epochs, and epochs={epochs}")
        if others:
            raise ValueError(
                f"{named} is of another fit: {'; '.join(others)}. {way_out}"
            )
        return found

    def passed(self, estimator, epochs: int, watching: Watching) -> None:
        """Take note of complete epochs, and write if it is time."""
        scores, losses, kept = (), (), None
        if watching.validation is not None:
            scores = tuple(watching.validation.scores)
            losses = tuple(watching.validation.losses)
        if watching.stopping is not None:
            kept = watching.stopping.kept
        twin = copy.copy(estimator)
        self._last = twin, Standing(self._fit, epochs, scores, losses, kept)
        if self.every is None:
            due = time.monotonic() - self._written_at >= SECONDS
        else:
            due = epochs - self._written_epochs >= self.every
        if due:
            self._write(*self._last)

    def close(self, interrupted: bool) -> None:
        """Remove the file of a fit that is done, write that of an interrupted one."""
        if not interrupted:
            self._path.unlink(missing_ok=True)
        elif self._last is not None:
            self._write(*self._last)

    def _write(self, estimator, standing: Standing) -> None:
        twin = copy.copy(estimator)
        twin._standing = standing
        twin.checkpoint = os.fspath(self._path)
        skseq.save(twin, self._path)
        self._written_at, self._written_epochs = time.monotonic(), standing.epochs


def _differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Say how two fits differ."""
    said = []
    for name in dict.fromkeys([*here, *there]):
        then, now = there.get(name, "None"), here.get(name, "None")
        if then != now and _is_digest(then, now):
            said.append(f"{name} is another")
        elif then != now:
            said.append(f"{name} was {then} there and is {now} here")
    # Whoever differs elsewhere may well begin elsewhere.
    return [text for text in said if not text.startswith(_BEGINNING)] or said


def _is_digest(*texts: str) -> bool:
    return any(text.startswith("sha256 ") for text in texts)


def _told(value: Any) -> str:
    """A parameter in words that are the same in every process."""
    if isinstance(value, np.random.RandomState):
        return _digest(_of_draws(value))
    if is_schedule(value) and not isinstance(value, Mapping):
        return f"{type(value).__name__}({value.get_config()})"
    return repr(value)


def _data_of(rows: Rows, suffix: str) -> dict[str, str]:
    sequences, targets = rows.sequences, rows.targets
    given = {
        "X": [sequences.values, sequences.lengths],
        "y": [targets.values],
        "sample_weight": [targets.weights],
        "groups": [] if rows.groups is None else [np.array(rows.groups.tolist())],
    }
    return {
        f"{name}{suffix}": _digest(map(_bytes, arrays)) if arrays else "None"
        for name, arrays in given.items()
    }


def _of_learnt(learnt: Learnt) -> str:
    parts = [_bytes(array) for array in (*learnt.weights, *learnt.slots)]
    words = repr((learnt.updates, learnt.losses, learnt.dropout_seed, learnt.rule))
    return _digest([*parts, words.encode(), *_of_draws(learnt.order)])


def _of_draws(random: np.random.RandomState) -> list[bytes]:
    """What decides all that a generator is going to draw."""
    state = random.get_state(legacy=False)
    values = [*state.pop("state").values(), *state.values()]
    return [
        _bytes(value) if isinstance(value, np.ndarray) else repr(value).encode()
        for value in values
    ]


def _bytes(array: np.ndarray) -> bytes:
    named = f"{array.dtype.str} {array.shape} ".encode()
    return named + np.ascontiguousarray(array).tobytes()


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return f"sha256 {whole.hexdigest()}"
