# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Fit what was chosen for a real problem, from every seed."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.steps import repeat_problem

kind, name = snakemake.wildcards.real.split("/")
answers = repeat_problem(
    kind,
    name,
    snakemake.params.spec,
    files.read_json(snakemake.input.chosen),
    snakemake.params.seeds,
    files.read_arrays(snakemake.input.data),
)
files.write_arrays(snakemake.output[0], answers)
