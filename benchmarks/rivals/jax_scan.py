"""A hand-written ``lax.scan`` in JAX: the whole training in one compiled program.

This is the practical limit: no labels, no checks, no options, one job.
"""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ..jobs import load
from ..weights import draw
from .timing import Run, Stopwatch

RATE, BETA_1, BETA_2, EPSILON = 0.001, 0.9, 0.999, 1e-7


def run(name, seed, share=1.0):
    """Train in one call of a program that is compiled once per job."""
    job = load(name).part(share)
    rng = np.random.default_rng(seed)
    order = np.tile(np.arange(len(job.x)), (job.epochs, 1))
    watch = Stopwatch()
    program = _program(name, share)
    if job.shuffle:
        order = rng.permuted(order, axis=1)
    weights = tuple(draw(job, seed))
    setup = watch.lap()
    result = jax.block_until_ready(program(weights, job.x, job.y, order))
    alone = watch.lap()
    losses = np.asarray(result[1])
    return Run(setup, alone, job.updates, float(losses[-1]), alone).as_dict()


@cache
def _program(name, share):
    """Return the jitted training of one job: weights and data in, the same out."""
    job = load(name).part(share)
    resets = np.arange(len(job.x)) % job.updates_per_sequence == 0
    units, batch = job.units, job.x.shape[1]
    loss_of = {"per_step": _per_step, "encoder_decoder": _encoder_decoder}[job.topology]
    gradient = jax.value_and_grad(
        lambda w, s, x, y: loss_of(w, s, x, y, LOSSES[job.loss]), has_aux=True
    )

    @jax.jit
    def train(weights, x, y, order):
        def update(carry, step):
            weights, first, second, count, state = carry
            index, reset = step
            state = jax.tree.map(lambda s: jnp.where(reset, 0.0, s), state)
            (loss, state), slope = gradient(weights, state, x[index], y[index])
            count += 1
            weights, first, second = _adam(weights, first, second, slope, count)
            return (weights, first, second, count, state), loss

        def epoch(carry, order):
            carry, losses = lax.scan(update, carry, (order, resets))
            return carry, losses.mean()

        zeros = jax.tree.map(jnp.zeros_like, weights)
        state = (jnp.zeros((batch, units)), jnp.zeros((batch, units)))
        start = (weights, zeros, zeros, jnp.float32(0), state)
        (weights, *_), losses = lax.scan(epoch, start, order)
        return weights, losses

    return train


def _adam(weights, first, second, slope, count):
    """Update as Kingma and Ba (2015), with the epsilon where Keras has it."""
    rate = RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
    first = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), first, slope)
    second = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), second, slope)
    weights = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, first, second
    )
    return weights, first, second


def _walk(lstm, state, x):
    """Return the outputs of every step and the state after the last."""
    kernel, recurrent, bias = lstm
    drive = x @ kernel + bias  # one product for all steps
    h, c = state
    outputs = []
    for t in range(x.shape[1]):  # at most five steps: unrolled is fastest
        i, f, g, o = jnp.split(drive[:, t] + h @ recurrent, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        outputs.append(h)
    return jnp.stack(outputs, 1), (h, c)


def _per_step(weights, state, x, y, loss):
    """Return the loss of one batch and the state after it."""
    *lstm, kernel, bias = weights
    outputs, state = _walk(lstm, state, x)
    return loss(outputs @ kernel + bias, y), state


def _encoder_decoder(weights, state, x, y, loss):
    """Return the loss of one batch; each half starts at zero."""
    encoder, decoder = weights[:3], weights[3:]
    zero = jax.tree.map(jnp.zeros_like, state)
    _, (code, _) = _walk(encoder, zero, x)
    repeated = jnp.repeat(code[:, None], y.shape[1], axis=1)
    return _per_step(decoder, zero, repeated, y, loss)[0], state


LOSSES = {
    "binary_crossentropy": lambda logits, y: jnp.mean(
        jnp.logaddexp(0.0, logits) - y * logits
    ),
    "categorical_crossentropy": lambda logits, y: (
        -jnp.mean(jnp.sum(y * jax.nn.log_softmax(logits), -1))
    ),
    "mean_squared_error": lambda outputs, y: jnp.mean((outputs - y) ** 2),
}
