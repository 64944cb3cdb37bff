"""The best that a rule can do about symbols that sees a single step."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    _fit_context,
)
from sklearn.utils import Tags
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_is_fitted,
    validate_data,
)

from skseq.baselines._tables import one_value_per_step

__all__ = ["LookupClassifier"]


class LookupClassifier(ClassifierMixin, BaseEstimator):
    """Answer with what most often went with the one value that is looked at.

    For symbols this is the best that a rule can do that sees a single step, and knows
    which one: whatever answers better remembers something.

    Parameters
    ----------
    step : {"none", "own", "best"}, default="own"
        Which value each answer looks at. ``"none"``: no value, so that the answer is
        the most frequent one of its step. ``"own"``: the value of the answer's own
        step; the last one where answers do not stand at steps. ``"best"``: the step
        that tells most about the answer in the training data, wherever it is; such a
        rule is handed the whole row and needs no memory either.
    padding : object, default=None
        Targets that hold this do not count. None counts them all.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The answers, padding left out.
    steps_ : ndarray of shape (n_outputs,)
        The step that each answer looks at; -1 for none.
    n_features_in_ : int
        Length of the rows in `fit`.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns in `fit`, if they are all strings.

    See Also
    --------
    skseq.metrics.memoryless_accuracy : The same question for numbers.

    Notes
    -----
    Rows of other lengths than in `fit` are answered if they have three dimensions and
    each answer stands at its own step; further steps follow the rule of the last one.
    A value that was not seen, at its step, is answered with the most frequent answer.

    Examples
    --------
    After 2 comes 3 or 4, and only the first value tells which:

    >>> from skseq.baselines import LookupClassifier
    >>> from skseq.datasets import make_value_memorization
    >>> X, y = make_value_memorization()
    >>> LookupClassifier().fit(X, y).predict(X)
    array([[0, 1, 2, 3],
           [0, 1, 2, 3]])
    >>> LookupClassifier(step="best").fit(X, y).predict(X)
    array([[0, 1, 2, 3],
           [0, 1, 2, 4]])
    """

    _parameter_constraints: ClassVar[dict] = {
        "step": [StrOptions({"none", "own", "best"})],
        "padding": "no_validation",  # any symbol
    }

    def __init__(self, *, step: str = "own", padding: Any = None):
        self.step = step
        self.padding = padding

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.target_tags.multi_output = True
        tags.classifier_tags.poor_score = True
        return tags

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:
        """Count which answer goes with which value.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1)
            Symbols or numbers.
        y : array-like of shape (n_sequences,) or (n_sequences, n_outputs)
            The answers.

        Returns
        -------
        self : LookupClassifier
            The fitted rule.

        Raises
        ------
        ValueError
            If X or y is malformed, has several features per step, or all of y is
            padding.
        TypeError
            If values of X are of kinds that have no order.
        """
        rows, y = validate_data(
            self, one_value_per_step(self, X), y, dtype=None, multi_output=True
        )
        check_classification_targets(y)
        self._per_row = y.ndim == 1
        answers = y.reshape(len(y), -1)
        counts = np.ones(answers.shape, bool)
        if self.padding is not None:
            counts = answers != self.padding
        if not counts.any():
            raise ValueError(
                f"y holds nothing but padding={self.padding!r}; give answers to learn."
            )
        self.classes_ = np.unique(answers[counts])
        try:
            self._values, codes = np.unique(rows, return_inverse=True)
        except TypeError as error:
            raise TypeError(
                "X cannot be looked up: each argument must be a string or a number, "
                f"all of one kind ({error})."
            ) from error
        self._fit_tables(codes.reshape(rows.shape), answers, counts)
        return self

    def _fit_tables(
        self, codes: np.ndarray, answers: np.ndarray, counts: np.ndarray
    ) -> None:
        n_timesteps, n_outputs = codes.shape[1], answers.shape[1]
        self._by_step = n_outputs == n_timesteps and not self._per_row
        steps, tables = [], []
        for output in range(n_outputs):
            kept = counts[:, output]
            said = np.searchsorted(self.classes_, answers[kept, output])
            # Right answers of the fit, step and table of each step looked at.
            tried = [
                self._table(codes[kept, step] if step >= 0 else None, said, step)
                for step in self._steps_to_try(output, n_timesteps)
            ]
            _, step, table = max(tried, key=lambda found: found[0])
            steps.append(step)
            tables.append(table)
        self.steps_, self._tables = np.array(steps), tables

    def _steps_to_try(self, output: int, n_timesteps: int) -> range:
        if self.step == "best":
            return range(n_timesteps)
        own = output if self._by_step else n_timesteps - 1
        chosen = own if self.step == "own" else -1
        return range(chosen, chosen + 1)

    def _table(
        self, codes: np.ndarray | None, said: np.ndarray, step: int
    ) -> tuple[int, int, np.ndarray]:
        """Count the answers to each value; the last row is for values not seen."""
        n_values, n_classes = len(self._values), len(self.classes_)
        overall = np.bincount(said, minlength=n_classes)
        if codes is None:
            return int(overall.max()), step, np.full(n_values + 1, overall.argmax())
        pairs = np.bincount(codes * n_classes + said, minlength=n_values * n_classes)
        pairs = pairs.reshape(n_values, n_classes)
        table = np.where(pairs.any(axis=1), pairs.argmax(axis=1), overall.argmax())
        right = int(pairs.max(axis=1).sum())
        return right, step, np.append(table, overall.argmax())

    def predict(self, X: npt.ArrayLike) -> np.ndarray:
        """Look the answers up.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1)
            Symbols or numbers.

        Returns
        -------
        y : ndarray of shape (n_sequences,) or (n_sequences, n_outputs)
            Answers.

        Raises
        ------
        ValueError
            If rows have another length than in `fit`, where that is not foreseen.
        """
        check_is_fitted(self)
        other_lengths = self._by_step and self.step != "best" and np.ndim(X) == 3
        rows = one_value_per_step(self, X)
        if other_lengths and rows.shape[1] != self.n_features_in_:
            rows = check_array(rows, dtype=None)
        else:
            rows = validate_data(self, rows, reset=False, dtype=None)
        places = np.searchsorted(self._values, rows).clip(max=len(self._values) - 1)
        codes = np.where(self._values[places] == rows, places, len(self._values))
        n_outputs = rows.shape[1] if self._by_step else len(self.steps_)
        answers = [self._looked_up(codes, output) for output in range(n_outputs)]
        found = self.classes_[np.column_stack(answers)]
        return found[:, 0] if self._per_row else found

    def _looked_up(self, codes: np.ndarray, output: int) -> np.ndarray:
        rule = min(output, len(self.steps_) - 1)
        # A step beyond those of `fit` is looked at itself, by the last one's table.
        step = output if self._by_step and self.step == "own" else self.steps_[rule]
        return self._tables[rule][codes[:, step]]

    def score(
        self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: Any = None
    ) -> float:
        """Return the share of answers that are right.

        Parameters
        ----------
        X : array-like of shape (n_sequences, n_timesteps) or \
                (n_sequences, n_timesteps, 1)
            Symbols or numbers.
        y : array-like of shape (n_sequences,) or (n_sequences, n_outputs)
            The answers.
        sample_weight : array-like of shape (n_sequences,), default=None
            Weights of the sequences.

        Returns
        -------
        accuracy : float
            From 0 to 1.

        Raises
        ------
        ValueError
            If y is not shaped as predictions are, or all of it is padding.
        """
        predicted, y = self.predict(X), np.asarray(y)
        if y.shape != predicted.shape:
            raise ValueError(
                f"y has shape {y.shape}, but predictions have {predicted.shape}."
            )
        counts = np.ones(y.shape, bool) if self.padding is None else y != self.padding
        if not counts.any():
            raise ValueError(f"y holds nothing but padding={self.padding!r}.")
        weights = _check_sample_weight(sample_weight, predicted)
        each = np.broadcast_to(weights, y.shape[::-1]).T
        right = y[counts] == predicted[counts]
        return float(np.average(right, weights=each[counts]))
