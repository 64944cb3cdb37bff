"""skseq: the public estimators, one ``fit``."""

from contextlib import contextmanager

from ..jobs import load
from ..jobs.sizes import SIZES
from .timing import Run, Stopwatch


def run(name, seed, share=1.0):
    """Fit and time it; TensorFlow is imported before, as for the other rivals."""
    watch = Stopwatch()
    from skseq.training import trainer

    imports = watch.lap()
    job = load(name).part(share)
    estimator, data = PREPARE[name](job)
    estimator.set_params(random_state=seed)
    with _program_time(trainer) as alone:
        watch.lap()
        estimator.fit(*data[:2], **data[2])
        seconds = watch.lap()
    loss = estimator.loss_curve_[-1]
    return Run(0.0, seconds, job.updates, loss, alone[0], imports).as_dict()


def a1(job):
    """Return A1's estimator and data: two rows of four steps, an update a step."""
    from skseq import StatefulLSTMClassifier

    estimator = StatefulLSTMClassifier(
        units=job.units,
        epochs=job.epochs,
        batch_size=1,
        truncated_bptt_steps=1,
        loss=job.loss,
        shuffle=job.shuffle,
    )
    return estimator, (job.x.reshape(2, 4, 5), job.y.reshape(2, 4, 5).argmax(-1), {})


def d1(job):
    """Return D1's: a row is a window, and a group the windows of one sequence."""
    from skseq import Seq2SeqEcho

    estimator = Seq2SeqEcho(
        units=job.units, epochs=1, batch_size=job.x.shape[1], shuffle=job.shuffle
    )
    x, y = job.rows
    rows_per_sequence = job.updates_per_sequence * job.x.shape[1]
    groups = [row // rows_per_sequence for row in range(len(x))]
    return estimator, (x, y.argmax(-1), {"groups": groups})


def d2(job):
    """Return D2's: a row is a window, and a batch the windows of one sequence."""
    from skseq import EncoderDecoderEcho

    estimator = EncoderDecoderEcho(
        units=job.units, epochs=1, batch_size=job.x.shape[1], shuffle=job.shuffle
    )
    x, y = job.rows
    return estimator, (x, y.argmax(-1), {})


def f1(job):
    """Return F1's: a row is one month, its target the next."""
    from skseq import StatefulLSTMRegressor

    estimator = StatefulLSTMRegressor(
        units=job.units, epochs=job.epochs, batch_size=1, shuffle=job.shuffle
    )
    x, y = job.rows
    return estimator, (x, y.ravel(), {})


def of_size(job):
    """Return the estimator and data of a job of `benchmarks.jobs.sizes`."""
    from skseq import StatefulLSTMClassifier

    estimator = StatefulLSTMClassifier(
        units=job.units if job.layers == 1 else (job.units,) * job.layers,
        bidirectional=job.bidirectional,
        epochs=job.epochs,
        batch_size=job.x.shape[1],
        shuffle=job.shuffle,
    )
    x, y = job.rows
    labels = y.argmax(-1)
    return estimator, (x, labels[:, 0] if job.topology == "last" else labels, {})


PREPARE = {
    "A1": a1,
    "D1": d1,
    "D2": d2,
    "F1": f1,
    **dict.fromkeys(SIZES, of_size),
}


@contextmanager
def _program_time(trainer):
    """Sum the seconds inside the compiled program, as JAX' call is timed."""
    seconds = [0.0]
    original = trainer.training_program

    def timed(spec):
        program = original(spec)

        def call(*inputs):
            watch = Stopwatch()
            outputs = program(*inputs)
            outputs[-1].numpy()  # waits until the run has ended
            seconds[0] += watch.lap()
            return outputs

        return call

    trainer.training_program = timed
    try:
        yield seconds
    finally:
        trainer.training_program = original
