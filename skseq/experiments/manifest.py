"""What a run was made of, and what it made: enough to tell whether two are the same."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import Any

from skseq.experiments.files import ArtifactError, read_json

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
NAME = "manifest.json"


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


def read_manifest(results: Path) -> dict[str, Any]:
    """Read the manifest of a run.

    Parameters
    ----------
    results : Path
        The folder that the run made.

    Returns
    -------
    dict
        As `manifest` made it.

    Raises
    ------
    ValueError
        If it is missing, cannot be read, or names files beside the folder.
    """
    path = results / NAME
    read = read_json(path)
    if not isinstance(read, dict) or not {"config", "artifacts"} <= read.keys():
        raise ArtifactError(f"{path} is not the manifest of a run.")
    for name in read["artifacts"]:
        parts = PurePosixPath(name).parts
        if len(parts) < 2 or parts[0] != "results" or ".." in parts:
            raise ArtifactError(f"{path} names {name!r}, which is not below results/.")
    return read


def check_artifacts(results: Path) -> int:
    """Hold what a run made against its manifest.

    Parameters
    ----------
    results : Path
        The folder that the run made.

    Returns
    -------
    int
        Number of the files, all of which are what the manifest says.

    Raises
    ------
    ValueError
        If some are missing or of other bytes, with their names, or the manifest is.
    """
    expected = read_manifest(results)["artifacts"]
    found: dict[str, list[str]] = {"missing": [], "changed": []}
    for name, digest in expected.items():
        path = below(results, name)
        if not path.is_file():
            found["missing"].append(str(path))
        elif _digest(path) != digest:
            found["changed"].append(str(path))
    wrong = [
        f"{len(paths)} {how} ({', '.join(paths)})"
        for how, paths in found.items()
        if paths
    ]
    if wrong:
        raise ArtifactError(
            f"{results} is not what {NAME} says: of {len(expected)} files are "
            f"{' and '.join(wrong)}."
        )
    return len(expected)


def below(results: Path, name: str) -> Path:
    """Return where a file of the manifest is, wherever the folder was moved to."""
    return results.joinpath(*PurePosixPath(name).parts[1:])


def origin(path: Path) -> tuple[Path, str, dict[str, Any]] | None:
    """Find the run that made a file, if its manifest lies in a folder above.

    Parameters
    ----------
    path : Path
        A file that is there.

    Returns
    -------
    tuple or None
        The manifest's path, the problem and the configuration; None if there is no
        manifest or it knows no such file of these bytes.
    """
    path = path.resolve()
    # A model lies at its problem, or at a configuration of it.
    for folder in path.parents[1:5]:
        try:
            known = read_manifest(folder)
        except ArtifactError:  # there is none, or one of something else
            continue
        problem, *_ = inside = path.relative_to(folder).parts
        name = "/".join(("results", *inside))
        if known["artifacts"].get(name) == _digest(path):
            return folder / NAME, problem, known["config"]
    return None


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


def _digest(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
