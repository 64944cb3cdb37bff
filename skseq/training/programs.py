"""Programs: compiled once for a network, an update rule and a bucket of shapes.

Whatever a fit brings along is an input of its program, never a constant of it:
weights, data, schedule, epochs, learning rate.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import tensorflow as tf

from skseq.inference.threads import usable_cores
from skseq.training.plan import ProgramSpec
from skseq.training.room import check_room
from skseq.training.tracing import forget_graphs, traced_as
from skseq.training.updates import Update, compiled, in_halves, on_threads, whole

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


def training_program(spec: ProgramSpec) -> Callable:
    """The program that trains through a schedule, some epochs a call."""
    if not spec.halved:
        return _kept(("train", spec), lambda: compiled(_training(spec, whole(spec))))
    program = _kept(
        ("train", spec), lambda: on_threads(_training(spec, in_halves(spec)))
    )
    return partial(program, tf.constant(min(usable_cores(), 2), tf.int64))


class Program:
    """A function, compiled for each bucket of shapes, or of which parts are.

    Parameters
    ----------
    function : tf.function
        Of tensors.
    key : tuple
        What it was made for, as ``repr`` tells it in every process.
    """

    def __init__(self, function: Callable, key: tuple):
        self._function: Any = function
        self._key, self._traced = key, set[str]()

    def __call__(self, *arguments):
        shapes = [
            None if given is None else (given.shape, given.dtype)
            for given in tf.nest.flatten(arguments)
        ]
        name = repr((self._key, shapes))
        if name not in self._traced:
            check_room()
            with traced_as(name):
                concrete = self._function.get_concrete_function(*arguments)
            forget_graphs(concrete)
            self._traced.add(name)
        return self._function(*arguments)

    @property
    def n_compilations(self) -> int:
        """Buckets of shapes that it was compiled for."""
        return self._function.experimental_get_tracing_count()


def _training(spec: ProgramSpec, update: Update) -> Callable:
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
            weights, slots, step, states, more, new = update(
                arrays,
                tf.gather(pieces, place),
                tf.gather(carry, place),
                weights,
                slots,
                step,
                states,
                _rated(numbers, rates, step - begun),
                dropping,
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

        sums = tf.TensorArray(
            spec.network.dtype, size=EPOCHS_PER_CALL, element_shape=(2,)
        )
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
