# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Fit the searched and the published configuration of a problem, repeat by repeat."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.repeats import run_repeats
from skseq.persistence import save

spec = snakemake.params.spec
configurations = {"searched": files.read_json(snakemake.input.chosen)}
if spec["published_params"] is not None:
    configurations["published"] = spec["published_params"]
predictions, models = run_repeats(
    snakemake.wildcards.problem,
    snakemake.params.seed,
    snakemake.params.repeats,
    spec | {"configurations": configurations},
    files.read_arrays(snakemake.input.data),
)
files.write_arrays(snakemake.output.predictions, predictions)
# With all that stands before the network: it takes data as they come.
save(models["searched"], snakemake.output.model)
