"""Optuna's search, with pruning: a trial that falls behind is given up.

A trial trains in rounds of some epochs. With ``warm_start`` each ``fit`` goes on where
the one before ended, and all of them share one compiled program.
"""

import numpy as np
import optuna

from skseq import RecurrentRegressor

GRID = {"units": [4, 8, 16], "learning_rate": [3e-4, 3e-3, 3e-2]}
EPOCHS, ROUNDS = 540, 9


def main(epochs=EPOCHS, pruner=None):
    """Return the study, of each candidate of the grid once."""

    def objective(trial):
        """Return the error on rows held out, or give up before all is trained."""
        X = np.random.default_rng(0).uniform(-1, 1, size=(192, 8))
        y = X.sum(axis=1)
        model = RecurrentRegressor(
            cell="gru",
            units=trial.suggest_categorical("units", GRID["units"]),
            learning_rate=trial.suggest_categorical(
                "learning_rate", GRID["learning_rate"]
            ),
            epochs=epochs // ROUNDS,
            warm_start=True,
            random_state=0,
        )
        for step in range(ROUNDS):
            model.fit(X[:128], y[:128])
            error = ((model.predict(X[128:]) - y[128:]) ** 2).mean()
            trial.report(error, step)
            trial.set_user_attr("epochs", model.n_iter_)
            if trial.should_prune():
                raise optuna.TrialPruned
        return error

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        sampler=optuna.samplers.GridSampler(GRID, seed=0),
        # Only what is among the best quarter of those before it goes on.
        pruner=pruner or optuna.pruners.PercentilePruner(25, n_startup_trials=2),
    )
    study.optimize(objective)
    return study


if __name__ == "__main__":
    study = main()
    print(study.best_params)
    trained = sum(trial.user_attrs["epochs"] for trial in study.trials)
    print(f"{trained} epochs of {len(study.trials) * EPOCHS}")
