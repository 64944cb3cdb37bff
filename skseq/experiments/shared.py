"""What entries of a configuration share, and where what they are made of is written.

A family gives keys to its problems, and `baselines` names what stands beside several
networks. Whatever is wrong with such a part is told once, where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skseq.experiments.mistakes import unknown

# Keys of a configuration that only say what entries share.
SHARED = ("families", "baselines")
_SHOWN = 3
_Layers = list[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Joined:
    """Problems that each have all that they share with others.

    Attributes
    ----------
    problems : object
        The entries, complete; what is no mapping is left as it is.
    mistakes : list of str
        Families and baselines that are not there.
    broken : set of str
        Problems that lack what they should share: nothing more can be said of them.
    layers : dict of str to list
        For each problem, its own entry and those of its families, the nearest first,
        each behind its place.
    """

    problems: Any
    mistakes: list[str]
    broken: set[str]
    layers: dict[str, _Layers]

    def placed(self, mistakes: Iterable[str]) -> list[str]:
        """Return mistakes with the places where they are written, each of them once."""
        found: dict[str, dict[str | None, None]] = {}
        for mistake in mistakes:
            place, colon, message = mistake.partition(": ")
            where = _written(place, self.layers)
            problem = None if where == place else _keys(place)[1]
            found.setdefault(f"{where}{colon}{message}", {}).setdefault(problem)
        return [_said(mistake, list(whose)) for mistake, whose in found.items()]


def join(config: Any) -> Joined:
    """Give each problem what it shares with others.

    Parameters
    ----------
    config : object
        The configuration as read, of any form.

    Returns
    -------
    Joined
        The problems, and what is wrong with how they are joined.

    Examples
    --------
    >>> families = {"small": {"grid": {"units": [2], "epochs": [1]}}}
    >>> problems = {"A": {"family": "small", "grid": {"epochs": [5]}}}
    >>> join({"families": families, "problems": problems}).problems
    {'A': {'grid': {'units': [2], 'epochs': [5]}}}
    """
    problems = config.get("problems") if isinstance(config, Mapping) else None
    if not isinstance(problems, Mapping):
        return Joined(problems, [], set(), {})
    families, baselines = (_mapping(config.get(key)) for key in SHARED)
    joined = Joined({}, [], set(), {})
    for problem, entry in problems.items():
        place = f"problems.{problem}"
        layers, mistakes = _layers(place, entry, families)
        whole = entry
        for _, layer in layers[1:]:
            whole = _on_top(layer, whole)
        named = _mapping(whole).get("baselines")
        if isinstance(named, list):
            mistakes += _unnamed(place, named, baselines)
            named = [_component(one, baselines) for one in named]
            whole = {**whole, "baselines": named}
        if mistakes or not _is_whole(layers, named):
            joined.broken.add(problem)
        else:
            whole = {key: whole[key] for key in whole if key != "family"}
        joined.problems[problem] = whole
        joined.layers[problem] = layers
        joined.mistakes.extend(mistakes)
    return joined


def _is_whole(layers: _Layers, named: Any) -> bool:
    """Whether nothing has a form that could not be joined."""
    return all(isinstance(layer, Mapping) for _, layer in layers) and not (
        isinstance(named, list) and any(isinstance(one, str) for one in named)
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _layers(
    place: str, entry: Any, families: Mapping[str, Any]
) -> tuple[_Layers, list[str]]:
    """Return an entry and its families, and what is wrong with the last one's."""
    layers = [(place, entry)]
    while isinstance(entry, Mapping) and "family" in entry:
        name = entry["family"]
        at = f"{layers[-1][0]}.family"
        if not isinstance(name, str):
            return layers, [f"{at}: must be a text; got {name!r}."]
        if name not in families:
            return layers, [_missing(at, "family", name, families)]
        if f"families.{name}" in dict(layers):
            return layers, [f"{at}: {name!r} has this family itself; leave one out."]
        entry = families[name]
        layers.append((f"families.{name}", entry))
    return layers, []


def _on_top(below: Any, own: Any) -> Any:
    """Put mappings together key by key; of all else, the own one stands."""
    if not (isinstance(below, Mapping) and isinstance(own, Mapping)):
        return own
    return {
        **below,
        **{key: _on_top(below.get(key), value) for key, value in own.items()},
    }


def _component(baseline: Any, baselines: Mapping[str, Any]) -> Any:
    known = baselines.get(baseline) if isinstance(baseline, str) else None
    return {**known, "label": baseline} if isinstance(known, Mapping) else baseline


def _unnamed(
    place: str, named: Sequence[Any], baselines: Mapping[str, Any]
) -> Iterator[str]:
    for index, one in enumerate(named):
        if isinstance(one, str) and one not in baselines:
            yield _missing(f"{place}.baselines[{index}]", "baseline", one, baselines)


def _missing(place: str, kind: str, name: str, valid: Mapping[str, Any]) -> str:
    if valid:
        return unknown(place, kind, name, map(str, valid))
    return f"{place}: unknown {kind} {name!r}; the configuration names none."


def _written(place: str, layers: Mapping[str, _Layers]) -> str:
    """Return where the thing is written that stands at a place of a joined problem."""
    top, *keys = _keys(place) or [""]
    if top != "problems" or not keys or keys[0] not in layers:
        return place
    inside = keys[1:]
    # What is nowhere as a whole is missing in the nearest that should have it.
    depth = [_depth(entry, inside) for _, entry in layers[keys[0]]]
    where, entry = layers[keys[0]][depth.index(max(depth))]
    if inside[:1] == ["baselines"] and len(inside) > 1:
        named = entry["baselines"][_index(inside[1])]
        if isinstance(named, str) and len(inside) > 2:
            where, inside = f"baselines.{named}", inside[2:]
    return where + "".join(key if key[0] == "[" else f".{key}" for key in inside)


def _keys(place: str) -> list[str]:
    return re.findall(r"[^.\[\]]+|\[\d+\]", place)


def _index(key: str) -> int:
    return int(key[1:-1])


def _depth(value: Any, keys: Sequence[str]) -> int:
    """Return how many of the keys lead on, each inside of the one before."""
    for depth, key in enumerate(keys):
        try:
            value = value[_index(key) if key[0] == "[" else key]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(keys)


def _said(mistake: str, whose: Sequence[str | None]) -> str:
    """Say which problems a mistake concerns, where its place does not."""
    named = [problem for problem in whose if problem is not None]
    if len(named) < len(whose):
        return mistake
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return f"{mistake} (for {', '.join(named[:_SHOWN])}{more})"
