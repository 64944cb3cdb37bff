"""What 10,000 problems × 100 seeds × 50 candidates would ask for, from a measured run.

    python -m benchmarks.at_scale results

prints the figures of docs/at_scale.md. Costs of jobs, files and bytes are those of the
run whose results are given, and grow with the number of fits or of problems. What the
plan of a run costs Snakemake is measured here, on configurations of up to 400 problems,
and continued by the straight line through the last two.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median

import yaml

ROOT = Path(__file__).parents[1]
PROBLEMS, SEEDS, CANDIDATES = 10_000, 100, 50
SIZES = (100, 200, 400)
STEPS = ("search_data", "repeat_data", "search", "train", "evaluate", "figures")
# The last line of every log.
_COST = re.compile(r"^([0-9.]+) s of processor time", re.M)
_ENTRY = {
    "title": "One of many",
    "data": {
        "generator": "make_random_sequences",
        "params": {"n_timesteps": 6, "n_values": 5},
        "sizes": {"search": 6, "train": 8, "test": 10},
    },
    "framing": {"n_in": 3, "n_out": 3, "target": "echo"},
    "transformers": [{"name": "OneHotSequence"}],
    "estimator": {"name": "Seq2SeqEcho"},
    "grid": {"units": [2], "epochs": [1]},
    "cv": {"kind": "GroupKFold", "n_splits": 2},
    "criteria": [{"metric": "token_accuracy", "at_least": 0.9}],
}


def main(words: list[str]) -> None:
    """Print every figure, a line each."""
    if len(words) != 1:
        sys.exit(__doc__)
    results = Path(words[0])
    for what, said in {**of_jobs(results), **of_files(results), **of_plans()}.items():
        print(f"{what:46}{said}")


def of_jobs(results: Path) -> dict[str, str]:
    """Give processor time and memory of the jobs, continued to the large run."""
    seconds = {step: [_seconds(log) for log in _logs(results, step)] for step in STEPS}
    fits = [_fits(path) for path in sorted(results.glob("*/search.csv"))]
    n = len(fits)
    # The shortest search is all import and compilation.
    start = min(seconds["search"])
    each = (sum(seconds["search"]) - n * start) / sum(fits)
    alone = [
        (spent - start) / count
        for spent, count in zip(seconds["search"], fits, strict=True)
    ]
    middle = median(alone)
    others = sum(
        mean(seconds[step]) for step in STEPS if step not in ("search", "train")
    )
    fitted = SEEDS * CANDIDATES + SEEDS
    hours = [
        PROBLEMS * (others + 2 * start + fitted * fit) / 3600 for fit in (middle, each)
    ]
    over_all = {
        name: _seconds(results / "logs" / f"{name}.log")
        for name in ("summary", "manifest")
    }
    memory = [
        float(_row(path)["max_rss"])
        for step in ("search", "train")
        for path in _tables(results, step)
    ]
    return {
        "problems measured": f"{n}, with {sum(fits):,} fits of their searches",
        "s to start a process that trains": f"{start:.1f}",
        "s of a fit: median, mean and slowest problem": (
            f"{middle:.2f}, {each:.2f} and {max(alone):.2f}"
        ),
        "s of the four other steps of a problem": f"{others:.1f}",
        "fits of the large run": f"{PROBLEMS * fitted:,}",
        "core hours of the large run": f"{hours[0]:,.0f} to {hours[1]:,.0f}",
        "core hours of it that start processes": f"{PROBLEMS * 2 * start / 3600:,.0f}",
        "hours of one problem's search, in one job": (
            f"{SEEDS * CANDIDATES * middle / 3600:.1f}, at most "
            f"{SEEDS * CANDIDATES * max(alone) / 3600:.1f}"
        ),
        "MB of a process that trains": f"{median(memory):.0f}, or {max(memory):.0f}",
        **{
            f"s of the {name}, and of the large run's": (
                f"{spent:.1f} and at most {spent * PROBLEMS / n:,.0f}"
            )
            for name, spent in over_all.items()
        },
        "jobs of the large run": f"{PROBLEMS * len(STEPS):,}",
    }


def of_files(results: Path) -> dict[str, str]:
    """Give files and bytes of a problem, continued to the large run."""
    n = len(list(results.glob("*/search.csv")))
    made = [path for path in results.rglob("*") if path.is_file()]
    over_all = {results, results / "logs", results / "benchmarks"}
    own = [path for path in made if path.parent not in over_all]
    drawn = [path for path in own if path.suffix == ".png"]
    # Beside each output, Snakemake keeps a file of its own.
    kept = [path for path in own if not {"logs", "benchmarks"} & set(path.parts)]
    files, size = len(own) / n, sum(path.stat().st_size for path in own) / n
    pictures = sum(path.stat().st_size for path in drawn) / n
    return {
        "files of a problem": f"{files:.0f}, and {len(kept) / n:.0f} of Snakemake",
        "files of the large run": f"{PROBLEMS * (len(own) + len(kept)) / n:,.0f}",
        "MB of a problem": f"{size / 1e6:.1f}",
        "TB of the large run": f"{PROBLEMS * size / 1e12:.2f}",
        "GB of its figures": f"{PROBLEMS * pictures / 1e9:.1f}",
    }


def of_plans() -> dict[str, str]:
    """Give what a dry run takes, continued to the large run."""
    found = {size: _plan(size) for size in SIZES}
    lines = {
        f"s and MB to plan {size} problems": f"{seconds:.1f} and {memory:.0f}"
        for size, (seconds, memory) in found.items()
    }
    (before, last), steps = (found[size] for size in SIZES[-2:]), SIZES[-1] - SIZES[-2]
    seconds, memory = (
        now + (now - then) / steps * (PROBLEMS - SIZES[-1])
        for then, now in zip(before, last, strict=True)
    )
    lines["minutes and GB to plan the large run"] = (
        f"{seconds / 60:.0f} and {memory / 1e3:.1f}"
    )
    return lines


def _plan(size: int) -> tuple[float, float]:
    """Return seconds and MB of a dry run over so many problems."""
    with tempfile.TemporaryDirectory() as folder:
        problems = {f"P{i}": _ENTRY for i in range(size)}
        config = Path(folder, "config.yaml")
        config.write_text(
            yaml.safe_dump({"seed": 1, "repeats": 2, "problems": problems})
        )
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all"]
        places = ["--snakefile", ROOT / "Snakefile", "--directory", folder]
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, *places], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"snakemake ended with status {status}.")
        return time.perf_counter() - begun, usage.ru_maxrss / 1e3


def _logs(results: Path, step: str) -> list[Path]:
    return sorted((results / "logs").glob(f"*/{step}.log"))


def _tables(results: Path, step: str) -> list[Path]:
    return sorted((results / "benchmarks").glob(f"*/{step}.tsv"))


def _seconds(log: Path) -> float:
    said = _COST.search(log.read_text(errors="replace"))
    if said is None:
        raise ValueError(f"{log} does not end in what its job cost.")
    return float(said[1])


def _row(path: Path) -> dict[str, str]:
    return next(csv.DictReader(path.read_text().splitlines(), delimiter="\t"))


def _fits(path: Path) -> int:
    rows: Iterable[dict[str, str]] = csv.DictReader(path.read_text().splitlines())
    return sum(int(row["fits"]) for row in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
