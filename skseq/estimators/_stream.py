"""One value at a time, and predictions fed back."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from skseq.estimators._inputs import said_of
from skseq.training import compiled
from skseq.training.compiled import Pieces
from skseq.training.schedule import Schedule

__all__ = ["Stream", "generate"]

_ONE = np.zeros((1, 1), np.int32)


class Stream:
    """A fitted estimator that remembers what it was shown.

    Parameters
    ----------
    estimator : estimator
        Fitted; later fits of it do not change a stream.
    """

    def __init__(self, estimator):
        self._estimator = estimator
        self._weights = estimator.weights_
        self._network = replace(
            estimator._network,
            piece_steps=1,
            out_steps=1 if estimator._layout.per_step else estimator._network.out_steps,
            tokens=False,
            masked=False,
        )
        self.reset()

    def reset(self) -> None:
        """Start over from the zero state."""
        self._states: tuple[np.ndarray, ...] | None = None

    def step(self, x: ArrayLike) -> Any:
        """Show one step.

        Parameters
        ----------
        x : float or array-like of shape (n_features,)
            Its features.

        Returns
        -------
        object
            What ``predict`` gives for a row of all steps shown so far: its last
            step's prediction where there is one per step.
        """
        return self.decoded(self.outputs(x))

    def decoded(self, outputs: np.ndarray) -> Any:
        """Read the outputs of a step as a prediction.

        Parameters
        ----------
        outputs : ndarray of shape (1, n_steps, width)
            From :meth:`outputs`.

        Returns
        -------
        object
            A label or number; several where several come after the last step.
        """
        prediction = self._estimator._decode(outputs)[0]
        return prediction[0] if self._estimator._layout.per_step else prediction

    def outputs(self, x: ArrayLike) -> np.ndarray:
        """Show one step and get outputs as the loss reads them.

        Parameters
        ----------
        x : float or array-like of shape (n_features,)
            Its features.

        Returns
        -------
        ndarray of shape (1, n_steps, width)
            Probabilities, or numbers.
        """
        given = x
        with said_of("x"), np.errstate(over="ignore"):
            x = np.asarray(x, dtype=self._network.dtype).reshape(1, 1, -1)
        if x.shape[2] != self._network.n_features or not np.isfinite(x).all():
            raise ValueError(
                f"step takes {self._network.n_features} finite features of one step, "
                f"got {given!r:.80}."
            )
        schedule = Schedule(_ONE, np.full((1, 1), self._states is not None))
        outputs, states = compiled.predict(
            self._network,
            self._estimator.loss,
            self._weights,
            Pieces(x),
            schedule,
            states=self._states,
        )
        # A decoder starts from zero each time it is asked.
        zero = [state * 0 for state in states[2:]]
        self._states = (*states[:2], *zero)
        return outputs


def generate(estimator, prefix: ArrayLike, n_steps: int) -> np.ndarray:
    """Feed predictions back; see ``generate`` of the estimators."""
    if not isinstance(n_steps, Integral) or isinstance(n_steps, bool) or n_steps < 1:
        raise ValueError(f"n_steps must be an int of at least 1, got {n_steps!r}.")
    with said_of("prefix"), np.errstate(over="ignore"):
        prefix = np.asarray(prefix, dtype=estimator.dtype)
    if prefix.ndim not in (1, 2) or len(prefix) == 0:
        raise ValueError(
            "prefix must have shape (n_timesteps,) or (n_timesteps, n_features) with "
            f"at least one step, got {prefix.shape}."
        )
    stream = estimator.stream()
    for x in prefix:
        outputs = stream.outputs(x)
    made = []
    for _ in range(n_steps):
        made.append(stream.decoded(outputs))
        if len(made) < n_steps:
            outputs = stream.outputs(estimator._as_input(outputs))
    return np.array(made)
