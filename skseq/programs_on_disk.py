"""Keep compiled programs between processes, so that a first fit need not compile."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

__all__ = ["keep_programs"]

_VARIABLE = "TF_XLA_FLAGS"
_FLAG = "--tf_xla_persistent_cache_directory"


def keep_programs(folder: str | os.PathLike[str]) -> Path:
    """Keep what is compiled from now on in a folder, and use what is there.

    Compiling takes most of the time of a small first fit. TensorFlow can keep
    programs on disk, but only from its start: call this before the first estimator is
    made. It sets an environment variable, so it counts for all that TensorFlow
    compiles in this process and those that it starts. Results do not change by a bit.

    Parameters
    ----------
    folder : path-like
        Where to keep programs. As with any program, whoever may write there decides
        what runs here. Nothing is ever removed; delete it when you like.

    Returns
    -------
    pathlib.Path
        The folder inside it for this machine's kind of processor and this TensorFlow,
        since programs of others must not run here.

    Raises
    ------
    RuntimeError
        If TensorFlow is imported already, or keeps its programs elsewhere.

    Examples
    --------
    >>> from skseq.programs_on_disk import keep_programs
    >>> keep_programs("~/.cache/skseq")  # doctest: +SKIP
    PosixPath('/home/ada/.cache/skseq/2.21.0-9f2c41aa')
    """
    place = Path(folder).expanduser().absolute() / f"{version('tensorflow')}-{_kind()}"
    flags = os.environ.get(_VARIABLE, "")
    wanted = f"{_FLAG}={place}"
    if wanted in flags.split():
        return place
    if _FLAG in flags:
        raise RuntimeError(
            f"TensorFlow is told already where to keep programs, by {_VARIABLE}="
            f"{flags!r}; leave either out."
        )
    if "tensorflow" in sys.modules:
        raise RuntimeError(
            "TensorFlow is imported already and no longer asks where to keep programs; "
            "call keep_programs before the first estimator is made."
        )
    place.mkdir(parents=True, exist_ok=True)
    os.environ[_VARIABLE] = f"{flags} {wanted}".strip()
    return place


def _kind() -> str:
    """Name what compiled code depends on: the processor and what it can do."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = [f"model name: {platform.processor()}"]
    told = {line for line in lines if line.startswith(("flags", "model name", "CPU"))}
    kind = [platform.machine(), *sorted(told)]
    return hashlib.sha256("\n".join(kind).encode()).hexdigest()[:8]
