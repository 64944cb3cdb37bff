"""The command says what it does, at once, and each mistake in one line."""

import subprocess
import sys
from importlib.metadata import entry_points
from statistics import median
from time import perf_counter

import pytest

from skseq.command import app, main

COMMANDS = ["new", "describe", "predict", "verify", "crate"]


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_all_commands_are_told(skseq_says, words):
    status, said, error = skseq_says(*words)
    assert (status, error) == (0, "")
    assert [name for name in COMMANDS if f"\n  {name} " in said] == COMMANDS
    assert "..." not in said.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(skseq_says, name):
    status, said, _ = skseq_says(name, "--help")
    assert status == 0
    options = [line.split() for line in said.splitlines() if line.startswith("  -")]
    assert options
    assert all(len(words) > 2 for words in options)


def test_no_command_is_left_out_here():
    assert [
        command.callback.__name__ for command in app.registered_commands
    ] == COMMANDS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["neww"], "No such command 'neww'. Did you mean 'new'?"),
        (["new", "A", "--lable", "x"], "No such option: --lable"),
        (["new"], "Missing argument"),
        (["verify", "a", "b"], "Got unexpected extra argument"),
    ],
)
def test_what_is_mistyped_is_one_line(refused, words, said):
    assert refused(*words, status=2).startswith(said)


def test_a_missing_extra_is_named(refused, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    monkeypatch.delitem(sys.modules, "skseq.experiments.crate", raising=False)
    said = refused("crate", tmp_path)
    assert said.endswith('; install it with: pip install "skseq[crate]"')


def test_a_mistake_of_ours_is_no_message(monkeypatch):
    def fail(*_):
        raise ModuleNotFoundError("No module named 'mine'", name="mine")

    monkeypatch.setattr("skseq.experiments.manifest.check_artifacts", fail)
    with pytest.raises(ModuleNotFoundError):
        main(["verify"])


def test_help_imports_nothing_but_the_command():
    code = """
import sys
from skseq.command import main
try:
    main(["--help"])
except SystemExit:
    print({"numpy", "sklearn", "pandas", "rich", "yaml"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.slow
def test_help_is_there_at_once():
    """Measured: 0.1 s; the limit leaves room for a busy machine."""
    seconds = []
    for _ in range(5):
        begun = perf_counter()
        code = "from skseq.command import main; main(['--help'])"
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        seconds.append(perf_counter() - begun)
    assert median(seconds) < 0.5


def test_the_command_is_installed():
    [point] = entry_points(group="console_scripts", name="skseq")
    assert point.load() is main
