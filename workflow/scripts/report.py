# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Write the report: one page, from the results alone."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from pathlib import Path

from skseq.experiments import files
from skseq.experiments.report.page import render
from skseq.experiments.report.reading import read

folder = Path(snakemake.input.manifest).parent
files.write_text(snakemake.output[0], render(read(folder, snakemake.params.config)))
