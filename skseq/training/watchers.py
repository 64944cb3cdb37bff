"""What looks on while training runs, and may stop it between chunks.

A watcher is told of every chunk through ``stop(chunk)``, which says whether to stop,
and of the end through ``close(learnt, failed)``, which gives what is to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from tqdm.auto import tqdm

from skseq.training.learnt import Learnt
from skseq.training.trainer import Chunk

__all__ = [
    "EarlyStopping",
    "KerasCallbacks",
    "Progress",
    "Validation",
    "Watcher",
    "Watching",
    "check_callbacks",
]

_PER_BATCH = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
)


def check_callbacks(callbacks) -> None:
    """Refuse what is no Keras callback, or cannot work, before anything has started.

    Parameters
    ----------
    callbacks : list, tuple or None

    Raises
    ------
    TypeError
        If some are no Keras callbacks.
    ValueError
        If some want to be called at every batch, or restore the state of Keras' own
        optimizer.
    """
    callbacks = callbacks or ()
    wrong = [c for c in callbacks if not isinstance(c, keras.callbacks.Callback)]
    if wrong:
        raise TypeError(
            "callbacks must be instances of keras.callbacks.Callback; got "
            f"{', '.join(map(repr, wrong))}."
        )
    for callback in callbacks:
        name = type(callback).__name__
        for kind, way_out in _OF_KERAS_OPTIMIZER.items():
            if isinstance(callback, kind):
                raise ValueError(
                    f"callbacks has a {name}, which works on the state of Keras' own "
                    f"optimizer, and that is not what trains here; {way_out}."
                )
        if wishes := _wishes_per_batch(callback):
            raise ValueError(
                f"callbacks has a {name} with {', '.join(wishes)}, but batches run "
                "inside of one compiled program, and callbacks are called at the start "
                "and end of epochs and of training only; use on_epoch_begin or "
                "on_epoch_end, or count epochs."
            )


_OF_KERAS_OPTIMIZER = {
    keras.callbacks.BackupAndRestore: (
        "set checkpoint to a path, and training goes on to the last bit"
    ),
    keras.callbacks.SwapEMAWeights: "leave it out",
}


def _wishes_per_batch(callback: keras.callbacks.Callback) -> list[str]:
    """What a callback wants to be called with, or to count, at every batch.

    Keras' own classes do without, unless they were asked for it.
    """
    counting = {
        keras.callbacks.ModelCheckpoint: "save_freq",
        keras.callbacks.TensorBoard: "update_freq",
    }
    wishes = [
        f"{name}={getattr(callback, name)!r}"
        for kind, name in counting.items()
        if isinstance(callback, kind) and getattr(callback, name) != "epoch"
    ]
    given = set(vars(callback))
    for kind in type(callback).__mro__:
        if not kind.__module__.startswith("keras."):
            given |= set(vars(kind))
    return wishes + [name for name in _PER_BATCH if name in given]


class Progress:
    """Epochs done, the last loss and the time left, drawn after each chunk."""

    def __init__(self, name: str, epochs: int, done: int = 0):
        self._bar = tqdm(
            total=epochs, initial=done, desc=name, unit="epoch", leave=True
        )
        self._done = done

    def stop(self, chunk: Chunk) -> bool:
        """Draw; never a reason to stop."""
        self._bar.update(self._done + chunk.epochs - self._bar.n)
        if chunk.completed:
            self._bar.set_postfix(loss=f"{chunk.learnt.losses[-1]:.4g}", refresh=False)
        return False

    def close(self, learnt: Learnt, failed: bool) -> Learnt:
        """Leave the bar as it stands."""
        self._bar.close()
        return learnt


class Validation:
    """Scores and losses on rows that are not trained on, once an epoch.

    Parameters
    ----------
    judge : callable
        Gives score and loss of what was learnt.
    scores, losses : sequence of float, default=()
        Of the epochs before.
    """

    def __init__(
        self,
        judge: Callable[[Learnt], tuple[float, float]],
        scores: Sequence[float] = (),
        losses: Sequence[float] = (),
    ):
        self._judge = judge
        self.scores, self.losses = list(scores), list(losses)

    def stop(self, chunk: Chunk) -> bool:
        """Judge; never a reason to stop."""
        if chunk.completed:
            diverged = chunk.learnt.diverged_in
            score, loss = (np.nan, np.nan) if diverged else self._judge(chunk.learnt)
            # What is no number is worse than any; nothing would ever be better than it.
            self.scores.append(-np.inf if np.isnan(score) else score)
            self.losses.append(loss)
        return False

    def close(self, learnt: Learnt, failed: bool) -> Learnt:
        """Nothing to do."""
        return learnt


class EarlyStopping:
    """Stop when the score on validation rows no longer grows; keep the best.

    Parameters
    ----------
    validation : Validation
        Told of every chunk before.
    tol : float
        Least gain of the score that counts.
    patience : int
        Epochs to wait for one.
    kept : Learnt, default=None
        The best of the epochs before, if there were any.
    """

    def __init__(
        self,
        validation: Validation,
        tol: float,
        patience: int,
        kept: Learnt | None = None,
    ):
        self._validation, self._tol, self._patience = validation, tol, patience
        self.best = -np.inf
        self.kept: Learnt | None = None
        self._waited = 0
        for score in validation.scores:
            self._see(score, kept)

    def stop(self, chunk: Chunk) -> bool:
        """Compare, once an epoch."""
        if not chunk.completed:
            return False
        self._see(self._validation.scores[-1], chunk.learnt)
        return self._waited >= self._patience

    def _see(self, score: float, learnt: Learnt | None) -> None:
        self._waited += 1
        if score > self.best + self._tol:
            self._waited = 0
        if self.kept is None or score >= self.best:
            # Of equal scores the last: few rows are all right long before all are.
            self.best, self.kept = score, learnt

    def close(self, learnt: Learnt, failed: bool) -> Learnt:
        """Put the best weights back; what else was learnt stays as it is."""
        if self.kept is None:
            return learnt
        if learnt.diverged_in:
            # Nothing of what diverged is to come back with later training.
            return replace(self.kept, losses=learnt.losses, order=learnt.order)
        return _with_weights(learnt, self.kept.weights)


class KerasCallbacks:
    """Keras callbacks, called at the ends of epochs, with the weights there.

    The model's optimizer trains nothing, but it can be looked at, and a learning rate
    set there is the one that training goes on with.

    Parameters
    ----------
    callbacks : sequence of keras.callbacks.Callback
    model : keras.Model
        Shown to them.
    epochs : int
    validation : Validation or None
        Told of every chunk before.
    """

    def __init__(
        self,
        callbacks: Sequence[keras.callbacks.Callback],
        model: keras.Model,
        epochs: int,
        validation: Validation | None,
    ):
        self._model, self._validation = model, validation
        self._model.stop_training = False
        self._shown: float | None = None
        self._callbacks = keras.callbacks.CallbackList(
            list(callbacks), model=self._model, epochs=epochs, verbose=0, steps=None
        )
        self._epoch, self._epochs = 0, epochs

    def begin(self, learnt: Learnt) -> None:
        """Tell them that training begins."""
        self._show(learnt)
        if not learnt.rule.scheduled:
            self._shown = self._optimizers_rate()
        self._callbacks.on_train_begin()
        self._callbacks.on_epoch_begin(0)

    def stop(self, chunk: Chunk) -> bool:
        """Show the epoch's weights and loss."""
        if not chunk.completed:
            return False
        self._show(chunk.learnt)
        logs: dict[str, Any] = {"loss": chunk.learnt.losses[-1]}
        if self._validation is not None:
            logs["val_loss"] = self._validation.losses[-1]
            logs["val_score"] = self._validation.scores[-1]
        for callback in self._callbacks.callbacks:
            if isinstance(callback, keras.callbacks.TerminateOnNaN):
                # It looks at batches; an epoch whose loss is a number had none without.
                callback.on_batch_end(chunk.learnt.updates - 1, logs)
        self._callbacks.on_epoch_end(self._epoch, logs)
        self._epoch += 1
        if self._model.stop_training:
            return True
        if self._epoch < self._epochs:
            self._callbacks.on_epoch_begin(self._epoch)
        return False

    def close(self, learnt: Learnt, failed: bool) -> Learnt:
        """Tell them of the end; take the weights if one put others back."""
        if failed:  # which Keras does not tell them either
            return learnt
        before = self._model.get_weights()
        self._callbacks.on_train_end()
        after = self._model.get_weights()
        # A callback such as Keras' EarlyStopping may do so.
        if any((a != b).any() for a, b in zip(before, after, strict=True)):
            return _with_weights(learnt, after)
        return learnt

    def rate(self) -> float | None:
        """The learning rate that a callback set; None where none did."""
        if self._shown is None:  # A schedule, which Keras lets nobody change.
            return None
        rate = self._optimizers_rate()
        return None if rate == self._shown else rate

    def _optimizers_rate(self) -> float:
        return float(keras.ops.convert_to_numpy(self._model.optimizer.learning_rate))

    def _show(self, learnt: Learnt) -> None:
        self._model.set_weights(learnt.weights)
        self._model.optimizer.iterations.assign(learnt.updates)


Watcher = Progress | Validation | EarlyStopping | KerasCallbacks


@dataclass
class Watching:
    """All that look on while one fit runs; each is told after those that it asks."""

    progress: Progress | None = None
    validation: Validation | None = None
    stopping: EarlyStopping | None = None
    callbacks: KerasCallbacks | None = None

    @property
    def once_an_epoch(self) -> bool:
        """Whether any has to see every epoch."""
        return self.validation is not None or self.callbacks is not None

    def begin(self, learnt: Learnt) -> None:
        """Tell callbacks of the start."""
        if self.callbacks is not None:
            self.callbacks.begin(learnt)

    def stop(self, chunk: Chunk) -> bool:
        """Tell all of a chunk; say whether any wants to stop."""
        stops = [watcher.stop(chunk) for watcher in self.all]
        return any(stops)

    @property
    def all(self) -> list[Watcher]:
        """Those that there are, in their order."""
        every = self.progress, self.validation, self.stopping, self.callbacks
        return [watcher for watcher in every if watcher is not None]


def _with_weights(learnt: Learnt, weights: Sequence[np.ndarray]) -> Learnt:
    return replace(learnt, weights=tuple(np.array(weight) for weight in weights))
