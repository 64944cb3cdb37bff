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
_FLAG = "--tf_xla_persistent_cache_directory="


def keep_programs(folder: str | os.PathLike[str]) -> Path:
    """Keep what is compiled from now on in a folder, and use what is there.

    Compiling takes most of the time of a small first fit. TensorFlow can keep
    programs on disk, but only from its start: call this before the first fit. It sets
    an environment variable, so it counts for all that TensorFlow compiles in this
    process and those that it starts. Results do not change by a bit. If asked for its
    log, TensorFlow warns that programs were made for `prefer-no-gather`, which is a
    choice of the compiler's and no feature of a processor.

    Parameters
    ----------
    folder : path-like
        Where to keep programs. As with any program, whoever may write there decides
        what runs here. Nothing is ever removed; delete it when you like. Where the
        environment variable TF_XLA_FLAGS names a folder already, that one is used.

    Returns
    -------
    pathlib.Path
        Where programs are kept: a folder inside, for this machine's kind of processor
        and this TensorFlow, since programs of others must not run here.

    Raises
    ------
    RuntimeError
        If TensorFlow is imported already.

    See Also
    --------
    skseq.save : Keep a model, rather than the program that trains it.

    Examples
    --------
    >>> from skseq.programs_on_disk import keep_programs
    >>> keep_programs("~/.cache/skseq").is_dir()
    True
    """
    flags = os.environ.get(_VARIABLE, "")
    for flag in flags.split():
        if flag.startswith(_FLAG):
            return Path(flag.removeprefix(_FLAG))
    if "tensorflow" in sys.modules:
        raise RuntimeError(
            "TensorFlow is imported already and no longer asks where to keep programs; "
            "call keep_programs before the first fit."
        )
    place = Path(folder).expanduser().absolute() / f"{version('tensorflow')}-{_kind()}"
    place.mkdir(parents=True, exist_ok=True)
    os.environ[_VARIABLE] = f"{flags} {_FLAG}{place}".strip()
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
