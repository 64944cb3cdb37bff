"""What is said in several places says the same: versions, Pythons, checks."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import skseq

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def read(name):
    return yaml.safe_load((ROOT / name).read_text())


def test_there_is_one_version():
    citation = read("CITATION.cff")["version"]
    heading = re.search("^## ([0-9.]+)", (ROOT / "CHANGES.md").read_text(), re.M)[1]
    assert {PROJECT["version"], citation, heading} == {skseq.__version__}


def test_every_supported_python_is_checked():
    supported = [
        kind.rpartition(" :: ")[2]
        for kind in PROJECT["classifiers"]
        if re.search(r":: 3\.\d+$", kind)
    ]
    jobs = read(".github/workflows/ci.yml")["jobs"]
    assert jobs["checks"]["strategy"]["matrix"]["python"] == supported


def test_hosted_checks_are_those_at_home():
    jobs = read(".github/workflows/ci.yml")["jobs"].values()
    runs = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    scripts = [run.split()[0] for run in runs if run.startswith(".ci/")]
    assert scripts == [".ci/run", ".ci/range", ".ci/docs", ".ci/same_bytes"]
    assert all((ROOT / script).stat().st_mode & 0o111 for script in scripts)


def test_hooks_are_the_checks_of_style_and_types():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    asked = [line.removeprefix("in_env ") for line in lines if "in_env " in line[:7]]
    asked = [words for words in asked if not words.startswith(("pytest", ".ci"))]
    [local] = read(".pre-commit-config.yaml")["repos"]
    entries = [
        hook["entry"].removeprefix("python3 env.py test ") for hook in local["hooks"]
    ]
    assert entries == asked


@pytest.mark.parametrize("name", ["wrong", "wish"])
def test_templates_of_issues_have_what_the_host_asks_for(name):
    template = read(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert {"name", "description", "body"} <= template.keys()
    fields = [field["id"] for field in template["body"]]
    assert len(fields) == len(set(fields))
    assert all(field["attributes"]["label"] for field in template["body"])


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "config/README.md"])
def test_what_is_linked_to_is_there(name):
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_the_path_of_the_data_names_what_is_there():
    drawn = (ROOT / "CONTRIBUTING.md").read_text().split("```")[3]
    named = re.findall(r"([a-z]+)/", drawn)
    assert {"estimators", "training", "networks", "inference"} <= set(named)
    assert [name for name in named if not (ROOT / "skseq" / name).is_dir()] == []
