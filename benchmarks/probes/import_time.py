"""Time that an import takes in a new process, and what it drags in."""

import importlib
import sys

from ..rivals.timing import Stopwatch


def measure(module):
    """Import the module; returns seconds and whether TensorFlow came with it."""
    watch = Stopwatch()
    importlib.import_module(module)
    return {"seconds": watch.lap(), "tensorflow": "tensorflow" in sys.modules}
