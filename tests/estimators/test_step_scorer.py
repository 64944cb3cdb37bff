"""Metrics over real steps, in scorers and searches, against the metric itself."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyRegressor
from sklearn.metrics import (
    f1_score,
    log_loss,
    mean_absolute_error,
    precision_score,
    roc_auc_score,
)
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skseq
from skseq import StatefulLSTMClassifier
from skseq.metrics import step_scorer
from skseq.preprocessing import PerStep

from .conftest import N_STEPS


class Says(ClassifierMixin, BaseEstimator):
    """Answers with what it is shown, class `says` where that is negative."""

    def __init__(self, says=0):
        self.says = says

    def fit(self, X, y, groups=None):
        self.classes_, self.groups_ = np.array([0, 1]), groups
        return self

    def predict(self, X, groups=None):
        self.shown_ = groups
        if isinstance(X, list):
            return [self.predict(row) for row in X]
        return np.where(X < 0, self.says, X > 0.5).astype(int)

    def predict_proba(self, X):
        return np.stack([1 - abs(X), abs(X)], axis=-1)


RNG = np.random.default_rng(0)
X = RNG.uniform(-0.3, 1, size=(9, 4))
Y = RNG.integers(2, size=(9, 4))
FITTED = Says().fit(X, Y)


# TeamHG-Memex/sklearn-crfsuite #20: cross-validation with a metric over tokens.
def test_steps_of_all_sequences_are_scored_together():
    scorer = step_scorer(f1_score, average="macro")
    expected = f1_score(Y.ravel(), FITTED.predict(X).ravel(), average="macro")
    assert scorer(FITTED, X, Y) == expected
    listed = [row[: 1 + i % 4] for i, row in enumerate(X)]
    labels = [row[: 1 + i % 4] for i, row in enumerate(Y)]
    joined = f1_score(
        np.concatenate(labels), FITTED.predict(np.concatenate(listed)), average="macro"
    )
    assert scorer(FITTED, listed, labels) == joined
    padded = Y.astype(object)
    for i, row in enumerate(padded):
        row[1 + i % 4 :] = None
    assert scorer(FITTED, X, padded) == joined
    assert scorer(FITTED, X, np.where(padded == None, np.nan, Y)) == joined  # noqa: E711
    named = step_scorer(f1_score, average="macro", padding=-1)
    assert named(FITTED, X, np.where(padded == None, -1, Y)) == joined  # noqa: E711


def test_errors_turn_their_sign_and_probabilities_are_those_of_the_second_class():
    error = step_scorer(mean_absolute_error, greater_is_better=False)
    assert error(FITTED, X, Y) == -np.mean(Y != FITTED.predict(X))
    area = step_scorer(roc_auc_score, response_method="predict_proba")
    assert area(FITTED, X, Y) == roc_auc_score(Y.ravel(), abs(X).ravel())
    loss = step_scorer(
        log_loss, response_method="predict_proba", greater_is_better=False
    )
    assert loss(FITTED, X, Y) == -log_loss(Y.ravel(), abs(X).ravel())


def test_one_target_a_row_is_a_step_and_vectors_are_one_each():
    scorer = step_scorer(mean_absolute_error)
    mean = DummyRegressor().fit(X, X[:, 0])
    assert scorer(mean, X, X[:, 0]) == mean_absolute_error(X[:, 0], mean.predict(X))
    both = np.stack([Y, Y], axis=2)
    fitted = Says().fit(both, both)
    assert scorer(fitted, both - 0.1, both) == mean_absolute_error(
        both.reshape(-1, 2), fitted.predict(both - 0.1).reshape(-1, 2)
    )


def test_weights_of_sequences_and_of_steps_reach_the_metric():
    scorer = step_scorer(precision_score)
    weights = np.arange(1.0, 10)
    per_step = np.repeat(weights[:, None], 4, axis=1)
    expected = precision_score(
        Y.ravel(), FITTED.predict(X).ravel(), sample_weight=per_step.ravel()
    )
    for given in (weights, per_step, list(per_step)):
        assert scorer(FITTED, X, Y, sample_weight=given) == expected


def test_scorers_are_copied_kept_and_searched_with(tmp_path):
    scorer = step_scorer(f1_score, average="macro")
    assert pickle.loads(pickle.dumps(scorer)) == clone(scorer, safe=False) == scorer
    search = GridSearchCV(Says(), {"says": [0, 1]}, scoring=scorer, cv=3).fit(X, Y)
    folds = [search.cv_results_[f"split{i}_test_score"][0] for i in range(3)]
    halves = np.split(np.arange(9), 3)
    assert folds == [scorer(FITTED, X[rows], Y[rows]) for rows in halves]
    found = cross_validate(Says(), X, Y, scoring={"f1": scorer}, cv=3)
    assert found["test_f1"].tolist() == folds
    search = GridSearchCV(DummyRegressor(), {}, scoring=scorer)
    skseq.save(search, tmp_path / "search.skops")
    assert skseq.load(tmp_path / "search.skops").scoring == scorer


def test_groups_and_weights_are_routed_where_they_are_asked_for():
    groups, weights = np.repeat([0, 1, 2], 3), np.arange(1.0, 10)
    seen = []

    def metric(y_true, y_pred, sample_weight):
        seen.append(sample_weight)
        return 0.0

    with sklearn.config_context(enable_metadata_routing=True):
        scorer = step_scorer(metric).set_score_request(groups=True, sample_weight=True)
        est = Says().set_fit_request(groups=True).set_predict_request(groups=True)
        found = cross_validate(
            est,
            X,
            Y,
            scoring=scorer,
            cv=GroupKFold(3),
            params={"groups": groups, "sample_weight": weights},
            return_estimator=True,
        )
    assert sorted(fitted.shown_[0] for fitted in found["estimator"]) == [0, 1, 2]
    np.testing.assert_array_equal(
        np.sort(np.concatenate(seen)), np.repeat(weights, N_STEPS)
    )
    with pytest.raises(TypeError, match="routes sample_weight and groups; got 'colour"):
        scorer.set_score_request(colour=True)


def test_what_a_network_is_masked_at_does_not_count(cases):
    case = cases["classifier_per_step"]
    X = case.X.copy()
    X[:, 2:] = -1
    net = case.make(epochs=1, mask_value=-1)
    model = make_pipeline(PerStep(StandardScaler(), mask_value=-1), net)
    model.fit(X, case.y)
    assert isinstance(net, StatefulLSTMClassifier)
    predicted = model.predict(X)[:, :2].ravel()
    expected = f1_score(case.y[:, :2].ravel(), predicted, average="macro")
    scorer = step_scorer(f1_score, average="macro")
    assert scorer(model, X, case.y) == expected
    search = GridSearchCV(model, {}, cv=[(np.arange(16), np.arange(16))]).fit(X, case.y)
    assert scorer(search, X, case.y) == expected


@pytest.mark.parametrize(
    ("y", "more", "message"),
    [
        (Y[:3], {}, "y_true and y_pred must be the same sequences and steps; got st"),
        (np.full((9, 4), np.nan), {}, "y_true has no step to score: all are padding"),
        (3, {}, "y_true must hold a row per sequence, and not be empty; got shape"),
        (Y, {"sample_weight": [1, 2]}, "sample_weight must be one for each of 9 seq"),
    ],
)
def test_what_cannot_be_scored_is_refused(y, more, message):
    with pytest.raises(ValueError, match=message):
        step_scorer(f1_score)(FITTED, X, y, **more)
