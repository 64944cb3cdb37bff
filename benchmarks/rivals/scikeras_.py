"""scikeras: its classifier and regressor around the same Keras network."""

from scikeras.wrappers import KerasClassifier, KerasRegressor

from ..jobs import load
from .keras_network import FirstBatch, build, callbacks
from .timing import NotExpressible, Run, Stopwatch


def run(name, seed, share=1.0):
    """Fit through scikeras, with tables of two dimensions where the job allows."""
    job = load(name).part(share)
    x, y = job.rows
    flat = y.shape[1] == 1
    regression = job.loss == "mean_squared_error"
    wrapper = KerasRegressor if regression else KerasClassifier
    watch = Stopwatch()
    first = FirstBatch(watch)
    estimator = wrapper(
        lambda: build(job, seed, stateful=job.carries_state, flat=flat),
        epochs=job.epochs,
        batch_size=job.x.shape[1],
        shuffle=job.shuffle,
        callbacks=callbacks(job, first),
        verbose=0,
    )
    try:
        estimator.fit(*((a[:, 0] for a in (x, y)) if flat else (x, y)))
    except ValueError as error:
        raise NotExpressible(f"scikeras: {error}") from error
    loss = estimator.history_["loss"][-1]
    return Run(first.seconds, watch.lap(), job.updates, loss).as_dict()
