"""A run as an RO-Crate: what archives of research data read of it.

The crate is the folder of the results itself, with a description in JSON-LD beside the
manifest, from which all of it is taken: the run as an action, by the package, on the
configuration, with every file that it made (the profile "Process Run Crate").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rocrate.rocrate import ROCrate

import skseq
from skseq.experiments.files import write_json
from skseq.experiments.manifest import NAME, below, check_artifacts, read_manifest

__all__ = ["write_crate"]

_METADATA = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
# The profile's own names, such as sha256.
_TERMS = "https://w3id.org/ro/terms/workflow-run/context"
_FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".npz": "application/zip",
    ".png": "image/png",
    ".skops": "application/zip",
}


def write_crate(results: Path, license: str | None = None) -> Path:
    """Describe a run, beside what it made.

    Parameters
    ----------
    results : Path
        The folder that the run made.
    license : str, default=None
        Address of the license that the results are under; None says that there is none.

    Returns
    -------
    Path
        The description, `ro-crate-metadata.json`.

    Raises
    ------
    ValueError
        If a file is not what the manifest says: a crate vouches for all of them.
    """
    check_artifacts(results)
    known = read_manifest(results)
    ended = datetime.fromtimestamp((results / NAME).stat().st_mtime, UTC)
    crate = _described(results, known, ended.isoformat(timespec="seconds"))
    name = license or "No license has been given."
    crate.license = crate.add_jsonld(
        {"@id": license or "#license", "@type": "CreativeWork", "name": name}
    )
    write_json(results / _METADATA, crate.metadata.generate())
    return results / _METADATA


def _described(results: Path, known: Mapping[str, Any], ended: str) -> ROCrate:
    problems = known["config"]["problems"]
    # The version that the profile builds on.
    crate = ROCrate(version="1.1")
    crate.metadata.extra_contexts.append(_TERMS)
    crate.name = "A run of skseq's experiments"
    crate.description = (
        "What recurrent networks remember, over many seeds and beside the best simple "
        f"rules: {', '.join(entry['title'] for entry in problems.values())}."
    )
    crate.datePublished = ended
    crate.root_dataset["conformsTo"] = crate.add_jsonld(
        {
            "@id": _PROFILE,
            "@type": ["CreativeWork", "Profile"],
            "name": "Process Run Crate",
            "version": "0.5",
        }
    )
    made = [
        _file(crate, results, name, {"sha256": digest})
        for name, digest in known["artifacts"].items()
    ]
    about = "The configuration, the versions, and a checksum of every file."
    manifest = _file(crate, results, f"results/{NAME}", {"description": about})
    crate.root_dataset["mentions"] = crate.add_action(
        _software(crate, known["versions"]),
        identifier="#run",
        object=manifest,
        result=made,
        properties={
            "name": "snakemake",
            "description": "Every step of every problem, as the configuration has it.",
            "endTime": ended,
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    return crate


def _file(crate: ROCrate, results: Path, name: str, more: Mapping[str, str]) -> Any:
    path = below(results, name)
    properties = {
        "name": path.relative_to(results).as_posix(),
        "contentSize": str(path.stat().st_size),
        **more,
    }
    if path.suffix in _FORMATS:
        properties["encodingFormat"] = _FORMATS[path.suffix]
    return crate.add_file(dest_path=path.relative_to(results), properties=properties)


def _software(crate: ROCrate, versions: Mapping[str, str]) -> Any:
    """Name the package, and the libraries that it ran with."""

    def named(name: str, version: str) -> dict[str, Any]:
        # A package URL; Python itself is not of PyPI.
        kind = "generic" if name == "python" else "pypi"
        return {
            "@id": f"pkg:{kind}/{name}@{version}",
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
        }

    needs = [{"@id": crate.add_jsonld(named(*one)).id} for one in versions.items()]
    whole = named("skseq", skseq.__version__) | {"softwareRequirements": needs}
    return crate.add_jsonld(whole)
