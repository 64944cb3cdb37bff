"""D2: echo the first 2 of 5 symbols with an encoder and a decoder."""

from .base import Job, echo_windows, one_hot

N_SYMBOLS = 100


def make(n_sequences=5000):
    """Return the job: the 21 windows of a sequence are one update."""
    x, y = echo_windows(n_sequences, n_out=2)
    return Job(
        name="D2",
        title=f"D2: echo the first 2 of 5, {n_sequences:,} sequences",
        x=one_hot(x, N_SYMBOLS),
        y=one_hot(y, N_SYMBOLS),
        units=150,
        topology="encoder_decoder",
        loss="categorical_crossentropy",
        epochs=1,
        updates_per_sequence=1,
        updates_per_call=1,
        loop_share=0.1,
    )
