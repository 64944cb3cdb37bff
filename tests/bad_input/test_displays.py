"""What displays cannot draw, and what they say."""

import pickle

import numpy as np
import pytest

from skseq import displays
from skseq.preprocessing import OneHotSequence

from .conftest import data, fitted

CATALOGUE = [
    # Losses.
    (
        "D.LossCurveDisplay({})",
        "curves holds no losses; at least one curve is required.",
    ),
    (
        'D.LossCurveDisplay({"a": "abc"})',
        "curves['a'] must be numbers, of shape (n,) or (n_rows, n), or a list of rows; "
        "got 'abc'.",
    ),
    (
        "D.LossCurveDisplay.from_estimator(encoder)",
        "LossCurveDisplay needs an estimator with a loss_curve_; got OneHotSequence.",
    ),
    # Predictions.
    (
        "D.PredictionDisplay.from_predictions([[1, 2]], [[1, 2, 3]])",
        "y_true and y_pred must be the same sequences and steps; got 1 sequences with "
        "answers of shape (2,), and 1 with (3,).",
    ),
    (
        "D.PredictionDisplay.from_predictions([[nan, nan]], [[1, 2]])",
        "y_true has no answer to draw: all are padding or have no target.",
    ),
    (
        "D.PredictionDisplay([], [], numbers=True)",
        "y_true and y_pred must have the same shape and not be empty; got (0,) and "
        "(0,).",
    ),
    (
        "D.PredictionDisplay.from_estimator(encoder, X, X)",
        "Only classifiers and regressors answer; got OneHotSequence.",
    ),
    (
        "D.SequenceDisplay.from_estimator(clf, X)",
        "StatefulLSTMClassifier answers something else than X; pass the y that was "
        "expected.",
    ),
    (
        "D.SequenceDisplay.from_predictions(X3, X3)",
        "Each answer has 2 columns; draw one of them, y[..., column], or all together "
        "with PredictionDisplay.",
    ),
    (
        "D.SequenceDisplay.from_predictions([1], [1], n_sequences=0)",
        "n_sequences must be at least 1, got 0.",
    ),
    (
        "D.SequenceDisplay([[1]], [[1, 2]], numbers=False)",
        "expected and predicted must hold the same sequences, at least one, with as "
        "many answers; got [(1,)] and [(2,)].",
    ),
    # Accuracy.
    (
        "D.AccuracyDisplay.from_estimator(reg, X, z)",
        "Numbers are hardly ever exactly right: set tolerance to how far they may be "
        "off, or draw them with PredictionDisplay or SequenceDisplay.",
    ),
    (
        'D.AccuracyDisplay.from_predictions([1], [1], by="row")',
        'by must be "position" or "length", got \'row\'.',
    ),
    (
        'D.AccuracyDisplay.from_predictions([1], [1], by="length", lengths=[1, 2])',
        "lengths must be one for each of 1 sequences; got shape (2,).",
    ),
    (
        "D.AccuracyDisplay([1, 2], [1], [1])",
        "places, right and counted must have one shape (n_places,) and not be empty; "
        "got (2,), (1,) and (1,).",
    ),
    # Success.
    (
        "D.SuccessDisplay.from_estimator(reg, X, z)",
        "Numbers are hardly ever exactly right; count successes by a criterion of your "
        "own and give SuccessDisplay their number.",
    ),
    (
        "D.LagDisplay({})",
        "scores holds no score; at least one is required.",
    ),
    (
        "D.LagDisplay.from_estimator({1: clf}, {1: (X, y), 2: (X, y)})",
        "There is no estimator for [2]; the mapping has [1].",
    ),
    # Forecasts.
    (
        "D.ForecastDisplay.from_estimator(reg, z)",
        "ForecastDisplay.from_estimator needs a forecaster of series, such as "
        "skseq.forecasting.WindowForecaster; got StatefulLSTMRegressor. What another "
        "forecasts is drawn by from_predictions.",
    ),
    (
        "D.ForecastDisplay(X, [])",
        "series must have shape (n_timesteps,), one column, and not be empty; got "
        "shape (8, 4).",
    ),
    (
        "D.ForecastDisplay([1, 2], [], time=[1])",
        "series has 2 values, but time has shape (1,).",
    ),
    (
        "D.ForecastDisplay.from_predictions([1, 2], [1, 2, 3])",
        "y_pred has 3 forecasts, more than the 2 steps of the series; a Series of "
        "pandas can stand after them.",
    ),
    (
        'D.Forecast("rule", [1], [1, 2])',
        "The forecasts 'rule' have 2 values for times of shape (1,); each needs one.",
    ),
    (
        'D.Forecast("rule", [1], [1], low=[0])',
        "The forecasts 'rule' have one end of an interval; give low and high.",
    ),
    (
        'D.Forecast("rule", [1], [1], low=[0], high=[1, 2])',
        "The forecasts 'rule' have 1 values but intervals of shapes (1,) and (2,).",
    ),
    # Searches.
    (
        "D.GridDisplay.from_estimator(clf)",
        "GridDisplay.from_estimator needs a search with cv_results_, such as "
        "GridSearchCV; got StatefulLSTMClassifier.",
    ),
    (
        'D.GridDisplay.from_cv_results({"params": [{}]})',
        "cv_results has no 'mean_test_score'; it has ['params'].",
    ),
    (
        'D.GridDisplay.from_cv_results({"params": [{"a": 1}] * 2, '
        '"mean_test_score": [1, 2]})',
        "Two candidates stand at a 1; a heat map has room for one.",
    ),
    (
        'D.GridDisplay([[1.0]], rows=["a"], columns=[])',
        "values has shape (1, 1), but there are names for 1 rows and 0 columns.",
    ),
    (
        'D.GridDisplay([[nan]], rows=["a"], columns=["b"])',
        "values holds no number; there is nothing to draw.",
    ),
    # What the network remembers.
    (
        "D.MemoryDisplay.from_estimator(encoder, X)",
        "MemoryDisplay looks into the recurrent networks of skseq; got OneHotSequence, "
        "which holds nothing from step to step.",
    ),
    (
        "D.MemoryDisplay.from_estimator(clf, X, row=8)",
        "X has no row 8 with a real step; it has 8 rows.",
    ),
    (
        "D.MemoryDisplay.from_estimator(both, X, layer=2)",
        "There is no layer 2 that reads; there is lstm_forward, lstm_backward.",
    ),
    (
        'D.MemoryDisplay.from_estimator(gru, X, names=["cell state"])',
        "This layer has no 'cell state'; it has update gate, reset gate, output.",
    ),
    (
        'D.MemoryDisplay.from_estimator(clf, X, step_names=["a"])',
        "step_names has 1 names for 4 steps.",
    ),
    (
        'D.MemoryDisplay({"output": [1.0]})',
        "states must have shape (n_timesteps, units), all with the same steps, at "
        "least one; got {'output': (1,)}.",
    ),
    (
        "D.InfluenceDisplay.from_estimator(clf, X[:1])",
        "Steps are exchanged with those of other sequences; X has 1, at least 2 are "
        "required.",
    ),
    (
        "D.InfluenceDisplay.from_estimator(clf, X, n_repeats=0)",
        "n_repeats must be at least 1, got 0.",
    ),
    (
        "D.InfluenceDisplay.from_estimator(encoder, X)",
        "Only classifiers and regressors answer; got OneHotSequence.",
    ),
    (
        "D.InfluenceDisplay([1.0])",
        "influence must have shape (n_answers, n_timesteps) and not be empty; got "
        "(1,).",
    ),
]


@pytest.mark.parametrize(
    ("call", "message"), CATALOGUE, ids=[call for call, _ in CATALOGUE]
)
def test_what_cannot_be_drawn_is_refused(call, message, refused):
    import matplotlib.pyplot as plt

    refused(
        call,
        ValueError,
        message,
        D=displays,
        encoder=OneHotSequence().fit([["a", "b"]]),
        nan=np.nan,
        **pickle.loads(fitted()),
        **data(),
    )
    assert plt.get_fignums() == []
