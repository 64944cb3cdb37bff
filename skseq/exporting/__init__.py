"""Fitted estimators as ONNX files, for runtimes without Python or TensorFlow."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import skseq
from skseq._atomic import replacing
from skseq.exporting._fitted import Fitted, read

__all__ = ["export_onnx"]

_ESTIMATORS = (
    "EncoderDecoderEcho",
    "EncoderDecoderRegressor",
    "RecurrentClassifier",
    "RecurrentRegressor",
    "Seq2SeqEcho",
    "StatefulLSTMClassifier",
    "StatefulLSTMRegressor",
)
# What protobuf can write, less room for all that is not weights.
_MOST_BYTES = 2**31 - 2**24


def export_onnx(model: Any, path: str | os.PathLike[str]) -> None:
    """Write a fitted estimator as an ONNX model.

    The file takes the ``X`` that ``predict`` takes, of any number of rows and of time
    steps, and finds padded steps (``mask_value``) itself, wherever in a row they are.

    ==================  ===========================================================
    input               shape
    ==================  ===========================================================
    ``X``               (n_sequences, n_timesteps, n_features), or (n_sequences,
                        n_timesteps) where X of ``fit`` was so; in the estimator's
                        ``dtype``
    ``lstm_h``,         (n_sequences, units), or (1, units) for all rows: the states
    ``lstm_c``          to start from. Zero where they are left out. They are called
                        after their layer: ``gru_h`` or ``rnn_h`` with those cells,
                        ``lstm_1_h``, ``lstm_2_h``, … where there are several layers,
                        ``encoder_h``, …, ``decoder_h``, … where there is a decoder
    ``pool``,           with ``pooling`` of "mean" or "max": the sum, or the largest, of
    ``pooled``          the outputs so far, and of how many, (n_sequences, 1)
    ==================  ===========================================================

    ==================  ===========================================================
    output              what it is
    ==================  ===========================================================
    ``label``           of classifiers: what ``predict`` gives; whole numbers are int64
    ``probabilities``   of classifiers: what ``predict_proba`` gives; a sequence of
                        arrays where it gives a list
    ``variable``        of regressors: what ``predict`` gives
    ``lstm_h_out``, …   the states after the last step, one for each state above, to
                        go on from: a sequence shown in pieces gives what it gives
                        whole. (A decoder that is to start anew with each piece, as
                        in ``stream()``, is not handed its states.)
    ==================  ===========================================================

    A network that looks at whole rows, ``bidirectional`` or with ``attention``, has no
    states among its inputs and outputs.

    ``metadata_props`` of the file are ``skseq_version``, ``estimator`` (its class),
    ``loss`` and, in JSON, ``layout`` (of the targets), ``mask_value`` and, of
    classifiers, ``classes``.

    Parameters
    ----------
    model : estimator
        A fitted estimator of this package.
    path : path-like
        The file, in a folder that exists. It is replaced whole or not at all.

    Raises
    ------
    TypeError
        If `model` is of another class, or its labels are neither strings, numbers nor
        booleans.
    sklearn.exceptions.NotFittedError
        If it is not fitted.
    ValueError
        If its training diverged, or its weights exceed the 2 GB of an ONNX file.
    ImportError
        If the package onnx is not installed.
    OSError
        If there is no such folder, and as the file system says it.

    See Also
    --------
    save : Keep a model for this package.

    Notes
    -----
    The file is written for operator set 17, which onnxruntime runs from version 1.12
    on. Results are those of ``predict`` up to rounding: within 1e-5 in single precision
    and 1e-12 in double, for outputs around 1, unless weights are so large that the
    network magnifies rounding from step to step. Nothing is checked: a step with NaN in
    it that is no padding makes NaN of the rest of its row, where ``predict`` raises.

    At loading onnxruntime warns that the states appear among the inputs and are no
    constants; that is what lets them be given or left out. It lists them under
    ``get_overridable_initializers()``.

    Single precision without a mask runs through ONNX's operators LSTM, GRU and RNN.
    Masks, of which they know those at the end of a row only, and double precision,
    which onnxruntime's have not, are a loop written out, which takes about 2 and 5
    times as long.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import onnxruntime
    >>> from skseq import StatefulLSTMClassifier, export_onnx
    >>> X = np.array([[0, 1, 1], [1, 0, 0]], dtype=np.float32)
    >>> est = StatefulLSTMClassifier(
    ...     units=4, epochs=200, learning_rate=0.05, random_state=0
    ... )
    >>> est = est.fit(X, ["low", "high"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.onnx")
    ...     export_onnx(est, path)
    ...     session = onnxruntime.InferenceSession(path)
    >>> [label] = session.run(["label"], {"X": X})
    >>> label.tolist()
    ['low', 'high']
    """
    _check_class(model)
    fitted = read(model)
    try:
        from skseq.exporting import _model
    except ImportError as error:
        raise ImportError(
            f"export_onnx needs the package onnx ({error}): pip install skseq[onnx]"
        ) from error
    size = sum(weight.nbytes for weight in fitted.weights)
    if size > _MOST_BYTES:
        raise ValueError(
            f"{fitted.estimator} has weights of {size:,} bytes, but an ONNX file holds "
            f"{_MOST_BYTES:,}. Fit it with fewer units, or keep it with skseq.save."
        )
    target = Path(os.fsdecode(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"There is no folder {str(target.parent)!r} to write {target.name!r} into; "
            "make it first."
        )
    if target.is_dir():
        raise IsADirectoryError(
            f"{str(target)!r} is a folder; give the path of a file."
        )
    metadata = _metadata(fitted)
    if fitted.classes is not None:
        metadata["classes"] = json.dumps(_model.labels(fitted.classes).tolist())
    proto = _model.build(fitted, metadata, skseq.__version__)
    data = proto.SerializeToString(deterministic=True)
    with replacing(target) as temporary:
        temporary.write_bytes(data)


def _check_class(model: Any) -> None:
    import skseq.estimators

    known = tuple(getattr(skseq.estimators, name) for name in _ESTIMATORS)
    if isinstance(model, known):
        return
    what, way_out = type(model).__name__, ""
    if isinstance(model, type):
        what = f"the class {model.__name__}"
    elif hasattr(model, "steps"):
        way_out = (
            " Export its last step, model[-1]: it takes what the steps before it give."
        )
    elif hasattr(model, "best_estimator_"):
        way_out = " Export its best_estimator_."
    raise TypeError(
        f"export_onnx takes a fitted {', '.join(_ESTIMATORS[:-1])} or "
        f"{_ESTIMATORS[-1]}, got {what}.{way_out}"
    )


def _metadata(fitted: Fitted) -> dict[str, str]:
    layout = {
        "per_step": fitted.per_step,
        # At every step there are as many as the row is long.
        "n_outputs": None if fitted.per_step else fitted.n_targets,
        "ndim": fitted.target_ndim,
    }
    mask_value = None if fitted.mask_value is None else float(fitted.mask_value)
    return {
        "skseq_version": skseq.__version__,
        "estimator": fitted.estimator,
        "loss": fitted.loss,
        "layout": json.dumps(layout),
        "mask_value": json.dumps(mask_value),
    }
