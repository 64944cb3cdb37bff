"""Python values as JSON beside a list of arrays, and back.

None, booleans, ints, finite floats, strings and lists are themselves; anything else
is an object with one key that names its kind.  What is not listed here is refused on
the way out and on the way in: no kind of value is made by calling what a file names.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from skseq.persistence._container import dtype_named, storable

__all__ = ["Reader", "Unstorable", "Writer"]

_TYPES: dict[str, type] = {
    "bool": bool,
    "int": int,
    "float": float,
    **{f"numpy.{np.dtype(code).name}": np.dtype(code).type for code in "?bhilBHILefd"},
}
_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_KEY_WORDS = 624  # of a Mersenne twister


class Unstorable(ValueError):
    """A value that has no place in a file; says what it is."""


class Writer:
    """Turns values into JSON values, gathering their arrays.

    Attributes
    ----------
    arrays : list of ndarray
        What the JSON values refer to by place.
    """

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []

    def write(self, value: Any) -> Any:
        """Return the JSON value that `Reader.read` turns back into `value`.

        Parameters
        ----------
        value : object
            None, a boolean, number, string or bytes, an array, dtype or random
            state of NumPy, or a list, tuple or dict of them.

        Returns
        -------
        JSON value

        Raises
        ------
        Unstorable
            If it is something else.
        """
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"number": str(value)}
        if kind is list:
            if value and all(type(item) is float for item in value):
                return {"floats": self._place(np.array(value))}
            return [self.write(item) for item in value]
        for of_kind, write in _WRITERS:
            if isinstance(value, of_kind) and (of_kind in _OPEN or kind is of_kind):
                return write(self, value)
        raise Unstorable(f"a value of type {kind.__module__}.{kind.__qualname__}")

    def _place(self, array: np.ndarray) -> int:
        try:
            self.arrays.append(storable(array))
        except ValueError as error:
            raise Unstorable(str(error)) from None
        return len(self.arrays) - 1

    def _array(self, array: np.ndarray) -> dict:
        if type(array) is not np.ndarray:
            raise Unstorable(f"a {type(array).__name__}, a subclass of ndarray")
        if array.dtype != object:
            return {"array": self._place(array)}
        items = [self.write(item) for item in array.ravel().tolist()]
        return {"objects": {"shape": list(array.shape), "items": items}}

    def _random_state(self, generator: np.random.RandomState) -> dict:
        state = generator.get_state(legacy=False)
        if state["bit_generator"] != "MT19937":
            raise Unstorable(f"a RandomState on {state['bit_generator']}")
        return {
            "generator": {
                "key": self._place(state["state"]["key"]),
                "pos": int(state["state"]["pos"]),
                "has_gauss": int(state["has_gauss"]),
                "gauss": float(state["gauss"]),
            }
        }


def _type_name(value: type) -> dict:
    names = [name for name, known in _TYPES.items() if known is value]
    if not names:
        raise Unstorable(f"the class {value.__module__}.{value.__qualname__}")
    return {"type": names[0]}


# Subclasses belong to these kinds; a subclass of any other would not come back.
_OPEN = (np.ndarray, np.generic, np.dtype, type)
_WRITERS: list[tuple[type, Callable[[Writer, Any], dict]]] = [
    (np.generic, lambda w, value: {"scalar": w._place(np.array(value))}),
    (np.ndarray, lambda w, value: w._array(value)),
    (tuple, lambda w, value: {"tuple": [w.write(item) for item in value]}),
    (
        dict,
        lambda w, value: {"dict": [[w.write(k), w.write(v)] for k, v in value.items()]},
    ),
    (bytes, lambda w, value: {"bytes": value.hex()}),
    (np.dtype, lambda w, value: {"dtype": value.str}),
    (type, lambda w, value: _type_name(value)),
    (np.random.RandomState, lambda w, value: w._random_state(value)),
]


class Reader:
    """Turns JSON values back into values.

    Parameters
    ----------
    arrays : list of ndarray
        What they refer to. Each is referred to once.
    """

    def __init__(self, arrays: list[np.ndarray]):
        self._arrays: list[np.ndarray | None] = list(arrays)

    def read(self, node: Any) -> Any:
        """Return the value that `Writer.write` was given.

        Parameters
        ----------
        node : JSON value

        Returns
        -------
        object

        Raises
        ------
        ValueError
            If no value is written so.
        """
        if isinstance(node, list):
            return [self.read(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) != 1:
            raise ValueError(f"it has a value of the keys {sorted(node)!r:.80}")
        ((kind, content),) = node.items()
        if kind not in _READERS:
            raise ValueError(f"it has a value of the unknown kind {kind!r:.40}")
        return _READERS[kind](self, content)

    def finish(self) -> None:
        """Refuse a file with arrays that nothing refers to."""
        if any(array is not None for array in self._arrays):
            raise ValueError("it has arrays that nothing refers to")

    def _array(self, place: Any) -> np.ndarray:
        if type(place) is not int or not 0 <= place < len(self._arrays):
            raise ValueError(f"it refers to the array {place!r:.40}")
        array, self._arrays[place] = self._arrays[place], None
        if array is None:
            raise ValueError(f"it refers to the array {place} twice")
        return array

    def _scalar(self, place: Any) -> Any:
        array = self._array(place)
        if array.ndim:
            raise ValueError("it has a scalar with dimensions")
        return array[()]

    def _floats(self, place: Any) -> list[float]:
        array = self._array(place)
        if array.dtype != np.float64 or array.ndim != 1:
            raise ValueError("it has a list of floats that is none")
        return array.tolist()

    def _objects(self, content: Any) -> np.ndarray:
        _check_keys(content, {"shape", "items"})
        items, shape = content["items"], content["shape"]
        if not isinstance(items, list) or not isinstance(shape, list):
            raise ValueError("it has an array of objects without items or shape")
        if not all(type(n) is int and 0 <= n <= len(items) for n in shape):
            raise ValueError("it has an array of objects of a wrong shape")
        if len(shape) > 8 or math.prod(shape) != len(items):
            raise ValueError("it has an array of objects of a wrong shape")
        array = np.empty(len(items), object)
        for place, item in enumerate(items):
            array[place] = self.read(item)
        return array.reshape(shape)

    def _tuple(self, content: Any) -> tuple:
        return tuple(self._list(content))

    def _dict(self, content: Any) -> dict:
        made: dict = {}
        for pair in self._list(content):
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError("it has a dict whose items are not pairs")
            try:
                if pair[0] in made:
                    raise ValueError("it has a dict with a key twice")
                made[pair[0]] = pair[1]
            except TypeError:
                raise ValueError("it has a dict with a key of no use") from None
        return made

    def _list(self, content: Any) -> list:
        value = self.read(content)
        if not isinstance(value, list):
            raise ValueError("it has a tuple or dict without items")
        return value

    def _generator(self, content: Any) -> np.random.RandomState:
        _check_keys(content, {"key", "pos", "has_gauss", "gauss"})
        key = self._array(content["key"])
        pos, has_gauss = content["pos"], content["has_gauss"]
        right = (
            key.dtype == np.uint32
            and key.shape == (_KEY_WORDS,)
            and type(pos) is int
            and 0 <= pos <= _KEY_WORDS
            and type(has_gauss) is int
            and has_gauss in (0, 1)
            and type(content["gauss"]) is float
        )
        if not right:
            raise ValueError("it has a random state that is none")
        generator = np.random.RandomState(0)
        generator.set_state(
            ("MT19937", key, pos, has_gauss, content["gauss"]),
        )
        return generator


def _check_keys(content: Any, keys: set[str]) -> None:
    if not isinstance(content, dict) or set(content) != keys:
        raise ValueError(f"it has a value without the keys {sorted(keys)}")


def _named(table: dict, name: Any) -> Any:
    if not isinstance(name, str) or name not in table:
        raise ValueError(f"it names {name!r:.40}, which is none of {sorted(table)}")
    return table[name]


def _bytes(content: Any) -> bytes:
    try:
        return bytes.fromhex(content)
    except (TypeError, ValueError):
        raise ValueError("it has bytes that are none") from None


_READERS: dict[str, Callable[[Reader, Any], Any]] = {
    "array": Reader._array,
    "scalar": Reader._scalar,
    "floats": Reader._floats,
    "objects": Reader._objects,
    "tuple": Reader._tuple,
    "dict": Reader._dict,
    "bytes": lambda reader, content: _bytes(content),
    "number": lambda reader, name: _named(_NUMBERS, name),
    "type": lambda reader, name: _named(_TYPES, name),
    "dtype": lambda reader, name: dtype_named(name),
    "generator": Reader._generator,
}
