"""Tables of cells, each with its line: all that is wrong with one in one error."""

from __future__ import annotations

import csv
import math
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

_TYPOGRAPHIC_QUOTES = dict.fromkeys(map(ord, "“”„‟″＂"), '"')
_SHOWN_PROBLEMS = 10


class Table:
    """A CSV file's columns by name, with the line that each row stands on."""

    def __init__(self, path: str | os.PathLike, delimiter: str):
        self.path = Path(path)
        self.problems: list[str] = []
        rows = read_rows(self.path, delimiter)
        if not rows:
            raise ValueError(f"{self.path}: the file is empty; expected a header line.")
        self.header = [name.strip() for name in rows[0][1]]
        self.lines = [line for line, _ in rows[1:]]
        self.rows = [row for _, row in rows[1:]]
        self._check_shape()
        self.finish()

    def _check_shape(self) -> None:
        for name in self.header:
            if not name or self.header.count(name) > 1:
                self.problems.append(
                    f"line 1: column names must be given and unique; got {self.header}"
                )
                break
        for line, row in zip(self.lines, self.rows, strict=True):
            if len(row) != len(self.header):
                self.problems.append(
                    f"line {line}: {len(row)} fields, but the header on line 1 names "
                    f"{len(self.header)} ({', '.join(map(repr, self.header))})"
                )
        if not self.rows:
            self.problems.append("the header on line 1 is followed by no data")

    def finish(self) -> None:
        """Raise what was found, if anything was."""
        if not self.problems:
            return
        shown = self.problems[:_SHOWN_PROBLEMS]
        hidden = len(self.problems) - len(shown)
        if hidden:
            shown.append(f"and {hidden} more")
        raise ValueError(f"{self.path} cannot be read: " + "; ".join(shown) + ".")

    def require(self, names: Sequence[str]) -> None:
        """Raise unless all columns are there."""
        missing = [name for name in names if name not in self.header]
        if missing:
            self.problems.append(
                f"line 1: no column named {', '.join(map(repr, missing))}; the header "
                f"names {', '.join(map(repr, self.header))}"
            )
        self.finish()

    def text(self, name: str) -> list[str]:
        """Return a column's cells; empty ones are problems."""
        place = self.header.index(name)
        cells = [row[place].strip() for row in self.rows]
        for line, cell in zip(self.lines, cells, strict=True):
            if not cell:
                self.problems.append(f"line {line}: column {name!r} is empty")
        return cells

    def numbers(self, name: str) -> list[float]:
        """Return a column's numbers; cells that hold none are problems."""
        numbers = []
        for line, cell in zip(self.lines, self.text(name), strict=True):
            number = as_number(cell)
            if cell and not math.isfinite(number):
                self.problems.append(
                    f"line {line}: column {name!r} holds {cell!r}, not a finite number"
                )
            numbers.append(number)
        return numbers


def as_number(cell: str) -> float:
    """Read a number, NaN for anything else ("1_000", which Python reads, included)."""
    try:
        return float(cell) if "_" not in cell else math.nan
    except ValueError:
        return math.nan


def read_rows(path: Path, delimiter: str) -> list[tuple[int, list[str]]]:
    """Read non-empty rows with their line numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} cannot be read: it is not UTF-8 text (byte {error.start}). Save "
            "it as UTF-8."
        ) from None
    lines = text.splitlines()
    if lines:
        lines[0] = _mend_header(path, lines[0])
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ValueError(
            f"{path} cannot be read: line {reader.line_num}: {error}."
        ) from None
    return rows


def _mend_header(path: Path, header: str) -> str:
    """Make typographic quotes plain: they would swallow the comma between names."""
    mended = header.translate(_TYPOGRAPHIC_QUOTES)
    if mended != header:
        warnings.warn(
            f"{path}: line 1 has typographic quotes, read as plain ones: {mended}",
            UserWarning,
            stacklevel=4,
        )
    return mended
