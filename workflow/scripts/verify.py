# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Hold a run against the results expected, and stop where they differ."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

import sys

from skseq.experiments import files
from skseq.experiments.verify import compare

expected, params = snakemake.input.expected, snakemake.params
compared = compare(
    files.read_csv(expected),
    files.read_csv(snakemake.input.found),
    params.problems,
    params.claims,
)
found = compared.differences
if found:
    count = "1 difference" if len(found) == 1 else f"{len(found)} differences"
    found = [f"This run has {count} to {expected}:", *found, *compared.notes]
    sys.exit("\n  ".join(found))
said = [f"This run agrees with {expected}.", *compared.notes]
files.write_text(snakemake.output[0], "\n".join(said) + "\n")
