"""Seeds of an experiment: one root seed, a disjoint stream for every use.

Every seed is a child of ``SeedSequence(root)`` under a key of its own (problem, use,
indices), so that search, training and test data never meet, and adding a problem or a
repeat changes no other seed.
"""

from __future__ import annotations

import zlib

import numpy as np

# The number of a use is part of every seed below it: never renumber one.
USES = {
    "search data": 0,
    "search fit": 1,
    "train data": 2,
    "test data": 3,
    "fit": 4,
    "baseline": 5,
    "split": 6,
    "table": 7,
    "blocks": 8,
}


def seed_for(root: int, problem: str, use: str, *indices: int) -> int:
    """Return the seed of one use of one problem.

    Parameters
    ----------
    root : int
        Seed of the whole run, `seed` in the configuration.
    problem : str
        Name of the problem.
    use : {"search data", "search fit", "train data", "test data", "fit", \
"baseline", "split", "table", "blocks"}
        What the seed is for.
    *indices : int
        Further keys, such as the number of the repeat.

    Returns
    -------
    int
        A seed below 2**32, as `random_state` takes it.

    Examples
    --------
    >>> seed_for(1997, "A1", "fit", 0) == seed_for(1997, "A1", "fit", 0)
    True
    >>> seed_for(1997, "A1", "fit", 0) == seed_for(1997, "A1", "fit", 1)
    False
    """
    key = (zlib.crc32(problem.encode()), USES[use], *indices)
    return int(np.random.SeedSequence(root, spawn_key=key).generate_state(1)[0])
