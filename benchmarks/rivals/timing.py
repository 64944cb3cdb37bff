"""How a rival's run is timed and reported."""

import time
from dataclasses import asdict, dataclass


class NotExpressible(Exception):
    """The rival cannot state the job; the message says why."""


@dataclass
class Run:
    """One timed run.

    Parameters
    ----------
    setup : float
        Seconds that a longer job would not pay again: building and tracing.
    loop : float
        Seconds that grow with the number of updates.
    updates : int
        Weight updates made.
    loss : float
        Mean loss over the last epoch.
    alone : float or None
        Seconds of the compiled training run alone, where there is one.
    imports : float
        Seconds that a first fit of the process spends importing, not in `setup`.
    """

    setup: float
    loop: float
    updates: int
    loss: float
    alone: float | None = None
    imports: float = 0.0

    def as_dict(self):
        """Return the run as a dict for JSON."""
        return asdict(self) | {"loss": float(self.loss)}


class Stopwatch:
    """Seconds since the last look."""

    def __init__(self):
        self.last = time.perf_counter()

    def lap(self):
        """Return the seconds since the last call and start anew."""
        now = time.perf_counter()
        seconds, self.last = now - self.last, now
        return seconds
