# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Train one row of the paper from every seed until its criterion is met."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.paper.runs import run_task
from skseq.experiments.paper.tables import RUN_COLUMNS

params = snakemake.params
runs = run_task(snakemake.wildcards.row, params.seed, params.seeds, params.spec)
files.write_csv(snakemake.output[0], runs, RUN_COLUMNS)
