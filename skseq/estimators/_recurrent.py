"""The same estimators with any cell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from skseq.estimators._classifier import StatefulLSTMClassifier
from skseq.estimators._constraints import PARAMETER_CONSTRAINTS
from skseq.estimators._regressor import StatefulLSTMRegressor

__all__ = ["RecurrentClassifier", "RecurrentRegressor"]


class RecurrentClassifier(StatefulLSTMClassifier):
    """Recurrent network of any cell that gives sequences, or their steps, labels.

    It is a :class:`StatefulLSTMClassifier` whose cell can be chosen, with its other
    parameters and its attributes.

    Parameters
    ----------
    cell : {"lstm", "gru", "rnn"}, default="lstm"
        Keras' ``LSTM``, ``GRU`` or ``SimpleRNN``. Of a GRU, ``forget_bias`` is the
        bias of the update gate, and "unit" leaves it at zero, as Keras does; the plain
        network has no gates.
    units, bidirectional, dropout, recurrent_dropout, pooling, epochs, batch_size, \
optimizer, learning_rate, global_clipnorm, loss, rows_abreast, \
truncated_bptt_steps, forget_bias, max_lag, mask_value, shuffle, early_stopping, \
validation_fraction, n_iter_no_change, tol, warm_start, class_weight, callbacks, \
checkpoint, checkpoint_every, n_outputs, dtype, random_state, verbose : object
        As in :class:`StatefulLSTMClassifier`.

    See Also
    --------
    StatefulLSTMClassifier : Has all parameters and attributes explained.
    RecurrentRegressor : The same for numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import RecurrentClassifier
    >>> X = np.random.default_rng(0).normal(size=(60, 5))
    >>> y = X[:, 0] > 0
    >>> est = RecurrentClassifier(cell="gru", learning_rate=0.02, random_state=0)
    >>> bool(est.fit(X, y).score(X, y) > 0.9)
    True
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["RecurrentClassifier"]

    def __init__(
        self,
        *,
        cell: str = "lstm",
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
        super().__init__(
            units=units,
            bidirectional=bidirectional,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            pooling=pooling,
            epochs=epochs,
            batch_size=batch_size,
            optimizer=optimizer,
            learning_rate=learning_rate,
            global_clipnorm=global_clipnorm,
            loss=loss,
            rows_abreast=rows_abreast,
            truncated_bptt_steps=truncated_bptt_steps,
            forget_bias=forget_bias,
            max_lag=max_lag,
            mask_value=mask_value,
            shuffle=shuffle,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            n_iter_no_change=n_iter_no_change,
            tol=tol,
            warm_start=warm_start,
            class_weight=class_weight,
            callbacks=callbacks,
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
            n_outputs=n_outputs,
            dtype=dtype,
            random_state=random_state,
            verbose=verbose,
        )
        self.cell = cell


class RecurrentRegressor(StatefulLSTMRegressor):
    """Recurrent network of any cell that gives sequences, or their steps, numbers.

    It is a :class:`StatefulLSTMRegressor` whose cell can be chosen, with its other
    parameters and its attributes.

    Parameters
    ----------
    cell : {"lstm", "gru", "rnn"}, default="lstm"
        Keras' ``LSTM``, ``GRU`` or ``SimpleRNN``. Of a GRU, ``forget_bias`` is the
        bias of the update gate, and "unit" leaves it at zero, as Keras does; the plain
        network has no gates.
    units, bidirectional, dropout, recurrent_dropout, pooling, epochs, batch_size, \
optimizer, learning_rate, global_clipnorm, loss, rows_abreast, \
truncated_bptt_steps, forget_bias, max_lag, mask_value, shuffle, early_stopping, \
validation_fraction, n_iter_no_change, tol, warm_start, callbacks, checkpoint, \
checkpoint_every, n_outputs, dtype, random_state, verbose : object
        As in :class:`StatefulLSTMRegressor`.

    See Also
    --------
    StatefulLSTMRegressor : Has all parameters and attributes explained.
    RecurrentClassifier : The same for labels.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import RecurrentRegressor
    >>> X = np.random.default_rng(0).random((60, 5))
    >>> y = X.sum(axis=1)
    >>> est = RecurrentRegressor(cell="rnn", learning_rate=0.02, random_state=0)
    >>> bool(est.fit(X, y).score(X, y) > 0.9)
    True
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["RecurrentRegressor"]

    def __init__(
        self,
        *,
        cell: str = "lstm",
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
        super().__init__(
            units=units,
            bidirectional=bidirectional,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            pooling=pooling,
            epochs=epochs,
            batch_size=batch_size,
            optimizer=optimizer,
            learning_rate=learning_rate,
            global_clipnorm=global_clipnorm,
            loss=loss,
            rows_abreast=rows_abreast,
            truncated_bptt_steps=truncated_bptt_steps,
            forget_bias=forget_bias,
            max_lag=max_lag,
            mask_value=mask_value,
            shuffle=shuffle,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            n_iter_no_change=n_iter_no_change,
            tol=tol,
            warm_start=warm_start,
            callbacks=callbacks,
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
            n_outputs=n_outputs,
            dtype=dtype,
            random_state=random_state,
            verbose=verbose,
        )
        self.cell = cell
