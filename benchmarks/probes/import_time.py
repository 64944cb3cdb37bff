"""Time that an import takes in a new process, and what it drags in."""

import importlib
import sys

from ..rivals.timing import Stopwatch


def measure(module, name=None):
    """Import the module; returns seconds and whether TensorFlow came with it.

    Where a name in it is given that is asked for too: ours are loaded only then.
    """
    watch = Stopwatch()
    imported = importlib.import_module(module)
    if name is not None:
        getattr(imported, name)
    return {"seconds": watch.lap(), "tensorflow": "tensorflow" in sys.modules}
