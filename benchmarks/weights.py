"""Initial weights, drawn once for every rival, so that losses can be compared."""

import numpy as np


def draw(job, seed):
    """Draw the weights of a job's network as Keras would, in Keras' order.

    Parameters
    ----------
    job : Job
        Gives the topology and the sizes.
    seed : int
        Seed of the draw.

    Returns
    -------
    list of ndarray
        Kernel, recurrent kernel and bias of each LSTM (gates in the order input,
        forget, cell, output), of a layer first that which reads forwards; then kernel
        and bias of the dense layer.
    """
    rng = np.random.default_rng(seed)
    features, outputs, units = job.x.shape[-1], job.y.shape[-1], job.units
    directions = 1 + job.bidirectional
    code = units * directions
    n_lstms = 2 if job.topology == "encoder_decoder" else job.layers
    weights = []
    for n_inputs in [features] + [code] * (n_lstms - 1):
        for _ in range(directions):
            weights += lstm(rng, n_inputs, units)
    return [*weights, glorot(rng, code, outputs), np.zeros(outputs, np.float32)]


def lstm(rng, n_inputs, units):
    """Draw one LSTM: Glorot uniform, orthogonal, and a forget bias of one."""
    square = rng.standard_normal((4 * units, units))
    q, r = np.linalg.qr(square)
    recurrent = (q * np.sign(np.diag(r))).T.astype(np.float32)
    bias = np.zeros(4 * units, np.float32)
    bias[units : 2 * units] = 1
    return [glorot(rng, n_inputs, 4 * units), recurrent, bias]


def glorot(rng, n_in, n_out):
    """Draw a matrix uniformly within the limits of Glorot and Bengio (2010)."""
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out)).astype(np.float32)
