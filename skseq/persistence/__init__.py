"""Models as data: one file, no pickle, whole or not at all.

`save` writes a fitted or unfitted model; `load` gives it back, and goes on exactly
where it stood.  Loading runs no code from the file, and imports TensorFlow only for
estimators that need it.
"""

from __future__ import annotations

import os
import stat
from typing import Any

import skseq
from skseq._atomic import replacing
from skseq.persistence import _container
from skseq.persistence._models import describe, rebuild
from skseq.persistence._values import Reader, Writer

__all__ = ["load", "save"]


def save(model: Any, path: str | os.PathLike[str]) -> None:
    """Write a model to a file.

    The file holds parameters, fitted attributes, the optimizer's state and the random
    state, so that ``partial_fit`` after `load` goes on bit for bit. The same model
    gives the same bytes.

    Parameters
    ----------
    model : estimator, transformer or sklearn.pipeline.Pipeline
        Of this package, fitted or not; a Pipeline if all its steps are.
    path : path-like
        The file. It is replaced in one move once the new one is safely on the disk:
        whatever interrupts the writing, there is the old file or the new one.

    Raises
    ------
    TypeError
        If `model`, or a step of it, is of another class.
    ValueError
        If part of it cannot be stored as data: callbacks, labels that are neither
        strings nor numbers, parameters that ``fit`` would refuse.
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
    ...     path = os.path.join(folder, "encoder.skseq")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path).categories_
    array(['a', 'b', 'c'], dtype='<U1')
    """
    path = os.fspath(path)
    writer = Writer()
    described = describe(model, writer)
    data = _container.pack(described, writer.arrays, skseq.__version__)
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def load(path: str | os.PathLike[str]) -> Any:
    """Read a model from a file that `save` wrote.

    No code from the file runs, whoever made it: classes are looked up in a table of
    this package, and every value is checked before the model has it.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    estimator, transformer or sklearn.pipeline.Pipeline
        Equal to what was saved.

    Raises
    ------
    ValueError
        If it is no such file, is damaged, of a version unknown to this one, or does
        not describe a model.
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
    ...     path = os.path.join(folder, "encoder.skseq")
    ...     skseq.save(encoder, path)
    ...     skseq.load(path)
    OneHotSequence()
    """
    name = os.fspath(path)
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise ValueError(f"{name!r} is not a regular file; give the path of a model.")
    with open(name, "rb") as file:
        data = file.read()
    try:
        node, arrays = _container.unpack(data)
        reader = Reader(arrays)
        model = rebuild(node, reader)
        reader.finish()
    except _container.NotAModel as error:
        raise ValueError(
            f"{name!r} is not a model that skseq.save wrote: {error}."
        ) from None
    except _container.FutureVersion as error:
        raise ValueError(
            f"{name!r} has format version {error}, but skseq {skseq.__version__} reads "
            f"version {_container.VERSION}. Update skseq to read it."
        ) from None
    except (ValueError, RecursionError) as error:
        detail = (
            "it is nested too deeply" if isinstance(error, RecursionError) else error
        )
        raise ValueError(
            f"{name!r} is damaged or was not written by skseq.save: {detail}. Restore "
            "it from a copy, or fit and save the model again."
        ) from None
    return model
