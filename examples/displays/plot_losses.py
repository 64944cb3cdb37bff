"""
Loss curves over seeds
======================

One fit says little: each thin line is a fit from another seed, the thick one their
median.
"""

from skseq import StatefulLSTMClassifier
from skseq.datasets import make_value_memorization
from skseq.displays import LossCurveDisplay
from skseq.preprocessing import OneHotSequence

X, y = make_value_memorization()
X = OneHotSequence(categories=range(5)).fit_transform(X)
fits = {
    f"learning rate {rate}": [
        StatefulLSTMClassifier(
            units=20, epochs=100, batch_size=1, learning_rate=rate, random_state=seed
        ).fit(X, y)
        for seed in range(8)
    ]
    for rate in (0.003, 0.01)
}
LossCurveDisplay.from_estimator(fits)
