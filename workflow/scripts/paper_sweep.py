# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Train one method at every lag of the sweep from every seed."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.paper.sweeps import reach

params = snakemake.params
runs = reach(snakemake.wildcards.method, params.seed, params.seeds, params.spec)
files.write_csv(snakemake.output[0], runs, list(runs[0]))
