"""From the files of a run to what its report says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skseq.experiments import files
from skseq.experiments.report import content
from skseq.experiments.report.pictures import caption_of, picture
from skseq.experiments.report.real import REAL, reported


def read(folder: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Gather all that the template names.

    Parameters
    ----------
    folder : path
        Where the results are.
    config : mapping
        The configuration with all defaults.

    Returns
    -------
    dict
        For ``page.render``. Times, and what other targets make, are there as far as
        they were made.
    """
    rows = files.read_csv(folder / "summary.csv")
    judged = files.read_csv(folder / "claims.csv")
    manifest = files.read_json(folder / "manifest.json")
    problems = [_problem(folder, name, config, rows) for name in config["problems"]]
    claims = content.claims(config["claims"], judged, rows, config["problems"])
    kinds = [claim.kind for said in claims.values() for claim in said]
    return {
        "problems": problems,
        "results": content.results(rows, config["problems"]),
        "claims": claims,
        "verdicts": content.counts(
            [problem.verdict for problem in problems], ["met", "missed", "open"]
        ),
        "claim_verdicts": content.counts(kinds, ["met", "partly", "missed"]),
        "words": content.VERDICTS,
        "parts": [
            read_part(folder, name, other)
            for name, other in config["others"].items()
            if (folder / name / "summary.csv").exists()
        ],
        "real": read_real(folder / "real"),
        "seed": config["seed"],
        "repeats": config["repeats"],
        "seconds": _seconds(folder, "**"),
        "code": manifest["code"],
        "versions": manifest["versions"],
    }


def _problem(
    folder: Path,
    name: str,
    config: Mapping[str, Any],
    rows: list[dict[str, str]],
) -> content.Problem:
    entry, own = config["problems"][name], folder / name
    chosen, grid = {}, None
    if not entry["until"]:
        chosen = files.read_json(own / "chosen.json")
        candidates = files.read_csv(own / "search.csv")
        grid = content.grid_of(list(entry["grid"]), candidates, chosen)
    return content.Problem(
        name,
        entry,
        content.settings_of(entry, chosen),
        content.results(
            (row for row in rows if row["problem"] == name), config["problems"]
        ),
        grid,
        [
            picture(own / "figures" / f"{figure}.png", caption_of(figure, entry))
            for figure in entry["figures"]
        ],
        _seconds(folder, name),
    )


def read_part(folder: Path, name: str, config: Mapping[str, Any]) -> content.Part:
    """Read what a target of its own made, of the problems that its table has.

    Parameters
    ----------
    folder : path
        Where the results are.
    name : str
        Name of the target.
    config : mapping
        Its configuration with all defaults.

    Returns
    -------
    content.Part
        The table, the claims as far as they were judged, and the problems.
    """
    rows = files.read_csv(folder / name / "summary.csv")
    entries, table = config["problems"], folder / name / "claims.csv"
    claims = content.claims(
        config["claims"] if table.exists() else [],
        files.read_csv(table) if table.exists() else [],
        rows,
        entries,
    )
    made = dict.fromkeys(row["problem"] for row in rows)
    # The many rows of a sweep are told by its figure, and stand at the problem.
    short = [row for row in rows if "reach" not in entries[row["problem"]]["figures"]]
    return content.Part(
        name,
        config.get("title", name),
        config.get("about", ""),
        content.results(short, entries),
        claims,
        [_problem(folder, one, config, rows) for one in made],
    )


def _seconds(folder: Path, within: str) -> float | None:
    """Read Snakemake's benchmark files, which are tables between tabs."""
    paths = sorted((folder / "benchmarks").glob(f"{within}/*.tsv"))
    return content.seconds_of(files.read_csv(path, between="\t") for path in paths)


def read_real(folder: Path) -> list[dict[str, Any]]:
    """Gather the tables of real series that were made, each with its figure.

    Parameters
    ----------
    folder : path
        Where `snakemake real` put them.

    Returns
    -------
    list of dict
        By kind ``title``, ``rows`` and ``picture``.
    """
    return [
        {
            "title": title,
            "rows": reported(kind, files.read_csv(table)),
            "picture": picture(folder / f"{kind}.png", caption),
        }
        for kind, (title, caption) in REAL.items()
        if (table := folder / f"{kind}.csv").exists()
        and (folder / f"{kind}.png").exists()
    ]
