"""From the files of a run to what its report says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skseq.experiments import files
from skseq.experiments.report import content
from skseq.experiments.report.pictures import Picture, caption_of, picture
from skseq.experiments.report.real import REAL, reported

_PAPER = {
    "reach": "Share of seeds that solve the task against its lag, by training.",
    "cost": "Time and memory of training against the length of a sequence.",
}


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
        For ``page.render``. Times, and the tables of the paper, are there as far as
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
        "results": content.results(rows),
        "claims": claims,
        "verdicts": content.counts(
            [problem.verdict for problem in problems], ["met", "missed", "open"]
        ),
        "claim_verdicts": content.counts(kinds, ["met", "partly", "missed"]),
        "words": content.VERDICTS,
        "paper": _paper(folder / "paper"),
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
    chosen = files.read_json(own / "chosen.json")
    return content.Problem(
        name,
        entry,
        content.settings_of(entry, chosen),
        content.results(row for row in rows if row["problem"] == name),
        content.grid_of(
            list(entry["grid"]), files.read_csv(own / "search.csv"), chosen
        ),
        [
            picture(
                own / "figures" / f"{figure}.png",
                caption_of(figure, entry, config["repeats"]),
            )
            for figure in entry["figures"]
        ],
        _seconds(folder, name),
    )


def _seconds(folder: Path, within: str) -> float | None:
    """Read Snakemake's benchmark files, which are tables between tabs."""
    paths = sorted((folder / "benchmarks").glob(f"{within}/*.tsv"))
    return content.seconds_of(files.read_csv(path, between="\t") for path in paths)


def _paper(folder: Path) -> dict[str, Any]:
    table = folder / "summary.csv"
    found: list[Picture] = [
        picture(path, caption)
        for name, caption in _PAPER.items()
        if (path := folder / f"{name}.png").exists()
    ]
    rows = files.read_csv(table) if table.exists() else []
    return {"rows": content.results(rows), "pictures": found}


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
