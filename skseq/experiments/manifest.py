"""What a run was made of, and what it made: enough to tell whether two are the same."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import Any

# What results may depend on.
_LIBRARIES = (
    "keras",
    "matplotlib",
    "numpy",
    "pandas",
    "scikeras",
    "scikit-learn",
    "scipy",
    "snakemake",
    "tensorflow",
)


def manifest(
    config: Mapping[str, Any], code: str, artifacts: Iterable[str]
) -> dict[str, Any]:
    """Describe a run.

    Parameters
    ----------
    config : mapping
        The configuration with all defaults, seed included.
    code : str
        Digest of the code that ran.
    artifacts : iterable of str
        Paths of all that the run made, relative to where it ran; of a folder, all in
        it counts.

    Returns
    -------
    dict
        `config`, `code`, `versions` and the SHA-256 of every artifact. Two runs with
        the same manifest made the same bytes of the same things.
    """
    return {
        "config": _plain(config),
        "code": code,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        "artifacts": {path: _digest(path) for path in sorted(_files(artifacts))},
    }


def _plain(value: Any) -> Any:
    """Return a value of the configuration as JSON can hold it: NaN as text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _files(paths: Iterable[str]) -> Iterator[str]:
    """Go into folders, but for what Snakemake leaves in them."""
    for path in map(Path, paths):
        inside = path.rglob("[!.]*") if path.is_dir() else [path]
        yield from (one.as_posix() for one in inside if one.is_file())


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
