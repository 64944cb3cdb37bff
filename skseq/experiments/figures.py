"""The figures of a problem, drawn from its artifacts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from skseq import plotting
from skseq.experiments.data import Arrays, cases, repeat_sample, series_positions
from skseq.experiments.tables import summarize

CONFIGURATIONS = ("searched", "published")


def draw(
    figure: str, problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw one figure of a problem.

    Parameters
    ----------
    figure : {"forecast", "loss_curves", "predicted_expected", "success_rates", "sweep"}
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
        " ".join(filter(None, (name, case.label))): predictions[key]
        for case in cases(spec["data"])
        for name in CONFIGURATIONS
        if (key := f"{case.prefix}{name}.loss") in predictions
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
        (
            " ".join(filter(None, (row["name"] or row["configuration"], row["case"]))),
            row["successes"],
            row["repeats"],
        )
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
    data, predictions, case = (
        artifacts["data"],
        artifacts["predictions"],
        cases(spec["data"])[-1],
    )
    found = {
        name: predictions[key]
        for name in CONFIGURATIONS
        if (key := f"{case.prefix}{name}.test") in predictions
    }
    repeats = len(found["searched"])
    expected = np.stack(
        [repeat_sample(data, spec, "test", index, case).y for index in range(repeats)]
    )
    plot: Callable[..., Any] = (
        plotting.plot_predicted_values
        if found["searched"].dtype.kind == "f"
        else plotting.plot_predicted_expected
    )
    figure = Figure(figsize=(5.6 * len(found), 5.0), layout="constrained")
    panels = figure.subplots(1, len(found), squeeze=False)[0]
    for (name, predicted), axes in zip(found.items(), panels, strict=True):
        plot(expected, predicted, ax=axes)
        title = ", ".join(filter(None, (name, case.label, "all repeats")))
        axes.set_title(title, fontsize="small")
    return figure


def _sweep(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw the first criterion's metric against the value that is swept."""
    sweep, criterion = spec["data"]["sweep"], spec["criteria"][0]
    places = {f"{sweep['param']}={value}": value for value in sweep["values"]}
    if not sweep["retrain"]:
        places[""] = spec["data"]["params"][sweep["param"]]
    scores: dict[str, dict[Any, list[float]]] = {}
    for row in artifacts["scores"]:
        if (row["metric"], row["data"]) == (criterion["metric"], criterion["data"]):
            at = scores.setdefault(row["name"] or row["configuration"], {})
            at.setdefault(places[row["case"]], []).append(float(row["value"]))
    axes = plotting.plot_scores_against(
        scores,
        xlabel=sweep.get("label", sweep["param"].replace("_", " ")),
        ylabel=criterion["metric"].replace("_", " "),
    )
    if not sweep["retrain"]:
        axes.axvline(places[""], color="black", linewidth=0.8, linestyle=":")
        # Above the axes, where no line or legend can be.
        axes.annotate(
            "trained here",
            (places[""], 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            horizontalalignment="center",
            fontsize="small",
        )
    return axes.figure


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
    "sweep": _sweep,
}
