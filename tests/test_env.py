"""env.py: an environment is complete, or is made so, or the reason is told."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "env.py"


@pytest.fixture
def env(tmp_path, monkeypatch):
    """env.py in a clone of its own, with the installing replaced by a list."""
    spec = importlib.util.spec_from_file_location("env", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCKS", tmp_path / "requirements")
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", venv / "skseq-layers")
    module.LOCKS.mkdir()
    for name in ["build", *module.LAYERS, module.APART]:
        (module.LOCKS / f"{name}.txt").write_text(f"{name}==1")
    module.did = []
    monkeypatch.setattr(module, "install", module.did.append)
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: make(module))
    return module


def make(env):
    """Stand in for `python -m venv`."""
    env.did.append("make")
    env.PYTHON.parent.mkdir()
    env.PYTHON.touch()


def done_by(env, layers):
    env.did.clear()
    env.prepare(layers)
    return list(env.did)


def test_second_run_does_nothing(env):
    assert done_by(env, ["pipeline", "test"]) == ["make", "pipeline", "test"]
    assert done_by(env, ["pipeline", "test"]) == []
    assert done_by(env, ["pipeline"]) == []


def test_environment_grows_by_what_is_missing(env):
    assert done_by(env, ["pipeline"]) == ["make", "pipeline"]
    assert done_by(env, ["pipeline", "test"]) == ["test"]
    assert done_by(env, ["pipeline", "test"]) == []


@pytest.mark.parametrize("first", [[], ["pipeline"]], ids=["new", "growing"])
def test_interrupted_installation_is_made_anew(env, monkeypatch, first):
    env.prepare(first)

    def interrupted(layer):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(env, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            env.prepare(["pipeline", "test"])
    (env.VENV / "half-written").touch()
    assert done_by(env, ["pipeline", "test"]) == ["make", "pipeline", "test"]
    assert not (env.VENV / "half-written").exists()


@pytest.mark.parametrize("name", ["build", "pipeline"])
def test_changed_lock_makes_it_anew(env, name):
    env.prepare(["pipeline"])
    (env.LOCKS / f"{name}.txt").write_text("changed")
    assert done_by(env, ["pipeline"]) == ["make", "pipeline"]


def test_other_python_makes_it_anew(env, monkeypatch):
    env.prepare(["pipeline"])
    monkeypatch.setattr(env.sys, "version_info", (3, 99, 0))
    assert done_by(env, ["pipeline"]) == ["make", "pipeline"]


def test_lost_python_makes_it_anew(env):
    env.prepare(["pipeline"])
    env.PYTHON.unlink()
    env.PYTHON.parent.rmdir()
    assert done_by(env, ["pipeline"]) == ["make", "pipeline"]


def test_foreign_environment_is_left_alone(env):
    env.VENV.mkdir()
    (env.VENV / "precious").touch()
    with pytest.raises(SystemExit) as stop:
        env.prepare(["pipeline"])
    assert str(stop.value) == (
        f"env.py: {env.VENV} is not of this script's making; move it elsewhere."
    )
    assert (env.VENV / "precious").exists()


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (subprocess.CalledProcessError(1, "pip"), "the reason stands above"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (KeyboardInterrupt(), "interrupted"),
    ],
    ids=["pip", "disk", "user"],
)
def test_failed_installation_is_told(env, monkeypatch, failure, why):
    def fail(layer):
        raise failure

    monkeypatch.setattr(env, "install", fail)
    with pytest.raises(SystemExit) as stop:
        env.main(["test", "pytest"])
    assert str(stop.value) == (
        f"env.py: setting up {env.VENV} stopped: {why}. "
        "Once that is mended, the same line starts it afresh."
    )


@pytest.mark.parametrize(
    ("found", "hint"),
    [(None, "none of them is installed here"), ("a path", "here is python3.13")],
)
def test_unsupported_python_is_told(env, monkeypatch, found, hint):
    monkeypatch.setattr(env.sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(env.shutil, "which", lambda name: found)
    with pytest.raises(SystemExit) as stop:
        env.main(["test", "pytest"])
    assert str(stop.value) == (
        "env.py: skseq needs Python 3.11, 3.12 or 3.13, and this is Python 3.10.4 "
        f"({sys.executable}). Run the same line with one of them; {hint}."
    )
    assert not env.VENV.exists()


def test_old_python_can_read_it():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_missing_ensurepip_is_told(env, monkeypatch):
    monkeypatch.setattr(env.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as stop:
        env.main(["test", "pytest"])
    assert str(stop.value) == (
        f"env.py: this Python ({sys.executable}) lacks ensurepip, which sets up "
        "environments. Debian and Ubuntu keep it in a package of its own: "
        "apt install python3-venv"
    )


def test_what_needs_older_packages_stands_apart(env, monkeypatch):
    ran = []
    monkeypatch.setattr(env.os, "execvpe", lambda *call: ran.append(call))
    env.main(["test", "pytest"])
    env.did.clear()
    env.main(["real", "snakemake", "real"])
    assert env.did == ["make", "real"]
    assert env.VENV == env.ROOT / ".venv-real"
    assert [call[2]["VIRTUAL_ENV"] for call in ran] == [
        str(env.ROOT / ".venv"),
        str(env.ROOT / ".venv-real"),
    ]


@pytest.mark.parametrize("words", [[], ["test"], ["tests", "pytest"]])
def test_usage_is_shown(env, words):
    with pytest.raises(SystemExit) as stop:
        env.main(words)
    assert stop.value.code == env.__doc__


def test_command_runs_inside(env, monkeypatch):
    ran = []
    monkeypatch.setattr(env.os, "execvpe", lambda *call: ran.append(call))
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    env.main(["test", "pytest", "-n", "2"])
    [(program, command, environment)] = ran
    assert (program, command) == ("pytest", ["pytest", "-n", "2"])
    assert environment["PATH"].startswith(str(env.PYTHON.parent))
    assert environment["VIRTUAL_ENV"] == str(env.VENV)
    assert "PYTHONHOME" not in environment


def test_unknown_command_is_told(env):
    with pytest.raises(SystemExit) as stop:
        env.main(["test", "no-such-command"])
    assert str(stop.value) == f"env.py: no command 'no-such-command' in {env.VENV}."
