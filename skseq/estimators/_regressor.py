"""Numbers: one per sequence, per step, or several after the last step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin, _fit_context

from skseq.estimators._base import BaseRecurrent
from skseq.estimators._beside import check_weights, grid_of, weigh
from skseq.estimators._constraints import PARAMETER_CONSTRAINTS
from skseq.estimators._inputs import required, said_of
from skseq.estimators._targets import (
    Layout,
    as_numbers,
    cast_numbers,
    check_beside,
    layout_of,
    real_numbers,
)
from skseq.training.plan import Targets

__all__ = ["StatefulLSTMRegressor"]


class StatefulLSTMRegressor(RegressorMixin, BaseRecurrent):
    """LSTM that gives sequences, or their steps, numbers.

    Parameters
    ----------
    units : int or sequence of int, default=20
        Width of the LSTM, or of each layer of several, the first first.
    bidirectional : bool, default=False
        Whether rows are read from their end, too, each layer twice as wide.
    dropout, recurrent_dropout : float, default=0.0
        Shares of the inputs, and of the states, of every layer that an update drops,
        as Keras does: the same at every step of a row.
    pooling : {"last", "mean", "max"}, default="last"
        What targets after the last step are read from: the last output, or the mean
        or the largest of all steps, padding left out.
    epochs : int, default=100
        Passes over the training rows.
    batch_size : int or None, default=32
        Rows of an update; None for all. At most the number of rows. Where there are
        groups, an update has rows of so many groups as fit.
    optimizer : {"adam", "sgd", "rmsprop"}, default="adam"
        As the Keras optimizer of its name; its options can be set as
        ``optimizer__momentum`` and the like with ``set_params`` or in a grid.
    learning_rate : float or schedule, default=0.001
        Step size of the optimizer; one of ``keras.optimizers.schedules``, or a dict
        with its ``class_name`` and ``config``, for another one at every update since
        training began. A dict of ``CosineDecay`` or ``PolynomialDecay`` without
        ``decay_steps`` takes all updates of the fit for it, also in a grid of epochs.
        Files that :func:`skseq.save` writes hold the dict.
    global_clipnorm : float or None, default=None
        Norm, over all weights, that gradients are scaled down to.
    loss : {"mean_squared_error", "mean_absolute_error", "huber"}, \
            default="mean_squared_error"
        What is minimised; Huber's changes from squared to absolute at 1.
    rows_abreast : int, default=1
        Where there are groups, row i of a group continues the row ``rows_abreast``
        before it: 1 for each the row before; k for the layout that Keras'
        ``stateful=True`` has at a batch of k.
    truncated_bptt_steps : int or None, default=None
        Update the weights after so many time steps, carrying the state on and
        cutting the gradient; None for the whole row.
    forget_bias : {"unit", "chrono"} or float, default="unit"
        How the forget gate's bias starts. ``"chrono"`` spreads forgetting over
        1 to ``max_lag`` steps (Tallec & Ollivier 2018): use it where something
        must be remembered for more than some tens of steps.
    max_lag : int or None, default=None
        Longest lag that ``"chrono"`` prepares for, in time steps; None for the
        longest sequence in the data.
    mask_value : float or None, default=None
        Steps whose features all equal it are padding: they change no state and
        no loss. May be NaN.
    shuffle : bool, default=True
        Whether rows (whole groups where given) change their order every epoch.
    early_stopping : bool, default=False
        Whether to hold out ``validation_fraction`` of the rows and stop when
        the score there does not grow by ``tol`` for ``n_iter_no_change``
        epochs, keeping the best weights, of equally good ones the last. The score
        is 1 - (mean squared error there) / (variance of the numbers
        trained on), weights counted, padding left out.
    validation_fraction : float, default=0.1
        Share of rows held out; with ``shuffle=False`` the last.
    n_iter_no_change : int, default=10
        Epochs to wait.
    tol : float, default=1e-4
        Least gain of the score that counts.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the weights of the fit before.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Called at the start and end of training and of every epoch, with ``loss`` and
        where there are rows to validate on ``val_loss`` and ``val_score`` in their
        logs. They may set the learning rate and ``stop_training``; one that raises
        leaves the estimator as of the last complete epoch.
    checkpoint : str, path-like or None, default=None
        File in which a training that takes long says where it stands, so that the same
        ``fit``, called again after its process was killed, goes on from there and ends
        with the same bits. It is a model that :func:`skseq.load` reads. A file of
        another fit is refused; it is removed when ``fit`` is done. Each fit needs a
        path of its own.
    checkpoint_every : int or None, default=None
        Epochs after which it is written; None for about once a minute.
    n_outputs : int or None, default=None
        Columns of y, where their number equals the number of time steps and
        they nevertheless all come after the last step.
    dtype : {"float32", "float64"}, default="float32"
        Precision of weights and arithmetic.
    random_state : int, RandomState instance or None, default=None
        Draws the first weights, the order of rows and the rows held out.
    verbose : int, default=0
        Whether to show a progress bar.

    Attributes
    ----------
    weights_ : list of ndarray
        In the order of the Keras model's weights.
    model_ : keras.Model
        The trained network, of stock Keras layers.
    loss_curve_ : list of float
        Mean loss of each epoch.
    n_iter_ : int
        Epochs trained.
    n_outputs_ : int
        Targets of a row.
    n_features_in_ : int
        Features of a step, or columns where X has two dimensions.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where X had them.
    validation_scores_ : list of float
        Score on the rows held out, or on X_val, after each epoch of the last ``fit``.
    validation_loss_curve_ : list of float
        Mean loss there.
    best_validation_score_ : float
        The largest score, with ``early_stopping``.

    See Also
    --------
    StatefulLSTMClassifier : The same for labels.
    EncoderDecoderRegressor : Several targets after the row, one after the other.

    Examples
    --------
    The running sum of a sequence, step by step.

    >>> import numpy as np
    >>> from skseq import StatefulLSTMRegressor
    >>> X = np.random.default_rng(0).random((200, 6))
    >>> y = X.cumsum(axis=1)
    >>> est = StatefulLSTMRegressor(epochs=200, learning_rate=0.01, random_state=0)
    >>> bool(est.fit(X, y).score(X, y) > 0.99)
    True
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["StatefulLSTMRegressor"]

    def __init__(
        self,
        *,
        units: int | Sequence[int] = 20,
        bidirectional: bool = False,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        pooling: str = "last",
        epochs: int = 100,
        batch_size: int | None = 32,
        optimizer: str = "adam",
        learning_rate: Any = 0.001,
        global_clipnorm: float | None = None,
        loss: str = "mean_squared_error",
        rows_abreast: int = 1,
        truncated_bptt_steps: int | None = None,
        forget_bias: str | float = "unit",
        max_lag: int | None = None,
        mask_value: float | None = None,
        shuffle: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-4,
        warm_start: bool = False,
        callbacks: Sequence[Any] | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_every: int | None = None,
        n_outputs: int | None = None,
        dtype: str = "float32",
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
    ):
        self.units = units
        self.bidirectional = bidirectional
        self.dropout = dropout
        self.recurrent_dropout = recurrent_dropout
        self.pooling = pooling
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.global_clipnorm = global_clipnorm
        self.loss = loss
        self.rows_abreast = rows_abreast
        self.truncated_bptt_steps = truncated_bptt_steps
        self.forget_bias = forget_bias
        self.max_lag = max_lag
        self.mask_value = mask_value
        self.shuffle = shuffle
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.warm_start = warm_start
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.checkpoint_every = checkpoint_every
        self.n_outputs = n_outputs
        self.dtype = dtype
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Train for one epoch, from the weights there are.

        Parameters
        ----------
        X, y, sample_weight, groups : array-like
            As in ``fit``.

        Returns
        -------
        self : object
            The estimator.
        """
        return self._partial_fit(X, y, sample_weight, groups)

    def predict(self, X: ArrayLike, groups: ArrayLike | None = None) -> np.ndarray:
        """Give numbers.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list of \
                array-like of shape (n_timesteps[, n_features])
            Sequences; of any length where three-dimensional, or a list.
        groups : array-like of shape (n_sequences,), default=None
            As in ``fit``.

        Returns
        -------
        ndarray of shape (n_sequences,), (n_sequences, n_outputs) or \
                (n_sequences, n_timesteps, n_outputs)
            As y was in ``fit``. Where there is one for each step of the sequences of a
            list, an array of arrays of shape (n_timesteps[, n_outputs]).
        """
        sequences = self._read(X)
        return self._as_given(sequences, self._predict(sequences, groups))

    def _predict(self, sequences, groups):
        outputs = self._outputs(sequences, groups, classes_only=False)
        return _shaped(self._layout, outputs)

    def score(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> float:
        """Coefficient of determination.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As in ``predict``.
        y : array-like
            True numbers. Those at padded steps, and NaN at a step, do not count.
        sample_weight : array-like of shape (n_sequences[, n_timesteps]), or list, \
                default=None
            Weights of rows, or of their steps.
        groups : array-like of shape (n_sequences,), default=None
            As in ``predict``.

        Returns
        -------
        float
            1 for perfect predictions. For targets after the last step the mean over
            the columns of y; for targets per step, steps of all rows count together,
            padding left out.
        """
        sequences = self._read(X)
        weights = check_weights(
            sample_weight, sequences, per_step=self._layout.per_step
        )
        predicted = self._predict(sequences, groups)
        y = np.asarray(grid_of(y, sequences, per_step=self._layout.per_step))
        if y.dtype.kind == "c":
            raise ValueError("y has complex numbers; real ones are required.")
        if y.size != predicted.size or len(y) != len(predicted):
            raise ValueError(
                f"y has shape {y.shape}, but predictions have {predicted.shape}."
            )
        y = y.reshape(predicted.shape)
        if self._layout.per_step:
            with said_of("y"):
                y = y.astype(float, copy=False)
            counted = real_numbers(y, sequences.counted)
            weights = None if weights is None else weigh(counted, weights)[counted]
            y, predicted = y[counted], predicted[counted]
        elif y.ndim == 3:
            y, predicted = y.reshape(len(y), -1), predicted.reshape(len(y), -1)
        from sklearn.metrics import r2_score

        with said_of("y"):
            if weights is None or weights.ndim == 1:
                return r2_score(y, predicted, sample_weight=weights)
            # A weight for each answer, which may have several columns.
            weights = weigh(np.ones((len(y), self._n_answers), bool), weights)
            weights = np.repeat(weights, y[0].size // self._n_answers, axis=1)
            columns = (a.reshape(weights.shape).T for a in (y, predicted, weights))
            scores = [
                r2_score(true, found, sample_weight=of_column)
                for true, found, of_column in zip(*columns, strict=True)
            ]
            return float(np.mean(scores))

    @property
    def _n_answers(self) -> int:
        """Outputs after the last step: a decoder's one by one, others all at once."""
        return self._layout.steps if self._topology == "encoder_decoder" else 1

    def _layout_for(self, y, n_timesteps) -> Layout:
        return layout_of(y, n_timesteps, self.n_outputs)

    def _encode_targets(self, sequences, y, weights, *, reset, classes) -> Targets:
        numbers = as_numbers(required(self, y), sequences, self._known(reset))
        layout = self._layout_for(numbers, sequences.n_given)
        check_beside(layout, y, sequences, told=not (reset and self._shape_tells))
        self._take_layout(layout, numbers, reset=reset)
        if layout.per_step:
            weights = weigh(real_numbers(numbers, sequences.counted), weights)
            numbers = numbers.reshape(*weights.shape, -1)
            numbers, weights = sequences.aligned(numbers), sequences.aligned(weights)
        else:
            numbers = numbers.reshape(len(numbers), self._n_answers, -1)
            weights = weigh(np.ones(numbers.shape[:2], bool), weights)
        numbers = np.where(weights[:, :, None] > 0, numbers, 0)
        return Targets(cast_numbers(numbers, self.dtype), weights, layout.per_step)

    def _out_width(self, targets):
        return targets.values.shape[2]

    def _quality(self, outputs, targets, spread):
        # What stands at steps that do not count may be anything.
        counts = targets.weights > 0
        errors = outputs[counts].astype(float) - targets.values[counts]
        squares = (errors**2).mean(axis=1)
        return float(1 - np.average(squares, weights=targets.weights[counts]) / spread)

    def _step_decoder(self):
        return partial(_numbers_of_step, self._layout)

    def _as_input(self, outputs):
        """The features that predicted numbers stand for."""
        n_features = self._learnt.network.n_features
        if outputs.shape != (1, n_features):
            raise ValueError(
                f"A prediction of {outputs.size} numbers cannot stand as a step of "
                f"{n_features} features; generate needs as many outputs "
                "as features."
            )
        return outputs[0]


def _shaped(layout, outputs):
    """Outputs (n, steps, width) in the shape that y had."""
    if layout.ndim == 1:
        return outputs[:, 0, 0]
    if layout.ndim == 2:
        return outputs.reshape(len(outputs), -1)
    return (
        outputs if layout.per_step else outputs.reshape(len(outputs), layout.steps, -1)
    )


def _numbers_of_step(layout, outputs):
    """Predictions of outputs (n, 1, width) after a step."""
    if layout.per_step:
        return outputs[:, 0, 0] if layout.ndim == 2 else outputs[:, 0]
    return _shaped(layout, outputs)
