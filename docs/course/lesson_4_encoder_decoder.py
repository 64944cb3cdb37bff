"""
4. Encoder and decoder
======================

In the lesson before, answers stood at the steps of the input. Where the answer is as
long as it likes, one network reads the whole row (the encoder) and another writes (the
decoder). All that the decoder knows is the encoder's last state.
"""

import matplotlib.pyplot as plt
import numpy as np

from skseq import EncoderDecoderEcho, OneHotSequence

tokens = np.random.default_rng(0).integers(5, size=(400, 5))
X = OneHotSequence(categories=range(5)).fit_transform(tokens)
train, test = slice(300), slice(300, None)

# %%
# The first two of five
# ---------------------
# The oldest symbols are the hardest: three others came after them.


def fit(n_outputs, **params):
    network = EncoderDecoderEcho(
        n_outputs=n_outputs,
        epochs=40,
        learning_rate=0.01,
        random_state=0,
        **params,
    )
    return network.fit(X[train], tokens[train, :n_outputs])


two = fit(2)
print(two.predict(X[test][:3]).tolist(), tokens[test][:3, :2].tolist())
print(two.score(X[test], tokens[test, :2]))

# %%
# The bottleneck
# --------------
# More answers, the same state: 20 numbers have to hold all five symbols. With attention
# the decoder looks back at every step of the encoder, not only at its last state. Does
# that help after forty epochs, and where? Other seeds may say otherwise: try them.

plain, attending = fit(5), fit(5, attention=True)
positions = np.arange(1, 6)

fig, ax = plt.subplots(layout="constrained")
for offset, name, network in ((-0.2, "plain", plain), (0.2, "attention", attending)):
    right = (network.predict(X[test]) == tokens[test]).mean(axis=0)
    ax.bar(positions + offset, right, width=0.4, label=name)
ax.axhline(1 / 5, color="black", linestyle=":", label="chance")
ax.set(xlabel="position", ylabel="share of answers that are right", ylim=(0, 1))
ax.legend(loc="lower right")

# %%
# Task
# ----
# Write ``lesson_4_encoder_decoder(tokens)`` in ``docs/course/answers.py``. It gets
# sequences of four symbols from 0 to 3 and returns something fitted, whose ``predict``
# takes such sequences and answers with the *last two, in reverse order*: ``0 1 2 3``
# gives ``3 2``. At least 95 % of new sequences must be right in both. Then::
#
#     pytest docs/course -k lesson_4
