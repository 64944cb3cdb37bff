"""The page itself: a template, its style and its one small script, in one file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from math import isnan
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(content: Mapping[str, Any]) -> str:
    """Lay out the report.

    Parameters
    ----------
    content : mapping
        What the template names, all made by ``content`` and ``pictures``.

    Returns
    -------
    str
        HTML that needs no other file and no network.
    """
    environment = Environment(
        loader=PackageLoader("skseq.experiments.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "duration": duration, "signs": signs}
    own = files("skseq.experiments.report")
    parts = {part: (own / part).read_text("utf-8") for part in ("style.css", "sort.js")}
    template = environment.get_template("page.html")
    return template.render(content, style=parts["style.css"], script=parts["sort.js"])


def number(value: float) -> str:
    """Return a score as a reader sees it.

    Examples
    --------
    >>> number(0.99981428), number(8.0563), number(float("nan"))
    ('0.9998', '8.056', 'none')
    """
    return "none" if isnan(value) else f"{value:.4g}"


def signs(criterion: str) -> str:
    """Return a criterion with the signs of print."""
    # Unbroken between the sign and its number.
    return criterion.replace(">= ", "≥\u00a0").replace("<= ", "≤\u00a0")


def duration(seconds: float) -> str:
    """Return a time as a reader says it.

    Examples
    --------
    >>> duration(7.4), duration(754), duration(7540)
    ('7 s', '13 min', '2 h 6 min')
    """
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
