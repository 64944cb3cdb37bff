"""Parameters routed to the optimizer, as scikeras routes them: ``optimizer__…``."""

import pickle
import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skseq import StatefulLSTMRegressor

SMALL = {"units": 2, "epochs": 3, "batch_size": 20, "random_state": 0}


@pytest.fixture(scope="module")
def X():
    """Rows of which folds of two thirds are run by the same program."""
    return np.random.default_rng(0).normal(size=(60, 4))


def loss_of(X, y, **routed):
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd", learning_rate=0.01)
    return estimator.set_params(**routed).fit(X, y).loss_curve_


def test_they_reach_the_optimizer(X):
    y = X.sum(axis=1)
    plain = loss_of(X, y)
    assert loss_of(X, y, optimizer__momentum=0.0) == plain
    assert loss_of(X, y, optimizer__momentum=0.9)[-1] < plain[-1]
    assert loss_of(X, y, optimizer__clipvalue=1e-9)[-1] == pytest.approx(plain[0], 1e-2)


def test_a_routed_learning_rate_stands_above_the_plain_one(X):
    y = X.sum(axis=1)
    assert loss_of(X, y, optimizer__learning_rate=0.02) == loss_of(
        X, y, learning_rate=0.02
    )


def test_the_shown_models_optimizer_has_them(X):
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd")
    estimator.set_params(optimizer__momentum=0.5).fit(X, X[:, 0])
    assert estimator.model_.optimizer.momentum == 0.5


def test_grid_search(X):
    y = X.sum(axis=1)
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd", learning_rate=0.01)
    grid = {"optimizer__momentum": [0.0, 0.9]}
    search = GridSearchCV(estimator, grid, cv=3, error_score="raise").fit(X, y)
    assert search.best_params_ == {"optimizer__momentum": 0.9}
    assert search.best_estimator_.loss_curve_ == loss_of(X, y, optimizer__momentum=0.9)


def test_they_outlive_a_clone():
    estimator = StatefulLSTMRegressor(optimizer="sgd")
    twin = clone(estimator.set_params(optimizer__momentum=0.5))
    assert twin.get_params()["optimizer__momentum"] == 0.5
    assert "optimizer__momentum" not in twin.get_params(deep=False)


def test_they_come_back_from_a_pickle():
    estimator = StatefulLSTMRegressor(**SMALL, optimizer="sgd")
    estimator.set_params(optimizer__momentum=0.5)
    twin = pickle.loads(pickle.dumps(estimator))
    assert twin.get_params() == estimator.get_params()


def test_nothing_else_becomes_a_parameter():
    estimator = StatefulLSTMRegressor()
    estimator.note = 1
    assert estimator.get_params() == StatefulLSTMRegressor().get_params()
    assert repr(StatefulLSTMRegressor(units=3)) == "StatefulLSTMRegressor(units=3)"


def test_misspelt_ones_are_refused():
    estimator = StatefulLSTMRegressor(optimizer="sgd")
    message = (
        "Invalid parameter 'optimizer__momentun' for StatefulLSTMRegressor with "
        "optimizer='sgd'. Valid routed parameters are: ['optimizer__clipnorm', "
        "'optimizer__clipvalue', 'optimizer__global_clipnorm', "
        "'optimizer__learning_rate', 'optimizer__momentum', 'optimizer__nesterov', "
        "'optimizer__weight_decay']."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        estimator.set_params(optimizer__momentun=0.5)
    assert "optimizer__momentun" not in estimator.get_params()


def test_two_kinds_of_clipping_are_refused(X):
    estimator = StatefulLSTMRegressor(**SMALL, global_clipnorm=1.0)
    estimator.set_params(optimizer__clipvalue=1.0)
    message = (
        "Only one kind of gradient clipping can be used, got ['global_clipnorm', "
        "'clipvalue']; set the others to None."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        estimator.fit(X, X[:, 0])
