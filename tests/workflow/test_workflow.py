"""The whole pipeline, run for real on small problems."""

import csv
import fcntl
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import sklearn

import skseq

from .conftest import ROOT

DATA = {"search_data", "repeat_data"}
EVERY_STEP = {*DATA, "search", "train", "evaluate", "figures"}


def rules(jobs, problem):
    return {rule for rule, of in jobs if of == problem}


def test_a_run_makes_tables_figures_and_the_report(finished):
    results = finished.results()
    assert {
        "summary.csv",
        "Echo/figures/loss_curves.png",
        "Own/figures/predicted_expected.png",
        "Echo/scores.csv",
        "Own/chosen.json",
    } <= set(results)
    rows = list(csv.DictReader(io.StringIO(results["summary.csv"].decode())))
    assert {(row["problem"], row["configuration"]) for row in rows} == {
        ("Echo", "searched"),
        ("Echo", "published"),
        ("Echo", "baseline"),
        ("Own", "searched"),
    }
    assert {row["repeats"] for row in rows} == {"2"}
    with zipfile.ZipFile(finished.folder / "results" / "provenance.zip") as provenance:
        assert any(name.endswith("report.html") for name in provenance.namelist())


def test_the_manifest_knows_every_artifact_by_its_checksum(finished):
    made = finished.results()
    manifest = json.loads(made.pop("manifest.json"))
    assert manifest["artifacts"] == {
        f"results/{name}": hashlib.sha256(content).hexdigest()
        for name, content in made.items()
    }
    assert manifest["config"]["seed"] == 1
    assert manifest["versions"]["numpy"] == np.__version__


@pytest.mark.slow
def test_a_run_is_held_against_the_results_expected(finished, tmp_path):
    copy = finished.copy(tmp_path / "copy")
    summary = (copy.folder / "results" / "summary.csv").read_text()
    expected = copy.folder / "config" / "expected.csv"
    expected.write_text(summary)
    code, said = copy.snakemake("--cores", "1", "verify")
    assert code == 0, said
    verified = copy.folder / "results" / "verified.txt"
    assert verified.read_text() == "This run agrees with config/expected.csv.\n"

    expected.write_text(summary.replace("token_accuracy", "other_accuracy"))
    code, said = copy.snakemake("--cores", "1", "verify")
    assert code != 0
    assert "differences to config/expected.csv:" in said
    assert "Echo searched other accuracy test: is missing." in said
    assert "Echo searched token accuracy test: was not expected." in said


def test_every_job_leaves_its_log_and_its_benchmark(finished):
    results = finished.folder / "results"
    for kind, suffix in (("logs", "log"), ("benchmarks", "tsv")):
        found = {
            str(path.relative_to(results / kind).with_suffix(""))
            for path in (results / kind).rglob(f"*.{suffix}")
        }
        assert found == {
            "claims",
            "manifest",
            "summary",
            "report",
            "provenance",
            *(
                f"{problem}/{step}"
                for problem in ("Echo", "Own")
                for step in EVERY_STEP
            ),
        }


def test_only_what_trains_imports_tensorflow(finished):
    logs = (finished.folder / "results" / "logs").rglob("*.log")
    imported = {
        path.stem: path.read_text().splitlines()[-1].rpartition(": ")[2]
        for path in logs
    }
    assert {rule for rule, said in imported.items() if said == "yes"} == {
        "search",
        "train",
    }
    assert set(imported.values()) == {"yes", "no"}


def test_no_file_is_left_half_written(finished):
    left = {path.name for path in (finished.folder / "results").rglob(".*")}
    # Snakemake's own mark of when a folder was made.
    assert left <= {".snakemake_timestamp"}


def test_a_second_run_does_nothing(finished):
    code, said = finished.snakemake("--cores", "2")
    assert code == 0
    assert "Nothing to be done" in said


def test_search_training_and_test_share_no_sequence(finished):
    folder = finished.folder / "results" / "Own" / "data"
    search, drawn = np.load(folder / "search.npz"), np.load(folder / "repeats.npz")
    seen = {row.tobytes() for row in search["X"]}
    for repeat in range(2):
        train = {row.tobytes() for row in drawn["train.X"][repeat]}
        test = {row.tobytes() for row in drawn["test.X"][repeat]}
        assert (len(train), len(test)) == (10, 4)
        assert len(seen | train | test) == len(seen) + len(train) + len(test)


@pytest.mark.parametrize("problem", ["Echo", "Own"])
def test_the_model_kept_takes_data_as_they_come(finished, problem):
    """With the scaler or encoder that it was trained behind."""
    folder = finished.folder / "results" / problem
    X = np.load(folder / "data" / "repeats.npz")["test.X"][0]
    said = np.load(folder / "predictions.npz")["searched.test"][0]
    model = skseq.load(folder / "model.skops")
    groups = {}
    if problem == "Echo":
        windower = skseq.SupervisedWindower(n_in=3, n_out=3, target="echo")
        X, _, groups["groups"] = windower.make_pairs(X)
    with sklearn.config_context(enable_metadata_routing=True):
        np.testing.assert_array_equal(model.predict(X, **groups), said)


FITTED = {"train", "evaluate", "figures"}
OVERVIEW = {"summary", "claims"}
# What is redone when what changes in the configuration, for the problem that it is in.
# The manifest and the reports say what the configuration is, so they always are; the
# tables over all problems if a problem's scores, or how they are judged, may change.
REDONE = [
    ("a comment", "seed: 1", "# Another day.\nseed: 1", set(), set()),
    ("a title", "Echo the window", "Echo it", set(), set()),
    ("the root seed", "seed: 1", "seed: 2", EVERY_STEP, OVERVIEW),
    (
        "the number of repeats",
        "repeats: 2",
        "repeats: 3",
        EVERY_STEP - {"search_data", "search"},
        OVERVIEW,
    ),
    (
        "data of every use",
        "n_timesteps: 6",
        "n_timesteps: 7",
        EVERY_STEP,
        OVERVIEW,
    ),
    (
        "data of the search",
        "search: 6",
        "search: 7",
        EVERY_STEP - {"repeat_data"},
        OVERVIEW,
    ),
    (
        "data of the test",
        "test: 10",
        "test: 11",
        EVERY_STEP - {"search_data", "search"},
        OVERVIEW,
    ),
    (
        "the grid",
        "epochs: [1, 2]",
        "epochs: [1, 3]",
        EVERY_STEP - DATA,
        OVERVIEW,
    ),
    (
        "what was published",
        "units: 3, epochs: 1",
        "units: 4, epochs: 1",
        FITTED,
        OVERVIEW,
    ),
    (
        "a baseline",
        "label: constant",
        "label: most frequent",
        {"evaluate", "figures"},
        OVERVIEW,
    ),
    (
        "a further metric",
        "    figures: [loss_curves]",
        "    metrics: [sequence_accuracy]\n    figures: [loss_curves]",
        {"evaluate", "figures"},
        OVERVIEW,
    ),
    (
        "a share of the criterion",
        "at_least: 0.0}",
        "at_least: 0.0, share: 0.5}",
        {"figures"},
        OVERVIEW,
    ),
    # Where data are drawn, what is enough is enough for the search, too.
    (
        "a limit of the criterion",
        "at_least: 0.0}",
        "at_least: 0.1}",
        EVERY_STEP - DATA,
        OVERVIEW,
    ),
    (
        "a claim",
        "at_least: 2.0}",
        "at_least: 0.5}",
        set(),
        {"claims"},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "steps", "tables"),
    [row[1:] for row in REDONE],
    ids=[row[0].replace(" ", "_") for row in REDONE],
)
def test_what_changes_redoes_the_least_that_is_right(finished, old, new, steps, tables):
    undo = finished.edit("config.yaml", old, new)
    jobs, over_all = finished.plan()
    undo()
    assert rules(jobs, "Echo") == steps
    # What all problems share changes the other one as well.
    shared = old.startswith(("seed", "repeats"))
    assert rules(jobs, "Own") == (steps if shared else set())
    said = set() if new.startswith("#") else {"manifest", "report", "provenance"}
    assert over_all - {"all"} == tables | said


@pytest.mark.slow
def test_a_table_that_changes_reruns_its_problem_alone(finished):
    undo = finished.edit("own.csv", "s0,0,0.0,low", "s0,0,0.5,low")
    jobs = finished.planned()
    undo()
    assert rules(jobs, "Own") == EVERY_STEP
    assert rules(jobs, "Echo") == set()


def test_a_path_that_does_not_exist_stops_the_run(finished):
    """It ended with exit status 0, and the results of the file before."""
    undo = finished.edit("config.yaml", "path: own.csv", "path: nowhere.csv")
    code, said = finished.snakemake("--cores", "1")
    undo()
    assert code != 0
    assert (
        "config.yaml has 1 mistake:\n  problems.Own.data.params.path: there is no file "
        f"'nowhere.csv' in {finished.folder}; give the path of one from where the run "
        "is started."
    ) in said


@pytest.mark.slow
def test_an_entry_that_stands_twice_stops_the_run(fresh):
    fresh.edit("config.yaml", "repeats: 2", "repeats: 2\nrepeats: 3")
    code, said = fresh.snakemake("--dry-run")
    assert code != 0
    assert "the key 'repeats' stands twice in one mapping" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "redone"),
    [
        ("datasets/tutorials.py", EVERY_STEP),
        ("training/schedule.py", EVERY_STEP - DATA),
        ("baselines/_forecasts.py", EVERY_STEP - DATA),
        ("displays/_losses.py", {"figures"}),
    ],
)
def test_a_module_that_changes_reruns_what_depends_on_it(finished, module, redone):
    path = finished.folder / "skseq" / module
    before = path.read_text()
    path.write_text(before + "\n# changed\n")
    jobs = finished.planned()
    path.write_text(before)
    for problem in ("Echo", "Own"):
        assert rules(jobs, problem) == redone


@pytest.mark.slow
def test_a_problem_is_a_target(fresh):
    jobs = fresh.planned("Own")
    assert rules(jobs, "Own") == EVERY_STEP
    assert rules(jobs, "Echo") == set()


def test_a_dry_run_explains(finished):
    undo = finished.edit("config.yaml", "epochs: [1, 2]", "epochs: [1, 3]")
    code, said = finished.snakemake("--dry-run")
    undo()
    assert code == 0
    assert "reason: Params have changed since last execution" in said


def test_a_mistake_in_the_configuration_stops_the_run_at_once(fresh):
    fresh.edit("config.yaml", "search_seeds: 2", "serch_seeds: 2")
    code, said = fresh.snakemake("--cores", "1")
    assert code != 0
    assert (
        "config.yaml has 1 mistake:\n  problems.Echo.serch_seeds: unknown key "
        "'serch_seeds'; did you mean 'search_seeds'?"
    ) in said
    assert not (fresh.folder / "results").exists()


@pytest.mark.skipif(find_spec("aeon") is not None, reason="aeon is installed")
def test_real_series_without_their_extra_stop_the_run_at_once(finished):
    code, said = finished.snakemake("--cores", "1", "real")
    assert code != 0
    assert "python3 env.py real snakemake --cores 4 real" in said
    assert not (finished.folder / "results" / "real").exists()


OTHERS = """\
title: Further
seed: 3
repeats: 2
claims:
  - claim: It is learnt.
    source: x
    holds_if: [{problem: Lag, row: chrono, of: success_rate, at_least: 1.0}]
families:
  lags:
    data: {generator: make_long_lag, params: {p: 4}, stream: {block: 32, test: 20}}
    transformers: [{name: OneHotSequence}]
    estimator:
      name: RecurrentClassifier
      params: {units: 4, batch_size: 16, learning_rate: 0.05, forget_bias: chrono}
    until: {kind: unseen, sequences: 60, tolerance: 0.25}
    configurations: {chrono: {budget: 3200}}
    figures: [loss_curves]
problems:
  Lag: {family: lags, title: A lag of four}
  Long: {family: lags, title: Another, slow: true}
"""


@pytest.mark.slow
def test_others_are_made_by_a_target_of_their_own(finished, tmp_path):
    copy = finished.copy(tmp_path / "copy")
    (copy.folder / "further.yaml").write_text(OTHERS)
    copy.edit("config.yaml", "seed: 1", "others: {further: further.yaml}\nseed: 1")
    # Of what a plain run makes, only the report shows them.
    jobs, over_all = copy.plan()
    assert (jobs, over_all - {"all"}) == ([], {"report", "provenance"})
    code, said = copy.snakemake("--cores", "2", "further")
    assert code == 0, said
    results = copy.folder / "results"
    assert not (results / "Long").exists()
    table = (results / "further" / "summary.csv").read_text()
    assert "Lag,chrono,,,sequences_needed,test,<= 3200," in table
    assert (results / "further" / "claims.csv").read_text().endswith(",holds\n")
    model = skseq.load(results / "Lag" / "trained" / "chrono" / "model.skops")
    X, y = skseq.datasets.make_long_lag(20, p=4, random_state=0)
    assert (model.predict(X[:, :, None]) == y).all()
    code, said = copy.snakemake("--cores", "2", "results/report.html")
    assert code == 0, said
    page = (results / "report.html").read_text()
    assert '<h2 id="further">Further</h2>' in page
    assert "A lag of four" in page


@pytest.mark.slow
def test_lint_asks_for_nothing_but_what_is_exempt(fresh):
    _, said = fresh.snakemake("--lint")
    asked = {line.strip() for line in said.splitlines() if line.startswith("    * ")}
    # The reason stands at the head of workflow/rules/problem.smk.
    assert asked == {"* Specify a conda environment or container for each rule.:"}


def test_the_snakefiles_are_formatted():
    done = subprocess.run(
        [sys.executable, "-m", "snakefmt", "--check", "Snakefile", "workflow/rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_two_runs_at_once_are_refused(fresh):
    lock = fresh.folder / ".snakemake" / "run.lock"
    lock.parent.mkdir()
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("123\n")
        file.flush()
        code, said = fresh.snakemake("--cores", "1")
    assert code != 0
    assert (
        "Another run (process 123) is at work in this folder; wait until it ends, or "
        "end it. Nothing was changed."
    ) in said
    assert not (fresh.folder / "results" / "Echo").exists()


@pytest.mark.slow
def test_25_kills_at_random_moments_leave_what_an_undisturbed_run_makes(
    finished, fresh
):
    whole = finished.results()
    moments = random.Random(1997)
    for kill in range(25):
        if (fresh.folder / "results" / "manifest.json").exists():
            shutil.rmtree(fresh.folder / "results")
        run = fresh.start("--cores", "2")
        # Some strike while Snakemake starts, most while jobs run.
        time.sleep(moments.uniform(0.5, 20))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert_nothing_half_written(fresh.results(), whole, kill)
    code, said = fresh.snakemake("--cores", "2")
    assert code == 0, said
    assert fresh.results() == whole


def without_leftovers(results):
    """Leave out what a killed job was writing, beside and under a name of its own."""
    return {
        name: content
        for name, content in results.items()
        if not Path(name).name.startswith(".")
    }


def assert_nothing_half_written(results, whole, kill):
    for name, content in without_leftovers(results).items():
        assert content == whole[name], f"{name} after kill {kill}"


@pytest.mark.slow
def test_a_full_disk_is_an_error_and_a_rerun_heals(finished, fresh):
    """Files may grow to 16 kB, which the figures exceed."""
    code, said = fresh.snakemake("--cores", "2", largest_file=16_000)
    assert code != 0
    assert "File too large" in said
    assert_nothing_half_written(fresh.results(), finished.results(), "a full disk")
    code, said = fresh.snakemake("--cores", "2")
    assert code == 0, said
    assert fresh.results() == finished.results()


@pytest.mark.slow
def test_results_that_cannot_be_written_are_an_error(fresh):
    (fresh.folder / "results").write_text("not a folder")
    code, said = fresh.snakemake("--cores", "1", "Own")
    assert code != 0
    assert "results" in said
    assert (fresh.folder / "results").read_text() == "not a folder"


@pytest.mark.slow
def test_a_damaged_artifact_is_named_and_a_rerun_without_it_heals(finished, tmp_path):
    copy = finished.copy(tmp_path / "copy")
    artifact = copy.folder / "results" / "Own" / "predictions.npz"
    artifact.write_bytes(artifact.read_bytes()[:-100])
    code, said = copy.snakemake("--cores", "2")
    assert code != 0
    assert "results/Own/predictions.npz is not whole" in said
    assert "delete it and run `snakemake --cores 2` again." in said
    artifact.unlink()
    code, said = copy.snakemake("--cores", "2")
    assert code == 0, said
    assert copy.results() == finished.results()


@pytest.mark.slow
def test_the_number_of_cores_changes_no_byte(finished, fresh):
    code, said = fresh.snakemake("--cores", "1")
    assert code == 0, said
    assert fresh.results() == finished.results()
