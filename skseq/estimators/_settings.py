"""What parameters say of training, and which of them make no sense together."""

from __future__ import annotations

from numbers import Integral

from skseq.estimators._rows import Rows
from skseq.training.options import UpdateRule, check_schedule, is_schedule
from skseq.training.plan import Settings

__all__ = ["check_continues", "settings_of"]


def settings_of(estimator, rows: Rows, whole: bool) -> Settings:
    """Read what an estimator's parameters say of training.

    Parameters
    ----------
    estimator : estimator
    rows : Rows
        What is trained on.
    whole : bool
        Whether these rows are all there will be.

    Returns
    -------
    Settings

    Raises
    ------
    ValueError
        If parameters contradict each other, or the data.
    """
    options = estimator._optimizer_options()
    rate = options.pop("learning_rate")
    check_schedule(rate)
    rule, numbers = UpdateRule.from_options(
        estimator.optimizer, rate, options, estimator.dtype
    )
    longest = int(rows.sequences.lengths.max())
    _check_makes_sense(estimator, rows, longest)
    dropout, recurrent_dropout = (
        float(estimator.dropout),
        float(estimator.recurrent_dropout),
    )
    architecture = {
        "topology": estimator._topology,
        "cell": estimator.cell,
        "units": _widths(estimator.units),
        "bidirectional": bool(estimator.bidirectional),
        "pooling": estimator.pooling,
        "attention": bool(estimator.attention),
        "dropout": dropout > 0,
        "recurrent_dropout": recurrent_dropout > 0,
        "out_width": estimator._out_width(rows.targets),
        "dtype": estimator.dtype,
    }
    return Settings(
        architecture,
        estimator.loss,
        rule,
        numbers,
        estimator.batch_size,
        estimator.rows_abreast,
        estimator.truncated_bptt_steps,
        whole,
        (dropout, recurrent_dropout),
        rate if is_schedule(rate) else None,
    )


def check_continues(bidirectional: bool) -> None:
    """Refuse rows that continue each other where they are read from their end.

    Parameters
    ----------
    bidirectional : bool

    Raises
    ------
    ValueError
        If so.
    """
    if bidirectional:
        raise ValueError(
            "bidirectional=True reads each row from its end, too, where nothing is "
            "known of the rows that continue it; leave groups=None, or set "
            "bidirectional=False."
        )


def _check_makes_sense(estimator, rows: Rows, longest: int) -> None:
    """Refuse parameters that contradict each other, or the data."""
    name, steps = type(estimator).__name__, estimator.truncated_bptt_steps
    needs_all = {
        "decodes": estimator._topology == "encoder_decoder",
        "reads back from its end (bidirectional=True)": estimator.bidirectional,
        f"pools its steps (pooling={estimator.pooling!r})": estimator.pooling != "last",
    }
    why = [reason for reason, needed in needs_all.items() if needed]
    if why and (steps or longest) < longest:
        raise ValueError(
            f"truncated_bptt_steps={steps} is less than the {longest} steps of "
            f"X: {name} {why[0]} after the whole row has been read; use "
            "truncated_bptt_steps=None."
        )
    if rows.groups is not None:
        check_continues(estimator.bidirectional)
    if estimator.pooling != "last" and rows.targets.per_step:
        raise ValueError(
            f"pooling={estimator.pooling!r} is for targets after the last step, and y "
            "has one target per step; set pooling='last', or n_outputs where the "
            "columns of y come after the last step."
        )
    if estimator.attention and estimator.bidirectional:
        raise ValueError(
            "attention=True compares what is decoded with what is encoded, which "
            "is twice as wide with bidirectional=True; set one of them to False."
        )
    if estimator.cell == "rnn" and estimator.forget_bias != "unit":
        raise ValueError(
            f"forget_bias={estimator.forget_bias!r} sets the bias of a gate, and "
            "cell='rnn' has none; leave forget_bias='unit'."
        )


def _widths(units) -> int | tuple[int, ...]:
    """Width of one layer, or of each of several."""
    if isinstance(units, Integral):
        return int(units)
    return tuple(map(int, units)) if len(units) > 1 else int(units[0])
