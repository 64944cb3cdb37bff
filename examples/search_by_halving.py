"""Successive halving: many candidates for a few epochs, the best of them for more."""

import numpy as np
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV

from skseq import RecurrentRegressor

GRID = {"units": [4, 8, 16], "learning_rate": [3e-4, 3e-3, 3e-2]}
EPOCHS = 1080


def data():
    """Sums of eight numbers, shown one by one."""
    X = np.random.default_rng(0).uniform(-1, 1, size=(192, 8))
    return X, X.sum(axis=1)


def main(epochs=EPOCHS):
    """Return the fitted search; only the last round trains for so many epochs."""
    search = HalvingGridSearchCV(
        RecurrentRegressor(cell="gru", random_state=0),
        GRID,
        resource="epochs",
        min_resources=epochs // 9,
        max_resources=epochs,
        factor=3,
        cv=2,
        scoring="neg_mean_squared_error",
    )
    return search.fit(*data())


if __name__ == "__main__":
    search = main()
    print(search.best_params_)
    for round_, (n, epochs) in enumerate(
        zip(search.n_candidates_, search.n_resources_, strict=True)
    ):
        print(f"round {round_}: {n} candidates, {epochs} epochs each")
