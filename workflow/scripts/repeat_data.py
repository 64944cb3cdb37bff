# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw the training and test data of every repeat of a problem."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import data, files

drawn = data.draw_repeats(
    snakemake.wildcards.problem,
    snakemake.params.seed,
    snakemake.params.repeats,
    snakemake.params.spec["data"],
)
files.write_arrays(snakemake.output[0], drawn)
