import re

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skseq
from skseq.command import main


@pytest.fixture
def skseq_says(capsys):
    """Return a function that runs the command and gives (status, output, error)."""

    def run(*words):
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return stop.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def refused(skseq_says):
    """Return a function that runs what fails and gives its one line."""

    def run(*words, status=1):
        found, out, line = skseq_says(*words)
        assert (found, out) == (status, "")
        [said] = re.findall("^skseq: (.*)\n$", line)
        return said

    return run


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Files of small fitted models, and the models."""
    folder = tmp_path_factory.mktemp("models")
    X = np.random.default_rng(0).normal(size=(8, 4, 1))
    up = np.where(X.sum(axis=1).ravel() > 0, "up", "down")
    letters = np.array([list("abca"), list("bcab"), list("cabc"), list("aabb")])
    small = {"units": 2, "epochs": 2, "random_state": 0}
    made = {
        "last": skseq.StatefulLSTMClassifier(**small).fit(X, up),
        "steps": skseq.StatefulLSTMRegressor(**small).fit(X, X[:, :, 0]),
        "letters": make_pipeline(
            skseq.OneHotSequence(), skseq.Seq2SeqEcho(**small)
        ).fit(letters, letters),
        "scaled": make_pipeline(
            StandardScaler(), skseq.StatefulLSTMClassifier(**small)
        ).fit(X[:, :, 0], up),
        "coder": skseq.OneHotSequence().fit(letters),
    }
    for name, model in made.items():
        skseq.save(model, folder / f"{name}.skops")
    return folder, made


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Go to a folder with a table of one's own; return a function that writes one."""
    monkeypatch.chdir(tmp_path)

    def write(name="own.csv", n=20, labels=("low", "high"), header="value", steps=3):
        rows = [
            f"s{i},{step},{i + step / 10},{labels[i % len(labels)]}"
            for i in range(n)
            for step in range(steps)
        ]
        text = "\n".join([f"sequence,step,{header},label", *rows]) + "\n"
        (tmp_path / name).write_text(text)
        return tmp_path / name

    write()
    return write
