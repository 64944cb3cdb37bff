"""The compiled run: forward, backward, update, carry and reset in one program.

Python is entered once a chunk of epochs, never per batch, epoch or row.  A
program is compiled once for each network, update rule and bucket of shapes,
and shared by all fits of the process: the data, the schedule, the number of
epochs, the learning rate and the weights are its inputs.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from skseq.networks.first_weights import first_weights
from skseq.networks.spec import NetworkSpec
from skseq.training.learnt import Learnt
from skseq.training.plan import Pieces, Plan, ProgramSpec, bucket
from skseq.training.programs import (
    EPOCHS_PER_CALL,
    RATES_PER_CALL,
    training_program,
)
from skseq.training.rates import rates_of
from skseq.training.schedule import EMPTY, Schedule

__all__ = ["Chunk", "go_on", "start", "train"]

# A call is cut so that it takes about this long: Ctrl-C, progress and callbacks
# are served between calls.
CHUNK_SECONDS = 0.5
# Shuffled epochs handed over in one call are padded to this many batches, so
# that the number of epochs does not change the program's shapes.
SHUFFLED_BATCHES = 4096


@dataclass(frozen=True)
class Chunk:
    """What one call brought.

    Attributes
    ----------
    learnt : Learnt
        Where training stands after its last complete epoch.
    epochs : int
        Epochs completed since the start.
    completed : int
        How many of them this call completed; 0 where one is still under way.
    """

    learnt: Learnt
    epochs: int
    completed: int


def start(
    plan: Plan,
    seeds: np.random.RandomState,
    forget_bias: str | float,
    max_lag: int | None,
) -> Learnt:
    """Draw new weights.

    Parameters
    ----------
    plan : Plan
        What is to be trained.
    seeds : numpy.random.RandomState
        Seeds the weights, and the orders of rows.
    forget_bias : {"unit", "chrono"} or float
    max_lag : int or None
        Steps that ``"chrono"`` prepares for; None for the longest sequence.

    Returns
    -------
    Learnt
        Nothing yet.
    """
    drawn, order = [np.random.RandomState(seeds.randint(2**31 - 1)) for _ in range(2)]
    network = plan.program.network
    weights = first_weights(network, drawn, forget_bias, max_lag or plan.longest_lag)
    rule = plan.program.rule
    slots = _empty_slots(weights, rule.n_slots)
    return Learnt(
        network,
        plan.program.loss,
        tuple(weights),
        rule,
        slots,
        0,
        order,
        window=plan.window,
        # After the weights, which it leaves as they are, and always: training may go
        # on with dropout where it began without.
        dropout_seed=drawn.randint(2**31 - 1),
    )


def go_on(plan: Plan, learnt: Learnt) -> Learnt:
    """Take up a training with other data, or under another update rule.

    Under a rule of another kind the slots of the one before mean nothing: it starts
    afresh, from the weights there are.

    Parameters
    ----------
    plan : Plan
    learnt : Learnt

    Returns
    -------
    Learnt
    """
    program = plan.program
    learnt = replace(
        learnt,
        network=program.network,
        loss=program.loss,
        window=plan.window if plan.window == learnt.window else None,
        diverged_in=None,
    )
    now, then = program.rule, learnt.rule
    if (now.optimizer, now.n_slots) == (then.optimizer, then.n_slots):
        return replace(learnt, rule=now)
    slots = _empty_slots(learnt.weights, now.n_slots)
    return replace(learnt, rule=now, slots=slots, updates=0)


def train(
    plan: Plan,
    learnt: Learnt,
    n_epochs: int,
    *,
    shuffle: bool,
    pause_every: int = EPOCHS_PER_CALL,
    rate: Callable[[], float | None] = lambda: None,
) -> Iterator[Chunk]:
    """Train, pausing after each chunk.

    Parameters
    ----------
    plan : Plan
        What to run.
    learnt : Learnt
        Where to start.
    n_epochs : int
        Epochs to train.
    shuffle : bool
        Whether each epoch has an order of its own; otherwise all have the given one.
    pause_every : int, default=4096
        Pause after every so many epochs, if not in between.
    rate : callable, optional
        Asked after every pause for the learning rate from there on; None for the
        plan's.

    Yields
    ------
    Chunk
    """
    spec = plan.program
    program = training_program(spec)
    arrays = _Arrays(spec, plan.data)
    order = copy.deepcopy(learnt.order)
    feed = _Feed(lambda: plan.schedule(order if shuffle else None), shuffle)
    pace = _Pace(spec, feed.per_epoch)
    limit = min(EPOCHS_PER_CALL, feed.capacity)
    rates = rates_of(plan)
    states = _zero_states(spec.network, spec.batch_size)
    weights = tuple(map(tf.convert_to_tensor, learnt.weights))
    slots = tuple(map(tf.convert_to_tensor, learnt.slots))
    updates = tf.constant(learnt.updates, spec.network.dtype)
    done = begin = 0
    total = np.zeros(2)
    while done < n_epochs:
        batches = pace.batches()
        if rates is not None:
            batches = min(batches, RATES_PER_CALL)
        until = min(n_epochs, done + pause_every - done % pause_every)
        epochs = max(1, min(batches // feed.per_epoch, limit, until - done))
        whole = begin == 0 and batches >= feed.per_epoch
        end = feed.per_epoch if whole else min(begin + batches, feed.per_epoch)
        schedule = feed.epochs(epochs if whole else 1, fresh=begin == 0)
        started = time.perf_counter()
        weights, slots, updates, states, sums = program(
            weights,
            slots,
            updates,
            states,
            tf.constant(total, spec.network.dtype),
            arrays.tensors,
            schedule,
            tf.constant([epochs if whole else 1, begin, end, feed.per_epoch]),
            tf.constant(_with_rate(plan.numbers, rate())),
            None if rates is None else rates(int(updates)),
            _drop_inputs(plan, learnt),
        )
        sums = sums.numpy()[: epochs if whole else 1]
        pace.took(time.perf_counter() - started, end - begin, len(sums))
        begin = 0 if end == feed.per_epoch else end
        total = sums[0] if begin else np.zeros(2)
        if begin:
            yield Chunk(learnt, done, 0)
            continue
        done += len(sums)
        learnt = _moved_on(
            learnt, weights, slots, int(updates), order, sums[:, 0] / sums[:, 1]
        )
        yield Chunk(learnt, done, len(sums))


def _moved_on(learnt, weights, slots, updates, order, losses) -> Learnt:
    """What was learnt, some epochs later."""
    weights = tuple(np.array(weight) for weight in weights)
    before = len(learnt.losses)
    bad = np.flatnonzero(~np.isfinite(losses))
    diverged_in = before + int(bad[0]) + 1 if len(bad) else None
    if diverged_in is None and not all(np.isfinite(w).all() for w in weights):
        diverged_in = before + len(losses)
    return replace(
        learnt,
        weights=weights,
        slots=tuple(np.array(slot) for slot in slots),
        updates=updates,
        order=copy.deepcopy(order),
        losses=(*learnt.losses, *map(float, losses)),
        diverged_in=learnt.diverged_in or diverged_in,
    )


def _with_rate(numbers: np.ndarray, rate: float | None) -> np.ndarray:
    """The update rule's numbers, of another learning rate if there is one."""
    if rate is None:
        return numbers
    return np.concatenate([np.array([rate], numbers.dtype), numbers[1:]])


def _drop_inputs(plan: Plan, learnt: Learnt):
    """Rates and seed of dropout; None where the program has none."""
    network = plan.program.network
    if not (network.dropout or network.recurrent_dropout):
        return None
    return tf.constant(plan.rates, network.dtype), tf.constant(learnt.dropout_seed)


def _empty_slots(weights, n_slots: int) -> tuple[np.ndarray, ...]:
    return tuple(np.zeros_like(weight) for weight in weights for _ in range(n_slots))


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

    def __init__(self, following: Callable[[], Schedule], shuffled: bool):
        first = following()
        self.per_epoch = len(first)
        rows = max(self.per_epoch, SHUFFLED_BATCHES if shuffled else 1)
        self._rows = bucket(rows)
        self.capacity = self._rows // self.per_epoch if shuffled else EPOCHS_PER_CALL
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
        # Numbers that a step multiplies; a lookup reads no more than some.
        sizes = [np.prod(shape) for shape in net.weight_shapes if shape[0] < 2**12]
        work = 6.0 * spec.batch_size * net.piece_steps * float(sum(sizes))
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


def _zero_states(network: NetworkSpec, width: int) -> tuple:
    return tuple(
        tf.zeros((width, units), network.dtype) for units in network.state_widths
    )


def _padded(array: np.ndarray, size: int, fill) -> np.ndarray:
    padded = np.full((size, *array.shape[1:]), fill, array.dtype)
    padded[: len(array)] = array
    return padded
