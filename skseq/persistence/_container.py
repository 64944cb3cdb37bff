"""The file: a mark, a version, a JSON header, arrays as they lie in memory, a digest.

====================  ==========================================================
bytes                 content
====================  ==========================================================
8                     the mark; it does not survive a transfer as text
4                     format version, unsigned
8                     length of the header, unsigned
length of the header  canonical JSON: ``arrays`` (dtype and shape of each), ``skseq``
                      (the version that wrote it), ``model`` (see `_models`)
the arrays            in the header's order without gaps, in C order
32                    SHA-256 of all that precedes
====================  ==========================================================

All numbers are little-endian. Arrays have no offsets, so none can overlap or lie
outside the file, and only as many bytes as the file has are ever set aside.  Every
version keeps the mark, the version's place and the digest at the end.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from contextlib import suppress
from typing import Any

import numpy as np

__all__ = [
    "VERSION",
    "FutureVersion",
    "NotAModel",
    "dtype_named",
    "pack",
    "storable",
    "unpack",
]

VERSION = 1
_MARK = b"\x93skseq\r\n"
_HEAD = struct.Struct("<8sIQ")
_DIGEST_SIZE = hashlib.sha256().digest_size
_MAX_HEADER = 2**24
_MAX_DIMENSIONS = 8
# Booleans, integers, floats, complex numbers, dates, and text of fixed width.
_DTYPE = re.compile(
    r"\|b1|[|<][iu][1248]|<f[248]|<c(8|16)|<[mM]8\[\d{0,3}[a-zA-Z]{1,2}\]"
    r"|<U[1-9]\d{0,6}|\|S[1-9]\d{0,6}"
)


class NotAModel(ValueError):
    """The file does not begin as a model does."""


class FutureVersion(ValueError):
    """The file is whole, but of a version that this code does not know."""


def storable(array: np.ndarray) -> np.ndarray:
    """Bring an array to the order in which files have it.

    Parameters
    ----------
    array : ndarray
        Of any dtype but object.

    Returns
    -------
    ndarray
        Little-endian and in C order.

    Raises
    ------
    ValueError
        If its dtype has no place in a file.
    """
    little = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    if not _DTYPE.fullmatch(little.dtype.str) or little.ndim > _MAX_DIMENSIONS:
        raise ValueError(f"an array of dtype {array.dtype} and {array.ndim} dimensions")
    return little


def pack(model: Any, arrays: list[np.ndarray], writer: str) -> bytes:
    """Write a header and arrays as the bytes of a file.

    Parameters
    ----------
    model : JSON value
        The header's ``model``.
    arrays : list of ndarray
        As `storable` gives them.
    writer : str
        The version of skseq.

    Returns
    -------
    bytes
        The same for the same content, always.

    Raises
    ------
    ValueError
        If the header is longer than a reader accepts.
    """
    table = [{"dtype": a.dtype.str, "shape": list(a.shape)} for a in arrays]
    header = _canonical({"arrays": table, "model": model, "skseq": writer})
    if len(header) > _MAX_HEADER:
        raise ValueError(
            f"Labels and parameters take {len(header)} bytes beside the arrays; at "
            f"most {_MAX_HEADER} can be stored. Use arrays of numbers or of strings "
            "instead of objects."
        )
    parts = [_HEAD.pack(_MARK, VERSION, len(header)), header]
    parts += [array.tobytes() for array in arrays]
    body = b"".join(parts)
    return body + hashlib.sha256(body).digest()


def unpack(data: bytes) -> tuple[Any, list[np.ndarray]]:
    """Read what `pack` wrote, and nothing else.

    Parameters
    ----------
    data : bytes
        A whole file.

    Returns
    -------
    model : JSON value
    arrays : list of ndarray

    Raises
    ------
    NotAModel
        If it does not begin with the mark.
    FutureVersion
        If it is of an unknown version.
    ValueError
        If anything else is not as `pack` writes it.
    """
    if data[: len(_MARK)] != _MARK:
        raise NotAModel(_likeness(data))
    if len(data) < _HEAD.size + _DIGEST_SIZE:
        raise ValueError("it is cut short")
    body = memoryview(data)[:-_DIGEST_SIZE]
    if hashlib.sha256(body).digest() != data[-_DIGEST_SIZE:]:
        raise ValueError("its checksum does not fit its content")
    _, version, length = _HEAD.unpack_from(body)
    if version != VERSION:
        raise FutureVersion(str(version))
    if length > min(_MAX_HEADER, len(body) - _HEAD.size):
        raise ValueError(f"its header claims {length} bytes")
    header = _parsed(bytes(body[_HEAD.size : _HEAD.size + length]))
    return header["model"], _arrays(header["arrays"], body[_HEAD.size + length :])


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("ascii")


def _parsed(text: bytes) -> dict:
    """Parse a header that is written in the one way that `pack` writes it.

    Comparing with what `pack` would write leaves no room for repeated keys, NaN,
    or a second way to write a number.
    """
    try:
        header = json.loads(text)
        canonical = _canonical(header)
    except (ValueError, RecursionError):
        canonical = b""
    if canonical != text:
        raise ValueError("its header is not the JSON that skseq writes")
    if not isinstance(header, dict) or set(header) != {"arrays", "model", "skseq"}:
        raise ValueError("its header does not have the keys arrays, model and skseq")
    if not isinstance(header["skseq"], str) or not isinstance(header["arrays"], list):
        raise ValueError("its header's arrays or skseq are of a wrong type")
    return header


def _arrays(table: list, data: memoryview) -> list[np.ndarray]:
    described = [_described(entry) for entry in table]
    sizes = [dtype.itemsize * math.prod(shape) for dtype, shape in described]
    if sum(sizes) != len(data):
        raise ValueError(
            f"its arrays take {sum(sizes)} bytes, but {len(data)} bytes are there"
        )
    arrays, start = [], 0
    for (dtype, shape), size in zip(described, sizes, strict=True):
        # A copy, so that arrays are aligned, writable and do not keep the file.
        raw = np.frombuffer(bytearray(data[start : start + size]), dtype)
        arrays.append(_checked(raw).reshape(shape))
        start += size
    return arrays


def _described(entry: Any) -> tuple[np.dtype, tuple[int, ...]]:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape"}:
        raise ValueError("an array has other keys than dtype and shape")
    name, shape = entry["dtype"], entry["shape"]
    if not isinstance(shape, list) or len(shape) > _MAX_DIMENSIONS:
        raise ValueError("an array's shape is not a short list")
    if not all(type(n) is int and 0 <= n < 2**48 for n in shape):
        raise ValueError("an array's shape holds something else than lengths")
    if 0 in shape and max(shape) > 2**24:
        raise ValueError("an array of no elements has a huge shape")
    return dtype_named(name), tuple(shape)


def dtype_named(name: Any) -> np.dtype:
    """Return the dtype of a name that `storable` arrays have."""
    if isinstance(name, str) and _DTYPE.fullmatch(name):
        with suppress(TypeError, ValueError):
            dtype = np.dtype(name)
            if dtype.str == name:
                return dtype
    raise ValueError(f"it names the dtype {name!r:.40}")


def _checked(raw: np.ndarray) -> np.ndarray:
    """Refuse bit patterns that no value of the dtype has."""
    if raw.dtype.kind == "b" and (raw.view(np.uint8) > 1).any():
        raise ValueError("an array of booleans holds something else")
    if raw.dtype.kind == "U" and (raw.view("<u4") > 0x10FFFF).any():
        raise ValueError("an array of text holds something else")
    return raw.astype(raw.dtype.newbyteorder("="), copy=False)


def _likeness(data: bytes) -> str:
    """Say what the file looks like instead."""
    if data[:1] == b"\x80":
        return "it looks like a pickle, which skseq never opens"
    if data[:2] == b"PK":
        return "it looks like a zip archive, such as Keras and skops write"
    if data[:4] == b"\x89HDF":
        return "it looks like an HDF5 file, such as Keras writes"
    return "it is empty" if not data else "it does not begin with the mark of one"
