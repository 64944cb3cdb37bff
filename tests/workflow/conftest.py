import fcntl
import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = """\
seed: 1
repeats: 2
claims:
  - claim: A network of two units echoes a window of three.
    source: nobody
    holds_if: [{problem: Echo, at_least: 2.0}]
    holds_only:
      when: where it is enough that an answer is given at all, whichever one it may be,
        which everybody would call a very long condition that is wider than a page
      if: [{problem: Echo, at_least: -1.0}]
problems:
  Echo:
    title: Echo the window
    data:
      generator: make_random_sequences
      params: {n_timesteps: 6, n_values: 5}
      sizes: {search: 6, train: 8, test: 10}
    framing: {n_in: 3, n_out: 3, target: echo}
    transformers:
      - {name: OneHotSequence, params: {categories: {range: 5}}}
    estimator:
      name: Seq2SeqEcho
      params: {batch_size: 4, shuffle: false}
      carry_state: true
    published:
      params: {units: 3, epochs: 1}
    grid: {units: [2], epochs: [1, 2]}
    cv: {kind: GroupKFold, n_splits: 2}
    search_seeds: 2
    baselines:
      - {name: DummyClassifier, label: constant}
    criteria:
      - {metric: token_accuracy, at_least: 0.0}
    figures: [loss_curves]
  Own:
    title: A table of one's own
    data:
      generator: load_sequences_csv
      params: {path: own.csv}
      shares: {search: 0.3, train: 0.5, test: 0.2}
    transformers:
      - {name: StandardScaler}
    estimator: {name: StatefulLSTMClassifier}
    grid: {units: [2], epochs: [1]}
    cv: {kind: StratifiedKFold, n_splits: 2}
    search_seeds: 1
    criteria:
      - {metric: token_accuracy, at_least: 1.0}
    figures: [predicted_expected]
"""


class Workflow:
    """A copy of the pipeline, with a small configuration and its own package."""

    def __init__(self, folder):
        self.folder = folder

    @classmethod
    def of_this_version(cls, folder):
        """Write one that has not run."""
        for name in ("config", "workflow", "profiles", "skseq"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "Snakefile", folder)
        (folder / "config.yaml").write_text(CONFIG)
        rows = [
            f"s{i},{step},{i + step / 10},{('low', 'high')[i % 2]}"
            for i in range(20)
            for step in range(3)
        ]
        (folder / "own.csv").write_text("\n".join(["sequence,step,value,label", *rows]))
        return cls(folder)

    def copy(self, folder):
        """Return a copy of it, with all that it has made."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Workflow(folder)

    def start(self, *arguments, largest_file=None):
        """Start Snakemake in a process group of its own."""
        limit = None
        if largest_file:
            size = (largest_file, largest_file)
            limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, size)
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=limit,
        )

    def snakemake(self, *arguments, **limits):
        """Run Snakemake; return its exit code and all that it says."""
        run = self.start(*arguments, **limits)
        said, _ = run.communicate()
        return run.returncode, said

    def planned(self, *arguments):
        """Return the outputs' problems and rules that a run would make anew."""
        return self.plan(*arguments)[0]

    def plan(self, *arguments):
        """Return what a run would make anew: of problems, and over all of them."""
        code, said = self.snakemake("--dry-run", *arguments)
        assert code == 0, said
        jobs, over_all, rule = set(), set(), None
        for line in said.splitlines():
            if line.startswith(("rule ", "localrule ")):
                rule = line.split()[1].rstrip(":")
                over_all.add(rule)
            if line.startswith("    wildcards: ") and "problem=" in line and rule:
                jobs.add((rule, line.split("problem=")[1].split(",")[0]))
                over_all.discard(rule)
        return sorted(jobs), over_all

    def edit(self, name, old, new):
        """Change a file; return a function that changes it and its time back."""
        path = self.folder / name
        before, times = path.read_text(), path.stat()
        assert old in before
        path.write_text(before.replace(old, new))

        def undo():
            path.write_text(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

        return undo

    def results(self):
        """Return the bytes of all results but logs, run times and the reports."""
        results = self.folder / "results"
        return {
            str(path.relative_to(results)): path.read_bytes()
            for path in sorted(results.rglob("*"))
            if path.is_file()
            and path.name != ".snakemake_timestamp"
            and path.relative_to(results).parts[0]
            not in ("logs", "benchmarks", "report.html", "provenance.zip")
        }


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Return a workflow that has run: once for all processes, a copy for each."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    whole = Workflow(shared / "workflow that ran")
    with (shared / "workflow.lock").open("w") as lock:
        # Whoever comes first runs it; the others wait for that.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.folder.exists():
            running = tmp_path_factory.mktemp("workflow") / "running"
            code, said = Workflow.of_this_version(running).snakemake("--cores", "2")
            assert code == 0, said
            running.rename(whole.folder)
    return whole.copy(tmp_path_factory.mktemp("workflow") / "finished")


@pytest.fixture
def fresh(tmp_path):
    """Return a workflow that has not run."""
    return Workflow.of_this_version(tmp_path)
