"""Cases that the estimators' tests go through: an estimator with data of its kind.

All have the same number of rows, steps and features, so that tests share compiled
programs.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from skseq import (
    EncoderDecoderEcho,
    EncoderDecoderRegressor,
    RecurrentClassifier,
    RecurrentRegressor,
    Seq2SeqEcho,
    StatefulLSTMClassifier,
    StatefulLSTMRegressor,
)

N_ROWS, N_STEPS, N_FEATURES = 16, 4, 3


@dataclass(frozen=True)
class Case:
    """An estimator, and sequences of shape (16, 4, 3) with targets for it."""

    estimator: type
    X: np.ndarray
    y: np.ndarray
    params: dict = field(default_factory=dict)

    def make(self, **params):
        """Return an unfitted estimator: small, in double precision, seeded."""
        settings = {"units": 3, "epochs": 4, "batch_size": 8, "learning_rate": 0.02}
        return self.estimator(
            **{
                **settings,
                "dtype": "float64",
                "random_state": 0,
                **self.params,
                **params,
            }
        )

    def fit(self, **params):
        """Return a fitted one."""
        return self.make(**params).fit(self.X, self.y)


def _cases():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N_ROWS, N_STEPS, N_FEATURES))
    tokens = rng.integers(N_FEATURES, size=(N_ROWS, N_STEPS))
    one_hot = np.eye(N_FEATURES)[tokens]
    labels = np.array(["no", "yes"])[(X[:, 0, 0] > 0).astype(int)]
    sums = X.sum(axis=2).cumsum(axis=1)
    letters = np.array(["a", "b", "c"])[tokens]
    return {
        "classifier": Case(StatefulLSTMClassifier, X, labels),
        "regressor": Case(StatefulLSTMRegressor, X, sums[:, -1]),
        "seq2seq": Case(Seq2SeqEcho, one_hot, letters),
        "encoder_decoder": Case(EncoderDecoderEcho, one_hot, letters[:, :2]),
        "decoder_of_numbers": Case(EncoderDecoderRegressor, X, X.cumsum(axis=1)[:, :2]),
        "classifier_per_step": Case(StatefulLSTMClassifier, X, (sums > 0).astype(int)),
        "classifier_outputs": Case(StatefulLSTMClassifier, X, letters[:, :2]),
        "regressor_per_step": Case(StatefulLSTMRegressor, X, sums),
        "regressor_outputs": Case(StatefulLSTMRegressor, X, sums[:, :2]),
        "regressor_vectors": Case(StatefulLSTMRegressor, X, X.cumsum(axis=1)),
        "gru": Case(RecurrentClassifier, X, labels, {"cell": "gru", "units": (3, 2)}),
        "rnn": Case(
            RecurrentRegressor, X, sums[:, -1], {"cell": "rnn", "pooling": "mean"}
        ),
    }


CASES = _cases()
# One case for each class; the others are further layouts of y.
ONE_EACH = [
    "classifier",
    "regressor",
    "seq2seq",
    "encoder_decoder",
    "decoder_of_numbers",
    "gru",
    "rnn",
]
# For tests in which each case compiles programs of its own. The cases left for the slow
# suite read data as the others do, and their networks have tests of their own.
FEWER_EVERY_DAY = pytest.mark.parametrize(
    "case",
    [
        *ONE_EACH[:4],
        *(pytest.param(name, marks=pytest.mark.slow) for name in ONE_EACH[4:]),
    ],
    indirect=True,
)
FEWER_LAYOUTS_EVERY_DAY = pytest.mark.parametrize(
    "any_layout",
    [
        pytest.param(name, marks=pytest.mark.slow if name in ONE_EACH[4:] else ())
        for name in CASES
    ],
    indirect=True,
)


@pytest.fixture(params=ONE_EACH)
def case(request):
    return CASES[request.param]


@pytest.fixture(params=CASES)
def any_layout(request):
    return CASES[request.param]


@pytest.fixture(scope="session")
def cases():
    return CASES
