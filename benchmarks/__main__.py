"""Measure everything and write the table and the figure."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from .jobs import JOBS
from .plan import FULL, QUICK
from .report import write
from .rivals import RIVALS
from .runner import run_all


def main():
    """Parse the command line, measure, report; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one round of small parts of the jobs"
    )
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument("--rivals", nargs="+", choices=RIVALS, default=list(RIVALS))
    parser.add_argument(
        "--only-jobs", action="store_true", help="the jobs, and nothing else beside"
    )
    parser.add_argument(
        "--rounds", type=int, help="runs of each contender (default: the plan's)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("benchmarks/results"),
        help="folder for the tables and the figure (default: %(default)s)",
    )
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else FULL
    plan = replace(plan, rounds=arguments.rounds or plan.rounds)
    probes = not arguments.only_jobs
    rows = list(run_all(plan, arguments.jobs, arguments.rivals, probes=probes))
    if write(rows, arguments.out, plan.share):
        return 0
    print("Losses are not comparable; see table.md.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
