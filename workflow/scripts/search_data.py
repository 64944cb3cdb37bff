# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw the data that the search of a problem may see."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import data, files

drawn = data.draw_search(
    snakemake.wildcards.problem, snakemake.params.seed, snakemake.params.spec["data"]
)
files.write_arrays(snakemake.output[0], drawn)
