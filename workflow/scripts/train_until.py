# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Train a configuration of a problem whose data stream, from every seed."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.blockwise import run_until
from skseq.persistence import save

params = snakemake.params
found, model = run_until(
    snakemake.wildcards.problem, params.seed, params.repeats, params.spec
)
files.write_arrays(snakemake.output.predictions, found)
save(model, snakemake.output.model)
