"""Deployed by snakedeploy into an empty folder, as the workflow catalogue says it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from skseq.experiments.config import read_yaml

from .conftest import CONFIG, ROOT

# Stands for wherever the repository is; git is told to look into a folder here.
ADDRESS = "https://github.com/skseq-developers/skseq"


def test_what_the_catalogue_asks_for_is_there():
    assert (ROOT / "workflow" / "Snakefile").is_file()
    assert (ROOT / "config" / "README.md").is_file()
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())
    assert usage["usage"]["software-stack-deployment"]["report"] is True


def test_there_is_one_configuration():
    assert (ROOT / "config" / "config.yaml").samefile(ROOT / "config.yaml")


@pytest.fixture
def repository(tmp_path):
    """A repository with this version, and an environment in which it is ADDRESS."""
    pytest.importorskip("snakedeploy", reason="there is no snakedeploy to deploy by")
    folder = tmp_path / "repository"
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if files.returncode:
        pytest.skip("this is no clone, so there is nothing to deploy from")
    for name in files.stdout.split("\0")[:-1]:
        if not name.startswith(("tests/", "benchmarks/", "docs/")):
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_symlink():
                copy.symlink_to(os.readlink(ROOT / name))
            else:
                copy.write_bytes((ROOT / name).read_bytes())
    # One small problem in place of all.
    small = CONFIG.partition("  Own:")[0].replace("repeats", "quick: [Echo]\nrepeats")
    small = small.replace("    published:\n      params: {units: 3, epochs: 1}\n", "")
    (folder / "config.yaml").write_text(small)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder)]
    for words in (
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "-qm", "x"],
        ["tag", "v1"],
    ):
        subprocess.run([*git, *words], check=True)
    settings = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{folder}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(folder),
    }
    return {**os.environ, **settings}


@pytest.mark.slow
def test_quick_runs_where_it_was_deployed(repository, tmp_path):
    deployed = tmp_path / "deployed"
    deployed.mkdir()

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=deployed,
            env=repository,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    run("snakedeploy.client", "deploy-workflow", ADDRESS, ".", "--tag", "v1")
    config = deployed / "config" / "config.yaml"
    assert not config.is_symlink()
    assert read_yaml(config)["quick"] == ["Echo"]
    run("snakemake", "--cores", "2", "quick")
    made = Path(deployed, "results")
    assert (made / "quick" / "summary.csv").is_file()
    assert (made / "Echo" / "model.skops").is_file()
    # All is the default here, too, and what was made for a first impression stays.
    planned = run("snakemake", "--dry-run")
    assert "results/report.html" in planned
    assert "rule search:" not in planned
