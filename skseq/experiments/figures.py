"""The figures of a problem, drawn from its artifacts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from skseq import plotting
from skseq.experiments.data import Arrays, repeat_samples, series_positions
from skseq.experiments.tables import summarize

CONFIGURATIONS = ("searched", "published")


def draw(
    figure: str, problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw one figure of a problem.

    Parameters
    ----------
    figure : {"forecast", "loss_curves", "predicted_expected", "success_rates"}
        Which one.
    problem : str
        Name of the problem.
    spec : mapping
        Entries of the problem that figures may know.
    artifacts : mapping
        `data`, `predictions`, `baselines` (arrays by name) and `scores` (rows).

    Returns
    -------
    matplotlib.figure.Figure
        The figure, with the problem's name above it.
    """
    drawn = _FIGURES[figure](problem, spec, artifacts)
    drawn.suptitle(f"{problem}: {spec['title']}", fontsize="medium")
    return drawn


def _loss_curves(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    predictions = artifacts["predictions"]
    curves = {
        name: predictions[f"{name}.loss"]
        for name in CONFIGURATIONS
        if f"{name}.loss" in predictions
    }
    return plotting.plot_loss_curves(curves).figure


def _success_rates(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    rows = [
        row
        for row in summarize(artifacts["scores"], {problem: spec})
        if row["criterion"]
        and row["data"] == spec["criteria"][0]["data"]
        and row["metric"] == spec["criteria"][0]["metric"]
    ]
    rates = [
        (row["name"] or row["configuration"], row["successes"], row["repeats"])
        for row in rows
    ]
    axes = plotting.plot_success_rates(rates)
    axes.set_title(
        f"{rows[0]['metric'].replace('_', ' ')} {rows[0]['criterion']}",
        fontsize="small",
    )
    return axes.figure


def _predicted_expected(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    names = [
        name for name in CONFIGURATIONS if f"{name}.test" in artifacts["predictions"]
    ]
    expected = _expected(spec, artifacts["data"], artifacts["predictions"], names[0])
    plot: Callable[..., Any] = (
        plotting.plot_predicted_values
        if expected.dtype.kind == "f"
        else plotting.plot_predicted_expected
    )
    figure = Figure(figsize=(5.6 * len(names), 5.0), layout="constrained")
    for name, axes in zip(
        names, figure.subplots(1, len(names), squeeze=False)[0], strict=True
    ):
        plot(expected, artifacts["predictions"][f"{name}.test"], ax=axes)
        axes.set_title(f"{name}, all repeats", fontsize="small")
    return figure


def _expected(
    spec: Mapping[str, Any], data: Arrays, predictions: Arrays, name: str
) -> np.ndarray:
    repeats = len(predictions[f"{name}.test"])
    return np.stack(
        [repeat_samples(data, spec, index)[1].y for index in range(repeats)]
    )


def _forecast(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw the whole series with the networks, and the test part with the baselines."""
    data, start = artifacts["data"], spec["data"]["targets"]["test"][0]
    networks = _forecasts(spec, data, artifacts["predictions"], CONFIGURATIONS)
    labels = [
        name.removesuffix(".test")
        for name in artifacts["baselines"]
        if name.endswith(".test")
    ]
    baselines = _forecasts(spec, data, artifacts["baselines"], labels, uses=("test",))
    figure = Figure(figsize=(11.0, 8.0), layout="constrained")
    above, below = figure.subplots(2, 1)
    common = {"test_from": start, "unit": spec["data"]["unit"]}
    plotting.plot_forecast(
        data["all.time"], data["all.X"], networks, ax=above, **common
    )
    tested = [forecast for forecast in networks if forecast["positions"][0] >= start]
    plotting.plot_forecast(
        data["all.time"], data["all.X"], tested + baselines, ax=below, **common
    )
    below.set_xlim(data["all.time"][start], data["all.time"][-1])
    values = [
        data["all.X"][start:],
        *(np.ravel(f["values"]) for f in tested + baselines),
    ]
    low, high = min(map(np.min, values)), max(map(np.max, values))
    below.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    return figure


def _forecasts(
    spec: Mapping[str, Any],
    data: Arrays,
    predicted: Arrays,
    names: Iterable[str],
    uses: Iterable[str] = ("train", "test"),
) -> list[dict[str, Any]]:
    return [
        {
            "label": name,
            "positions": series_positions(spec, len(data["all.X"]), use),
            "values": predicted[f"{name}.{use}"],
        }
        for name in names
        for use in uses
        if f"{name}.{use}" in predicted
    ]


_FIGURES = {
    "forecast": _forecast,
    "loss_curves": _loss_curves,
    "predicted_expected": _predicted_expected,
    "success_rates": _success_rates,
}
