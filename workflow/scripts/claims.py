# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Judge the published claims by the table of results."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.claims import COLUMNS, judge

params = snakemake.params
rows = judge(params.claims, files.read_csv(snakemake.input[0]), params.problems)
files.write_csv(snakemake.output[0], rows, COLUMNS)
