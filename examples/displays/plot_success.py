"""
Success against lag
===================

How well can a symbol be echoed, the longer ago it was shown? Three seeds at each lag,
and chance beside them.
"""

import numpy as np
from sklearn.pipeline import make_pipeline

from skseq import OneHotSequence, StatefulLSTMClassifier
from skseq.displays import LagDisplay, SuccessDisplay

rng = np.random.default_rng(0)
letters = rng.choice(list("abcd"), (300, 8))
train, test = letters[:200], letters[200:]


def fitted(lag, seed):
    network = StatefulLSTMClassifier(
        units=12, epochs=20, learning_rate=0.02, random_state=seed
    )
    return make_pipeline(OneHotSequence(), network).fit(train, train[:, -1 - lag])


lags = range(6)
fits = {lag: [fitted(lag, seed) for seed in range(3)] for lag in lags}
data = {lag: (test, test[:, -1 - lag]) for lag in lags}
display = LagDisplay.from_estimator(fits, data, name="LSTM", ylabel="accuracy")

# %%
# A display keeps what it drew, and can draw it beside something else.

chance = {"chance": dict.fromkeys(lags, 0.25)}
LagDisplay(display.scores, ylabel="accuracy", references=chance).plot()

# %%
# How sure a share is depends on how often it was tried.

named = {f"lag {lag}": fits[lag][0].predict(test) for lag in (1, 5)}
right = {name: (y == test[:, -1 - int(name[-1])]).sum() for name, y in named.items()}
SuccessDisplay([(name, int(n), len(test)) for name, n in right.items()]).plot()
