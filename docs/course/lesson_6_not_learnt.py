"""
6. What cannot be learnt, and why
=================================

A network that fails may be too small, trained too briefly, or asked for what its input
does not hold. Only the first two are cured by more of anything. This lesson tells them
apart.
"""

import matplotlib.pyplot as plt
import numpy as np

from skseq import OneHotSequence, StatefulLSTMClassifier
from skseq.datasets import make_ambiguous_pairs
from skseq.metrics import chance_level

# %%
# The input does not say
# ----------------------
# Every row shows 0; the answers are 1 and 2 in turn. No rule that reads one row is
# right in more than half of them, and so no network either, of whatever size.

X, y = make_ambiguous_pairs(20)
rows = OneHotSequence(categories=range(3)).fit_transform(X)
network = StatefulLSTMClassifier(epochs=100, learning_rate=0.01, random_state=0)
print(network.fit(rows, y).score(rows, y))

# %%
# The order of the rows does say it. As one group, each row continues the row before.

together = np.zeros(len(rows), int)
network.fit(rows, y, groups=together)
print(network.score(rows, y, groups=together))

# %%
# The future does not depend on the past
# --------------------------------------
# Whether the next of independent draws is above zero is beyond everybody. On the rows
# that it was trained on, a network seems to know better; it has learnt them by heart.

rng = np.random.default_rng(0)
draws, y = rng.normal(size=(200, 8)), rng.integers(2, size=200)
network = StatefulLSTMClassifier(epochs=300, learning_rate=0.01, random_state=0)
network.fit(draws[:100], y[:100])
seen = network.score(draws[:100], y[:100])
unseen = network.score(draws[100:], y[100:])
print("rows seen:", round(seen, 2))
print("rows not seen:", round(unseen, 2))
print("chance:", round(chance_level(y[100:]), 2))

# %%
# The gradient does not reach
# ---------------------------
# Here the answer is in the row: its first value. But weights that are updated after
# every step, with the gradient cut there, are never told what the first step did for
# the last. That can be mended: let the gradient through.

first = np.random.default_rng(1).integers(2, size=(300, 16))


def share(steps, seed):
    network = StatefulLSTMClassifier(
        epochs=200,
        learning_rate=0.01,
        truncated_bptt_steps=steps,
        random_state=seed,
    )
    network.fit(first[:200], first[:200, 0])
    return network.score(first[200:], first[200:, 0])


fig, ax = plt.subplots(layout="constrained")
for steps in (1, 4, 16):
    shares = [share(steps, seed) for seed in range(3)]
    ax.plot([str(steps)] * 3, shares, "o", color="C0", alpha=0.6)
ax.axhline(0.5, color="gray", linestyle=":", label="chance")
ax.set(
    xlabel="steps that a gradient passes",
    ylabel="share of new rows that are right",
    ylim=(0.4, 1.02),
)
ax.legend()

# %%
# What a network reads at the last step is then what happens to be left of the first.
#
# Three questions, in this order
# ------------------------------
# 1. Do equal rows ask for different answers? Then no rule on rows is right in all.
# 2. Is it right on rows that were never seen? Otherwise it learnt by heart.
# 3. Does it fail on what a rule can do? Only then look at units, epochs, biases and
#    truncation.
#
# Task
# ----
# Write ``lesson_6_not_learnt(X, y)`` in ``docs/course/answers.py``: the largest share
# of these rows that any rule can get right that answers equal rows equally. Then::
#
#     pytest docs/course -k lesson_6
