"""Sequences side by side in one block: where the steps of a network's cells meet.

A product of another width may take another kernel of the BLAS and give other bits, and
some kernels round otherwise near the edges of a block (OpenBLAS' for single precision
on processors with AVX2 alone, at the eight places at either end). So blocks have one
width, or another that was seen to give the same bits; each product is tried once, and
only places are used where the same numbers give the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from itertools import pairwise
from typing import Any

import numpy as np

from skseq.networks.spec import CELLS, NetworkSpec

__all__ = ["Block", "Parts", "reordered", "walk"]

# Places of a block. With 128 a row of many takes 4 to 9 % less time (64 to 256 units),
# and a lone row 1.4 times as long or more; with 32 a row of many 15 % more. A multiple
# of what any vector unit holds, so that no element falls into the remainder of a loop.
WIDTH = 64
# Steps of few units take longer to call than to compute: blocks of many rows are as
# many times wider, up to 4, as their products have fewer rows than so many.
SUMS, WIDER = 128, 4


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
        # Symbols are looked up: what each adds to the gates of the first level; the
        # last column, which is that of symbol -1, adds nothing.
        self.tables: list[np.ndarray] = []
        for place, layer in enumerate(network.reading[0] if network.tokens else ()):
            whole, n_read = self.matrices[place], layer.units + 1
            table = np.zeros((len(whole), layer.n_inputs + 1), whole.dtype)
            table[:, :-1] = whole[:, n_read:]
            self.tables.append(table)
            self.matrices[place] = np.ascontiguousarray(whole[:, :n_read])
        self.head = np.ascontiguousarray(np.concatenate([kernel, bias[None]]).T)

    def layout(self, n_rows: int) -> tuple[int, np.ndarray]:
        """Width of the blocks for so many rows, and their places that may be used.

        Where the same numbers give the same bits, in blocks of whatever width.
        """
        factors = [*self.matrices, self.head]
        most = SUMS // max(map(len, factors))
        width = WIDTH * max(1, min(WIDER, most, n_rows // WIDTH))
        same = (_places_alike(m.shape, m.dtype, width) for m in factors)
        usable = np.flatnonzero(reduce(np.logical_and, same))
        # Other kernels than for the common width, perhaps.
        if width > WIDTH and len(usable) < width // 2:
            return self.layout(WIDTH)
        return width, usable

    def levels(self, width: int) -> tuple[list[list[Any]], list[list[Any]]]:
        """Levels of steps that read, and of steps that write, for so many places."""
        made = (
            CELLS[layer.cell].Step(matrix, layer.units, width)
            for layer, matrix in zip(self.network.layers, self.matrices, strict=True)
        )
        reading = [[next(made) for _ in level] for level in self.network.reading]
        return reading, [[next(made) for _ in level] for level in self.network.writing]


@lru_cache(maxsize=128)
def _places_alike(shape: tuple[int, int], dtype: np.dtype, width: int) -> np.ndarray:
    """Which columns of a product are rounded as the middle one of common width is."""
    draw = np.random.default_rng(0)
    alike = np.ones(width, bool)
    # A single number may be the same by chance.
    for _ in range(-(-100 // shape[0])):
        left, column = draw.normal(size=shape), draw.normal(size=(shape[1], 1))
        wide, common = (
            np.matmul(left.astype(dtype), np.repeat(column, n, axis=1).astype(dtype))
            for n in (width, WIDTH)
        )
        alike &= (wide == common[:, WIDTH // 2, None]).all(axis=0)
    return alike


class Block:
    """Sequences side by side, and the states that they are in.

    Parameters
    ----------
    parts : Parts
    width : int
        Number of places for sequences.
    """

    def __init__(self, parts: Parts, width: int):
        self._parts, self._width = parts, width
        self._reading, self._writing = parts.levels(width)
        network, dtype = parts.network, parts.head.dtype
        # What the output layer reads, and a row of ones for its bias.
        self._read = np.ones((network.head_inputs + 1, width), dtype)
        self._pool = np.zeros((network.code_width * network.pools, width), dtype)
        self._pooled = np.zeros((1 * network.pools, width), dtype)
        self._encoded: list[np.ndarray] = []

    def copy(self) -> Block:
        """A block of its own, in the same states."""
        make, given = self.__reduce__()
        return make(*given)

    def __reduce__(self):
        # Steps read and write parts of shared arrays, which pickle, and a deep copy,
        # would take apart.
        return _in_states, (self._parts, self._width, self._all_states())

    @property
    def states(self) -> tuple[np.ndarray, ...]:
        """What the layers that read carry, each of shape (units, width); what is
        pooled, and how many steps of it, where outputs are."""
        own = [state for level in self._reading for s in level for state in s.states]
        return (
            (*own, self._pool, self._pooled) if self._parts.network.pools else (*own,)
        )

    def forget(self) -> None:
        """Begin anew everywhere: all states are zero."""
        for state in self._all_states():
            state[...] = 0

    def show(self, given: np.ndarray) -> None:
        """Show one step to all places of a network that reads forwards.

        Parameters
        ----------
        given : ndarray of shape (n_features, width), or of int, shape (width,)
        """
        first = self._reading[0][0]
        if self._parts.tables:
            first.advance(_looked_up(self._parts.tables[0], given))
        else:
            first.x[...] = given
            first.advance()
        _climb(self._reading)
        if self._parts.network.pools:
            self._put_into_pool(self._top(self._reading))

    def answer(self) -> np.ndarray:
        """Outputs after the steps shown, before they are read.

        Returns
        -------
        ndarray of shape (steps, out_width, width)
            One step where the network answers each.
        """
        return self._answer(self._code())

    def answer_afresh(self) -> np.ndarray:
        """As `answer`, a decoder starting from zero whatever it said before."""
        for level in self._writing:
            for state in level[0].states:
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
        steps = self._by_steps(x[:, : int(lengths.max())], places)
        self._lengths = np.zeros(self._width, int)
        self._lengths[places] = lengths
        if self._parts.network.bidirectional:
            return self._read_both_ways(steps)
        return self._read_forwards(steps, places)

    def _read_forwards(self, steps: np.ndarray, places: np.ndarray) -> np.ndarray:
        network = self._parts.network
        # Places without a row rest: their states stay as they are now.
        ends: dict[int, np.ndarray] = {
            int(t): np.flatnonzero(self._lengths == t)
            for t in np.unique(self._lengths)
            if t < len(steps)
        }
        self._empty_pool(places)
        self._encoded = []
        kept: dict[int, list[np.ndarray]] = {}
        said = [self._head(self._code())] if network.answers_steps else []
        for t, given in enumerate(steps):
            if t in ends:
                # Rows that are at their end: their state stays as it is now.
                kept[t] = [state[:, ends[t]] for state in self.states]
            self.show(given)
            if network.answers_steps:
                said.append(self._head(self._code()))
            if network.attention:
                self._encoded.append(self._top(self._reading).copy())
        for t, done in ends.items():
            for state, saved in zip(self.states, kept[t], strict=True):
                state[:, done] = saved
        return np.stack(said) if network.answers_steps else self.answer()

    def _read_both_ways(self, steps: np.ndarray) -> np.ndarray:
        """Read level by level, each in both directions, every row from zero."""
        network, lengths = self._parts.network, self._lengths
        times = np.arange(len(steps))[:, None]
        # Where each step of a row stands when the row is read from its end.
        turned = np.where(times < lengths, lengths - 1 - times, times)
        tables = self._parts.tables
        for level in self._reading:
            halves, lasts = [], []
            for place, step in enumerate(level):
                read = reordered(steps, turned) if place else steps
                walked = _walked(step, read, tables[place] if tables else None)
                lasts.append(_at_end(walked, lengths))
                halves.append(reordered(walked, turned) if place else walked)
            steps, tables = np.concatenate(halves, axis=1), []
        last = np.concatenate(lasts)
        if network.answers_steps:
            before = np.zeros_like(last)
            return np.stack([self._head(code) for code in (before, *steps)])
        if not network.pools:
            return self._answer(last)
        self._empty_pool(np.arange(self._width))
        for t, outputs in enumerate(steps):
            self._put_into_pool(outputs, t < lengths)
        return self._answer(self._code())

    def _by_steps(self, x: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Steps first and places last, as steps take them; zeros at other places."""
        if self._parts.tables:
            steps = np.zeros((x.shape[1], self._width), x.dtype)
            steps[:, places] = x[:, :, 0].T
            return steps
        steps = np.zeros((*x.shape[1:], self._width), self._parts.head.dtype)
        steps[:, :, places] = x.transpose(1, 2, 0)
        return steps

    def _code(self) -> np.ndarray:
        """What was read: the last output of the top level, or what was pooled."""
        network = self._parts.network
        if not network.pools:
            return self._top(self._reading)
        if network.pooling == "mean":
            return self._pool / np.maximum(self._pooled, 1)
        return self._pool

    def _answer(self, code: np.ndarray) -> np.ndarray:
        network = self._parts.network
        if network.decodes:
            return np.stack(self._decoded(code))
        steps = 1 if network.answers_steps else network.out_steps
        return self._head(code).reshape(steps, network.out_width, self._width)

    def _decoded(self, code: np.ndarray) -> list[np.ndarray]:
        said = []
        for _ in range(self._parts.network.out_steps):
            first = self._writing[0][0]
            first.x[...] = code
            first.advance()
            _climb(self._writing)
            said.append(self._head(self._top(self._writing)))
        return said

    def _head(self, code: np.ndarray) -> np.ndarray:
        """The output layer, of what was read or decoded."""
        self._read[: len(code)] = code
        if self._parts.network.attention:
            self._read[len(code) : -1] = self._attended(code)
        return np.matmul(self._parts.head, self._read)

    def _attended(self, query: np.ndarray) -> np.ndarray:
        """A mean of what was encoded that resembles what was decoded."""
        # A row of padding alone has nothing else than the state that it is in.
        state = self._top(self._reading)
        encoded = np.stack(self._encoded or [state])
        encoded[0] = np.where(self._lengths > 0, encoded[0], state)
        scores = (encoded * query).sum(axis=1)
        times = np.arange(len(encoded))[:, None]
        scores = np.where(times < np.maximum(self._lengths, 1), scores, -np.inf)
        shares = np.exp(scores - scores.max(axis=0))
        total = np.zeros_like(query[0])
        attended = np.zeros_like(query)
        # Step by step: a sum over steps must not depend on how many a neighbour has.
        for share, outputs in zip(shares, encoded, strict=True):
            total += share
            attended += share * outputs
        # Where there is no real step, there is nothing to attend to.
        return np.where(self._lengths > 0, attended / total, 0)

    def _empty_pool(self, places: np.ndarray) -> None:
        self._pool[:, places] = self._pooled[:, places] = 0

    def _put_into_pool(self, outputs: np.ndarray, real: Any = True) -> None:
        if self._parts.network.pooling == "mean":
            self._pool += np.where(real, outputs, 0)
        else:
            larger = np.where(
                self._pooled > 0, np.maximum(self._pool, outputs), outputs
            )
            self._pool[...] = np.where(real, larger, self._pool)
        self._pooled += real

    def _top(self, levels: list[list[Any]]) -> np.ndarray:
        return levels[-1][0].output[:-1]

    def _all_states(self) -> list[np.ndarray]:
        writing = [state for level in self._writing for state in level[0].states]
        return [*self.states, *writing]


def _in_states(parts: Parts, width: int, states: Sequence[np.ndarray]) -> Block:
    """A block in the states given."""
    block = Block(parts, width)
    for own, given in zip(block._all_states(), states, strict=True):
        own[...] = given
    return block


def _looked_up(table: np.ndarray, symbols: np.ndarray) -> np.ndarray:
    """What symbols (width,) add to the sums, (sums, width); -1 adds nothing."""
    # Row by row: columns by an index would lie across, and take three times as long.
    return table.take(symbols, axis=1, mode="wrap")


def _climb(levels: list[list[Any]]) -> None:
    """Let each level read what the one below has just said."""
    for (below, *_), (above, *_) in pairwise(levels):
        above.x[...] = below.output[:-1]
        above.advance()


def reordered(steps: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Rows of steps (t, ..., width) in the order given for each: (t, width)."""
    index = turned if steps.ndim == 2 else turned[:, None]
    return np.take_along_axis(steps, index, axis=0)


def _at_end(outputs: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Outputs (t, units, width) after each row's last step; zero where it has none."""
    if not len(outputs):
        return np.zeros(outputs.shape[1:], outputs.dtype)
    places = np.arange(len(lengths))
    at_end = outputs[np.maximum(lengths - 1, 0), :, places].T
    return np.where(lengths > 0, at_end, 0)


def _walked(step: Any, steps: np.ndarray, table: np.ndarray | None) -> np.ndarray:
    """Outputs of all steps (t, units, width), from the zero state."""
    outputs = np.empty((len(steps), *step.states[0].shape), step.states[0].dtype)
    for said, _ in zip(outputs, walk(step, steps, table), strict=True):
        said[...] = step.output[:-1]
    return outputs


def walk(step: Any, steps: np.ndarray, table: np.ndarray | None) -> Iterator[None]:
    """Show a cell all steps, from the zero state; between them it can be read.

    Parameters
    ----------
    step : CellStep
    steps : ndarray of shape (t, n_inputs, width), or of int, shape (t, width)
    table : ndarray or None
        What symbols add, where steps are symbols.
    """
    for state in step.states:
        state[...] = 0
    for given in steps:
        if table is None:
            step.x[...] = given
            step.advance()
        else:
            step.advance(_looked_up(table, given))
        yield
