"""What all estimators share: from checked data to a trained network and back."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING, Any, Self, TypeGuard

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from skseq._sequences import Sequences
from skseq._unchanged import unchanged_on_error
from skseq.estimators import _inputs
from skseq.estimators._routing import RoutedParameters
from skseq.estimators._targets import Layout
from skseq.exceptions import DivergenceWarning
from skseq.inference.forward import forward, lanes_of
from skseq.inference.stream import Stream, generate
from skseq.training.learnt import Learnt
from skseq.training.options import UpdateRule
from skseq.training.plan import Plan, Settings, Targets, make_plan

if TYPE_CHECKING:
    import keras

    from skseq.training.watchers import Watcher

__all__ = ["BaseRecurrent"]


class BaseRecurrent(RoutedParameters):
    """Fit, predict and their kin; what is a target is the subclass's to say."""

    _topology = "recurrent"
    # Where a class has no parameter for it.
    cell = "lstm"
    attention = False
    _learnt: Learnt
    _layout: Layout

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
        y : array-like of shape (n_sequences,), (n_sequences, n_timesteps), \
                (n_sequences, n_outputs) or (n_sequences, n_outputs, n_columns)
            One target after the last step, one per step, or several after the
            last step.
        sample_weight : array-like of shape (n_sequences,), default=None
            Weight of each row in the loss, relative to their mean: a weight of 2
            is the row twice, in expectation over batches, at every batch size.
        groups : array-like of shape (n_sequences,), default=None
            Consecutive rows with equal labels continue each other's state: each
            row the one ``rows_abreast`` before it. Groups run side by side, as
            many as a batch holds.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        ValueError
            If a parameter or the data is not as described; nothing is changed.
        """
        warm = self.warm_start and self.__sklearn_is_fitted__()
        return self._fit_epochs(X, y, sample_weight, groups, self.epochs, warm=warm)

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
                rows, held = self._hold_out(rows)
            plan = make_plan(
                rows.sequences,
                rows.targets,
                rows.groups,
                self._settings(rows, relative),
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

    def _read_rows(self, X, y, sample_weight, groups, *, reset, classes) -> _Rows:
        """Check everything that is given, and encode targets."""
        sequences = _inputs.read_sequences(self, X, reset=reset)
        sample_weight = _inputs.check_weights(sample_weight, len(sequences))
        groups = self._checked_groups(groups, len(sequences))
        if sample_weight is not None and groups is None:
            # A weight of zero is the row's absence, in every batch.
            kept = np.flatnonzero(sample_weight > 0)
            y = None if y is None else _inputs.take_rows(y, kept, len(sequences))
            sequences, sample_weight = sequences.take(kept), sample_weight[kept]
        targets = self._encode_targets(sequences, y, reset=reset, classes=classes)
        if sample_weight is not None:
            weights = targets.weights * sample_weight[:, None]
            targets = replace(targets, weights=weights)
        if not targets.weights.any():
            raise ValueError(
                "No target has a weight: every one is of class_weight zero, or at "
                f"a step of padding (mask_value={self.mask_value!r})."
            )
        rows = _Rows(sequences, targets, groups)
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

    def _settings(self, rows: _Rows, relative: bool) -> Settings:
        """What the parameters say of training."""
        options = self._optimizer_options()
        rule, numbers = UpdateRule.from_options(
            self.optimizer, options.pop("learning_rate"), options, self.dtype
        )
        longest = int(rows.sequences.lengths.max())
        self._check_makes_sense(rows, longest)
        dropout, recurrent_dropout = float(self.dropout), float(self.recurrent_dropout)
        architecture = {
            "topology": self._topology,
            "cell": self.cell,
            "units": _widths(self.units),
            "bidirectional": bool(self.bidirectional),
            "pooling": self.pooling,
            "attention": bool(self.attention),
            "dropout": dropout > 0,
            "recurrent_dropout": recurrent_dropout > 0,
            "out_width": self._out_width(rows.targets),
            "dtype": self.dtype,
        }
        return Settings(
            architecture,
            self.loss,
            rule,
            numbers,
            self.batch_size,
            self.rows_abreast,
            self.truncated_bptt_steps,
            relative,
            (dropout, recurrent_dropout),
        )

    def _check_makes_sense(self, rows: _Rows, longest: int) -> None:
        """Refuse parameters that contradict each other, or the data."""
        name, steps = type(self).__name__, self.truncated_bptt_steps
        needs_all = {
            "decodes": self._topology == "encoder_decoder",
            "reads back from its end (bidirectional=True)": self.bidirectional,
            f"pools its steps (pooling={self.pooling!r})": self.pooling != "last",
        }
        why = [reason for reason, needed in needs_all.items() if needed]
        if why and (steps or longest) < longest:
            raise ValueError(
                f"truncated_bptt_steps={steps} is less than the {longest} steps of "
                f"X: {name} {why[0]} after the whole row has been read; use "
                "truncated_bptt_steps=None."
            )
        if rows.groups is not None:
            _check_continues(self.bidirectional)
        if self.pooling != "last" and rows.targets.per_step:
            raise ValueError(
                f"pooling={self.pooling!r} is for targets after the last step, and y "
                "has one target per step; set pooling='last', or n_outputs where the "
                "columns of y come after the last step."
            )
        if self.attention and self.bidirectional:
            raise ValueError(
                "attention=True compares what is decoded with what is encoded, which "
                "is twice as wide with bidirectional=True; set one of them to False."
            )
        if self.cell == "rnn" and self.forget_bias != "unit":
            raise ValueError(
                f"forget_bias={self.forget_bias!r} sets the bias of a gate, and "
                "cell='rnn' has none; leave forget_bias='unit'."
            )

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

    def _train(self, plan: Plan, epochs: int, held: _Rows | None) -> None:
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

    def _watchers(self, epochs: int, plan: Plan, held: _Rows | None):
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

    def _hold_out(self, rows: _Rows) -> tuple[_Rows, _Rows]:
        """Rows to train on, and the rows that early stopping is judged by."""
        n_rows = len(rows.sequences)
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        from sklearn.model_selection import GroupShuffleSplit, train_test_split

        try:
            if rows.groups is None:
                kept, held = train_test_split(
                    np.arange(n_rows),
                    test_size=self.validation_fraction,
                    random_state=seed,
                    stratify=self._strata(rows.targets),
                )
            else:
                split = GroupShuffleSplit(1, test_size=self.validation_fraction)
                split.random_state = seed
                kept, held = next(split.split(np.arange(n_rows), groups=rows.groups))
        except ValueError as error:
            raise ValueError(
                f"early_stopping cannot hold out validation_fraction="
                f"{self.validation_fraction} of {n_rows} rows or their groups: "
                f"{str(error).rstrip('.')}. Set another validation_fraction, or "
                "early_stopping=False."
            ) from error
        kept, held = rows.take(np.sort(kept)), rows.take(held)
        for part, what in ((kept, "train on"), (held, "hold out")):
            if not part.targets.weights.any():
                raise ValueError(
                    f"early_stopping left only targets of weight zero to {what}; set "
                    "another validation_fraction, or early_stopping=False."
                )
        return kept, held

    def _strata(self, targets: Targets):
        return None

    def _validation_score(self, held: _Rows, spread: float, learnt: Learnt) -> float:
        """How good predictions of the rows held out are; the larger the better."""
        outputs = _run(
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

    def _useful(self) -> Learnt:
        """What was learnt; refused before a fit, or if weights are no numbers."""
        learnt = self._fitted()
        if learnt.diverged_in:
            raise ValueError(self._divergence())
        return learnt

    def _read(self, X) -> Sequences:
        """Sequences to predict."""
        self._useful()
        return _inputs.read_sequences(self, X, reset=False)

    def _outputs(self, sequences: Sequences, groups, *, classes_only: bool):
        """Outputs of shape (n, steps, width), or the largest one's place."""
        learnt = self._useful()
        if groups is not None:
            groups = _inputs.check_groups(groups, len(sequences))
            _check_continues(learnt.network.bidirectional)
        outputs = _run(
            learnt, sequences, groups, self.rows_abreast, classes_only=classes_only
        )
        return sequences.spread(outputs) if self._layout.per_step else outputs

    def __sklearn_is_fitted__(self) -> bool:
        return "_learnt" in vars(self)

    def __dir__(self):
        # Whatever stands here is asked for where an estimator is shown, and in a
        # notebook at every completion; to make the Keras model imports TensorFlow.
        names = set(object.__dir__(self)) - {"model_"}
        return [name for name in names if hasattr(self, name)]

    @property
    def weights_(self) -> list[np.ndarray]:
        """Trained weights, in the order of the Keras model's."""
        return list(self._fitted().weights)

    @property
    def loss_curve_(self) -> list[float]:
        """Mean loss of each epoch."""
        return list(self._fitted().losses)

    @property
    def n_iter_(self) -> int:
        """Epochs trained."""
        return len(self._fitted().losses)

    @property
    def n_outputs_(self) -> int:
        """Targets of a row."""
        self._fitted()
        return self._layout.steps

    def _fitted(self) -> Learnt:
        # An AttributeError as well: missing before a fit, as scikit-learn's are.
        check_is_fitted(self)
        return self._learnt

    @property
    def model_(self) -> keras.Model:
        """The trained network as a Keras model of stock layers, a copy of its own.

        It maps ``(n, t, f)`` to outputs before softmax or sigmoid. Asking for it
        imports TensorFlow.
        """
        learnt = self._fitted()
        import keras

        from skseq.networks.keras_models import keras_model
        from skseq.training.keras_wrapper import build

        model = build(
            keras_model,
            self.optimizer,
            self._optimizer_options(),
            spec=learnt.network,
            n_timesteps=None,
        )
        model.set_weights(learnt.weights)
        # Keras exports no model that was never called; on a symbol this costs nothing.
        model(keras.Input(model.input_shape[1:], dtype=learnt.network.dtype))
        return model

    def stream(self, n_sequences: int | None = None) -> Stream:
        """One value at a time, carrying the state between calls.

        Parameters
        ----------
        n_sequences : int, default=None
            Sequences side by side; None for a single one.

        Returns
        -------
        Stream
            Its ``step(x)`` takes the features of one step and gives what
            ``predict`` gives for the steps so far; ``reset()`` starts over.

        Raises
        ------
        ValueError
            If the network looks at whole rows: in both directions, or by attention.
        """
        learnt = self._useful()
        network = replace(learnt.network, tokens=False)
        for name in ("bidirectional", "attention"):
            if getattr(network, name):
                raise ValueError(
                    f"{type(self).__name__} was fitted with {name}=True and looks at "
                    "the whole row before it says anything, so it can say nothing "
                    f"step by step; fit it with {name}=False, or predict whole rows."
                )
        return Stream(
            network, learnt.weights, learnt.loss, self._step_decoder(), n_sequences
        )

    def generate(
        self, prefix: ArrayLike, n_steps: int, window: int | str | None = "auto"
    ) -> np.ndarray:
        """Continue a sequence by feeding predictions back as inputs.

        Parameters
        ----------
        prefix : array-like of shape (n_timesteps,) or (n_timesteps, n_features)
            How the sequence begins.
        n_steps : int
            Steps to add.
        window : int, "auto" or None, default="auto"
            Each prediction sees the last ``window`` steps and starts from the zero
            state; None runs the state on through all steps. "auto" takes the length
            of the rows of fit where a target came after each and all were of one
            length, without groups: a network that was trained on windows knows
            nothing beyond them.

        Returns
        -------
        ndarray of shape (n_steps,) or (n_steps, n_outputs)
            The predictions, in order.

        Raises
        ------
        ValueError
            If a prediction cannot stand as an input, or the network looks at whole
            rows: in both directions, or by attention.
        """
        learnt = self._useful()
        if not _is_count(n_steps):
            raise ValueError(f"n_steps must be an int of at least 1, got {n_steps!r}.")
        shown = self._window(learnt, window)
        prefix = _inputs.read_prefix(prefix, learnt.network.dtype)
        return generate(self.stream(), prefix, n_steps, shown, self._as_input)

    def _window(self, learnt: Learnt, window: int | str | None) -> int | None:
        """Steps that each prediction of a generated sequence sees; None for all."""
        if window == "auto":
            return None if self._layout.per_step else learnt.window
        if window is None or _is_count(window):
            return window
        raise ValueError(
            f'window must be an int of at least 1, "auto" or None, got {window!r}.'
        )

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

    # What a subclass says of its targets.

    _encode_targets: Callable[..., Targets]
    _out_width: Callable[[Targets], int]
    _quality: Callable[[np.ndarray, Targets, float], float]
    _step_decoder: Callable[[], Callable[[np.ndarray], np.ndarray]]
    _as_input: Callable[[np.ndarray], Any]


@dataclass(frozen=True)
class _Rows:
    """Checked rows: sequences, targets beside them, and groups or None."""

    sequences: Sequences
    targets: Targets
    groups: np.ndarray | None

    def take(self, rows: np.ndarray) -> _Rows:
        """Some of them, in this order."""
        groups = None if self.groups is None else self.groups[rows]
        return _Rows(self.sequences.take(rows), self.targets.take(rows), groups)


def _run(learnt, sequences, groups, rows_abreast, *, classes_only) -> np.ndarray:
    """The forward pass, by what was learnt."""
    return forward(
        # Always by product: whether all rows are one-hot is not to change one of them.
        replace(learnt.network, tokens=False),
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


def _check_continues(bidirectional: bool) -> None:
    """Refuse rows that continue each other where they are read from their end."""
    if bidirectional:
        raise ValueError(
            "bidirectional=True reads each row from its end, too, where nothing is "
            "known of the rows that continue it; leave groups=None, or set "
            "bidirectional=False."
        )


def _widths(units) -> int | tuple[int, ...]:
    """Width of one layer, or of each of several."""
    if isinstance(units, Integral):
        return int(units)
    return tuple(map(int, units)) if len(units) > 1 else int(units[0])


def _is_count(number: Any) -> TypeGuard[int]:
    whole = isinstance(number, Integral) and not isinstance(number, bool)
    return whole and int(number) >= 1
