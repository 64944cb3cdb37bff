"""What every job is: the data of one epoch, cut into the updates to be made."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Job:
    """One training job, the same for every rival.

    Parameters
    ----------
    name : str
        Short name, as in the tables.
    title : str
        One line for people.
    x : ndarray of shape (updates, batch, steps, features)
        The inputs of one epoch, one entry per weight update.
    y : ndarray of shape (updates, batch, out_steps, outputs)
        The targets of the same updates.
    units : int
        LSTM units (of every LSTM, where there are several).
    topology : {"per_step", "last", "encoder_decoder"}
        LSTM and a dense layer on every step, or after the last; or LSTM, repeat, LSTM,
        dense layer.
    loss : str
        Keras' name of the loss.
    epochs : int
        Passes over the updates.
    updates_per_sequence : int
        Updates until the state starts again at zero.
    updates_per_call : int
        Updates in one ``model.fit`` call of the tutorial loop.
    shuffle : bool
        Whether the updates are made in a new order each epoch.
    loop_share : float
        Share of the job that the slow rivals are measured on; their time is then
        scaled up, which the tables say.
    layers : int
        LSTMs that read each other's outputs.
    bidirectional : bool
        Whether each of them reads in both directions.
    rivals : tuple of str
        Who does it; everybody where none is named.
    """

    name: str
    title: str
    x: np.ndarray
    y: np.ndarray
    units: int
    topology: str
    loss: str
    epochs: int
    updates_per_sequence: int
    updates_per_call: int
    shuffle: bool = False
    loop_share: float = 1.0
    layers: int = 1
    bidirectional: bool = False
    rivals: tuple[str, ...] = ()

    @property
    def updates(self):
        """Weight updates of the whole job."""
        return len(self.x) * self.epochs

    @property
    def carries_state(self):
        """Whether state passes from one update to the next."""
        return self.updates_per_sequence > 1

    @property
    def activation(self):
        """Activation of the output that belongs to the loss."""
        return {
            "binary_crossentropy": "sigmoid",
            "categorical_crossentropy": "softmax",
            "mean_squared_error": "linear",
        }[self.loss]

    @property
    def rows(self):
        """Inputs and targets of one epoch with the batches laid end to end."""
        return tuple(a.reshape(-1, *a.shape[2:]) for a in (self.x, self.y))

    def part(self, share):
        """Return the first part of the job: whole epochs, or whole ``fit`` calls."""
        if share >= 1:
            return self
        if self.epochs > 1:
            return replace(self, epochs=max(1, round(self.epochs * share)))
        calls = max(1, round(len(self.x) / self.updates_per_call * share))
        end = calls * self.updates_per_call
        return replace(self, x=self.x[:end], y=self.y[:end])


def one_hot(tokens, n_symbols):
    """Encode integer tokens along a new last axis, in single precision."""
    return np.eye(n_symbols, dtype=np.float32)[tokens]


def echo_windows(n_sequences, n_out, *, length=25, width=5, n_symbols=100, seed=0):
    """Cut random sequences into all their windows; the target is their beginning.

    Returns
    -------
    x : ndarray of shape (n_sequences, windows, width)
    y : ndarray of shape (n_sequences, windows, n_out)
        The first `n_out` tokens of each window.
    """
    rng = np.random.default_rng(seed)
    sequences = rng.integers(n_symbols, size=(n_sequences, length))
    x = np.lib.stride_tricks.sliding_window_view(sequences, width, axis=1)
    return x, x[..., :n_out]
