"""Missing values of sequences, filled with those before."""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    OneToOneFeatureMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from skseq._lists import rows_of
from skseq._sequences import is_padding
from skseq._unchanged import unchanged_on_error
from skseq.preprocessing._sequences import (
    ArrayOutputMixin,
    check_elements,
    check_list,
    check_sequences,
)


class ForwardFiller(
    ArrayOutputMixin, OneToOneFeatureMixin, TransformerMixin, BaseEstimator
):
    """Carry the last known value of each feature forward, within each sequence.

    Nothing is learnt, and nothing comes from later steps or other sequences. What is
    missing before a feature's first value stays missing.

    Parameters
    ----------
    mask_value : float, default=None
        A step all of whose features are this is padding: it is passed over and comes
        out as it went in. None: every step is real.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns of a two-dimensional X in `fit`, features per step otherwise.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    PerStep : Fills with what scikit-learn's imputers learn, as in
        ``PerStep(SimpleImputer())``; it can follow for what is missing at the start.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.preprocessing import ForwardFiller
    >>> X = [[np.nan, 3.0, np.nan, 5.0], [1.0, np.nan, np.nan, 2.0]]
    >>> ForwardFiller().fit_transform(X)
    array([[nan,  3.,  3.,  5.],
           [ 1.,  1.,  1.,  2.]])
    """

    _parameter_constraints: ClassVar[dict] = {"mask_value": [Real, None]}

    def __init__(self, *, mask_value: float | None = None):
        self.mask_value = mask_value

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> Self:
        """Remember the number of features.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]) or list of \
                array of shape (n_timesteps[, n_features])
            Sequences of numbers.
        y : None
            Ignored.

        Returns
        -------
        self : ForwardFiller
            The fitted transformer.

        Raises
        ------
        ValueError
            If X does not hold numbers.
        """
        with unchanged_on_error(self):
            self._read(X, reset=True)
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray | list[np.ndarray]:
        """Fill what is missing after a known value.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]) or list of \
                array of shape (n_timesteps[, n_features])
            Sequences of numbers.

        Returns
        -------
        X_filled : ndarray or list of ndarray, as X
            The same with values in place of NaN.

        Raises
        ------
        ValueError
            If X does not hold numbers, or other features than in `fit`.
        """
        check_is_fitted(self)
        X = self._read(X, reset=False)
        if isinstance(X, list):
            return [self._filled(sequence[np.newaxis])[0] for sequence in X]
        return self._filled(X)

    def _read(self, X: Any, *, reset: bool) -> np.ndarray | list[np.ndarray]:
        given = rows_of(X)
        if given is not None:
            return [_floats(row) for row in check_list(self, given, reset=reset)]
        X = check_sequences(self, X, reset=reset, allow_missing=True)
        if reset and X.ndim == 2:
            self.__dict__.pop("_per_step", None)
        return _floats(X)

    def _filled(self, X: np.ndarray) -> np.ndarray:
        given = X if X.ndim == 3 else X[:, :, np.newaxis]
        known = ~np.isnan(given)
        missing = ~known
        if self.mask_value is not None:
            padding = is_padding(given, self.mask_value)[:, :, np.newaxis]
            known, missing = known & ~padding, missing & ~padding
        places = np.where(known, np.arange(given.shape[1])[:, np.newaxis], -1)
        last = np.maximum.accumulate(places, axis=1)
        carried = np.take_along_axis(given, np.maximum(last, 0), axis=1)
        return np.where(missing & (last >= 0), carried, given).reshape(X.shape)


def _floats(X: np.ndarray) -> np.ndarray:
    if X.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{X}\n")
    if X.dtype in (np.float64, np.float32):
        return X
    try:
        numbers = X.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"X must hold numbers: {error}.") from error
    check_elements(numbers, "X", allow_missing=True)
    return numbers
