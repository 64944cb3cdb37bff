"""Which artifacts a problem's figures show, and where."""

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from skseq.experiments.data import draw_repeats
from skseq.experiments.figures import draw

SPEC = {
    "title": "Echo",
    "data": {
        "generator": "make_random_sequences",
        "params": {"n_timesteps": 4, "n_values": 3},
        "sizes": {"search": 1, "train": 2, "test": 3},
        "targets": None,
        "shares": None,
        "stream": None,
        "rows_per_group": None,
        "sweep": None,
    },
    "framing": {"n_in": 2, "n_out": 2, "target": "echo"},
    "criteria": [
        {"metric": "token_accuracy", "data": "test", "at_least": 0.5, "share": 1.0}
    ],
    "outcome": "criterion",
    "untrained": [],
    "baselines": [],
    "stated": {"published": {}},
    "configurations": {},
    "rules": ["guess"],
    "seedless": [],
}


def with_sweep(*, retrain):
    sweep = {"param": "n_timesteps", "values": [4, 6], "retrain": retrain}
    return {**SPEC, "data": {**SPEC["data"], "sweep": sweep}}


def score(value, configuration="searched", **given):
    return {
        "problem": "Echo",
        "configuration": configuration,
        "name": "",
        "case": "",
        "metric": "token_accuracy",
        "data": "test",
        "repeat": 0,
        "value": str(value),
        **given,
    }


def panels(figure, spec=SPEC, **artifacts):
    return draw(figure, "Echo", spec, artifacts).get_axes()


@pytest.fixture(scope="module")
def echoed():
    """Return drawn data and predictions of two repeats, all of them right."""
    data = draw_repeats("Echo", 0, 2, SPEC["data"])
    # Steps before the second lie outside; rows are windows of two steps.
    windows = np.lib.stride_tricks.sliding_window_view(data["test.X"], 2, axis=2)
    return data, windows.reshape(2, -1, 2)


def test_whole_numbers_predicted_as_real_ones_are_drawn_as_values(echoed):
    data, right = echoed
    (ax,) = panels(
        "predicted_expected",
        data=data,
        predictions={"searched.test": right.astype(float) + 0.25},
    )
    assert ax.get_xlabel() == "expected value"
    _, points = ax.get_lines()
    np.testing.assert_array_equal(points.get_xdata(), right.ravel())
    np.testing.assert_array_equal(points.get_ydata(), right.ravel() + 0.25)


def test_symbols_are_drawn_as_a_table_beside_those_of_the_published(echoed):
    data, right = echoed
    searched, published = panels(
        "predicted_expected",
        data=data,
        predictions={"searched.test": right, "published.test": np.zeros_like(right)},
    )[:2]
    assert searched.get_title() == "searched, all repeats"
    assert published.get_title() == "published, all repeats"
    places = {text.get_position(): text.get_text() for text in searched.texts}
    assert places == {(symbol, symbol): "100" for symbol in range(3)}
    assert {text.get_position()[0] for text in published.texts} == {0}


def test_loss_curves_of_every_case_are_named():
    (ax,) = panels(
        "loss_curves",
        spec=with_sweep(retrain=True),
        predictions={
            "n_timesteps=4/searched.loss": np.ones((3, 2)),
            "n_timesteps=6/published.loss": np.ones((5, 2)),
        },
    )
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "searched n_timesteps=4: median of 3 fits",
        "published n_timesteps=6: median of 5 fits",
    ]


def test_every_criterion_has_its_success_rates():
    trained = {"metric": "token_accuracy", "data": "train", "at_most": 1, "share": 1.0}
    axes = panels(
        "success_rates",
        spec={**SPEC, "criteria": [*SPEC["criteria"], trained], "seedless": ["rule"]},
        scores=[
            score(1.0),
            score(0.0, repeat=1),
            score("", repeat=2),
            score(1.0, metric="sequence_accuracy"),
            score(1.0, data="train"),
            score(0.0, "baseline", name="guess"),
            # Without a seed there is no rate.
            score(0.0, "baseline", name="rule"),
        ],
    )
    assert [ax.get_title() for ax in axes] == [
        "token accuracy >= 0.5",
        "token accuracy on train data <= 1",
    ]
    names = [[label.get_text() for label in ax.get_yticklabels()] for ax in axes]
    assert names == [["searched", "guess"], ["searched"]]
    rates = [[text.get_text() for text in ax.texts] for ax in axes]
    assert rates == [["1 of 3", "0 of 1"], ["1 of 1"]]


def test_the_title_is_the_report_s(echoed):
    data, right = echoed
    artifacts = {"data": data, "predictions": {"searched.test": right}}
    figure = draw("predicted_expected", "Echo", SPEC, artifacts)
    assert figure.get_suptitle() == "Echo"


def test_repeats_that_failed_are_counted_and_not_drawn(echoed):
    data, right = echoed
    failed = np.array([True, False])
    wrong = np.where(failed[:, None, None], 1 - right, right)
    (ax, *_) = panels(
        "predicted_expected",
        data=data,
        predictions={"searched.test": wrong, "searched.failed": failed},
    )
    assert ax.get_title() == "searched, 1 failed"
    assert {text.get_text() for text in ax.texts} == {"100"}
    (ax, *_) = panels(
        "predicted_expected",
        data=data,
        predictions={"searched.test": wrong, "searched.failed": ~failed | failed},
    )
    assert (ax.get_title(), len(ax.texts)) == ("searched, 2 failed", 0)


def test_every_case_is_drawn():
    spec = with_sweep(retrain=False)
    data = draw_repeats("Echo", 0, 2, spec["data"])
    predictions = {}
    for name in ("", "n_timesteps=4/", "n_timesteps=6/"):
        X = data[f"{name}test.X"]
        windows = np.lib.stride_tricks.sliding_window_view(X, 2, axis=2)
        predictions[f"{name}searched.test"] = windows.reshape(2, -1, 2)
    axes = panels("predicted_expected", spec=spec, data=data, predictions=predictions)
    assert [ax.get_title() for ax in axes if ax.get_title()] == [
        "searched, all repeats",
        "searched, n_timesteps=4, all repeats",
        "searched, n_timesteps=6, all repeats",
    ]


def test_the_step_that_is_remembered_stands_out(echoed):
    data, right = echoed
    X = right.reshape(-1, 2)
    first = DecisionTreeClassifier(random_state=0).fit(X, X[:, 0])
    (ax,) = panels("influence", data=data, model=first, predictions={})
    assert ax.get_title() == "searched"
    heights = [bar.get_height() for bar in ax.patches]
    assert heights[0] > 0.5
    assert heights[1] == 0.0
    failed = {"searched.failed": np.array([True, True])}
    (ax,) = panels("influence", data=data, model=first, predictions=failed)
    assert (ax.get_title(), len(ax.patches)) == ("every repeat failed", 0)


@pytest.mark.parametrize(
    ("own", "other", "drawn"),
    [
        # The last is kept, and failed in its first case.
        ([False, True], [True, False], False),
        # It is kept too, and failed in the other.
        ([True, False], [False, True], True),
        # The first failed in none.
        ([False, True], [False, True], True),
    ],
)
def test_where_the_kept_fit_failed_nothing_is_exchanged(own, other, drawn):
    spec = with_sweep(retrain=True)
    data = draw_repeats("Echo", 0, 2, spec["data"])
    X = np.lib.stride_tricks.sliding_window_view(data["n_timesteps=4/test.X"], 2, 2)
    X = X.reshape(-1, 2)
    kept = DecisionTreeClassifier(random_state=0).fit(X, X[:, 0])
    failed = {
        "n_timesteps=4/searched.failed": np.array(own),
        "n_timesteps=6/searched.failed": np.array(other),
        # Of the published configuration nothing is kept.
        "n_timesteps=4/published.failed": np.array([True, True]),
    }
    (ax,) = panels("influence", spec=spec, data=data, model=kept, predictions=failed)
    assert bool(ax.patches) == drawn
    assert (ax.get_title() == "every repeat failed") != drawn


def test_a_sweep_of_which_every_repeat_failed_says_so():
    (ax,) = panels("sweep", spec=with_sweep(retrain=True), scores=[])
    assert ax.get_title() == "every repeat failed"


@pytest.mark.parametrize("retrain", [True, False])
def test_a_sweep_stands_at_its_values(retrain):
    first = "n_timesteps=4" if retrain else ""
    scores = [score(0.8, case=first), score(0.6, case="n_timesteps=6")]
    (ax,) = panels("sweep", spec=with_sweep(retrain=retrain), scores=scores)
    assert ax.get_xlabel() == "n timesteps"
    assert ax.get_ylabel() == "token accuracy"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "6"]
    said = [text.get_text() for text in ax.texts]
    assert ("trained here" in said) is not retrain
    drawn = {
        tuple(point)
        for line in ax.get_lines()
        for point in np.asarray(line.get_xydata())
    }
    assert {(4.0, 0.8), (6.0, 0.6)} <= drawn


def test_forecasts_stand_at_their_months():
    spec = {
        **SPEC,
        "framing": {"n_in": 2, "target": "forecast", "n_out": 1},
        "data": {
            **SPEC["data"],
            "sizes": None,
            "targets": {"train": [2, 5], "test": [5, 8]},
            "unit": "pounds",
        },
    }
    months = np.arange("2001-01", "2001-09", dtype="datetime64[M]")
    whole, tested = panels(
        "forecast",
        spec=spec,
        data={"all.X": np.arange(8.0), "all.time": months},
        predictions={
            "searched.train": np.full((1, 3), 1.0),
            "searched.test": np.full((1, 3), 2.0),
        },
        baselines={"last year.test": np.full((1, 3), 3.0), "other.loss": np.ones(2)},
    )
    lines = {tuple(line.get_ydata()): list(line.get_xdata()) for line in whole.lines}
    assert lines[1.0, 1.0, 1.0] == list(months[2:5])
    assert lines[2.0, 2.0, 2.0] == list(months[5:])
    below = {tuple(line.get_ydata()): list(line.get_xdata()) for line in tested.lines}
    assert below[3.0, 3.0, 3.0] == list(months[5:])
    assert (1.0, 1.0, 1.0) not in below
    assert whole.get_ylabel() == tested.get_ylabel() == "pounds"
