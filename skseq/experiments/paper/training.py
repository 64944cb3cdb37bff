"""Train an estimator on block after block, until a criterion is met."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from skseq.estimators import RecurrentClassifier, RecurrentRegressor
from skseq.experiments.paper.tasks import Form, Sample, Task

__all__ = ["Network", "train_until"]


class Network:
    """An estimator that takes a task's samples.

    Symbols are handed over sparse: one-hot arrays of a block of task 2c with a thousand
    symbols would be a gigabyte of zeros.

    Parameters
    ----------
    form : Form
        What the task asks for.
    random_state : int
        Draws the first weights.
    **params : dict
        Parameters of `RecurrentClassifier`, or of `RecurrentRegressor` for numbers.
    """

    def __init__(self, form: Form, *, random_state: int, **params: Any):
        self._form = form
        kind = RecurrentClassifier if form.classes else RecurrentRegressor
        self._estimator = kind(
            mask_value=0.0 if form.tokens else np.nan,
            shuffle=False,
            random_state=random_state,
        ).set_params(**params)
        self._trained = False

    @property
    def n_weights(self) -> int:
        """Number of trained weights, biases included."""
        return sum(weight.size for weight in self._estimator.weights_)

    def train(self, sample: Sample) -> float:
        """Train on each sequence once, in the given order; give the mean loss."""
        X = self._features(sample)
        if self._form.classes:
            y = list(sample.targets) if self._form.per_step else sample.targets[:, 0]
            classes = np.arange(self._form.n_outputs)
            self._estimator.partial_fit(X, y, classes=classes)
        else:
            self._estimator.partial_fit(X, sample.targets[:, 0, 0])
        self._trained = True
        return self._estimator.loss_curve_[-1]

    def predict(self, sample: Sample) -> np.ndarray:
        """Give outputs, one after the last step or one for each: (n, n_steps, ...)."""
        if not self._trained:
            # Nothing is right by luck before the first block.
            return np.full((len(sample), 1, self._form.n_outputs), np.inf)
        X = self._features(sample)
        if not self._form.classes:
            return self._estimator.predict(X)[:, None, None]
        outputs = self._estimator.predict_proba(X)
        return np.stack(outputs) if self._form.per_step else outputs[:, None]

    def _features(self, sample: Sample) -> Any:
        if self._form.tokens:
            return list(_one_hot(sample, self._form.n_features))
        return np.where(sample.real[:, :, None], sample.x, np.nan)


def _one_hot(sample: Sample, n_symbols: int) -> Iterator[csr_array]:
    """Give symbols as sparse one-hot steps; padding is zeros."""
    shape = sample.real.shape[1], n_symbols
    for symbols, real in zip(sample.x[:, :, 0], sample.real, strict=True):
        ends = np.concatenate([[0], np.cumsum(real)])
        ones = np.ones(ends[-1], np.float32)
        yield csr_array((ones, symbols[real], ends), shape=shape)


def train_until(
    network: Network,
    task: Task,
    criterion: Any,
    sizes: tuple[int, int],
    rng: np.random.RandomState,
) -> dict[str, Any]:
    """Train block by block until a criterion is met or a budget is used up.

    Parameters
    ----------
    network : Network
        What is trained.
    task : Task
        Says how wrong an answer is.
    criterion : Unseen, Recent or Strings
        When to stop.
    sizes : tuple of int
        Sequences of a block, and how many may be seen in all.
    rng : numpy.random.RandomState
        Draws training sequences.

    Returns
    -------
    dict
        ``solved``, ``sequences`` trained on, ``seconds`` of wall time and
        ``cpu_seconds``.
    """
    block, budget = sizes

    def errors(sample: Sample) -> np.ndarray:
        return task.errors(network.predict(sample), sample)

    started, cpu_started = time.perf_counter(), time.process_time()
    sequences, solved = 0, False
    while sequences + block <= budget and not solved:
        sample = criterion.block(block, rng)
        criterion.before(sample, errors)
        network.train(sample)
        sequences += len(sample)
        solved = criterion.met(errors)
    return {
        "solved": solved,
        "sequences": sequences,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu_started,
    }
