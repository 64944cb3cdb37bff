"""A job's network in Keras, shared by the four rivals that train with Keras."""

import keras
from keras import layers

from ..weights import draw


def build(job, seed, *, stateful, flat=False):
    """Build and compile the network with the weights that all rivals start from.

    Parameters
    ----------
    job : Job
    seed : int
    stateful : bool
        Keep the state between batches, as the tutorials do.
    flat : bool
        Take and give tables of two dimensions, for wrappers that know no others.
    """
    batch, steps, features = job.x.shape[1:]
    shape = (steps * features,) if flat else (steps, features)
    fixed = {"batch_shape": (batch, *shape)} if stateful else {"shape": shape}
    inputs = keras.Input(**fixed)
    x = layers.Reshape((steps, features))(inputs) if flat else inputs
    if job.topology == "encoder_decoder":
        x = layers.LSTM(job.units, stateful=stateful)(x)
        x = layers.RepeatVector(job.y.shape[2])(x)
    for depth in range(1, job.layers + 1):
        every_step = depth < job.layers or job.topology != "last"
        lstm = layers.LSTM(job.units, return_sequences=every_step, stateful=stateful)
        x = (layers.Bidirectional(lstm) if job.bidirectional else lstm)(x)
    x = layers.Dense(job.y.shape[-1], activation=job.activation)(x)
    outputs = layers.Flatten()(x) if flat else x
    model = keras.Model(inputs, outputs)
    model.set_weights(_only_trainable(model, draw(job, seed)))
    model.compile(loss=job.loss, optimizer="adam")
    return model


def _only_trainable(model, weights):
    """Put the drawn weights between the states that a stateful model lists."""
    drawn = iter(weights)
    trainable = {id(w) for w in model.trainable_weights}
    return [next(drawn) if id(w) in trainable else w.numpy() for w in model.weights]


def reset_states(model):
    """Set every recurrent layer's state to zero (Keras 3 has no call for all)."""
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()


class ResetEvery(keras.callbacks.Callback):
    """Reset the states every few batches, which one ``fit`` call cannot do itself."""

    def __init__(self, n_batches):
        super().__init__()
        self.n_batches = n_batches

    def on_train_batch_begin(self, batch, logs=None):
        """Reset before the first batch of a sequence."""
        if batch % self.n_batches == 0:
            reset_states(self.model)


class FirstBatch(keras.callbacks.Callback):
    """Take the time after the first batch: until there, Keras builds and traces."""

    def __init__(self, watch):
        super().__init__()
        self.watch = watch
        self.seconds = None

    def on_train_batch_end(self, batch, logs=None):
        """Look at the watch once."""
        if self.seconds is None:
            self.seconds = self.watch.lap()


def callbacks(job, first_batch):
    """Return the callbacks that one ``fit`` call needs for this job."""
    reset = [ResetEvery(job.updates_per_sequence)] if job.carries_state else []
    return [*reset, first_batch]
