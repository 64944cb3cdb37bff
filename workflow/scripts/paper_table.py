# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Put all rows beside the paper's figures."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.paper.tables import summary
from skseq.experiments.tables import SUMMARY_COLUMNS

entries = snakemake.params.rows
runs = {
    row: files.read_csv(path)
    for row, path in zip(entries, snakemake.input, strict=True)
}
files.write_csv(snakemake.output[0], summary(entries, runs), SUMMARY_COLUMNS)
