"""What is asked of skseq, and whether the medians meet it."""

from dataclasses import dataclass

import pandas as pd

from .jobs.sizes import SIZES as JOB_SIZES
from .probes.inference import SIZES

# Contenders whose loss is further than this from the tutorial loop's did another job.
LOSS_TOLERANCE = 0.25


@dataclass(frozen=True)
class Target:
    """A ratio of two medians: at least (times as fast) or at most (times the cost).

    Parameters
    ----------
    job, against : str
        What is compared with what, for people.
    limit : float
        The ratio asked for.
    measure, ours, theirs : str
        Where the medians are.
    column : str
        What is compared.
    at_least : bool
        Whether the ratio is theirs over ours, with a minimum, or the inverse.
    """

    job: str
    against: str
    limit: float
    measure: str
    theirs: str
    ours: str = "skseq"
    column: str = "seconds"
    at_least: bool = True

    def line(self, table):
        """Return the line of the table, or None where a median is missing."""
        try:
            ours = table.at[(self.measure, self.ours), self.column]
            theirs = table.at[(self.measure, self.theirs), self.column]
        except KeyError:
            return None
        ratio = theirs / ours if self.at_least else ours / theirs
        return _line(self.job, self.against, self.limit, ratio, self.at_least)


TARGETS = [
    Target("A1, compiled", "tutorial loop", 1000, "A1", "tutorial"),
    Target("A1, first fit", "tutorial loop", 20, "A1", "tutorial", "skseq-first"),
    Target("A1, compiled", "PyTorch by hand", 50, "A1", "torch"),
    Target("A1, run alone", "JAX scan", 1.3, "A1", "jax", "skseq", "alone", False),
    Target("D1, compiled", "tutorial loop", 150, "D1", "tutorial"),
    Target("D2, compiled", "tutorial loop", 60, "D2", "tutorial"),
    Target("D2, first fit", "tutorial loop", 30, "D2", "tutorial", "skseq-first"),
    Target("D2, compiled", "PyTorch by hand, both cores", 2.5, "D2", "torch-2"),
    Target("D2, compiled", "PyTorch by hand, one core", 2.5, "D2", "torch-1"),
    Target("F1, compiled", "tutorial loop", 200, "F1", "tutorial"),
    *(
        Target(f"{job}, compiled", against, limit, job, theirs)
        for job in JOB_SIZES
        for against, theirs, limit in (
            ("PyTorch by hand, 1 thread", "torch-1", 1),
            ("PyTorch by hand, 2 threads", "torch-2", 1.1),
        )
    ),
    Target("search over A1, 27 fits", "tutorial loop", 100, "search", "tutorial"),
    Target(
        "the same, first in the process",
        "tutorial loop",
        100,
        "search",
        "tutorial",
        "skseq-first",
    ),
    Target("predict, 10,000 rows", "model.predict", 1, "predict", "keras"),
    *(
        Target(f"predict, {size}", against, limit, f"predict, {size}", theirs)
        for size in SIZES
        if size != "one row, 20 units"
        for against, theirs, limit in (
            ("PyTorch, 2 threads", "torch-2", 0.7),
            ("model.predict", "keras", 1),
        )
    ),
    Target("import skseq", "import sklearn", 1.2, "import", "sklearn", at_least=False),
    Target(
        "import of an estimator",
        "import of MLPClassifier",
        1.3,
        "import of an estimator",
        "sklearn.neural_network",
        at_least=False,
    ),
]
# What a measure of ours may take at most: its column, and the limit in what is shown.
BUDGETS = {
    "predict, one row, 20 units": ("seconds", 1e3, "ms", 1),
    "stream, 20 units": ("seconds", 1e6, "µs", 25),
    "stream, 128 units": ("seconds", 1e6, "µs", 50),
    "start": ("seconds", 1, "s", 1.5),
    "start, peak memory": ("peak", 1, "MiB", 220),
    "vocabulary, peak memory": ("peak", 1, "MiB", 4096),
}


def medians(rows):
    """Return medians by measure and contender.

    Two contenders are added: ``torch``, PyTorch at its better number of threads, and
    ``keras``, ``model.predict`` at its best batch size.
    """
    columns = ["seconds", "alone", "loss"]
    table = rows.groupby(["measure", "contender"])[columns].median()
    for name, family in (("torch", "torch-"), ("keras", "model.predict")):
        names = table.index.get_level_values("contender")
        best = table[names.str.startswith(family)].groupby("measure").min()
        for measure, values in best.iterrows():
            table.loc[(measure, name), columns] = values
    return table


def judged(rows):
    """Return the table of targets with the figure measured for each.

    Parameters
    ----------
    rows : DataFrame
        The runner's rows.

    Returns
    -------
    DataFrame
        Columns ``job``, ``against``, ``target``, ``measured``, ``met``.
    """
    table = medians(rows)
    lines = [target.line(table) for target in TARGETS]
    lines += _flatness(table) + _growth(rows) + _imported(rows)
    lines += _pipeline(rows) + _within_budget(rows)
    columns = ["job", "against", "target", "measured", "met"]
    return pd.DataFrame([line for line in lines if line], columns=columns)


def comparable(rows):
    """Return the loss of every contender beside the tutorial loop's.

    Beside that of Keras' own ``fit`` where nobody ran the loop.

    Returns
    -------
    DataFrame
        Columns ``measure``, ``contender``, ``loss``, ``reference``, ``ok``; one line
        per contender that made as many updates as the tutorial loop.
    """
    losses = medians(rows)["loss"].dropna()
    lines = []
    for (measure, contender), loss in losses.items():
        job = measure.removesuffix(" in part")
        in_part = (f"{job} in part", "skseq") in losses.index
        fast = contender in ("skseq", "skseq-first", "jax")
        loop = next(
            (name for name in ("tutorial", "keras-fit") if (job, name) in losses.index),
            None,
        )
        if loop is None or (in_part and fast and measure == job):
            continue
        reference = losses[job, loop]
        ok = abs(loss / reference - 1) <= LOSS_TOLERANCE
        lines.append((measure, contender, loss, reference, ok))
    return pd.DataFrame(
        lines, columns=["measure", "contender", "loss", "reference", "ok"]
    )


def _line(job, against, limit, figure, at_least):
    sign, met = ("≥", figure >= limit) if at_least else ("≤", figure <= limit)
    return {
        "job": job,
        "against": against,
        "target": f"{sign} {limit:,g}",
        "measured": figure,
        "met": bool(met),
    }


def _flatness(table):
    """Slowest length over fastest, whole sequences and truncated."""
    lines = []
    for kind in ("whole", "truncated"):
        measure = f"step, {kind}"
        if measure in table.index:
            seconds = table.loc[measure]["seconds"]
            spread = seconds.max() / seconds.min()
            name = f"time per step, {kind}"
            lines.append(_line(name, "fastest length", 1.5, spread, False))
    return lines


def _growth(rows):
    """Peak memory after all fits over that after the first."""
    return [
        _line(
            f"peak memory, {row.contender}",
            "after the first fits",
            1.05,
            row["last"] / row["first"],
            False,
        )
        for _, row in rows[rows["measure"] == "memory"].iterrows()
    ]


def _imported(rows):
    """How often importing skseq brought TensorFlow."""
    ours = rows[(rows["measure"] == "import") & (rows["contender"] == "skseq")]
    if ours.empty:
        return []
    times = int(ours["tensorflow"].sum())
    return [_line("TensorFlow imported", "import skseq", 0, times, False)]


def _pipeline(rows):
    """How many processes import TensorFlow, over those that train."""
    return [
        _line(
            f"pipeline, {row.processes:.0f} processes: with TensorFlow",
            f"processes that train, {row.training:.0f}",
            1,
            row.tensorflow / row.training,
            False,
        )
        for row in rows[rows["measure"] == "pipeline"].itertuples()
    ]


def _within_budget(rows):
    """Medians of ours beside what they may be."""
    lines = []
    for name, (column, factor, unit, limit) in BUDGETS.items():
        own = (rows["measure"] == name.removesuffix(", peak memory")) & (
            rows["contender"] == "skseq"
        )
        if own.any():
            figure = factor * rows.loc[own, column].astype(float).median()
            lines.append(_line(name, unit, limit, figure, False))
    return lines
