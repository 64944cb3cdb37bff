"""The compiled run: forward, backward, update, carry and reset in one program.

Python is entered once a chunk of epochs, never per batch, epoch or row.  A
program is compiled once for each network, update rule and bucket of shapes,
and shared by all fits of the process: the data, the schedule, the number of
epochs, the learning rate and the weights are its inputs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from skseq.networks import NetworkSpec
from skseq.training.programs import (
    EPOCHS_PER_CALL,
    ProgramSpec,
    prediction_program,
    training_program,
)
from skseq.training.schedule import EMPTY, Schedule
from skseq.training.update_rules import UpdateRule

__all__ = [
    "Pieces",
    "TrainingState",
    "bucket",
    "predict",
    "train",
]

# A call is cut so that it takes about this long: Ctrl-C, progress and callbacks
# are served between calls.
CHUNK_SECONDS = 0.5
# Shuffled epochs handed over in one call are padded to this many batches, so
# that the number of epochs does not change the program's shapes.
SHUFFLED_BATCHES = 4096
# Places of a batch at prediction.  The same for any number of rows, so that a
# row's result does not depend, by a single bit, on the rows beside it.
PREDICTION_WIDTH = 64
# Numbers handed over or given back in a call of prediction, about.
NUMBERS_PER_CALL = 2**22


@dataclass(frozen=True)
class Pieces:
    """The data of a fit, cut into pieces; see :mod:`skseq.training.schedule`.

    Attributes
    ----------
    x : ndarray, shape (n_pieces, piece_steps, n_features)
        Inputs; symbol indices with one feature where the network reads tokens.
    mask : ndarray of bool, shape (n_pieces, piece_steps), or None
        Which steps are real.
    targets : ndarray, shape (n_pieces, out_steps[, out_width]), or None
        Class indices, or numbers.
    weights : ndarray, shape (n_pieces, out_steps), or None
        Weight of each target, 0 for none; None for 1 everywhere.
    """

    x: np.ndarray
    mask: np.ndarray | None = None
    targets: np.ndarray | None = None
    weights: np.ndarray | None = None


@dataclass
class TrainingState:
    """All that an interrupted training needs to go on.

    Attributes
    ----------
    weights : sequence of ndarray
    slots : sequence of ndarray
        The update rule's.
    step : int
        Updates made so far.
    """

    weights: tuple
    slots: tuple
    step: int

    @classmethod
    def fresh(cls, weights: Sequence[np.ndarray], rule: UpdateRule) -> TrainingState:
        """Start from these weights, with empty slots."""
        slots = tuple(np.zeros_like(w) for w in weights for _ in range(rule.n_slots))
        return cls(tuple(weights), slots, 0)


@dataclass(frozen=True)
class Chunk:
    """What one call brought.

    Attributes
    ----------
    losses : ndarray
        Mean loss of each epoch that it completed.
    epochs, batches : int
        Epochs completed since the start, and batches run of the one under way.
    """

    losses: np.ndarray
    epochs: int
    batches: int


def train(
    spec: ProgramSpec,
    state: TrainingState,
    data: Pieces,
    epoch_schedule: Callable[[], Schedule],
    n_epochs: int,
    numbers: np.ndarray,
    *,
    shuffled: bool,
    epochs_per_call: int = EPOCHS_PER_CALL,
) -> Iterator[Chunk]:
    """Train, pausing after each chunk.

    Parameters
    ----------
    spec : ProgramSpec
        What to run.
    state : TrainingState
        Where to start; after each chunk it holds where training stands.
    data : Pieces
        All pieces, with targets.
    epoch_schedule : callable
        Gives the schedule of the next epoch; all have the same length.
    n_epochs : int
        Epochs to train.
    numbers : ndarray
        The update rule's numbers.
    shuffled : bool
        Whether schedules differ between epochs; otherwise one is used for all.
    epochs_per_call : int, default=4096
        Epochs after which to pause at the latest.

    Yields
    ------
    Chunk
    """
    program = training_program(spec)
    arrays = _Arrays(spec, data)
    first = epoch_schedule()
    feed = _Feed(first, epoch_schedule, len(first), shuffled)
    pace = _Pace(spec, len(first))
    limit = min(epochs_per_call, EPOCHS_PER_CALL, feed.capacity)
    states = _zero_states(spec.network, spec.batch_size)
    done = begin = 0
    total = np.zeros(2)
    while done < n_epochs:
        batches = pace.batches()
        epochs = max(1, min(batches // len(first), limit, n_epochs - done))
        whole = begin == 0 and batches >= len(first)
        end = len(first) if whole else min(begin + batches, len(first))
        schedule = feed.epochs(epochs if whole else 1, fresh=begin == 0)
        started = time.perf_counter()
        weights, slots, step, states, sums = program(
            tuple(map(tf.convert_to_tensor, state.weights)),
            tuple(map(tf.convert_to_tensor, state.slots)),
            tf.constant(state.step, spec.network.dtype),
            states,
            tf.constant(total, spec.network.dtype),
            arrays.tensors,
            schedule,
            tf.constant([epochs if whole else 1, begin, end, len(first)]),
            tf.constant(numbers),
        )
        sums = sums.numpy()[: epochs if whole else 1]
        pace.took(time.perf_counter() - started, end - begin, len(sums))
        state.weights, state.slots, state.step = weights, slots, int(step)
        begin = 0 if end == len(first) else end
        total = sums[0] if begin else np.zeros(2)
        losses = np.empty(0) if begin else sums[:, 0] / sums[:, 1]
        done += len(losses)
        yield Chunk(losses, done, begin)


def predict(
    network: NetworkSpec,
    loss: str,
    weights: Sequence[np.ndarray],
    data: Pieces,
    schedule: Schedule,
    *,
    classes_only: bool = False,
    states: tuple | None = None,
) -> tuple[np.ndarray, tuple]:
    """Outputs of every piece.

    Parameters
    ----------
    network : NetworkSpec
    loss : str
        The loss that the network was trained with: it says how outputs read.
    weights : list of ndarray
    data : Pieces
        Inputs.
    schedule : Schedule
        Every piece once.
    classes_only : bool, default=False
        Give the index of the largest output instead of all of them.
    states : tuple of tensor or None
        Where the first batch starts; zero where None.

    Returns
    -------
    outputs : ndarray, shape (n_pieces, out_steps[, out_width])
        Probabilities for the cross-entropies, plain outputs otherwise.
    states : tuple of tensor
        After the last batch.
    """
    width = schedule.pieces.shape[1]
    program = prediction_program(network, loss, width, classes_only)
    weights = tuple(map(tf.convert_to_tensor, weights))
    states = states or _zero_states(network, width)
    dtype = np.int32 if network.tokens else np.dtype(network.dtype)
    outputs = None
    per_call = _batches_per_call(network, width)
    for start in range(0, len(schedule), per_call):
        pieces = schedule.pieces[start : start + per_call]
        carry = schedule.carry[start : start + per_call]
        at = np.maximum(pieces, 0)
        given, states = program(
            weights,
            states,
            tf.convert_to_tensor(_padded(data.x[at].astype(dtype), per_call, 0)),
            None
            if data.mask is None
            else tf.convert_to_tensor(_padded(data.mask[at], per_call, False)),
            tf.convert_to_tensor(_padded(carry, per_call, False)),
            tf.constant(len(pieces)),
        )
        given = given.numpy()
        if outputs is None:
            outputs = np.empty((len(data.x), *given.shape[2:]), given.dtype)
        filled = pieces != EMPTY
        outputs[pieces[filled]] = given[: len(pieces)][filled]
    return outputs, states


class _Arrays:
    """A fit's data as tensors, padded to the bucket of its size."""

    def __init__(self, spec: ProgramSpec, data: Pieces):
        size = bucket(len(data.x))
        weights = data.weights
        if spec.weighted and weights is None:
            weights = np.ones(data.targets.shape[:2])
        if weights is not None:
            weights = _padded(weights, size, 0).astype(spec.network.dtype)
        number = spec.network.dtype if data.targets.ndim == 3 else np.int32
        targets = _padded(data.targets.astype(number, copy=False), size, 0)
        self.tensors = (
            *_inputs(spec.network, data),
            tf.convert_to_tensor(targets),
            None if weights is None else tf.convert_to_tensor(weights),
        )


def _inputs(network: NetworkSpec, data: Pieces):
    size = bucket(len(data.x))
    dtype = np.int32 if network.tokens else network.dtype
    x = _padded(data.x.astype(dtype, copy=False), size, 0)
    mask = None if data.mask is None else _padded(data.mask, size, False)
    return tf.convert_to_tensor(x), None if mask is None else tf.convert_to_tensor(mask)


class _Feed:
    """Schedules as tensors: one for all epochs, or as many as a call takes."""

    def __init__(self, first: Schedule, following, n_batches: int, shuffled: bool):
        rows = max(n_batches, SHUFFLED_BATCHES if shuffled else 1)
        self._rows = bucket(rows)
        self.capacity = self._rows // n_batches if shuffled else EPOCHS_PER_CALL
        self._following = following
        self._shuffled = shuffled
        self._waiting = [first]
        self._tensors: tuple[tf.Tensor, ...] | None = None

    def epochs(self, count: int, fresh: bool):
        """Schedules of the next epochs, or of the one under way."""
        if self._tensors is not None and not (fresh and self._shuffled):
            return self._tensors
        count = count if self._shuffled else 1
        schedules = self._waiting + [
            self._following() for _ in range(count - len(self._waiting))
        ]
        self._waiting = []
        pieces = np.concatenate([s.pieces for s in schedules])
        carry = np.concatenate([s.carry for s in schedules])
        self._tensors = (
            tf.constant(_padded(pieces, self._rows, EMPTY)),
            tf.constant(_padded(carry, self._rows, False)),
            tf.constant(count),
        )
        return self._tensors


class _Pace:
    """How many batches a call may take, learnt from the calls before."""

    def __init__(self, spec: ProgramSpec, per_epoch: int):
        net = spec.network
        products = net.units * (4 * net.units + 4 * min(net.n_features, 512))
        work = 6.0 * spec.batch_size * net.piece_steps * net.n_layers * products
        # A first guess on the slow side; the first call also compiles, so the
        # second is the first to be measured.
        self._seconds_per_batch = 5e-6 + 2e-6 * net.piece_steps + work / 2e9
        self._compiled = False

    def batches(self) -> int:
        return max(1, int(CHUNK_SECONDS / self._seconds_per_batch))

    def took(self, seconds: float, batches: int, epochs: int) -> None:
        if self._compiled:
            self._seconds_per_batch = max(seconds, 1e-6) / (batches * epochs)
        self._compiled = True


def _batches_per_call(network: NetworkSpec, width: int) -> int:
    """Batches of a prediction's call; it depends on nothing but the network, so
    that any number of rows uses one program."""
    read = network.piece_steps * (1 if network.tokens else network.n_features)
    largest = width * max(read, network.out_steps * network.out_width)
    return max(1, min(16, NUMBERS_PER_CALL // largest))


def _zero_states(network: NetworkSpec, width: int) -> tuple:
    shape = (width, network.units)
    return (tf.zeros(shape, network.dtype),) * (2 * network.n_layers)


def bucket(size: int) -> int:
    """The smallest power of two from 16 that holds ``size``."""
    return max(16, 1 << (size - 1).bit_length())


def _padded(array: np.ndarray, size: int, fill) -> np.ndarray:
    padded = np.full((size, *array.shape[1:]), fill, array.dtype)
    padded[: len(array)] = array
    return padded
