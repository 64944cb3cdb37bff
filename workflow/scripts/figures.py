# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw the figures of a problem."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.figures import draw

artifacts = {
    "data": files.read_arrays(snakemake.input.data),
    "predictions": files.read_arrays(snakemake.input.predictions),
    "baselines": files.read_arrays(snakemake.input.baselines),
    "scores": files.read_csv(snakemake.input.scores),
}
params = snakemake.params
for name, path in params.figures.items():
    files.write_figure(path, draw(name, params.problem, params.spec, artifacts))
