"""An answer to each task of the course; see docs/course/answers.py."""

import numpy as np
from sklearn.pipeline import make_pipeline

from skseq import (
    EncoderDecoderEcho,
    OneHotSequence,
    StatefulLSTMClassifier,
    SupervisedWindower,
)
from skseq.baselines import SeasonalChangeForecaster
from skseq.forecasting import WindowForecaster

SETTINGS = {"epochs": 40, "learning_rate": 0.01, "random_state": 0}


def lesson_1_memory(X, y):
    return make_pipeline(OneHotSequence(), StatefulLSTMClassifier(**SETTINGS)).fit(X, y)


def lesson_2_framing(series):
    X, y, _ = SupervisedWindower(n_in=4, horizon=3, layout="series").make_pairs(series)
    return X, y


def lesson_3_echo(tokens):
    before = np.full(tokens.shape, np.nan)
    before[:, 2:] = tokens[:, :-2]
    return lesson_1_memory(tokens, before)


def lesson_4_encoder_decoder(tokens):
    network = make_pipeline(OneHotSequence(), EncoderDecoderEcho(**SETTINGS))
    return network.fit(tokens, tokens[:, :1:-1])


def lesson_5_real_series(known):
    rule = SeasonalChangeForecaster(period=12)
    return WindowForecaster(rule, n_in=13, n_out=6).fit(known).predict(known)


def lesson_6_not_learnt(X, y):
    answers = {}
    for row, label in zip(X.tolist(), y.tolist(), strict=True):
        answers.setdefault(tuple(row), []).append(label)
    right = sum(max(map(given.count, given)) for given in answers.values())
    return right / len(y)
