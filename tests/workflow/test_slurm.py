"""On a real Slurm of one node, which `.ci/slurm` sets up and takes down."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
_NAMESPACE = ["unshare", "--mount", "--pid", "--fork", "true"]


def what_is_missing():
    """Say why there can be no Slurm here, or nothing."""
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        return 'there is no plugin for it: pip install "skseq[slurm]"'
    path = f"{os.environ['PATH']}:/usr/sbin"
    for name in PROGRAMS:
        if shutil.which(name, path=path) is None:
            return f"there is no {name}: apt-get install slurm-wlm munge"
    if os.geteuid():
        return "only root can start a node of Slurm"
    if subprocess.run(_NAMESPACE, check=False, capture_output=True).returncode:
        return "this system lets nobody make namespaces"
    return None


@pytest.mark.slow
def test_a_job_cancelled_on_slurm_is_redone_with_the_same_bytes(fresh, tmp_path):
    missing = what_is_missing()
    if missing:
        pytest.skip(f"No Slurm: {missing}.")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [ROOT / ".ci" / "slurm", "-C", fresh.folder, "results/Echo/search.csv"],
        env={**os.environ, "PATH": path, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout
    said = [line.removeprefix(".ci/slurm: ") for line in done.stdout.splitlines()]
    assert "cancelling job 1 on 1 core" in said
    assert "1 of 2 submissions completed" in said
    assert said[-1].startswith("The same bytes in ")
    assert not list(scratch.iterdir())
