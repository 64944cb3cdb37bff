"""Symbols to one-hot steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, issparse
from sklearn.base import (
    BaseEstimator,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags, check_array
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.validation import check_is_fitted

from skseq._lists import codes_of, joined, padded, parted, place_of, rows_of
from skseq._memory import refuse_beyond_memory
from skseq._symbols import as_symbols, common_dtype, is_missing
from skseq._unchanged import unchanged_on_error
from skseq.preprocessing._sequences import (
    ArrayOutputMixin,
    check_elements,
    check_last_axis,
    check_sequences,
    some,
)


class OneHotSequence(ArrayOutputMixin, TransformerMixin, BaseEstimator):
    """Encode sequences of symbols as one-hot steps.

    One alphabet serves every position, unlike in
    :class:`sklearn.preprocessing.OneHotEncoder`, which learns one per column.

    Parameters
    ----------
    categories : "auto" or array-like of shape (n_categories,), default="auto"
        The alphabet, in the order of the output's last axis. ``"auto"`` takes the
        sorted symbols seen in `fit`; symbols that cannot be compared are sorted by
        the name of their type first.
    dtype : dtype, default=numpy.float32
        Number type of the output.
    handle_unknown : {"error", "ignore"}, default="error"
        What `transform` does with a symbol outside the alphabet: refuse it, or
        encode it as a step of zeros.
    padding : object, default=None
        The symbol that fills steps which do not exist, for example ``-1``, ``""`` or
        ``nan`` (which stands for every missing value: NaN, None, pandas' NA). It is
        encoded as a step of zeros, which estimators with ``mask_value=0`` skip, and
        never belongs to the alphabet. With a padding, a list of sequences becomes one
        array, padded at their ends; without, it stays a list. None means that there
        is no padding: missing values are then an error.
    sparse_output : bool, default=False
        Whether `transform` gives a list of sparse arrays, one a sequence. The
        estimators of this package keep them as symbols, and look these up: use it where
        an alphabet is so large that one-hot steps fill the memory.

    Attributes
    ----------
    categories_ : ndarray of shape (n_categories,)
        The alphabet.
    n_features_in_ : int
        Number of columns of a two-dimensional X in `fit`; 1 for a three-dimensional
        one, or a list.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SupervisedWindower : Cut sequences into supervised pairs.
    skseq.preprocessing.pad_sequences : Bring sequences to one length.

    Notes
    -----
    Two-dimensional input has the number of steps seen in `fit`, as scikit-learn asks
    of every table. Sequences of any other length go in as
    ``(n_sequences, n_timesteps, 1)``, or as a list of arrays. Lists of lists are a list
    of sequences where their lengths differ. A fit to sequences of any length takes
    tables of any width.

    Examples
    --------
    >>> from skseq import OneHotSequence
    >>> encoder = OneHotSequence(dtype=int)
    >>> encoded = encoder.fit_transform([["c", "a", "b"], ["a", "a", "c"]])
    >>> encoded.shape
    (2, 3, 3)
    >>> encoded[0]
    array([[0, 0, 1],
           [1, 0, 0],
           [0, 1, 0]])
    >>> encoder.inverse_transform(encoded)
    array([['c', 'a', 'b'],
           ['a', 'a', 'c']], dtype='<U1')

    Words of different lengths, each an array of its own:

    >>> words = OneHotSequence().fit_transform([list("bad"), list("cabbage")])
    >>> [word.shape for word in words]
    [(3, 6), (7, 6)]
    """

    _parameter_constraints: ClassVar[dict] = {
        "categories": [StrOptions({"auto"}), "array-like"],
        "dtype": "no_validation",  # numpy.dtype says what is wrong with one
        "handle_unknown": [StrOptions({"error", "ignore"})],
        "padding": "no_validation",  # any symbol
        "sparse_output": ["boolean"],
    }

    def __init__(
        self,
        *,
        categories: str | npt.ArrayLike = "auto",
        dtype: npt.DTypeLike = np.float32,
        handle_unknown: str = "error",
        padding: Any = None,
        sparse_output: bool = False,
    ):
        self.categories = categories
        self.dtype = dtype
        self.handle_unknown = handle_unknown
        self.padding = padding
        self.sparse_output = sparse_output

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.categorical = True
        tags.input_tags.allow_nan = self._pads_with_missing()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _pads_with_missing(self) -> bool:
        return self.padding is not None and is_missing(self.padding)

    def _is_padding(self, value: Any) -> bool:
        if self.padding is None:
            return False
        if self._pads_with_missing():
            return is_missing(value)
        return bool(value == self.padding)

    def _check_X(self, X: Any, *, reset: bool) -> tuple[np.ndarray, np.ndarray | None]:
        """Symbols: a grid, or those of a list one after the other and its lengths."""
        missing = self._pads_with_missing()
        rows = rows_of(X)
        lengths = None
        if rows is not None:
            X, lengths = joined(rows, "X")
            X = X if X.ndim == 2 else X[:, None]
            check_last_axis(self, X[None], reset=reset)
            check_elements(X, "X", allow_missing=missing, lengths=lengths)
        else:
            X = check_sequences(self, X, reset=reset, allow_missing=missing)
        if lengths is not None or X.ndim == 3:
            if X.shape[-1] != 1:
                raise ValueError(
                    "OneHotSequence expects one symbol per step, X of shape "
                    "(n_sequences, n_timesteps) or (n_sequences, n_timesteps, 1); "
                    f"got shape {X.shape}."
                )
            X = X[..., 0]
        return X, lengths

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> OneHotSequence:
        """Learn the alphabet.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1), or list of array-like of shape \
                (n_timesteps,)
            Symbols of any hashable kind.
        y : None
            Ignored.

        Returns
        -------
        self : OneHotSequence
            The fitted transformer.

        Raises
        ------
        ValueError
            If X is missing values, is of another shape, or holds symbols that the
            given `categories` lack while ``handle_unknown="error"``.
        TypeError
            If a symbol is not hashable.
        """
        self._check_settings()
        with unchanged_on_error(self):
            symbols, lengths = self._check_X(X, reset=True)
            if isinstance(self.categories, str):
                self.categories_ = self._learn_alphabet(symbols)
            else:
                self.categories_ = self._given_alphabet()
                self._encode(symbols, lengths)
        return self

    def _check_settings(self) -> None:
        problems = []
        try:
            is_number = np.dtype(self.dtype).kind in "biuf"
        except TypeError:
            is_number = False
        if not is_number:
            problems.append(
                f"dtype must be a dtype of numbers or booleans; got {self.dtype!r}."
            )
        if not isinstance(self.padding, Hashable):
            problems.append(f"padding must be None or a symbol; got {self.padding!r}.")
        if problems:
            raise ValueError("OneHotSequence: " + " ".join(problems))

    def _learn_alphabet(self, X: np.ndarray) -> np.ndarray:
        if X.dtype != object:
            values = np.unique(X)
            keep = [not self._is_padding(value) for value in values.tolist()]
            values = values[keep]
        else:
            symbols = {v for v in X.ravel().tolist() if not self._is_padding(v)}
            values = np.empty(len(symbols), dtype=object)
            values[:] = _sorted_symbols(symbols)
        if not len(values):
            raise ValueError(
                f"X holds nothing but the padding {self.padding!r}; OneHotSequence "
                "needs at least one symbol."
            )
        return values

    def _given_alphabet(self) -> np.ndarray:
        alphabet = np.asarray(as_symbols(self.categories))
        problems = []
        if alphabet.ndim != 1 or not alphabet.size:
            problems.append(
                "categories must be 'auto' or a non-empty list of symbols; got an "
                f"array of shape {alphabet.shape}."
            )
        else:
            check_elements(alphabet, "categories", allow_missing=True)
            symbols = alphabet.tolist()
            repeated = [v for v, times in Counter(symbols).items() if times > 1]
            if repeated:
                problems.append(f"categories repeats {some(repeated)}.")
            if any(self._is_padding(value) or is_missing(value) for value in symbols):
                problems.append("categories holds a missing value or the padding.")
        if problems:
            raise ValueError(" ".join(problems))
        return alphabet

    def _encode(self, X: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
        """Return each symbol's place in the alphabet, -1 for padding, -2 if unknown."""
        lookup = {value: i for i, value in enumerate(self.categories_.tolist())}

        def code(value: Any) -> int:
            return -1 if self._is_padding(value) else lookup.get(value, -2)

        if X.dtype == object:
            codes = np.array([code(value) for value in X.ravel().tolist()], dtype=int)
            codes = codes.reshape(X.shape)
        else:
            values, places = _distinct(X)
            codes = np.array([code(value) for value in values], dtype=int)
            codes = codes[places].reshape(X.shape)
        unknown = codes == -2
        if self.handle_unknown == "error" and unknown.any():
            at = np.argwhere(unknown)[0]
            row, step = at if lengths is None else place_of(at[0], lengths)
            raise ValueError(
                f"X has symbols outside the alphabet: "
                f"{some(list(dict.fromkeys(X[unknown].tolist())))}, first at row "
                f"{row}, step {step}; the alphabet is "
                f"{some(self.categories_.tolist())}. Name the whole alphabet in "
                "categories, or set handle_unknown='ignore'."
            )
        return codes

    def transform(self, X: npt.ArrayLike) -> np.ndarray | list:
        """Encode each symbol as a one-hot step.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1), or list of array-like of shape \
                (n_timesteps,)
            Symbols.

        Returns
        -------
        X_encoded : ndarray of shape (n_sequences, n_timesteps, n_categories), or list \
                of ndarray or sparse array of shape (n_timesteps, n_categories)
            1 at the symbol's place in `categories_`, 0 elsewhere. A list for a list
            without a `padding`, and of sparse arrays with ``sparse_output=True``.

        Raises
        ------
        ValueError
            If a two-dimensional X has another number of steps than in `fit`, or a
            symbol is unknown while ``handle_unknown="error"``.
        """
        check_is_fitted(self)
        symbols, lengths = self._check_X(X, reset=False)
        codes = self._encode(symbols, lengths)
        if self.sparse_output:
            if lengths is None:
                lengths = np.full(len(codes), codes.shape[1])
            return [self._sparse(row) for row in parted(codes.ravel(), lengths)]
        if lengths is not None and self.padding is not None:
            codes, lengths = padded(codes, lengths, -1), None
        shape = (*codes.shape, len(self.categories_))
        refuse_beyond_memory(shape, self.dtype, "the number of categories")
        encoded = np.zeros(shape, dtype=self.dtype)
        known = codes >= 0
        encoded[known, codes[known]] = 1
        return encoded if lengths is None else list(parted(encoded, lengths))

    def _sparse(self, codes: np.ndarray) -> csr_array:
        """One-hot steps of a sequence, of which only the ones are kept."""
        known = codes >= 0
        ends = np.concatenate([[0], np.cumsum(known)])
        ones = np.ones(ends[-1], self.dtype)
        shape = (len(codes), len(self.categories_))
        return csr_array((ones, codes[known], ends), shape=shape)

    def inverse_transform(self, X: npt.ArrayLike) -> np.ndarray | list:
        """Return the symbol with the largest value at each step.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps, n_categories), or list of \
                array-like or sparse array of shape (n_timesteps, n_categories)
            One-hot steps, or a network's probabilities.

        Returns
        -------
        X_symbols : ndarray of shape (n_sequences, n_timesteps), or list of ndarray of \
                shape (n_timesteps,)
            Symbols; a list for a list. A step of zeros becomes the padding, or None
            where there is no padding and ``handle_unknown="ignore"``.

        Raises
        ------
        ValueError
            If the last axis does not fit the alphabet, or a step is all zeros while
            neither padding nor an unknown symbol can have made it.
        """
        check_is_fitted(self)
        rows = rows_of(X)
        if rows is None:
            return self._decode(check_array(X, allow_nd=True, input_name="X"), None)
        steps, lengths = joined(rows, "X")
        if not issparse(steps):
            steps = check_array(steps, ensure_2d=False, input_name="X")
        return list(parted(self._decode(steps, lengths), lengths))

    def _decode(self, steps: Any, lengths: np.ndarray | None) -> np.ndarray:
        ndim = 3 if lengths is None else 2
        if steps.ndim != ndim or steps.shape[-1] != len(self.categories_):
            raise ValueError(
                "X must have shape (n_sequences, n_timesteps, "
                f"{len(self.categories_)}), the last axis being the alphabet; got "
                f"shape {steps.shape}."
            )
        codes = codes_of(steps) if issparse(steps) else _largest(steps)
        if codes is None:
            raise ValueError("X has sparse steps that are not one-hot.")
        symbols = self.categories_[codes]
        empty = codes < 0
        if not empty.any():
            return symbols
        if self.padding is None and self.handle_unknown == "error":
            at = np.argwhere(empty)[0]
            row, step = at if lengths is None else place_of(at[0], lengths)
            raise ValueError(
                f"X is all zeros at row {row}, step {step}, which stands for no symbol."
            )
        symbols = symbols.astype(common_dtype([symbols], self.padding))
        symbols[empty] = self.padding
        return symbols

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the output's last axis.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Ignored: one alphabet serves all steps.

        Returns
        -------
        names : ndarray of shape (n_categories,)
            ``symbol_<category>`` for each symbol of the alphabet.
        """
        check_is_fitted(self)
        names = [f"symbol_{value}" for value in self.categories_.tolist()]
        return np.asarray(names, dtype=object)


def _distinct(X: np.ndarray) -> tuple[Iterable[Any], np.ndarray]:
    """Values that hold all symbols, and the place of each symbol among them."""
    if X.dtype.kind in "iu":
        low, high = int(X.min()), int(X.max())
        # Sorting millions of symbols takes longer than all else that is done to them.
        if high - low < X.size:
            wide = X if X.dtype.kind == "u" else X.astype(np.int64)
            return range(low, high + 1), wide - X.min()
    values, places = np.unique(X, return_inverse=True)
    return values.tolist(), places


def _largest(steps: np.ndarray) -> np.ndarray:
    """Place of the largest value of each step, -1 where all are zero."""
    return np.where(steps.any(axis=-1), steps.argmax(axis=-1), -1)


def _sorted_symbols(symbols: set) -> list:
    try:
        return sorted(symbols)
    except TypeError:
        return sorted(symbols, key=lambda value: (type(value).__name__, repr(value)))
