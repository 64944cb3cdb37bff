"""
Candidates of a search as a heat map
====================================

The last parameter that varies stands across, all others down; the chosen candidate has
a frame.
"""

from sklearn.model_selection import GridSearchCV

from skseq import StatefulLSTMClassifier
from skseq.datasets import make_cumulative_sum
from skseq.displays import GridDisplay

X, y = make_cumulative_sum(60, random_state=0)
grid = {"epochs": [5, 20], "learning_rate": [0.003, 0.01, 0.03]}
network = StatefulLSTMClassifier(units=8, random_state=0)
search = GridSearchCV(network, grid, cv=2).fit(X, y)
GridDisplay.from_estimator(search)
