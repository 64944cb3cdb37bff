"""R1 to R5, and R2 with more layers: sizes that people have, with updates of
milliseconds, where JAX and the loops that are slow at any size have nothing to say."""

from dataclasses import dataclass

import numpy as np

from .base import Job, one_hot

RIVALS = ("skseq", "torch-1", "torch-2", "keras-fit")
# A label tells of so many values; some are wrong, so that no loss gets near to zero.
LAG = 5
WRONG = 0.1


@dataclass(frozen=True)
class Size:
    """Rows in whole batches, their shape, and the network that reads them."""

    rows: int
    steps: int
    features: int
    units: int
    batch: int
    epochs: int
    labels: str = "last"
    layers: int = 1
    bidirectional: bool = False


SIZES = {
    "R1": Size(992, 150, 3, 64, 32, 4),
    "R2": Size(960, 100, 8, 128, 64, 4),
    "R3": Size(480, 500, 1, 64, 32, 2, labels="per_step"),
    "R4": Size(512, 100, 16, 256, 64, 2),
    "R5": Size(1984, 30, 4, 32, 32, 10),
    "R2-both": Size(960, 100, 8, 128, 64, 4, bidirectional=True),
    "R2-deep": Size(960, 100, 8, 128, 64, 4, layers=2),
}


def make(name):
    """Return the job: random series, and whether their last values' sum is positive."""
    size = SIZES[name]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(size.rows, size.steps, size.features)).astype(np.float32)
    sums = x[:, :, 0].cumsum(axis=1)
    sums[:, LAG:] -= sums[:, :-LAG].copy()
    labels = (sums > 0) ^ (rng.uniform(size=sums.shape) < WRONG)
    if size.labels == "last":
        labels = labels[:, -1:]
    batched = (-1, size.batch)
    kind = {"last": "after the row", "per_step": "per step"}[size.labels]
    network = f"{size.units} units" + (
        " in both directions" if size.bidirectional else ""
    )
    if size.layers > 1:
        network += f" in each of {size.layers} layers"
    return Job(
        name=name,
        title=(
            f"{name}: {size.rows:,} rows × {size.steps} steps × {size.features}, label "
            f"{kind}; {network}, batches of {size.batch}, {size.epochs} epochs"
        ),
        x=x.reshape(*batched, *x.shape[1:]),
        y=one_hot(labels.astype(int), 2).reshape(*batched, labels.shape[1], 2),
        units=size.units,
        topology=size.labels,
        loss="categorical_crossentropy",
        epochs=size.epochs,
        updates_per_sequence=1,
        updates_per_call=size.rows // size.batch,
        layers=size.layers,
        bidirectional=size.bidirectional,
        rivals=RIVALS,
    )
