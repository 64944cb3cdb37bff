# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Let Snakemake make its own report of everything that lies before this rule.

The report comes from a second Snakemake, which looks only: it may not lock what the
first one works in, and it is asked for the results, not for the report itself.
"""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

import subprocess
import sys
import tempfile
from pathlib import Path

from skseq._atomic import replacing
from skseq.experiments import files

with (
    tempfile.TemporaryDirectory() as folder,
    replacing(snakemake.output[0]) as page,
):
    # What was given on the command line counts for the report too.
    config = Path(folder, "config.json")
    files.write_json(config, snakemake.params.config, nan_ok=True)
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "results",
        "--report",
        page,
        "--nolock",
    ]
    options = ["--snakefile", snakemake.params.snakefile, "--configfile", config]
    subprocess.run([*command, *options], check=True)
