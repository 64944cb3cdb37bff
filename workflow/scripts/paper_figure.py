# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw how far each method reaches, or what a lag costs."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.paper.figures import plot_cost, plot_reach

rows = [row for path in snakemake.input for row in files.read_csv(path)]
if snakemake.wildcards.picture == "reach":
    figure = plot_reach(rows, snakemake.params.titles)
else:
    figure = plot_cost(rows)
files.write_figure(snakemake.output[0], figure)
