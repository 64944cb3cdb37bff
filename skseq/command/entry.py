"""A problem added to a configuration: checked before, all else left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skseq._atomic import replacing
from skseq.command.template import Columns, entry_for
from skseq.experiments.config import (
    ConfigError,
    check_config,
    read_config,
    read_schema,
    read_yaml,
)

__all__ = ["add_entry", "with_entry"]

# Where a configuration is looked for: beside a Snakefile, or as deployed.
_PLACES = (Path("config.yaml"), Path("config", "config.yaml"))
_HEAD = """\
# What runs; see the README of skseq. `skseq new` adds problems.

# Root of every random stream: same number, same results.
seed: 1

# Fits of each configuration, each from a fresh seed on fresh data. One run is luck.
repeats: 20

problems:
"""


def add_entry(name: str, table: Path, columns: Columns, config: Path | None) -> Path:
    """Add a problem to a configuration, unless a run would stop at it.

    Parameters
    ----------
    name : str
        What to call it.
    table : Path
        A CSV with a row per step.
    columns : Columns
        What its columns are.
    config : Path or None
        The configuration, made if it is missing; None looks for one.

    Returns
    -------
    Path
        The configuration.

    Raises
    ------
    ValueError
        If the table or the configuration cannot be read, the name is taken, or the
        problem would not run. Nothing is written then.
    OSError
        If a file cannot be read or written.
    """
    path = config or next(filter(Path.is_file, _PLACES), _PLACES[0])
    before = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    if path.is_file() and name in _problems(read_yaml(path)):
        raise ConfigError(f"{path} has a problem {name} already; choose another name.")
    if not table.is_file():
        raise FileNotFoundError(
            f"there is no file '{table}'; give --table, a CSV with a row per step and "
            "the columns sequence, step, label and any number of features."
        )
    after = with_entry(before, entry_for(name, table, columns), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A link stays one.
    with replacing(path.resolve()) as temporary:
        temporary.write_text(after, encoding="utf-8")
        read = read_config(temporary)
        # All of it must have the right form; only what is new is tried on its data.
        alone = {key: read[key] for key in ("seed", "repeats") if key in read}
        check_config(read, read_schema("config"), str(path))
        alone["problems"] = {name: read["problems"][name]}
        check_config(alone, read_schema("config"), str(path), rehearsed=True)
    return path


def _problems(config: Any) -> Mapping[str, Any]:
    """Return the problems of a configuration that nobody has checked."""
    found = config.get("problems") if isinstance(config, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def with_entry(text: str, entry: str, path: Path) -> str:
    """Put an entry behind the last problem of a configuration, all else as it is.

    Parameters
    ----------
    text : str
        The configuration.
    entry : str
        The lines to put there, indented.
    path : Path
        What to call the configuration in messages.

    Returns
    -------
    str
        The configuration with the entry.

    Raises
    ------
    ConfigError
        If no line of it begins the problems.

    Examples
    --------
    >>> print(with_entry("problems:\\n  A: 1\\n\\nseed: 1\\n", "  B: 2\\n", "c.yaml"))
    problems:
      A: 1
    <BLANKLINE>
      B: 2
    <BLANKLINE>
    seed: 1
    <BLANKLINE>
    """
    lines = (text if text.endswith("\n") else f"{text}\n").splitlines(keepends=True)
    begin = [
        i for i, line in enumerate(lines) if line.split("#")[0].rstrip() == "problems:"
    ]
    if len(begin) != 1:
        raise ConfigError(
            f"{path} has no line 'problems:' to write the entry under; add one."
        )
    rest = enumerate(lines[begin[0] + 1 :], start=begin[0] + 1)
    end = next((i for i, line in rest if line[:1] not in " #\r\n"), len(lines))
    # What stands before the next key is about that key.
    while lines[end - 1][:1] in "#\r\n":
        end -= 1
    gap = [] if end == begin[0] + 1 else ["\n"]
    return "".join([*lines[:end], *gap, entry, *lines[end:]])
