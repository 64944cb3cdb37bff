"""Programs: compiled once for a network, an update rule and a bucket of shapes.

Whatever a fit brings along is an input of its program, never a constant of it:
weights, data, schedule, epochs, learning rate.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from itertools import count

import tensorflow as tf

from skseq.networks.compiled import run
from skseq.training.losses import LOSSES
from skseq.training.plan import ProgramSpec
from skseq.training.tracing import forget_graphs, traced_as
from skseq.training.update_rules import apply

__all__ = [
    "EPOCHS_PER_CALL",
    "RATES_PER_CALL",
    "check_process",
    "n_compilations",
    "training_program",
]

# Programs kept at most; the least recently used one goes first.
MAX_PROGRAMS = 64
# Epochs of one call at most: the length of its loss curve.
EPOCHS_PER_CALL = 4096
# Updates of one call at most, where each has a learning rate of its own.
RATES_PER_CALL = 4096


def n_compilations() -> int:
    """Number of programs compiled by this process so far."""
    with _LOCK:
        return _RETIRED[0] + sum(
            program.n_compilations for program in _PROGRAMS.values()
        )


_PROGRAMS: OrderedDict[tuple, Program] = OrderedDict()
_RETIRED = [0]
_LOCK = threading.RLock()
_FORKED_FROM: list[int] = []


def _remember_fork() -> None:
    if _PROGRAMS:
        _FORKED_FROM.append(os.getppid())


os.register_at_fork(after_in_child=_remember_fork)


def check_process() -> None:
    """Refuse to run in a fork of a process that has run TensorFlow.

    TensorFlow's threads do not come along with a fork, and it waits for them
    forever.

    Raises
    ------
    RuntimeError
        If this process is such a fork.
    """
    if _FORKED_FROM:
        raise RuntimeError(
            f"This process was forked from process {_FORKED_FROM[0]} after that had "
            "fitted, and TensorFlow would hang in it. Start processes "
            "anew: joblib's backend 'loky' (its default), or multiprocessing's start "
            "method 'spawn' or 'forkserver'."
        )


def _kept(key: tuple, make: Callable[[], Callable]) -> Program:
    """The program of this key, made at the first call."""
    check_process()
    with _LOCK:
        if key not in _PROGRAMS:
            _PROGRAMS[key] = Program(make(), key)
            if len(_PROGRAMS) > MAX_PROGRAMS:
                _, oldest = _PROGRAMS.popitem(last=False)
                _RETIRED[0] += oldest.n_compilations
        _PROGRAMS.move_to_end(key)
        return _PROGRAMS[key]


def training_program(spec: ProgramSpec) -> Program:
    """The program that trains through a schedule, some epochs a call."""
    return _kept(("train", spec), lambda: _training(spec))


class Program:
    """A function compiled to one XLA program for each bucket of shapes.

    Parameters
    ----------
    function : callable
        What is compiled; of tensors.
    key : tuple
        What it was made for, as ``repr`` tells it in every process.
    """

    def __init__(self, function: Callable, key: tuple):
        self._function = tf.function(function, jit_compile=True, autograph=False)
        # Five of them in a row, as any grid over units brings, TensorFlow takes for
        # one function that is traced again and again by mistake, and warns.
        self._function._omit_frequent_tracing_warning = True
        self._key, self._traced = key, set[str]()

    def __call__(self, *arguments):
        shapes = [
            None if given is None else (given.shape, given.dtype)
            for given in tf.nest.flatten(arguments)
        ]
        name = repr((self._key, shapes))
        if name not in self._traced:
            with traced_as(name):
                concrete = self._function.get_concrete_function(*arguments)
            forget_graphs(concrete)
            self._traced.add(name)
        return self._function(*arguments)

    @property
    def n_compilations(self) -> int:
        """Buckets of shapes that it was compiled for."""
        return self._function.experimental_get_tracing_count()


def _training(spec: ProgramSpec) -> Callable:
    loss_of = LOSSES[spec.loss]
    dtype = spec.network.dtype
    n_targets = float(spec.batch_size * spec.network.out_steps)

    def forward(weights, batch, states, drops):
        x, mask, y, w = batch
        outputs, states = run(spec.network, weights, x, mask, states, drops)
        losses = loss_of(y, outputs)
        if w is None:
            return tf.reduce_mean(losses), n_targets, states
        # A batch without targets has loss 0, not 0 / 0.
        count = tf.reduce_sum(tf.cast(w > 0, w.dtype))
        return tf.math.divide_no_nan(tf.reduce_sum(losses * w), count), count, states

    def update(batch, weights, slots, step, states, numbers, drops):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            loss, weight, states = forward(weights, batch, states, drops)
        # A lookup's gradient comes as slices; the update rules want it whole.
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, weights)]
        step += 1
        weights, slots = apply(spec.rule, weights, gradients, slots, step, numbers)
        return weights, slots, step, tuple(states), loss * weight, weight

    def idle_update(batch, weights, slots, step, states, numbers, drops):
        def carry_on():
            loss, weight, after = forward(weights, batch, states, drops)
            return weights, slots, step, tuple(after), loss, weight

        return tf.cond(
            tf.reduce_any(batch[3] > 0),
            lambda: update(batch, weights, slots, step, states, numbers, drops),
            carry_on,
        )

    advance = idle_update if spec.idle else update

    def program(
        weights,
        slots,
        step,
        states,
        before,
        arrays,
        schedule,
        extent,
        numbers,
        rates,
        dropping,
    ):
        begun = step
        n_epochs, begin, end, per_epoch = tf.unstack(extent)
        pieces, carry, period = schedule

        def run_batch(u, epoch, weights, slots, step, states, loss, weight):
            place = epoch % period * per_epoch + u
            # tf.gather, not an index: XLA takes what an index is computed from
            # for a constant of the program, and would compile it anew each call.
            batch = _gathered(arrays, tf.gather(pieces, place), spec)
            states = _carried(states, tf.gather(carry, place))
            drops = _drops(spec, dropping, step)
            rated = _rated(numbers, rates, step - begun)
            weights, slots, step, states, more, new = advance(
                batch, weights, slots, step, states, rated, drops
            )
            return u + 1, epoch, weights, slots, step, states, loss + more, weight + new

        def run_epoch(epoch, weights, slots, step, states, sums):
            # An epoch cut in two is summed up as if it were whole, to the last bit.
            start = tf.unstack(tf.where(epoch == 0, before, tf.zeros_like(before)))
            _, _, weights, slots, step, states, *sum_ = tf.while_loop(
                lambda u, *_: u < end,
                run_batch,
                (begin, epoch, weights, slots, step, states, *start),
            )
            return epoch + 1, weights, slots, step, states, sums.write(epoch, sum_)

        sums = tf.TensorArray(dtype, size=EPOCHS_PER_CALL, element_shape=(2,))
        _, weights, slots, step, states, sums = tf.while_loop(
            lambda epoch, *_: epoch < n_epochs,
            run_epoch,
            (tf.constant(0), weights, slots, step, states, sums),
        )
        return weights, slots, step, states, sums.stack()

    return program


def _rated(numbers, rates, updates):
    """The update rule's numbers, with the learning rate of the update that follows."""
    if rates is None:
        return numbers
    rate = tf.gather(rates, tf.cast(updates, tf.int32))
    return tf.concat([rate[None], numbers[1:]], 0)


def _drops(spec: ProgramSpec, dropping, step):
    """What inputs and states of each layer are multiplied by in an update.

    As Keras has it: some are zero, the others so much larger, the same at every step
    of a piece; each gate has its own where states are dropped.
    """
    if dropping is None:
        return None
    network, (rates, seed) = spec.network, dropping
    rate, recurrent_rate = tf.unstack(rates)
    draws = count()

    def draw(rate, gates, width):
        number = next(draws)
        seeds = tf.stack([seed + number, tf.cast(step, tf.int32)])
        shape = (gates, spec.batch_size, width)
        kept = tf.random.stateless_uniform(shape, seeds, dtype=network.dtype) >= rate
        return tf.cast(kept, network.dtype) / (1 - rate)

    drops = []
    for layer in network.layers:
        gates = layer.weight_shapes[0][1] // layer.units
        own = gates if network.recurrent_dropout else 1
        drops.append(
            (
                draw(rate, own, layer.n_inputs) if network.dropout else None,
                draw(recurrent_rate, gates, layer.units)
                if network.recurrent_dropout
                else None,
            )
        )
    return drops


def _gathered(arrays, place, spec: ProgramSpec):
    """Inputs, mask, targets and weights of a batch."""
    x, mask, targets, weights = arrays
    at = tf.maximum(place, 0) if spec.weighted else place
    batch = [None if a is None else tf.gather(a, at) for a in (x, mask, targets)]
    if not spec.weighted:
        return *batch, None
    filled = tf.cast(place >= 0, weights.dtype)[:, None]
    return *batch, tf.gather(weights, at) * filled


def _carried(states, carry):
    return tuple(tf.where(carry[:, None], s, tf.zeros_like(s)) for s in states)
