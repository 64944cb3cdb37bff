"""The tables of real series as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Row = Mapping[str, str]

# By kind what its table and its figure show.
REAL = {
    "classification": (
        "Published classification problems",
        "Share of test rows that each method gets right; the line is the 95 % interval "
        "of the network's mean over seeds.",
    ),
    "forecasting": (
        "Forecasts over the last third of a series",
        "Share of the best naive rule's error that each method saves; the line is the "
        "95 % interval over blocks of the series.",
    ),
}
_CLASSIFIERS = {
    "logistic": "logistic regression",
    "nearest": "nearest neighbour, DTW",
    "minirocket": "MiniRocket",
    "deep": "dense network of aeon",
}
_FORECASTERS = {"smoothing": "exponential smoothing", "linear": "straight line"}


def reported(kind: str, rows: Iterable[Row]) -> list[dict[str, str]]:
    """Return a table with its numbers rounded, each beside its interval and time.

    Parameters
    ----------
    kind : {"classification", "forecasting"}
        Which table.
    rows : iterable of mapping of str to str
        As `files.read_csv` gives them.

    Returns
    -------
    list of dict
        Cells by heading.
    """
    make = {"classification": _classified, "forecasting": _forecast}[kind]
    return [make(row) for row in rows]


def _classified(row: Row) -> dict[str, str]:
    cells = {
        "problem": row["problem"],
        "rows, steps, classes": (
            f"{row['train']} + {row['test']}, {row['steps']}, {row['classes']}"
        ),
        "network of skseq": _score(row, "network") + _interval(row, "network"),
        "search": _seconds(row["search_seconds"]),
        "most frequent": _number(row["majority"]),
    }
    cells |= {label: _score(row, name) for name, label in _CLASSIFIERS.items()}
    return cells | {"worth it?": row["verdict"]}


def _forecast(row: Row) -> dict[str, str]:
    cells = {
        "series": row["problem"],
        "ahead": row["horizon"],
        "forecasts": row["origins"],
        "best naive rule": f"{row['rule']}: {_number(row['rule_error'])}",
        "network of skseq": _score(row, "network") + _interval(row, "network"),
        "skill": _number(row["skill"]) + _interval(row, "skill"),
    }
    cells |= {label: _score(row, name) for name, label in _FORECASTERS.items()}
    return cells | {"worth it?": row["verdict"]}


def _score(row: Row, name: str) -> str:
    return f"{_number(row[name])} in {_seconds(row[f'{name}_seconds'])}"


def _interval(row: Row, name: str) -> str:
    ends = [row[f"{name}_{end}"] for end in ("low", "high")]
    return f" ({_number(ends[0])} to {_number(ends[1])})" if all(ends) else ""


def _number(text: str) -> str:
    return f"{float(text):.3g}"


def _seconds(text: str) -> str:
    return f"{float(text):.2g} s" if float(text) < 10 else f"{float(text):.0f} s"
