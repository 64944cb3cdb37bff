"""What looks on while an estimator trains, and may stop it between chunks.

A watcher is told of every chunk through ``stop(chunk)``, which says whether to
stop, and of the end through ``close()``.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from tqdm.auto import tqdm

__all__ = ["EarlyStopping", "KerasCallbacks", "Progress", "check_callbacks"]


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

    def __init__(self, estimator, epochs: int):
        self._bar = tqdm(
            total=epochs, desc=type(estimator).__name__, unit="epoch", leave=True
        )

    def stop(self, chunk) -> bool:
        """Draw; never a reason to stop."""
        self._bar.update(chunk.epochs - self._bar.n)
        if len(chunk.losses):
            self._bar.set_postfix(loss=f"{chunk.losses[-1]:.4g}", refresh=False)
        return False

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()


class EarlyStopping:
    """Stop when the score on held-out rows no longer grows; keep the best."""

    def __init__(self, estimator, X, y, groups):
        self._estimator, self._held = estimator, (X, y)
        self._groups = {} if groups is None else {"groups": groups}
        self._best_weights = estimator.weights_
        self._waited = 0
        estimator.validation_scores_ = []
        estimator.best_validation_score_ = -np.inf

    def stop(self, chunk) -> bool:
        if not len(chunk.losses):
            return False
        est = self._estimator
        score = float(est.score(*self._held, **self._groups))
        est.validation_scores_.append(score)
        self._waited += 1
        if score > est.best_validation_score_ + est.tol:
            self._waited = 0
        if score >= est.best_validation_score_:
            # Of equal scores the last: few rows are all right long before all are.
            est.best_validation_score_ = score
            self._best_weights = est.weights_
        return self._waited >= est.n_iter_no_change

    def close(self) -> None:
        self._estimator.weights_ = self._best_weights


class KerasCallbacks:
    """Keras callbacks, called at the ends of epochs, with the weights there."""

    def __init__(self, estimator, epochs):
        self._estimator = estimator
        self._model = estimator.model_
        self._model.stop_training = False
        self._callbacks = keras.callbacks.CallbackList(
            list(estimator.callbacks),
            model=self._model,
            params={"epochs": epochs, "verbose": 0, "steps": None},
        )
        self._callbacks.on_train_begin()
        self._callbacks.on_epoch_begin(0)
        self._epoch, self._epochs = 0, epochs

    def stop(self, chunk) -> bool:
        if not len(chunk.losses):
            return False
        self._model.set_weights([np.array(w) for w in self._estimator.weights_])
        logs: dict[str, Any] = {"loss": float(chunk.losses[-1])}
        scores = getattr(self._estimator, "validation_scores_", None)
        if scores:
            logs["val_score"] = scores[-1]
        self._callbacks.on_epoch_end(self._epoch, logs)
        self._epoch += 1
        if self._model.stop_training:
            return True
        if self._epoch < self._epochs:
            self._callbacks.on_epoch_begin(self._epoch)
        return False

    def close(self) -> None:
        before = self._model.get_weights()
        self._callbacks.on_train_end()
        after = self._model.get_weights()
        # A callback such as Keras' EarlyStopping may put other weights back.
        if any((a != b).any() for a, b in zip(before, after, strict=True)):
            self._estimator.weights_ = after


Watcher = Progress | EarlyStopping | KerasCallbacks
