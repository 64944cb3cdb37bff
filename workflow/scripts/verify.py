# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Hold a run against the results expected, and stop where they differ."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

import sys

from skseq.experiments import files
from skseq.experiments.verify import differences

expected = snakemake.input.expected
found = differences(
    files.read_csv(expected),
    files.read_csv(snakemake.input.found),
    snakemake.params.problems,
)
if found:
    count = "1 difference" if len(found) == 1 else f"{len(found)} differences"
    sys.exit("\n  ".join([f"This run has {count} to {expected}:", *found]))
files.write_text(snakemake.output[0], f"This run agrees with {expected}.\n")
