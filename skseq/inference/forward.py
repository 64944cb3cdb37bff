"""The forward pass in NumPy: arrays in, arrays out.

Rows run side by side in blocks of one fixed width, whatever their number: a product of
another width may take another kernel of the BLAS and give other bits, so a lone row
fills a block by itself. What a row gives then depends, to the bit, neither on the rows
beside it nor on its place, nor on the number of threads, which share the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skseq.inference.outputs import read
from skseq.inference.threads import run_side_by_side
from skseq.networks.spec import CELLS, NetworkSpec

__all__ = ["Block", "Parts", "forward", "lanes_of"]

# Rows of a block. Narrower ones leave more of the time to Python, wider ones serve a
# lone row more slowly; a multiple of what any vector unit holds, so that no element
# falls into the remainder of a loop.
WIDTH = 96


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
    # Lanes of like length side by side leave the fewest places empty.
    work = np.array([lengths[lane].sum() + len(lane) for lane in lanes])
    order = np.argsort(-work, kind="stable")
    blocks = [order[first : first + WIDTH] for first in range(0, len(order), WIDTH)]

    def run(block: Block, chosen: np.ndarray) -> None:
        rows_of = [lanes[lane] for lane in chosen]
        block.forget()
        for place in range(max(map(len, rows_of))):
            going = [i for i, rows in enumerate(rows_of) if len(rows) > place]
            rows = np.array([rows_of[i][place] for i in going])
            places = np.array(going)
            said = block.read_rows(x[rows], lengths[rows], places)
            # Read at the block's full width, so that no sum depends on its neighbours.
            said = said.argmax(axis=1) if classes_only else read(loss, said, axis=1)
            outputs[rows, : len(said)] = np.moveaxis(said[..., places], -1, 0)

    run_side_by_side(run, lambda: Block(parts), blocks)
    return outputs


class Parts:
    """A network's weights in the form that steps use, shared by all blocks.

    Parameters
    ----------
    network : NetworkSpec
    weights : sequence of ndarray
    """

    def __init__(self, network: NetworkSpec, weights: Sequence[np.ndarray]):
        self.network = network
        *recurrent, kernel, bias = weights
        self.matrices: list[np.ndarray] = []
        for layer in network.layers:
            n = len(layer.weight_shapes)
            own, recurrent = recurrent[:n], recurrent[n:]
            self.matrices.append(CELLS[layer.cell].prepared(own))
        # Symbols are looked up: what each adds to the gates of the first level.
        self.tables: list[np.ndarray] = []
        for place, layer in enumerate(network.reading[0] if network.tokens else ()):
            whole, n_read = self.matrices[place], layer.units + 1
            self.tables.append(np.ascontiguousarray(whole[:, n_read:]))
            self.matrices[place] = np.ascontiguousarray(whole[:, :n_read])
        self.head = np.ascontiguousarray(np.concatenate([kernel, bias[None]]).T)

    def steps(self, width: int) -> tuple[list[list[Any]], list[list[Any]]]:
        """Levels of steps that read, and of steps that write, for so many places."""
        made = iter(
            [
                CELLS[layer.cell].Step(matrix, layer.units, width)
                for layer, matrix in zip(
                    self.network.layers, self.matrices, strict=True
                )
            ]
        )
        reading, writing = (
            [[next(made) for _ in level] for level in levels]
            for levels in (self.network.reading, self.network.writing)
        )
        return reading, writing
