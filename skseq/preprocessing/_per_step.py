"""Any transformer of scikit-learn, applied to the steps of sequences."""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    TransformerMixin,
    _fit_context,
    clone,
)
from sklearn.utils import Tags, get_tags
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from skseq._lists import joined, parted, rows_of
from skseq._memory import refuse_beyond_memory
from skseq._sequences import Steps, is_padding
from skseq._symbols import common_dtype
from skseq._unchanged import unchanged_on_error
from skseq.preprocessing._sequences import (
    ArrayOutputMixin,
    check_list,
    check_sequences,
)


def _inverts(per_step: PerStep) -> bool:
    fitted = getattr(per_step, "transformer_", per_step.transformer)
    # scikit-learn's own error names what is lacking.
    return bool(fitted.inverse_transform)


class PerStep(ArrayOutputMixin, TransformerMixin, BaseEstimator):
    """Apply a transformer of tables to the steps of sequences, feature by feature.

    The transformer sees one table: a row for each real step of each sequence, a column
    for each feature. So a scaler learns one scale per feature, whatever the step, from
    real steps alone.

    Parameters
    ----------
    transformer : transformer
        Any transformer of scikit-learn's kind that keeps rows. It is cloned.
    mask_value : float, default=None
        A step all of whose features are this is padding: nothing is learnt from it,
        and it comes out as it went in. None: every step is real.

    Attributes
    ----------
    transformer_ : transformer
        The fitted transformer.
    n_features_in_ : int
        Number of columns of a two-dimensional X in `fit`, features per step otherwise.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    ForwardFiller : Carries values forward within each sequence.
    skseq.OneHotSequence : Symbols to one-hot steps.

    Notes
    -----
    Give the same `mask_value` to the estimator that follows. The value must be one
    that no real step takes after the transformer, or the call is refused.

    Examples
    --------
    Two sequences, the second of which has one step only:

    >>> import numpy as np
    >>> from sklearn.preprocessing import MinMaxScaler
    >>> from skseq.preprocessing import PerStep
    >>> X = np.array([[[0.0, 5.0], [4.0, 7.0]], [[2.0, 9.0], [-1.0, -1.0]]])
    >>> scaled = PerStep(MinMaxScaler(), mask_value=-1).fit_transform(X)
    >>> for sequence in scaled:
    ...     print(sequence.tolist())
    [[0.0, 0.0], [1.0, 0.5]]
    [[0.5, 1.0], [-1.0, -1.0]]

    Missing values inside of steps become the mean of their feature:

    >>> from sklearn.impute import SimpleImputer
    >>> gaps = [[[1.0, np.nan], [3.0, 6.0]]]
    >>> PerStep(SimpleImputer()).fit_transform(gaps).tolist()
    [[[1.0, 6.0], [3.0, 6.0]]]
    """

    _parameter_constraints: ClassVar[dict] = {
        "transformer": [HasMethods(["fit", "transform"])],
        "mask_value": [Real, None],
    }

    def __init__(self, transformer: Any, *, mask_value: float | None = None):
        self.transformer = transformer
        self.mask_value = mask_value

    def __sklearn_tags__(self) -> Tags:
        tags, own = super().__sklearn_tags__(), get_tags(self.transformer)
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = own.input_tags.allow_nan
        tags.input_tags.string = own.input_tags.string
        tags.target_tags.required = own.target_tags.required
        tags.transformer_tags.preserves_dtype = own.transformer_tags.preserves_dtype
        tags.non_deterministic = own.non_deterministic
        return tags

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: npt.ArrayLike, y: Any = None) -> Self:
        """Fit the transformer to the real steps.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]) or list of \
                array of shape (n_timesteps[, n_features])
            Sequences.
        y : array-like of shape (n_sequences,) or (n_sequences, n_timesteps), \
                default=None
            For a transformer that learns from targets: one per step, or one per
            sequence, which then is that of each of its steps. Others are not shown.

        Returns
        -------
        self : PerStep
            The fitted transformer.

        Raises
        ------
        ValueError
            If X holds nothing but padding, or the transformer refuses the steps.
        """
        with unchanged_on_error(self):
            steps = self._steps(X, reset=True)
            if not len(steps.rows):
                raise ValueError(
                    f"X holds nothing but the padding {self.mask_value!r}; PerStep "
                    "needs at least one real step."
                )
            fitted = clone(self.transformer)
            fitted.fit(steps.rows, _per_step(y, steps))
            self._n_out = _table(fitted.transform(steps.rows[:1])).shape[1]
            self.transformer_ = fitted
        return self

    def transform(self, X: npt.ArrayLike) -> np.ndarray | list[np.ndarray]:
        """Transform the real steps.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features]) or list of \
                array of shape (n_timesteps[, n_features])
            Sequences, of any number of steps where they have an axis of features.

        Returns
        -------
        X_transformed : ndarray of shape (n_sequences, n_timesteps[, n_features_out]) \
                or list of such sequences
            As X came. An axis of features is there if X had one or there are several.

        Raises
        ------
        ValueError
            If the transformer refuses the steps, or makes padding of a real one.
        """
        check_is_fitted(self)
        steps = self._steps(X, reset=False)
        rows = np.empty((0, self._n_out))
        if len(steps.rows):
            rows = _table(self.transformer_.transform(steps.rows))
        if len(rows) != len(steps.rows):
            raise ValueError(
                f"{type(self.transformer).__name__} makes {len(rows)} rows of "
                f"{len(steps.rows)} steps; PerStep needs a transformer that keeps rows."
            )
        return self._spread(steps, rows)

    @available_if(_inverts)
    def inverse_transform(self, X: npt.ArrayLike) -> np.ndarray | list[np.ndarray]:
        """Undo the transformer at the real steps.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps[, n_features_out]) or list \
                of such sequences
            Transformed sequences.

        Returns
        -------
        X_original : ndarray of shape (n_sequences, n_timesteps[, n_features]) or \
                list of such sequences
            Sequences as before `transform`; padding stays.

        Raises
        ------
        ValueError
            If the steps are not as `transform` gives them.
        """
        check_is_fitted(self)
        steps = Steps.of(_given(X), self.mask_value)
        if steps.rows.shape[1] != self._n_out:
            raise ValueError(
                f"X has {steps.rows.shape[1]} features per step, but "
                f"{type(self.transformer).__name__} gave {self._n_out}."
            )
        width = self.n_features_in_ if getattr(self, "_per_step", False) else 1
        rows = np.empty((0, width))
        if len(steps.rows):
            rows = _table(self.transformer_.inverse_transform(steps.rows))
        if not getattr(self, "_per_step", False):
            steps = Steps(steps.rows, steps.real, steps.listed, flat=True)
        return self._spread(steps, rows)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the features of a step; of flat sequences that stay so, the steps.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the features, or of the columns of a two-dimensional X. None
            takes those of `fit`, or makes them up as the transformer does.

        Returns
        -------
        names : ndarray of str
            Names.
        """
        check_is_fitted(self)
        if getattr(self, "_per_step", False):
            return self.transformer_.get_feature_names_out(input_features)
        names = _check_feature_names_in(self, input_features)
        return names if self._n_out == 1 else self.transformer_.get_feature_names_out()

    def _steps(self, X: Any, *, reset: bool) -> Steps:
        given = rows_of(X)
        if given is not None:
            return Steps.of(check_list(self, given, reset=reset), self.mask_value)
        checked = check_sequences(self, X, reset=reset, allow_missing=True)
        if reset and checked.ndim == 2:
            self.__dict__.pop("_per_step", None)
        return Steps.of(checked, self.mask_value)

    def _spread(self, steps: Steps, rows: np.ndarray) -> np.ndarray | list[np.ndarray]:
        if self.mask_value is None:
            return steps.spread(rows, 0)
        rows = rows.astype(common_dtype([rows], self.mask_value), copy=False)
        lost = np.flatnonzero(is_padding(rows, self.mask_value))
        if len(lost):
            sequence, step = steps.place(lost[0])
            raise ValueError(
                f"{type(self.transformer).__name__} makes padding, mask_value="
                f"{self.mask_value!r}, of {len(lost)} real steps, the first at row "
                f"{sequence}, step {step}; choose a mask_value that no real step takes."
            )
        return steps.spread(rows, self.mask_value)


def _table(rows: Any) -> np.ndarray:
    """Bring what a transformer gives, sparse or a table of pandas, to an array."""
    if hasattr(rows, "toarray"):
        made = "the number of features that the transformer makes"
        refuse_beyond_memory(rows.shape, rows.dtype, made)
        rows = rows.toarray()
    rows = np.asarray(rows)
    return rows[:, np.newaxis] if rows.ndim == 1 else rows


def _given(X: Any) -> np.ndarray | list[np.ndarray]:
    given = rows_of(X)
    if given is not None:
        return list(parted(*joined(given, "X")))
    array = np.asarray(X)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ValueError(
            "X must have shape (n_sequences, n_timesteps[, n_features]) with no empty "
            f"axis; got shape {array.shape}."
        )
    return array


def _per_step(y: Any, steps: Steps) -> np.ndarray | None:
    """Give each real step its target, or that of its sequence; None of other shapes."""
    real, lengths = np.concatenate(steps.real), [len(row) for row in steps.real]
    if y is None:
        return None
    given = rows_of(y)
    if given is not None:
        beside, counts = [len(row) for row in given], [row.sum() for row in steps.real]
        if beside == lengths:
            return np.concatenate(given)[real]
        # Beside rows of an array a list may leave out their padding.
        return np.concatenate(given) if beside == counts else None
    targets = np.asarray(y)
    if targets.shape[:1] != (len(lengths),):
        return None
    if targets.ndim == 1:
        return np.repeat(targets, lengths)[real]
    fits = targets.ndim == 2 and targets.shape[1] == lengths[0] and not steps.listed
    return targets.ravel()[real] if fits else None
