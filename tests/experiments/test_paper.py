import copy
from pathlib import Path

import numpy as np
import pytest

from skseq.experiments import files
from skseq.experiments.config import ConfigError, read_schema, read_yaml
from skseq.experiments.paper.config import check_paper, row_spec, sweep_spec
from skseq.experiments.paper.criteria import Recent, Strings, Unseen
from skseq.experiments.paper.figures import plot_cost, plot_reach
from skseq.experiments.paper.tables import summary
from skseq.experiments.paper.tasks import Form, Reber, Sample, make_task
from skseq.experiments.report import content, page
from skseq.experiments.tables import SUMMARY_COLUMNS

ROOT = Path(__file__).parents[2]
TASKS = {
    "2a": ("long_lag", {"variant": "2a", "p": 7, "framing": "per_step"}),
    "2a last": ("long_lag", {"variant": "2a", "p": 7}),
    "2b": ("long_lag", {"variant": "2b", "p": 7, "framing": "per_step"}),
    "2c": ("long_lag", {"variant": "2c", "p": 5, "q": 9}),
    "4": ("adding", {"n_timesteps": 30}),
    "6a": ("temporal_order", {"n_relevant": 2, "n_timesteps": 20}),
    "6b": ("temporal_order", {"n_relevant": 3, "n_timesteps": 20}),
}


@pytest.fixture(params=TASKS)
def task(request):
    experiment, params = TASKS[request.param]
    return make_task(experiment, params)


def perfect(task, sample):
    """Outputs without any error."""
    if task.form.n_outputs == 1:
        return sample.targets.copy()
    return np.eye(task.form.n_outputs)[sample.targets]


def test_samples_have_the_form(task):
    sample = task.draw(12, np.random.RandomState(0))
    width = 1 if task.form.tokens else task.form.n_features
    assert sample.x.shape == (12, task.form.n_timesteps, width)
    assert sample.real.shape == (12, task.form.n_timesteps)
    assert len(sample.targets) == 12
    if task.form.tokens:
        assert 0 <= sample.x.min() <= sample.x.max() < task.form.n_features
    # Padding stands at the ends only.
    assert (np.diff(sample.real.astype(int), axis=1) <= 0).all()


def test_perfect_outputs_have_no_error(task):
    sample = task.draw(12, np.random.RandomState(0))
    np.testing.assert_array_equal(task.errors(perfect(task, sample), sample), 0)


def test_the_largest_error_of_any_output_counts(task):
    sample = task.draw(12, np.random.RandomState(0))
    outputs = perfect(task, sample)
    outputs[3, -1, 0] += 0.25
    errors = task.errors(outputs, sample)
    assert errors[3] == pytest.approx(0.25)
    assert np.count_nonzero(errors) == 1


@pytest.mark.parametrize(("variant", "counts"), [("2a", True), ("2b", False)])
def test_only_2a_asks_for_the_symbols_in_between(variant, counts):
    task = make_task("long_lag", {"variant": variant, "p": 7, "framing": "per_step"})
    sample = task.draw(3, np.random.RandomState(0))
    outputs = perfect(task, sample)
    outputs[:, 2] = 0
    assert (task.errors(outputs, sample) > 0).all() == counts


def test_reber_strings_are_right_where_all_legal_symbols_lead():
    task = Reber()
    training, test = task.draw_sets(np.random.RandomState(0))
    known = {row.tobytes() for row in training.x}
    assert len(training) == len(test) == 256
    assert not known & {row.tobytes() for row in test.x}
    legal = np.stack([task._legal[row.tobytes()] for row in test.x]).astype(float)
    np.testing.assert_array_equal(task.errors(legal, test), 0)
    # The symbol that comes is one of those that may.
    assert np.take_along_axis(legal, test.targets[:, :, None], 2)[test.real].all()
    step = test.real[0].sum() - 2
    legal[0, step] = 1 - legal[0, step]
    assert task.errors(legal, test)[0] == 1


def blind_task(form=None):
    class Blind:
        def __init__(self):
            self.form, self.drawn = form, []

        def draw(self, n_sequences, rng):
            self.drawn.append(n_sequences)
            return Sample(*[np.zeros((n_sequences, 1, 1))] * 3)

    return Blind()


def test_unseen_tests_as_many_fresh_sequences_as_asked_for():
    task = blind_task()
    criterion = Unseen(task, None, sequences=600, tolerance=0.2)
    assert criterion.met(lambda sample: np.full(len(sample), 0.19))
    assert sum(task.drawn) == 600


def test_unseen_ends_at_the_first_wrong_sequences():
    task = blind_task()
    criterion = Unseen(task, None, sequences=600, tolerance=0.2)
    assert not criterion.met(lambda sample: np.full(len(sample), 0.2))
    assert task.drawn == [64]


@pytest.mark.parametrize(
    ("errors", "met"),
    [
        ([0.005] * 9, False),  # too few
        ([0.005] * 10, True),
        ([0.5] + [0.005] * 10, True),  # the wrong one is no longer recent
        ([0.005] * 9 + [0.04], False),  # the last one is wrong
        ([0.02] * 10, False),  # right, but not on average
    ],
)
def test_recent_asks_for_the_most_recent_sequences(errors, met):
    task = blind_task()
    criterion = Recent(task, None, sequences=10, tolerance=0.04, average=0.01)
    for error in errors:
        criterion.before(task.draw(1, None), lambda sample, e=error: np.array([e]))
    assert criterion.met(None) == met


def test_strings_asks_for_both_sets():
    task = Reber()
    criterion = Strings(task, np.random.RandomState(0))
    test = criterion._test

    def wrong_on_the_test_set(sample):
        return np.full(len(sample), float(sample is test))

    assert criterion.met(lambda sample: np.zeros(len(sample)))
    assert not criterion.met(wrong_on_the_test_set)
    block = criterion.block(40, np.random.RandomState(1))
    known = {row.tobytes() for row in criterion._training.x}
    assert {row.tobytes() for row in block.x} <= known


@pytest.mark.parametrize(
    "name",
    ["2c", *(pytest.param(name, marks=pytest.mark.slow) for name in ("2a", "4"))],
)
def test_a_network_learns_as_from_one_hot_arrays(name):
    from skseq import RecurrentClassifier, RecurrentRegressor
    from skseq.experiments.paper.training import Network

    experiment, given = TASKS[name]
    task = make_task(experiment, given)
    params = {"units": 5, "batch_size": 4, "learning_rate": 0.02, "random_state": 7}
    network = Network(task.form, **params)
    kind = RecurrentRegressor if name == "4" else RecurrentClassifier
    mask = np.nan if name == "4" else 0.0
    estimator = kind(shuffle=False, mask_value=mask, **params)
    classes = {} if name == "4" else {"classes": np.arange(task.form.n_outputs)}
    rng = np.random.RandomState(0)
    for _ in range(3):
        sample = task.draw(8, rng)
        if task.form.tokens:
            X = np.eye(task.form.n_features)[sample.x[:, :, 0]] * sample.real[..., None]
        else:
            X = np.where(sample.real[..., None], sample.x, np.nan)
        y = sample.targets if task.form.per_step else sample.targets.reshape(len(X))
        loss = network.train(sample)
        estimator.partial_fit(X, y, **classes)
        assert loss == pytest.approx(estimator.loss_curve_[-1], rel=1e-5)
    assert network.n_weights == sum(w.size for w in estimator.weights_)
    given = estimator.predict(X) if name == "4" else estimator.predict_proba(X)
    np.testing.assert_allclose(
        network.predict(sample).reshape(given.shape), given, rtol=1e-4, atol=1e-5
    )


def small_row(**changes):
    return {
        "experiment": "long_lag",
        "params": {"variant": "2c", "p": 3, "q": 3},
        "learner": {"units": 8, "learning_rate": 0.02, "batch_size": 16},
        "block": 160,
        "criterion": {"kind": "unseen", "sequences": 300, "tolerance": 0.2},
        "budget": {"chrono": 9600},
    } | changes


def test_a_row_ends_when_its_criterion_is_met_and_is_the_same_twice():
    from skseq.experiments.paper.runs import run_task

    runs = [run_task("small", 1, 2, small_row()) for _ in range(2)]
    assert [run["solved"] for run in runs[0]] == [True, True]
    for run in runs[0]:
        assert run["sequences"] % 160 == 0
        assert 0 < run["sequences"] < 9600
        assert run["wrong"] <= 0.01
    kept = ("forget_bias", "seed", "solved", "sequences", "wrong", "weights")
    first, second = ([[run[key] for key in kept] for run in rows] for rows in runs)
    assert first == second


def test_a_row_that_is_not_solved_ends_with_its_budget():
    from skseq.experiments.paper.runs import run_task

    entry = small_row(budget={"unit": 400}, learner={"learning_rate": 1e-6})
    (run,) = run_task("small", 1, 1, entry)
    assert (run["solved"], run["sequences"]) == (False, 320)
    assert run["wrong"] > 0.9


@pytest.mark.slow
def test_a_sweep_tells_what_cut_gradients_cannot_reach():
    from skseq.experiments.paper.sweeps import reach

    entry = {
        "lags": [5],
        "p": 3,
        "block": 160,
        "budget": 6400,
        "criterion": {"sequences": 256, "tolerance": 0.2},
        "hopeless": 2,
    }
    learner = small_row()["learner"] | {"forget_bias": "chrono"}
    (whole,) = reach("whole", 1, 1, entry | {"learner": learner})
    cut = learner | {"truncated_bptt_steps": 1}
    (one,) = reach("one", 1, 1, entry | {"learner": cut, "budget": 1600})
    assert whole["solved"]
    assert not one["solved"]


@pytest.mark.slow
def test_a_hopeless_method_is_not_tried_at_longer_lags():
    from skseq.experiments.paper.sweeps import reach

    entry = {
        "lags": [1, 2, 3],
        "p": 3,
        "block": 32,
        "budget": 32,
        "criterion": {"sequences": 1, "tolerance": 1e-9},
        "hopeless": 2,
        "learner": {"cell": "gru", "units": 2, "batch_size": 16},
    }
    rows = reach("none", 1, 2, entry)
    assert [row["lag"] for row in rows] == [1, 1, 2, 2]


@pytest.mark.slow
def test_the_cost_of_a_lag_is_measured():
    from skseq.experiments.paper.sweeps import measure_cost

    learner = {"units": 4, "batch_size": 4, "forget_bias": "chrono"}
    cost = measure_cost(50, {"p": 3, "learner": learner})
    assert cost["timesteps"] == 50 + 3 + 160
    assert 0 < cost["seconds"] < 60
    assert 0 < cost["idle_bytes"] <= cost["peak_bytes"]


@pytest.fixture
def raw():
    return read_yaml(ROOT / "config" / "paper.yaml")


@pytest.fixture
def schema():
    return read_schema("paper")


def test_the_configuration_is_right(raw, schema):
    config = check_paper(raw, schema)
    assert config["rows"]["G4_1000"]["slow"] is False
    methods = config["sweep"]["methods"]
    first = [name for name in methods if methods[name]["first"]]
    assert first == ["lstm_chrono", "gru_chrono"]
    assert config["rows"]["G4_1000"]["learner"] == raw["learner"]
    assert config["rows"]["G1"]["learner"]["units"] == 16
    # The paper's own figure is the budget, so that success is fewer than the paper's.
    for row in config["rows"].values():
        if "sequences" in row["published"]:
            assert row["budget"]["chrono"] == row["published"]["sequences"]


def test_all_mistakes_are_told_at_once(raw, schema):
    config = copy.deepcopy(raw)
    config["rows"]["G2"]["params"] = {"variant": "2a", "pp": 100}
    config["rows"]["G8"]["criterion"] = {"kind": "unseen", "sequence": 1}
    config["learner"]["unit"] = 3
    config["rows"]["G3"]["learner"] = {"cell": "rnn"}
    config["rows"]["G4_50"]["budget"]["unit"] = 10
    config["sweep"]["methods"]["rnn"]["params"]["forget_bias"] = "chrono"
    with pytest.raises(ConfigError) as caught:
        check_paper(config, schema)
    assert str(caught.value).split("\n  ") == [
        "config/paper.yaml has 9 mistakes:",
        "learner.unit: RecurrentClassifier has no parameter 'unit'; did you mean "
        "'units'?",
        "rows.G2.params.pp: LongLag has no parameter 'pp'; did you mean 'p'?",
        "rows.G2.params: the key 'p' is missing.",
        "rows.G3.budget: cell 'rnn' has no gate for 'chrono'; give 'unit' only.",
        "rows.G4_50.budget.unit: must be at least a block, 320; got 10.",
        "rows.G8.criterion.sequence: Unseen has no parameter 'sequence'; did you mean "
        "'sequences'?",
        "rows.G8.criterion: the key 'sequences' is missing.",
        "rows.G8.criterion: the key 'tolerance' is missing.",
        "sweep.methods.rnn.params.forget_bias: cell 'rnn' has no gate for 'chrono'; "
        "give 'unit' only.",
    ]


def test_the_form_is_checked_before_the_names(raw, schema):
    config = copy.deepcopy(raw)
    config["rows"]["G1"]["experiment"] = "rebar"
    with pytest.raises(ConfigError) as caught:
        check_paper(config, schema)
    assert str(caught.value) == (
        "config/paper.yaml has 1 mistake:\n  rows.G1.experiment: must be one of reber, "
        "long_lag, adding, temporal_order; got 'rebar'; did you mean 'reber'?"
    )


def test_a_run_depends_on_its_own_row_alone(raw, schema):
    config = check_paper(raw, schema)
    before = row_spec(config, "G2")
    config["rows"]["G1"]["block"] = 1
    config["rows"]["G2"]["title"] = "another"
    assert row_spec(config, "G2") == before
    assert sweep_spec(config, "gru_unit")["learner"] == raw["learner"] | {
        "cell": "gru",
        "forget_bias": "unit",
    }


def run_row(**changes):
    return {
        "forget_bias": "chrono",
        "seed": "0",
        "solved": "true",
        "sequences": "320",
        "weights": "50",
        "seconds": "2.0",
        "cpu_seconds": "1.0",
        "wrong": "0.0",
    } | changes


def test_the_table_counts_what_was_not_solved_as_never():
    entry = {"title": "t", "budget": {"chrono": 900, "unit": 500}}
    entry["published"] = {"sequences": 800, "weights": 93}
    runs = [
        run_row(),
        run_row(seed="1", sequences="640"),
        run_row(seed="2", solved="false", sequences="800"),
        run_row(forget_bias="unit", solved="false", wrong="0.5"),
    ]
    rows = summary({"G": entry}, {"G": runs})
    found = {(row["name"], row["metric"]): row for row in rows}
    chrono = found["chrono biases", "sequences_needed"]
    assert set(chrono) == set(SUMMARY_COLUMNS)
    assert (chrono["problem"], chrono["case"]) == ("G", "t")
    assert (chrono["successes"], chrono["repeats"], chrono["failed"]) == (2, 3, 1)
    assert (chrono["value"], chrono["published"]) == (640, 800)
    assert chrono["met"] is False
    assert found["chrono biases", "weights"]["published"] == 93
    unit = found["unit biases", "sequences_needed"]
    assert (unit["successes"], unit["criterion"]) == (0, "<= 500")
    assert np.isnan(unit["value"])
    assert found["unit biases", "share_wrong"]["value"] == 0.5
    assert found["unit biases", "share_wrong"]["published"] == ""


def test_the_reach_of_every_method_is_drawn():
    runs = [
        {"method": method, "lag": str(lag), "seed": str(seed), "solved": solved}
        for method, solved, lags in (("a", "true", (10, 1000)), ("b", "false", (10,)))
        for lag in lags
        for seed in range(2)
    ]
    (axes,) = plot_reach(runs, {"a": "All", "b": "None"}).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["All", "None"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["10", "1,000"]
    told = {text.get_position(): text.get_text() for text in axes.texts}
    assert told == {(0, 0): "2 of 2", (1, 0): "2 of 2", (0, 1): "0 of 2"}
    (image,) = axes.images
    shares = image.get_array().filled(np.nan)
    np.testing.assert_array_equal(shares, [[1, 1], [0, np.nan]])


def test_the_cost_is_drawn_beside_straight_lines():
    rows = [
        {
            "lag": str(lag),
            "timesteps": str(lag),
            "seconds": str(lag / 1000),
            "peak_bytes": str(2**30 + lag),
            "idle_bytes": str(2**30),
        }
        for lag in (100, 1000)
    ]
    left, right = plot_cost(rows).axes
    measured, line = left.lines
    np.testing.assert_allclose(measured.get_ydata(), line.get_ydata())
    peak, idle, _ = right.lines
    assert (peak.get_ydata() > idle.get_ydata()).all()


def test_forms_say_what_is_to_be_compiled():
    assert make_task("adding", {"n_timesteps": 100}).form == Form(
        2, 110, 1, tokens=False
    )
    assert make_task("long_lag", {"variant": "2c", "p": 5, "q": 7}).form == Form(
        9, 170, 2
    )


def test_the_report_shows_the_table_as_it_shows_results(tmp_path):
    entry = {"title": "lag 50", "budget": {"chrono": 900}, "published": {}}
    runs = [run_row(), run_row(seed="1", solved="false")]
    path = tmp_path / "summary.csv"
    files.write_csv(path, summary({"G": entry}, {"G": runs}), SUMMARY_COLUMNS)
    (one,) = content.results(files.read_csv(path))
    assert (one.who, one.case, one.criterion) == ("chrono biases", "lag 50", "<= 900")
    said = {
        **{key: [] for key in ("problems", "results", "verdicts", "claim_verdicts")},
        **{"claims": {}, "versions": {}, "words": content.VERDICTS, "seconds": None},
        **{"seed": 1, "repeats": 2, "code": "", "paper": {"rows": [one]}},
    }
    said["paper"]["pictures"] = []
    html = page.render(said)
    assert '<h2 id="paper">' in html
    assert "chrono biases" in html
    assert "1 of 2, 1 failed" in html
