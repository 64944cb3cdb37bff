"""A1: two sequences of five symbols, one value shown and one update made at a time."""

import numpy as np

from .base import Job, one_hot

SEQUENCES = np.array([[3, 0, 1, 2, 3], [4, 0, 1, 2, 4]])


def make():
    """Return the job: 250 epochs of 2 sequences of 4 updates."""
    encoded = one_hot(SEQUENCES, 5)
    return Job(
        name="A1",
        title="A1: value memorization, 250 epochs",
        x=encoded[:, :-1].reshape(8, 1, 1, 5),
        y=encoded[:, 1:].reshape(8, 1, 1, 5),
        units=20,
        topology="per_step",
        loss="binary_crossentropy",
        epochs=250,
        updates_per_sequence=4,
        updates_per_call=4,
    )
