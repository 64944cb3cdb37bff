"""The locks hold what pyproject.toml declares, exactly, for every Python."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LAYERS = ["pipeline", "test", "docs", "benchmarks"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def entries(lock):
    """Split a lock into (requirement, hashes)."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = line.split(" --hash=")
            yield Requirement(requirement.strip()), [word.strip() for word in hashes]


def versions(locks, python):
    """Map each name locked for this Python on Linux to its versions."""
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    machine |= {"sys_platform": "linux", "platform_machine": "x86_64"}
    found = {}
    for lock in locks:
        for requirement, _ in entries(lock):
            if requirement.marker is None or requirement.marker.evaluate(machine):
                version = str(requirement.specifier).removeprefix("==")
                found.setdefault(requirement.name, []).append(version)
    return found


@pytest.mark.parametrize("lock", ["build", *LAYERS, "real"])
def test_every_entry_is_exact_and_hashed_and_without_address(lock):
    found = list(entries(lock))
    assert found
    for requirement, hashes in found:
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", word) for word in hashes)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("locks", "held"), [(LAYERS, LAYERS), (["real"], ["real", "pipeline"])]
)
def test_locks_hold_what_is_declared(python, locks, held):
    locked = versions(locks, python)
    assert all(len(found) == 1 for found in locked.values())
    extras = PROJECT["optional-dependencies"]
    for declared in sum((extras[layer] for layer in held), PROJECT["dependencies"]):
        requirement = Requirement(declared)
        if requirement.name in ("skseq", "torch"):  # torch: see requirements/update
            continue
        [version] = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), declared


def test_source_is_built_by_the_locked_setuptools():
    assert (
        versions(["build"], "3.11")["setuptools"]
        == (versions(["pipeline"], "3.11")["setuptools"])
    )
