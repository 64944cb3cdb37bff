"""D1: echo whole windows of random sequences, state carried within a sequence."""

from .base import Job, echo_windows, one_hot

N_SYMBOLS = 100
BATCH = 7


def make(n_sequences=500):
    """Return the job: 21 windows a sequence, in 3 updates of 7 windows."""
    x, y = echo_windows(n_sequences, n_out=5)
    return Job(
        name="D1",
        title=f"D1: echo whole windows, {n_sequences:,} sequences",
        x=one_hot(x, N_SYMBOLS).reshape(-1, BATCH, 5, N_SYMBOLS),
        y=one_hot(y, N_SYMBOLS).reshape(-1, BATCH, 5, N_SYMBOLS),
        units=20,
        topology="per_step",
        loss="categorical_crossentropy",
        epochs=1,
        updates_per_sequence=3,
        updates_per_call=3,
    )
