"""`skseq describe` and `skseq predict`: what a model is, what it says."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skseq
from skseq.command.models import takes_symbols
from skseq.preprocessing import PerStep


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def long_table(path, X, names=("value",)):
    """Write sequences in long form, their steps in no order."""
    lines = [
        f"s{i},{k},{','.join(str(value) for value in np.ravel(step))}"
        for i, sequence in enumerate(X)
        for k, step in reversed(list(enumerate(sequence)))
    ]
    Path(path).write_text("\n".join([f"sequence,step,{','.join(names)}", *lines]))
    return path


def test_a_model_is_described(models, skseq_says):
    folder, _ = models
    status, said, _ = skseq_says("describe", folder / "last.skops")
    assert status == 0
    lines = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert lines["model"] == "StatefulLSTMClassifier"
    assert lines["gives"] == "labels (down, up), targets after the last step"
    assert lines["network"] == "lstm of 2 units, 38 weights (float32)"
    assert lines["trained"] == "2 epochs, 2 updates on rows of length 4"
    assert lines["parameters"] == "epochs=2, random_state=0, units=2"
    assert lines["file"].startswith(f"{(folder / 'last.skops').stat().st_size:,} bytes")


def test_a_pipeline_is_described_with_its_alphabet(models, skseq_says):
    _, said, _ = skseq_says("describe", models[0] / "letters.skops")
    lines = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert lines["model"] == "Pipeline > OneHotSequence > Seq2SeqEcho"
    assert lines["symbols"] == "3: a, b, c"
    assert lines["gives"] == "labels (a, b, c), one target per step"


def test_what_is_no_network_is_described_as_far_as_it_goes(
    models, skseq_says, tmp_path
):
    _, said, _ = skseq_says("describe", models[0] / "coder.skops")
    assert said.startswith("model       OneHotSequence\n")
    skseq.save(skseq.StatefulLSTMRegressor(), tmp_path / "new.skops")
    _, said, _ = skseq_says("describe", tmp_path / "new.skops")
    assert "trained     not yet\n" in said


@pytest.mark.parametrize("name", ["last", "scaled"])
def test_a_table_in_long_form_is_predicted_sequence_by_sequence(
    models, skseq_says, tmp_path, name
):
    folder, made = models
    X = np.random.default_rng(1).normal(size=(5, 4))
    table = long_table(tmp_path / "table.csv", X)
    out = tmp_path / "out.csv"
    said = skseq_says("predict", folder / f"{name}.skops", table, "-o", out)
    assert said == (0, "", "")
    assert rows(out.read_text()) == [
        {"sequence": f"s{i}", "prediction": label}
        for i, label in enumerate(made[name].predict(X))
    ]


def test_steps_are_answered_each_and_lengths_may_differ(models, skseq_says, tmp_path):
    folder, made = models
    X = [[0.5, -1.0, 2.0], [1.0], [0.25, 0.5, 1.5]]
    table = long_table(tmp_path / "table.csv", X)
    _, said, _ = skseq_says("predict", folder / "steps.skops", table)
    expected = [
        (f"s{i}", str(k), value)
        for i, row in enumerate(X)
        for k, value in enumerate(made["steps"].predict(np.array([row])[..., None])[0])
    ]
    # Of each sequence in the order of its steps.
    assert [(row["sequence"], row["step"]) for row in rows(said)] == [
        one[:2] for one in expected
    ]
    found = [float(row["prediction"]) for row in rows(said)]
    np.testing.assert_allclose(found, [value for *_, value in expected], rtol=1e-6)


def test_features_that_the_model_knows_by_name_are_taken_by_name(
    skseq_says, refused, tmp_path
):
    X = np.random.default_rng(3).normal(size=(6, 4, 2))
    tables = [pd.DataFrame(x, columns=["heat", "load"]) for x in X]
    model = skseq.StatefulLSTMRegressor(units=2, epochs=2, random_state=0)
    skseq.save(model.fit(tables, X.sum(axis=(1, 2))), tmp_path / "model.skops")
    table = long_table(tmp_path / "table.csv", X[..., ::-1], ("load", "heat"))
    said = rows(skseq_says("predict", tmp_path / "model.skops", table)[1])
    found = [float(row["prediction"]) for row in said]
    np.testing.assert_allclose(found, model.predict(tables), rtol=1e-6)
    long_table(table, X, ("heat", "lood"))
    assert refused("predict", tmp_path / "model.skops", table) == (
        f"{table} cannot be read: line 1: no column named 'load'; the header names "
        "'sequence', 'step', 'heat', 'lood'."
    )


def test_symbols_stay_text(models, skseq_says, tmp_path):
    folder, made = models
    table = long_table(tmp_path / "table.csv", ["abca", "bbcc"])
    _, said, _ = skseq_says("predict", folder / "letters.skops", table)
    expected = made["letters"].predict([list("abca"), list("bbcc")])
    assert [row["prediction"] for row in rows(said)] == expected.ravel().tolist()


def test_a_row_may_be_a_sequence(models, skseq_says, tmp_path):
    folder, made = models
    X = np.random.default_rng(2).normal(size=(3, 4))
    table = tmp_path / "table.csv"
    lines = [",".join(map(str, [*row, "x"])) for row in X]
    table.write_text("\n".join(["a,b,c,d,label", *lines]))
    _, said, _ = skseq_says("predict", folder / "last.skops", table)
    assert [row["prediction"] for row in rows(said)] == made["last"].predict(X).tolist()


def test_lines_are_followed_as_predict_says_it(models, skseq_says, monkeypatch):
    folder, made = models
    monkeypatch.setattr("sys.stdin", io.StringIO("0.5\n-1\n2\n\n1\n"))
    status, said, _ = skseq_says("predict", folder / "steps.skops", "--follow")
    whole = made["steps"].predict(np.array([[0.5, -1, 2]])[..., None])[0]
    alone = made["steps"].predict([[[1.0]]])[0]
    assert status == 0
    np.testing.assert_allclose(
        [float(line) for line in said.splitlines()], [*whole, *alone], rtol=1e-5
    )


@pytest.mark.parametrize("sparse", [False, True])
def test_symbols_are_read_and_followed(
    models, skseq_says, monkeypatch, tmp_path, sparse
):
    coder, network = models[1]["letters"]
    coder = skseq.OneHotSequence(sparse_output=sparse).fit([coder.categories_])
    model, path = make_pipeline(coder, network), tmp_path / "model.skops"
    skseq.save(model, path)
    expected = model.predict([list("abb")])[0].tolist()
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nb\nb\n"))
    assert skseq_says("predict", path, "--follow")[1].split() == expected
    table = long_table(tmp_path / "table.csv", ["abb"])
    said = skseq_says("predict", path, table)[1]
    assert [row["prediction"] for row in rows(said)] == expected


@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 2)], ids=["a value", "two"])
def test_scaled_steps_and_targets_are_followed(
    skseq_says, refused, monkeypatch, tmp_path, shape
):
    X = 100 + 50 * np.random.default_rng(0).normal(size=shape)
    scaled = make_pipeline(
        PerStep(StandardScaler()),
        skseq.StatefulLSTMRegressor(units=2, epochs=2, random_state=0),
    )
    whole = TransformedTargetRegressor(scaled, transformer=StandardScaler())
    path = tmp_path / "model.skops"
    skseq.save(whole.fit(X, X.reshape(6, -1).sum(axis=1)), path)
    lines = [",".join(map(str, np.ravel(step))) for step in X[0]]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    said = skseq_says("predict", path, "--follow")[1]
    np.testing.assert_allclose(float(said.split()[-1]), whole.predict(X[:1])[0], 1e-5)
    # Each step's targets have a scale of their own, which no step alone can tell.
    skseq.save(whole.fit(X, X.reshape(6, 3, -1)[:, :, 0]), path)
    assert "TransformedTargetRegressor may look" in refused("predict", path, "--follow")


def test_lines_are_answered_at_once_without_tensorflow(models):
    """Each before the next is written, where nothing that trains can be imported."""
    code = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"tensorflow", "keras", "scikeras"}:
            raise ImportError(f"{name} is not to be imported here")

sys.meta_path.insert(0, Refuse())
from skseq.command import main
main(["predict", sys.argv[1], "--follow"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(models[0] / "last.skops")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for value in ("0.5", "-2"):
            process.stdin.write(f"{value}\n")
            process.stdin.flush()
            assert process.stdout.readline() in ("up\n", "down\n")
        process.stdin.close()
        assert process.wait() == 0


def test_what_cannot_be_done_is_one_line(models, refused, tmp_path, monkeypatch):
    folder, _ = models
    table = long_table(tmp_path / "table.csv", [[0.5, "x"]])
    assert refused("predict", folder / "last.skops", table) == (
        f"{table} cannot be read: line 2: column 'value' holds 'x', not a finite "
        "number."
    )
    bare = tmp_path / "bare.csv"
    bare.write_text("sequence,step\na,1\n")
    assert refused("predict", folder / "last.skops", bare) == (
        f"{bare} has no column of features."
    )
    assert refused("predict", folder / "coder.skops", table) == (
        "the model is a OneHotSequence, which predicts not."
    )
    assert refused("describe", table).startswith(
        f"'{table}' is not a model that skseq.save wrote: it is another file."
    )
    assert refused("describe", tmp_path / "none") == (
        f"[Errno 2] No such file or directory: '{tmp_path / 'none'}'"
    )
    assert refused("predict", folder / "scaled.skops", "--follow") == (
        "--follow takes networks, alone or behind OneHotSequence or PerStep, and "
        "StandardScaler may look at whole rows; predict a table instead."
    )
    for words in ([table, "--follow"], [], ["--follow", "-o", table]):
        assert refused("predict", folder / "last.skops", *words, status=2) == (
            "Invalid value: Give a table, or --follow without one."
        )


@pytest.mark.parametrize(
    ("model", "line", "said"),
    [
        ("last", "1,2", "line 2: step takes 1 finite features of one step, got "),
        ("last", "x", "line 2: 'x' holds what is no finite number."),
        ("letters", "z", "line 2: "),
    ],
)
def test_a_line_that_is_no_step_is_named(
    models, skseq_says, monkeypatch, model, line, said
):
    first = "a" if model == "letters" else "1"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{first}\n{line}\n"))
    status, answered, error = skseq_says(
        "predict", models[0] / f"{model}.skops", "--follow"
    )
    assert status == 1
    assert len(answered.splitlines()) == 1
    assert error.startswith(f"skseq: {said}")


def test_numbers_are_no_symbols(models):
    found = {name: takes_symbols(model) for name, model in models[1].items()}
    assert [name for name in found if found[name]] == ["letters", "coder"]
