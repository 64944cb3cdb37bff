"""A row's result is the same to the bit whatever stands beside it, and everywhere."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import skseq.inference.forward  # noqa: F401 (loads the BLAS)

SCRIPT = Path(__file__).with_name("bits_of_rows.py")
# Kernels that today's processors with AVX2 alone take, and older ones.
OTHER_KERNELS = ["Haswell", "Sandybridge", "Nehalem"]


@cache
def digest(*words, **settings):
    """What the script says in a process with these environment variables."""
    found = subprocess.run(
        [sys.executable, SCRIPT, *words],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.mark.parametrize(
    ("words", "threads"),
    [
        (["few"], {"OMP_NUM_THREADS": "1"}),
        *(
            pytest.param([], settings, marks=pytest.mark.slow)
            for settings in (
                {"OMP_NUM_THREADS": "1"},
                {"OPENBLAS_NUM_THREADS": "1"},
                {"OMP_NUM_THREADS": "2"},
                {"OPENBLAS_NUM_THREADS": "2"},
            )
        ),
    ],
)
def test_neighbours_places_threads_and_processes_change_no_bit(words, threads):
    assert digest(*words, **threads) == digest(*words)


@pytest.mark.parametrize(
    "settings",
    [
        {"OMP_NUM_THREADS": "1"},
        *(
            pytest.param(settings, marks=pytest.mark.slow)
            for settings in (
                {"OPENBLAS_NUM_THREADS": "1"},
                {"OMP_NUM_THREADS": "2"},
            )
        ),
    ],
)
def test_they_change_no_bit_of_any_network(settings):
    """Of any cell, depth, direction and pooling, nor by attention."""
    assert digest("networks", **settings) == digest("networks")


@pytest.mark.slow
@pytest.mark.parametrize("kernels", OTHER_KERNELS)
def test_neighbours_and_places_change_no_bit_by_other_kernels(kernels):
    """Some round otherwise at the edges of a block; the script sees it in any."""
    libraries = [lib.get("architecture") for lib in threadpool_info()]
    if not set(libraries) & {"SkylakeX", "Zen", "Haswell", "Cooperlake"}:
        pytest.skip(f"cannot choose these kernels: the BLAS here is {libraries}")
    assert digest(OPENBLAS_CORETYPE=kernels)


@pytest.mark.slow
@pytest.mark.parametrize("kernels", OTHER_KERNELS)
def test_nor_of_any_network_by_other_kernels(kernels):
    libraries = [lib.get("architecture") for lib in threadpool_info()]
    if not set(libraries) & {"SkylakeX", "Zen", "Haswell", "Cooperlake"}:
        pytest.skip(f"cannot choose these kernels: the BLAS here is {libraries}")
    assert digest("networks", OPENBLAS_CORETYPE=kernels)


@pytest.mark.parametrize(
    ("units", "rows", "width"),
    [
        *((8, 1024, 256), (8, 130, 128), (8, 63, 64), (8, 1, 64)),
        *((16, 1024, 128), (20, 1024, 64), (64, 1024, 64)),
    ],
)
def test_blocks_of_many_rows_and_few_units_are_wider(units, rows, width, monkeypatch):
    from skseq.inference import block as module
    from skseq.networks.spec import NetworkSpec

    spec = NetworkSpec("recurrent", units, 2, 4, "last", 1, 2)
    parts = module.Parts(spec, [np.ones(shape, "f") for shape in spec.weight_shapes])
    monkeypatch.setattr(module, "_places_alike", lambda *given: np.ones(given[2], bool))
    assert parts.layout(rows)[0] == width

    def only_common(shape, dtype, width):
        return np.full(width, width == module.WIDTH)

    # Kernels that round otherwise in wide blocks.
    monkeypatch.setattr(module, "_places_alike", only_common)
    chosen, usable = parts.layout(rows)
    assert (chosen, len(usable)) == (module.WIDTH, module.WIDTH)


def test_places_that_round_otherwise_are_left_out(monkeypatch):
    """As by those kernels, whatever the processor."""
    from skseq.inference import block as module
    from skseq.inference.forward import forward, lanes_of
    from skseq.networks.spec import NetworkSpec

    edges = np.ones(module.WIDTH, bool)
    edges[:8] = edges[-8:] = False
    monkeypatch.setattr(
        module,
        "_places_alike",
        lambda shape, *_: edges if shape[0] == 12 else np.roll(edges, 1),
    )
    spec = NetworkSpec("recurrent", 3, 2, 4, "last", 1, 2, dtype="float64")
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in spec.weight_shapes]
    width, usable = module.Parts(spec, weights).layout(module.WIDTH)
    assert width == module.WIDTH
    np.testing.assert_array_equal(usable, np.arange(9, module.WIDTH - 8))

    x = rng.normal(size=(100, 4, 2))
    seen, read_rows = [], module.Block.read_rows

    def watched(block, x, lengths, places):
        seen.append(places.tolist())
        return read_rows(block, x, lengths, places)

    monkeypatch.setattr(module.Block, "read_rows", watched)
    few = forward(spec, weights, x, np.full(100, 4), lanes_of(100))
    assert sorted(map(len, seen)) == [100 - 2 * len(usable), len(usable), len(usable)]
    assert {place for places in seen for place in places} <= set(usable)
    monkeypatch.undo()
    all_ = forward(spec, weights, x, np.full(100, 4), lanes_of(100))
    np.testing.assert_allclose(few, all_, rtol=0, atol=1e-14)
