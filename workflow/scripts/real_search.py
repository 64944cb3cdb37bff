# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Choose a network for a real problem by what is known of it beforehand."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.steps import search_problem

kind, name = snakemake.wildcards.real.split("/")
table, chosen = search_problem(
    kind, name, snakemake.params.spec, files.read_arrays(snakemake.input[0])
)
files.write_csv(snakemake.output.table, table, list(table[0]))
files.write_json(snakemake.output.chosen, chosen)
