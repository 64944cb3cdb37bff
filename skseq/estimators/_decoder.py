"""Sequences in, sequences of numbers out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from skseq.estimators._constraints import PARAMETER_CONSTRAINTS
from skseq.estimators._recurrent import RecurrentRegressor
from skseq.estimators._targets import Layout, layout_after

__all__ = ["EncoderDecoderRegressor"]


class EncoderDecoderRegressor(RecurrentRegressor):
    """Encoder that reads a row, decoder that answers with numbers, step by step.

    The encoder's last output is the decoder's input at each step of y, however many
    those are: the whole y comes after the whole row. It takes the parameters and has
    the attributes of :class:`StatefulLSTMRegressor`; encoder and decoder have the same
    ``cell`` and ``units``.

    Parameters
    ----------
    cell : {"lstm", "gru", "rnn"}, default="lstm"
        As in :class:`RecurrentRegressor`.
    units, bidirectional, dropout, recurrent_dropout, pooling, epochs, batch_size, \
optimizer, learning_rate, global_clipnorm, loss, rows_abreast, \
truncated_bptt_steps, forget_bias, max_lag, mask_value, shuffle, early_stopping, \
validation_fraction, n_iter_no_change, tol, warm_start, callbacks, checkpoint, \
checkpoint_every, n_outputs, dtype, random_state, verbose : object
        As in :class:`StatefulLSTMRegressor`; ``truncated_bptt_steps`` must not be less
        than the steps of a row, and ``bidirectional`` is of the encoder.
    attention : bool, default=False
        Whether each answer also sees a mean of what was encoded, weighted by how much
        each step resembles what was decoded (Luong et al. 2015; Keras' ``Attention``).

    See Also
    --------
    EncoderDecoderEcho : The same for tokens.
    skseq.forecasting.WindowForecaster : Forecasts a series by such a regressor.

    Notes
    -----
    y is ``(n_sequences, n_outputs)``, or ``(n_sequences, n_outputs, n_columns)`` for
    several numbers a step, and predictions come back as y was.
    :class:`StatefulLSTMRegressor` takes the same y and gives all of it at once, from
    an output layer as wide as all steps together.

    Examples
    --------
    The next two steps of two waves, of which one runs ahead:

    >>> import numpy as np
    >>> from skseq import EncoderDecoderRegressor
    >>> time = np.linspace(0, 20, 200)[:, None] + 0.1 * np.arange(8)
    >>> waves = np.stack([np.sin(time), np.cos(time)], axis=2)
    >>> X, y = waves[:, :6], waves[:, 6:]
    >>> est = EncoderDecoderRegressor(epochs=60, learning_rate=0.01, random_state=0)
    >>> est.fit(X, y).predict(X[:3]).shape
    (3, 2, 2)
    >>> bool(est.score(X, y) > 0.99)
    True
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["EncoderDecoderRegressor"]
    _topology = "encoder_decoder"

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
        attention: bool = False,
    ):
        super().__init__(
            cell=cell,
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
        self.attention = attention

    def _layout_for(self, y, n_timesteps) -> Layout:
        return layout_after(y, self.n_outputs)
