# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw the data of a problem: what the search may see, and every repeat's own."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import data, files

problem, seed = snakemake.wildcards.problem, snakemake.params.seed
spec = snakemake.params.spec["data"]
files.write_arrays(snakemake.output.search, data.draw_search(problem, seed, spec))
files.write_arrays(
    snakemake.output.repeats,
    data.draw_repeats(problem, seed, snakemake.params.repeats, spec),
)
