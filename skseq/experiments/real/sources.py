"""Real data as packages ship them; nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from skseq.datasets import load_milk_production

__all__ = ["DATASETS", "SERIES", "MissingExtra", "load", "require_extra"]

# Classification problems inside of aeon, each with its published split.
DATASETS = (
    "ACSF1",
    "ArrowHead",
    "BasicMotions",
    "GunPoint",
    "ItalyPowerDemand",
    "JapaneseVowels",
    "OSULeaf",
    "PickupGestureWiimoteZ",
)


class MissingExtra(ImportError):
    """What `snakemake real` needs is not installed."""


def require_extra() -> None:
    """Refuse to begin without the package that ships data and rivals.

    Raises
    ------
    MissingExtra
        If aeon is not installed.
    """
    if find_spec("aeon") is None:
        raise MissingExtra(
            "`snakemake real` takes its data and rivals from aeon, which is not "
            "installed here: the locked environment has a newer pandas than aeon "
            "allows. Run `python3 env.py real snakemake --cores 4 real`, which makes "
            "an environment of its own, or install the extra `real` of skseq."
        )


def load(kind: str, name: str) -> dict[str, np.ndarray]:
    """Load a problem.

    Parameters
    ----------
    kind : {"classification", "forecasting"}
        What is asked.
    name : str
        One of `DATASETS` or of `SERIES`.

    Returns
    -------
    dict of str to ndarray
        A series as ``values``; or by ``train`` and ``test`` the ``steps`` of all
        sequences one after the other, of shape (n_steps, n_features), their
        ``lengths`` and their ``labels``.
    """
    if kind == "forecasting":
        return {"values": np.asarray(SERIES[name](), dtype=float).ravel()}
    arrays: dict[str, np.ndarray] = {}
    for part in ("train", "test"):
        X, y = import_module("aeon.datasets").load_classification(name, split=part)
        sequences = [np.asarray(row, dtype=float).T for row in X]
        arrays[f"{part}.steps"] = np.concatenate(sequences)
        arrays[f"{part}.lengths"] = np.array([len(row) for row in sequences])
        arrays[f"{part}.labels"] = np.asarray(y).astype(str)
    return arrays


def _of_aeon(function: str) -> np.ndarray:
    return getattr(import_module("aeon.datasets"), function)()


SERIES: dict[str, Callable[[], np.ndarray]] = {
    "airline": lambda: _of_aeon("load_airline"),
    # Of five columns the changes of consumption.
    "consumption": lambda: _of_aeon("load_uschange")[0],
    "lynx": lambda: _of_aeon("load_lynx"),
    "milk": lambda: load_milk_production().series,
    "shampoo": lambda: _of_aeon("load_shampoo_sales"),
    "solar": lambda: _of_aeon("load_solar"),
}
