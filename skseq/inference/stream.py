"""One step at a time: networks that remember what they were shown."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse

from skseq._memory import refuse_beyond_memory
from skseq._sequences import is_padding
from skseq.inference.block import Block, Parts
from skseq.inference.outputs import read
from skseq.inference.threads import one_blas_thread
from skseq.networks.spec import NetworkSpec

__all__ = ["Stream"]


class Stream:
    """A trained network that remembers what it was shown.

    It keeps what it was made of: later fits of an estimator do not change its streams.
    A stream of one sequence takes and gives the values of one step; a stream of n
    sequences takes and gives n of each, the sequences along the first axis.

    Parameters
    ----------
    network : NetworkSpec
    weights : sequence of ndarray
    loss : str
        What the network was trained with; it says how outputs read.
    decode : callable
        Turns raw outputs of shape (n, steps, width) into predictions, one each.
    n_sequences : int or None, default=None
        Sequences side by side; None for a single one, without an axis for it.
    mask_value : float or None, default=None
        A step all of whose features are this is padding: it changes no state.

    Attributes
    ----------
    state : tuple of ndarray of shape ([n_sequences,] units)
        What is remembered, a copy: h, and c of an LSTM, of each layer that reads, and
        where steps are pooled the sum or the largest of them, and their number. Set it
        to go on from there: the same values give the same bits, in any process.

    Examples
    --------
    A series replayed value by value says what ``predict`` says of it at once. What is
    remembered can be kept, and gone on from, in another process as well.

    >>> import numpy as np
    >>> from skseq import StatefulLSTMRegressor
    >>> series = np.sin(np.arange(41) / 3)
    >>> X, y = series[None, :-1], series[None, 1:]
    >>> est = StatefulLSTMRegressor(units=4, epochs=5, random_state=0).fit(X, y)
    >>> stream = est.stream()
    >>> said = [stream.step(value) for value in series[:20]]
    >>> later = est.stream()
    >>> later.state = stream.state
    >>> said += [later.step(value) for value in series[20:-1]]
    >>> bool(np.allclose(said, est.predict(X)[0], atol=1e-6))
    True
    """

    def __init__(
        self,
        network: NetworkSpec,
        weights: Sequence[np.ndarray],
        loss: str,
        decode: Callable[[np.ndarray], Any],
        n_sequences: int | None = None,
        mask_value: float | None = None,
    ):
        if n_sequences is not None and (
            not isinstance(n_sequences, Integral)
            or isinstance(n_sequences, bool)
            or n_sequences < 1
        ):
            raise ValueError(
                "n_sequences must be an int of at least 1, or None for a single "
                f"sequence, got {n_sequences!r}."
            )
        per_sequence = sum(network.state_widths) + network.n_features
        width = (int(n_sequences or 1), per_sequence)
        refuse_beyond_memory(width, network.dtype, "n_sequences")
        self._n = n_sequences
        self._width = int(n_sequences or 1)
        self._loss, self._decode, self._mask_value = loss, decode, mask_value
        self._n_features, self._dtype = network.n_features, np.dtype(network.dtype)
        self._block = Block(Parts(network, weights), self._width)

    def step(self, x: ArrayLike) -> Any:
        """Show one step.

        Parameters
        ----------
        x : float, array-like or sparse array of shape ([n_sequences,] n_features)
            Its features; one of each sequence where a step has one feature.

        Returns
        -------
        object
            What ``predict`` gives for a row of all steps shown so far: its last
            step's prediction where there is one per step. An array with one for each
            sequence where there are several.

        Raises
        ------
        ValueError
            If x is not the finite features of one step; nothing is remembered of it.
        """
        return self.predicted(self.raw_outputs(x))

    def predicted(self, raw_outputs: np.ndarray) -> Any:
        """Read raw outputs as predictions.

        Parameters
        ----------
        raw_outputs : ndarray of shape (n_sequences or 1, n_steps, width)
            From `raw_outputs`.

        Returns
        -------
        object
            As `step` gives them.
        """
        said = self._decode(raw_outputs)
        return said if self._n else said[0]

    def outputs(self, x: ArrayLike) -> np.ndarray:
        """Show one step and get outputs as the loss reads them.

        Parameters
        ----------
        x : float or array-like of shape ([n_sequences,] n_features)
            As in `step`.

        Returns
        -------
        ndarray of shape ([n_sequences,] n_steps, width)
            Probabilities, or numbers.
        """
        said = read(self._loss, self.raw_outputs(x), axis=2)
        return said if self._n else said[0]

    def raw_outputs(self, x: ArrayLike) -> np.ndarray:
        """Show one step and get outputs before any softmax or sigmoid.

        Parameters
        ----------
        x : float or array-like of shape ([n_sequences,] n_features)
            As in `step`.

        Returns
        -------
        ndarray of shape (n_sequences or 1, n_steps, width)
        """
        step, padding = self._checked(x)
        with one_blas_thread():
            if padding is None:
                self._block.show(step.T)
            else:
                self._show_to(~padding, step)
            return self._block.answer_afresh().transpose(2, 0, 1)

    def _show_to(self, some: np.ndarray, step: np.ndarray) -> None:
        """Show a step to some of the sequences; for the others it is padding."""
        before = [state[:, ~some] for state in self._block.states]
        self._block.show(np.where(some, step.T, 0))
        for state, kept in zip(self._block.states, before, strict=True):
            state[:, ~some] = kept

    def _checked(self, x: Any) -> tuple[np.ndarray, np.ndarray | None]:
        """Bring a step to shape (n_sequences or 1, n_features), and tell for which
        sequences it is padding; None for none."""
        given: Any = x
        padding = None
        try:
            with np.errstate(over="ignore"):
                given = given.toarray() if issparse(given) else given
                given = np.asarray(given, self._dtype)
                step = given.reshape(self._width, self._n_features)
            if self._mask_value is not None:
                found = is_padding(step, self._mask_value)
                padding = found if found.any() else None
            # An axis of one sequence, or of one feature, may be left out.
            right = given.shape == step.shape or (given.ndim < 2 and 1 in step.shape)
            real = step if padding is None else step[~padding]
            right &= bool(np.isfinite(real).all())
        except (TypeError, ValueError, OverflowError):
            right = False
        if not right:
            each = f" for each of {self._n} sequences" if self._n else ""
            raise ValueError(
                f"step takes {self._n_features} finite features of one step{each}, "
                f"got {x!r:.80}."
            )
        return step, padding

    def reset(self, sequence: int | None = None) -> None:
        """Start over from the zero state.

        Parameters
        ----------
        sequence : int, default=None
            Which sequence, from 0; None for all.
        """
        if sequence is None:
            self._block.forget()
            return
        if (
            not isinstance(sequence, Integral)
            or isinstance(sequence, bool)
            or not 0 <= sequence < self._width
        ):
            raise ValueError(
                f"sequence must be an int from 0 to {self._width - 1}, got "
                f"{sequence!r}."
            )
        for state in self._block.states:
            state[:, sequence] = 0

    def copy(self) -> Self:
        """A stream of its own that remembers the same."""
        twin = copy.copy(self)
        twin._block = self._block.copy()
        return twin

    @property
    def state(self) -> tuple[np.ndarray, ...]:
        """What is remembered; see the attributes."""
        arrays = (state.T for state in self._block.states)
        return tuple((a if self._n else a[0]).copy() for a in arrays)

    @state.setter
    def state(self, state: Sequence[ArrayLike]) -> None:
        now = self.state
        try:
            with np.errstate(over="ignore"):
                given = [np.asarray(array, self._dtype) for array in state]
            right = [a.shape for a in given] == [a.shape for a in now] and all(
                np.isfinite(array).all() for array in given
            )
        except (TypeError, ValueError, OverflowError):
            right = False
        if not right:
            shapes = [str(array.shape) for array in now]
            of_shapes = f"shape {shapes[0]}"
            if len(set(shapes)) > 1:
                of_shapes = f"shapes {', '.join(shapes)}"
            raise ValueError(
                f"state is {len(now)} arrays of finite numbers of {of_shapes}, got "
                f"{state!r:.80}."
            )
        for own, array in zip(self._block.states, given, strict=True):
            own[...] = array.T if self._n else array[:, None]


def generate(
    stream: Stream,
    prefix: np.ndarray,
    n_steps: int,
    window: int | None,
    as_input: Callable[[np.ndarray], Any],
) -> np.ndarray:
    """Continue a sequence by feeding predictions back.

    Parameters
    ----------
    stream : Stream
        Of a single sequence, at its start.
    prefix : ndarray of shape (n_timesteps[, n_features])
        How it begins.
    n_steps : int
        Steps to add.
    window : int or None
        Steps that each prediction sees; None for all before it.
    as_input : callable
        Turns raw outputs of shape (n_steps, width) into the features of a step.

    Returns
    -------
    ndarray
        The predictions, in order.
    """
    seen, made = list(prefix), []
    for x in seen[:-1] if window is None else ():
        stream.raw_outputs(x)
    while True:
        if window is not None:
            stream.reset()
        for x in seen[-1:] if window is None else seen[-window:]:
            outputs = stream.raw_outputs(x)
        made.append(stream.predicted(outputs))
        if len(made) == n_steps:
            return np.array(made)
        seen.append(as_input(outputs[0]))
