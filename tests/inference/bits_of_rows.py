"""Run as a script: rows beside all kinds of neighbours, and a digest of their bits.

With the word ``few``: every second number of units. With the word ``networks``: other
cells, layers, directions, pooling and attention.

Fails if a bit of a row's result depends on what stands beside it, on its place, or on
the number of rows.  The digest is then compared with that of other processes.
"""

import hashlib
import sys
from itertools import product

import numpy as np

from skseq.inference.forward import forward, lanes_of
from skseq.networks.spec import NetworkSpec

# The widths of a step's product and of its remainders in any vector unit.
UNITS = (1, 2, 3, 5, 8, 13, 20, 31, 32, 33, 64, 100, 128, 256)
# Features, outputs, and when they are read.
SHAPES = ((1, 1, "last"), (3, 2, "per_step"), (8, 5, "last"), (2, 11, "per_step"))
LOSSES = ("categorical_crossentropy", "binary_crossentropy", None)
N_ROWS, N_STEPS = 300, 5


# More than one layer that reads forwards.
WIDTHS = (13, (33, 20))
NETWORKS = (
    {},
    {"bidirectional": True},
    {"pooling": "mean"},
    {"pooling": "max", "bidirectional": True},
    {"topology": "encoder_decoder"},
    {"topology": "encoder_decoder", "attention": True},
    {"topology": "encoder_decoder", "bidirectional": True, "pooling": "mean"},
)
CELLS = ("lstm", "gru", "rnn")


class Rows:
    """Random rows of uneven lengths, and a random network."""

    def __init__(
        self, dtype, units, n_features, out_width, readout, topology="recurrent", **net
    ):
        rng = np.random.default_rng([*np.ravel(units), n_features])
        per_step = readout == "per_step"
        self.spec = NetworkSpec(
            topology,
            units,
            n_features,
            N_STEPS,
            readout,
            N_STEPS if per_step else 1,
            out_width,
            dtype=dtype,
            **net,
        )
        self.weights = [
            (rng.normal(size=shape) / np.sqrt(shape[0])).astype(dtype)
            for shape in self.spec.weight_shapes
        ]
        self.x = rng.normal(size=(N_ROWS, N_STEPS, n_features)).astype(dtype)
        self.lengths = rng.integers(0, N_STEPS + 1, N_ROWS)

    def results(self, rows, loss, longer=0):
        """The bits of some rows, beside a row that is longer by so many steps."""
        x, lengths = self.x[rows], self.lengths[rows]
        if longer:
            x = np.pad(x, [(0, 1), (0, longer), (0, 0)])
            x[-1] = 1e3
            lengths = np.append(lengths, N_STEPS + longer)
        said = forward(self.spec, self.weights, x, lengths, lanes_of(len(x)), loss=loss)
        if not self.spec.answers_steps:
            lengths = np.zeros_like(lengths)
        bits = [row[: n + 1].tobytes() for row, n in zip(said, lengths, strict=True)]
        return bits[: len(rows)]


def arrangements(rng):
    """Rows to run together, and steps by which another is longer than all of them."""
    yield rng.permutation(N_ROWS), 0
    yield rng.permutation(N_ROWS)[:130], 7
    for first in (0, 63, 64, 299):
        yield np.array([first]), 0
    yield np.array([150]), 7
    for n in (2, 3, 8, 63, 65, 200):
        yield np.arange(n), n % 2


def main():
    """Compare all, and print the digest."""
    digest, rng = hashlib.sha256(), np.random.default_rng(0)

    def compare(rows, loss):
        alone = rows.results(np.arange(N_ROWS), loss)
        for chosen, longer in arrangements(rng):
            found = rows.results(chosen, loss, longer)
            assert found == [alone[row] for row in chosen], (
                f"{rows.spec}, {loss}: {len(chosen)} rows"
            )
        digest.update(b"".join(alone))

    kinds = ("float32", "float64")
    if sys.argv[1:] == ["networks"]:
        for dtype, units, net, cell in product(kinds, WIDTHS, NETWORKS, CELLS):
            decodes, both = "topology" in net, net.get("bidirectional")
            shape = (3, 2, "per_step") if decodes else (3, 5, "last")
            compare(Rows(dtype, units, *shape, cell=cell, **net), LOSSES[0])
            if not (decodes or "pooling" in net):
                shape = (2, 3, "per_step")
                compare(Rows(dtype, units, *shape, cell=cell, **net), LOSSES[both or 0])
    else:
        widths = UNITS[::2] if sys.argv[1:] == ["few"] else UNITS
        for dtype, units, shape in product(kinds, widths, SHAPES):
            rows = Rows(dtype, units, *shape)
            for loss in LOSSES[units % 3 :][:1] if units > 64 else LOSSES:
                compare(rows, loss)
    print(digest.hexdigest())


if __name__ == "__main__":
    main()
