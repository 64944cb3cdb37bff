"""The forward pass in NumPy: arrays in, arrays out.

Rows run side by side in blocks of one fixed width, whatever their number: a product of
another width may take another kernel of the BLAS and give other bits, so a lone row
fills a block by itself. What a row gives then depends, to the bit, neither on the rows
beside it nor on its place, nor on the number of threads, which share the blocks.

Some kernels round otherwise near the edges of a block (OpenBLAS' for single precision
on processors with AVX2 alone, at the eight places at either end), so each product is
tried once, and only places are used where the same numbers give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce

import numpy as np

from skseq.inference.outputs import read
from skseq.inference.threads import one_blas_thread, run_side_by_side
from skseq.networks.spec import CELLS, NetworkSpec

__all__ = ["Block", "Parts", "forward", "lanes_of"]

# Places of a block. With 128 a row of many takes 4 to 9 % less time (64 to 256 units),
# and a lone row 1.4 times as long or more; with 32 a row of many 15 % more. A multiple
# of what any vector unit holds, so that no element falls into the remainder of a loop.
WIDTH = 64


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
        usable = parts.usable_places()
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
        self.table: np.ndarray | None = None
        for layer in network.layers:
            n = len(layer.weight_shapes)
            own, recurrent = recurrent[:n], recurrent[n:]
            self.matrices.append(CELLS[layer.cell].prepared(own))
        if network.tokens:
            # Symbols are looked up: what each adds to the gates.
            first, n_read = self.matrices[0], network.layers[0].units + 1
            self.table = np.ascontiguousarray(first[:, n_read:])
            self.matrices[0] = np.ascontiguousarray(first[:, :n_read])
        self.head = np.ascontiguousarray(np.concatenate([kernel, bias[None]]).T)

    def usable_places(self) -> np.ndarray:
        """Places of a block of full width where the same numbers give the same bits."""
        factors = [*self.matrices, self.head]
        same = (_places_alike(m.shape, m.dtype, WIDTH) for m in factors)
        return np.flatnonzero(reduce(np.logical_and, same))


@lru_cache(maxsize=128)
def _places_alike(shape: tuple[int, int], dtype: np.dtype, width: int) -> np.ndarray:
    """Which columns of a product of this shape are rounded as the middle one is."""
    draw = np.random.default_rng(0)
    alike = np.ones(width, bool)
    # A single number may be the same by chance.
    for _ in range(-(-100 // shape[0])):
        left, column = draw.normal(size=shape), draw.normal(size=(shape[1], 1))
        right = np.repeat(column, width, axis=1).astype(dtype)
        product = np.matmul(left.astype(dtype), right)
        alike &= (product == product[:, width // 2, None]).all(axis=0)
    return alike


class Block:
    """Sequences side by side, and the states that they are in.

    Parameters
    ----------
    parts : Parts
    width : int, default=64
        Number of places for sequences.
    """

    def __init__(self, parts: Parts, width: int = WIDTH):
        self._parts, self._width = parts, width
        self._layers = [
            CELLS[layer.cell].Step(matrix, layer.units, width)
            for layer, matrix in zip(parts.network.layers, parts.matrices, strict=True)
        ]
        self._reader, self._answerer = self._layers[0], self._layers[-1]

    def copy(self) -> Block:
        """A block of its own, in the same states."""
        make, given = self.__reduce__()
        return make(*given)

    def __reduce__(self):
        # Layers read and write parts of shared arrays, which pickle, and a deep copy,
        # would take apart.
        states = [layer.states for layer in self._layers]
        return _in_states, (self._parts, self._width, states)

    @property
    def states(self) -> tuple[np.ndarray, ...]:
        """What the reading layer carries, each of shape (units, width)."""
        return self._reader.states

    def forget(self) -> None:
        """Begin anew everywhere: all states are zero."""
        for layer in self._layers:
            for state in layer.states:
                state[...] = 0

    def show(self, given: np.ndarray) -> None:
        """Show one step to all places.

        Parameters
        ----------
        given : ndarray of shape (n_features, width), or of int, shape (width,)
        """
        if self._parts.table is None:
            self._reader.x[...] = given
            self._reader.advance()
        else:
            self._reader.advance(self._parts.table[:, given])

    def answer(self) -> np.ndarray:
        """Outputs after the steps shown, before they are read.

        Returns
        -------
        ndarray of shape (steps, out_width, width)
            One step where the network answers each.
        """
        network = self._parts.network
        if network.decodes:
            return self._decode()
        steps = 1 if network.answers_steps else network.out_steps
        return self._head().reshape(steps, network.out_width, self._width)

    def answer_afresh(self) -> np.ndarray:
        """As `answer`, a decoder starting from zero whatever it said before."""
        if self._parts.network.decodes:
            for state in self._answerer.states:
                state[...] = 0
        return self.answer()

    def read_rows(
        self, x: np.ndarray, lengths: np.ndarray, places: np.ndarray
    ) -> np.ndarray:
        """Run a row at each of some places, from the states there.

        Parameters
        ----------
        x : ndarray of shape (n, t, n_features)
        lengths : ndarray of int, shape (n,)
        places : ndarray of int, shape (n,)

        Returns
        -------
        ndarray of shape (steps, out_width, width)
            As `answer` gives them: where the network answers each step, before the
            first and after each.
        """
        longest = int(lengths.max())
        steps = self._by_steps(x[:, :longest], places)
        ends: dict[int, np.ndarray] = {
            int(t): places[lengths == t] for t in np.unique(lengths) if t < longest
        }
        resting = np.setdiff1d(np.arange(self._width), places)
        if len(resting) and longest:
            ends[0] = np.concatenate([ends.get(0, resting[:0]), resting])
        kept: dict[int, list[np.ndarray]] = {}
        per_step = self._parts.network.answers_steps
        said = [self._head()] if per_step else []
        for t, given in enumerate(steps):
            if t in ends:
                # Rows that are at their end: their state stays as it is now.
                kept[t] = [state[:, ends[t]] for state in self.states]
            self.show(given)
            if per_step:
                said.append(self._head())
        for t, done in ends.items():
            for state, saved in zip(self.states, kept[t], strict=True):
                state[:, done] = saved
        return np.stack(said) if per_step else self.answer()

    def _by_steps(self, x: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Steps first and places last, as steps take them; zeros at other places."""
        if self._parts.table is not None:
            steps = np.zeros((x.shape[1], self._width), x.dtype)
            steps[:, places] = x[:, :, 0].T
            return steps
        steps = np.zeros((*x.shape[1:], self._width), self._parts.head.dtype)
        steps[:, :, places] = x.transpose(1, 2, 0)
        return steps

    def _decode(self) -> np.ndarray:
        self._answerer.x[...] = self._reader.output[:-1]
        said = []
        for _ in range(self._parts.network.out_steps):
            self._answerer.advance()
            said.append(self._head())
        return np.stack(said)

    def _head(self) -> np.ndarray:
        """The output layer, of the state of the last recurrent layer."""
        return np.matmul(self._parts.head, self._answerer.output)


def _in_states(parts: Parts, width: int, states: Sequence) -> Block:
    """A block in the states given for each of its layers."""
    block = Block(parts, width)
    for layer, given in zip(block._layers, states, strict=True):
        for own, array in zip(layer.states, given, strict=True):
            own[...] = array
    return block
