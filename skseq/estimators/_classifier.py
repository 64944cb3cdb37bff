"""Labels: one per sequence, per step, or several after the last step."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.utils.class_weight import compute_class_weight

from skseq._symbols import check_comparable
from skseq.estimators import _inputs
from skseq.estimators._base import BaseRecurrent
from skseq.estimators._beside import check_weights, grid_of, missing_in, weigh
from skseq.estimators._constraints import PARAMETER_CONSTRAINTS
from skseq.estimators._targets import (
    Layout,
    as_labels,
    check_beside,
    check_classes,
    encode,
    known_labels,
    layout_of,
)
from skseq.training.plan import Targets

__all__ = ["StatefulLSTMClassifier"]


# The mixin stands left of the base: scikit-learn asks the leftmost whether this
# is a classifier, and splits without strata, silently, if nobody says so.
class StatefulLSTMClassifier(ClassifierMixin, BaseRecurrent):
    """LSTM that gives sequences, or their steps, labels.

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
    loss : {"categorical_crossentropy", "binary_crossentropy"}, \
            default="categorical_crossentropy"
        Softmax outputs, or a sigmoid of its own for each class.
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
        is the share of labels that are right, weighted by ``sample_weight`` alone,
        padding left out.
    validation_fraction : float, default=0.1
        Share of rows held out: with one label a row and no ``groups``, of each class
        alike, where every class has room on both sides; with ``shuffle=False`` the
        last.
    n_iter_no_change : int, default=10
        Epochs to wait.
    tol : float, default=1e-4
        Least gain of the score that counts.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the weights of the fit before.
    class_weight : dict, "balanced" or None, default=None
        Weights of classes in the loss.
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
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
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
    StatefulLSTMRegressor : The same for numbers.
    Seq2SeqEcho : Token sequences in, token sequences out.

    Examples
    --------
    Which symbol came first? Only the state can tell at the end.

    >>> import numpy as np
    >>> from skseq import OneHotSequence, StatefulLSTMClassifier
    >>> X = OneHotSequence().fit_transform([[3, 0, 1, 2], [4, 0, 1, 2]])
    >>> y = np.array(["three", "four"])
    >>> est = StatefulLSTMClassifier(
    ...     units=10, epochs=200, learning_rate=0.01, random_state=0
    ... )
    >>> est.fit(X, y).predict(X)
    array(['three', 'four'], dtype='<U5')
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["StatefulLSTMClassifier"]

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
        loss: str = "categorical_crossentropy",
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
        class_weight: dict[Any, float] | str | None = None,
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
        self.class_weight = class_weight
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
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Train for one epoch, from the weights there are.

        Parameters
        ----------
        X, y : array-like
            As in ``fit``.
        classes : array-like of shape (n_classes,), default=None
            All labels that there will be; needed at the first call if y does
            not hold them all.
        sample_weight, groups : array-like, default=None
            As in ``fit``.

        Returns
        -------
        self : object
            The estimator.
        """
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' needs all of y at once and cannot be used "
                "with partial_fit; pass a dict of weights, or sample_weight."
            )
        warm = self.__sklearn_is_fitted__()
        if classes is not None:
            classes = check_classes(classes)
            if warm and not np.array_equal(classes, self.classes_):
                raise ValueError(
                    f"classes is {classes.tolist()}, but in the first fit it was "
                    f"{self.classes_.tolist()}; it cannot change."
                )
        return self._partial_fit(X, y, sample_weight, groups, classes)

    def predict(self, X: ArrayLike, groups: ArrayLike | None = None) -> np.ndarray:
        """Give labels.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list of \
                array-like of shape (n_timesteps[, n_features])
            Sequences; of any length where three-dimensional, or a list.
        groups : array-like of shape (n_sequences,), default=None
            As in ``fit``.

        Returns
        -------
        ndarray of shape (n_sequences,) or (n_sequences, n_outputs)
            As y was in ``fit``. Where there is one for each step of the sequences of a
            list, an array of arrays of shape (n_timesteps,).
        """
        sequences = self._read(X)
        return self._as_given(sequences, self._predict(sequences, groups))

    def _predict(self, sequences, groups):
        codes = self._outputs(sequences, groups, classes_only=True)
        return self._shaped(self.classes_[codes])

    def predict_proba(
        self, X: ArrayLike, groups: ArrayLike | None = None
    ) -> np.ndarray | list[np.ndarray]:
        """Give probabilities of labels.

        Parameters
        ----------
        X, groups : array-like
            As in ``predict``.

        Returns
        -------
        ndarray of shape (n_sequences, n_classes) or \
                (n_sequences, n_timesteps, n_classes), or list of ndarray
            In the order of ``classes_``; sigmoid outputs are scaled to sum 1.
            Where several targets come after the last step, a list with an array
            of shape (n_sequences, n_classes) for each, as scikit-learn has it. Where
            there is one for each step of the sequences of a list, an array of arrays
            of shape (n_timesteps, n_classes).

        See Also
        --------
        skseq.metrics.step_scorer : Scores probabilities of steps. Scorers by name,
            ``"roc_auc"`` among them, take steps for classes.
        """
        sequences = self._read(X)
        outputs = self._outputs(sequences, groups, classes_only=False)
        if self._learnt.loss == "binary_crossentropy":
            total = outputs.sum(axis=2, keepdims=True)
            even = np.full_like(outputs, 1 / outputs.shape[2])
            outputs = np.divide(outputs, total, out=even, where=total > 0)
        if self._layout.ndim == 2 and not self._layout.per_step:
            return list(outputs.swapaxes(0, 1))
        return self._as_given(sequences, self._shaped(outputs))

    def score(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> float:
        """Share of labels that are right.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            As in ``predict``.
        y : array-like of shape (n_sequences,) or (n_sequences, n_outputs), or list
            True labels. Those at padded steps, and missing ones, do not count.
        sample_weight : array-like of shape (n_sequences[, n_timesteps]), or list, \
                default=None
            Weights of rows, or of their steps.
        groups : array-like of shape (n_sequences,), default=None
            As in ``predict``.

        Returns
        -------
        float
            Between 0 and 1.
        """
        sequences = self._read(X)
        weights = check_weights(
            sample_weight, sequences, per_step=self._layout.per_step
        )
        right, counted = self._right(sequences, y, groups)
        return _share(right, weigh(counted, weights))

    def _right(self, sequences, y, groups):
        """Which labels are right and which count, both (n, steps)."""
        predicted = self._predict(sequences, groups)
        y = np.asarray(grid_of(y, sequences, per_step=self._layout.per_step))
        if y.shape != predicted.shape:
            raise ValueError(
                f"y has shape {y.shape}, but predictions have {predicted.shape}."
            )
        check_comparable(y, self.classes_, ("y", "classes_"))
        right = (y == predicted).reshape(len(predicted), -1)
        counted = ~missing_in(y).reshape(right.shape)
        return right, counted & sequences.counted if self._layout.per_step else counted

    def _layout_for(self, y, n_timesteps) -> Layout:
        return layout_of(y, n_timesteps, self.n_outputs)

    def _encode_targets(self, sequences, y, weights, *, reset, classes) -> Targets:
        labels = as_labels(_inputs.required(self, y), sequences, self._known(reset))
        layout = self._layout_for(labels, sequences.n_given)
        check_beside(layout, y, sequences, told=not (reset and self._shape_tells))
        counted = np.ones(labels.shape, bool)
        if layout.per_step:
            counted = sequences.counted & ~missing_in(labels)
        return self._encoded(
            sequences, labels, counted, layout, weights, reset, classes
        )

    def _encoded(
        self, sequences, y, counted, layout, weights, reset, classes
    ) -> Targets:
        """Codes and weights of labels, of which some count."""
        self._take_layout(layout, y, reset=reset)
        weights = weigh(counted.reshape(len(y), -1), weights)
        counted = weights.reshape(y.shape) > 0
        y = known_labels(y, counted)
        if reset:
            self.classes_ = np.unique(y[counted]) if classes is None else classes
        codes = encode(y, self.classes_, counted).reshape(weights.shape)
        if layout.per_step:
            codes, weights = sequences.aligned(codes), sequences.aligned(weights)
        return Targets(codes, weights, layout.per_step)

    def _weigh(self, targets):
        if self.class_weight is None:
            return targets
        counted = targets.weights > 0
        labels = self.classes_[targets.values[counted]]
        of_classes = self._weights_of_classes(labels)[targets.values]
        return replace(targets, weights=targets.weights * of_classes)

    def _weights_of_classes(self, labels):
        if isinstance(self.class_weight, dict):
            wrong = {
                label: weight
                for label, weight in self.class_weight.items()
                if not isinstance(weight, Real) or not 0 <= weight < np.inf
            }
            if wrong:
                raise ValueError(
                    f"class_weight must give each class a finite number of at least 0; "
                    f"got {wrong}."
                )
        if self.class_weight == "balanced" and len(np.unique(labels)) < len(
            self.classes_
        ):
            raise ValueError("class_weight='balanced' needs every class in y.")
        return compute_class_weight(self.class_weight, classes=self.classes_, y=labels)

    def _out_width(self, targets):
        return len(self.classes_)

    def _strata(self, targets):
        if self._layout.ndim > 1:
            return None
        counts = np.unique(targets.values[:, 0], return_counts=True)[1]
        n_held = math.ceil(self.validation_fraction * len(targets.values))
        fewest = min(n_held, len(targets.values) - n_held)
        # Each class on both sides, where there is room for that.
        possible = counts.min() >= 2 and fewest >= len(counts)
        return targets.values[:, 0] if possible else None

    def _quality(self, outputs, targets, spread):
        return _share(outputs == targets.values, targets.weights)

    def _shaped(self, decoded):
        return decoded[:, 0] if self._layout.ndim == 1 else decoded

    def _step_decoder(self):
        one = self._layout.ndim == 1 or self._layout.per_step
        return partial(_labels_of_step, self.classes_, one)

    def _as_input(self, outputs):
        """The features that a predicted label stands for."""
        n_features = self._learnt.network.n_features
        code = int(outputs[-1].argmax())
        if n_features == len(self.classes_) and len(outputs) == 1:
            step = np.zeros(n_features)
            step[code] = 1
            return step
        if n_features == 1 and len(outputs) == 1 and self.classes_.dtype.kind in "biuf":
            return float(self.classes_[code])
        raise ValueError(
            f"A prediction of {len(outputs)} of {len(self.classes_)} labels cannot "
            f"stand as a step of {n_features} features; generate needs one label a "
            "step, and one feature for each class or a single numeric one."
        )


def _share(right, weights):
    """Weighted share of what is right."""
    from sklearn.metrics import accuracy_score

    return float(
        accuracy_score(
            np.ones(right.size), right.ravel(), sample_weight=weights.ravel()
        )
    )


def _labels_of_step(classes, one, outputs):
    """Labels of outputs (n, steps, width) after a step: one each, or several."""
    labels = classes[outputs.argmax(axis=2)]
    return labels[:, 0] if one else labels
