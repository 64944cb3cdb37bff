"""Transformers between tables of sequences and what recurrent estimators read.

The three of them cover the three ways a sequence reaches a network: symbols become
one-hot steps (`OneHotSequence`), rows of a table become the last steps before them
(`LagFramer`), and whole sequences become supervised pairs (`SupervisedWindower`).
"""

from __future__ import annotations

import math
import os
from collections.abc import Hashable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    OneToOneFeatureMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags, assert_all_finite, check_array
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._unchanged import unchanged_on_error

__all__ = ["LagFramer", "OneHotSequence", "SupervisedWindower", "pad_sequences"]


class _ArrayOutputMixin:
    """Keep NumPy output where a container is asked for that could not hold it."""

    def set_output(self, *, transform: str | None = None) -> Self:
        """Accept a choice of output container and keep giving arrays.

        Steps of sequences have no place in a two-dimensional table, so the output
        is a NumPy array whatever is asked. The method exists so that
        ``Pipeline.set_output`` reaches the steps around this one.

        Parameters
        ----------
        transform : {"default", "pandas", "polars", None}, default=None
            The container asked for.

        Returns
        -------
        self : estimator
            The transformer, unchanged.

        Raises
        ------
        ValueError
            If `transform` is not a container that scikit-learn knows.
        """
        known = ("default", "pandas", "polars", None)
        if transform not in known:
            raise ValueError(
                f"transform must be one of {', '.join(map(repr, known))}; "
                f"got {transform!r}."
            )
        return self


def _is_missing(value: Any) -> bool:
    """Tell whether a value is None, NaN or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA refuses to be true or false
        return type(value).__name__ == "NAType"


_UNEVEN = (
    "Rows of different lengths make no array: fill them up with "
    "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its padding do "
    "so."
)


def _is_ragged(X: Any) -> bool:
    """Tell whether X is a list of sequences of more than one length."""
    if not isinstance(X, (list, tuple)) or not X:
        return False
    if not all(isinstance(row, (list, tuple, np.ndarray)) for row in X):
        return False
    return len({len(row) for row in X}) > 1


def _n_dimensions(X: Any) -> int:
    """Count the dimensions of array-like input without reading a table's values."""
    shape = getattr(X, "shape", None)
    return len(shape) if shape is not None else np.asarray(X).ndim


def _as_symbols(X: Any) -> Any:
    """Return lists of mixed kinds as object arrays, which keeps 1 apart from "1"."""
    if hasattr(X, "shape") or hasattr(X, "__array__"):
        return X
    try:
        array = np.asarray(X)
    except ValueError as error:
        raise ValueError(_UNEVEN) from error
    if array.dtype.kind == "U":
        mixed = np.asarray(X, dtype=object)
        if not all(isinstance(value, str) for value in mixed.ravel()):
            return mixed
    return array


def _check_elements(X: np.ndarray, name: str, *, allow_missing: bool = False) -> None:
    """Refuse missing and infinite values, and objects that cannot be symbols."""
    if X.dtype != object:
        assert_all_finite(X, allow_nan=allow_missing, input_name=name)
        return
    # scikit-learn's own check of objects knows neither None nor pandas.NA.
    for position, value in np.ndenumerate(X):
        place = f"row {position[0]}, step {position[1]}" if X.ndim > 1 else position[0]
        try:
            hash(value)
        except TypeError:
            raise TypeError(
                f"Each symbol of the {name} argument must be hashable, such as a "
                f"string or a number; got {value!r} of type {type(value).__name__} at "
                f"{place}."
            ) from None
        if not allow_missing and _is_missing(value):
            raise ValueError(
                f"Input {name} contains NaN or None at {place}. Fill it, or name it as "
                "padding: OneHotSequence(padding=numpy.nan)."
            )
        if isinstance(value, (float, np.floating)) and math.isinf(value):
            raise ValueError(f"Input {name} contains infinity at {place}.")


def _check_sequences(
    estimator: BaseEstimator,
    X: Any,
    *,
    reset: bool,
    allow_missing: bool = False,
) -> np.ndarray:
    """Validate ``(n, t)`` or ``(n, t, f)`` values of any kind.

    `n_features_in_` is the number of columns of a two-dimensional X, as everywhere
    in scikit-learn, and the size of the last axis of a three-dimensional one, which
    leaves the number of steps free.
    """
    X = _as_symbols(X)
    options: dict[str, Any] = {"dtype": None, "ensure_all_finite": False}
    if _n_dimensions(X) != 3:
        X = validate_data(estimator, X, reset=reset, **options)
    else:
        X = check_array(X, allow_nd=True, input_name="X", **options)
        _check_last_axis(estimator, X, reset=reset)
    _check_elements(X, "X", allow_missing=allow_missing)
    return X


def _check_last_axis(estimator: BaseEstimator, X: np.ndarray, *, reset: bool) -> None:
    if 0 in X.shape:
        raise ValueError(
            f"Found array with shape {X.shape}, while at least 1 step and 1 feature "
            "per step are required."
        )
    n_features = X.shape[2]
    if reset:
        estimator.n_features_in_ = n_features
        estimator.__dict__.pop("feature_names_in_", None)
        estimator._per_step = True
    elif getattr(estimator, "_per_step", False):
        if n_features != estimator.n_features_in_:
            raise ValueError(
                f"X has {n_features} features per step, but "
                f"{type(estimator).__name__} is expecting {estimator.n_features_in_}."
            )
    elif n_features != 1:
        raise ValueError(
            f"X has {n_features} features per step, but {type(estimator).__name__} "
            "was fitted on one value per step: pass (n_sequences, n_timesteps) or "
            "(n_sequences, n_timesteps, 1)."
        )


def _refuse_beyond_memory(
    shape: Sequence[int], dtype: npt.DTypeLike, name: str
) -> None:
    """Refuse what the system would kill the process for."""
    needed = math.prod(shape) * np.dtype(dtype).itemsize
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > memory:
        raise ValueError(
            f"The result would take {needed / 1e9:.3g} GB, but this machine has "
            f"{memory / 1e9:.3g} GB of memory; lower {name}."
        )


def pad_sequences(
    sequences: Iterable[npt.ArrayLike], *, fill_value: Any = np.nan
) -> np.ndarray:
    """Pad sequences of different lengths at their ends to one array.

    The fill marks steps that do not exist. Give the same value to `mask_value` of an
    estimator, or to `padding` of `OneHotSequence`, and they are skipped.

    Parameters
    ----------
    sequences : iterable of array-like of shape (n_timesteps,) or \
            (n_timesteps, n_features)
        The sequences; all have the same number of features.
    fill_value : object, default=nan
        What stands at the steps that a sequence does not have.

    Returns
    -------
    X : ndarray of shape (n_sequences, n_timesteps) or \
            (n_sequences, n_timesteps, n_features)
        Every sequence from its first step on, then the fill up to the longest.

    Raises
    ------
    ValueError
        If there is no sequence, one is empty, or their features differ.

    See Also
    --------
    OneHotSequence : Encodes padding as steps of zeros.

    Examples
    --------
    >>> from skseq.preprocessing import pad_sequences
    >>> pad_sequences([[3, 0, 3], [4, 0, 1, 2, 4]], fill_value=-1)
    array([[ 3,  0,  3, -1, -1],
           [ 4,  0,  1,  2,  4]])
    """
    if not isinstance(sequences, Iterable):
        raise ValueError(f"sequences must be a list of sequences; got {sequences!r}.")
    arrays = [np.asarray(_as_symbols(sequence)) for sequence in sequences]
    shapes = [array.shape for array in arrays]
    if not arrays or any(0 in shape or len(shape) not in (1, 2) for shape in shapes):
        raise ValueError(
            "sequences must hold at least one sequence, each of shape (n_timesteps,) "
            f"or (n_timesteps, n_features) with no empty axis; got shapes {shapes}."
        )
    if len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(
            "All sequences must have the same number of features per step; got shapes "
            f"{shapes}."
        )
    longest = max(shape[0] for shape in shapes)
    padded = np.full(
        (len(arrays), longest, *shapes[0][1:]),
        fill_value,
        dtype=_common_dtype(arrays, fill_value),
    )
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded


def _common_dtype(arrays: Sequence[np.ndarray], fill_value: Any) -> np.dtype:
    """Find a dtype that holds the arrays and the fill without changing either."""
    kinds = {array.dtype.kind for array in arrays}
    fill = np.asarray(fill_value)
    if kinds | {fill.dtype.kind} <= set("biuf"):
        values = np.result_type(*arrays)
        if values.kind != "f" and fill.dtype.kind == "f":
            return np.dtype(np.float64)
        # The least type of a scalar: -1 among unsigned numbers makes them signed, and
        # nan among single precision leaves it.
        return np.result_type(values, np.min_scalar_type(fill_value))
    if kinds | {fill.dtype.kind} == {"U"}:
        return np.result_type(*arrays, fill)
    return np.dtype(object)


class OneHotSequence(_ArrayOutputMixin, TransformerMixin, BaseEstimator):
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
        never belongs to the alphabet. With a padding, lists of sequences of
        different lengths are accepted and padded at their ends. None means that
        there is no padding: missing values are then an error.

    Attributes
    ----------
    categories_ : ndarray of shape (n_categories,)
        The alphabet.
    n_features_in_ : int
        Number of columns of a two-dimensional X in `fit`; 1 for a three-dimensional
        one.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SupervisedWindower : Cut sequences into supervised pairs.
    pad_sequences : Bring sequences of different lengths to one array.

    Notes
    -----
    Two-dimensional input has the number of steps seen in `fit`, as scikit-learn asks
    of every table. Sequences of any other length go in as
    ``(n_sequences, n_timesteps, 1)``.

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
    """

    _parameter_constraints: ClassVar[dict] = {
        "categories": [StrOptions({"auto"}), "array-like"],
        "dtype": "no_validation",  # numpy.dtype says what is wrong with one
        "handle_unknown": [StrOptions({"error", "ignore"})],
        "padding": "no_validation",  # any symbol
    }

    def __init__(
        self,
        *,
        categories: str | npt.ArrayLike = "auto",
        dtype: npt.DTypeLike = np.float32,
        handle_unknown: str = "error",
        padding: Any = None,
    ):
        self.categories = categories
        self.dtype = dtype
        self.handle_unknown = handle_unknown
        self.padding = padding

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.categorical = True
        tags.input_tags.allow_nan = self._pads_with_missing()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _pads_with_missing(self) -> bool:
        return self.padding is not None and _is_missing(self.padding)

    def _is_padding(self, value: Any) -> bool:
        if self.padding is None:
            return False
        if self._pads_with_missing():
            return _is_missing(value)
        return bool(value == self.padding)

    def _check_X(self, X: Any, *, reset: bool) -> np.ndarray:
        if _is_ragged(X) and self.padding is not None:
            X = pad_sequences(X, fill_value=self.padding)[..., np.newaxis]
        missing = self._pads_with_missing()
        X = _check_sequences(self, X, reset=reset, allow_missing=missing)
        if X.ndim == 3:
            if X.shape[2] != 1:
                raise ValueError(
                    "OneHotSequence expects one symbol per step, X of shape "
                    "(n_sequences, n_timesteps) or (n_sequences, n_timesteps, 1); "
                    f"got shape {X.shape}."
                )
            X = X[:, :, 0]
        return X

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> OneHotSequence:
        """Learn the alphabet.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1)
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
            symbols = self._check_X(X, reset=True)
            if isinstance(self.categories, str):
                self.categories_ = self._learn_alphabet(symbols)
            else:
                self.categories_ = self._given_alphabet()
                self._encode(symbols)
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
        alphabet = np.asarray(_as_symbols(self.categories))
        problems = []
        if alphabet.ndim != 1 or not alphabet.size:
            problems.append(
                "categories must be 'auto' or a non-empty list of symbols; got an "
                f"array of shape {alphabet.shape}."
            )
        else:
            _check_elements(alphabet, "categories", allow_missing=True)
            symbols = alphabet.tolist()
            repeated = [v for i, v in enumerate(symbols) if v in symbols[:i]]
            if repeated:
                problems.append(f"categories repeats {_some(repeated)}.")
            if any(self._is_padding(value) or _is_missing(value) for value in symbols):
                problems.append("categories holds a missing value or the padding.")
        if problems:
            raise ValueError(" ".join(problems))
        return alphabet

    def _encode(self, X: np.ndarray) -> np.ndarray:
        """Return each symbol's place in the alphabet, -1 for padding, -2 if unknown."""
        lookup = {value: i for i, value in enumerate(self.categories_.tolist())}

        def code(value: Any) -> int:
            return -1 if self._is_padding(value) else lookup.get(value, -2)

        if X.dtype == object:
            codes = np.array([code(value) for value in X.ravel().tolist()], dtype=int)
            codes = codes.reshape(X.shape)
        else:
            values, places = np.unique(X, return_inverse=True)
            codes = np.array([code(value) for value in values.tolist()], dtype=int)
            codes = codes[places].reshape(X.shape)
        unknown = codes == -2
        if self.handle_unknown == "error" and unknown.any():
            row, step = np.argwhere(unknown)[0]
            raise ValueError(
                f"X has symbols outside the alphabet: "
                f"{_some(list(dict.fromkeys(X[unknown].tolist())))}, first at row "
                f"{row}, step {step}; the alphabet is "
                f"{_some(self.categories_.tolist())}. Name the whole alphabet in "
                "categories, or set handle_unknown='ignore'."
            )
        return codes

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Encode each symbol as a one-hot step.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1)
            Symbols.

        Returns
        -------
        X_encoded : ndarray of shape (n_sequences, n_timesteps, n_categories)
            1 at the symbol's place in `categories_`, 0 elsewhere.

        Raises
        ------
        ValueError
            If a two-dimensional X has another number of steps than in `fit`, or a
            symbol is unknown while ``handle_unknown="error"``.
        """
        check_is_fitted(self)
        codes = self._encode(self._check_X(X, reset=False))
        encoded = np.zeros((*codes.shape, len(self.categories_)), dtype=self.dtype)
        known = codes >= 0
        encoded[known, codes[known]] = 1
        return encoded

    def inverse_transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the symbol with the largest value at each step.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps, n_categories)
            One-hot steps, or a network's probabilities.

        Returns
        -------
        X_symbols : ndarray of shape (n_sequences, n_timesteps)
            Symbols. A step of zeros becomes the padding, or None where there is no
            padding and ``handle_unknown="ignore"``.

        Raises
        ------
        ValueError
            If the last axis does not fit the alphabet, or a step is all zeros while
            neither padding nor an unknown symbol can have made it.
        """
        check_is_fitted(self)
        steps = check_array(X, allow_nd=True, input_name="X")
        if steps.ndim != 3 or steps.shape[2] != len(self.categories_):
            raise ValueError(
                "X must have shape (n_sequences, n_timesteps, "
                f"{len(self.categories_)}), the last axis being the alphabet; got "
                f"shape {steps.shape}."
            )
        symbols = self.categories_[steps.argmax(axis=2)]
        empty = ~steps.any(axis=2)
        if not empty.any():
            return symbols
        if self.padding is None and self.handle_unknown == "error":
            row, step = np.argwhere(empty)[0]
            raise ValueError(
                f"X is all zeros at row {row}, step {step}, which stands for no symbol."
            )
        symbols = symbols.astype(_common_dtype([symbols], self.padding))
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


def _sorted_symbols(symbols: set) -> list:
    try:
        return sorted(symbols)
    except TypeError:
        return sorted(symbols, key=lambda value: (type(value).__name__, repr(value)))


def _some(values: list, limit: int = 10) -> str:
    """Write out a list, shortened where it would flood a message."""
    shown = ", ".join(map(repr, values[:limit]))
    more = f", … ({len(values)} in all)" if len(values) > limit else ""
    return f"[{shown}{more}]"


class LagFramer(
    _ArrayOutputMixin, OneToOneFeatureMixin, TransformerMixin, BaseEstimator
):
    """Give each row of a table in time order the rows before it, as time steps.

    Row ``i`` of the output holds rows ``i - n_lags + 1`` to ``i`` of the table, oldest
    first: the row itself is the last step, and ``n_lags=1`` only adds an axis. No row
    is dropped; what lies before the first row is `fill_value`.

    Parameters
    ----------
    n_lags : int, default=1
        Number of rows, and so of time steps, in each output row.
    fill_value : float, default=nan
        What stands for rows before the first. Give it to `mask_value` of an estimator
        and those steps are skipped.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns seen in `fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    SupervisedWindower : Cut sequences into supervised pairs, dropping what is
        incomplete.

    Notes
    -----
    Every table given to `transform` starts anew: its first ``n_lags - 1`` rows are
    filled, also where they continue the table seen in `fit`.

    Examples
    --------
    Each month's value with the one before it, to forecast the next month ``y``:

    >>> import numpy as np
    >>> from skseq import LagFramer
    >>> series = np.array([589.0, 561.0, 640.0, 656.0])
    >>> X, y = series[:-1, np.newaxis], series[1:]
    >>> framed = LagFramer(n_lags=2, fill_value=-1).fit_transform(X)
    >>> for steps, target in zip(framed[:, :, 0], y):
    ...     print(steps, "->", target)
    [ -1. 589.] -> 561.0
    [589. 561.] -> 640.0
    [561. 640.] -> 656.0
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_lags": [Interval(Integral, 1, None, closed="left")],
        "fill_value": [Real],
    }

    def __init__(self, n_lags: int = 1, *, fill_value: float = np.nan):
        self.n_lags = n_lags
        self.fill_value = fill_value

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _check_X(self, X: Any, *, reset: bool) -> np.ndarray:
        if _is_ragged(X):
            raise ValueError(_UNEVEN)
        try:
            return validate_data(self, X, reset=reset, dtype=[np.float64, np.float32])
        except OverflowError as error:
            raise ValueError(f"X must hold numbers: {error}.") from error

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> LagFramer:
        """Check the table and remember its columns.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)
            A table in time order.
        y : None
            Ignored.

        Returns
        -------
        self : LagFramer
            The fitted transformer.

        Raises
        ------
        ValueError
            If X is not a finite table of numbers.
        """
        self._check_X(X, reset=True)
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Frame each row with the rows before it.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)
            A table in time order.

        Returns
        -------
        X_framed : ndarray of shape (n_rows, n_lags, n_features)
            ``X_framed[i, -1 - k]`` is ``X[i - k]``, or the fill where ``i < k``.

        Raises
        ------
        ValueError
            If X is not a finite table with the columns of `fit`.
        """
        check_is_fitted(self)
        table = self._check_X(X, reset=False)
        _refuse_beyond_memory((*table.shape, self.n_lags), table.dtype, "n_lags")
        before = (self.n_lags - 1, table.shape[1])
        with np.errstate(over="ignore"):
            fill = np.full(before, self.fill_value, dtype=table.dtype)
        if np.isinf(fill).any():
            raise ValueError(
                f"fill_value={self.fill_value!r} is infinite as {table.dtype}; use a "
                "finite number or nan."
            )
        known = np.concatenate([fill, table])
        rows = np.arange(len(table))[:, np.newaxis] + np.arange(self.n_lags)
        return known[rows]

    def inverse_transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the table that was framed.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_lags, n_features)
            Framed rows.

        Returns
        -------
        X_table : ndarray of shape (n_rows, n_features)
            The last step of each row.

        Raises
        ------
        ValueError
            If X has another number of steps or features.
        """
        check_is_fitted(self)
        # The fill may be NaN, so only the steps that are read must be finite.
        framed = check_array(X, allow_nd=True, ensure_all_finite=False, input_name="X")
        expected = (self.n_lags, self.n_features_in_)
        if framed.ndim != 3 or framed.shape[1:] != expected:
            raise ValueError(
                f"X must have shape (n_rows, {expected[0]}, {expected[1]}); got shape "
                f"{framed.shape}."
            )
        return framed[:, -1].copy()


class SupervisedWindower(_ArrayOutputMixin, TransformerMixin, BaseEstimator):
    """Cut sequences into windows, each with what is to be predicted from it.

    With ``target="forecast"`` the targets of a window are `n_out` consecutive values,
    the first of them `horizon` steps after the window's last value; with
    ``target="echo"`` they are the first `n_out` values of the window itself, counted
    from the oldest. Windows start every `step` values, the first one at the first
    value.

    Parameters
    ----------
    n_in : int, default=1
        Number of values in a window.
    n_out : int, default=1
        Number of target values of a window; at most `n_in` for ``target="echo"``.
    target : {"forecast", "echo"}, default="forecast"
        What is to be predicted from a window.
    horizon : int, default=1
        Steps from the window's last value to the first target; only for
        ``target="forecast"``.
    step : int, default=1
        Steps from the start of a window to the start of the next.
    layout : {"sequences", "series"}, default="sequences"
        How a two-dimensional X is read: each row a sequence, ``(n, t)``, or each row a
        time step of one series, ``(t, f)``.
    fill_value : object, default=None
        None drops windows that would start before the first value. Any other value
        keeps those that hold at least one value, with the fill in front (and in
        echoed targets); give it to `mask_value` of an estimator to have it skipped.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns of a two-dimensional X in `fit`, size of the last axis of a
        three-dimensional one.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    LagFramer : Give each row its past and keep all rows.

    Notes
    -----
    The number of rows changes, which scikit-learn does not foresee for a transformer:
    `y` cannot follow through a ``Pipeline``. Call `make_pairs` before the pipeline and
    give its `groups` to the splitter, so that windows of one sequence never land on
    both sides of a split.

    What is dropped from a sequence of ``t`` values: every window whose targets would
    lie beyond its end, so that ``t - n_in - horizon - n_out + 2`` windows remain
    (``t - n_in + 1`` for an echo) with ``step=1``.

    Examples
    --------
    Echo the first three of five:

    >>> from skseq import SupervisedWindower
    >>> echo = SupervisedWindower(n_in=5, n_out=3, target="echo")
    >>> X, y, groups = echo.make_pairs([[1, 2, 3, 4, 5, 6]])
    >>> for window, targets, group in zip(X, y, groups):
    ...     print(window, "->", targets, "of sequence", group)
    [1 2 3 4 5] -> [1 2 3] of sequence 0
    [2 3 4 5 6] -> [2 3 4] of sequence 0

    Forecast the value after three of a series:

    >>> forecast = SupervisedWindower(n_in=3, layout="series")
    >>> X, y, groups = forecast.make_pairs([0.3, 0.4, 0.5, 0.6, 0.7])
    >>> for window, target in zip(X, y):
    ...     print(window, "->", target)
    [0.3 0.4 0.5] -> 0.6
    [0.4 0.5 0.6] -> 0.7

    Two values, three steps after the window's last:

    >>> later = SupervisedWindower(n_in=2, n_out=2, horizon=3, layout="series")
    >>> X, y, groups = later.make_pairs([1, 2, 3, 4, 5, 6, 7])
    >>> for window, targets in zip(X, y):
    ...     print(window, "->", targets)
    [1 2] -> [5 6]
    [2 3] -> [6 7]
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_in": [Interval(Integral, 1, None, closed="left")],
        "n_out": [Interval(Integral, 1, None, closed="left")],
        "target": [StrOptions({"forecast", "echo"})],
        "horizon": [Interval(Integral, 1, None, closed="left")],
        "step": [Interval(Integral, 1, None, closed="left")],
        "layout": [StrOptions({"sequences", "series"})],
        "fill_value": "no_validation",  # any value or symbol
    }

    def __init__(
        self,
        n_in: int = 1,
        n_out: int = 1,
        *,
        target: str = "forecast",
        horizon: int = 1,
        step: int = 1,
        layout: str = "sequences",
        fill_value: Any = None,
    ):
        self.n_in = n_in
        self.n_out = n_out
        self.target = target
        self.horizon = horizon
        self.step = step
        self.layout = layout
        self.fill_value = fill_value

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _check_settings(self) -> None:
        problems = []
        if self.target == "echo" and self.n_out > self.n_in:
            problems.append(
                f"an echo has at most n_in={self.n_in} targets; got n_out={self.n_out}."
            )
        if self.target == "echo" and self.horizon != 1:
            problems.append(
                "horizon belongs to target='forecast'; got "
                f"horizon={self.horizon} with target='echo'."
            )
        if np.ndim(self.fill_value) != 0:
            problems.append(
                f"fill_value must be None, a number or a symbol; got "
                f"{self.fill_value!r}."
            )
        if problems:
            raise ValueError("SupervisedWindower: " + " ".join(problems))

    @property
    def _span(self) -> int:
        """Number of values that a window and its targets cover together."""
        if self.target == "echo":
            return self.n_in
        return self.n_in + self.horizon + self.n_out - 1

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> SupervisedWindower:
        """Check the sequences and remember their columns.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, n_features)
            Whole sequences; with ``layout="series"`` one series of shape
            (n_timesteps, n_features).
        y : None
            Ignored.

        Returns
        -------
        self : SupervisedWindower
            The fitted transformer.

        Raises
        ------
        ValueError
            If X has another shape, is too short for one window, or is not finite, or
            parameters contradict each other.
        """
        self._check_settings()
        with unchanged_on_error(self):
            sequences = _check_sequences(self, X, reset=True)
            steps = 0 if self._is_series(sequences) else 1
            self._check_lengths([sequences.shape[steps]])
        return self

    def _is_series(self, X: np.ndarray) -> bool:
        if X.ndim == 3 and self.layout == "series":
            raise ValueError(
                "layout='series' reads one series, X of shape (n_timesteps,) or "
                f"(n_timesteps, n_features); got shape {X.shape}. Use "
                "layout='sequences' for several."
            )
        return X.ndim == 1 or self.layout == "series"

    def _check_lengths(self, lengths: Sequence[int]) -> None:
        # With a fill, one value of the window is enough.
        needed = self._span if self.fill_value is None else self._span - self.n_in + 1
        short = [i for i, length in enumerate(lengths) if length < needed]
        if not short:
            return
        way_out = ""
        if self.fill_value is None:
            way_out = ", or set fill_value to keep incomplete windows"
        raise ValueError(
            f"A window with its targets needs {needed} values, but sequences "
            f"{_some(short)} have {_some([lengths[i] for i in short])} "
            f"(a table of sequences: n_features = {min(lengths)}). "
            f"Leave them out, lower n_in, n_out or horizon{way_out}."
        )

    def transform(self, X: npt.ArrayLike) -> np.ndarray:
        """Cut sequences into input windows, the first result of `make_pairs`.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, n_features)
            As in `fit`.

        Returns
        -------
        X_pairs : ndarray of shape (n_windows, n_in) or (n_windows, n_in, n_features)
            Windows, sequence by sequence and in time order.

        Raises
        ------
        ValueError
            If X does not have the columns of `fit`.
        """
        check_is_fitted(self)
        return self._cut(_check_sequences(self, X, reset=False), None)[0]

    def make_pairs(
        self, X: npt.ArrayLike, y: npt.ArrayLike | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cut sequences into windows and their targets.

        No fit is needed, and none is done.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps), \
                (n_sequences, n_timesteps, n_features) or (n_timesteps,), or list of \
                sequences of different lengths
            Whole sequences or one series; with ``layout="series"`` a two-dimensional X
            is one series of shape (n_timesteps, n_features).
        y : array-like with the sequences and steps of X, default=None
            Values to take the targets from, step by step beside X. None takes them
            from X.

        Returns
        -------
        X_pairs : ndarray of shape (n_windows, n_in) or (n_windows, n_in, n_features)
            Windows, sequence by sequence and in time order.
        y_pairs : ndarray of shape (n_windows,) or (n_windows, n_out)
            Targets, one-dimensional for ``n_out=1``. Where the targets have several
            features, these are a last axis.
        groups : ndarray of shape (n_windows,)
            Number of the sequence that a window comes from.

        Raises
        ------
        ValueError
            If X is too short for one window, y does not match X, or parameters
            contradict each other.
        """
        self._validate_params()
        self._check_settings()
        if _is_ragged(X):
            return self._pairs_of_ragged(X, y)
        targets = None if y is None else _check_values(y, "y")
        return self._cut(_check_values(X, "X"), targets)

    def _pairs_of_ragged(self, X: Any, y: Any) -> tuple:
        sequences = [_check_values([row], f"X[{i}]") for i, row in enumerate(X)]
        targets: list = [None] * len(sequences)
        if y is not None:
            targets = [_check_values([row], f"y[{i}]") for i, row in enumerate(y)]
        if len(targets) != len(sequences):
            raise ValueError(
                f"y must have the {len(sequences)} sequences of X; got {len(targets)}."
            )
        self._check_lengths([sequence.shape[1] for sequence in sequences])
        parts = [self._cut(*pair) for pair in zip(sequences, targets, strict=True)]
        X_pairs, y_pairs, _ = zip(*parts, strict=True)
        groups = np.repeat(np.arange(len(parts)), [len(part) for part in X_pairs])
        return _joined(X_pairs), _joined(y_pairs), groups

    def _cut(self, X: np.ndarray, y: np.ndarray | None) -> tuple:
        """Cut validated arrays, all sequences at once."""
        if self._is_series(X):
            X = X[np.newaxis]
            y = None if y is None else y[np.newaxis]
        if y is None:
            y = X[..., 0] if X.ndim == 3 and X.shape[2] == 1 else X
        if y.shape[:2] != X.shape[:2]:
            raise ValueError(
                "y must have the sequences and steps of X: expected "
                f"{X.shape[:2]}, got {y.shape[:2]}."
            )
        self._check_lengths([X.shape[1]])
        shift = 0
        if self.fill_value is not None:
            shift = self.n_in - 1
            _refuse_beyond_memory((len(X), shift, *X.shape[2:]), X.dtype, "n_in")
            X = self._fill_front(X, shift)
            y = self._fill_front(y, shift)
        starts = np.arange(0, X.shape[1] - self._span + 1, self.step)
        first = 0 if self.target == "echo" else self.n_in - 1 + self.horizon
        X_pairs = X[:, starts[:, np.newaxis] + np.arange(self.n_in)]
        y_pairs = y[:, starts[:, np.newaxis] + first + np.arange(self.n_out)]
        X_pairs = X_pairs.reshape(-1, *X_pairs.shape[2:])
        y_pairs = y_pairs.reshape(-1, *y_pairs.shape[2:])
        groups = np.repeat(np.arange(len(X)), len(starts))
        return X_pairs, y_pairs[:, 0] if self.n_out == 1 else y_pairs, groups

    def _fill_front(self, values: np.ndarray, n_steps: int) -> np.ndarray:
        dtype = _common_dtype([values], self.fill_value)
        shape = (len(values), n_steps, *values.shape[2:])
        fill = np.full(shape, self.fill_value, dtype=dtype)
        return np.concatenate([fill, values.astype(dtype)], axis=1)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the values of a window by their distance to its last value.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Ignored: windows cut across the columns.

        Returns
        -------
        names : ndarray of shape (n_in,)
            ``t-<k>`` for the value ``k`` steps before the window's last, ``t``.
        """
        check_is_fitted(self)
        names = [f"t-{k}" for k in range(self.n_in - 1, 0, -1)] + ["t"]
        return np.asarray(names, dtype=object)


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Concatenate; numbers among strings stay numbers."""
    dtype = _common_dtype(parts, parts[0].flat[0])
    return np.concatenate([part.astype(dtype) for part in parts])


def _check_values(values: Any, name: str) -> np.ndarray:
    """Validate a series or sequences of any kind, of one to three dimensions."""
    values = _as_symbols(values)
    if _n_dimensions(values) == 0:
        raise ValueError(f"{name} must hold sequences or a series; got {values!r:.80}.")
    array = check_array(
        values,
        dtype=None,
        ensure_2d=False,
        allow_nd=True,
        ensure_all_finite=False,
        input_name=name,
    )
    if array.ndim not in (1, 2, 3) or 0 in array.shape:
        raise ValueError(
            f"{name} must be (n_timesteps,), (n_sequences, n_timesteps) or "
            f"(n_sequences, n_timesteps, n_features) with no empty axis; got shape "
            f"{array.shape}."
        )
    _check_elements(array, name)
    return array
