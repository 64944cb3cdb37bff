"""The entry of the configuration for a table of one's own.

What the table says is read off it; all else is a first guess, and a comment on each
choice says so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skseq.datasets import load_sequences_csv
from skseq.datasets._tables import Table, as_number

__all__ = ["Columns", "entry_for"]

# Of all sequences, those that choose the network.
_SEARCHED = 0.3
_SHOWN = 10
# Texts that YAML takes for nothing else.
_PLAIN = re.compile("(?!(true|false|yes|no|on|off|null|y|n)$)[a-z][a-z0-9_]*", re.I)


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    Attributes
    ----------
    sequence, step, label : str
        Their names; all others are features.
    numbers : bool
        Whether labels are numbers to be forecast.
    """

    sequence: str = "sequence"
    step: str = "step"
    label: str = "label"
    numbers: bool = False


def entry_for(name: str, path: Path, columns: Columns) -> str:
    """Write the entry of a table, from what the table says of itself.

    Parameters
    ----------
    name : str
        What to call the problem.
    path : Path
        A CSV with a row per step.
    columns : Columns
        What its columns are.

    Returns
    -------
    str
        Lines of YAML, indented as under ``problems:``.

    Raises
    ------
    ValueError
        If the table cannot be read, or holds what no pipeline can be written for.
    OSError
        If it cannot be opened.
    """
    return _written(name, _read(path, columns))


@dataclass(frozen=True)
class _Found:
    """What a table says of itself."""

    params: dict[str, Any]
    n_sequences: int
    n_steps: int
    features: list[str]
    labels: list[str]
    n_rarest: int

    @property
    def symbols(self) -> bool:
        return self.params.get("features_are") == "symbols"

    @property
    def numbers(self) -> bool:
        return self.params.get("labels_are") == "numbers"

    @property
    def per_step(self) -> bool:
        return self.params.get("framing") == "per_step"

    @property
    def uneven(self) -> bool:
        return "fill_value" in self.params


def _read(path: Path, columns: Columns) -> _Found:
    params: dict[str, Any] = {"path": str(path)}
    roles = {role: getattr(columns, role) for role in ("sequence", "step", "label")}
    params |= {role: column for role, column in roles.items() if column != role}
    table = Table.of_csv(path, ",", None)
    table.require(list(roles.values()))
    features = [name for name in table.header if name not in roles.values()]
    cells = {name: table.cells(name) for name in table.header}
    table.finish()
    sequences, labels = cells[columns.sequence], cells[columns.label]
    if not all(np.isfinite(as_number(c)) for name in features for c in cells[name]):
        params["features_are"] = "symbols"
        if len(features) > 1:
            raise ValueError(
                f"{path}: of the features {_listed(features)}, some hold symbols; one "
                "column of symbols can be coded, so join them, or leave numbers alone."
            )
    if columns.numbers:
        params["labels_are"] = "numbers"
    if len(set(zip(sequences, labels, strict=True))) > len(set(sequences)):
        params["framing"] = "per_step"
    if len(set(Counter(sequences).values())) > 1:
        if "framing" in params:
            raise ValueError(
                f"{path}: sequences have a label for each step and are of different "
                "lengths, which the pipeline cannot score; cut them to one length."
            )
        params["fill_value"] = "" if "features_are" in params else float("nan")
    data = load_sequences_csv(**params)
    found, counts = np.unique(data.y, return_counts=True)
    return _Found(
        params=params,
        n_sequences=data.X.shape[0],
        n_steps=data.X.shape[1],
        features=features,
        labels=[str(label) for label in found],
        n_rarest=int(counts.min()),
    )


_TEMPLATE = """\
  # {shape}
  # Features, {features}.
  # Labels, {labels}.
  {name}:
    title: {name}
    data:
      generator: load_sequences_csv
      # The path is from where the run is started.
      params: {params}
      # {searched} sequences choose the network. Of the others, each repeat draws anew
      # which ones it trains on and which ones test it.
      shares: {shares}
    # What is done to features before the network sees them.
    transformers: {transformers}
{targets}    # All parameters of {estimator} may stand here,
    # under `params`, or below in the grid, with the values to choose from.
    estimator: {network}
    grid: {{units: [10, 20], epochs: [50, 100]}}
    # How those sequences are split to choose; each candidate is fitted from so many
    # seeds on each split, since one fit is luck.
    cv: {cv}
    search_seeds: 3
    # Rules that remember nothing: what a network must beat to be worth its while.
    baselines:
{baselines}
    # What counts as success, and in which share of the repeats. A limit of your own:
    # {{metric: {metric}, {limit}}}.
    criteria:
      - {{metric: {metric}, better_than: rules, share: 0.95}}
"""

_TARGETS = """\
    # Labels are scaled for the network, and what it forecasts is scaled back.
    target_transform: {name: StandardScaler}
"""


def _written(name: str, found: _Found) -> str:
    length = "up to " * found.uneven + _count(found.n_steps, "step")
    searched = max(1, round(_SEARCHED * found.n_sequences))
    before: list[dict[str, Any]] = []
    baselines: list[dict[str, Any]] = [
        {"name": "DummyClassifier", "label": "most frequent label"}
    ]
    network: dict[str, Any] = {"name": "StatefulLSTMClassifier"}
    metric, limit = "token_accuracy", "at_least: 0.9"
    if found.symbols:
        before = [{"name": "OneHotSequence"}]
        lookup = {"name": "LookupClassifier", "label": "best answer to one value"}
        baselines.append(lookup | {"params": {"step": "best"}})
        if found.uneven:
            before[0] |= {"params": {"padding": ""}}
            network |= {"params": {"mask_value": 0}}
    else:
        # Unlike units: a pressure of a thousand would leave a temperature unread.
        scaler: dict[str, Any] = {"transformer": {"name": "StandardScaler"}}
        before = [{"name": "PerStep", "params": scaler}]
        if found.uneven:
            scaler["mask_value"] = float("nan")
            network |= {"params": {"mask_value": float("nan")}}
    if found.numbers:
        network["name"] = "StatefulLSTMRegressor"
        baselines = [{"name": "DummyRegressor", "label": "mean"}]
        metric, limit = "mean_absolute_error", "at_most: 0.1"
    # Each label must be there for each split.
    few = found.per_step or found.numbers or found.n_rarest * _SEARCHED < 6
    cv = {"kind": "KFold" if few else "StratifiedKFold"}
    return _TEMPLATE.format(
        name=_flow(name),
        shape=f"{_count(found.n_sequences, 'sequence')} of {length}, from the table.",
        features=("symbols: " if found.symbols else "numbers: ")
        + _listed(found.features),
        labels=("one for each step: " if found.per_step else "one a sequence: ")
        + ("numbers" if found.numbers else _listed(found.labels)),
        params=_flow(found.params),
        searched=searched,
        shares=_flow({"search": _SEARCHED, "train": 0.5, "test": 0.2}),
        transformers=_flow(before),
        targets=_TARGETS * found.numbers,
        estimator=network["name"],
        network=_flow(network),
        cv=_flow(cv | {"n_splits": 3 if searched >= 9 else 2}),
        baselines="\n".join(f"      - {_flow(baseline)}" for baseline in baselines),
        metric=metric,
        limit=limit,
    )


def _flow(value: Any) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, dict):
        items = (f"{key}: {_flow(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, float) and np.isnan(value):
        return ".nan"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
