"""
What a network remembers
========================

Fifty random symbols lie between a key and the question for it. Which step does the
answer depend on, and where is the key in the meantime?
"""

from sklearn.pipeline import make_pipeline

from skseq import OneHotSequence, StatefulLSTMClassifier
from skseq.datasets import make_value_memorization
from skseq.displays import InfluenceDisplay, MemoryDisplay

length = {"body_length": 50, "body": "random", "n_symbols": 12}
X, y = make_value_memorization(100, **length, framing="last", random_state=0)
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
print(f"right in training: {estimator.score(X, y):.0%}")

# %%
# Each step is exchanged with that of other sequences: only the first changes the
# answer.

InfluenceDisplay.from_estimator(estimator, X[:10])

# %%
# Forget gates stay near 1 for all steps, since ``forget_bias="chrono"`` opens them for
# as long as the lag: what the key put into the cells stays there.

MemoryDisplay.from_estimator(estimator, X)

# %%
# Where each step has an answer, the picture has a row for each. Of the two sequences
# 3,0,1,2,3 and 4,0,1,2,4, the last answer hangs on the first symbol alone.

X, y = make_value_memorization()
network = StatefulLSTMClassifier(
    units=20, epochs=150, batch_size=1, learning_rate=0.01, random_state=0
)
steps = make_pipeline(OneHotSequence(categories=range(5)), network).fit(X, y)
InfluenceDisplay.from_estimator(steps, X)
