"""
2. Framing
==========

The same sequences can be cut into rows in many ways. How they are cut decides what can
be learnt at all, before any network is chosen.
"""

import numpy as np

from skseq import OneHotSequence, StatefulLSTMClassifier, SupervisedWindower
from skseq.datasets import make_value_memorization
from skseq.displays import LossCurveDisplay


def show(X, y):
    for values, answer in zip(X, y, strict=True):
        print(values, "->", answer)


# %%
# An answer per step
# ------------------
# A row is a whole sequence, and each step has its answer.

show(*make_value_memorization(framing="per_step"))

# %%
# An answer per row
# -----------------
# All values but the last, and the last.

show(*make_value_memorization(framing="last"))

# %%
# Windows
# -------
# Two values and the next. The rows ``1 2 -> 3`` and ``1 2 -> 4`` show the same and ask
# for different answers: what decides lies in a row before.

X, y = make_value_memorization(framing="lags", n_lags=2)
show(X, y)

# %%
# State starts at zero in every row, so a network that reads these rows one by one must
# guess. Groups say that the three windows of a sequence continue one another: the state
# is carried from row to row and starts over where the group changes.

groups = np.repeat([0, 1], 3)
encoded = OneHotSequence(categories=range(5)).fit_transform(X)


def fits(groups):
    networks = [
        StatefulLSTMClassifier(
            epochs=250, batch_size=1, learning_rate=0.01, random_state=seed
        )
        for seed in range(5)
    ]
    return [each.fit(encoded, y, groups=groups) for each in networks]


LossCurveDisplay.from_estimator({"rows alone": fits(None), "groups": fits(groups)})

# %%
# Rows alone cannot go below the loss of a fair guess in two of six rows, ``log(2) /
# 3``, however long they train.

print(round(np.log(2) / 3, 3))

# %%
# Any series
# ----------
# :class:`skseq.SupervisedWindower` cuts sequences and series: ``n_in`` values of a
# window, ``n_out`` targets, the first of them ``horizon`` steps after the window's last
# value.

X, y, groups = SupervisedWindower(n_in=3, layout="series").make_pairs(np.arange(7))
show(X, y)

# %%
# Task
# ----
# Write ``lesson_2_framing(series)`` in ``docs/course/answers.py``. It returns ``X`` and
# ``y``: all windows of four values of the series, oldest first, each with the value
# *three* steps after the window's last. Then::
#
#     pytest docs/course -k lesson_2
