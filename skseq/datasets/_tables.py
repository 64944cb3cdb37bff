"""Tables of cells, each with its place: all that is wrong with one in one error."""

from __future__ import annotations

import io
import math
import os
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval, validate_parameter_constraints

from skseq.preprocessing._sequences import is_missing

if TYPE_CHECKING:
    import pandas as pd

_TYPOGRAPHIC_QUOTES = dict.fromkeys(map(ord, "“”„‟″＂"), '"')
_SHOWN_PROBLEMS = 10
# What pandas says of lines that it leaves out.
_BAD_LINE = re.compile(
    r"line (\d+): (?:Expected \d+ fields in line \d+, saw (\d+)|(.*))"
)


class Table:
    """Columns by name, with the place that each row has where it comes from."""

    # Options of `pandas.read_csv`; no other leaves lines and columns where they are.
    OPTIONS: ClassVar[dict[str, list]] = {
        "decimal": [str],
        "encoding": [str],
        "na_values": [str, list, tuple],
        "quotechar": [str],
        "skipfooter": [Interval(Integral, 0, None, closed="left")],
        "skipinitialspace": ["boolean"],
        "skiprows": [Interval(Integral, 0, None, closed="left")],
        "thousands": [str],
    }

    def __init__(
        self,
        name: str,
        frame: pd.DataFrame,
        places: Sequence[str],
        options: Mapping[str, Any],
    ):
        self.name, self.frame, self.places = name, frame, places
        self.problems: list[str] = []
        self.head = ""
        self.header = list(frame.columns)
        absent = options.get("na_values", ())
        self._absent = {absent} if isinstance(absent, str) else {*map(str, absent)}
        self._marks = options.get("thousands"), options.get("decimal", ".")
        thousands, decimal = (re.escape(mark or ",") for mark in self._marks)
        self._grouped = re.compile(
            rf"[+-]?\d{{1,3}}({thousands}\d{{3}})+({decimal}\d*)?"
        )

    @classmethod
    def of_csv(
        cls, path: str | os.PathLike, delimiter: str, options: Mapping[str, Any] | None
    ) -> Table:
        """Read a file with pandas."""
        options = _checked(options or {}, cls.OPTIONS, delimiter)
        path = Path(path)
        before, text = _text(path, options)
        frame, places, problems = _records(path, text, delimiter, options, before)
        if len(frame) == 0 and not problems:
            problems = [f"the header on {places[0]} is followed by no data"]
        table = cls(str(path), frame, places[1:], options)
        table.head = f"{places[0]}: "
        names = [str(name) for name in table.header]
        if "" in names or len(set(names)) < len(names):
            problems.insert(
                0, f"{places[0]}: column names must be given and unique; got {names}"
            )
        table.problems = problems
        table.finish()
        return table

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, name: str = "frame") -> Table:
        """Take a table that is read already; rows are counted from 0."""
        if any(level is not None for level in frame.index.names):
            frame = frame.reset_index()
        table = cls(name, frame, [f"row {row}" for row in range(len(frame))], {})
        if len({*table.header}) < len(table.header):
            table.problems.append(f"column names must be unique; got {table.header}")
        if not len(frame):
            table.problems.append("it has no rows")
        table.finish()
        return table

    @classmethod
    def of_parquet(cls, path: str | os.PathLike) -> Table:
        """Read a file with pandas."""
        import pandas as pd

        try:
            return cls.of_frame(pd.read_parquet(path), str(path))
        except ImportError as error:
            raise ImportError(
                "Parquet is read with pyarrow, which is not installed; "
                'pip install "skseq[parquet]".'
            ) from error
        except ValueError as error:
            if str(error).startswith(f"{path} cannot be read"):
                raise
            raise ValueError(f"{path} cannot be read: {error}") from error

    def finish(self) -> None:
        """Raise what was found, if anything was."""
        if not self.problems:
            return
        shown = self.problems[:_SHOWN_PROBLEMS]
        hidden = len(self.problems) - len(shown)
        if hidden:
            shown.append(f"and {hidden} more")
        raise ValueError(f"{self.name} cannot be read: " + "; ".join(shown) + ".")

    def require(self, names: Iterable[str]) -> None:
        """Raise unless all columns are there."""
        missing = [name for name in names if name not in self.header]
        if missing:
            self.problems.append(
                f"{self.head}no column named {', '.join(map(repr, missing))}; the "
                f"header names {', '.join(map(repr, self.header))}"
            )
        self.finish()

    def cells(self, name: str, *, missing: bool = False) -> list[Any]:
        """Return a column's cells, None where they are missing.

        Missing ones are problems unless `missing` allows them.
        """
        cells: list[Any] = []
        for place, cell in zip(self.places, self.frame[name].tolist(), strict=True):
            text = cell.strip() if isinstance(cell, str) else cell
            if is_missing(text) or (isinstance(text, str) and not text):
                text, what = None, "is empty"
            elif isinstance(text, str) and text in self._absent:
                text, what = None, f"is missing ({text!r})"
            if text is None and not missing:
                self.problems.append(f"{place}: column {name!r} {what}")
            cells.append(text)
        return cells

    def numbers(self, name: str, *, missing: bool = False) -> np.ndarray:
        """Return a column's numbers; cells that hold none are problems."""
        cells = self.cells(name, missing=missing)
        numbers = np.array([self._number(cell) for cell in cells], dtype=float)
        for row in np.flatnonzero(~np.isfinite(numbers)).tolist():
            if cells[row] is not None:
                self.problems.append(
                    f"{self.places[row]}: column {name!r} holds {cells[row]!r}, not a "
                    "finite number"
                )
        return numbers

    def _number(self, cell: Any) -> float:
        """Read a number as the options have it, NaN for anything else."""
        if isinstance(cell, str):
            thousands, decimal = self._marks
            if "." in cell and "." not in self._marks:
                return math.nan
            if thousands and thousands in cell:
                if not self._grouped.fullmatch(cell):
                    return math.nan
                cell = cell.replace(thousands, "")
            cell = cell.replace(decimal, ".")
        return as_number(cell)


def as_number(cell: Any) -> float:
    """Read a number, NaN for anything else ("1_000", which Python reads, too)."""
    if cell is None or (isinstance(cell, str) and "_" in cell):
        return math.nan
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def _checked(
    options: Mapping[str, Any], known: Mapping[str, list], delimiter: str
) -> dict[str, Any]:
    """Check options of pandas by name and by value."""
    for name in options:
        if name not in known:
            raise ValueError(
                f"read_options cannot have {name!r}; of the options of pandas.read_csv "
                f"it may have {', '.join(map(repr, known))}. What else there is to say "
                "has a parameter of its own."
            )
    constraints = {name: known[name] for name in options}
    validate_parameter_constraints(constraints, options, caller_name="read_options")
    single = {"delimiter": delimiter} | {
        name: options[name]
        for name in ("decimal", "thousands", "quotechar")
        if name in options
    }
    for name, mark in single.items():
        if len(mark) != 1:
            raise ValueError(f"{name} must be a single character; got {mark!r}.")
        twin = next((other for other in single if single[other] == mark), name)
        if twin != name:
            raise ValueError(
                f"{name} and {twin} must be different characters; both are {mark!r}."
            )
    return dict(options)


def _text(path: Path, options: Mapping[str, Any]) -> tuple[int, str]:
    """Read a file from its header on, with the number of lines before that."""
    encoding = options.get("encoding", "utf-8-sig")
    try:
        text = path.read_bytes().decode(encoding)
    except LookupError:
        raise ValueError(
            f"read_options: there is no encoding {encoding!r}; take one that Python "
            "knows, such as 'utf-8', 'latin-1' or 'cp1252'."
        ) from None
    except UnicodeDecodeError as error:
        named = "UTF-8" if "encoding" not in options else repr(encoding)
        raise ValueError(
            f"{path} cannot be read: it is not {named} text (byte {error.start}). Save "
            "it as UTF-8, or name its encoding: read_options={'encoding': …}."
        ) from None
    # Of another byte order, a mark is left where the encoding names the order.
    stream = io.StringIO(text.removeprefix("\ufeff"), newline=None)
    before = 0
    header = stream.readline()
    while header and (before < options.get("skiprows", 0) or not header.strip()):
        header = stream.readline()
        before += 1
    if not header:
        raise ValueError(f"{path}: the file is empty; expected a header line.")
    return before, _mended(path, header, before + 1) + stream.read()


def _mended(path: Path, header: str, line: int) -> str:
    """Make typographic quotes plain: they would swallow the comma between names."""
    mended = header.translate(_TYPOGRAPHIC_QUOTES)
    if mended != header:
        warnings.warn(
            f"{path}: line {line} has typographic quotes, read as plain ones: "
            f"{mended.rstrip()}",
            UserWarning,
            stacklevel=6,
        )
    return mended


def _records(
    path: Path, text: str, delimiter: str, options: Mapping[str, Any], before: int
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Let pandas read; give the table, the places of its lines, and what is wrong."""
    import pandas as pd

    kept = ("quotechar", "skipfooter", "skipinitialspace")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            whole = pd.read_csv(
                io.StringIO(text),
                sep=delimiter,
                header=None,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                on_bad_lines="warn",
                # The one engine that tells a short line from empty cells.
                engine="python",
                **{name: options[name] for name in kept if name in options},
            )
        except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
            raise ValueError(f"{path} cannot be read: {error}") from error
    if whole.empty:
        raise ValueError(f"{path}: skipfooter leaves no header line.")
    header = [name.strip() for name in whole.iloc[0]]
    at = f"line {before + 1}"
    problems: dict[int, str] = {}
    bad = [found for note in said if (found := _BAD_LINE.search(str(note.message)))]
    for number, fields, other in (found.groups() for found in bad):
        problems[int(number)] = (
            other.rstrip(".") if other else _fields(fields, header, at)
        )
    numbers = [n for n in range(1, len(whole) + len(bad) + 1) if n not in problems]
    lines = np.array(numbers[: len(whole)]) + before
    if options.get("quotechar", '"') in text:  # where a cell may hold line breaks
        breaks = whole.map(lambda cell: str(cell).count("\n")).sum(axis=1).to_numpy()
        lines[1:] += np.cumsum(breaks)[:-1]
    blank = whole.map(lambda cell: not str(cell).strip() or cell != cell).all(axis=1)
    short = whole.isna().any(axis=1) & ~blank
    found = {before + number: text for number, text in problems.items()}
    for row in np.flatnonzero(short):
        found[int(lines[row])] = _fields(whole.iloc[row].notna().sum(), header, at)
    named = [f"line {number}: {found[number]}" for number in sorted(found)]
    rows = np.flatnonzero(~blank.to_numpy())[1:]
    frame = whole.iloc[rows].set_axis(header, axis=1).reset_index(drop=True)
    return frame, [at, *(f"line {lines[row]}" for row in rows)], named


def _fields(count: Any, header: list[str], at: str) -> str:
    return (
        f"{count} fields, but the header on {at} names {len(header)} "
        f"({', '.join(map(repr, header))})"
    )
