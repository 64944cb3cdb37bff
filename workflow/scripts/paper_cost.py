# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Measure time and memory of training at one lag."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.paper.sweeps import measure_cost

cost = measure_cost(int(snakemake.wildcards.lag), snakemake.params.spec)
files.write_csv(snakemake.output[0], [cost], list(cost))
