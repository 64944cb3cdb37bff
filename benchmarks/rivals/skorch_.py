"""skorch: the same PyTorch network behind its scikit-learn interface."""

import skorch
import torch
from skorch.callbacks import Callback

from ..jobs import load
from .timing import Run, Stopwatch
from .torch_network import Loss, Network


class ResetEvery(Callback):
    """Reset the network's state where a sequence ends."""

    def __init__(self, n_batches):
        self.n_batches = n_batches
        self.count = 0

    def on_batch_begin(self, net, **kwargs):
        """Count the batches and reset before the first of a sequence."""
        if self.count % self.n_batches == 0:
            net.module_.reset()
        self.count += 1


def run(name, seed, share=1.0, threads=1):
    """Fit through skorch, without its internal validation split."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    job = load(name).part(share)
    x, y = job.rows
    watch = Stopwatch()
    net = skorch.NeuralNet(
        Network,
        module__job=job,
        module__seed=seed,
        criterion=Loss,
        criterion__name=job.loss,
        optimizer=torch.optim.Adam,
        optimizer__eps=1e-7,
        optimizer__fused=True,
        lr=0.001,
        max_epochs=job.epochs,
        batch_size=job.x.shape[1],
        iterator_train__shuffle=job.shuffle,
        train_split=None,
        callbacks=[ResetEvery(job.updates_per_sequence)],
        verbose=0,
    )
    net.initialize()
    setup = watch.lap()
    net.partial_fit(x, y)
    loss = net.history[-1]["train_loss"]
    return Run(setup, watch.lap(), job.updates, loss).as_dict()
