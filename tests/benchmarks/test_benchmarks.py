"""The benchmark measures what it says: same data, same updates, honest ratios."""

import importlib

import numpy as np
import pandas as pd
import pytest

from benchmarks.jobs import load
from benchmarks.jobs.sizes import SIZES
from benchmarks.probes.pipeline import counted
from benchmarks.report import write
from benchmarks.rivals import RIVALS
from benchmarks.targets import comparable, judged
from benchmarks.weights import draw
from benchmarks.worker import Worker, WorkerFailed


@pytest.mark.parametrize(
    ("name", "updates", "shape"),
    [
        ("A1", 2000, (8, 1, 1, 5)),
        ("D1", 1500, (1500, 7, 5, 100)),
        ("D2", 5000, (5000, 21, 5, 100)),
        ("F1", 11_000, (110, 1, 1, 1)),
        ("R1", 124, (31, 32, 150, 3)),
        ("R5", 620, (62, 32, 30, 4)),
    ],
)
def test_jobs_make_the_published_number_of_updates(name, updates, shape):
    job = load(name)
    assert job.updates == updates
    assert job.x.shape == shape
    assert job.y.shape[:2] == shape[:2]


def test_a1_asks_for_the_next_symbol():
    job = load("A1")
    assert job.x.argmax(-1).ravel().tolist() == [3, 0, 1, 2, 4, 0, 1, 2]
    assert job.y.argmax(-1).ravel().tolist() == [0, 1, 2, 3, 0, 1, 2, 4]


def test_d2_asks_for_the_first_two_symbols_of_each_window():
    job = load("D2").part(0.001)
    assert job.updates == 5
    tokens = job.x.argmax(-1)
    np.testing.assert_array_equal(job.y.argmax(-1), tokens[..., :2])
    # Windows overlap: each begins one symbol after the one before.
    np.testing.assert_array_equal(tokens[:, 1:, :-1], tokens[:, :-1, 1:])


def test_part_of_a_job_is_cut_by_epochs_or_by_whole_sequences():
    assert load("A1").part(0.1).epochs == 25
    part = load("D1").part(0.01)
    assert part.updates == 15
    assert part.updates % part.updates_per_sequence == 0


def test_initial_weights_are_those_of_keras_in_form():
    kernel, recurrent, bias, _, _ = draw(load("A1"), seed=0)
    assert kernel.shape == (5, 80)
    assert np.abs(kernel).max() <= np.sqrt(6 / 85)
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(20), atol=1e-6)
    assert bias.tolist() == [0.0] * 20 + [1.0] * 20 + [0.0] * 40


def test_labels_of_sizes_tell_of_the_last_values():
    job = load("R3")
    values = job.x[..., 0]
    sums = sum(values[..., 5 - lag : values.shape[-1] - lag] for lag in range(5))
    told = (sums > 0) == job.y.argmax(-1)[..., 5:]
    assert told.mean() == pytest.approx(0.9, abs=0.01)
    np.testing.assert_array_equal(load("R1").y.sum(-1), 1)


@pytest.mark.parametrize("name", ["R2-both", "R2-deep"])
def test_layers_and_directions_start_from_the_weights_drawn(name):
    from benchmarks.rivals.keras_network import build

    job = load(name)
    drawn = draw(job, 0)
    assert len(drawn) == 2 * 3 + 2
    for weight, expected in zip(
        build(job, 0, stateful=False).get_weights(), drawn, strict=True
    ):
        np.testing.assert_array_equal(weight, expected)
    torch = pytest.importorskip("torch", reason="in the group `benchmarks`")
    from benchmarks.rivals.torch_network import Network

    x = job.x[0]
    with torch.no_grad():
        logits = Network(job, 0)(torch.from_numpy(x)).numpy()
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    expected = build(job, 0, stateful=False)(x).numpy()
    np.testing.assert_allclose(shares[:, 0], expected, atol=1e-5)


def test_a_job_is_done_by_those_that_it_names():
    for name in SIZES:
        assert set(load(name).rivals) <= set(RIVALS)


@pytest.mark.parametrize(
    "rival",
    [
        "keras-fit",
        "scikeras",
        pytest.param("keras-wrapper", marks=pytest.mark.slow),
        "jax",
        "torch-1",
        "skorch",
    ],
)
def test_rivals_train_as_the_tutorial_loop_does(rival, tutorial_loss):
    for package, rivals in {"jax": ["jax"], "torch": ["torch-1", "skorch"]}.items():
        if rival in rivals:
            pytest.importorskip(package, reason="in the group `benchmarks`")
    module = importlib.import_module(f"benchmarks.rivals.{RIVALS[rival].module}")
    run = module.run("A1", seed=0, share=0.02, **RIVALS[rival].options)
    assert run["updates"] == 40
    assert run["loss"] == pytest.approx(tutorial_loss, rel=1e-4)


@pytest.fixture(scope="module")
def tutorial_loss():
    from benchmarks.rivals import tutorial

    return tutorial.run("A1", seed=0, share=0.02)["loss"]


def test_worker_answers_and_reports_failure():
    with Worker() as worker:
        target = "benchmarks.probes.import_time:measure"
        assert not worker.call(target, module="json")["tensorflow"]
        with pytest.raises(WorkerFailed, match="No module named 'nowhere'"):
            worker.call(target, module="nowhere")


def test_targets_are_ratios_of_medians():
    rows = _rows("A1", "tutorial", [30, 20, 10]) + _rows("A1", "skseq", [0.01, 1, 0.02])
    (line,) = judged(_frame(rows)).to_dict("records")
    assert line == {
        "job": "A1, compiled",
        "against": "tutorial loop",
        "target": "≥ 1,000",
        "measured": 1000.0,
        "met": True,
    }


def test_an_import_goes_as_far_as_the_name_that_is_asked_for():
    target = "benchmarks.probes.import_time:measure"
    with Worker() as worker:
        package = worker.call(target, module="skseq", name=None)
    with Worker() as worker:
        name = "StatefulLSTMClassifier"
        estimator = worker.call(target, module="skseq", name=name)
    assert estimator["seconds"] > 5 * package["seconds"]


def test_budgets_are_of_medians_in_their_unit():
    rows = _rows("stream, 20 units", "skseq", [4e-5, 2e-5, 1e-5])
    (line,) = judged(_frame(rows)).to_dict("records")
    assert line.pop("measured") == pytest.approx(20)
    assert line == {
        "job": "stream, 20 units",
        "against": "µs",
        "target": "≤ 25",
        "met": True,
    }


@pytest.mark.slow
def test_forward_passes_are_timed():
    from benchmarks.probes import inference

    size = "one row, 20 units"
    assert 0 < inference.skseq(size)["seconds"] < 1
    assert 0 < inference.keras(size, batch_size=32)["seconds"] < 1
    assert 0 < inference.skseq_step(20)["seconds"] < 0.1
    pytest.importorskip("torch", reason="in the group `benchmarks`")
    assert 0 < inference.torch(size, threads=1)["seconds"] < 1


def test_skseqs_program_is_timed_alone():
    from benchmarks.rivals import skseq_

    run = skseq_.run("A1", seed=0, share=0.02)
    assert run["updates"] == 40
    assert 0 < run["alone"] < run["loop"]


def test_a_rival_that_learns_less_is_not_comparable():
    rows = _rows("A1", "tutorial", [1], loss=0.1) + _rows("A1", "jax", [1], loss=0.15)
    losses = comparable(_frame(rows)).set_index("contender")["ok"]
    assert losses.to_dict() == {"jax": False, "tutorial": True}


def test_keras_fit_stands_in_for_a_loop_that_nobody_ran():
    rows = _rows("R1", "keras-fit", [1], loss=0.1) + _rows("R1", "skseq", [1], loss=0.2)
    losses = comparable(_frame(rows)).set_index("contender")["ok"]
    assert losses.to_dict() == {"keras-fit": True, "skseq": False}


def test_report_has_a_line_per_contender_and_a_figure(tmp_path):
    rows = _rows("F1", "tutorial", [10]) + _rows("F1", "skseq", [0.05])
    assert write(rows, tmp_path, share=1.0)
    table = pd.read_csv(tmp_path / "table.csv").set_index("contender")
    assert table.at["tutorial loop", "times_skseq"] == 200
    assert "| tutorial loop | 10 s [10 s to 10 s] | 200 |" in (
        tmp_path / "table.md"
    ).read_text(encoding="utf-8")
    assert (tmp_path / "speed.png").stat().st_size > 10_000


def test_the_pipelines_processes_are_counted(tmp_path):
    said = "some output\n{} s of processor time, TensorFlow: {}\n"
    for name, cost, imported in (("train", 9.5, "yes"), ("data", 1.25, "no")):
        (tmp_path / f"{name}.log").write_text(said.format(cost, imported))
    assert counted(tmp_path) == {
        "processes": 2,
        "training": 1,
        "tensorflow": 1,
        "seconds": 10.75,
    }


def _rows(job, contender, seconds, loss=0.1):
    return [
        {
            "measure": job,
            "contender": contender,
            "round": round_,
            "seconds": taken,
            "alone": taken,
            "imports": 0.0,
            "loss": loss,
            "done": 1.0,
            "not_expressible": None,
        }
        for round_, taken in enumerate(seconds)
    ]


def _frame(rows):
    return pd.DataFrame(rows)
