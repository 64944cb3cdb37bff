"""The data of a problem: what is drawn for the search and for every repeat.

Three ways to divide data, as the configuration names them: `sizes` draws fresh
sequences for every use, `targets` marks the positions of one series that are to be
forecast, `shares` splits a finite table of sequences. With none of them the table is
all there is, and every use has all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skseq.experiments import registry
from skseq.experiments.streams import seed_for
from skseq.preprocessing import SupervisedWindower

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Sample:
    """Rows to fit, predict or score: inputs, targets, and which sequence each is of."""

    X: np.ndarray
    y: np.ndarray
    groups: np.ndarray | None = None


@dataclass(frozen=True)
class Case:
    """One value of a sweep, or the problem as it is.

    `label` names it (``lag=3``, or nothing), `params` are the generator's, `trains`
    tells whether there is a fit of its own or only a test, `index` keeps seeds apart.
    """

    label: str
    params: Mapping[str, Any]
    trains: bool
    index: int

    @property
    def prefix(self) -> str:
        """What stands before the names of its arrays."""
        return f"{self.label}/" if self.label else ""


BASE = Case("", {}, True, 0)


def cases(data: Mapping[str, Any]) -> list[Case]:
    """Return the cases of a problem: one, or one for each value of its sweep.

    Parameters
    ----------
    data : mapping
        Entry `data` of the problem, completed.

    Returns
    -------
    list of Case
        With ``retrain: true`` each value has its own fits. Without, the problem as it
        is comes first, and its fits are tested on the other values.
    """
    sweep = data["sweep"]
    base = Case("", data["params"], True, 0)
    if not sweep:
        return [base]
    swept = [
        Case(
            f"{sweep['param']}={value}",
            {**data["params"], sweep["param"]: value},
            sweep["retrain"],
            index,
        )
        for index, value in enumerate(sweep["values"], start=1)
    ]
    return swept if sweep["retrain"] else [base, *swept]


def differs_by_repeat(data: Mapping[str, Any]) -> bool:
    """Return whether each repeat has data of its own; `data` is the problem's entry."""
    return bool(data["sizes"] or data["shares"])


def draw_search(problem: str, seed: int, data: Mapping[str, Any]) -> Arrays:
    """Draw what the search of a problem may see.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    data : mapping
        Entry `data` of the problem, completed.

    Returns
    -------
    dict of str to ndarray
        `X`, and `y` and `groups` where the generator gives them.
    """
    params = data["params"]
    if data["sizes"]:
        random_state = seed_for(seed, problem, "search data")
        return draw(data, params, data["sizes"]["search"], random_state)
    table = draw(data, params, random_state=seed_for(seed, problem, "table"))
    if data["targets"]:
        known = data["targets"]["train"][1]
        return {key: values[:known] for key, values in table.items()}
    if data["shares"]:
        chosen, _ = _search_rows(problem, seed, data, len(table["X"]))
        return {key: values[chosen] for key, values in table.items()}
    return table


def draw_repeats(
    problem: str, seed: int, repeats: int, data: Mapping[str, Any]
) -> Arrays:
    """Draw the training and test data of every repeat, apart from the search's.

    Parameters
    ----------
    problem : str
        Name of the problem.
    seed : int
        Root seed of the run.
    repeats : int
        Number of repeats.
    data : mapping
        Entry `data` of the problem, completed.

    Returns
    -------
    dict of str to ndarray
        `train.X`, `test.X` and the like of shape ``(repeats, n_sequences, ...)``; for
        data that are the same in every repeat, `all.X` and the like once. In a sweep,
        each name stands behind its case, as in ``lag=3/train.X``.
    """
    return {
        f"{case.prefix}{name}": values
        for case in cases(data)
        for name, values in _draw_case(problem, seed, repeats, data, case).items()
    }


def _draw_case(
    problem: str, seed: int, repeats: int, data: Mapping[str, Any], case: Case
) -> Arrays:
    if data["sizes"]:
        uses = ("train", "test") if case.trains else ("test",)
        return _stacked(
            {
                use: [
                    draw(
                        data,
                        case.params,
                        data["sizes"][use],
                        seed_for(seed, problem, f"{use} data", repeat, case.index),
                    )
                    for repeat in range(repeats)
                ]
                for use in uses
            }
        )
    # The same table that the search has.
    table = draw(data, case.params, random_state=seed_for(seed, problem, "table"))
    if data["shares"]:
        return _split(problem, seed, repeats, data, table)
    return {f"all.{key}": values for key, values in table.items()}


def search_sample(arrays: Arrays, spec: Mapping[str, Any]) -> Sample:
    """Frame what `draw_search` drew; `spec` holds `data` and `framing`."""
    return _framed(arrays, spec, "train")


def repeat_sample(
    arrays: Arrays, spec: Mapping[str, Any], use: str, repeat: int, case: Case = BASE
) -> Sample:
    """Frame the training or the test data of one repeat.

    Parameters
    ----------
    arrays : dict of str to ndarray
        What `draw_repeats` drew.
    spec : mapping
        Entries `data` and `framing` of the problem.
    use : {"train", "test"}
        Rows to fit or rows to test.
    repeat : int
        Number of the repeat.
    case : Case
        Which case of a sweep.

    Returns
    -------
    Sample
        The rows.
    """
    own = {}
    for key, values in arrays.items():
        prefix, _, name = key.rpartition("/")
        owner, _, name = name.partition(".")
        if prefix == case.label and owner in (use, "all"):
            own[name] = values if owner == "all" else values[repeat]
    return _framed(own, spec, use)


def _framed(arrays: Arrays, spec: Mapping[str, Any], use: str) -> Sample:
    data = spec["data"]
    if data["targets"]:
        windower = SupervisedWindower(layout="series", **spec["framing"])
        X, y, _ = windower.make_pairs(arrays["X"])
        positions = target_positions(windower, len(arrays["X"]))
        kept = _among(positions, windower, data["targets"][use])
        return Sample(X[kept], y[kept])
    if spec["framing"] is not None:
        windower = SupervisedWindower(**spec["framing"])
        return Sample(*windower.make_pairs(arrays["X"], arrays.get("y")))
    X, y = arrays["X"], arrays["y"]
    if data["sweep"] and X.ndim == 2:
        # A table has as many columns as in `fit`; steps may be any number.
        X = X[:, :, np.newaxis]
    if data["rows_per_group"]:
        return Sample(X, y, np.arange(len(X)) // data["rows_per_group"])
    return Sample(X, y)


def series_positions(spec: Mapping[str, Any], n_timesteps: int, use: str) -> np.ndarray:
    """Return where in a series the first target of every row is.

    Parameters
    ----------
    spec : mapping
        Entries `data` and `framing` of a problem with `targets`.
    n_timesteps : int
        Length of the series.
    use : {"train", "test"}
        Rows of which use.

    Returns
    -------
    ndarray of shape (n_rows,)
        Positions counted from 0.
    """
    windower = SupervisedWindower(layout="series", **spec["framing"])
    positions = target_positions(windower, n_timesteps)
    return positions[_among(positions, windower, spec["data"]["targets"][use])]


def target_positions(windower: SupervisedWindower, n_timesteps: int) -> np.ndarray:
    """Return where in a series the first target of every window is.

    Parameters
    ----------
    windower : SupervisedWindower
        What cuts the windows, with ``target="forecast"``.
    n_timesteps : int
        Length of the series.

    Returns
    -------
    ndarray of shape (n_windows,)
        Positions counted from 0.

    Examples
    --------
    >>> from skseq import SupervisedWindower
    >>> target_positions(SupervisedWindower(n_in=2, horizon=2, layout="series"), 6)
    array([3, 4, 5])
    """
    first = windower.n_in + windower.horizon - 1
    return np.arange(first, n_timesteps - windower.n_out + 1, windower.step)


def _among(
    positions: np.ndarray, windower: SupervisedWindower, targets: Sequence[int]
) -> np.ndarray:
    """Return for which windows all targets lie among some positions."""
    return (positions >= targets[0]) & (positions + windower.n_out <= targets[1])


def draw(
    data: Mapping[str, Any],
    params: Mapping[str, Any],
    n_sequences: int | None = None,
    random_state: int | np.random.RandomState | None = None,
) -> Arrays:
    """Draw or read what the generator of a problem gives.

    Parameters
    ----------
    data : mapping
        Entry `data` of the problem.
    params : mapping
        Arguments of the generator.
    n_sequences : int, default=None
        How many, if the generator can be told.
    random_state : int or RandomState, default=None
        What it draws from, if it draws.

    Returns
    -------
    dict of str to ndarray
        `X`, and `y` and the like where the generator gives them.
    """
    name, params = data["generator"], dict(params)
    takes = registry.parameters("generator", name)
    if n_sequences is not None and "n_sequences" in takes:
        params["n_sequences"] = n_sequences
    if random_state is not None and "random_state" in takes:
        params["random_state"] = random_state
    drawn = registry.load("generator", name)(**params)
    return {key: _compact(values) for key, values in _parts(drawn).items()}


def _parts(drawn: Any) -> Arrays:
    """Name what a generator returns: X, (X, y), a series, or a table of sequences."""
    if isinstance(drawn, tuple):
        return dict(zip(("X", "y"), drawn, strict=True))
    if not isinstance(drawn, Mapping):
        return {"X": drawn}
    if "series" in drawn:
        return {"X": drawn["series"], "time": drawn["time"]}
    return {"X": drawn["X"], "y": drawn["y"]}


def _compact(values: Any) -> np.ndarray:
    """Return values in a plain type: texts as such, integers in the smallest one."""
    values = np.asarray(values)
    if values.dtype.kind == "O":
        values = np.array(values.tolist())
    if values.dtype.kind not in "iu" or not values.size or values.min() < 0:
        return values
    return values.astype(np.min_scalar_type(values.max()))


def _stacked(draws: Mapping[str, list[Arrays]]) -> Arrays:
    stacked = {}
    for use, drawn in draws.items():
        for key in drawn[0]:
            stacked[f"{use}.{key}"] = _compact(np.stack([part[key] for part in drawn]))
    return stacked


def _search_rows(
    problem: str, seed: int, data: Mapping[str, Any], n_rows: int
) -> tuple[np.ndarray, np.ndarray]:
    rows = np.random.default_rng(seed_for(seed, problem, "split")).permutation(n_rows)
    count = max(1, round(data["shares"]["search"] * n_rows))
    return np.sort(rows[:count]), np.sort(rows[count:])


def _split(
    problem: str, seed: int, repeats: int, data: Mapping[str, Any], table: Arrays
) -> Arrays:
    n_rows = len(table["X"])
    _, rest = _search_rows(problem, seed, data, n_rows)
    n_train = max(1, round(data["shares"]["train"] * n_rows))
    n_test = min(max(1, round(data["shares"]["test"] * n_rows)), len(rest) - n_train)
    draws: dict[str, list[Arrays]] = {"train": [], "test": []}
    for repeat in range(repeats):
        stream = np.random.default_rng(seed_for(seed, problem, "train data", repeat))
        rows = stream.permutation(rest)
        for use, chosen in (
            ("train", rows[:n_train]),
            ("test", rows[n_train : n_train + n_test]),
        ):
            draws[use].append({key: values[chosen] for key, values in table.items()})
    return _stacked(draws)
