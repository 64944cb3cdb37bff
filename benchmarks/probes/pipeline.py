"""What the processes of the pipeline cost, and which of them import TensorFlow."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The last line of every log.
_COST = re.compile(r"^([0-9.]+) s of processor time, TensorFlow: (yes|no)$", re.M)


def quick():
    """Run the target `quick` in a folder of its own; count processes and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "quick"]
        places = ["--snakefile", ROOT / "Snakefile", "--directory", folder]
        config = ["--configfile", ROOT / "config.yaml"]
        subprocess.run([*command, *places, *config], check=True)
        return counted(Path(folder, "results", "logs"))


def counted(logs):
    """Return processes, those that train, those with TensorFlow, and their seconds.

    Parameters
    ----------
    logs : Path
        Folder of the logs of a run.
    """
    costs = {
        path: _COST.search(path.read_text(errors="replace"))
        for path in sorted(logs.rglob("*.log"))
    }
    return {
        "processes": len(costs),
        "training": sum(path.stem in ("search", "train") for path in costs),
        "tensorflow": sum(cost[2] == "yes" for cost in costs.values()),
        "seconds": sum(float(cost[1]) for cost in costs.values()),
    }
