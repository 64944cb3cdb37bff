"""One table and one figure of what was measured."""

import os
import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .jobs import JOBS, load
from .rivals import RIVALS
from .targets import LOSS_TOLERANCE, comparable, judged

# Okabe and Ito's blue and grey: told apart by any eye.
OURS, THEIRS = "#0072B2", "#999999"
PACKAGES = ["tensorflow", "keras", "scikit-learn", "scikeras", "torch", "skorch", "jax"]


def write(rows, folder, share):
    """Write ``runs.csv``, ``table.csv``, ``targets.csv``, ``table.md``, ``speed.png``.

    Parameters
    ----------
    rows : list of dict
        The runner's rows.
    folder : Path
        Where to write.
    share : float
        Share of every job that was done.

    Returns
    -------
    bool
        Whether all contenders reached comparable losses.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    runs = pd.DataFrame(rows)
    for column in ("seconds", "alone", "imports", "loss", "done", "not_expressible"):
        if column not in runs:
            runs[column] = None
    table, targets, losses = summary(runs), judged(runs), comparable(runs)
    for name, frame in (("runs", runs), ("table", table), ("targets", targets)):
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")
    text = markdown(table, targets, losses, share)
    (folder / "table.md").write_text(text, encoding="utf-8")
    figure(table).savefig(folder / "speed.png", dpi=150, bbox_inches="tight")
    return bool(losses["ok"].all())


def summary(runs):
    """Return a line per job and contender: medians, spread, loss, times as slow."""
    lines = []
    for job in JOBS:
        of_job = runs[runs["measure"] == job]
        for contender, rival in RIVALS.items():
            own = of_job[of_job["contender"] == contender]
            if own.empty:
                continue
            seconds = own["seconds"].astype(float)
            lines.append(
                {
                    "job": job,
                    "contender": rival.title,
                    "seconds": seconds.median(),
                    "fastest": seconds.min(),
                    "slowest": seconds.max(),
                    "runs": int(seconds.notna().sum()),
                    "measured_share": own["done"].astype(float).median(),
                    "loss": own["loss"].astype(float).median(),
                    "run_alone": own["alone"].astype(float).median(),
                    "import_before": own["imports"].astype(float).median(),
                    "remark": own["not_expressible"].dropna().max(),
                }
            )
    table = pd.DataFrame(lines)
    ours = table[table["contender"] == RIVALS["skseq"].title].set_index("job")[
        "seconds"
    ]
    table["times_skseq"] = table["seconds"] / table["job"].map(ours)
    return table


def markdown(table, targets, losses, share):
    """Return the page that the README links to."""
    parts = ["# Speed against other ways to do the same job", machine()]
    if share < 1:
        quick = (
            "**A quick look at {:.0%} of every job: it runs, the times say little.**"
        )
        parts.append(quick.format(share))
    for job in table["job"].unique():
        parts += [f"## {load(job).title}", _job_table(table[table["job"] == job])]
    if share == 1 and not targets.empty:
        parts += ["## Targets", _table(_shown(targets))]
    wrong = losses[~losses["ok"]]
    verdict = (
        f"Every contender's loss lies within {LOSS_TOLERANCE:.0%} of the tutorial "
        "loop's, or of Keras' fit where there is none, after as many updates."
        if wrong.empty
        else f"Losses that are not comparable:\n\n{_table(wrong)}"
    )
    return "\n\n".join([*parts, verdict]) + "\n"


def machine():
    """Say in a sentence where and with what it was measured."""
    versions = []
    for name in PACKAGES:
        with suppress(PackageNotFoundError):  # its rival was left out, then
            versions.append(f"{name} {version(name)}")
    return (
        f"Medians of alternating runs, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {', '.join(versions)}. Times of a `fit`, from "
        "data in memory to weights; imports are not counted. Where a slow loop made "
        "part of the updates, its time is scaled up; skseq and JAX always made all."
    )


def figure(table):
    """Draw the seconds of every contender, a panel per job, on a logarithmic axis."""
    jobs = list(table["job"].unique())
    fig, axes = plt.subplots(
        len(jobs), 1, figsize=(8, 2.3 * len(jobs)), squeeze=False, layout="constrained"
    )
    for ax, job in zip(axes[:, 0], jobs, strict=True):
        own = table[(table["job"] == job) & table["seconds"].notna()]
        own = own.sort_values("seconds", ascending=False)
        ours = own["contender"].str.startswith("skseq")
        bars = ax.barh(
            own["contender"],
            own["seconds"],
            color=[OURS if mine else THEIRS for mine in ours],
        )
        ax.bar_label(bars, [_seconds(s) for s in own["seconds"]], padding=3)
        ax.set_xscale("log")
        ax.margins(x=0.15)
        ax.set_title(load(job).title, loc="left")
        ax.spines[["top", "right"]].set_visible(False)
    axes[-1, 0].set_xlabel("seconds for the whole job (logarithmic)")
    return fig


def _job_table(lines):
    rows = [
        {
            "": line.contender,
            "time": _time(line),
            "× skseq": "" if pd.isna(line.seconds) else f"{line.times_skseq:,.3g}",
            "loss": "" if pd.isna(line.loss) else f"{line.loss:.4f}",
        }
        for line in lines.itertuples()
    ]
    return _table(pd.DataFrame(rows))


def _time(line):
    if pd.isna(line.seconds):
        return f"cannot state it ({line.remark})"
    share = line.measured_share
    note = f" (from {share:.0%} of the updates)" if share < 1 else ""
    spread = f"{_seconds(line.fastest)} to {_seconds(line.slowest)}"
    return f"{_seconds(line.seconds)} [{spread}]{note}"


def _seconds(seconds):
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _shown(targets):
    return targets.assign(
        measured=[f"{figure:,.3g}" for figure in targets["measured"]],
        met=targets["met"].map({True: "yes", False: "no"}),
    )


def _table(frame):
    """Write a frame as Markdown."""
    lines = [frame.columns, ["---"] * len(frame.columns), *frame.to_numpy()]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
