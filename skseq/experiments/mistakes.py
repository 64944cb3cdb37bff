"""How mistakes in a configuration are found and said: where, what, what was meant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

import jsonschema

from skseq.experiments import registry

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


def nearest(name: object, valid: Iterable[str]) -> str:
    """Return the one of `valid` that is most like `name`.

    Parameters
    ----------
    name : object
        What was given.
    valid : iterable of str
        What could have been meant; at least one.

    Returns
    -------
    str
        The most similar name; among equals the first in alphabetical order.

    Examples
    --------
    >>> nearest("unit", ["units", "epochs"])
    'units'
    """

    def likeness(other: str) -> float:
        return SequenceMatcher(None, str(name).lower(), other.lower()).ratio()

    return max(sorted(valid), key=likeness)


def form_errors(
    config: Any, schema: Mapping[str, Any]
) -> list[jsonschema.ValidationError]:
    validator = jsonschema.Draft202012Validator(schema)
    return sorted(
        validator.iter_errors(config),
        key=lambda error: (list(map(str, error.absolute_path)), error.message),
    )


def form_mistakes(error: jsonschema.ValidationError) -> Iterator[str]:
    where = _place(error.absolute_path)
    if error.validator == "additionalProperties":
        valid = list(error.schema.get("properties", ()))
        for key in sorted(set(error.instance) - set(valid), key=str):
            yield unknown(_join(where, key), "key", key, valid)
    else:
        yield f"{where}: {_form_message(error)}"


def _form_message(error: jsonschema.ValidationError) -> str:
    got = f"got {error.instance!r}"
    value = error.validator_value
    match error.validator:
        case "required":
            missing = [key for key in value if key not in error.instance]
            return f"the key {missing[0]!r} is missing."
        case "type":
            return f"must be {_TYPES[value]}; {got}."
        case "enum":
            return (
                f"must be one of {', '.join(value)}; {got}; "
                f"did you mean {nearest(error.instance, value)!r}?"
            )
        case "minimum":
            return f"must be at least {value}; {got}."
        case "maximum":
            return f"must be at most {value}; {got}."
        case "exclusiveMinimum":
            return f"must be above {value}; {got}."
        case "exclusiveMaximum":
            return f"must be below {value}; {got}."
        case "minItems" | "minProperties":
            return f"must have at least {value} entries; {got}."
        case "maxItems" | "items":
            return f"has too many entries; {got}."
        case "uniqueItems":
            return f"must not hold a value twice; {got}."
        case "pattern":
            return (
                f"the name {error.instance!r} must start with a letter and hold only "
                "letters, digits and '_'."
            )
    return f"{error.message}."


def component_mistakes(
    where: str, kind: str, component: Mapping[str, Any], key: str = "name"
) -> Iterator[str]:
    name = component["name"]
    if name not in registry.names(kind):
        yield unknown(f"{where}.{key}", kind, name, registry.names(kind))
        return
    params = dict(component.get("params", {}))
    inner = registry.NESTED.get((kind, name))
    if inner in params:
        yield from _nested_mistakes(f"{where}.params.{inner}", kind, params[inner])
    flat = {key: value for key, value in params.items() if key != inner}
    yield from parameter_mistakes(f"{where}.params", kind, name, flat)
    for parameter in registry.required(kind, name):
        if parameter not in params:
            yield f"{where}.params: {name} needs the parameter {parameter!r}."


def _nested_mistakes(where: str, kind: str, component: Any) -> Iterator[str]:
    """Hold a component inside of another to the form of all of them."""
    keys = {"name": str, "params": Mapping}
    if not isinstance(component, Mapping):
        yield f"{where}: must be a mapping; got {component!r}."
        return
    for key in sorted(set(component) - set(keys), key=str):
        yield unknown(_join(where, key), "key", key, keys)
    if "name" not in component:
        yield f"{where}: the key 'name' is missing."
    elif isinstance(component["name"], str) and isinstance(
        component.get("params", {}), Mapping
    ):
        yield from component_mistakes(where, kind, component)
    else:
        yield f"{where}: needs a text as name and a mapping as params."


def parameter_mistakes(
    where: str, kind: str, name: str, params: Mapping[str, Any], **used: Any
) -> Iterator[str]:
    valid = registry.parameters(kind, name, **used)
    for key, value in params.items():
        if key == "random_state":
            yield f"{where}.{key}: is drawn from the run's seed; leave it out."
        elif not valid:
            yield f"{where}.{key}: {name} takes no parameters; got {key!r}."
        elif key not in valid:
            yield (
                f"{where}.{key}: {name} has no parameter {key!r}; "
                f"did you mean {nearest(key, valid)!r}?"
            )
        else:
            message = registry.value_error(kind, name, key, expanded(value))
            if message:
                yield f"{where}.{key}: {message}"


def number_mistakes(place: str, *values: float) -> Iterator[str]:
    for value in values:
        if not math.isfinite(value):
            yield f"{place}: must be a finite number; got {value!r}."


def unknown(where: str, kind: str, name: object, valid: Iterable[str]) -> str:
    return f"{where}: unknown {kind} {name!r}; did you mean {nearest(name, valid)!r}?"


def _place(path: Iterable[Any]) -> str:
    where = ""
    for key in path:
        where = f"{where}[{key}]" if isinstance(key, int) else _join(where, key)
    return where or "(top)"


def _join(where: str, key: Any) -> str:
    return str(key) if where in ("", "(top)") else f"{where}.{key}"


def expanded(value: Any) -> Any:
    """Return a copy with every ``{range: n}`` as the list of 0 to n-1."""
    if isinstance(value, Mapping):
        if set(value) == {"range"}:
            return list(range(value["range"]))
        return {key: expanded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [expanded(item) for item in value]
    return value
