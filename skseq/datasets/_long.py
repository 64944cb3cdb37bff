"""From the rows of a long table to sequences and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skseq.datasets._tables import Table
from skseq.datasets._times import (
    INFER,
    Rules,
    check_filled,
    filled,
    fitting,
    steps_of,
    times_of,
)
from skseq.preprocessing import pad_sequences


def sequences_of(
    table: Table,
    *,
    sequence: str,
    step: str,
    time: str | Sequence[str] | None,
    label: str,
    features: Sequence[str] | None,
    features_are: str,
    labels_are: str,
    framing: str,
    fill_value: Any,
    **dates: Any,
) -> Bunch:
    """Take sequences and labels from a table; parameters are those of the readers."""
    rules = Rules(**dates)
    offset = rules.offset()
    order = [step] if time is None else [time] if isinstance(time, str) else [*time]
    if len(order) not in (1, 2):
        raise ValueError(f"time must name one column or two; got {order}.")
    roles = [sequence, *order, label]
    if features is None:
        features = [name for name in table.header if name not in roles]
    features = list(features)
    _check_roles(roles, features)
    fills = rules.missing != "refuse"
    symbols = features_are == "symbols"
    if symbols and {rules.missing, rules.doubled} & {"interpolate", "mean"}:
        raise ValueError(
            "missing='interpolate' and doubled='mean' need numbers, but "
            "features_are='symbols'; use 'forward', 'first' or 'last'."
        )
    table.require([*roles, *features])
    names = table.cells(sequence)
    rows = _rows_of(names)
    if time is None:
        found = _in_order(table, rows, table.numbers(step), step)
    else:
        found = _by_date(table, rows, order, rules, offset)
    columns = [_column(table, name, symbols, fills) for name in features]
    labels = _column(
        table, label, labels_are == "symbols", fills and framing == "per_step"
    )
    if framing == "last":
        _check_one_label(table, rows, labels)
    if fill_value is None:
        _check_one_length(table, {name: len(at) for name, at in found.items()})
    table.finish()
    parts = {
        name: [filled(column, at, rules) for column in columns]
        for name, at in found.items()
    }
    _check_filled(table, features, parts, found, rules)
    X = _joined([np.array(part).T for part in parts.values()], fill_value)
    if framing == "last":
        y = np.array([labels[members[-1]] for members in rows.values()])
    else:
        known = Rules(None, None, "nan", _first_of(rules.doubled))
        y = _joined([filled(labels, at, known) for at in found.values()], fill_value)
    return Bunch(
        X=X[:, :, 0] if len(features) == 1 else X,
        y=y,
        sequences=np.array(list(rows)),
        feature_names=features,
    )


def _first_of(doubled: str) -> str:
    """Labels have no mean."""
    return "first" if doubled == "mean" else doubled


def _check_roles(roles: list[str], features: list[str]) -> None:
    if not features:
        raise ValueError("features must name at least one column; got none.")
    named = [*roles, *features]
    repeated = sorted({name for name in named if named.count(name) > 1})
    if repeated:
        raise ValueError(
            "sequence, step, time, label and features must name different columns; "
            f"{', '.join(map(repr, repeated))} is named more than once."
        )


def _rows_of(names: list[Any]) -> dict[Any, np.ndarray]:
    rows: dict[Any, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return {name: np.array(members) for name, members in rows.items()}


def _column(table: Table, name: str, symbols: bool, missing: bool) -> np.ndarray:
    if not symbols:
        return table.numbers(name, missing=missing)
    cells = table.cells(name, missing=missing)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _joined(parts: list[np.ndarray], fill_value: Any) -> np.ndarray:
    """Make one array, symbols of one kind in that kind."""
    if parts[0].dtype == object:
        plain = [np.array(part.tolist()) for part in parts]
        if all(part.dtype.kind in "biufU" for part in plain):
            parts = plain
    if fill_value is None:
        return np.stack(parts)
    return pad_sequences(parts, fill_value=fill_value)


def _in_order(
    table: Table, rows: dict[Any, np.ndarray], steps: np.ndarray, step: str
) -> dict[Any, list[np.ndarray]]:
    """Return the rows of each sequence, one after the other by their steps."""
    found = {}
    for name, members in rows.items():
        members = members[np.argsort(steps[members], kind="stable")]
        for earlier, later in pairwise(members):
            if steps[earlier] == steps[later]:
                table.problems.append(
                    f"{table.places[later]}: sequence {name!r} has {step} "
                    f"{steps[later]:g} already on {table.places[earlier]}"
                )
        found[name] = [members[i : i + 1] for i in range(len(members))]
    return found


def _by_date(
    table: Table,
    rows: dict[Any, np.ndarray],
    columns: list[str],
    rules: Rules,
    offset: Any,
) -> dict[Any, list[np.ndarray]]:
    """Return the rows at each date of each sequence."""
    texts, times = times_of(table, columns, rules, named=False)
    table.finish()
    if offset is None and rules.frequency == INFER:
        longest = max(rows.values(), key=len)
        offset = fitting(times[longest])
    return {
        name: steps_of(
            table, members, times, texts, rules, offset, f"sequence {name!r}: "
        )[1]
        for name, members in rows.items()
    }


def _check_one_label(
    table: Table, rows: dict[Any, np.ndarray], labels: np.ndarray
) -> None:
    for name, members in rows.items():
        found = list(dict.fromkeys(labels[members].tolist()))
        if len(found) > 1:
            table.problems.append(
                f"{table.places[members[0]]}: sequence {name!r} has the labels "
                f"{', '.join(map(repr, found))}, but framing='last' needs one"
            )


def _check_one_length(table: Table, lengths: dict[Any, int]) -> None:
    short, long = min(lengths, key=lengths.get), max(lengths, key=lengths.get)
    if lengths[short] != lengths[long]:
        table.problems.append(
            f"sequences have from {lengths[short]} ({short!r}) to {lengths[long]} "
            f"({long!r}) steps; give a fill_value to pad them"
        )


def _check_filled(
    table: Table,
    features: list[str],
    parts: dict[Any, list[np.ndarray]],
    found: dict[Any, list[np.ndarray]],
    rules: Rules,
) -> None:
    for name, columns in parts.items():
        who = f"sequence {name!r}: "
        check_filled(table, features, columns, found[name], rules, who)
    table.finish()
