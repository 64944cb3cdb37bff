"""Keras' own ``fit``, in one call for the whole job."""

from ..jobs import load
from .keras_network import FirstBatch, build, callbacks
from .timing import Run, Stopwatch


def run(name, seed, share=1.0):
    """Train in one call; a callback resets the states where a sequence ends."""
    job = load(name).part(share)
    x, y = job.rows
    watch = Stopwatch()
    first = FirstBatch(watch)
    model = build(job, seed, stateful=job.carries_state)
    history = model.fit(
        x,
        y[:, 0] if job.topology == "last" else y,
        epochs=job.epochs,
        batch_size=job.x.shape[1],
        shuffle=job.shuffle,
        callbacks=callbacks(job, first),
        verbose=0,
    )
    loss = history.history["loss"][-1]
    return Run(first.seconds, watch.lap(), job.updates, loss).as_dict()
