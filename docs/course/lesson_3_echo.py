"""
3. Echo
=======

Five random symbols come in, and the same five are to come out. Nothing can be learnt by
heart: what is tested was never seen in training.
"""

import numpy as np

from skseq import OneHotSequence, Seq2SeqEcho, StatefulLSTMClassifier
from skseq.displays import PredictionDisplay
from skseq.metrics import chance_level

tokens = np.random.default_rng(0).integers(8, size=(400, 5))
X = OneHotSequence(categories=range(8)).fit_transform(tokens)
train, test = slice(300), slice(300, None)

# %%
# What a guesser gets
# -------------------
# One symbol in eight, and of whole sequences one in some thirty thousand.

print(chance_level(tokens))
print(8.0**-5)

# %%
# Each at its own step
# --------------------
# Here each answer stands at the step of its symbol, so nothing need be remembered.
# ``score`` is the share of sequences that are right in every position.

echo = Seq2SeqEcho(epochs=60, learning_rate=0.01, random_state=0)
echo.fit(X[train])
print(echo.score(X[test]))

# %%
# One step later
# --------------
# Now ask at each step for the symbol *before* it. The first step has no such symbol; a
# target that is missing (NaN) counts for nothing. This needs a memory of one step.


def before(tokens):
    targets = np.full(tokens.shape, np.nan)
    targets[:, 1:] = tokens[:, :-1]
    return targets


late = StatefulLSTMClassifier(epochs=60, learning_rate=0.01, random_state=0)
late.fit(X[train], before(tokens)[train])
answers = late.predict(X[test])
share = (answers == before(tokens)[test])[:, 1:].mean()
print(round(share, 2))

# %%
# Which symbols are mistaken for which? A perfect echo is a diagonal.

PredictionDisplay.from_predictions(tokens[test][:, :-1], answers[:, 1:].astype(int))

# %%
# Task
# ----
# Two steps later. Write ``lesson_3_echo(tokens)`` in ``docs/course/answers.py``. It
# gets sequences of five symbols from 0 to 3 and returns something fitted, whose
# ``predict`` takes such sequences (symbols, not vectors) and gives at each step the
# symbol *two* steps before. Of the steps that have one, 95 % must be right. Then::
#
#     pytest docs/course -k lesson_3
