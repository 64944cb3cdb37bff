# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw a table of real problems."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.figures import PLOTS

rows = files.read_csv(snakemake.input[0])
files.write_figure(snakemake.output[0], PLOTS[snakemake.wildcards.kind](rows))
