"""
Accuracy by position and by length
==================================

One number for all steps hides where a network is wrong. This one is asked at every
step whether the first value of its sequence was positive, and was trained too briefly
to hold it for long.
"""

import numpy as np

from skseq import StatefulLSTMClassifier
from skseq.displays import AccuracyDisplay

rng = np.random.default_rng(0)
X = [rng.normal(size=length) for length in rng.integers(2, 10, 300)]
positive = [np.full(len(row), int(row[0] > 0)) for row in X]
network = StatefulLSTMClassifier(units=4, epochs=6, learning_rate=0.02, random_state=0)
network.fit(X[:200], positive[:200])

# %%
# Intervals are Wilson's; the dotted line is the best answer that sees nothing.

AccuracyDisplay.from_estimator(network, X[200:], positive[200:])

# %%
# The same answers by the length of their sequences.

AccuracyDisplay.from_estimator(network, X[200:], positive[200:], by="length")
