"""Published sentences, and what the table of results says about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

COLUMNS = ("claim", "source", "experiment", "figures", "verdict")
Row = Mapping[str, str]


def each_condition(conditions: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Write out conditions that stand for several.

    Parameters
    ----------
    conditions : iterable of mapping
        Conditions of a claim as a configuration has them.

    Yields
    ------
    dict
        A condition on one problem and on one row of it.

    Examples
    --------
    >>> [*each_condition([{"problem": ["A", "B"], "row": "published", "at_most": 1}])]
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'problem': 'A', 'row': {'configuration': 'published'}, 'at_most': 1},
     {'problem': 'B', 'row': {'configuration': 'published'}, 'at_most': 1}]
    """
    for condition in conditions:
        rows = {
            key: _each_row(condition[key])
            for key in ("row", "minus")
            if key in condition
        }
        for problem, *chosen in product(_listed(condition["problem"]), *rows.values()):
            yield {
                **condition,
                "problem": problem,
                **dict(zip(rows, chosen, strict=True)),
            }


def _each_row(row: str | Mapping[str, Any]) -> list[dict[str, Any]]:
    if isinstance(row, str):
        return [{"configuration": row}]
    if "case" not in row:
        return [dict(row)]
    return [{**row, "case": case} for case in _listed(row["case"])]


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def judge(
    claims: Sequence[Mapping[str, Any]],
    results: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, str]]:
    """Return a verdict on every claim, with the figures that it rests on.

    Parameters
    ----------
    claims : sequence of mapping
        Entries `claims` of the configuration.
    results : sequence of mapping
        Rows of the table of results, as text.
    problems : mapping of str to mapping
        Entries `criteria` of every problem.

    Returns
    -------
    list of dict
        A row per claim with `COLUMNS`. The verdict is "holds" if all of `holds_if` is
        so, else "holds only …" if that is given and so, else "fails".

    Raises
    ------
    ValueError
        If a condition names a row that the table of results does not have, or asks for
        a rate or an interval that a row does not have.
    """
    return [_judged(claim, results, problems) for claim in claims]


def rows_behind(
    claim: Mapping[str, Any],
    results: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
) -> list[Row]:
    """Return the rows of the table of results that a claim rests on, in its order.

    Parameters
    ----------
    claim : mapping
        One of the entries `claims` of the configuration.
    results, problems
        As `judge` takes them.

    Returns
    -------
    list of mapping
        Rows; one that several conditions ask for stands there as often.

    Raises
    ------
    ValueError
        If a condition names a row that the table of results does not have.
    """
    only = claim.get("holds_only")
    conditions = claim["holds_if"] + (only["if"] if only else [])
    return [row for one in conditions for row in _rows(one, results, problems)]


def _judged(
    claim: Mapping[str, Any],
    results: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
) -> dict[str, str]:
    only = claim.get("holds_only")
    conditions = claim["holds_if"] + (only["if"] if only else [])
    rows = {
        id(condition): _rows(condition, results, problems) for condition in conditions
    }

    def is_so(condition: Mapping[str, Any]) -> bool:
        return _is_so(condition, rows[id(condition)])

    verdict = "fails"
    if all(map(is_so, claim["holds_if"])):
        verdict = "holds"
    elif only and all(map(is_so, only["if"])):
        verdict = f"holds only {only['when']}"
    named = dict.fromkeys(_figures(row) for found in rows.values() for row in found)
    return {
        "claim": claim["claim"],
        "source": claim["source"],
        "experiment": ", ".join(dict.fromkeys(c["problem"] for c in conditions)),
        "figures": "; ".join(named),
        "verdict": verdict,
    }


def _rows(
    condition: Mapping[str, Any],
    results: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
) -> list[Row]:
    return [
        _row(condition["problem"], condition.get(key, {}), results, problems)
        for key in ("row", "minus")
        if key == "row" or key in condition
    ]


def _row(
    problem: str,
    given: Mapping[str, str],
    results: Sequence[Row],
    problems: Mapping[str, Mapping[str, Any]],
) -> Row:
    wanted = row_asked_for(problem, given, problems[problem])
    for row in results:
        if all(row[key] == value for key, value in wanted.items()):
            return row
    raise ValueError(f"A claim asks for a row that no result has: {wanted}.")


def row_asked_for(
    problem: str, given: Mapping[str, str], entry: Mapping[str, Any]
) -> dict[str, str]:
    """Return the columns that tell which row of the table a condition means.

    Parameters
    ----------
    problem : str
        Name of the problem.
    given : mapping of str to str
        The columns that the condition names.
    entry : mapping
        Entry `criteria` of the problem: the first one's metric is meant if no other.

    Returns
    -------
    dict of str to str
        The columns that own a row.
    """
    return {
        "problem": problem,
        "configuration": "baseline" if "name" in given else "searched",
        "name": "",
        "case": "",
        "metric": entry["criteria"][0]["metric"],
        "data": "test",
        **given,
    }


def _is_so(condition: Mapping[str, Any], rows: Sequence[Row]) -> bool:
    values = [_asked(condition.get("of", "median"), row) for row in rows]
    value = values[0] - sum(values[1:])
    # NaN, where half of the repeats failed, is neither.
    if "at_least" in condition:
        return value >= condition["at_least"]
    return value <= condition["at_most"]


def _asked(of: str, row: Row) -> float:
    if of == "median":
        return _number(row["value"])
    if of == "success_rate" and row["successes"]:
        return int(row["successes"]) / int(row["repeats"])
    if of != "success_rate" and row["rule"]:
        return _number(row[of])
    raise ValueError(
        f"A claim asks for the {of} of {' '.join(_who(row))}, which has none; ask for "
        "the median."
    )


def _number(cell: str) -> float:
    return float(cell) if cell else float("nan")


def _figures(row: Row) -> str:
    who = " ".join(_who(row))
    value = f"{float(row['value']):.4g}" if row["value"] else "none"
    text = f"{who}: {row['metric'].replace('_', ' ')} {value}"
    if row["successes"]:
        low, high = (100 * float(row[key]) for key in ("wilson_low", "wilson_high"))
        text += (
            f", {row['successes']}/{row['repeats']} with {row['criterion']} "
            f"({low:.0f} to {high:.0f} %)"
        )
    if row["failed"] not in ("", "0"):
        text += f", {row['failed']} failed"
    if row["difference_low"]:
        low, high = (float(row[f"difference_{end}"]) for end in ("low", "high"))
        text += f", {low:+.3g} to {high:+.3g} against {row['rule']}"
    return text


def _who(row: Row) -> Iterator[str]:
    yield row["problem"]
    yield row["name"] or row["configuration"]
    if row["case"]:
        yield row["case"]
    if row["data"] != "test":
        yield f"on {row['data']} data"
