# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Write down what this run was made of and what it made."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.manifest import manifest

params = snakemake.params
files.write_json(
    snakemake.output[0], manifest(params.config, params.code, snakemake.input)
)
