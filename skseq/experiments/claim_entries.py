"""Mistakes in claims: what they ask of problems and of rows of the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skseq.experiments.claims import each_condition, row_asked_for
from skseq.experiments.mistakes import number_mistakes, unknown
from skseq.experiments.tables import OWNER_COLUMNS, rows_of

__all__ = ["claim_mistakes", "row_mistakes"]


def claim_mistakes(
    where: str, claim: Mapping[str, Any], problems: Mapping[str, Any]
) -> Iterator[str]:
    places = {f"{where}.holds_if": claim["holds_if"]}
    if "holds_only" in claim:
        places[f"{where}.holds_only.if"] = claim["holds_only"]["if"]
    for place, conditions in places.items():
        for index, condition in enumerate(conditions):
            for one in each_condition([condition]):
                at = f"{place}[{index}].problem"
                if one["problem"] not in problems:
                    yield unknown(at, "problem", one["problem"], problems)
                elif _is_slow(problems[one["problem"]]):
                    yield (
                        f"{at}: {one['problem']!r} is slow, so that the table may be "
                        "without it; take another."
                    )
            given = [key for key in ("at_least", "at_most") if key in condition]
            if len(given) != 1:
                yield f"{place}[{index}]: needs either at_least or at_most."
            for key in given:
                at = f"{place}[{index}].{key}"
                yield from number_mistakes(at, condition[key])


def row_mistakes(
    claims: Sequence[Mapping[str, Any]], problems: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Find conditions of claims about rows that the results will not have."""
    for number, claim in enumerate(claims):
        places = {"holds_if": claim["holds_if"]}
        if "holds_only" in claim:
            places["holds_only.if"] = claim["holds_only"]["if"]
        for place, conditions in places.items():
            for index, condition in enumerate(conditions):
                where = f"claims[{number}].{place}[{index}]"
                for one in each_condition([condition]):
                    yield from _condition_mistakes(where, one, problems[one["problem"]])


def _condition_mistakes(
    where: str, condition: Mapping[str, Any], entry: Mapping[str, Any]
) -> Iterator[str]:
    of, rows = condition.get("of", "median"), rows_of(entry)
    for key in ("row", "minus"):
        if key not in condition and key == "minus":
            continue
        asked = row_asked_for(condition["problem"], condition.get(key, {}), entry)
        owner = tuple(asked[column] for column in OWNER_COLUMNS[1:])
        if owner not in rows:
            yield _no_such_row(f"{where}.{key}", asked, list(rows))
        elif of not in ("median", *rows[owner]):
            who = f"{asked['problem']} {asked['name'] or asked['configuration']}"
            others = " or ".join(["the median", *rows[owner]])
            yield f"{where}.of: {who} has no {of}; ask for {others}."


def _no_such_row(
    where: str, asked: Mapping[str, str], rows: Sequence[tuple[str, ...]]
) -> str:
    for index, column in enumerate(OWNER_COLUMNS[1:]):
        valid = {row[index] for row in rows}
        if asked[column] not in valid:
            return unknown(f"{where}.{column}", column, asked[column], valid)
    return f"{where}: the results have no row with all of {dict(asked)!r}."


def _is_slow(problem: Any) -> bool:
    # One that is malformed is told of already.
    return isinstance(problem, Mapping) and bool(problem.get("slow"))
