# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Take a real problem out of the package that ships it."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.sources import load

kind, name = snakemake.wildcards.real.split("/")
files.write_arrays(snakemake.output[0], load(kind, name))
