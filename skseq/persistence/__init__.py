"""Models as data: one skops file, checksummed, whole or not at all.

`save` writes a fitted or unfitted model; `load` gives it back, and goes on exactly
where it stood. Loading runs no code from the file, and imports TensorFlow only for
estimators that need it.

A file is a zip archive as `skops.io` writes it, brought to one form: its first entry,
``skseq``, is the version that wrote it, and its comment ends in the SHA-256 of all
bytes before.
"""

from __future__ import annotations

import os
import stat
from typing import Any

from sklearn.base import BaseEstimator

import skseq
from skseq._atomic import replacing
from skseq.persistence._form import packed
from skseq.persistence._reading import DIGITS, NAME, digest, opened, unpacked
from skseq.persistence._trust import name_of

__all__ = ["load", "save"]

_JOBLIB = (
    "Use joblib for what is not data (joblib.load runs code from the file: open only "
    "files that you trust)."
)
# A file begins with the header of its first entry, whose name follows 30 bytes later.
_ZIP, _NAME_AT = b"PK\x03\x04", 30
_BEFORE_SKOPS = b"\x93skseq\r\n"
_LOOKS = {
    b"\x80": "it looks like a pickle, which skseq never opens",
    b"PK": "it looks like a zip archive, such as Keras and skops write",
    b"\x89HDF": "it looks like an HDF5 file, such as Keras writes",
}


def save(model: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a model to a file.

    The file holds parameters, fitted attributes, the optimizer's state and the random
    state, so that ``partial_fit`` after `load` goes on bit for bit. The same model
    gives the same bytes.

    Parameters
    ----------
    model : estimator or transformer
        Of this package or of scikit-learn, fitted or not: a Pipeline or a search, too.
    path : path-like
        The file. It is replaced in one move once the new one is safely on the disk:
        whatever interrupts the writing, there is the old file or the new one.

    Raises
    ------
    TypeError
        If `model` is no estimator.
    ValueError
        If part of it is no data that `load` would take, or does not come back as it
        was: callbacks, functions, classes of others.
    OSError
        As the file system says it.

    See Also
    --------
    load : Read the file.

    Examples
    --------
    >>> import os, tempfile
    >>> import skseq
    >>> encoder = skseq.OneHotSequence().fit([["c", "a", "b"]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "encoder.skops")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path).categories_
    array(['a', 'b', 'c'], dtype='<U1')
    """
    path = os.fspath(path)
    if not isinstance(model, BaseEstimator):
        is_class = isinstance(model, type)
        called = f"the class {name_of(model)}" if is_class else name_of(type(model))
        raise TypeError(
            "skseq.save takes estimators and transformers of skseq and scikit-learn; "
            f"got {called}. {_JOBLIB}"
        )
    way_out = _JOBLIB
    try:
        for key, value in model.get_params().items():
            if key.endswith("callbacks") and value:
                way_out = f"Call set_params({key}=None) first: callbacks are code."
                raise ValueError("it has callbacks")
        data = packed(model)
        if packed(unpacked(data)) != data:
            raise ValueError(
                "part of it comes back otherwise than it was, as keys True and False "
                "of a dict do"
            )
    except Exception as error:
        raise ValueError(
            f"skseq.save has no place for this {type(model).__name__}: "
            f"{_detail(error)}. {way_out}"
        ) from None
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def load(path: str | os.PathLike[str]) -> Any:
    """Read a model from a file that `save` wrote.

    No code from the file runs, whoever made it: it may name classes of this package
    and of scikit-learn, and is refused before anything is made of it if it names more.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    estimator or transformer
        Equal to what was saved.

    Raises
    ------
    ValueError
        If it is no such file, is damaged, or names what is not to be trusted.
    OSError
        As the file system says it.

    See Also
    --------
    save : Write the file.

    Examples
    --------
    >>> import os, tempfile
    >>> import skseq
    >>> encoder = skseq.OneHotSequence().fit([["c", "a", "b"]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "encoder.skops")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path)
    OneHotSequence()
    """
    name = os.fspath(path)
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise ValueError(f"{name!r} is not a regular file; give the path of a model.")
    with open(name, "rb") as file:
        data = file.read()
    way_out = "Restore it from a copy, or fit and save the model again."
    if data.startswith(_BEFORE_SKOPS):
        raise ValueError(
            f"{name!r} is of the format that skseq wrote before it took to skops, and "
            f"skseq {skseq.__version__} does not read it. Fit the model again and save "
            "it with this version."
        )
    if not data.startswith(_ZIP) or data[_NAME_AT:][: len(NAME)] != NAME.encode():
        looks = [look for begin, look in _LOOKS.items() if data.startswith(begin)]
        what = looks[0] if looks else "it is another file" if data else "it is empty"
        raise ValueError(f"{name!r} is not a model that skseq.save wrote: {what}.")
    try:
        if digest(memoryview(data)[:-DIGITS]) != data[-DIGITS:]:
            raise ValueError("its checksum does not fit its content")
        writer = opened(data)[NAME].decode()
        if writer != skseq.__version__:
            way_out = f"It is of skseq {writer}, and this is skseq {skseq.__version__}."
        return unpacked(data)
    except Exception as error:
        raise ValueError(
            f"{name!r} is damaged or was not written by skseq.save: {_detail(error)}. "
            f"{way_out}"
        ) from None


def _detail(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    text = str(error).strip().partition("\n")[0].removesuffix(".")[:300]
    return text if type(error) is ValueError else f"{type(error).__name__}: {text}"
