"""Seconds that halving and pruning take, beside the whole grid, and what each chooses.

    python -m benchmarks.searches

The searches are those of examples/. Compiled programs are there before any is timed.
"""

import importlib.util
import warnings
from pathlib import Path
from time import perf_counter

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name):
    """Import an example, which is no part of a package."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def halving():
    """Return halving and the whole grid, to be called with a number of epochs."""
    from sklearn.model_selection import GridSearchCV

    from skseq import RecurrentRegressor

    module = example("search_by_halving")

    def whole(epochs):
        network = RecurrentRegressor(cell="gru", random_state=0, epochs=epochs)
        search = GridSearchCV(
            network, module.GRID, cv=2, scoring="neg_mean_squared_error"
        )
        return search.fit(*module.data()).best_params_

    def short(epochs):
        chosen = module.main(epochs).best_params_
        return {name: chosen[name] for name in module.GRID}

    return short, whole, module.EPOCHS


def pruning():
    """Return pruning and the whole grid, to be called with a number of epochs."""
    from optuna.pruners import NopPruner

    module = example("search_with_optuna")
    return (
        lambda epochs: module.main(epochs).best_params,
        lambda epochs: module.main(epochs, NopPruner()).best_params,
        module.EPOCHS,
    )


def main():
    """Measure and print."""
    warnings.simplefilter("ignore")
    for name, ways in [("halving", halving()), ("pruning", pruning())]:
        short, whole, epochs = ways
        short(9)
        whole(9)
        chosen, seconds = [], []
        for way in (short, whole):
            start = perf_counter()
            chosen.append(way(epochs))
            seconds.append(perf_counter() - start)
        share = seconds[0] / seconds[1]
        same = "the same choice" if chosen[0] == chosen[1] else f"other: {chosen}"
        print(f"{name}: {seconds[0]:.2f} s of {seconds[1]:.2f} s, {share:.0%}; {same}")


if __name__ == "__main__":
    main()
