"""Estimators in scikit-learn's hands: what comes out equals what is done by hand."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    HalvingGridSearchCV,
    KFold,
    RandomizedSearchCV,
    StratifiedKFold,
    TimeSeriesSplit,
    check_cv,
    cross_val_predict,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils import estimator_html_repr

from skseq import (
    EncoderDecoderEcho,
    LagFramer,
    OneHotSequence,
    RecurrentClassifier,
    RecurrentRegressor,
    Seq2SeqEcho,
    StatefulLSTMClassifier,
    StatefulLSTMRegressor,
)

SMALL = {
    "units": 4,
    "epochs": 60,
    "batch_size": 20,
    "learning_rate": 0.05,
    "random_state": 0,
}
# Two thirds of them, as folds have, are run by the program that runs them all.
N = 60


@pytest.fixture(scope="module")
def table():
    """Four steps; the first decides between two classes."""
    return np.random.default_rng(0).normal(size=(N, 4))


@pytest.fixture(scope="module")
def sides(table):
    return np.where(table[:, 0] > 0, "right", "left")


@pytest.fixture(scope="module")
def tokens():
    """Sequences of three letters."""
    return np.random.default_rng(0).choice(list("abc"), (N, 4))


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def classifier(**params):
    return StatefulLSTMClassifier(**{**SMALL, **params})


def regressor(**params):
    return StatefulLSTMRegressor(**{**SMALL, **params})


def echo():
    return Pipeline([("onehot", OneHotSequence()), ("model", Seq2SeqEcho(**SMALL))])


# Pipelines


def test_pipeline_to_three_dimensions(tokens):
    pipeline = echo().fit(tokens, tokens)
    by_hand = Seq2SeqEcho(**SMALL).fit(OneHotSequence().fit_transform(tokens), tokens)
    assert_array_equal(pipeline.predict(tokens), tokens)
    assert pipeline.score(tokens, tokens) == 1.0
    assert_array_equal(
        pipeline.predict_proba(tokens),
        by_hand.predict_proba(OneHotSequence().fit_transform(tokens)),
    )


def test_pipeline_of_table_to_lags():
    """Rows stay rows, so framing stands between a scaler and the estimator."""
    X = np.random.default_rng(0).normal(size=(256, 1))
    y = np.r_[0, 0, X[:-2, 0]]
    pipeline = make_pipeline(
        StandardScaler(), LagFramer(n_lags=3, fill_value=0.0), regressor(units=8)
    )
    assert pipeline.fit(X[:128], y[:128]).score(X[128:], y[128:]) > 0.8
    # One lag does not reach the row that the target is read from.
    pipeline.set_params(lagframer__n_lags=1)
    assert pipeline.fit(X[:128], y[:128]).score(X[128:], y[128:]) < 0.2


def test_column_transformer(table):
    X = pd.DataFrame(table, columns=list("abcd"))
    columns = ColumnTransformer(
        [("scaled", MinMaxScaler(), ["a", "b"]), ("rest", "passthrough", ["c", "d"])]
    )
    pipeline = make_pipeline(columns, regressor(epochs=5)).fit(X, table[:, 0])
    by_hand = np.c_[MinMaxScaler().fit_transform(table[:, :2]), table[:, 2:]]
    expected = regressor(epochs=5).fit(by_hand, table[:, 0])
    assert_allclose(pipeline.predict(X), expected.predict(by_hand), rtol=1e-5)


def test_transformed_target(table):
    y = 1000 + 50 * table.sum(axis=1)
    scaled = TransformedTargetRegressor(
        regressor(epochs=30), transformer=MinMaxScaler()
    )
    found = scaled.fit(table, y).predict(table)
    span = y.max() - y.min()
    by_hand = regressor(epochs=30).fit(table, (y - y.min()) / span)
    assert_allclose(found, by_hand.predict(table) * span + y.min(), rtol=1e-5)
    assert scaled.score(table, y) > 0.5


def test_set_output_gives_the_estimator_names(table, sides):
    pipeline = make_pipeline(StandardScaler(), classifier(epochs=2))
    pipeline.set_output(transform="pandas").fit(
        pd.DataFrame(table, columns=["t1", "t2", "t3", "t4"]), sides
    )
    names = pipeline[-1].feature_names_in_.tolist()
    assert names == ["t1", "t2", "t3", "t4"]


# Searches


def test_grid_search_finds_the_epochs_it_takes(tokens):
    grid = {"model__units": [4], "model__epochs": [1, 60]}
    search = GridSearchCV(echo(), grid, cv=3, error_score="raise").fit(tokens, tokens)
    assert search.best_params_ == {"model__units": 4, "model__epochs": 60}
    assert search.best_score_ > 0.9
    assert search.best_estimator_[-1].n_iter_ == 60
    by_hand = cross_val_score(echo().set_params(model__epochs=1), tokens, tokens, cv=3)
    assert search.cv_results_["mean_test_score"][0] == pytest.approx(by_hand.mean())


def test_grid_search_of_the_encoder_decoder(tokens):
    pipeline = make_pipeline(OneHotSequence(), EncoderDecoderEcho(**SMALL))
    grid = {"encoderdecoderecho__epochs": [1, 150]}
    search = GridSearchCV(pipeline, grid, cv=3, error_score="raise")
    search.fit(tokens, tokens[:, :1])
    assert search.best_params_ == {"encoderdecoderecho__epochs": 150}
    assert search.predict(tokens).shape == (N, 1)
    assert search.best_score_ > 0.9


def test_randomized_search(table, sides):
    rates = {"learning_rate": [1e-6, 0.05], "epochs": [60]}
    search = RandomizedSearchCV(
        classifier(), rates, n_iter=2, cv=3, random_state=0, error_score="raise"
    ).fit(table[:, :, None], sides)
    assert search.best_params_ == {"learning_rate": 0.05, "epochs": 60}
    assert len(search.cv_results_["params"]) == 2


def test_halving_search_over_epochs(table, sides):
    search = HalvingGridSearchCV(
        classifier(),
        {"learning_rate": [1e-6, 1e-5, 0.01, 0.05]},
        resource="epochs",
        min_resources=15,
        max_resources=60,
        factor=2,
        cv=3,
        error_score="raise",
    ).fit(table[:, :, None], sides)
    assert search.n_resources_ == [15, 30, 60]
    assert search.n_candidates_ == [4, 2, 1]
    assert search.best_estimator_.n_iter_ == 60
    assert search.best_params_["learning_rate"] >= 0.01


@pytest.mark.slow
def test_two_jobs_find_what_one_finds(table, sides):
    grid = {"epochs": [5, 60]}
    one, two = (
        GridSearchCV(classifier(), grid, cv=3, n_jobs=n, error_score="raise").fit(
            table, sides
        )
        for n in (1, 2)
    )
    for key in ("split0_test_score", "split1_test_score", "split2_test_score"):
        assert_array_equal(one.cv_results_[key], two.cv_results_[key])
    assert_array_equal(one.predict_proba(table), two.predict_proba(table))


# Splits


def test_folds_of_a_classifier_are_stratified(table):
    """Labels in blocks: folds without strata would lack whole classes."""
    y = np.repeat(["a", "b", "c"], N // 3)
    X = np.eye(4)[np.repeat([0, 1, 2], N // 3)][:, :, None]
    scores = cross_val_score(classifier(), X, y, cv=3)
    assert scores.tolist() == [1.0, 1.0, 1.0]
    by_hand = cross_val_score(classifier(), X, y, cv=StratifiedKFold(3))
    assert_array_equal(scores, by_hand)
    assert max(cross_val_score(classifier(), X, y, cv=KFold(3))) == 0.0


@pytest.mark.parametrize(
    ("estimator", "kind"),
    [
        (StatefulLSTMClassifier, StratifiedKFold),
        (Seq2SeqEcho, StratifiedKFold),
        (EncoderDecoderEcho, StratifiedKFold),
        (StatefulLSTMRegressor, KFold),
    ],
)
def test_which_folds_a_number_stands_for(estimator, kind, sides):
    is_classifier = sklearn.base.is_classifier(estimator())
    y = sides if is_classifier else np.arange(N)
    assert type(check_cv(3, y, classifier=is_classifier)) is kind
    search = GridSearchCV(estimator(epochs=1), {"units": [1]}, cv=3)
    assert sklearn.base.is_classifier(search) == is_classifier


def test_time_series_split(table):
    y = table.sum(axis=1)
    cv = TimeSeriesSplit(2, max_train_size=40, test_size=10)
    splits = list(cv.split(table))
    found = cross_validate(
        regressor(),
        table,
        y,
        cv=cv,
        return_estimator=True,
        scoring="neg_mean_absolute_error",
    )
    for (_, test), fitted, score in zip(
        splits, found["estimator"], found["test_score"], strict=True
    ):
        assert score == pytest.approx(
            -np.abs(fitted.predict(table[test]) - y[test]).mean()
        )
    assert_allclose(
        found["estimator"][1].predict(table),
        regressor().fit(table[10:50], y[10:50]).predict(table),
        rtol=1e-5,
    )


def test_cross_validated_probabilities(table, sides):
    X = table[:, :, None]
    found = cross_val_predict(classifier(), X, sides, cv=3, method="predict_proba")
    assert found.shape == (N, 2)
    for train, test in StratifiedKFold(3).split(X, sides):
        fitted = classifier().fit(X[train], sides[train])
        assert_array_equal(found[test], fitted.predict_proba(X[test]))


# Ensembles and wrappers


def test_soft_voting(table, sides):
    members = [("a", classifier()), ("b", classifier(random_state=1))]
    X = table[:, :, None]
    voting = VotingClassifier(members, voting="soft").fit(X, sides)
    assert_allclose(
        voting.predict_proba(X),
        np.mean([m.predict_proba(X) for m in voting.estimators_], axis=0),
    )
    assert voting.score(X, sides) > 0.9


def test_soft_voting_beside_another_kind(table, sides):
    members = [("net", classifier()), ("line", LogisticRegression())]
    voting = VotingClassifier(members, voting="soft").fit(table, sides)
    net, line = voting.estimators_
    assert_allclose(
        voting.predict_proba(table),
        (net.predict_proba(table) + line.predict_proba(table)) / 2,
        rtol=1e-6,
    )


def test_calibration(table, sides):
    X = table[:, :, None]
    calibrated = CalibratedClassifierCV(classifier(), cv=3).fit(X, sides)
    proba = calibrated.predict_proba(X)
    assert_allclose(proba.sum(axis=1), 1)
    assert calibrated.score(X, sides) > 0.9
    assert len(calibrated.calibrated_classifiers_) == 3
    # The folds' members are those that plain cross-validation fits.
    train, _ = next(StratifiedKFold(3).split(X, sides))
    member = calibrated.calibrated_classifiers_[0].estimator
    assert_array_equal(
        member.predict_proba(X),
        classifier().fit(X[train], sides[train]).predict_proba(X),
    )


def test_bagging(table, sides):
    bagging = BaggingClassifier(classifier(), n_estimators=3, random_state=0)
    bagging.fit(table, sides)
    members = [member.predict_proba(table) for member in bagging.estimators_]
    assert_allclose(bagging.predict_proba(table), np.mean(members, axis=0), rtol=1e-6)
    assert bagging.score(table, sides) > 0.9
    assert len({member.random_state for member in bagging.estimators_}) == 3


def test_permutation_importance_finds_the_step_that_matters(table, sides):
    fitted = classifier().fit(table, sides)
    found = permutation_importance(fitted, table, sides, n_repeats=5, random_state=0)
    assert found.importances_mean.argmax() == 0
    assert found.importances_mean[0] > 0.3
    assert np.abs(found.importances_mean[1:]).max() < 0.1


# Scorers


def test_scorers_by_name_for_two_classes(table, sides):
    fitted = classifier(epochs=5).fit(table, sides)
    scores = cross_validate(
        classifier(epochs=5),
        table,
        sides,
        scoring=["accuracy", "neg_log_loss", "roc_auc", "roc_auc_ovr"],
        cv=[(np.arange(N), np.arange(N))],
        error_score="raise",
    )
    proba = fitted.predict_proba(table)
    assert scores["test_accuracy"] == accuracy_score(sides, fitted.predict(table))
    assert scores["test_neg_log_loss"] == pytest.approx(-log_loss(sides, proba))
    auc = roc_auc_score(sides, proba[:, 1])
    assert scores["test_roc_auc"] == pytest.approx(auc)
    assert scores["test_roc_auc_ovr"] == pytest.approx(auc)


@pytest.mark.parametrize(
    "loss",
    [
        "categorical_crossentropy",
        pytest.param("binary_crossentropy", marks=pytest.mark.slow),
    ],
)
def test_scorers_by_name_for_three_classes(table, loss):
    y = np.digitize(table[:, 0], [-0.5, 0.5])
    scores = cross_validate(
        classifier(epochs=5, loss=loss),
        table,
        y,
        scoring=["accuracy", "neg_log_loss", "roc_auc_ovr"],
        cv=[(np.arange(N), np.arange(N))],
        error_score="raise",
    )
    fitted = classifier(epochs=5, loss=loss).fit(table, y)
    proba = fitted.predict_proba(table)
    assert_allclose(proba.sum(axis=1), 1, rtol=1e-6)
    assert scores["test_accuracy"] == accuracy_score(y, fitted.predict(table))
    assert scores["test_neg_log_loss"] == pytest.approx(-log_loss(y, proba), rel=1e-6)
    auc = roc_auc_score(y, proba / proba.sum(1, keepdims=True), multi_class="ovr")
    assert scores["test_roc_auc_ovr"] == pytest.approx(auc)


# Metadata


def joined_steps():
    """Return sixteen sequences of three steps, a row a step, joined by groups."""
    X = np.random.default_rng(1).normal(size=(16, 3))
    groups = np.repeat(np.arange(16), 3)
    return X.reshape(-1, 1, 1), X.cumsum(axis=1).ravel(), groups


@pytest.mark.usefixtures("routing")
def test_group_k_fold_and_fit_share_routed_groups():
    """Folds keep sequences whole, and state is carried within them."""
    X, y, groups = joined_steps()
    estimator = regressor(batch_size=1, epochs=20)
    estimator.set_fit_request(groups=True).set_score_request(groups=True)
    found = cross_validate(
        estimator,
        X,
        y,
        cv=GroupKFold(2),
        params={"groups": groups},
        return_estimator=True,
        error_score="raise",
    )
    for (train, test), fitted, score in zip(
        GroupKFold(2).split(X, y, groups),
        found["estimator"],
        found["test_score"],
        strict=True,
    ):
        by_hand = clone(estimator).fit(X[train], y[train], groups=groups[train])
        assert_array_equal(fitted.weights_[0], by_hand.weights_[0])
        assert score == by_hand.score(X[test], y[test], groups=groups[test])
        assert score != by_hand.score(X[test], y[test])


@pytest.mark.usefixtures("routing")
def test_grid_search_routes_groups():
    X, y, groups = joined_steps()
    estimator = regressor(batch_size=1, epochs=20)
    estimator.set_fit_request(groups=True).set_score_request(groups=True)
    grid = {"learning_rate": [1e-6, 0.05]}
    search = GridSearchCV(estimator, grid, cv=GroupKFold(2), error_score="raise")
    search.fit(X, y, groups=groups)
    assert search.best_params_ == {"learning_rate": 0.05}
    by_hand = clone(search.best_estimator_).fit(X, y, groups=groups)
    assert_array_equal(search.best_estimator_.weights_[0], by_hand.weights_[0])


@pytest.mark.usefixtures("routing")
def test_groups_reach_predict_through_a_pipeline():
    X, y, groups = joined_steps()
    estimator = regressor(batch_size=1, epochs=5)
    estimator.set_fit_request(groups=True).set_predict_request(groups=True)
    framed = Pipeline([("frame", LagFramer()), ("model", estimator)])
    framed.fit(X[:, 0], y, groups=groups)
    by_hand = clone(estimator).fit(X, y, groups=groups)
    assert_array_equal(
        framed.predict(X[:, 0], groups=groups), by_hand.predict(X, groups=groups)
    )


@pytest.mark.usefixtures("routing")
def test_weights_are_routed_where_they_are_asked_for(table, sides):
    weights = np.where(sides == "left", 3.0, 1.0)
    expected = classifier(epochs=5).fit(table, sides, sample_weight=weights)
    asking = classifier(epochs=5).set_fit_request(sample_weight=True)
    pipeline = Pipeline([("model", asking)]).fit(table, sides, sample_weight=weights)
    assert_array_equal(pipeline.predict_proba(table), expected.predict_proba(table))
    unaware = Pipeline([("model", classifier(epochs=5))])
    with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
        unaware.fit(table, sides, sample_weight=weights)


def test_weights_go_by_the_steps_name_where_routing_is_off(table, sides):
    weights = np.where(sides == "left", 3.0, 1.0)
    expected = classifier(epochs=5).fit(table, sides, sample_weight=weights)
    pipeline = Pipeline([("model", classifier(epochs=5))])
    pipeline.fit(table, sides, model__sample_weight=weights)
    assert_array_equal(pipeline.predict_proba(table), expected.predict_proba(table))


def test_without_routing_groups_split_only(table, sides):
    """As for any estimator of scikit-learn."""
    groups = np.repeat(np.arange(3), 20)
    found = cross_val_score(
        classifier(epochs=5), table, sides, cv=GroupKFold(3), groups=groups
    )
    by_hand = [
        classifier(epochs=5).fit(table[a], sides[a]).score(table[b], sides[b])
        for a, b in GroupKFold(3).split(table, sides, groups)
    ]
    assert found.tolist() == by_hand


# Display


def test_repr_names_what_was_set():
    assert repr(classifier()) == (
        "StatefulLSTMClassifier(batch_size=20, epochs=60, learning_rate=0.05,\n"
        "                       random_state=0, units=4)"
    )


@pytest.mark.parametrize(
    "estimator",
    [
        StatefulLSTMClassifier,
        StatefulLSTMRegressor,
        Seq2SeqEcho,
        EncoderDecoderEcho,
        RecurrentClassifier,
        RecurrentRegressor,
    ],
)
def test_html_shows_the_steps_and_their_parameters(estimator):
    pipeline = make_pipeline(OneHotSequence(), estimator(units=17))
    html = estimator_html_repr(pipeline)
    assert f"<div>{estimator.__name__}</div>" in html
    assert f"{estimator.__name__}(units=17)" in html
