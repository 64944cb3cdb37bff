"""What looks on while training runs, and may stop it between chunks.

A watcher is told of every chunk through ``stop(chunk)``, which says whether to
stop, and of the end through ``close(learnt)``, which gives what is to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from tqdm.auto import tqdm

from skseq.training.learnt import Learnt
from skseq.training.trainer import Chunk

__all__ = ["EarlyStopping", "KerasCallbacks", "Progress", "Watcher", "check_callbacks"]


def check_callbacks(callbacks) -> None:
    """Refuse what is no Keras callback, before anything has started.

    Parameters
    ----------
    callbacks : list, tuple or None
    """
    wrong = [c for c in callbacks or () if not isinstance(c, keras.callbacks.Callback)]
    if wrong:
        raise TypeError(
            "callbacks must be instances of keras.callbacks.Callback; got "
            f"{', '.join(map(repr, wrong))}."
        )


class Progress:
    """Epochs done, the last loss and the time left, drawn after each chunk."""

    def __init__(self, name: str, epochs: int):
        self._bar = tqdm(total=epochs, desc=name, unit="epoch", leave=True)

    def stop(self, chunk: Chunk) -> bool:
        """Draw; never a reason to stop."""
        self._bar.update(chunk.epochs - self._bar.n)
        if chunk.completed:
            self._bar.set_postfix(loss=f"{chunk.learnt.losses[-1]:.4g}", refresh=False)
        return False

    def close(self, learnt: Learnt) -> Learnt:
        """Leave the bar as it stands."""
        self._bar.close()
        return learnt


class EarlyStopping:
    """Stop when the score on held-out rows no longer grows; keep the best.

    Parameters
    ----------
    score : callable
        Scores what was learnt on the rows held out.
    tol : float
        Least gain of the score that counts.
    patience : int
        Epochs to wait for one.
    """

    def __init__(self, score: Callable[[Learnt], float], tol: float, patience: int):
        self._score, self._tol, self._patience = score, tol, patience
        self.scores: list[float] = []
        self.best = -np.inf
        self._best: Learnt | None = None
        self._waited = 0

    def stop(self, chunk: Chunk) -> bool:
        """Score, once an epoch."""
        if not chunk.completed:
            return False
        score = np.nan if chunk.learnt.diverged_in else self._score(chunk.learnt)
        # What is no number is worse than any; nothing would ever be better than it.
        score = -np.inf if np.isnan(score) else score
        self.scores.append(score)
        self._waited += 1
        if score > self.best + self._tol:
            self._waited = 0
        if self._best is None or score >= self.best:
            # Of equal scores the last: few rows are all right long before all are.
            self.best, self._best = score, chunk.learnt
        return self._waited >= self._patience

    def close(self, learnt: Learnt) -> Learnt:
        """Put the best weights back; what else was learnt stays as it is."""
        if self._best is None:
            return learnt
        if learnt.diverged_in:
            # Nothing of what diverged is to come back with later training.
            return replace(self._best, losses=learnt.losses, order=learnt.order)
        return _with_weights(learnt, self._best.weights)


class KerasCallbacks:
    """Keras callbacks, called at the ends of epochs, with the weights there.

    Parameters
    ----------
    callbacks : sequence of keras.callbacks.Callback
    model : keras.Model
        Shown to them.
    epochs : int
    scores : sequence of float
        Of held-out rows, which grows while training runs.
    """

    def __init__(
        self,
        callbacks: Sequence[keras.callbacks.Callback],
        model: keras.Model,
        epochs: int,
        scores: Sequence[float],
    ):
        self._model, self._scores = model, scores
        self._model.stop_training = False
        self._callbacks = keras.callbacks.CallbackList(
            list(callbacks),
            model=self._model,
            params={"epochs": epochs, "verbose": 0, "steps": None},
        )
        self._callbacks.on_train_begin()
        self._callbacks.on_epoch_begin(0)
        self._epoch, self._epochs = 0, epochs

    def stop(self, chunk: Chunk) -> bool:
        """Show the epoch's weights and loss."""
        if not chunk.completed:
            return False
        self._model.set_weights(chunk.learnt.weights)
        logs: dict[str, Any] = {"loss": chunk.learnt.losses[-1]}
        if self._scores:
            logs["val_score"] = self._scores[-1]
        self._callbacks.on_epoch_end(self._epoch, logs)
        self._epoch += 1
        if self._model.stop_training:
            return True
        if self._epoch < self._epochs:
            self._callbacks.on_epoch_begin(self._epoch)
        return False

    def close(self, learnt: Learnt) -> Learnt:
        """Tell them of the end; take the weights if one put others back."""
        before = self._model.get_weights()
        self._callbacks.on_train_end()
        after = self._model.get_weights()
        # A callback such as Keras' EarlyStopping may do so.
        if any((a != b).any() for a, b in zip(before, after, strict=True)):
            return _with_weights(learnt, after)
        return learnt


Watcher = Progress | EarlyStopping | KerasCallbacks


def _with_weights(learnt: Learnt, weights: Sequence[np.ndarray]) -> Learnt:
    return replace(learnt, weights=tuple(np.array(weight) for weight in weights))
