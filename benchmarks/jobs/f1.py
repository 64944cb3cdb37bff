"""F1: monthly milk production, each month predicts the next."""

from pathlib import Path

import numpy as np

from .base import Job

SERIES = Path(__file__).parents[2] / "skseq" / "data" / "monthly-milk-production.csv"
TRAINING_MONTHS = 112


def make():
    """Return the job: 100 epochs of 110 pairs of months, one pair an update."""
    pounds = np.loadtxt(SERIES, delimiter=",", skiprows=1, usecols=1)
    scaled = (pounds - pounds.min()) / np.ptp(pounds)
    months = scaled[: TRAINING_MONTHS - 1].astype(np.float32)
    return Job(
        name="F1",
        title="F1: monthly milk production, 100 epochs",
        x=months[:-1].reshape(-1, 1, 1, 1),
        y=months[1:].reshape(-1, 1, 1, 1),
        units=4,
        topology="per_step",
        loss="mean_squared_error",
        epochs=100,
        updates_per_sequence=1,
        updates_per_call=110,
        shuffle=True,
    )
