"""
Predicted beside expected
=========================

A network that echoes what it was shown two steps ago: its answers sequence by sequence,
all of them together, and numbers the same way.
"""

import numpy as np
from sklearn.pipeline import make_pipeline

from skseq import OneHotSequence, StatefulLSTMClassifier, StatefulLSTMRegressor
from skseq.displays import PredictionDisplay, SequenceDisplay

rng = np.random.default_rng(0)
letters = rng.choice(list("abcdef"), (300, 8))
two_ago = np.full_like(letters, "a")
two_ago[:, 2:] = letters[:, :-2]

network = StatefulLSTMClassifier(
    units=16, epochs=30, learning_rate=0.02, random_state=0
)
echo = make_pipeline(OneHotSequence(), network).fit(letters[:200], two_ago[:200])

# %%
# What was predicted stands beneath what was expected; wrong answers are framed.

SequenceDisplay.from_estimator(echo, letters[200:], two_ago[200:])

# %%
# All answers together: a perfect network shows a diagonal of 100 %.

PredictionDisplay.from_estimator(echo, letters[200:], two_ago[200:])

# %%
# Numbers are lines and points. Here are running sums of sequences of different lengths,
# which are a list of arrays.

X = [rng.normal(size=length) for length in rng.integers(3, 12, 60)]
sums = [row.cumsum() for row in X]
adder = StatefulLSTMRegressor(units=8, epochs=80, learning_rate=0.02, random_state=0)
adder.fit(X[:40], sums[:40])
SequenceDisplay.from_estimator(adder, X[40:], sums[40:], unit="running sum")

# %%
PredictionDisplay.from_estimator(adder, X[40:], sums[40:], unit="running sum")
