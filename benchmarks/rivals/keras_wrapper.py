"""Keras' own scikit-learn wrappers around the same Keras network."""

from keras.wrappers import SKLearnClassifier, SKLearnRegressor

from ..jobs import load
from .keras_network import FirstBatch, build, callbacks
from .timing import NotExpressible, Run, Stopwatch


def run(name, seed, share=1.0):
    """Fit through the wrapper; it knows tables of two dimensions and one target."""
    job = load(name).part(share)
    x, y = job.rows
    if y.shape[1] > 1:
        raise NotExpressible("Keras' wrapper: one target per row, not one per step")
    regression = job.loss == "mean_squared_error"
    wrapper = SKLearnRegressor if regression else SKLearnClassifier
    labels = y.ravel() if regression else y[:, 0].argmax(-1)
    watch = Stopwatch()
    first = FirstBatch(watch)
    estimator = wrapper(
        lambda X, y: build(job, seed, stateful=job.carries_state, flat=True),
        fit_kwargs={
            "epochs": job.epochs,
            "batch_size": job.x.shape[1],
            "shuffle": job.shuffle,
            "callbacks": callbacks(job, first),
            "verbose": 0,
        },
    )
    estimator.fit(x.reshape(len(x), -1), labels)
    loss = estimator.history_.history["loss"][-1]
    return Run(first.seconds, watch.lap(), job.updates, loss).as_dict()
