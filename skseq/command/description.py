"""What a file of a model tells about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from skseq.command.models import chain, is_network
from skseq.estimators._base import BaseRecurrent
from skseq.experiments.manifest import origin
from skseq.persistence import load
from skseq.training.learnt import Learnt

__all__ = ["described"]

_SHOWN = 10


def described(path: Path) -> dict[str, str]:
    """Describe a model by its file.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    dict of str to str
        What it is, takes, gives, and was trained on, a line each; what is not known
        is left out.

    Raises
    ------
    ValueError
        If it is no model that `skseq.save` wrote.
    OSError
        If it cannot be opened.
    """
    model = load(path)
    parts = chain(model)
    said = {"model": " > ".join(type(part).__name__ for part in parts)}
    said |= dict(_takes(model, parts))
    if is_network(parts[-1]):
        said |= dict(_trained(parts[-1]))
    if run := origin(path):
        said["run"] = _run(*run)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    said["file"] = f"{len(content):,} bytes, SHA-256 {digest}"
    return said


def _takes(
    model: BaseEstimator, parts: list[BaseEstimator]
) -> Iterator[tuple[str, str]]:
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        yield "columns", _listed(names)
    for part in parts:
        categories = getattr(part, "categories_", None)
        if isinstance(categories, np.ndarray):
            yield "symbols", f"{len(categories)}: {_listed(categories)}"


def _trained(network: BaseRecurrent) -> Iterator[tuple[str, str]]:
    if not network.__sklearn_is_fitted__():
        yield "trained", "not yet"
        return
    learnt = network._fitted()
    yield from _made_of(network, learnt)
    rows = f"rows of length {learnt.window}" if learnt.window else "rows of any length"
    yield (
        "trained",
        f"{len(learnt.losses)} epochs, {learnt.updates:,} updates on {rows}",
    )
    if learnt.losses:
        first, last = learnt.losses[0], learnt.losses[-1]
        yield "loss", f"{learnt.loss}, {first:.4g} at first and {last:.4g} at last"
    if learnt.diverged_in:
        yield "diverged", f"in epoch {learnt.diverged_in}; it predicts nothing"
    defaults = type(network)().get_params()
    changed = [
        f"{name}={value!r}"
        for name, value in network.get_params().items()
        if name not in defaults or repr(value) != repr(defaults[name])
    ]
    if changed:
        yield "parameters", ", ".join(changed)


def _made_of(network: BaseRecurrent, learnt: Learnt) -> Iterator[tuple[str, str]]:
    spec = learnt.network
    yield "features", f"{spec.n_features} a step, as the network reads them"
    classes = getattr(network, "classes_", None)
    what = "numbers" if classes is None else f"labels ({_listed(classes)})"
    yield "gives", f"{what}, {network._layout.meaning}"
    layers = spec.units if isinstance(spec.units, tuple) else (spec.units,)
    kind = "bidirectional " if spec.bidirectional else ""
    count = sum(weight.size for weight in learnt.weights)
    yield (
        "network",
        f"{kind}{spec.cell} of {' and '.join(map(str, layers))} units, {count:,} "
        f"weights ({spec.dtype})",
    )


def _listed(values: Any) -> str:
    shown = [str(value) for value in values[:_SHOWN]]
    return ", ".join(shown + ["…"] * (len(values) > _SHOWN))


def _run(manifest: Path, problem: str, config: Mapping[str, Any]) -> str:
    data = config["problems"][problem]["data"]
    params = ", ".join(f"{name}={value!r}" for name, value in data["params"].items())
    return (
        f"{problem} of {manifest}, from {data['generator']}({params}), with seed "
        f"{config['seed']}"
    )
