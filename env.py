#!/usr/bin/env python3
"""Run a command in skseq's own environment, made first where it is missing.

    python3 env.py pipeline snakemake --cores 4
    python3 env.py test pytest -n 4 --dist worksteal

The environment is .venv beside this file. The first word says how much it must
hold: `pipeline` what runs the experiments, `test` that and what tests need, `docs` that
and what builds the documentation, `benchmarks` that and the rivals to measure against;
`real`, which is .venv-real and apart from the others, what `snakemake real` runs.
What is installed is what requirements/ locks, checked by hash. An environment that is
complete is used as it is; one whose installation was interrupted, or whose locks have
changed since, is made anew.

Needs Python 3.11, 3.12 or 3.13 and nothing else; any Python 3.6 or later can say so.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# One line for each layer that is installed whole; empty while one is being installed.
STAMP = VENV / "skseq-layers"
LAYERS = ["pipeline", "test", "docs", "benchmarks"]
# One that nothing builds on, in an environment of its own.
APART = "real"
SUPPORTED = [(3, 11), (3, 12), (3, 13)]


def main(words):
    if len(words) < 2 or words[0] not in [*LAYERS, APART]:
        sys.exit(__doc__)
    check_python()
    layers = [APART]
    if words[0] == APART:
        move_to(ROOT / ".venv-real")
    else:
        layers = LAYERS[: LAYERS.index(words[0]) + 1]
    try:
        prepare(layers)
    except subprocess.CalledProcessError:
        stop("the reason stands above")
    except (OSError, KeyboardInterrupt) as why:
        stop(str(why) or "interrupted")
    run(words[1:])


def move_to(folder):
    """Let all that follows be about another environment."""
    global VENV, PYTHON, STAMP
    VENV = folder
    PYTHON, STAMP = VENV / "bin" / "python", VENV / "skseq-layers"


def stop(why):
    sys.exit(
        f"env.py: setting up {VENV} stopped: {why}. "
        "Once that is mended, the same line starts it afresh."
    )


def check_python():
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] not in SUPPORTED:
        names = [f"python{major}.{minor}" for major, minor in SUPPORTED]
        found = [name for name in names if shutil.which(name)]
        hint = f"here is {found[-1]}" if found else "none of them is installed here"
        sys.exit(
            "env.py: skseq needs Python 3.11, 3.12 or 3.13, and this is Python "
            f"{version} ({sys.executable}). Run the same line with one of them; {hint}."
        )
    if os.name != "posix":
        sys.exit("env.py: this script runs on Linux and macOS; on Windows use WSL.")
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            f"env.py: this Python ({sys.executable}) lacks ensurepip, which sets up "
            "environments. Debian and Ubuntu keep it in a package of its own: "
            "apt install python3-venv"
        )


def prepare(layers):
    """Make the environment hold these layers, unless it does."""
    wanted = [digest(layer) for layer in layers]
    with alone():
        done = installed()
        if done[: len(wanted)] == wanted:
            return
        if not done or done != wanted[: len(done)]:
            done = []
            make_empty()
        STAMP.write_text("")
        for layer in layers[len(done) :]:
            install(layer)
        STAMP.write_text("\n".join(wanted))


@contextlib.contextmanager
def alone():
    """Let a second call, made meanwhile, wait until this one is done."""
    import fcntl  # Windows has none, and is told so before

    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def digest(layer):
    """Name all that a layer depends on: its locks, this Python and this folder."""
    locks = [(LOCKS / f"{name}.txt").read_text() for name in ("build", layer)]
    return hashlib.sha256(
        repr((locks, sys.version_info[:2], str(VENV))).encode()
    ).hexdigest()


def installed():
    """List the layers that are installed whole."""
    if not VENV.exists():
        return []
    if not STAMP.exists() and any(VENV.iterdir()):
        sys.exit(f"env.py: {VENV} is not of this script's making; move it elsewhere.")
    if not STAMP.exists() or not PYTHON.exists():
        return []
    return STAMP.read_text().split()


def make_empty():
    """Make an environment with nothing in it, in place of any that is there."""
    say("making an environment")
    VENV.mkdir(exist_ok=True)
    STAMP.write_text("")  # before all else, and kept: it says whose the folder is
    for entry in VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != STAMP:
            entry.unlink()
    # The real path, because sys.executable may lie in the environment just removed.
    python = os.path.realpath(sys.executable)
    subprocess.run([python, "-I", "-m", "venv", str(VENV)], check=True)


def install(layer):
    say(f"installing what {layer} needs (once; takes some minutes)")
    first = layer in ("pipeline", APART)
    if first:
        pip("--require-hashes", "--no-deps", "-r", LOCKS / "build.txt")
    # What comes as source alone is built by the setuptools just installed.
    pip("--require-hashes", "--no-deps", "-r", LOCKS / f"{layer}.txt")
    if first:
        pip("--no-deps", "--editable", ROOT)
    if layer == "benchmarks":
        pip("--editable", f"{ROOT}[benchmarks]")  # torch, which no lock can hold


def pip(*arguments):
    options = ["--no-build-isolation", "--use-pep517", "--disable-pip-version-check"]
    command = [PYTHON, "-I", "-m", "pip", "install", *options, *arguments]
    # What a killed pip leaves lies where the next run clears it away.
    with tempfile.TemporaryDirectory(dir=str(VENV)) as scratch:
        subprocess.run(
            [str(word) for word in command],
            check=True,
            stdout=sys.stderr,
            env=dict(os.environ, TMPDIR=scratch),
        )


def say(what):
    print(f"env.py: {VENV}: {what}", file=sys.stderr, flush=True)


def run(command):
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV))
    environment["PATH"] = os.pathsep.join([str(PYTHON.parent), os.environ["PATH"]])
    environment.pop("PYTHONHOME", None)
    try:
        os.execvpe(command[0], command, environment)
    except FileNotFoundError:
        sys.exit(f"env.py: no command {command[0]!r} in {VENV}.")


if __name__ == "__main__":
    main(sys.argv[1:])
