"""From checked data to a trained network."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state

from skseq._memory import refuse_beyond_memory
from skseq._unchanged import unchanged_on_error
from skseq.estimators import _inputs
from skseq.estimators._beside import check_weights, take_rows
from skseq.estimators._checkpoint import Checkpoint, Standing
from skseq.estimators._routing import RoutedParameters
from skseq.estimators._rows import Rows, hold_out, learnt_from
from skseq.estimators._settings import settings_of
from skseq.estimators._targets import Layout
from skseq.estimators._validation import Given, Judge
from skseq.exceptions import DivergenceWarning
from skseq.training.learnt import Learnt
from skseq.training.options import takes_the_whole_fit
from skseq.training.plan import Plan, Targets, make_plan

if TYPE_CHECKING:
    from skseq.training.watchers import Watching

__all__ = ["Trainable"]

_NOTHING = Given()


class Trainable(RoutedParameters):
    """Training, in the order in which it happens: read, plan, train."""

    _topology = "recurrent"
    # Where a class has no parameter for it.
    cell = "lstm"
    attention = False
    _learnt: Learnt
    _layout: Layout

    def _fit_epochs(
        self,
        X,
        y,
        sample_weight,
        groups,
        epochs,
        *,
        warm,
        whole=True,
        classes=None,
        given=_NOTHING,
    ):
        """Train for some epochs, from the weights there are or from new ones."""
        with unchanged_on_error(self) as keep:
            checkpoint = Checkpoint.of(self)
            if not warm:
                # Of validation data, too, nothing is held to what was there before.
                self.__dict__.pop("_learnt", None)
            rows = self._read_rows(
                X, y, sample_weight, groups, reset=not warm, classes=classes
            )
            everything, held = rows, self._read_validation(given)
            rows = replace(rows, targets=self._weigh(rows.targets))
            if held is None and self.early_stopping:
                kept, out = hold_out(self, rows)
                # As `score` does, validation counts no weights of classes.
                rows, held = rows.take(kept), everything.take(out)
            rows = learnt_from(self, rows)
            plan = make_plan(
                rows.sequences,
                rows.targets,
                rows.groups,
                settings_of(self, rows, whole),
            )
            if warm:
                self._check_goes_on(plan)
            network = plan.program.network
            # Beside weights, their gradients and two values of Adam's for each.
            n_weights = sum(map(math.prod, network.weight_shapes))
            refuse_beyond_memory((4, n_weights), network.dtype, "units")
            # Only now: nobody waits for TensorFlow to hear of a mistake.
            from skseq.training import programs, rates, trainer, watchers

            programs.check_process()
            n_updates = epochs * len(plan.schedule(None))
            schedule = rates.keras_rate(plan.learning_rates, n_updates)
            plan = replace(plan, learning_rates=schedule)
            watchers.check_callbacks(self.callbacks)
            if warm:
                self._learnt = trainer.go_on(plan, self._learnt)
            else:
                seeds = check_random_state(self.random_state)
                self._learnt = trainer.start(
                    plan, seeds, self.forget_bias, self.max_lag
                )
            standing = None
            if checkpoint is not None:
                standing = checkpoint.take_up(self, everything, held if given else None)
            self._train(plan, epochs, held, checkpoint, standing, keep)
        return self

    def _partial_fit(self, X, y, sample_weight, groups, classes=None):
        """Train for one epoch, from the weights there are."""
        if self.early_stopping:
            raise ValueError(
                "partial_fit trains on every row that it is given and holds none out; "
                "set early_stopping=False."
            )
        if self.checkpoint is not None:
            raise ValueError(
                "partial_fit trains for a single epoch and keeps no checkpoint; set "
                "checkpoint=None, and skseq.save the estimator between calls."
            )
        if takes_the_whole_fit(self.learning_rate):
            raise ValueError(
                f"partial_fit does not know how many updates will follow, and "
                f"learning_rate={self.learning_rate!r} leaves its decay_steps to the "
                "number of them; set decay_steps, or fit."
            )
        # What else there will be is not known here.
        return self._fit_epochs(
            X,
            y,
            sample_weight,
            groups,
            1,
            warm=self.__sklearn_is_fitted__(),
            whole=False,
            classes=classes,
        )

    def _read_rows(self, X, y, sample_weight, groups, *, reset, classes=None) -> Rows:
        """Check everything that is given, and encode targets."""
        sequences = _inputs.read_sequences(self, X, reset=reset)
        _inputs.check_symbols(sequences)
        known = self._known(reset)
        weights = check_weights(sample_weight, sequences, per_step=known)
        groups = self._checked_groups(groups, len(sequences))
        if weights is not None and groups is None:
            # A row without a weight is as if it were not there, in every batch.
            n_rows = len(sequences)
            kept = np.flatnonzero(weights.reshape(n_rows, -1).any(axis=1))
            if len(kept) < n_rows:
                y = None if y is None else take_rows(y, kept, n_rows)
                sequences, weights = sequences.take(kept), weights[kept]
                if sequences.listed is not None:
                    # Those that are left may be shorter.
                    given = take_rows(sample_weight, kept, n_rows)
                    weights = check_weights(given, sequences, per_step=known)
        targets = self._encode_targets(
            sequences, y, weights, reset=reset, classes=classes
        )
        return learnt_from(self, Rows(sequences, targets, groups))

    def _read_validation(self, given: Given) -> Rows | None:
        """Check validation data, if there are any, by what the others are."""
        if not given:
            return None
        if given.X is None:
            raise ValueError("X_val was not passed, but others of its kind were.")
        if given.y is None and self.__sklearn_tags__().target_tags.required:
            raise ValueError("X_val was passed, but y_val was not.")
        try:
            return self._read_rows(
                given.X, given.y, given.sample_weight, given.groups, reset=False
            )
        except ValueError as error:
            raise ValueError(f"Of X_val, y_val and their kin: {error}") from error

    def _weigh(self, targets: Targets) -> Targets:
        """Targets with the weights of their classes, where there are such."""
        return targets

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
        refuse_beyond_memory((self.rows_abreast,), np.int64, "rows_abreast")
        if self.batch_size is not None and self.rows_abreast > self.batch_size:
            raise ValueError(
                f"rows_abreast={self.rows_abreast} rows of a group do not fit into "
                f"batch_size={self.batch_size}; set batch_size={self.rows_abreast} or "
                "more."
            )
        return groups

    @property
    def _shape_tells(self) -> bool:
        """Whether by the shape of y alone targets may belong to steps."""
        return self.n_outputs is None and self._topology == "recurrent"

    def _known(self, reset: bool) -> bool | None:
        """Whether targets belong to steps; None before a first y."""
        return None if reset else self._layout.per_step

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
        if takes_the_whole_fit(self.learning_rate):
            raise ValueError(
                f"learning_rate={self.learning_rate!r} was spent by the first fit, "
                "whose updates it took for its decay_steps; set decay_steps, or fit "
                "anew with warm_start=False."
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

    def _train(
        self,
        plan: Plan,
        epochs: int,
        held: Rows | None,
        checkpoint: Checkpoint | None,
        standing: Standing | None,
        keep: Callable[[], None],
    ) -> None:
        """Run the plan, serving watchers between chunks."""
        from skseq.training import trainer

        done = 0 if standing is None else standing.epochs
        watching = self._watching(epochs, plan, held, standing)
        options: dict[str, Any] = {}
        if watching.once_an_epoch:
            options["pause_every"] = 1
        elif checkpoint is not None and checkpoint.every is not None:
            options["pause_every"] = checkpoint.every
        if watching.callbacks is not None:
            options["rate"] = watching.callbacks.rate
        chunks = trainer.train(
            plan, self._learnt, epochs - done, shuffle=self.shuffle, **options
        )
        diverged, failed, interrupted = None, True, False
        try:
            watching.begin(self._learnt)
            for chunk in chunks:
                self._learnt = chunk.learnt
                if chunk.completed:
                    keep()
                stops = watching.stop(chunk)
                if self._learnt.diverged_in:
                    diverged = self._divergence()
                if stops or diverged:
                    break
                if checkpoint is not None and chunk.completed:
                    checkpoint.passed(self, done + chunk.epochs, watching)
            failed = False
        except KeyboardInterrupt:
            keep()
            failed, interrupted = False, True
            warnings.warn(
                f"Training interrupted after {self.n_iter_} complete epochs; "
                f"{type(self).__name__} keeps the weights that it had then.",
                UserWarning,
                stacklevel=3,
            )
        finally:
            self._take_scores(watching)
            for watcher in watching.all:
                self._learnt = watcher.close(self._learnt, failed)
        if checkpoint is not None:
            checkpoint.close(interrupted)
        if diverged is not None:
            # Early stopping may have put back weights of before, that serve.
            warnings.warn(diverged, DivergenceWarning, stacklevel=4)

    def _take_scores(self, watching: Watching) -> None:
        """Keep what validation gave."""
        names = (
            "validation_scores_",
            "validation_loss_curve_",
            "best_validation_score_",
        )
        for name in names:
            self.__dict__.pop(name, None)
        if watching.validation is not None:
            self.validation_scores_ = watching.validation.scores
            self.validation_loss_curve_ = watching.validation.losses
        if watching.stopping is not None:
            self.best_validation_score_ = watching.stopping.best

    def _watching(
        self, epochs: int, plan: Plan, held: Rows | None, standing: Standing | None
    ) -> Watching:
        """All that look on, from where training stands."""
        from skseq.training import watchers

        found = watchers.Watching()
        standing = standing or Standing({}, 0)
        if self.verbose:
            found.progress = watchers.Progress(
                type(self).__name__, epochs, standing.epochs
            )
        if held is not None:
            spread = _spread_of(plan)
            found.validation = watchers.Validation(
                Judge(
                    held,
                    lambda answers, targets: self._quality(answers, targets, spread),
                    self.rows_abreast,
                ),
                standing.scores,
                standing.losses,
            )
        if held is not None and self.early_stopping:
            found.stopping = watchers.EarlyStopping(
                found.validation, self.tol, self.n_iter_no_change, standing.kept
            )
        if self.callbacks:
            found.callbacks = watchers.KerasCallbacks(
                self.callbacks, self.model_, epochs, found.validation
            )
        return found

    def _divergence(self) -> str:
        return (
            f"Training of {type(self).__name__} diverged in epoch "
            f"{self._learnt.diverged_in}: loss or weights are no longer finite. Lower "
            f"learning_rate={self.learning_rate}, set global_clipnorm, or scale X."
        )

    def _strata(self, targets: Targets):
        return None

    def __sklearn_is_fitted__(self) -> bool:
        return "_learnt" in vars(self)

    # What a subclass says of its targets.

    _encode_targets: Callable[..., Targets]
    _out_width: Callable[[Targets], int]
    _quality: Callable[[np.ndarray, Targets, float], float]
    _step_decoder: Callable[[], Callable[[np.ndarray], np.ndarray]]
    _as_input: Callable[[np.ndarray], Any]


def _spread_of(plan: Plan) -> float:
    """Variance of the numbers that are trained on; 1 where they are all the same."""
    values, weights = plan.data.targets, plan.data.weights
    if values.ndim == 2:
        return 1.0
    rows = values.reshape(-1, values.shape[-1]).astype(float)
    given = np.ones(len(rows)) if weights is None else weights.reshape(-1)
    mean = np.average(rows, axis=0, weights=given)
    return float(np.average(((rows - mean) ** 2).mean(axis=1), weights=given)) or 1.0
