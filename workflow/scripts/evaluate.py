# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Score every repeat of a problem, with naive baselines beside it."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.evaluate import evaluate
from skseq.experiments.tables import INTERVAL_COLUMNS, SCORE_COLUMNS

found = evaluate(
    snakemake.wildcards.problem,
    snakemake.params.seed,
    snakemake.params.repeats,
    snakemake.params.spec,
    files.read_all(snakemake.input.data),
    files.read_all(snakemake.input.predictions),
)
files.write_csv(snakemake.output.scores, found.scores, SCORE_COLUMNS)
files.write_csv(snakemake.output.intervals, found.intervals, INTERVAL_COLUMNS)
files.write_arrays(snakemake.output.baselines, found.baselines)
