"""Figures as parts of a page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from skseq.experiments.files import ArtifactError

_CAPTIONS = {
    "loss_curves": "Loss of every {epoch}: the median and the range over {seeds}.",
    "success_rates": (
        "Share of {seeds} that meet the criterion, with its 95 % interval; rules that "
        "draw nothing have none."
    ),
    "predicted_expected": (
        "What the networks of {seeds} answered, beside what was expected: all right is "
        "a diagonal."
    ),
    "reach": "How many of {seeds} solve it at each {swept}, by how they are trained.",
    "influence": (
        "How much the answers of one network change when a step of the sequence is "
        "exchanged for that of another: only what is remembered and used counts."
    ),
    "sweep": "Score against {swept}, each configuration over {seeds}.",
    "forecast": (
        "The series with the forecasts of {seeds}; below, the test part beside the "
        "rules."
    ),
}


@dataclass(frozen=True)
class Picture:
    """A figure: its name, what it shows, and itself as a data address."""

    name: str
    caption: str
    source: str
    width: int
    height: int


def picture(path: Path, caption: str) -> Picture:
    """Read a PNG and pack it without loss, in less than half of the bytes.

    Parameters
    ----------
    path : path
        The figure.
    caption : str
        What it shows; it is the text for those who cannot see it, too.

    Returns
    -------
    Picture
        Ready to stand in a page, which then needs no file beside it.

    Raises
    ------
    ArtifactError
        If there is no such figure.
    """
    packed = BytesIO()
    if not path.exists():
        raise ArtifactError(
            f"{path} is missing; delete the folder {path.parent} and run `snakemake "
            "--cores 2` again to make it."
        )
    with Image.open(path) as image:
        image.convert("RGB").save(packed, "WEBP", lossless=True, method=4)
        width, height = image.size
    source = base64.b64encode(packed.getvalue()).decode()
    return Picture(
        path.stem, caption, f"data:image/webp;base64,{source}", width, height
    )


def caption_of(figure: str, entry: Mapping[str, Any]) -> str:
    """Say what a figure of a problem shows, in the words of its configuration.

    Parameters
    ----------
    figure : str
        Name of the figure in the configuration.
    entry : mapping
        Entry of the problem.

    Returns
    -------
    str
        A sentence.
    """
    sweep = entry["data"]["sweep"] or {}
    swept = sweep.get("label") or str(sweep.get("param")).replace("_", " ")
    epoch = "block" if entry["data"].get("stream") else "epoch"
    return _CAPTIONS[figure].format(
        seeds=f"{entry['repeats']} seeds", swept=swept, epoch=epoch
    )
