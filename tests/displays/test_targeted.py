"""What is drawn, where and how it is called."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from sklearn.pipeline import make_pipeline

from skseq import OneHotSequence, StatefulLSTMClassifier, displays
from skseq.datasets import make_value_memorization


def texts(of):
    return [text.get_text() for text in of]


# Losses.


def test_loss_curves_show_every_fit_and_the_median():
    losses = np.array([[3.0, 2.0, 1.0], [4.0, 3.0, np.nan], [5.0, 5.0, 5.0]])
    ax = displays.LossCurveDisplay({"searched": losses}).plot().ax_
    lines = ax.get_lines()
    assert len(lines) == 4
    np.testing.assert_allclose(lines[-1].get_ydata(), [4.0, 3.0, 3.0])
    np.testing.assert_array_equal(lines[-1].get_xdata(), [1, 2, 3])
    assert texts(ax.get_legend().get_texts()) == ["searched: median of 3 fits"]
    assert ax.get_yscale() == "log"


def test_losses_of_zero_stand_on_a_linear_axis():
    display = displays.LossCurveDisplay({"fit": [1.0, 0.0]}).plot()
    assert display.ax_.get_yscale() == "linear"


def test_a_single_epoch_is_a_visible_point():
    ax = displays.LossCurveDisplay({"searched": [[1.0], [2.0]]}).plot().ax_
    assert all(line.get_marker() == "o" for line in ax.get_lines())


def test_fits_of_different_lengths_and_validation_are_drawn(fits):
    fit = fits["last"]
    validated = StatefulLSTMClassifier(**{**fit.estimator.get_params(), "epochs": 2})
    validated.fit(fit.X, fit.y, X_val=fit.X, y_val=fit.y)
    display = displays.LossCurveDisplay.from_estimator([fit.estimator, validated])
    assert texts(display.ax_.get_legend().get_texts()) == [
        "StatefulLSTMClassifier: median of 2 fits",
        "StatefulLSTMClassifier, validation",
    ]
    assert np.isnan(display.curves["StatefulLSTMClassifier"][1]).tolist() == [
        False,
        False,
        True,
        True,
    ]


# Success.


def test_success_rates_have_their_counts_and_intervals():
    rates = [("searched", 20, 20), ("published", 8, 20)]
    ax = displays.SuccessDisplay(rates).plot().ax_
    assert texts(ax.texts) == ["20 of 20", "8 of 20"]
    (segment,) = ax.containers[1].lines[2][0].get_segments()
    # Wilson's interval of 8 of 20.
    np.testing.assert_allclose(segment[:, 0], [0.2188, 0.6134], atol=1e-4)


def test_a_sequence_succeeds_if_all_its_answers_are_right():
    y_pred = {"good": [[1, 2], [3, 4]], "half": [[1, 2], [3, 0]]}
    display = displays.SuccessDisplay.from_predictions([[1, 2], [3, 4]], y_pred)
    assert display.rates == [("good", 2, 2), ("half", 1, 2)]


@pytest.mark.parametrize(
    ("varied", "scale"),
    [([5, 10, 100], "log"), ([5, 50], "linear"), ([0, 9], "linear")],
)
def test_scores_stand_at_the_values_varied(varied, scale):
    scores = {"searched": {place: [0.5, 0.9, 0.6] for place in reversed(varied)}}
    ax = displays.LagDisplay(scores).plot().ax_
    line = ax.get_lines()[0]
    np.testing.assert_array_equal(line.get_xydata(), [[x, 0.6] for x in varied])
    assert ax.get_xscale() == scale
    assert texts(ax.get_xticklabels()) == list(map(str, varied))


def test_ticks_leave_room_for_each_other():
    scores = {"searched": {place: [0.5] for place in range(100)}}
    assert len(displays.LagDisplay(scores).plot().ax_.get_xticks()) < 20


def test_predictions_are_scored_at_each_lag():
    right, wrong = ([[1, 2]], [[1, 2]]), ([[1, 2]], [[1, 1]])
    pairs = {1: [right, right], 5: [right, wrong]}
    display = displays.LagDisplay.from_predictions(pairs)
    assert display.ylabel == "sequence accuracy"
    scores = {lag: s.tolist() for lag, s in display.scores["predictions"].items()}
    assert scores == {1: [1.0, 1.0], 5: [1.0, 0.0]}


# Predictions.


def test_the_picture_of_predictions_counts_shares_of_the_expected():
    true, pred = ["a", "b", "b", "b"], ["a", "b", "b", "a"]
    ax = displays.PredictionDisplay.from_predictions(true, pred).ax_
    places = {text.get_position(): text.get_text() for text in ax.texts}
    assert places == {(0, 0): "100", (0, 1): "33.3", (1, 1): "66.7"}
    assert texts(ax.get_xticklabels()) == ["a", "b"]


def test_many_symbols_are_not_annotated():
    symbols = np.arange(100)
    ax = displays.PredictionDisplay(symbols, symbols, numbers=False).plot().ax_
    assert len(ax.texts) == 0
    assert texts(ax.get_yticklabels()) == ["0", "20", "40", "60", "80"]


def test_predicted_values_stand_against_expected_ones():
    ax = displays.PredictionDisplay.from_predictions([1.0, 3.0], [2.0, 4.0]).ax_
    exact, points = ax.get_lines()
    np.testing.assert_array_equal(exact.get_xydata(), [[1, 1], [4, 4]])
    np.testing.assert_array_equal(points.get_xydata(), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("size", "drawn"), [(20_000, 20_000), (20_001, 10_001), (60_000, 20_000)]
)
def test_of_very_many_values_every_few_are_drawn(size, drawn):
    values = np.arange(size)
    _, points = (
        displays.PredictionDisplay(values, values, numbers=True).plot().ax_.lines
    )
    assert len(points.get_xdata()) == drawn
    np.testing.assert_array_equal(np.diff(points.get_xdata()), -(-size // 20_000))


def test_padded_and_listed_sequences_count_alike(fits):
    """The same rows, once padded and masked, once as a list."""
    padded, listed = (
        displays.PredictionDisplay.from_estimator(fit.estimator, fit.X, fit.y)
        for fit in (fits["padded"], fits["listed"])
    )
    assert len(padded.y_true) == sum(map(len, fits["listed"].y))
    np.testing.assert_array_equal(padded.y_true, listed.y_true)
    np.testing.assert_array_equal(padded.y_pred, listed.y_pred)


def test_an_echo_knows_what_is_expected(fits):
    fit = fits["echo"]
    display = displays.SequenceDisplay.from_estimator(fit.estimator, fit.X)
    np.testing.assert_array_equal(display.expected, fit.X.argmax(axis=2)[:6])
    success = displays.SuccessDisplay.from_estimator(fit.estimator, fit.X)
    ((_, right, tried),) = success.rates
    assert right / tried == fit.estimator.score(fit.X)


def test_wrong_answers_are_framed():
    true, pred = [list("abc"), list("ab")], [list("abd"), list("bb")]
    display = displays.SequenceDisplay.from_predictions(true, pred)
    framed = [
        tuple(np.round([p.get_x() + 0.45, p.get_y() + 0.45], 6))
        for p in display.ax_.patches
    ]
    assert framed == [(2, 1.0), (0, 3.5)]
    assert texts(display.ax_.texts) == list("abcabdabbb")


def test_sequences_of_numbers_are_lines_one_after_the_other():
    display = displays.SequenceDisplay.from_predictions(
        [[1.0, 2.0], [3.0, 4.0]] * 4, np.zeros((8, 2)), n_sequences=2
    )
    found = [line.get_xydata().tolist() for line in display.ax_.lines[:2]]
    assert found == [[[0, 1], [1, 2]], [[3, 3], [4, 4]]]
    assert texts(display.ax_.get_xticklabels()) == ["0", "1"]


def test_accuracy_is_counted_by_position_and_by_length():
    true = [[1, 2, 3], [1, 2], [4]]
    pred = [[1, 2, 0], [1, 0], [4]]
    by_position = displays.AccuracyDisplay.from_predictions(true, pred)
    assert by_position.places.tolist() == [0, 1, 2]
    assert by_position.right.tolist() == [3, 1, 0]
    assert by_position.counted.tolist() == [3, 2, 1]
    np.testing.assert_allclose(by_position.chance, [2 / 3, 1, 1])
    by_length = displays.AccuracyDisplay.from_predictions(true, pred, by="length")
    assert by_length.places.tolist() == [1, 2, 3]
    assert by_length.right.tolist() == [1, 1, 2]
    given = displays.AccuracyDisplay.from_predictions(
        [1, 2], [1, 1], by="length", lengths=[5, 7]
    )
    assert dict(zip(given.places.tolist(), given.right.tolist(), strict=True)) == {
        5: 1,
        7: 0,
    }


def test_missing_and_padded_targets_do_not_count():
    display = displays.AccuracyDisplay.from_predictions(
        [[1, -1, 2], [-1, 2, 2]], [[1, 1, 2], [2, 2, 1]], padding=-1
    )
    assert display.right.tolist() == [1, 1, 1]
    assert display.counted.tolist() == [1, 1, 2]


@pytest.mark.parametrize("kind", ["padded", "listed"])
def test_lengths_are_those_of_real_steps(kind, fits):
    fit = fits[kind]
    make = displays.AccuracyDisplay.from_estimator
    display = make(fit.estimator, fit.X, fit.y, by="length")
    assert display.places.tolist() == [2, 3, 4]
    assert display.counted.tolist() == [2 * 4, 3 * 4, 4 * 8]


def test_numbers_within_the_tolerance_are_right():
    display = displays.AccuracyDisplay.from_predictions(
        [[1.0, 2.0]], [[1.1, 2.5]], tolerance=0.2
    )
    assert display.right.tolist() == [1, 0]
    assert display.chance is None


def test_many_places_have_a_band():
    display = displays.AccuracyDisplay(range(100), [1] * 100, [2] * 100).plot()
    assert len(display.ax_.collections) == 1


# Forecasts.


def test_forecasts_stand_at_their_own_times():
    months = np.arange("2001-01", "2001-07", dtype="datetime64[M]")
    forecasts = [
        displays.Forecast("network", months[[1, 2]], [[1.0, 2.0], [3.0, 6.0]]),
        displays.Forecast("network", months[[4, 5]], [[7.0, 8.0]]),
    ]
    display = displays.ForecastDisplay(
        range(6), forecasts, time=months, test_from=months[4], unit="pounds"
    )
    ax = display.plot().ax_
    _, train, test, border = ax.get_lines()
    assert list(train.get_xdata()) == list(months[[1, 2]])
    assert list(train.get_ydata()) == [2.0, 4.0]
    assert list(test.get_xdata()) == list(months[[4, 5]])
    assert list(border.get_xdata()) == [months[4]] * 2
    assert ax.get_ylabel() == "pounds"
    assert texts(ax.get_legend().get_texts()) == [
        "measured",
        "network: median and range of 2 fits",
    ]


def test_a_forecaster_forecasts_after_its_series_and_after_parts_of_it(fits):
    fit = fits["forecaster"]
    make = displays.ForecastDisplay.from_estimator
    (after,) = make(fit.estimator, fit.X).forecasts
    assert after.time.astype("datetime64[M]").astype(str).tolist() == [
        "2003-01",
        "2003-02",
    ]
    np.testing.assert_array_equal(after.values[0], fit.estimator.predict(fit.X))
    display = make(fit.estimator, fit.X.to_numpy(), start=[10, 20])
    assert [one.time.tolist() for one in display.forecasts] == [[10, 11], [20, 21]]
    assert make([fit.estimator] * 3, fit.X).forecasts[0].values.shape == (3, 2)


@pytest.mark.parametrize("kind", [np.asarray, pd.Series])
def test_predictions_have_their_interval(kind):
    series = kind(np.arange(10.0))
    display = displays.ForecastDisplay.from_predictions(
        series, series[-3:], interval=([6, 7, 8], [8, 9, 10]), coverage=0.9, history=2
    )
    assert texts(display.ax_.get_legend().get_texts())[1] == (
        "forecast, with 90 % interval"
    )
    measured, forecast = display.ax_.lines
    assert measured.get_xdata().tolist() == [5, 6, 7, 8, 9]
    assert forecast.get_xdata().tolist() == [7, 8, 9]
    (band,) = display.ax_.collections
    assert band.get_datalim(display.ax_.transData).bounds == (7.0, 6.0, 2.0, 4.0)


# Searches.


def test_a_search_is_a_table_of_its_candidates(fits):
    search = fits["search"].estimator
    display = displays.GridDisplay.from_estimator(search)
    np.testing.assert_array_equal(
        display.values, [search.cv_results_["mean_test_score"]]
    )
    assert display.columns == ["1", "2"]
    assert display.chosen == (0, search.best_index_)


def test_all_parameters_but_the_last_stand_down():
    params = [
        {"clf__units": units, "clf__rate": rate, "fixed": 1}
        for units in (2, 4)
        for rate in (0.1, 0.2, 0.3)
    ]
    cv_results = {"params": params[1:], "mean_test_score": np.arange(1.0, 6.0)}
    display = displays.GridDisplay.from_cv_results(cv_results, chosen=0)
    assert display.rows == ["units 2", "units 4"]
    assert display.columns == ["0.2", "0.3", "0.1"]
    np.testing.assert_array_equal(display.values, [[1, 2, np.nan], [4, 5, 3]])
    assert display.chosen == (0, 0)
    assert len(display.ax_.texts) == 5


# What the network remembers.


@pytest.mark.parametrize("kind", ["last", "padded", "listed", "gru", "both"])
def test_the_output_of_the_last_step_is_what_the_answer_is_read_from(kind, fits):
    fit = fits[kind]
    make = displays.MemoryDisplay.from_estimator
    outputs = [
        make(fit.estimator, fit.X, row=1, layer=layer).states["output"][-1]
        for layer in range(2 if kind == "both" else 1)
    ]
    *_, kernel, bias = fit.estimator.weights_
    said = np.concatenate(outputs) @ kernel + bias
    shares = np.exp(said) / np.exp(said).sum()
    predicted = fit.estimator.predict_proba(fit.X)[1]
    last = predicted if predicted.ndim == 1 else predicted[-1]
    np.testing.assert_allclose(shares, last, rtol=1e-9)


def test_gates_make_the_states(fits):
    """c is forget * c + input * candidate, and h is output * tanh(c)."""
    fit = fits["last"]
    states = displays.MemoryDisplay.from_estimator(fit.estimator, fit.X).states
    c, h = states["cell state"], states["output"]
    np.testing.assert_allclose(h, states["output gate"] * np.tanh(c))
    kernel, recurrent, bias, *_ = fit.estimator.weights_
    before = np.concatenate([np.zeros((1, 3)), h[:-1]])
    i, f, g, _ = np.split(fit.X[0] @ kernel + before @ recurrent + bias, 4, axis=1)
    np.testing.assert_allclose(states["forget gate"], 1 / (1 + np.exp(-f)))
    kept = states["forget gate"][1:] * c[:-1] + (1 / (1 + np.exp(-i)) * np.tanh(g))[1:]
    np.testing.assert_allclose(c[1:], kept)


def test_update_gates_of_a_gru_keep_the_old_output(fits):
    fit = fits["gru"]
    states = displays.MemoryDisplay.from_estimator(fit.estimator, fit.X).states
    assert list(states) == ["update gate", "reset gate", "output"]
    kernel, recurrent, (of_input, of_state), *_ = fit.estimator.weights_
    h = states["output"]
    before = np.concatenate([np.zeros((1, 3)), h[:-1]])
    x = (fit.X[0] @ kernel + of_input)[:, 6:]
    inner = (before @ recurrent + of_state)[:, 6:]
    z, candidate = states["update gate"], np.tanh(x + states["reset gate"] * inner)
    np.testing.assert_allclose(h, z * before + (1 - z) * candidate)


def test_symbols_that_are_shown_name_the_steps(fits):
    fit = fits["pipeline"]
    display = displays.MemoryDisplay.from_estimator(
        fit.estimator, fit.X, row=2, names=["cell state"]
    )
    (panel,) = display.axes_
    assert texts(panel.get_xticklabels()) == fit.X[2].tolist()


@pytest.mark.parametrize(
    "kind", ["steps", "padded", "listed", "numbers", "echo", "pipeline"]
)
def test_no_answer_depends_on_what_comes_after_it(kind, fits):
    fit = fits[kind]
    display = displays.InfluenceDisplay.from_estimator(fit.estimator, fit.X)
    influence = np.nan_to_num(display.influence)
    assert influence.shape == (4, 4)
    assert (np.triu(influence, 1) == 0).all()
    assert (np.tril(influence)[np.tril_indices(4)] > 0).all()


def test_answers_of_both_directions_depend_on_all_steps(fits):
    fit = fits["both"]
    display = displays.InfluenceDisplay.from_estimator(fit.estimator, fit.X)
    assert (display.influence > 0).all()


def test_influence_is_the_mean_over_rows_and_exchanges(fits):
    """Beside plain loops, where each row meets all others."""
    fit = fits["last"]
    X, proba = fit.X[:4], fit.estimator.predict_proba
    display = displays.InfluenceDisplay.from_estimator(fit.estimator, X, n_repeats=9)
    expected = np.zeros(4)
    for step in range(4):
        for row in range(4):
            for other in range(4):
                altered = X[[row]].copy()
                altered[0, step] = X[other, step]
                change = np.abs(proba(altered) - proba(X[[row]])).sum() / 2
                expected[step] += change / (4 * 3)
    np.testing.assert_allclose(display.influence[0], expected)


def test_the_answer_of_a10_depends_on_the_first_symbol():
    """A hundred random symbols lie between the key and its answer."""
    X, y = make_value_memorization(
        100,
        body_length=100,
        n_symbols=12,
        body="random",
        framing="last",
        random_state=0,
    )
    network = StatefulLSTMClassifier(
        units=8,
        epochs=20,
        batch_size=10,
        learning_rate=0.01,
        forget_bias="chrono",
        global_clipnorm=1.0,
        random_state=0,
    )
    estimator = make_pipeline(OneHotSequence(categories=range(12)), network).fit(X, y)
    assert estimator.score(X, y) == 1.0
    display = displays.InfluenceDisplay.from_estimator(estimator, X[:8], n_repeats=2)
    (influence,) = display.influence
    assert influence.argmax() == 0
    assert influence[0] > 0.3
    assert influence[1:].max() < 0.05


# Colours.


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
    colors = [seen_with(color, DEFICIENCIES[kind]) for color in displays.PALETTE]
    distances = [
        np.linalg.norm(one - other)
        for index, one in enumerate(colors)
        for other in colors[:index]
    ]
    assert min(distances) > 0.1


def test_neighbours_of_the_palette_differ_in_grey():
    """By lightness, CIE L*, of what a copier makes of them."""
    colors = np.array([to_rgb(color) for color in displays.PALETTE])
    linear = ((colors + 0.055) / 1.055) ** 2.4
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    assert (np.abs(np.diff(lightness)) > 3).all()
    assert abs(lightness[1] - lightness[0]) > 20
