"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["remove_leftovers", "replacing"]

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}(\.[^.]+)?")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` when the block succeeds.

    Parameters
    ----------
    path : path-like
        The file to write, in a folder that exists.

    Yields
    ------
    pathlib.Path
        A new, empty file beside `path` with the same suffix, to be written.

    Raises
    ------
    OSError
        As the file system says it; `path` is then as it was.
    """
    target = Path(path)
    temporary = _new_file(target)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(target)
        _flush(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: str | os.PathLike[str]) -> None:
    """Remove what killed processes were writing, below a folder that is ours alone.

    Parameters
    ----------
    folder : path-like
        A folder in which nobody is writing now. It need not exist.
    """
    for path in Path(folder).rglob(".*"):
        if _TEMPORARY.fullmatch(path.name) and path.is_file():
            path.unlink()


def _new_file(target: Path) -> Path:
    """Make a file of a name of its own, as readable as any new file."""
    # The kernel limits names to 255 bytes; a long target's temporary is cut short.
    stem = target.stem.encode()[:150].decode(errors="ignore")
    while True:
        name = f".{stem}.{secrets.token_hex(4)}{target.suffix}"
        with suppress(FileExistsError):
            path = target.with_name(name)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return path


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
