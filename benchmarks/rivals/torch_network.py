"""A job's network in PyTorch, shared by the loop by hand and by skorch."""

from itertools import chain

import torch
from torch import nn

from ..weights import draw


class Network(nn.Module):
    """LSTMs and dense layer, or encoder and decoder; the output is logits.

    Parameters
    ----------
    job : Job
    seed : int
        Seed of the weights that all rivals start from.
    """

    def __init__(self, job, seed):
        super().__init__()
        self.out_steps = job.y.shape[2]
        self.carries_state = job.carries_state
        self.state = None
        inputs, outputs, units = job.x.shape[-1], job.y.shape[-1], job.units
        self.encoder = (
            nn.LSTM(inputs, units, batch_first=True)
            if job.topology == "encoder_decoder"
            else None
        )
        self.lstm = nn.LSTM(
            units if self.encoder else inputs,
            units,
            job.layers,
            batch_first=True,
            bidirectional=job.bidirectional,
        )
        self.directions = 1 + job.bidirectional
        self.after_the_last = job.topology == "last"
        self.dense = nn.Linear(units * self.directions, outputs)
        self._set_weights(draw(job, seed))

    def _set_weights(self, weights):
        *recurrent, kernel, bias = map(torch.from_numpy, weights)
        lstms = [self.encoder, self.lstm] if self.encoder else [self.lstm]
        with torch.no_grad():
            # All layers, and of each the directions.
            for from_inputs, from_h, once, twice in chain(
                *(lstm.all_weights for lstm in lstms)
            ):
                from_inputs.copy_(recurrent.pop(0).T)
                from_h.copy_(recurrent.pop(0).T)
                once.copy_(recurrent.pop(0))
                # Keras has one bias; training both of these would double its steps.
                twice.zero_().requires_grad_(False)
            self.dense.weight.copy_(kernel.T)
            self.dense.bias.copy_(bias)

    def reset(self):
        """Start the next batch from a state of zero."""
        self.state = None

    def forward(self, x):
        """Return the logits of every output step."""
        if self.encoder:
            _, (last, _) = self.encoder(x)
            x = last[0].unsqueeze(1).expand(-1, self.out_steps, -1)
        h, (state, cell) = self.lstm(x, self.state)
        if self.carries_state:
            self.state = (state.detach(), cell.detach())
        if self.after_the_last:
            # Of the last layer, after its last step in either direction.
            h = torch.cat(tuple(state[-self.directions :]), dim=-1)[:, None]
        return self.dense(h)


class Loss(nn.Module):
    """The job's loss, with the mean taken as Keras takes it.

    Parameters
    ----------
    name : str
        Keras' name of the loss.
    """

    def __init__(self, name):
        super().__init__()
        self.name = name

    def forward(self, logits, y):
        """Return the mean loss of one batch."""
        if self.name == "binary_crossentropy":
            return nn.functional.binary_cross_entropy_with_logits(logits, y)
        if self.name == "categorical_crossentropy":
            return nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(0, 1))
        return nn.functional.mse_loss(logits, y)


def trainable(network):
    """Return the parameters that an optimizer shall update."""
    return [p for p in network.parameters() if p.requires_grad]
