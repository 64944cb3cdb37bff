"""From sequences and targets to what one fit runs; pure, and without TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skseq._sequences import Sequences
from skseq.networks.spec import NetworkSpec
from skseq.training.options import UpdateRule
from skseq.training.schedule import EMPTY, Schedule, group_sizes, training_schedule

__all__ = [
    "Pieces",
    "Plan",
    "ProgramSpec",
    "Settings",
    "Targets",
    "bucket",
    "make_plan",
    "shared_length",
]


# Updates that take about so many seconds are made in halves of the batch, side by side.
# On two cores both ways take the same time at about 1 ms: at 2 ms halves gain a fifth,
# at 40 ms two fifths. On one core they cost 0.1 ms an update.
HALVED_FROM = 2e-3
# Of a step of the walk, some microseconds are spent however few numbers there are, and
# twice in two halves. With about so many seconds of arithmetic in a step, halves cost a
# third more processor time than the whole; of 16 rows of 8 units, where it is 3 us,
# experiment 2c at lag 10,000 takes 60 s in halves and 47 as a whole.
STEP_HALVED_FROM = 7.5e-6


@dataclass(frozen=True)
class Targets:
    """Encoded targets, beside sequences.

    Attributes
    ----------
    values : ndarray of int32, shape (n, steps), or of shape (n, steps, width)
        Places of classes, or numbers.
    weights : ndarray of shape (n, steps)
        Weight of each target; 0 where none counts.
    per_step : bool
        Whether they stand beside the steps of sequences, or after the last.
    """

    values: np.ndarray
    weights: np.ndarray
    per_step: bool

    def take(self, rows: np.ndarray) -> Targets:
        """Targets of some rows, in this order."""
        return replace(self, values=self.values[rows], weights=self.weights[rows])


@dataclass(frozen=True)
class Settings:
    """What an estimator's parameters say of its training.

    Attributes
    ----------
    architecture : mapping
        Those fields of :class:`skseq.networks.spec.NetworkSpec` that parameters decide.
    loss : str
    rule : UpdateRule
    numbers : ndarray
        The rule's.
    batch_size : int or None
        None for all rows, or all groups, at once.
    rows_abreast : int
        Row i of a group continues row ``i - rows_abreast``.
    truncated_bptt_steps : int or None
        Steps of a piece; None for whole rows.
    whole : bool
        Whether these rows are all there will be. Weights of targets then count relative
        to their mean, otherwise as they are, and others will be a little longer.
    rates : tuple of float
        Shares of inputs and of states that training drops.
    learning_rates : object or None
        A schedule of Keras, or the dict that describes it, where the rate changes.
    """

    architecture: Mapping[str, Any]
    loss: str
    rule: UpdateRule
    numbers: np.ndarray
    batch_size: int | None
    rows_abreast: int
    truncated_bptt_steps: int | None
    whole: bool
    rates: tuple[float, float] = (0.0, 0.0)
    learning_rates: Any = None


@dataclass(frozen=True)
class Pieces:
    """The data of a fit, cut into pieces; see :mod:`skseq.training.schedule`.

    Attributes
    ----------
    x : ndarray, shape (n_pieces, piece_steps, n_features)
        Inputs; symbol indices with one feature where the network reads tokens.
    mask : ndarray of bool, shape (n_pieces, piece_steps), or None
        Which steps are real.
    targets : ndarray, shape (n_pieces, out_steps[, out_width])
        Class indices, or numbers.
    weights : ndarray, shape (n_pieces, out_steps), or None
        Weight of each target, 0 for none; None for 1 everywhere.
    """

    x: np.ndarray
    mask: np.ndarray | None
    targets: np.ndarray
    weights: np.ndarray | None


@dataclass(frozen=True)
class ProgramSpec:
    """What a training program is compiled for.

    Attributes
    ----------
    network : NetworkSpec
    loss : str
        A key of ``LOSSES``.
    rule : UpdateRule
    batch_size : int
    weighted : bool
        Whether targets have weights, or batches have empty places.
    idle : bool
        Whether there are batches without any target: they carry the state
        on and update nothing.
    halved : bool
        Whether each half of a batch is a program of its own, side by side.
    """

    network: NetworkSpec
    loss: str
    rule: UpdateRule
    batch_size: int
    weighted: bool
    idle: bool
    halved: bool = False


@dataclass(frozen=True)
class Plan:
    """All that one fit runs.

    Attributes
    ----------
    program : ProgramSpec
    data : Pieces
    numbers : ndarray
        The update rule's.
    schedule : callable
        Gives the schedule of an epoch; takes the RandomState that draws the order of
        rows, or None for the order given.
    longest_lag : int
        Steps of the longest sequence, rows that continue each other joined.
    window : int or None
        As :class:`skseq.training.learnt.Learnt` keeps it.
    rates : tuple of float
        Shares of inputs and of states that are dropped.
    learning_rates : object or None
        As :class:`Settings` has it.
    """

    program: ProgramSpec
    data: Pieces
    numbers: np.ndarray
    schedule: Callable[[np.random.RandomState | None], Schedule]
    longest_lag: int
    window: int | None
    rates: tuple[float, float] = (0.0, 0.0)
    learning_rates: Any = None


def make_plan(
    sequences: Sequences,
    targets: Targets,
    groups: np.ndarray | None,
    settings: Settings,
) -> Plan:
    """Cut rows into pieces, and say in which order they are trained on by what.

    Parameters
    ----------
    sequences : Sequences
    targets : Targets
    groups : ndarray of shape (n,) or None
        Consecutive rows of one group continue each other.
    settings : Settings

    Returns
    -------
    Plan
    """
    n_rows = len(sequences)
    longest = max(int(sequences.lengths.max()), 1)
    piece_steps = min(settings.truncated_bptt_steps or longest, longest)
    if piece_steps == longest and (sequences.lengths < longest).any():
        # The mask that there is anyway covers more steps as well. Rows all of one
        # length have none, and it would cost them more than a program of their own.
        piece_steps = shared_length(longest, apart=1 if settings.whole else 32)
    n_pieces = -(-longest // piece_steps)
    tokens = one_hot_tokens(sequences)
    if settings.whole:
        targets = replace(targets, weights=_relative(targets.weights))
    weights = _counting(targets.weights, settings.architecture["dtype"])
    targets = replace(targets, weights=weights)
    data = _cut(sequences, tokens, targets, piece_steps, n_pieces)
    batch_size = _places(n_rows, groups, settings)

    def schedule(order: np.random.RandomState | None) -> Schedule:
        return training_schedule(
            n_rows, n_pieces, batch_size, groups, settings.rows_abreast, order
        )

    weights = data.weights
    weighted = bool((weights != 1).any() or (schedule(None).pieces == EMPTY).any())
    network = _network(sequences, tokens, targets, piece_steps, settings)
    program = ProgramSpec(
        network,
        settings.loss,
        settings.rule,
        batch_size,
        weighted=weighted,
        # Pieces without a target are run for their state; batches may hold no other.
        idle=bool((weights == 0).all(axis=1).any()),
        halved=pays_in_halves(network, batch_size),
    )
    joined = 1
    if groups is not None:
        joined = -(-int(group_sizes(groups).max()) // settings.rows_abreast)
    alike = groups is None and (sequences.lengths == longest).all()
    return Plan(
        program,
        data if weighted else replace(data, weights=None),
        settings.numbers,
        schedule,
        longest * joined,
        longest if alike else None,
        settings.rates,
        settings.learning_rates,
    )


def one_hot_tokens(sequences: Sequences) -> np.ndarray | None:
    """Which symbol each step is, if each real step is one symbol of several.

    Parameters
    ----------
    sequences : Sequences

    Returns
    -------
    ndarray of int32, shape (n, t, 1), or None
        0 after a row's last step; None if steps are not one-hot.
    """
    X = sequences.values
    if sequences.n_symbols is not None:
        return X
    if X.shape[2] < 2:
        return None
    real = np.arange(X.shape[1]) < sequences.lengths[:, None]
    steps = X[real]
    if not len(steps) or np.count_nonzero(steps) != len(steps):
        return None
    hot = steps.argmax(axis=1)
    if not (np.take_along_axis(steps, hot[:, None], 1) == 1).all():
        return None
    tokens = np.zeros((*X.shape[:2], 1), np.int32)
    tokens[real] = hot[:, None]
    return tokens


def bucket(size: int) -> int:
    """The smallest power of two from 16 that holds ``size``."""
    return max(16, 1 << (size - 1).bit_length())


def shared_length(steps: int, apart: int = 1) -> int:
    """The next of a few lengths, at most 5 % longer or less than so many steps.

    Folds of a search over rows of unequal lengths differ in their longest row, and
    would each compile a program; so would blocks of rows, one after the other, which
    compile more often than they train.

    Parameters
    ----------
    steps : int
    apart : int, default=1
        How far apart lengths may be, whatever they are; twice as long at most.

    Returns
    -------
    int
    """
    length = 20 if apart == 1 else 1
    if steps <= length:
        return steps
    while length < steps:
        length += max(min(apart, length), length // 20)
    return length


def _network(sequences, tokens, targets, piece_steps, settings) -> NetworkSpec:
    architecture = settings.architecture
    decodes = architecture["topology"] == "encoder_decoder"
    return NetworkSpec(
        n_features=sequences.n_features,
        piece_steps=piece_steps,
        readout="per_step" if targets.per_step or decodes else "last",
        out_steps=piece_steps if targets.per_step else targets.values.shape[1],
        tokens=tokens is not None,
        masked=_is_masked(sequences, piece_steps),
        **architecture,
    )


def pays_in_halves(network: NetworkSpec, batch_size: int) -> bool:
    """Whether updates are made in halves of the batch, by shapes alone."""
    seconds, steps = update_seconds(network, batch_size)
    long = seconds >= HALVED_FROM and seconds / steps >= STEP_HALVED_FROM
    return batch_size > 1 and long


def update_seconds(network: NetworkSpec, batch_size: int) -> tuple[float, int]:
    """About how long one core computes for an update, by shapes alone, in how many
    steps.

    Measured in single precision on one core, within a half from 0.5 to 100 ms: each
    number of a gate costs 5 ns in arithmetic of its own, and 0.04 ns for each number
    that it is a product of, forward and backward together.
    """
    levels = [(level, network.piece_steps) for level in network.reading]
    levels += [(level, network.out_steps) for level in network.writing]
    nanoseconds, total = 0.0, 0
    for depth, (level, steps) in enumerate(levels):
        for layer in level:
            gates = layer.weight_shapes[0][1]
            looked_up = network.tokens and depth == 0
            factors = layer.units + (0 if looked_up else layer.n_inputs)
            nanoseconds += batch_size * steps * gates * (5 + 0.04 * factors)
            total += steps
    return nanoseconds / 1e9, total


def _is_masked(sequences: Sequences, piece_steps: int) -> bool:
    """Whether any piece holds steps that are not real."""
    longest = max(int(sequences.lengths.max()), 1)
    return bool((sequences.lengths < longest).any() or longest % piece_steps)


def _places(n_rows: int, groups: np.ndarray | None, settings: Settings) -> int:
    """Places of a batch; some stay empty where rows do not fill one.

    Rounded up where all rows make one batch, so that folds of a search, which differ
    by a row, share a program.
    """
    if groups is not None:
        abreast = settings.rows_abreast
        n_groups = len(group_sizes(groups))
        at_once = n_groups
        if settings.batch_size is not None:
            at_once = min(max(settings.batch_size // abreast, 1), n_groups)
        return at_once * abreast
    size = min(settings.batch_size or n_rows, n_rows)
    if size < n_rows:
        return size
    return min(settings.batch_size or bucket(n_rows), bucket(n_rows))


def _cut(
    sequences: Sequences,
    tokens: np.ndarray | None,
    targets: Targets,
    steps: int,
    n_pieces: int,
) -> Pieces:
    """Cut rows into pieces of so many steps, the last one filled up."""
    n_rows = len(sequences)
    x = sequences.values if tokens is None else tokens

    def pieces(array: np.ndarray) -> np.ndarray:
        array = array[:, : n_pieces * steps]
        short = n_pieces * steps - array.shape[1]
        filled = np.pad(array, [(0, 0), (0, short)] + [(0, 0)] * (array.ndim - 2))
        return filled.reshape(n_rows * n_pieces, steps, *array.shape[2:])

    mask = None
    if _is_masked(sequences, steps):
        mask = pieces(np.arange(x.shape[1]) < sequences.lengths[:, None])
    weights = targets.weights
    if targets.per_step:
        return Pieces(pieces(x), mask, pieces(targets.values), pieces(weights))
    # The target stands at the piece in which the row's last real step lies.
    last = np.maximum(sequences.lengths - 1, 0)
    here = (last // steps)[:, None] == np.arange(n_pieces)
    weights = (here[:, :, None] * weights[:, None]).reshape(-1, weights.shape[1])
    return Pieces(pieces(x), mask, targets.values.repeat(n_pieces, axis=0), weights)


def _relative(weights: np.ndarray) -> np.ndarray:
    """Weights of mean 1 over all targets that count.

    The loss of a batch is the sum of weighted losses over the *number* of its targets,
    so that a weight of 2 is the row twice, in expectation over batches, at any batch
    size; divided by the weights of the batch it would be nothing at a batch of one.
    """
    counts = weights > 0
    some = weights[counts]
    if (some == some[0]).all():
        return counts.astype(weights.dtype)
    return weights / some.mean()


def _counting(weights: np.ndarray, dtype: str) -> np.ndarray:
    """Weights none of which arithmetic takes for zero, so that fewer would count."""
    least = np.finfo(dtype).tiny
    tiny = (weights > 0) & (weights < least)
    return np.where(tiny, least, weights) if tiny.any() else weights
