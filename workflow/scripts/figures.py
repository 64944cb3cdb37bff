# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Draw the figures of a problem."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from pathlib import Path

from skseq.experiments import files
from skseq.experiments.figures import draw
from skseq.persistence import load

models = [load(path) for path in snakemake.input.model]
artifacts = {
    "data": files.read_all(snakemake.input.data),
    "predictions": files.read_all(snakemake.input.predictions),
    "baselines": files.read_arrays(snakemake.input.baselines),
    "scores": files.read_csv(snakemake.input.scores),
    "model": models[0] if models else None,
}
problem, spec = snakemake.wildcards.problem, snakemake.params.spec
folder = Path(snakemake.output[0])
folder.mkdir()
for name in spec["figures"]:
    files.write_figure(folder / f"{name}.png", draw(name, problem, spec, artifacts))
