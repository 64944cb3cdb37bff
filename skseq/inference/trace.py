"""What happens inside of a network while it reads: gates and states of every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skseq.inference.block import Parts, reordered, walk
from skseq.networks.spec import NetworkSpec

__all__ = ["trace"]


def trace(
    network: NetworkSpec,
    weights: Sequence[np.ndarray],
    x: np.ndarray,
    lengths: np.ndarray,
) -> dict[str, dict[str, np.ndarray]]:
    """Run rows through the layers that read, each from the zero state.

    Parameters
    ----------
    network, weights, x, lengths
        As :func:`skseq.inference.forward.forward` takes them.

    Returns
    -------
    dict of str to dict of str to ndarray of shape (n, t, units)
        For each layer, by its name, what is inside of its cell after each step: its
        gates and states. At each step of a layer that reads backwards, what it held
        when it had read that step. What comes after a row's last is undefined.
    """
    parts = Parts(network, weights)
    reading, _ = parts.levels(len(x))
    steps = np.moveaxis(x, 0, -1)
    tables: list[np.ndarray] = parts.tables
    if tables:
        steps = steps[:, 0]
    times = np.arange(len(steps))[:, None]
    backwards = np.where(times < lengths, lengths - 1 - times, times)
    found: dict[str, dict[str, np.ndarray]] = {}
    for level, layers in zip(reading, network.reading, strict=True):
        outputs = []
        for place, (step, layer) in enumerate(zip(level, layers, strict=True)):
            read = reordered(steps, backwards) if layer.backwards else steps
            kept = {
                name: np.empty((len(steps), *now.shape), now.dtype)
                for name, now in step.inside.items()
            }
            for t, _ in enumerate(walk(step, read, tables[place] if tables else None)):
                for name, now in step.inside.items():
                    kept[name][t] = now
            if layer.backwards:
                kept = {name: reordered(one, backwards) for name, one in kept.items()}
            outputs.append(kept["output"])
            found[layer.name] = {
                name: np.moveaxis(one, -1, 0) for name, one in kept.items()
            }
        steps, tables = np.concatenate(outputs, axis=1), []
    return found
