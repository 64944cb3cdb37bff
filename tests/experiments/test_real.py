"""Real series: what is chosen by what, and what is said of it."""

import copy
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from skseq.experiments import files
from skseq.experiments.config import ConfigError, read_schema, read_yaml
from skseq.experiments.real import forecasting, sources
from skseq.experiments.real.classification import Part, _Pieces
from skseq.experiments.real.config import check_real, problem_spec, problems_of
from skseq.experiments.real.figures import PLOTS
from skseq.experiments.real.forecasting import RULES, Corrected
from skseq.experiments.real.rivals import CLASSIFIERS, rivals_of_problem
from skseq.experiments.real.steps import repeat_problem, search_problem
from skseq.experiments.real.tables import COLUMNS, table
from skseq.experiments.real.verdicts import classification_verdict, forecast_verdict
from skseq.experiments.report.reading import read_real

ROOT = Path(__file__).parents[2]
# Steps of each series.
SERIES = {
    "airline": 144,
    "consumption": 187,
    "lynx": 114,
    "milk": 168,
    "shampoo": 36,
    "solar": 289,
}
TINY = {"units": 2, "epochs": 2, "batch_size": 8}


@pytest.fixture(scope="module")
def config():
    raw = read_yaml(ROOT / "config" / "real.yaml")
    return check_real(raw, read_schema("real"))


@pytest.fixture(scope="module")
def rows():
    """A problem in two classes whose sequences are of two lengths."""
    rng = np.random.default_rng(0)
    arrays = {}
    for part, n_rows in (("train", 12), ("test", 6)):
        lengths = np.where(np.arange(n_rows) % 3 == 0, 6, 9)
        labels = np.array(["up", "down"] * (n_rows // 2))
        signs = np.repeat(np.where(labels == "up", 1.0, -1.0), lengths)
        steps = signs[:, np.newaxis] + 0.1 * rng.normal(size=(lengths.sum(), 1))
        arrays |= {
            f"{part}.steps": steps,
            f"{part}.lengths": lengths,
            f"{part}.labels": labels,
        }
    return arrays


@pytest.fixture(scope="module")
def series():
    steps = np.arange(48)
    noise = np.random.default_rng(0).normal(size=48)
    return {"values": 20 + steps / 4 + 5 * np.sin(steps * np.pi / 2) + noise}


@pytest.fixture(scope="module")
def specs():
    """What the steps of a tiny problem of each kind are told."""
    grid = {"logarithm": False, "steps": True}
    return {
        "classification": {
            "seed": 1,
            "network": TINY,
            "candidates": [
                {"pieces": None},
                {"pieces": 3, "optimizer__weight_decay": 1},
            ],
            "rivals": {"majority": {}, "logistic": {}},
            "problem": {"folds": 2},
        },
        "forecasting": {
            "seed": 1,
            "network": TINY,
            "horizons": [1, 3],
            "splits": 2,
            "search_seeds": 1,
            "candidates": [
                {"rule": "mean", **grid},
                {"rule": "seasonal change", **grid},
            ],
            "problem": {"period": 4, "lags": 5},
        },
    }


@pytest.fixture(scope="module")
def searched(rows, series, specs):
    """Of each kind the table of a search, and what it chose."""
    return {
        kind: search_problem(kind, "tiny", specs[kind], arrays)
        for kind, arrays in (("classification", rows), ("forecasting", series))
    }


@pytest.fixture(scope="module")
def made(rows, series, specs, searched):
    """Both tables, of tiny networks and of rivals that need no aeon."""
    found = {}
    for kind, arrays in (("classification", rows), ("forecasting", series)):
        search, chosen = searched[kind]
        answers = repeat_problem(kind, "tiny", specs[kind], chosen, 2, arrays)
        found[kind] = {"arrays": arrays, "search": search, "answers": answers}
    more = rivals_of_problem("classification", "tiny", specs["classification"], 2, rows)
    for name in ("nearest", "minirocket", "deep"):
        more[f"{name}.answers"] = more["logistic.answers"]
        more[f"{name}.seconds"] = np.array([1.0])
    found["classification"]["answers"] |= more
    found["forecasting"]["answers"] |= _answers_without_aeon(specs, series)
    entries = {
        kind: {**specs[kind], "problems": {"tiny": {"title": "Tiny"}}} for kind in found
    }
    return {
        kind: table(kind, entries[kind], {"tiny": found[kind]}, 1) for kind in found
    }


def _answers_without_aeon(specs, series):
    values, spec = series["values"], specs["forecasting"]
    first = forecasting.first_origin(values)
    said = forecasting.rules(values, first, spec["horizons"], 4)
    said |= {"linear": said["drift"], "smoothing": said["seasonal"]}
    return {f"{name}.answers": said[name][np.newaxis] for name in said} | {
        f"{name}.seconds": np.full((1, 2), 0.5) for name in said
    }


def test_every_problem_is_one_that_a_package_ships(config):
    problems = problems_of(config)
    assert [name for kind, name in problems if kind == "classification"] == list(
        config["classification"]["problems"]
    )
    assert {name for _, name in problems} == {*sources.DATASETS, *sources.SERIES}
    assert config["seeds"] >= 10


def test_a_step_depends_on_nothing_of_other_problems(config):
    changed = copy.deepcopy(config)
    changed["forecasting"]["problems"]["milk"]["period"] = 6
    changed["forecasting"]["problems"]["lynx"]["title"] = "Lynxes"
    for name in ("lynx", "airline"):
        spec = problem_spec(config, "forecasting", name)
        assert problem_spec(changed, "forecasting", name) == spec
    assert len(spec["candidates"]) == 30


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        (
            ("classification", "problems", "Gunpoint"),
            {"title": "x", "folds": 2},
            "classification.problems.Gunpoint: there is no such problem; did you mean "
            "'GunPoint'?",
        ),
        (
            ("classification", "network", "unit"),
            3,
            "classification.network.unit: RecurrentClassifier has no parameter 'unit'; "
            "did you mean 'units'?",
        ),
        (
            ("forecasting", "problems", "milk", "lags"),
            12,
            "forecasting.problems.milk.lags: the change of a season of period=12 needs "
            "lags=13 or more; got 12.",
        ),
        (
            ("forecasting", "problems", "milk", "lag"),
            12,
            "forecasting.problems.milk.lag: unknown key 'lag'; did you mean 'lags'?",
        ),
    ],
)
def test_mistakes_are_told_before_anything_runs(config, keys, value, said):
    changed = copy.deepcopy(config)
    inside = changed
    for key in keys[:-1]:
        inside = inside[key]
    inside[keys[-1]] = value
    with pytest.raises(ConfigError) as error:
        check_real(changed, read_schema("real"))
    assert str(error.value) == f"config/real.yaml has 1 mistake:\n  {said}"


def test_without_aeon_the_way_out_is_told(monkeypatch):
    monkeypatch.setattr(sources, "find_spec", lambda name: None)
    with pytest.raises(sources.MissingExtra, match=r"python3 env\.py real snakemake"):
        sources.require_extra()


def test_pieces_hold_all_steps_in_order_and_padding_of_a_fixed_shape():
    rows = [np.arange(14.0).reshape(7, 2), np.arange(8.0).reshape(4, 2)]
    X = _Pieces(pieces=2, n_timesteps=9).fit(rows).transform(rows[:1])
    assert X.shape == (1, 5, 4)
    np.testing.assert_array_equal(X[0, :3].ravel(), np.arange(12))
    # The last step again, where a row cannot be divided; then padding.
    np.testing.assert_array_equal(X[0, 3], [12, 13, 12, 13])
    assert np.isnan(X[0, 4]).all()
    whole = _Pieces(pieces=100).fit(rows).transform(rows[:1])
    np.testing.assert_array_equal(whole[0], rows[0])


@pytest.mark.parametrize("kind", ["classification", "forecasting"])
def test_the_search_sees_nothing_of_what_is_tested(kind, rows, series, specs, searched):
    arrays = dict(rows if kind == "classification" else series)
    table, chosen = searched[kind]
    if kind == "classification":
        arrays["test.steps"] = arrays["test.steps"] * 100
        arrays["test.labels"] = arrays["test.labels"][::-1]
    else:
        values = arrays["values"].copy()
        values[forecasting.first_origin(values) :] = 1e6
        arrays["values"] = values
    if kind == "classification":
        best = max(table, key=lambda row: (row["accuracy"], -row["log_loss"]))
        assert chosen == specs[kind]["candidates"][best["candidate"]]
    again, same = search_problem(kind, "tiny", specs[kind], arrays)
    drop = [{**row, "seconds": 0} for row in table]
    assert drop == [{**row, "seconds": 0} for row in again]
    assert chosen == same


def test_forecasts_know_nothing_beyond_their_origin(series):
    values, lags, horizons = series["values"], 5, [1, 3]
    first = forecasting.first_origin(values)

    def forecast(of):
        learner = Corrected(LinearRegression(), rule="last value", period=4, lags=lags)
        return forecasting.forecasts(learner, of, first, lags, horizons)

    said = forecast(values)
    for origin in (first, first + 7):
        later = values.copy()
        later[origin:] += 100
        known = slice(0, origin - first + 1)
        np.testing.assert_array_equal(forecast(later)[:, known], said[:, known])
    earlier = values.copy()
    earlier[first - 1] += 1
    assert (forecast(earlier)[:, 0] != said[:, 0]).all()


@pytest.mark.parametrize("rule", [*RULES, "mean"])
@pytest.mark.parametrize("logarithm", [False, True])
def test_a_straight_line_learns_a_straight_rule_whatever_it_corrects(rule, logarithm):
    values = np.exp(np.sin(np.arange(60) / 3) / 2 + 3)
    values = values if logarithm else np.log(values)
    learner = Corrected(
        LinearRegression(), rule=rule, period=4, lags=6, logarithm=logarithm
    )
    said = learner.fit(values[:40]).predict(values[np.newaxis, 34:40], 20)
    np.testing.assert_allclose(said[0], values[40:], rtol=1e-6)


def test_a_network_that_learns_nothing_is_the_rule(series):
    class Nothing:
        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.zeros(len(X))

    values = series["values"]
    first = forecasting.first_origin(values)
    ruled = forecasting.rules(values, first, [1, 3], 4)
    for rule in ("last value", "seasonal", "seasonal change"):
        learner = Corrected(Nothing(), rule=rule, period=4, lags=5)
        said = forecasting.forecasts(learner, values, first, 5, [1, 3])
        np.testing.assert_allclose(said, ruled[rule])


def test_tables_have_their_columns_a_time_and_a_sentence(made):
    [row] = made["classification"]
    assert tuple(row) == COLUMNS["classification"]
    assert row["majority"] == 0.5
    assert row["logistic"] == 1.0
    assert row["steps"] == "6 to 9"
    assert row["network_seconds"] > 0
    rows = made["forecasting"]
    assert [row["horizon"] for row in rows] == [1, 3]
    assert [row["origins"] for row in rows] == [16, 14]
    for row in rows:
        assert tuple(row) == COLUMNS["forecasting"]
        assert row["skill"] == 1 - row["network"] / row["rule_error"]
        assert row["rule_error"] <= row["smoothing"]
        assert row["verdict"].endswith(".")


def test_the_report_shows_both_tables_as_they_were_written(made, tmp_path):
    for kind in made:
        files.write_csv(tmp_path / f"{kind}.csv", made[kind], COLUMNS[kind])
    # Without the figures they were not made whole.
    assert read_real(tmp_path) == []
    for kind in made:
        written = files.read_csv(tmp_path / f"{kind}.csv")
        files.write_figure(tmp_path / f"{kind}.png", PLOTS[kind](written))
    classified, forecast = read_real(tmp_path)
    [row] = classified["rows"]
    assert row["rows, steps, classes"] == "12 + 6, 6 to 9, 2"
    assert row["most frequent"] == "0.5"
    assert re.fullmatch(r"1 in [\d.e-]+ s", row["logistic regression"])
    assert row["worth it?"] == made["classification"][0]["verdict"]
    near, far = forecast["rows"]
    assert (near["ahead"], near["forecasts"], far["forecasts"]) == ("1", "16", "14")
    assert near["best naive rule"].startswith(made["forecasting"][0]["rule"])


@pytest.mark.parametrize("kind", ["classification", "forecasting"])
def test_figures_show_every_row(kind, made):
    written = [{key: str(row[key]) for key in row} for row in made[kind]]
    figure = PLOTS[kind](written)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["tiny"]
    assert len(figure.axes) == len({row.get("horizon") for row in written})


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (0.97, "Worth it: 2.0 points more right than MiniRocket, 17.0 points more"),
        (0.95, "As good as it gets, equal to MiniRocket; that is the one to try"),
        (0.94, "As good as it gets, within 1.0 points of MiniRocket; that is the one"),
        (0.90, "Not worth it where MiniRocket is at hand, which gets 5.0 points more"),
        (0.75, "Not worth it: the nearest neighbour gets 5.0 points more right."),
    ],
)
def test_a_sentence_follows_from_the_scores(network, said):
    row = {"network": network, "logistic": 0.7, "nearest": 0.8, "minirocket": 0.95}
    assert classification_verdict(row).startswith(said)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Worth it: it saves 20 % of the error"),
        ({"skill_low": -0.1}, "Perhaps: it saves 20 % of the error"),
        ({"linear": 3.0}, "; a straight line saves 40 %, for less."),
        ({"skill": 0.0, "skill_low": -0.1}, "Not worth it: its error is no smaller"),
        ({"skill": -0.2, "skill_high": -0.1}, "Do not use it: its error is 20 % above"),
        ({"skill": -np.inf}, "Do not use it: from some seeds it diverged."),
        ({"origins": 1}, "No verdict: one forecast so far ahead can be tested."),
        ({"origins": 7}, "No verdict: 7 forecasts so far ahead can be tested."),
    ],
)
def test_a_sentence_follows_from_the_skill(changed, said):
    row = {"origins": 40, "rule": "drift", "skill": 0.2, "skill_low": 0.1}
    row |= {"skill_high": 0.3, "network": 4.0, "smoothing": 4.5, "linear": 4.5}
    row |= {"linear_skill": 0.4}
    assert re.search(re.escape(said), forecast_verdict(row | changed))


def test_problems_and_rivals_come_from_aeon():
    pytest.importorskip("aeon", reason="`.ci/forecast` runs this, with the extra")
    arrays = sources.load("classification", "PickupGestureWiimoteZ")
    train, test = Part.of(arrays, "train"), Part.of(arrays, "test")
    assert (len(train.sequences), len(test.sequences)) == (50, 50)
    assert len({len(row) for row in train.sequences}) > 1
    few = {
        "steps": arrays["train.steps"][: arrays["train.lengths"][:20].sum()],
        "lengths": arrays["train.lengths"][:20],
        "labels": arrays["train.labels"][:20],
    }
    small = {f"{part}.{key}": few[key] for part in ("train", "test") for key in few}
    params = {"deep": {"n_epochs": 1}}
    spec = {"seed": 1, "rivals": {name: params.get(name, {}) for name in CLASSIFIERS}}
    found = rivals_of_problem("classification", "small", spec, 2, small)
    assert found["minirocket.answers"].shape == (2, 20)
    assert found["nearest.answers"].shape == (1, 20)
    # Its own nearest neighbour is each row itself.
    np.testing.assert_array_equal(found["nearest.answers"][0], few["labels"])


# aeon says that it will leave some series out.
@pytest.mark.filterwarnings("ignore:Call to deprecated function")
def test_series_come_from_aeon_and_are_smoothed():
    pytest.importorskip("aeon", reason="`.ci/forecast` runs this, with the extra")
    lengths = {
        name: len(sources.load("forecasting", name)["values"]) for name in SERIES
    }
    assert lengths == SERIES
    values = sources.load("forecasting", "shampoo")
    spec = {"horizons": [1, 12], "problem": {"period": 12, "lags": 13}}
    found = rivals_of_problem("forecasting", "shampoo", spec, 2, values)
    assert found["smoothing.answers"].shape == (1, 2, 12)
    assert np.isfinite(found["smoothing.answers"]).all()
