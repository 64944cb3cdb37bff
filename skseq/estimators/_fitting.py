"""From checked data to a trained network."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state

from skseq._unchanged import unchanged_on_error
from skseq.estimators import _inputs
from skseq.estimators._beside import check_weights, take_rows
from skseq.estimators._routing import RoutedParameters
from skseq.estimators._rows import Rows, hold_out
from skseq.estimators._settings import settings_of
from skseq.estimators._targets import Layout
from skseq.exceptions import DivergenceWarning
from skseq.inference.forward import forward, lanes_of
from skseq.training.learnt import Learnt
from skseq.training.plan import Plan, Targets, make_plan

if TYPE_CHECKING:
    from skseq.training.watchers import Watcher

__all__ = ["Trainable", "outputs_of"]


class Trainable(RoutedParameters):
    """Training, in the order in which it happens: read, plan, train."""

    _topology = "recurrent"
    # Where a class has no parameter for it.
    cell = "lstm"
    attention = False
    _learnt: Learnt
    _layout: Layout

    def _fit_epochs(
        self, X, y, sample_weight, groups, epochs, *, warm, relative=True, classes=None
    ):
        """Train for some epochs, from the weights there are or from new ones."""
        with unchanged_on_error(self):
            rows = self._read_rows(
                X, y, sample_weight, groups, reset=not warm, classes=classes
            )
            held = None
            if self.early_stopping:
                rows, held = hold_out(self, rows)
            plan = make_plan(
                rows.sequences,
                rows.targets,
                rows.groups,
                settings_of(self, rows, relative),
            )
            if warm:
                self._check_goes_on(plan)
            # Only now: nobody waits for TensorFlow to hear of a mistake.
            from skseq.training import programs, trainer, watchers

            programs.check_process()
            watchers.check_callbacks(self.callbacks)
            if warm:
                self._learnt = trainer.go_on(plan, self._learnt)
            else:
                seeds = check_random_state(self.random_state)
                self._learnt = trainer.start(
                    plan, seeds, self.forget_bias, self.max_lag
                )
        self._train(plan, epochs, held)
        return self

    def _partial_fit(self, X, y, sample_weight, groups, classes=None):
        """Train for one epoch, from the weights there are."""
        if self.early_stopping:
            raise ValueError(
                "partial_fit trains on every row that it is given and holds none out; "
                "set early_stopping=False."
            )
        # The whole is not known here, so weights count as they are.
        return self._fit_epochs(
            X,
            y,
            sample_weight,
            groups,
            1,
            warm=self.__sklearn_is_fitted__(),
            relative=False,
            classes=classes,
        )

    def _read_rows(self, X, y, sample_weight, groups, *, reset, classes) -> Rows:
        """Check everything that is given, and encode targets."""
        sequences = _inputs.read_sequences(self, X, reset=reset)
        _inputs.check_symbols(sequences)
        weights = check_weights(sample_weight, sequences)
        groups = self._checked_groups(groups, len(sequences))
        if weights is not None and groups is None:
            # A row without a weight is as if it were not there, in every batch.
            n_rows = len(sequences)
            kept = np.flatnonzero(weights.reshape(n_rows, -1).any(axis=1))
            if len(kept) < n_rows:
                y = None if y is None else take_rows(y, kept, n_rows)
                given = take_rows(sample_weight, kept, n_rows)
                sequences = sequences.take(kept)
                weights = check_weights(given, sequences)
        targets = self._encode_targets(
            sequences, y, weights, reset=reset, classes=classes
        )
        if not targets.weights.any():
            raise ValueError(
                "No target has a weight: every one is missing, of weight zero, or at a "
                f"step of padding (mask_value={self.mask_value!r})."
            )
        rows = Rows(sequences, targets, groups)
        learnt_from = targets.weights.any(axis=1)
        # Rows that nothing is learnt from stay among their group, for their state.
        if groups is None and not learnt_from.all():
            rows = rows.take(np.flatnonzero(learnt_from))
        return rows

    def _checked_groups(self, groups, n_rows: int):
        if groups is None:
            if self.rows_abreast > 1:
                raise ValueError(
                    f"rows_abreast={self.rows_abreast} says how rows of a group "
                    "continue each other, but groups is None; pass groups, or set "
                    "rows_abreast=1."
                )
            return None
        groups = _inputs.check_groups(groups, n_rows)
        if self.batch_size is not None and self.rows_abreast > self.batch_size:
            raise ValueError(
                f"rows_abreast={self.rows_abreast} rows of a group do not fit into "
                f"batch_size={self.batch_size}; set batch_size={self.rows_abreast} or "
                "more."
            )
        return groups

    def _take_layout(self, layout: Layout, y, *, reset: bool) -> None:
        """Keep the layout of a first y; hold a later y to it."""
        if reset:
            self._layout = layout
        elif layout != self._layout and not (layout.per_step and self._layout.per_step):
            raise ValueError(
                f"y has shape {y.shape}, {layout.meaning}, but this estimator was "
                f"first fitted with y of shape {self._layout}."
            )

    def _check_goes_on(self, plan: Plan) -> None:
        """Refuse to go on from the weights of another network."""
        network, first = plan.program.network, self._learnt.network
        if network.out_width != first.out_width:
            raise ValueError(
                f"y has {network.out_width} outputs, but this estimator was "
                f"first fitted with {first.out_width}."
            )
        names = ("units", "dtype", "cell", "bidirectional", "pooling", "attention")
        for name in names:
            now, then = getattr(network, name), getattr(first, name)
            if now != then:
                raise ValueError(
                    f"{name}={now!r}, but this estimator was first fitted with "
                    f"{name}={then!r}, and goes on from its weights; set it back, or "
                    "fit anew with warm_start=False."
                )

    def _train(self, plan: Plan, epochs: int, held: Rows | None) -> None:
        """Run the plan, serving watchers between chunks."""
        from skseq.training import trainer

        watchers, stopping = self._watchers(epochs, plan, held)
        options = {"epochs_per_call": 1} if held or self.callbacks else {}
        chunks = trainer.train(
            plan, self._learnt, epochs, shuffle=self.shuffle, **options
        )
        diverged = None
        try:
            for chunk in chunks:
                self._learnt = chunk.learnt
                stops = [watcher.stop(chunk) for watcher in watchers]
                if self._learnt.diverged_in:
                    diverged = self._divergence()
                if any(stops) or diverged:
                    break
        except KeyboardInterrupt:
            warnings.warn(
                f"Training interrupted after {self.n_iter_} complete epochs; "
                f"{type(self).__name__} keeps the weights that it had then.",
                UserWarning,
                stacklevel=3,
            )
        finally:
            for watcher in watchers:
                self._learnt = watcher.close(self._learnt)
            for name in ("validation_scores_", "best_validation_score_"):
                self.__dict__.pop(name, None)
            if stopping is not None:
                self.validation_scores_ = stopping.scores
                self.best_validation_score_ = stopping.best
        if diverged is not None:
            # Early stopping may have put back weights of before, that serve.
            warnings.warn(diverged, DivergenceWarning, stacklevel=4)

    def _watchers(self, epochs: int, plan: Plan, held: Rows | None):
        """All that look on, and early stopping among them, or None."""
        from skseq.training import watchers

        found: list[Watcher] = []
        stopping = None
        if self.verbose:
            found.append(watchers.Progress(type(self).__name__, epochs))
        if held is not None:
            score = partial(self._validation_score, held, _spread_of(plan))
            stopping = watchers.EarlyStopping(score, self.tol, self.n_iter_no_change)
            found.append(stopping)
        if self.callbacks:
            scores = [] if stopping is None else stopping.scores
            found.append(
                watchers.KerasCallbacks(self.callbacks, self.model_, epochs, scores)
            )
        return found, stopping

    def _divergence(self) -> str:
        return (
            f"Training of {type(self).__name__} diverged in epoch "
            f"{self._learnt.diverged_in}: loss or weights are no longer finite. Lower "
            f"learning_rate={self.learning_rate}, set global_clipnorm, or scale X."
        )

    def _strata(self, targets: Targets):
        return None

    def _validation_score(self, held: Rows, spread: float, learnt: Learnt) -> float:
        """How good predictions of the rows held out are; the larger the better."""
        outputs = outputs_of(
            learnt,
            held.sequences,
            held.groups,
            self.rows_abreast,
            classes_only=held.targets.values.ndim == 2,
        )
        if held.targets.per_step:
            # Rows of weight zero, which are not here, may have been the longest.
            outputs = outputs[:, 1 : 1 + held.targets.values.shape[1]]
        return self._quality(outputs, held.targets, spread)

    def __sklearn_is_fitted__(self) -> bool:
        return "_learnt" in vars(self)

    # What a subclass says of its targets.

    _encode_targets: Callable[..., Targets]
    _out_width: Callable[[Targets], int]
    _quality: Callable[[np.ndarray, Targets, float], float]
    _step_decoder: Callable[[], Callable[[np.ndarray], np.ndarray]]
    _as_input: Callable[[np.ndarray], Any]


def outputs_of(learnt, sequences, groups, rows_abreast, *, classes_only) -> np.ndarray:
    """Run the forward pass of what was learnt; see :func:`forward`."""
    return forward(
        # Arrays always by product: whether all rows are one-hot is not to change one.
        replace(learnt.network, tokens=sequences.n_symbols is not None),
        learnt.weights,
        sequences.values,
        sequences.lengths,
        lanes_of(len(sequences), groups, rows_abreast),
        loss=learnt.loss,
        classes_only=classes_only,
    )


def _spread_of(plan: Plan) -> float:
    """Variance of the numbers that are trained on; 1 where they are all the same."""
    values, weights = plan.data.targets, plan.data.weights
    if values.ndim == 2:
        return 1.0
    rows = values.reshape(-1, values.shape[-1]).astype(float)
    given = np.ones(len(rows)) if weights is None else weights.reshape(-1)
    mean = np.average(rows, axis=0, weights=given)
    return float(np.average(((rows - mean) ** 2).mean(axis=1), weights=given)) or 1.0
