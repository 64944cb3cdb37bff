# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Ask all that stands beside the network of a real problem."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.rivals import rivals_of_problem

kind, name = snakemake.wildcards.real.split("/")
answers = rivals_of_problem(
    kind,
    name,
    snakemake.params.spec,
    snakemake.params.seeds,
    files.read_arrays(snakemake.input.data),
)
files.write_arrays(snakemake.output[0], answers)
