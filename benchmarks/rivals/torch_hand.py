"""PyTorch by hand: a plain loop over the updates."""

import torch

from ..jobs import load
from .timing import Run, Stopwatch
from .torch_network import Loss, Network, trainable


def run(name, seed, share=1.0, threads=1):
    """Train with a loop of forward, backward and step, on so many threads."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    job = load(name).part(share)
    x, y = torch.from_numpy(job.x), torch.from_numpy(job.y)
    watch = Stopwatch()
    network, loss_of = Network(job, seed), Loss(job.loss)
    # The fused update is the fastest that PyTorch has on a processor.
    adam = torch.optim.Adam(trainable(network), lr=0.001, eps=1e-7, fused=True)
    setup = watch.lap()
    for _ in range(job.epochs):
        order = torch.randperm(len(x)) if job.shuffle else torch.arange(len(x))
        total = torch.zeros(())
        for count, update in enumerate(order.tolist()):
            if count % job.updates_per_sequence == 0:
                network.reset()
            adam.zero_grad()
            loss = loss_of(network(x[update]), y[update])
            loss.backward()
            adam.step()
            total += loss.detach()
    return Run(setup, watch.lap(), job.updates, float(total) / len(x)).as_dict()
