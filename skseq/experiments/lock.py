"""One run at a time in a folder, and no lock that outlives its run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

# Kept open for as long as the process lives; the kernel frees the lock when it ends,
# however it ends.
_held: list[IO[str]] = []


class BusyError(RuntimeError):
    """Another run is at work in the same folder."""


def hold(path: str | os.PathLike[str]) -> None:
    """Hold the lock of a folder until this process ends.

    Parameters
    ----------
    path : path-like
        The file that stands for the folder. It is made if it is missing.

    Raises
    ------
    BusyError
        If another process holds it; that process is named.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    file = open(path, "a+")  # noqa: SIM115 (it stays open on purpose)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise BusyError(
            f"Another run (process {owner}) is at work in this folder; wait until it "
            "ends, or end it. Nothing was changed."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    _held.append(file)
