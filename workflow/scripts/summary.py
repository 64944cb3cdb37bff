# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Gather the scores of all problems into the table of results."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.tables import SUMMARY_COLUMNS, summarize

scores, intervals = (
    [row for path in paths for row in files.read_csv(path)]
    for paths in (snakemake.input.scores, snakemake.input.intervals)
)
rows = summarize(scores, snakemake.params.problems, intervals)
files.write_csv(snakemake.output[0], rows, SUMMARY_COLUMNS)
