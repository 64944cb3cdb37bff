"""`skseq verify` and `skseq crate`: a run and its manifest."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from skseq.experiments.files import write_json
from skseq.experiments.manifest import manifest

CONFIG = {
    "seed": 7,
    "problems": {
        "Own": {
            "title": "A table",
            "data": {"generator": "load_sequences_csv", "params": {"path": "own.csv"}},
        }
    },
}


@pytest.fixture
def run(tmp_path, monkeypatch, models):
    """Go to a folder with the results of a run."""
    monkeypatch.chdir(tmp_path)
    Path("results", "Own").mkdir(parents=True)
    files = {
        "results/summary.csv": b"a,b\n",
        "results/Own/model.skops": (models[0] / "last.skops").read_bytes(),
    }
    for name, content in files.items():
        Path(name).write_bytes(content)
    write_json("results/manifest.json", manifest(CONFIG, "digest", files))
    return Path("results")


def test_a_whole_run_is_what_its_manifest_says(run, skseq_says):
    expected = (0, "results: 2 files are what the manifest says.\n", "")
    assert skseq_says("verify") == expected
    run.rename("moved")
    assert skseq_says("verify", "moved/")[:2] == (
        0,
        "moved: 2 files are what the manifest says.\n",
    )


@pytest.mark.parametrize("command", ["verify", "crate"])
def test_what_is_missing_or_changed_is_named(run, refused, command):
    (run / "summary.csv").write_bytes(b"a,c\n")
    (run / "Own" / "model.skops").unlink()
    assert refused(command, run) == (
        "results is not what manifest.json says: of 2 files are 1 missing "
        "(results/Own/model.skops) and 1 changed (results/summary.csv)."
    )


@pytest.mark.parametrize("name", ["../own.csv", "results/../own.csv", "/own.csv", ""])
def test_a_manifest_speaks_of_its_folder_alone(run, refused, name):
    write_json(run / "manifest.json", {"config": CONFIG, "artifacts": {name: "0"}})
    assert refused("verify") == (
        f"results/manifest.json names {name!r}, which is not below results/."
    )


def test_what_is_no_run_is_refused(run, refused, tmp_path):
    write_json(run / "manifest.json", [])
    said = "results/manifest.json is not the manifest of a run."
    assert refused("verify") == said
    (run / "manifest.json").unlink()
    assert refused("verify").startswith("results/manifest.json is missing;")


def test_a_model_tells_the_run_that_made_it(run, skseq_says):
    _, said, _ = skseq_says("describe", run / "Own" / "model.skops")
    [line] = [line for line in said.splitlines() if line.startswith("run")]
    assert line == (
        f"run         Own of {run.resolve() / 'manifest.json'}, from "
        "load_sequences_csv(path='own.csv'), with seed 7"
    )


def test_a_model_that_no_run_made_tells_of_none(run, skseq_says):
    model = run / "Own" / "other.skops"
    (run / "Own" / "model.skops").rename(model)
    _, said, _ = skseq_says("describe", model)
    assert "\nrun " not in said
    (run / "manifest.json").write_text("{}")
    assert skseq_says("describe", model)[0] == 0


def crate_of(run):
    rocrate = pytest.importorskip("rocrate.rocrate")
    return rocrate.ROCrate(run)


def test_a_crate_names_every_file_and_what_made_it(run, skseq_says):
    assert skseq_says("crate") == (
        0,
        "results/ro-crate-metadata.json describes the run.\n",
        "",
    )
    crate = crate_of(run)
    known = json.loads((run / "manifest.json").read_text())["artifacts"]
    found = {entity.id: entity.get("sha256") for entity in crate.data_entities}
    assert found.pop("manifest.json") is None
    assert {f"results/{name}": digest for name, digest in found.items()} == known
    [action] = crate.get_by_type("CreateAction")
    assert action["instrument"]["name"] == "skseq"
    assert {made.id for made in action["result"]} == found.keys()
    assert crate.root_dataset["conformsTo"].id.endswith("/wfrun/process/0.5")
    assert crate.license["name"] == "No license has been given."


def test_a_crate_says_its_license_and_equal_runs_equal_bytes(run, skseq_says):
    address = "https://spdx.org/licenses/CC-BY-4.0"
    made = []
    for _ in range(2):
        skseq_says("crate", run, "--license", address)
        made.append((run / "ro-crate-metadata.json").read_bytes())
    assert made[0] == made[1]
    assert crate_of(run).license.id == address


def test_a_crate_is_valid_linked_data(run, skseq_says):
    """Every reference leads to an entity, none stands twice."""
    skseq_says("crate")
    graph = json.loads((run / "ro-crate-metadata.json").read_text())["@graph"]
    names = [entity["@id"] for entity in graph]
    assert len(names) == len(set(names))
    asked = set()

    def follow(value):
        if isinstance(value, dict):
            if value.keys() == {"@id"}:
                asked.add(value["@id"])
            for item in value.values():
                follow(item)
        if isinstance(value, list):
            for item in value:
                follow(item)

    follow([entity | {"@id": ""} for entity in graph])
    assert asked - set(names) == {"https://w3id.org/ro/crate/1.1"}


@pytest.mark.slow
def test_a_crate_passes_the_validator_of_its_profile(run, skseq_says):
    """By roc-validator, in an environment of its own; it fetches vocabularies."""
    validator = shutil.which("rocrate-validator")
    if validator is None:
        pytest.skip("no rocrate-validator here; pipx install roc-validator brings it")
    skseq_says("crate")
    command = [validator, "--no-interactive", "validate", str(run)]
    profile = ["--profile-identifier", "process-run-crate", "--output-format", "text"]
    done = subprocess.run([*command, *profile], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
