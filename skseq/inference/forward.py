"""The forward pass in NumPy: arrays in, arrays out.

Rows run side by side in blocks of a fixed width: a product of another width may take
another kernel of the BLAS and give other bits, so a lone row fills a block by itself,
and blocks of many rows are wider only where that was seen to change nothing. What a row
gives then depends, to the bit, neither on the rows beside it nor on its place, nor on
the number of threads, which share the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skseq.inference.block import Block, Parts
from skseq.inference.outputs import read
from skseq.inference.threads import one_blas_thread, run_side_by_side
from skseq.networks.spec import NetworkSpec

__all__ = ["forward", "lanes_of"]


def lanes_of(
    n_rows: int, groups: np.ndarray | None = None, abreast: int = 1
) -> list[np.ndarray]:
    """Which rows continue which.

    Parameters
    ----------
    n_rows : int
    groups : ndarray of shape (n_rows,), default=None
        Row i of a group continues row ``i - abreast`` of it.
    abreast : int, default=1

    Returns
    -------
    list of ndarray of int
        The rows of each lane, in the order in which they continue each other.
    """
    if groups is None:
        return list(np.arange(n_rows)[:, None])
    edges = np.flatnonzero(groups[1:] != groups[:-1]) + 1
    return [
        group[first::abreast]
        for group in np.split(np.arange(n_rows), edges)
        for first in range(min(abreast, len(group)))
    ]


def forward(
    network: NetworkSpec,
    weights: Sequence[np.ndarray],
    x: np.ndarray,
    lengths: np.ndarray,
    lanes: Sequence[np.ndarray],
    *,
    loss: str | None = None,
    classes_only: bool = False,
) -> np.ndarray:
    """Run rows through a network.

    Parameters
    ----------
    network : NetworkSpec
        What the weights are of; rows may be of any length.
    weights : sequence of ndarray
        In the order of ``network.weight_shapes``.
    x : ndarray of shape (n, t, n_features), or of int, shape (n, t, 1)
        Real steps, each row's first; symbols where ``network.tokens``.
    lengths : ndarray of int, shape (n,)
        Real steps of each row.
    lanes : sequence of ndarray of int
        Each row once; a row starts from the state that the row before it in its lane
        ended with, the first from zero.
    loss : str, default=None
        The loss trained with, which says how outputs read; None for plain outputs.
    classes_only : bool, default=False
        Give the place of the largest output instead of all of them.

    Returns
    -------
    ndarray of shape (n, steps[, out_width])
        Where the network answers each step, before the first and after each of the t
        steps; what comes after a row's last is undefined.
    """
    steps = x.shape[1] + 1 if network.answers_steps else network.out_steps
    shape = (len(x), steps) if classes_only else (len(x), steps, network.out_width)
    outputs = np.empty(shape, np.intp if classes_only else network.dtype)
    parts = Parts(network, weights)
    with one_blas_thread():
        width, usable = parts.layout(len(lanes))
    # Lanes of like length side by side leave the fewest places empty.
    work = np.array([lengths[lane].sum() + len(lane) for lane in lanes])
    order = np.argsort(-work, kind="stable")
    size = len(usable)
    blocks = [order[first : first + size] for first in range(0, len(order), size)]

    def run(block: Block, chosen: np.ndarray) -> None:
        rows_of = [lanes[lane] for lane in chosen]
        block.forget()
        for place in range(max(map(len, rows_of))):
            going = [i for i, rows in enumerate(rows_of) if len(rows) > place]
            rows = np.array([rows_of[i][place] for i in going])
            places = usable[going]
            said = block.read_rows(x[rows], lengths[rows], places)
            # Read at the block's full width, so that no sum depends on its neighbours.
            said = said.argmax(axis=1) if classes_only else read(loss, said, axis=1)
            outputs[rows, : len(said)] = np.moveaxis(said[..., places], -1, 0)

    run_side_by_side(run, lambda: Block(parts, width), blocks)
    return outputs
