"""Whole sequences, or a series, to supervised pairs of windows."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from skseq._memory import refuse_beyond_memory
from skseq._symbols import common_dtype
from skseq._unchanged import unchanged_on_error
from skseq.preprocessing._sequences import (
    ArrayOutputMixin,
    check_sequences,
    check_values,
    is_ragged,
    some,
)


class SupervisedWindower(ArrayOutputMixin, TransformerMixin, BaseEstimator):
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
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
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

    An estimator reads as many targets as a window has values as one for each step of
    the window, in which case the first would be learnt from the window's first value
    alone. Where a forecast has as many, give the estimator ``n_outputs``: all its
    targets then come after the window.

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

    >>> later = SupervisedWindower(n_in=3, n_out=2, horizon=3, layout="series")
    >>> X, y, groups = later.make_pairs([1, 2, 3, 4, 5, 6, 7, 8])
    >>> for window, targets in zip(X, y):
    ...     print(window, "->", targets)
    [1 2 3] -> [6 7]
    [2 3 4] -> [7 8]
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
            sequences = check_sequences(self, X, reset=True)
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
            f"{some(short)} have {some([lengths[i] for i in short])} "
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
        return self._cut(check_sequences(self, X, reset=False), None)[0]

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

        Warns
        -----
        UserWarning
            If a forecast has as many targets as a window has values, which estimators
            read as one for each step unless ``n_outputs`` says otherwise.
        """
        self._validate_params()
        self._check_settings()
        if is_ragged(X):
            pairs = self._pairs_of_ragged(X, y)
        else:
            targets = None if y is None else check_values(y, "y")
            pairs = self._cut(check_values(X, "X"), targets)
        shape = pairs[1].shape
        if self.target == "forecast" and len(shape) > 1 and shape[1] == self.n_in:
            warnings.warn(
                f"An estimator reads y of shape {shape} as one target for each of the "
                f"{self.n_in} steps of a window, unless n_outputs={self.n_in} says "
                "that all of them come after the window.",
                UserWarning,
                stacklevel=2,
            )
        return pairs

    def _pairs_of_ragged(self, X: Any, y: Any) -> tuple:
        sequences = [check_values([row], f"X[{i}]") for i, row in enumerate(X)]
        targets: list = [None] * len(sequences)
        if y is not None:
            targets = [check_values([row], f"y[{i}]") for i, row in enumerate(y)]
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
        if self.fill_value is not None:
            shift = self.n_in - 1
            refuse_beyond_memory((len(X), shift, *X.shape[2:]), X.dtype, "n_in")
            X = self._fill_front(X, shift)
            y = self._fill_front(y, shift)
        starts = np.arange(0, X.shape[1] - self._span + 1, self.step)
        first = 0 if self.target == "echo" else self.n_in - 1 + self.horizon
        windows = (len(X), len(starts), *X.shape[2:])
        refuse_beyond_memory((*windows, self.n_in), X.dtype, "n_in")
        refuse_beyond_memory((*windows, self.n_out), y.dtype, "n_out")
        X_pairs = X[:, starts[:, np.newaxis] + np.arange(self.n_in)]
        y_pairs = y[:, starts[:, np.newaxis] + first + np.arange(self.n_out)]
        X_pairs = X_pairs.reshape(-1, *X_pairs.shape[2:])
        y_pairs = y_pairs.reshape(-1, *y_pairs.shape[2:])
        groups = np.repeat(np.arange(len(X)), len(starts))
        return X_pairs, y_pairs[:, 0] if self.n_out == 1 else y_pairs, groups

    def _fill_front(self, values: np.ndarray, n_steps: int) -> np.ndarray:
        dtype = common_dtype([values], self.fill_value)
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
    dtype = common_dtype(parts, parts[0].flat[0])
    return np.concatenate([part.astype(dtype) for part in parts])
