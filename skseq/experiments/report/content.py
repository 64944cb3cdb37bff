"""What the report says, gathered from the tables of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isnan
from typing import Any

from skseq.experiments.claims import Row, rows_behind
from skseq.experiments.report.pictures import Picture

VERDICTS = {
    "met": "met",
    "missed": "not met",
    "open": "no verdict: the claims below judge it",
}


@dataclass(frozen=True)
class Result:
    """A row of the table of results, as a reader sees it.

    `bar` is the share of repeats that met the criterion with its 95 % interval, or None
    where nothing is drawn; `rule` the best rule that learns nothing.
    """

    problem: str
    who: str
    case: str
    metric: str
    data: str
    criterion: str
    value: float
    bar: tuple[float, float, float] | None
    successes: str
    repeats: str
    failed: int
    rule: str
    rule_value: float
    interval: tuple[float, float] | None
    verdict: str


@dataclass(frozen=True)
class Claim:
    """A published sentence, its verdict, and the results that it rests on."""

    text: str
    verdict: str
    kind: str
    evidence: Sequence[Result]


@dataclass(frozen=True)
class Cell:
    """A candidate of the search: its score, and how warm that is among all."""

    score: float
    warmth: float
    met: str
    fits: str
    chosen: bool


@dataclass(frozen=True)
class Grid:
    """The candidates of a search: rows by all parameters but the last."""

    across: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell | None]]]


@dataclass(frozen=True)
class Problem:
    """What was asked, tried and drawn of one problem."""

    name: str
    entry: Mapping[str, Any]
    settings: Sequence[tuple[str, str]]
    results: Sequence[Result]
    grid: Grid | None
    pictures: Sequence[Picture]
    seconds: float | None

    @property
    def verdict(self) -> str:
        """Whether what the search chose, or what stands first, meets all criteria."""
        configurations = self.entry.get("configurations") or {"": {"title": SEARCHED}}
        own = next(iter(configurations.values()))["title"]
        asked = {one.verdict for one in self.results if one.who == own}
        return next((v for v in ("missed", "open", "met") if v in asked), "open")


@dataclass(frozen=True)
class Part:
    """What a target of its own made: problems with a table and claims of their own."""

    name: str
    title: str
    about: str
    results: Sequence[Result]
    claims: Mapping[str, Sequence[Claim]]
    problems: Sequence[Problem]

    @property
    def titles(self) -> dict[str, str]:
        """What each problem is about."""
        return {problem.name: problem.entry["title"] for problem in self.problems}


SEARCHED = "chosen by search"
_WHO = {"searched": SEARCHED, "published": "as published"}
Entries = Mapping[str, Mapping[str, Any]]


def result_of(row: Row, problems: Entries) -> Result:
    """Return a row of the table of results as the report shows it.

    Parameters
    ----------
    row : mapping of str to str
        With the columns of the table of results.
    problems : mapping of str to mapping
        Entries of the problems, which know what their configurations are called.

    Returns
    -------
    Result
        The same with numbers as numbers and a word for the verdict.
    """
    value, difference = _number(row["value"]), _number(row["difference"])
    ends = [_number(row[f"difference_{end}"]) for end in ("low", "high")]
    bar = None
    if row["successes"]:
        share = int(row["successes"]) / int(row["repeats"])
        bar = (share, float(row["wilson_low"]), float(row["wilson_high"]))
    titles = {
        name: one["title"]
        for name, one in problems[row["problem"]].get("configurations", {}).items()
    }
    return Result(
        problem=row["problem"],
        who=row["name"] or (_WHO | titles)[row["configuration"]],
        case=row["case"],
        metric=row["metric"].replace("_", " "),
        data=row["data"],
        criterion=row["criterion"],
        value=value,
        bar=bar,
        successes=row["successes"],
        repeats=row["repeats"],
        failed=int(row["failed"] or 0),
        rule=row["rule"],
        rule_value=value - difference,
        interval=None if isnan(ends[0]) else (ends[0], ends[1]),
        verdict={"true": "met", "false": "missed"}.get(row["met"], "open"),
    )


def _number(cell: str) -> float:
    return float(cell) if cell else float("nan")


def results(rows: Iterable[Row], problems: Entries) -> list[Result]:
    """Return the rows that a criterion is asked of: networks, not rules."""
    return [
        result_of(row, problems)
        for row in rows
        if row["criterion"] and row["configuration"] != "baseline"
    ]


def claims(
    entries: Sequence[Mapping[str, Any]],
    judged: Sequence[Row],
    rows: Sequence[Row],
    problems: Entries,
) -> dict[str, list[Claim]]:
    """Return the claims with what settles each, grouped by who says them.

    Parameters
    ----------
    entries : sequence of mapping
        Entries `claims` of the configuration.
    judged : sequence of mapping
        Rows of results/claims.csv, in the same order.
    rows : sequence of mapping
        Rows of results/summary.csv.
    problems : mapping of str to mapping
        Entries of the problems.

    Returns
    -------
    dict of str to list of Claim
        By source, in the order of the configuration.
    """
    found: dict[str, list[Claim]] = {}
    for entry, verdict in zip(entries, judged, strict=True):
        # What several conditions ask for is shown once.
        behind = {
            tuple(row.values()): row for row in rows_behind(entry, rows, problems)
        }
        kind = verdict["verdict"].split()[:2]
        claim = Claim(
            entry["claim"],
            verdict["verdict"],
            {"holds": "met", "fails": "missed"}.get(" ".join(kind), "partly"),
            [result_of(row, problems) for row in behind.values()],
        )
        found.setdefault(entry["source"], []).append(claim)
    return found


def settings_of(
    entry: Mapping[str, Any], chosen: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return what was fixed, chosen and published, as names and what they say."""
    said = [
        ("data", _call(entry["data"]["generator"], entry["data"])),
        ("model", _call(entry["estimator"]["name"], entry["estimator"])),
    ]
    if entry["until"]:
        said.append(("until", _params(entry["until"])))
        said += [
            (one["title"], _params({**one["params"], "budget": one["budget"]}))
            for one in entry["configurations"].values()
        ]
    else:
        said.append((SEARCHED, _params(chosen)))
    if entry["transformers"]:
        steps = (_call(one["name"], one) for one in entry["transformers"])
        said.insert(1, ("transformers", ", then ".join(steps)))
    if entry["published_params"]:
        said.append(("as published", _params(entry["published_params"])))
    return said


def _call(name: str, step: Mapping[str, Any]) -> str:
    return f"{name}({_params(step.get('params', {}))})"


def _params(params: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value!r}" for key, value in params.items())


def grid_of(
    names: Sequence[str], candidates: Sequence[Row], chosen: Mapping[str, Any]
) -> Grid | None:
    """Lay the candidates of a search out as a table, its last parameter across.

    Parameters
    ----------
    names : sequence of str
        The parameters searched, in the order of the configuration.
    candidates : sequence of mapping
        Rows of results/<problem>/search.csv.
    chosen : mapping
        What the search chose.

    Returns
    -------
    Grid or None
        None where there was one candidate, which nothing was compared with.
    """
    if len(candidates) < 2:
        return None
    *down, across = names
    columns = list(dict.fromkeys(row[across] for row in candidates))
    scores = [_number(row["score"]) for row in candidates]
    known = [score for score in scores if not isnan(score)] or [0.0]
    low, span = min(known), max(known) - min(known)
    wanted = [str(chosen[name]) for name in names]
    table: dict[str, list[Cell | None]] = {}
    for row, score in zip(candidates, scores, strict=True):
        label = ", ".join(f"{name} {row[name]}" for name in down)
        line = table.setdefault(label, [None] * len(columns))
        line[columns.index(row[across])] = Cell(
            score,
            0.0 if isnan(score) else (score - low) / span if span else 1.0,
            row["met"],
            row["fits"],
            [row[name] for name in names] == wanted,
        )
    return Grid(across, columns, list(table.items()))


def seconds_of(timings: Iterable[Iterable[Row]]) -> float | None:
    """Return the processor time of all steps, of Snakemake's benchmark files."""
    found = [float(row["cpu_time"]) for rows in timings for row in rows]
    return sum(found) if found else None


def counts(kinds: Iterable[str], order: Sequence[str]) -> list[tuple[str, int]]:
    """Return how often each of `order` is there.

    Examples
    --------
    >>> counts(["met", "missed", "met"], ["met", "missed", "open"])
    [('met', 2), ('missed', 1), ('open', 0)]
    """
    found = {kind: len(list(group)) for kind, group in groupby(sorted(kinds))}
    return [(kind, found.get(kind, 0)) for kind in order]
