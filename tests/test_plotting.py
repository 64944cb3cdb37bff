"""What is drawn, where and how it is called."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from skseq import plotting


def test_loss_curves_show_every_fit_and_the_median():
    losses = np.array([[3.0, 2.0, 1.0], [4.0, 3.0, np.nan], [5.0, 5.0, 5.0]])
    ax = plotting.plot_loss_curves({"searched": losses})
    lines = ax.get_lines()
    assert len(lines) == 4
    np.testing.assert_allclose(lines[-1].get_ydata(), [4.0, 3.0, 3.0])
    np.testing.assert_array_equal(lines[-1].get_xdata(), [1, 2, 3])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "searched: median of 3 fits"
    ]
    assert ax.get_yscale() == "log"


def test_a_single_epoch_is_a_visible_point():
    ax = plotting.plot_loss_curves({"searched": [[1.0], [2.0]]})
    assert all(line.get_marker() == "o" for line in ax.get_lines())


def test_success_rates_have_their_counts_and_intervals():
    ax = plotting.plot_success_rates([("searched", 20, 20), ("published", 8, 20)])
    assert [text.get_text() for text in ax.texts] == ["20 of 20", "8 of 20"]
    (segment,) = ax.containers[1].lines[2][0].get_segments()
    # Wilson's interval of 8 of 20.
    np.testing.assert_allclose(segment[:, 0], [0.2188, 0.6134], atol=1e-4)


def test_the_picture_of_predictions_counts_shares_of_the_expected():
    ax = plotting.plot_predicted_expected(["a", "b", "b", "b"], ["a", "b", "b", "a"])
    places = {text.get_position(): text.get_text() for text in ax.texts}
    assert places == {(0, 0): "100", (0, 1): "33.3", (1, 1): "66.7"}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]


def test_many_symbols_are_not_annotated():
    ax = plotting.plot_predicted_expected(np.arange(100), np.arange(100))
    assert len(ax.texts) == 0
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "0",
        "20",
        "40",
        "60",
        "80",
    ]


def test_predicted_values_stand_against_expected_ones():
    ax = plotting.plot_predicted_values([1.0, 3.0], [2.0, 4.0])
    exact, points = ax.get_lines()
    np.testing.assert_array_equal(exact.get_xydata(), [[1, 1], [4, 4]])
    np.testing.assert_array_equal(points.get_xydata(), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("size", "drawn"), [(20_000, 20_000), (20_001, 10_001), (60_000, 20_000)]
)
def test_of_very_many_values_every_few_are_drawn(size, drawn):
    ax = plotting.plot_predicted_values(np.arange(size), np.arange(size))
    _, points = ax.get_lines()
    assert len(points.get_xdata()) == drawn
    np.testing.assert_array_equal(np.diff(points.get_xdata()), -(-size // 20_000))


@pytest.mark.parametrize(
    ("varied", "scale"),
    [([5, 10, 100], "log"), ([5, 50], "linear"), ([0, 9], "linear")],
)
def test_scores_stand_at_the_values_varied(varied, scale):
    scores = {"searched": {place: [0.5, 0.9, 0.6] for place in reversed(varied)}}
    ax = plotting.plot_scores_against(scores, xlabel="lag", ylabel="accuracy")
    line = ax.get_lines()[0]
    np.testing.assert_array_equal(line.get_xydata(), [[x, 0.6] for x in varied])
    assert ax.get_xscale() == scale
    assert [label.get_text() for label in ax.get_xticklabels()] == list(
        map(str, varied)
    )


def test_ticks_leave_room_for_each_other():
    scores = {"searched": {place: [0.5] for place in range(100)}}
    ax = plotting.plot_scores_against(scores, xlabel="lag", ylabel="accuracy")
    assert len(ax.get_xticks()) < 20


def test_forecasts_stand_at_their_own_times():
    months = np.arange("2001-01", "2001-07", dtype="datetime64[M]")
    forecasts = [
        {"label": "network", "positions": [1, 2], "values": [[1.0, 2.0], [3.0, 6.0]]},
        {"label": "network", "positions": [4, 5], "values": [[7.0, 8.0]]},
    ]
    ax = plotting.plot_forecast(months, range(6), forecasts, test_from=4, unit="pounds")
    _, train, test, border = ax.get_lines()
    assert list(train.get_xdata()) == list(months[[1, 2]])
    assert list(train.get_ydata()) == [2.0, 4.0]
    assert list(test.get_xdata()) == list(months[[4, 5]])
    assert list(border.get_xdata()) == [months[4]] * 2
    assert ax.get_ylabel() == "pounds"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "measured",
        "network",
    ]


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plotting.plot_loss_curves({"a": [[1.0, 2.0]]}, ax=ax),
        lambda ax: plotting.plot_success_rates([("a", 1, 2)], ax=ax),
        lambda ax: plotting.plot_predicted_expected([1, 2], [1, 2], ax=ax),
        lambda ax: plotting.plot_predicted_values([1.0], [2.0], ax=ax),
        lambda ax: plotting.plot_forecast([0, 1], [1, 2], [], test_from=1, ax=ax),
    ],
)
def test_axes_that_are_given_are_drawn_into(draw):
    ax = plotting.new_axes()
    assert draw(ax) is ax
    assert ax.has_data()


def seen_with(color, matrix):
    return np.clip(np.array(matrix) @ np.array(to_rgb(color)), 0, 1)


# Machado, Oliveira & Fernandes (2009), severity 1.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


@pytest.mark.parametrize("kind", DEFICIENCIES)
def test_colours_differ_for_colour_blind_eyes(kind):
    colors = [seen_with(color, DEFICIENCIES[kind]) for color in plotting.PALETTE]
    distances = [
        np.linalg.norm(one - other)
        for index, one in enumerate(colors)
        for other in colors[:index]
    ]
    assert min(distances) > 0.1


@pytest.mark.slow
def test_plotting_needs_no_tensorflow():
    code = (
        "import sys, skseq.plotting; print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "set()"
