"""Artifacts that appear whole or not at all, with the same bytes for the same content.

A file is written under another name and moved into place, so that a killed run never
leaves a half-written result. Nothing that differs between two equal runs (times, order
of keys, float formats) is written.
"""

from __future__ import annotations

import csv
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from skseq._atomic import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The earliest time that a zip file can hold, in place of the time of writing.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArtifactError(ValueError):
    """A file of the pipeline is missing, truncated or not what it should be."""


def write_text(path: str | os.PathLike[str], text: str) -> None:
    r"""Write `text` as UTF-8 with ``\n`` line ends."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode())


def write_json(
    path: str | os.PathLike[str], value: Any, *, nan_ok: bool = False
) -> None:
    """Write `value` as JSON with sorted keys.

    NaN and infinities are no JSON and are refused, unless `nan_ok` for a file that only
    Python reads: a mask may be NaN.
    """
    form: dict[str, Any] = {"indent": 2, "sort_keys": True, "ensure_ascii": False}
    write_text(path, json.dumps(value, allow_nan=nan_ok, **form) + "\n")


def read_json(path: str | os.PathLike[str]) -> Any:
    """Read what `write_json` wrote."""
    return _read(path, lambda file: json.load(file))


def write_csv(
    path: str | os.PathLike[str],
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
) -> None:
    """Write `rows` with exactly `columns`; floats as their shortest exact decimal."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="raise", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    write_text(path, text.getvalue())


def _cell(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else repr(float(value))
    return value


def read_csv(
    path: str | os.PathLike[str], *, between: str = ","
) -> list[dict[str, str]]:
    """Read what `write_csv` wrote, or a table with another mark `between` its cells.

    Returns
    -------
    list of dict
        One dict of strings per row.
    """

    def rows(file: IO[bytes]) -> list[dict[str, str]]:
        text = StringIO(file.read().decode())
        return list(csv.DictReader(text, delimiter=between))

    return _read(path, rows)


def write_arrays(
    path: str | os.PathLike[str], arrays: Mapping[str, np.ndarray]
) -> None:
    """Write an `.npz` whose bytes depend on nothing but names and values.

    Parameters
    ----------
    path : path-like
        The file to write.
    arrays : mapping of str to ndarray
        What to write. Object arrays are refused: they would need pickle.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(
                    file, np.asarray(arrays[name]), version=(1, 0), allow_pickle=False
                )


def read_arrays(path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """Read what `write_arrays` wrote; the checksum of every array is verified."""

    def arrays(file: IO[bytes]) -> dict[str, np.ndarray]:
        with np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}

    return _read(path, arrays)


def read_all(paths: Iterable[str | os.PathLike[str]]) -> dict[str, np.ndarray]:
    """Read the arrays of several files, which share no name."""
    return {name: array for path in paths for name, array in read_arrays(path).items()}


def _read(path: str | os.PathLike[str], reader: Callable[[IO[bytes]], Any]) -> Any:
    try:
        with open(path, "rb") as file:
            return reader(file)
    except FileNotFoundError:
        raise ArtifactError(
            f"{os.fspath(path)} is missing; run `snakemake --cores 2` again to make it."
        ) from None
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ArtifactError(
            f"{os.fspath(path)} is not whole ({error}); delete it and run "
            "`snakemake --cores 2` again."
        ) from error


def write_figure(path: str | os.PathLike[str], figure: Figure) -> None:
    """Write a figure as PNG, without the name and version of what drew it."""
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=120, metadata={"Software": None})
