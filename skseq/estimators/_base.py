"""What all estimators share: from checked data to a trained network and back."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, Self, TypeGuard

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import _fit_context
from sklearn.utils.validation import check_is_fitted

from skseq._memory import refuse_beyond_memory
from skseq._sequences import Sequences
from skseq.estimators import _inputs
from skseq.estimators._fitting import Trainable
from skseq.estimators._rows import outputs_of
from skseq.estimators._settings import check_continues
from skseq.estimators._validation import Given
from skseq.inference.stream import Stream, generate
from skseq.inference.trace import trace
from skseq.training.learnt import Learnt

if TYPE_CHECKING:
    import keras


__all__ = ["BaseRecurrent"]


class BaseRecurrent(Trainable):
    """Fit, predict and their kin; what is a target is the subclass's to say."""

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
        sample_weight_val: ArrayLike | None = None,
        groups_val: ArrayLike | None = None,
    ) -> Self:
        """Train on sequences.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, n_features), or list of array-like of \
                shape (n_timesteps,) or (n_timesteps, n_features)
            A row is a sequence; its state starts at zero. The arrays of a list may be
            of any lengths; sparse ones, which
            ``OneHotSequence(sparse_output=True)`` makes, are kept as symbols.
        y : array-like of shape (n_sequences,), (n_sequences, n_timesteps), \
                (n_sequences, n_outputs) or (n_sequences, n_outputs, n_columns), or \
                list of array-like of shape (n_timesteps,) or (n_timesteps, n_columns)
            One target after the last step, one per step (a list beside a list), or
            several after the last step. A step whose target is missing, NaN or None,
            counts for nothing.
        sample_weight : array-like of shape (n_sequences,) or (n_sequences, \
                n_timesteps), or list of array-like of shape (n_timesteps,), \
                default=None
            Weight of each row in the loss, or of each step where there is a target
            for each, relative to their mean: a weight of 2 is the row twice, in
            expectation over batches, at every batch size. What weighs 0 is as if it
            had no target.
        groups : array-like of shape (n_sequences,), default=None
            Consecutive rows with equal labels continue each other's state: each
            row the one ``rows_abreast`` before it. Groups run side by side, as
            many as a batch holds.
        X_val, y_val, sample_weight_val, groups_val : array-like, default=None
            Validation data, of the shapes of X, y, sample_weight and groups. After
            every epoch the network is judged on them (``validation_scores_``,
            ``validation_loss_curve_``; ``val_loss`` and ``val_score`` in the logs of
            callbacks), and early stopping goes by them and holds no rows out. Weights
            of classes do not count there. In a :class:`~sklearn.pipeline.Pipeline`,
            ``transform_input=["X_val"]`` transforms X_val as X.

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
        given = Given(X_val, y_val, sample_weight_val, groups_val)
        return self._fit_epochs(
            X, y, sample_weight, groups, self.epochs, warm=warm, given=given
        )

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
            check_continues(learnt.network.bidirectional)
        outputs = outputs_of(
            learnt, sequences, groups, self.rows_abreast, classes_only=classes_only
        )
        return sequences.spread(outputs) if self._layout.per_step else outputs

    def _as_given(self, sequences: Sequences, predicted: np.ndarray) -> np.ndarray:
        """Predictions as an array, or beside each row of a list as one of its own."""
        return sequences.as_given(predicted) if self._layout.per_step else predicted

    def _inside(self, X):
        """Gates and states of each layer that reads, and real steps of each row."""
        sequences = self._read(X)
        network = self._learnt.network
        network = replace(network, tokens=sequences.n_symbols is not None)
        args = (self._learnt.weights, sequences.values, sequences.lengths)
        return trace(network, *args), sequences.lengths

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
            learnt.updates,
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
            network,
            learnt.weights,
            learnt.loss,
            self._step_decoder(),
            n_sequences,
            self.mask_value,
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
        width = learnt.network.n_features
        refuse_beyond_memory((n_steps, width), learnt.network.dtype, "n_steps")
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


def _is_count(number: Any) -> TypeGuard[int]:
    whole = isinstance(number, Integral) and not isinstance(number, bool)
    return whole and int(number) >= 1
