"""The examples run, and show what they say."""

import ast
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

import skseq

EXAMPLES = Path(__file__).parents[1] / "examples"
# Each has a test of its own below.
TESTED = {
    "forecast_several_steps",
    "forecast_with_skforecast",
    "intervals_with_mapie",
    "search_by_halving",
    "search_with_optuna",
}

APART = "`.ci/forecast` runs this, with the extra"

# Of the searches here; how much time they save is measured with those of the examples,
# by `python -m benchmarks.searches`.
EPOCHS = 108

pytestmark = pytest.mark.filterwarnings("ignore")


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_example_is_tested():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == TESTED


def test_every_display_is_in_the_gallery():
    """Whose build runs its scripts, so that none is run here."""
    scripts = EXAMPLES.glob("displays/plot_*.py")
    shown = {name for path in scripts for name in imported_from_displays(path)}
    displays = {name for name in skseq.displays.__all__ if name.endswith("Display")}
    assert shown == displays


def imported_from_displays(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "skseq.displays":
            yield from (alias.name for alias in node.names)


@pytest.mark.slow
def test_halving_chooses_as_the_grid_does_in_less_than_half_of_its_epochs():
    halving = example("search_by_halving")
    # Of one width, for the sake of one compiled program.
    rates = np.geomspace(1e-5, 1e-1, 9).tolist()
    halving.GRID = {"units": [4], "learning_rate": rates}
    search = halving.main(EPOCHS)
    spent = np.dot(search.n_candidates_, search.n_resources_)
    n_candidates = np.prod([len(values) for values in halving.GRID.values()])
    assert spent <= n_candidates * EPOCHS / 2
    assert search.best_estimator_.n_iter_ == EPOCHS

    estimator = search.estimator.set_params(epochs=EPOCHS)
    options = {"cv": search.cv, "scoring": search.scoring}
    whole = GridSearchCV(estimator, halving.GRID, **options).fit(*halving.data())
    chosen = {name: search.best_params_[name] for name in halving.GRID}
    assert chosen == whole.best_params_


@pytest.mark.slow
def test_pruning_chooses_as_the_grid_does_in_less_than_half_of_its_epochs():
    from optuna.pruners import NopPruner

    pruning = example("search_with_optuna")

    def epochs(study):
        return sum(trial.user_attrs["epochs"] for trial in study.trials)

    pruned = pruning.main(EPOCHS)
    whole = pruning.main(EPOCHS, NopPruner())
    n_candidates = np.prod([len(values) for values in pruning.GRID.values()])
    assert len(pruned.trials) == len(whole.trials) == n_candidates
    assert epochs(whole) == n_candidates * EPOCHS
    assert epochs(pruned) <= epochs(whole) / 2
    assert pruned.best_params == whole.best_params
    assert pruned.best_value == whole.best_value


@pytest.mark.slow
def test_skforecast_forecasts_milk_within_its_intervals():
    pytest.importorskip("skforecast", reason=APART)
    error, coverage = example("forecast_with_skforecast").main()
    assert error < 24.45  # the same as a year ago, one month ahead
    assert 0.8 < coverage <= 1


@pytest.mark.slow
def test_mapie_covers_the_test_months():
    pytest.importorskip("mapie", reason=APART)
    coverage, width = example("intervals_with_mapie").main()
    assert 0.8 < coverage <= 1
    assert width < 60


@pytest.mark.slow
def test_several_steps_come_with_dates():
    forecasts, errors = example("forecast_several_steps").main()
    assert [f"{month:%Y-%m}" for month in forecasts.index] == [
        f"1976-{month:02}" for month in range(1, 7)
    ]
    assert forecasts.name == "pounds"
    assert errors["network"] < errors["rule"]
