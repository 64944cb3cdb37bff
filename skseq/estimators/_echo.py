"""Token sequences in, token sequences out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import _fit_context

from skseq.estimators._beside import check_weights, weigh
from skseq.estimators._classifier import StatefulLSTMClassifier, _share
from skseq.estimators._constraints import PARAMETER_CONSTRAINTS
from skseq.estimators._targets import Layout, layout_after
from skseq.training.plan import one_hot_tokens

__all__ = ["EncoderDecoderEcho", "Seq2SeqEcho"]


class Seq2SeqEcho(StatefulLSTMClassifier):
    """LSTM that answers each step of a token sequence with a token.

    It takes the parameters and has the attributes of
    :class:`StatefulLSTMClassifier`, and differs in two ways: without y, ``fit``
    learns to echo X itself, and ``score`` asks for whole sequences.

    Parameters
    ----------
    units, bidirectional, dropout, recurrent_dropout, pooling, epochs, batch_size, \
optimizer, learning_rate, global_clipnorm, loss, rows_abreast, \
truncated_bptt_steps, forget_bias, max_lag, mask_value, shuffle, early_stopping, \
validation_fraction, n_iter_no_change, tol, warm_start, class_weight, callbacks, \
checkpoint, checkpoint_every, n_outputs, dtype, random_state, verbose : object
        As in :class:`StatefulLSTMClassifier`.

    See Also
    --------
    EncoderDecoderEcho : Reads the whole row before it answers.
    StatefulLSTMClassifier : Has all parameters and attributes explained.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import OneHotSequence, Seq2SeqEcho
    >>> tokens = np.random.default_rng(0).choice(list("abcd"), (200, 5))
    >>> X = OneHotSequence().fit_transform(tokens)
    >>> est = Seq2SeqEcho(epochs=50, learning_rate=0.01, random_state=0)
    >>> est.fit(X, tokens).score(X, tokens)
    1.0
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["Seq2SeqEcho"]

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
        sample_weight_val: ArrayLike | None = None,
        groups_val: ArrayLike | None = None,
    ) -> Self:
        """Train on token sequences.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]), or list
            One-hot tokens, or numbers.
        y : array-like of shape (n_sequences, n_outputs), or list, default=None
            Tokens to answer with; None for those of X itself (the columns that
            are hot, or the numbers), of which ``n_outputs`` can ask for the
            first few. Padding of X is nothing to answer with.
        sample_weight, groups : array-like, default=None
            As in :meth:`StatefulLSTMClassifier.fit`.
        X_val, y_val, sample_weight_val, groups_val : array-like, default=None
            Validation data, as in :meth:`StatefulLSTMClassifier.fit`; without y_val,
            tokens of X_val.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        return super().fit(
            X,
            y,
            sample_weight=sample_weight,
            groups=groups,
            X_val=X_val,
            y_val=y_val,
            sample_weight_val=sample_weight_val,
            groups_val=groups_val,
        )

    def score(
        self,
        X: ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> float:
        """Share of sequences that are right in every position.

        Parameters
        ----------
        X, y : array-like
            As in ``fit``.
        sample_weight : array-like of shape (n_sequences[, n_timesteps]), or list, \
                default=None
            Weights of rows, or of their steps.
        groups : array-like of shape (n_sequences,), default=None
            As in ``fit``.

        Returns
        -------
        float
            Between 0 and 1: scikit-learn's subset accuracy.
        """
        sequences = self._read(X)
        shown = None
        if y is None:
            y, shown = self._own_tokens(sequences, self._layout.steps)
        weights = check_weights(
            sample_weight, sequences, per_step=self._layout.per_step
        )
        right, counted = self._right(sequences, y, groups)
        weighted = weigh(counted if shown is None else counted & shown, weights)
        counted = weighted > 0
        whole = (right | ~counted).all(axis=1)
        # A row of padding alone has nothing to be right in.
        if weights is None or weights.ndim == 1:
            weights = counted.any(axis=1) * (1.0 if weights is None else weights)
        else:
            weights = weighted.sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
        return _share(whole, weights)

    def _encode_targets(self, sequences, y, weights, *, reset, classes):
        if y is not None:
            return super()._encode_targets(
                sequences, y, weights, reset=reset, classes=classes
            )
        steps = None if reset else self._layout.steps
        y, shown = self._own_tokens(sequences, steps)
        layout = self._layout_for(y, sequences.n_given)
        return self._encoded(sequences, y, shown, layout, weights, reset, classes)

    def _own_tokens(self, sequences, n_answers=None):
        """The tokens that X shows, and which of them are no padding.

        In the order of its steps as given where each step is answered, otherwise the
        first of the real steps; of as many as are answered, where that is known: how
        long the longest of these rows is does not matter then.
        """
        if sequences.n_features == 1:
            tokens = sequences.values[:, :, 0]
        else:
            found = one_hot_tokens(sequences)
            if found is None:
                raise ValueError(
                    f"X has {sequences.n_features} features per step that are not "
                    "one-hot tokens, so there is no telling what to echo; pass y, or "
                    "encode tokens with OneHotSequence."
                )
            tokens = found[:, :, 0]
        shown = np.arange(tokens.shape[1]) < sequences.lengths[:, None]
        if self._shape_tells:
            # Before the first step nothing has been said: column 0 stands for that.
            before = np.zeros((len(tokens), 1), tokens.dtype)
            tokens = sequences.spread(np.concatenate([before, tokens], axis=1))
            return tokens, sequences.counted
        tokens, shown = tokens[:, : self.n_outputs], shown[:, : self.n_outputs]
        missing = max((n_answers or 0) - tokens.shape[1], 0)
        return tuple(np.pad(a, [(0, 0), (0, missing)]) for a in (tokens, shown))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        return tags


class EncoderDecoderEcho(Seq2SeqEcho):
    """Encoder LSTM that reads a row, decoder LSTM that answers token by token.

    The encoder's last output is the decoder's input at each of its ``n_outputs``
    steps. It takes the parameters and has the attributes of
    :class:`StatefulLSTMClassifier`; both LSTMs have ``units``.

    Parameters
    ----------
    units, bidirectional, dropout, recurrent_dropout, pooling, epochs, batch_size, \
optimizer, learning_rate, global_clipnorm, loss, rows_abreast, \
truncated_bptt_steps, forget_bias, max_lag, mask_value, shuffle, early_stopping, \
validation_fraction, n_iter_no_change, tol, warm_start, class_weight, callbacks, \
checkpoint, checkpoint_every, n_outputs, dtype, random_state, verbose : object
        As in :class:`StatefulLSTMClassifier`; ``truncated_bptt_steps`` must not
        be less than the steps of a row, and ``bidirectional`` is of the encoder.
    attention : bool, default=False
        Whether each answer also sees a mean of what was encoded, weighted by how much
        each step resembles what was decoded (Luong et al. 2015; Keras' ``Attention``).

    See Also
    --------
    Seq2SeqEcho : Answers at every step.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import EncoderDecoderEcho, OneHotSequence
    >>> tokens = np.random.default_rng(0).integers(4, size=(300, 5))
    >>> X = OneHotSequence().fit_transform(tokens)
    >>> est = EncoderDecoderEcho(epochs=60, learning_rate=0.01, random_state=0)
    >>> est.fit(X, tokens[:, :2]).score(X, tokens[:, :2])
    1.0
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS["EncoderDecoderEcho"]
    _topology = "encoder_decoder"

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
        attention: bool = False,
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
        self.attention = attention

    def _layout_for(self, y, n_timesteps) -> Layout:
        return layout_after(y, self.n_outputs)
