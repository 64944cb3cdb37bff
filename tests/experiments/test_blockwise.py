"""Problems whose data stream: from the entry to table, figure and report."""

import numpy as np
import pytest
import sklearn

from skseq.experiments import files
from skseq.experiments.blockwise import Learner, run_until
from skseq.experiments.config import check_config, configuration_spec, step_spec
from skseq.experiments.data import Case
from skseq.experiments.evaluate import evaluate
from skseq.experiments.figures import draw
from skseq.experiments.fresh import Source
from skseq.experiments.pipelines import build, model_params
from skseq.experiments.report import content, page
from skseq.experiments.report.reading import read_part
from skseq.experiments.streamed_scores import METRICS
from skseq.experiments.tables import SCORE_COLUMNS, SUMMARY_COLUMNS, summarize

CHANGES = {"sweep": {"param": "variant", "values": ["2a", "2b"], "retrain": True}}


@pytest.fixture
def checked(streamed, schema):
    return check_config(streamed, schema)


@pytest.fixture(scope="module")
def trained():
    """Keep what was trained: by configuration."""
    return {}


@pytest.fixture
def predictions(checked, trained):
    """Return what training gave of all configurations, each trained once."""
    for name in ("chrono", "unit"):
        if name not in trained:
            spec = configuration_spec(checked, "Lag", name)
            trained[name] = run_until("Lag", 1, 2, spec)
    return {key: one for arrays, _ in trained.values() for key, one in arrays.items()}


def test_training_ends_when_it_is_enough_or_with_its_budget(predictions):
    assert predictions["chrono.solved"].tolist() == [True, True]
    needed = predictions["chrono.sequences"]
    assert (needed % 32 == 0).all()
    assert (needed < 3200).all()
    blocks = np.isfinite(predictions["chrono.loss"]).sum(axis=1)
    np.testing.assert_array_equal(32 * blocks, needed)
    assert (predictions["chrono.errors"] < 0.25).mean() > 0.9
    assert predictions["chrono.errors"].shape == (2, 20)
    # Two whole blocks go into a budget of 80.
    assert predictions["unit.solved"].tolist() == [False, False]
    assert predictions["unit.sequences"].tolist() == [64, 64]


def test_the_same_seed_trains_the_same_and_the_model_takes_data_as_they_come(
    checked, predictions, trained
):
    spec = configuration_spec(checked, "Lag", "chrono")
    again, _ = run_until("Lag", 1, 1, spec)
    for name, found in again.items():
        # The other repeat may have needed more blocks.
        place = tuple(slice(size) for size in found.shape)
        np.testing.assert_array_equal(found, predictions[name][place])
    _, model = trained["chrono"]
    drawn = Source(spec["data"], Case("", {"p": 4}, True, 0), 5).draw(30)
    assert (model.predict(drawn.X) == drawn.y).all()


def test_what_no_seed_learns_is_not_tried_further(streamed, schema):
    lag = streamed["problems"]["Lag"]
    lag["data"] |= {"sweep": CHANGES["sweep"] | {"hopeless": 1}}
    spec = configuration_spec(check_config(streamed, schema), "Lag", "unit")
    arrays, _ = run_until("Lag", 1, 1, spec)
    assert {name.partition("/")[0] for name in arrays} == {"variant=2a"}


def test_what_diverges_is_not_solved(checked, monkeypatch):
    train = Learner.train

    def diverge(self, block):
        train(self, block)
        self.losses[-1] = np.nan

    monkeypatch.setattr(Learner, "train", diverge)
    arrays, _ = run_until("Lag", 1, 1, configuration_spec(checked, "Lag", "chrono"))
    assert (arrays["chrono.solved"], arrays["chrono.sequences"]) == ([False], [32])
    assert np.isinf(arrays["chrono.errors"]).all()


def test_blocks_share_a_program_and_learn_as_from_one_hot_arrays(streamed, schema):
    from skseq import RecurrentClassifier
    from skseq.training.programs import n_compilations

    lag = streamed["problems"]["Lag"]
    lag["data"] |= {"generator": "make_temporal_order", "params": {"n_timesteps": 20}}
    symbols = list("EBabcdXY")
    sparse = {"categories": symbols, "padding": "", "sparse_output": True}
    lag["transformers"][0]["params"] = sparse
    params = {"units": 3, "batch_size": 16, "mask_value": 0.0, "shuffle": False}
    lag["estimator"]["params"] = params
    spec = configuration_spec(check_config(streamed, schema), "Lag", "unit")
    with sklearn.config_context(enable_metadata_routing=True):
        whole = build(spec).set_params(**model_params(spec, {"random_state": 7}))
    learner = Learner(whole)
    plain = RecurrentClassifier(**params, random_state=7)
    source = Source(spec["data"], Case("", {"n_timesteps": 20}, True, 0), 3)
    assert np.isinf(learner.errors(source.draw(2))).all()
    before = n_compilations()
    lengths = set()
    for _ in range(4):
        block = source.draw(32)
        lengths.add(block.X.shape[1])
        learner.train(block)
        dense = (block.X == np.array(symbols)).astype(np.float32)
        plain.partial_fit(dense, block.y, classes=list("QRSU"))
        assert learner.losses[-1] == pytest.approx(plain.loss_curve_[-1], rel=1e-5)
    assert n_compilations() - before == 1
    assert learner.n_weights == sum(weight.size for weight in plain.weights_)
    wrong = 1 - plain.predict_proba(dense)[block.y == "Q", 0]
    assert (learner.errors(block)[block.y == "Q"] >= wrong - 1e-5).all()


@pytest.fixture
def made(checked, predictions, tmp_path):
    """Return the table of results, as text, and the scores behind it."""
    spec = step_spec(checked, "Lag", "evaluate")
    found = evaluate("Lag", 1, 2, spec, {}, predictions)
    assert (found.intervals, found.baselines) == ([], {})
    files.write_csv(tmp_path / "scores.csv", found.scores, SCORE_COLUMNS)
    scores = files.read_csv(tmp_path / "scores.csv")
    rows = summarize(scores, {"Lag": step_spec(checked, "Lag", "summary")})
    (tmp_path / "part").mkdir()
    table = tmp_path / "part" / "summary.csv"
    files.write_csv(table, rows, SUMMARY_COLUMNS)
    return files.read_csv(table), scores


def test_the_table_counts_what_was_not_solved_as_never(made, predictions):
    rows = {(row["configuration"], row["metric"]): row for row in made[0]}
    assert set(rows) == {(c, m) for c in ("chrono", "unit") for m in METRICS}
    chrono, unit = (rows[name, "sequences_needed"] for name in ("chrono", "unit"))
    assert float(chrono["value"]) == np.median(predictions["chrono.sequences"])
    asked = ("criterion", "successes", "failed", "met", "published")
    assert [chrono[key] for key in asked] == ["<= 3200", "2", "0", "true", "640"]
    assert [unit[key] for key in asked] == ["<= 80", "0", "2", "false", "640"]
    assert unit["value"] == ""
    assert rows["unit", "solved"]["published"] == "1.0"
    assert rows["unit", "share_wrong"]["published"] == ""
    assert float(rows["unit", "share_wrong"]["value"]) > 0.5


@pytest.mark.parametrize("figure", ["success_rates", "loss_curves"])
def test_its_figures_tell_configurations_apart(figure, checked, made, predictions):
    artifacts = {"scores": made[1], "predictions": predictions, "data": {}}
    spec = step_spec(checked, "Lag", "figure")
    axes = draw(figure, "Lag", spec, artifacts).axes
    if figure == "loss_curves":
        assert axes[0].get_xlabel() == "blocks of 32 sequences"
    else:
        assert [ax.get_title() for ax in axes] == [
            "sequences needed <= 3200",
            "sequences needed <= 80",
        ]


def test_the_reach_of_every_configuration_is_drawn(streamed, schema):
    lag = streamed["problems"]["Lag"]
    lag["data"]["sweep"] = {"param": "p", "values": [10, 1000], "retrain": True}
    lag["figures"] = ["reach"]
    spec = step_spec(check_config(streamed, schema), "Lag", "figure")
    scores = [
        {"metric": "solved", "configuration": c, "case": f"p={lag}", "value": value}
        for c, value, lags in (("chrono", "1.0", (10, 1000)), ("unit", "0.0", (10,)))
        for lag in lags
        for _ in range(2)
    ]
    (axes,) = draw("reach", "Lag", spec, {"scores": scores}).axes
    named = [text.get_text() for text in axes.get_yticklabels()]
    assert named == ["chrono", "usual biases"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["10", "1,000"]
    told = {text.get_position(): text.get_text() for text in axes.texts}
    assert told == {(0, 0): "2 of 2", (1, 0): "2 of 2", (0, 1): "0 of 2"}
    shares = axes.images[0].get_array().filled(np.nan)
    np.testing.assert_array_equal(shares, [[1, 1], [0, np.nan]])


def test_the_report_has_a_section_for_what_a_target_of_its_own_made(
    checked, made, predictions, tmp_path
):
    entry = checked["problems"]["Lag"] | {"figures": ["loss_curves"]}
    config = checked | {"problems": {"Lag": entry}, "title": "A paper", "about": "Its."}
    artifacts = {"scores": made[1], "predictions": predictions, "data": {}}
    figure = draw("loss_curves", "Lag", step_spec(config, "Lag", "figure"), artifacts)
    (tmp_path / "Lag" / "figures").mkdir(parents=True)
    files.write_figure(tmp_path / "Lag" / "figures" / "loss_curves.png", figure)
    part = read_part(tmp_path, "part", config)
    (problem,) = part.problems
    assert (problem.verdict, problem.grid) == ("met", None)
    assert [one.who for one in part.results] == ["chrono", "usual biases"]
    empty = ("problems", "results", "verdicts", "claim_verdicts", "real")
    html = page.render(
        {
            **{key: [] for key in empty},
            **{"claims": {}, "versions": {}, "words": content.VERDICTS},
            **{"seconds": None, "seed": 1, "repeats": 2, "code": "", "parts": [part]},
        }
    )
    assert '<h2 id="part">A paper</h2>' in html
    assert "0 of 2, 2 failed" in html
    assert "<dt>usual biases</dt><dd>budget=80</dd>" in html
    assert "Loss of every block" in html
