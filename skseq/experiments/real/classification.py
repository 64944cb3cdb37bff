"""Search and repeats of a network that classifies published sequences."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from skseq._lists import parted
from skseq.estimators import RecurrentClassifier
from skseq.experiments.streams import seed_for
from skseq.preprocessing import PerStep, pad_sequences

__all__ = ["Part", "network", "repeat", "search"]


@dataclass(frozen=True)
class Part:
    """The training or the test rows of a problem.

    Attributes
    ----------
    sequences : list of ndarray of shape (n_timesteps, n_features)
        Of any lengths.
    labels : ndarray of str, shape (n_sequences,)
        The class of each.
    """

    sequences: list[np.ndarray]
    labels: np.ndarray

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray], part: str) -> Self:
        """Take the rows of ``part``, "train" or "test", from what `load` gave."""
        steps, lengths = arrays[f"{part}.steps"], arrays[f"{part}.lengths"]
        return cls(list(parted(steps, lengths)), arrays[f"{part}.labels"])

    @property
    def longest(self) -> int:
        """Steps of the longest sequence."""
        return max(map(len, self.sequences))


class _Pieces(TransformerMixin, BaseEstimator):
    """Show a few consecutive time steps as the features of one.

    A network reads a row of some tens of steps faster than one of hundreds, and learns
    more from it. The last value is repeated where a row cannot be divided.

    Parameters
    ----------
    pieces : int or None, default=None
        About how many steps a row of the usual length has afterwards; None leaves rows
        as they are, and so does a number that they do not exceed.
    n_timesteps : int, default=1
        Rows of other lengths are padded with NaN to at least so many steps, of before,
        so that all folds have one shape and one compiled program.

    Attributes
    ----------
    width_ : int
        Steps that are joined to one.

    Examples
    --------
    >>> rows = [np.arange(float(steps))[:, None] for steps in (4, 4, 3)]
    >>> _Pieces(pieces=2).fit_transform(rows)[1:].tolist()
    [[[0.0, 1.0], [2.0, 3.0]], [[0.0, 1.0], [2.0, 2.0]]]
    """

    def __init__(self, *, pieces: int | None = None, n_timesteps: int = 1):
        self.pieces = pieces
        self.n_timesteps = n_timesteps

    def fit(self, X: list[np.ndarray], y: Any = None) -> Self:
        """Learn the usual length of rows, their median."""
        usual = float(np.median([len(row) for row in X]))
        self.width_ = 1 if self.pieces is None else max(int(usual / self.pieces), 1)
        return self

    def transform(self, X: list[np.ndarray]) -> np.ndarray:
        """Join steps; the result has shape (n_sequences, n_steps, n_features)."""
        joined = [self._joined(row) for row in X]
        n_steps = -(-self.n_timesteps // self.width_)
        width = joined[0].shape[1]
        padding = np.full((max(n_steps, 1), width), np.nan)
        # One more row, of the length that all are to have.
        return pad_sequences([padding, *joined], fill_value=np.nan)[1:]

    def _joined(self, row: np.ndarray) -> np.ndarray:
        missing = -len(row) % self.width_
        filled = np.concatenate([row, np.repeat(row[-1:], missing, axis=0)])
        return filled.reshape(len(filled) // self.width_, -1)


def network(
    spec: Mapping[str, Any], candidate: Mapping[str, Any], longest: int
) -> Pipeline:
    """Put a candidate together: scaler of features, pieces, network.

    Parameters
    ----------
    spec : mapping
        With the parameters that all candidates share as ``network``.
    candidate : mapping
        Its own parameters, and ``pieces``.
    longest : int
        Steps of the longest training row.

    Returns
    -------
    Pipeline
        Takes a list of sequences.
    """
    params = {**spec["network"], **candidate}
    pieces = _Pieces(pieces=params.pop("pieces", None), n_timesteps=longest)
    scaler = PerStep(StandardScaler())
    # Options of the optimizer are no parameters of the constructor.
    learner = RecurrentClassifier(mask_value=np.nan).set_params(**params)
    return Pipeline([("scaler", scaler), ("pieces", pieces), ("network", learner)])


def search(
    name: str, spec: Mapping[str, Any], train: Part
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Choose a candidate by cross-validation within the training rows.

    Parameters
    ----------
    name : str
        Name of the problem, which seeds depend on.
    spec : mapping
        What `config.problem_spec` gave.
    train : Part
        The training rows; no others are known.

    Returns
    -------
    table : list of dict
        Of each candidate its number, the share of left-out rows that it got right,
        their log loss, and the seconds that all its fits took.
    chosen : dict
        The candidate with the most right, of equal ones with the least log loss.
    """
    folds = StratifiedKFold(
        spec["problem"]["folds"],
        shuffle=True,
        random_state=seed_for(spec["seed"], name, "split"),
    )
    table = []
    for index, candidate in enumerate(spec["candidates"]):
        learner = network(spec, candidate, train.longest)
        learner.set_params(
            network__random_state=seed_for(spec["seed"], name, "search fit")
        )
        start = time.perf_counter()
        shares = cross_val_predict(
            learner, train.sequences, train.labels, cv=folds, method="predict_proba"
        )
        seconds = time.perf_counter() - start
        classes = np.unique(train.labels)
        table.append(
            {
                "candidate": index,
                "accuracy": float(
                    accuracy_score(train.labels, classes[shares.argmax(axis=1)])
                ),
                "log_loss": float(log_loss(train.labels, shares, labels=classes)),
                "seconds": seconds,
            }
        )
    best = max(table, key=lambda row: (row["accuracy"], -row["log_loss"]))
    return table, dict(spec["candidates"][best["candidate"]])


def repeat(
    name: str,
    spec: Mapping[str, Any],
    chosen: Mapping[str, Any],
    seeds: int,
    train: Part,
    test: Part,
) -> dict[str, np.ndarray]:
    """Fit what was chosen to all training rows, from several seeds.

    Parameters
    ----------
    name : str
        Name of the problem.
    spec : mapping
        What `config.problem_spec` gave.
    chosen : mapping
        What `search` chose.
    seeds : int
        How many fits.
    train, test : Part
        The published split.

    Returns
    -------
    dict of str to ndarray
        ``network.answers`` of shape (seeds, n_test), labels, and ``network.seconds``
        of shape (seeds,), each of a fit and its answers.
    """
    answers, seconds = [], []
    for run in range(seeds):
        learner = network(spec, chosen, train.longest)
        learner.set_params(
            network__random_state=seed_for(spec["seed"], name, "fit", run)
        )
        start = time.perf_counter()
        learner.fit(train.sequences, train.labels)
        answers.append(learner.predict(test.sequences))
        seconds.append(time.perf_counter() - start)
    return {"network.answers": np.stack(answers), "network.seconds": np.array(seconds)}
