"""What all estimators share: from checked data to a trained network and back."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import keras
import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import _fit_context
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.utils import _safe_indexing, check_consistent_length, check_random_state
from sklearn.utils.validation import check_is_fitted

from skseq._unchanged import unchanged_on_error
from skseq.estimators import _inputs
from skseq.estimators._pieces import Targets, cut, one_hot_tokens
from skseq.estimators._scikeras import KerasWrapper
from skseq.estimators._stream import Stream, generate
from skseq.estimators._targets import Layout
from skseq.estimators._watchers import (
    EarlyStopping,
    KerasCallbacks,
    Progress,
    Watcher,
    check_callbacks,
)
from skseq.exceptions import DivergenceWarning
from skseq.networks import NetworkSpec, inference_model, initial_weights
from skseq.training import compiled
from skseq.training.compiled import Pieces, TrainingState
from skseq.training.programs import EPOCHS_PER_CALL, ProgramSpec, check_process
from skseq.training.schedule import prediction_schedule, training_schedule
from skseq.training.update_rules import UpdateRule

__all__ = ["BaseStatefulLSTM"]


class BaseStatefulLSTM(KerasWrapper):
    """Fit, predict and their kin; what is a target is the subclass's to say."""

    _topology = "recurrent"
    # Tensors while training runs, arrays after it.
    weights_: Sequence[np.ndarray]
    _slots: Sequence[np.ndarray]
    loss_curve_: list[float]
    _diverged_in: int | None

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Train on sequences.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, n_features)
            A row is a sequence; its state starts at zero.
        y : array-like of shape (n_sequences,), (n_sequences, n_timesteps) or \
                (n_sequences, n_outputs)
            One target after the last step, one per step, or several after the
            last step.
        sample_weight : array-like of shape (n_sequences,), default=None
            Weight of each row in the loss.
        groups : array-like of shape (n_sequences,), default=None
            Consecutive rows with equal labels continue each other's state, batch
            position by batch position; ``batch_size`` divides their number.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        ValueError
            If a parameter or the data is not as described; nothing is changed.
        """
        warm = self.warm_start and hasattr(self, "weights_")
        return self._fit_epochs(X, y, sample_weight, groups, self.epochs, warm)

    def _fit_epochs(self, X, y, sample_weight, groups, epochs, warm):
        """Train for some epochs, from the weights there are or from new ones."""
        check_process()
        with unchanged_on_error(self):
            X = _inputs.check_sequences(self, X, reset=not warm)
            sample_weight = _inputs.check_weights(sample_weight, X)
            if groups is not None:
                groups = _inputs.check_group_labels(groups, len(X))
            check_callbacks(self.callbacks)
            if sample_weight is not None and groups is None:
                # A weight of zero is the row's absence, in every batch.
                kept = sample_weight > 0
                check_consistent_length(X, y)
                X, sample_weight = X[kept], sample_weight[kept]
                y = None if y is None else np.asarray(y)[kept]
            real = _inputs.real_steps(X, self.mask_value)
            if y is None:
                raise ValueError(
                    f"{type(self).__name__} requires y to be passed, but the target y "
                    "is None."
                )
            targets = self._encode_targets(X, y, sample_weight, real, reset=not warm)
            if not targets.weights.any():
                raise ValueError(
                    "No target has a weight: every one is of class_weight zero, or at "
                    f"a step of padding (mask_value={self.mask_value!r})."
                )
            held = None
            if self.early_stopping:
                rows, held = self._hold_out(X, y, groups)
                X, groups = X[rows], None if groups is None else groups[rows]
                real = None if real is None else real[rows]
                targets = Targets(
                    targets.values[rows], targets.weights[rows], targets.layout
                )
            job = self._job(X, real, targets, groups)
            if not warm:
                self._start(job)
            else:
                self._check_goes_on(job.network)
        self._train(job, epochs, held)
        return self

    def _take_layout(self, layout: Layout, y, *, reset: bool) -> None:
        """Keep the layout of a first y; hold a later y to it."""
        if reset:
            self._layout = layout
        elif layout != self._layout and not (layout.per_step and self._layout.per_step):
            raise ValueError(
                f"y has shape {y.shape}, {layout.steps} targets a row, but this "
                f"estimator was first fitted with {self._layout.steps}."
            )

    def _job(self, X, real, targets: Targets, groups) -> _Job:
        """Cut rows into pieces and say what is to be compiled."""
        n_rows, n_timesteps, _ = X.shape
        batch_size = self._batch_size_for(n_rows, groups)
        groups = _inputs.check_groups(groups, n_rows, batch_size)
        steps = min(self.truncated_bptt_steps or n_timesteps, n_timesteps)
        if steps < n_timesteps and self._topology == "encoder_decoder":
            raise ValueError(
                f"truncated_bptt_steps={steps} is less than the {n_timesteps} steps of "
                f"X: {type(self).__name__} decodes after the whole row has been read; "
                "use truncated_bptt_steps=None."
            )
        tokens = one_hot_tokens(X, real)
        network = self._network_for(X, real, targets, tokens)
        data = cut(X if tokens is None else tokens, real, targets, steps)
        per_step = targets.layout.per_step
        network = replace(
            network,
            piece_steps=steps,
            out_steps=steps if per_step else network.out_steps,
            masked=data.mask is not None,
        )
        pieces_per_row = len(data.x) // n_rows
        weights = data.weights
        equal = (weights == weights.flat[0]).all()
        # Rows that nothing is learnt from stay among their group, for their state.
        weightless = groups is not None and not weights.any(axis=-1).all()
        options = self._optimizer_options()
        rule, numbers = UpdateRule.from_options(
            self.optimizer, options.pop("learning_rate"), options, self.dtype
        )
        program = ProgramSpec(
            network,
            self.loss,
            rule,
            batch_size,
            weighted=not equal or (groups is None and n_rows % batch_size != 0),
            idle=not per_step and (pieces_per_row > 1 or weightless),
        )
        rows_joined = 1
        if groups is not None:
            largest = int(np.unique(groups, return_counts=True)[1].max())
            rows_joined = largest // batch_size
        return _Job(
            data,
            program,
            numbers,
            n_rows,
            pieces_per_row,
            groups,
            self.max_lag or n_timesteps * rows_joined,
        )

    def _batch_size_for(self, n_rows: int, groups) -> int:
        """Places of a batch; some stay empty where rows do not fill one.

        Rounded up where all rows make one batch, so that folds of a search,
        which differ by a row, share a program.  States of groups are carried
        from place to place, so there the size is taken as it is.
        """
        size = min(self.batch_size or n_rows, n_rows)
        if groups is not None or size < n_rows:
            return size
        return min(self.batch_size or compiled.bucket(n_rows), compiled.bucket(n_rows))

    def _network_for(self, X, real, targets: Targets, tokens) -> NetworkSpec:
        """The network for whole rows."""
        layout = targets.layout
        one_vector = targets.values.ndim == 3 and not layout.per_step
        decodes = self._topology == "encoder_decoder"
        return NetworkSpec(
            self._topology,
            self.units,
            X.shape[2],
            X.shape[1],
            "per_step" if layout.per_step or decodes else "last",
            1 if one_vector else layout.steps,
            self._out_width(targets),
            tokens=tokens is not None,
            masked=real is not None,
            dtype=self.dtype,
        )

    def _check_goes_on(self, network: NetworkSpec) -> None:
        """Refuse to go on from the weights of another network."""
        first = self._network
        if network.out_width != first.out_width:
            raise ValueError(
                f"y has {network.out_width} outputs, but this estimator was "
                f"first fitted with {first.out_width}."
            )
        for name in ("units", "dtype"):
            now, then = getattr(network, name), getattr(first, name)
            if now != then:
                raise ValueError(
                    f"{name}={now!r}, but this estimator was first fitted with "
                    f"{name}={then!r}, and goes on from its weights; set it back, or "
                    "fit anew with warm_start=False."
                )

    def _start(self, job: _Job) -> None:
        """Forget all training and draw new weights."""
        seeds = check_random_state(self.random_state)
        # Own streams: for weights, and for shuffling and held-out rows.
        draws = [np.random.RandomState(seeds.randint(2**31 - 1)) for _ in range(2)]
        self._network = job.network
        self._order = draws[1]
        self.weights_ = initial_weights(
            job.network, draws[0], self.forget_bias, job.longest_lag
        )
        state = TrainingState.fresh(self.weights_, job.program.rule)
        self._slots, self._step = state.slots, 0
        self.loss_curve_ = []
        self.n_iter_ = 0
        self.n_outputs_ = self._layout.steps
        self._diverged_in = None

    def _train(self, job: _Job, epochs: int, held) -> None:
        """Run the compiled program, serving watchers between chunks."""
        if len(self._slots) != job.program.rule.n_slots * len(self.weights_):
            # Another update rule than in the fit before: it starts afresh.
            fresh = TrainingState.fresh(self.weights_, job.program.rule)
            self._slots, self._step = fresh.slots, 0
        state = TrainingState(tuple(self.weights_), tuple(self._slots), self._step)
        watchers: list[Watcher] = [Progress(self, epochs)] if self.verbose else []
        if held is not None:
            watchers.append(EarlyStopping(self, *held))
        if self.callbacks:
            watchers.append(KerasCallbacks(self, epochs))
        every_epoch = held is not None or bool(self.callbacks)
        chunks = compiled.train(
            job.program,
            state,
            job.data,
            job.schedule(self._order if self.shuffle else None),
            epochs,
            job.numbers,
            shuffled=self.shuffle,
            epochs_per_call=1 if every_epoch else EPOCHS_PER_CALL,
        )
        try:
            for chunk in chunks:
                self._keep(state, chunk.losses)
                if self._diverged_in or _any_stops(watchers, chunk):
                    break
        except KeyboardInterrupt:
            self._keep(state, [])
            warnings.warn(
                f"Training interrupted after {self.n_iter_} complete epochs; "
                f"{type(self).__name__} keeps the weights that it had then.",
                UserWarning,
                stacklevel=3,
            )
        finally:
            for watcher in watchers:
                watcher.close()
        self._settle()

    def _keep(self, state: TrainingState, losses) -> None:
        self.weights_, self._slots, self._step = state.weights, state.slots, state.step
        self.loss_curve_ += [float(loss) for loss in losses]
        self.n_iter_ = len(self.loss_curve_)
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            self._diverged_in = self.n_iter_ - len(losses) + int(bad[0]) + 1

    def _settle(self) -> None:
        """Turn tensors into arrays, and say so if training diverged."""
        self.weights_ = [np.array(weight) for weight in self.weights_]
        self._slots = [np.array(slot) for slot in self._slots]
        if not all(np.isfinite(weight).all() for weight in self.weights_):
            self._diverged_in = self._diverged_in or self.n_iter_
        if self._diverged_in:
            warnings.warn(self._divergence(), DivergenceWarning, stacklevel=4)

    def _divergence(self) -> str:
        return (
            f"Training of {type(self).__name__} diverged in epoch "
            f"{self._diverged_in}: loss or weights are no longer finite. Lower "
            f"learning_rate={self.learning_rate}, set global_clipnorm, or scale X."
        )

    def _hold_out(self, X, y, groups):
        """Rows to train on, and the rows that early stopping is judged by."""
        n_rows = len(X)
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        try:
            if groups is None:
                rows, held = train_test_split(
                    np.arange(n_rows),
                    test_size=self.validation_fraction,
                    random_state=seed,
                    stratify=self._strata(y),
                )
            else:
                split = GroupShuffleSplit(1, test_size=self.validation_fraction)
                split.random_state = seed
                rows, held = next(split.split(X, groups=groups))
        except ValueError as error:
            raise ValueError(
                f"early_stopping cannot hold out validation_fraction="
                f"{self.validation_fraction} of {n_rows} rows or their groups: "
                f"{str(error).rstrip('.')}. Set another validation_fraction, or "
                "early_stopping=False."
            ) from error
        y = X if y is None else y
        picked = None if groups is None else groups[held]
        X_held = X[held][:, :, 0] if self._fitted_ndim == 2 else X[held]
        return np.sort(rows), (X_held, _safe_indexing(y, held), picked)

    def _strata(self, y):
        return None

    def _check_useful(self) -> None:
        """Refuse to predict before a fit, or from weights that are no numbers."""
        check_is_fitted(self)
        if self._diverged_in:
            raise ValueError(self._divergence())

    def _raw_predictions(self, X, groups, *, classes_only: bool):
        """Outputs of shape (n, steps, width), or the largest one's place."""
        self._check_useful()
        X = _inputs.check_sequences(self, X, reset=False)
        real = _inputs.real_steps(X, self.mask_value)
        tokens = one_hot_tokens(X, real)
        if real is None and self.mask_value is not None:
            # With a mask even if nothing is padded here: a row's result is not to
            # depend, by a single bit, on whether the rows beside it are.
            real = np.ones(X.shape[:2], bool)
        network = self._network_of(X, real, tokens)
        batch_size = self._batch_size_for(len(X), groups)
        groups = _inputs.check_groups(groups, len(X), batch_size)
        schedule = prediction_schedule(
            len(X), 1, batch_size, groups, compiled.PREDICTION_WIDTH
        )
        data = Pieces(X if tokens is None else tokens, real)
        outputs, _ = compiled.predict(
            network, self.loss, self.weights_, data, schedule, classes_only=classes_only
        )
        return outputs

    def _steps_that_count(self, X):
        """Which steps a score counts, (n, t); None for all targets."""
        if self.mask_value is None or not self._layout.per_step:
            return None
        X = _inputs.check_sequences(self, X, reset=False)
        return _inputs.real_steps(X, self.mask_value)

    def _network_of(self, X, real, tokens) -> NetworkSpec:
        """The fitted network, for rows of this length."""
        steps = X.shape[1]
        per_step = self._layout.per_step
        return replace(
            self._network,
            piece_steps=steps,
            out_steps=steps if per_step else self._network.out_steps,
            tokens=tokens is not None,
            masked=real is not None,
        )

    @property
    def model_(self) -> keras.Model:
        """The trained network as a Keras model of stock layers.

        It maps ``(n, t, f)`` to outputs before softmax or sigmoid.
        """
        check_is_fitted(self)
        model = self._build_keras_model()
        model.set_weights(self.weights_)
        return model

    def _keras_build_fn(self) -> keras.Model:
        return inference_model(self._network, None)

    def stream(self) -> Stream:
        """One value at a time, carrying the state between calls.

        Returns
        -------
        Stream
            Its ``step(x)`` takes the features of one step and gives what
            ``predict`` gives for the steps so far; ``reset()`` starts over.
        """
        self._check_useful()
        return Stream(self)

    def generate(self, prefix: ArrayLike, n_steps: int) -> np.ndarray:
        """Continue a sequence by feeding predictions back as inputs.

        Parameters
        ----------
        prefix : array-like of shape (n_timesteps,) or (n_timesteps, n_features)
            How the sequence begins.
        n_steps : int
            Steps to add.

        Returns
        -------
        ndarray of shape (n_steps,) or (n_steps, n_outputs)
            The predictions, in order.

        Raises
        ------
        ValueError
            If a prediction cannot stand as an input.
        """
        self._check_useful()
        return generate(self, prefix, n_steps)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = self.mask_value is not None and bool(
            np.isnan(self.mask_value)
        )
        tags.non_deterministic = False
        return tags


@dataclass(frozen=True)
class _Job:
    """All that one fit needs."""

    data: Pieces
    program: ProgramSpec
    numbers: np.ndarray
    n_rows: int
    pieces_per_row: int
    groups: np.ndarray | None
    longest_lag: int

    @property
    def network(self) -> NetworkSpec:
        return self.program.network

    def schedule(self, order):
        """A function that gives the schedule of the next epoch."""
        return lambda: training_schedule(
            self.n_rows,
            self.pieces_per_row,
            self.program.batch_size,
            self.groups,
            order,
        )


def _any_stops(watchers, chunk) -> bool:
    """Tell every watcher of a chunk, and whether one of them wants to stop."""
    return True in [watcher.stop(chunk) for watcher in watchers]
