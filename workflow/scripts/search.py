# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Search the grid of a problem and choose a configuration."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.data import search_sample
from skseq.experiments.search import search

spec = snakemake.params.spec
sample = search_sample(files.read_arrays(snakemake.input.data), spec)
table, chosen = search(snakemake.wildcards.problem, snakemake.params.seed, spec, sample)
files.write_csv(snakemake.output.table, table, list(table[0]))
files.write_json(snakemake.output.chosen, chosen, nan_ok=True)
