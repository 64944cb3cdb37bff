"""What an update computes: of a whole batch, or of its halves side by side.

XLA runs what it compiled for a batch on one core, but for its largest products. Where
an update takes long, each half of the batch is therefore a compiled program of its own,
and TensorFlow runs both at once from a graph that is not compiled. Where the halves
are cut depends on the batch alone, never on how many cores there are.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import tensorflow as tf

from skseq.networks.compiled import run
from skseq.training.losses import LOSSES
from skseq.training.plan import ProgramSpec
from skseq.training.update_rules import apply

__all__ = ["Update", "compiled", "in_halves", "on_threads", "whole"]

# Takes the data, the schedule's lines and the dropout's numbers, and what is trained;
# gives it back with the loss, summed over targets, and their number.
Update = Callable[..., tuple]


def compiled(function: Callable) -> Callable:
    """Have XLA compile a function of tensors."""
    return _traced(function, jit_compile=True)


def on_threads(function: Callable) -> Callable:
    """Have TensorFlow run a function of tensors as a graph, on threads of its own.

    No operation of it is shared out to several: Eigen cuts products by the number of
    threads, and sums that are cut at other places have other bits. All else that says
    how many there are, says so for the whole process; data sets say it for themselves.

    Products of a step of more than some 2 million multiplications, as of 32 rows and
    256 units, XLA compiles for the cores that there are: their bits differ on one core.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
        Takes the number of threads, and what the function takes.
    """
    as_it_is = tf.autograph.experimental.do_not_convert(function)

    def run_on(n_threads, *arguments):
        data = tf.data.Dataset.from_tensors(arguments).map(as_it_is)
        given = data.element_spec
        parts = tf.nest.flatten(given)
        form = {
            "output_types": [part.dtype for part in parts],
            "output_shapes": [part.shape for part in parts],
        }
        one = tf.raw_ops.MaxIntraOpParallelismDataset(
            input_dataset=tf.data.experimental.to_variant(data),
            max_intra_op_parallelism=tf.constant(1, tf.int64),
            **form,
        )
        pooled = tf.raw_ops.PrivateThreadPoolDataset(
            input_dataset=one, num_threads=n_threads, **form
        )
        return tf.data.experimental.from_variant(pooled, given).get_single_element()

    return _traced(run_on)


def _traced(function: Callable, *, jit_compile: bool = False) -> Callable:
    made = tf.function(function, jit_compile=jit_compile, autograph=False)
    # Five of them in a row, as any grid over units brings, TensorFlow takes for
    # one function that is traced again and again by mistake, and warns.
    made._omit_frequent_tracing_warning = True
    return made


def whole(spec: ProgramSpec) -> Update:
    """An update of all rows of a batch at once, to be compiled with what calls it."""
    n_targets = float(spec.batch_size * spec.network.out_steps)

    def forward(weights, batch, states, drops):
        losses, states = _losses(spec, weights, batch, states, drops)
        w = batch[3]
        if w is None:
            return tf.reduce_mean(losses), n_targets, states
        # A batch without targets has loss 0, not 0 / 0.
        count = tf.reduce_sum(tf.cast(w > 0, w.dtype))
        return tf.math.divide_no_nan(tf.reduce_sum(losses * w), count), count, states

    def update(batch, weights, slots, step, states, numbers, drops):
        given = weights, batch, states, drops
        gradients, loss, weight, states = _differentiated(forward, *given)
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

    def of_batch(arrays, place, carry, weights, slots, step, states, numbers, dropping):
        batch = _gathered(arrays, place, spec)
        states = _carried(states, carry)
        drops = _drops(spec, dropping, step)
        return advance(batch, weights, slots, step, states, numbers, drops)

    return of_batch


def in_halves(spec: ProgramSpec) -> Update:
    """An update of two halves of a batch, each compiled; not to be compiled as one."""
    sizes = [spec.batch_size - spec.batch_size // 2, spec.batch_size // 2]

    def forward(weights, batch, states, drops):
        # Summed: over how many the mean is, neither half knows alone.
        losses, states = _losses(spec, weights, batch, states, drops)
        w = batch[3]
        if w is None:
            return tf.reduce_sum(losses), tf.size(losses, losses.dtype), states
        count = tf.reduce_sum(tf.cast(w > 0, w.dtype))
        return tf.reduce_sum(losses * w), count, states

    @compiled
    def half(rows, arrays, place, carry, weights, step, states, dropping):
        batch = _gathered(arrays, tf.gather(place, rows), spec)
        states = [tf.gather(state, rows) for state in states]
        states = _carried(states, tf.gather(carry, rows))
        drops = _of_rows(_drops(spec, dropping, step), rows)
        given = weights, batch, states, drops

        def carry_on():
            return [tf.zeros_like(weight) for weight in weights], *forward(*given)

        if not spec.idle:
            return _differentiated(forward, *given)
        return tf.cond(
            tf.reduce_any(batch[3] > 0),
            lambda: _differentiated(forward, *given),
            carry_on,
        )

    @compiled
    def joined(halves, weights, slots, step, numbers):
        gradients, losses, counts, states = zip(*halves, strict=True)
        loss, count = tf.add_n(losses), tf.add_n(counts)

        def update():
            mean = [tf.add_n(both) / count for both in zip(*gradients, strict=True)]
            moved = apply(spec.rule, weights, mean, slots, step + 1, numbers)
            return *moved, step + 1

        def carry_on():
            return weights, slots, step

        moved = tf.cond(count > 0, update, carry_on) if spec.idle else update()
        states = tuple(tf.concat(both, 0) for both in zip(*states, strict=True))
        return *moved, states, loss, count

    def of_batch(arrays, place, carry, weights, slots, step, states, numbers, dropping):
        halves = [
            half(rows, arrays, place, carry, weights, step, states, dropping)
            for rows in tf.split(tf.range(spec.batch_size), sizes)
        ]
        return joined(halves, weights, slots, step, numbers)

    return of_batch


def _losses(spec: ProgramSpec, weights, batch, states, drops):
    """The loss of each target, and the states after them."""
    x, mask, y, _ = batch
    outputs, states = run(spec.network, weights, x, mask, states, drops)
    return LOSSES[spec.loss](y, outputs), states


def _differentiated(forward, weights, *given):
    """Gradients of the loss, and all that the forward pass gives."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        loss, weight, states = forward(weights, *given)
    # A lookup's gradient comes as slices; the update rules want it whole.
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, weights)]
    return gradients, loss, weight, states


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


def _of_rows(drops, rows):
    """What some rows of a batch are multiplied by."""
    if drops is None:
        return None
    return [
        tuple(None if d is None else tf.gather(d, rows, axis=1) for d in pair)
        for pair in drops
    ]
