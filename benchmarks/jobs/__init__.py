"""The jobs that all rivals do, one module each."""

from functools import lru_cache, partial

from . import a1, d1, d2, f1, sizes

JOBS = {
    "A1": a1.make,
    "D1": d1.make,
    "D2": d2.make,
    "F1": f1.make,
    **{name: partial(sizes.make, name) for name in sizes.SIZES},
}


@lru_cache(maxsize=1)
def load(name):
    """Return the job of that name; the last one stays in memory."""
    return JOBS[name]()
