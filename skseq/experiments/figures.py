"""The figures of a problem, drawn from its artifacts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skseq.displays import (
    Forecast,
    ForecastDisplay,
    GridDisplay,
    InfluenceDisplay,
    LagDisplay,
    LossCurveDisplay,
    PredictionDisplay,
    SuccessDisplay,
)
from skseq.experiments import registry
from skseq.experiments.data import Arrays, cases, repeat_sample, series_positions
from skseq.experiments.tables import describe, summarize

CONFIGURATIONS = ("searched", "published")
# Test sequences whose steps are exchanged, and with how many others each.
EXCHANGED, EXCHANGES = 32, 3


def draw(
    figure: str, problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw one figure of a problem.

    Parameters
    ----------
    figure : {"forecast", "influence", "loss_curves", "predicted_expected", "reach", \
"success_rates", "sweep"}
        Which one.
    problem : str
        Name of the problem.
    spec : mapping
        Entries of the problem that figures may know.
    artifacts : mapping
        `data`, `predictions`, `baselines` (arrays by name), `scores` (rows) and
        `model` (an estimator), of which a figure takes what it shows.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, with the problem's name above it. Its title is the report's, so that
        another title draws nothing anew.
    """
    drawn = _FIGURES[figure](problem, spec, artifacts)
    drawn.suptitle(problem, fontsize="medium")
    return drawn


def _loss_curves(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    predictions = artifacts["predictions"]
    curves = {
        " ".join(filter(None, (title, case.label))): predictions[key]
        for case in cases(spec["data"])
        for name, title in _titles(spec).items()
        if (key := f"{case.prefix}{name}.loss") in predictions
    }
    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    axes = LossCurveDisplay(curves).plot(figure.add_subplot()).ax_
    if spec["data"]["stream"]:
        axes.set_xlabel(f"blocks of {spec['data']['stream']['block']} sequences")
    return figure


def _titles(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return what the configurations of a problem are called."""
    named = {name: one["title"] for name, one in spec["configurations"].items()}
    return named or {name: name for name in CONFIGURATIONS}


def _success_rates(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw the rates of every criterion; what draws nothing has none."""
    table = summarize(artifacts["scores"], {problem: spec})
    called, panels = _titles(spec), []
    # Configurations may be held to the same one, each to its own.
    asked = {(c["metric"], c["data"], describe(c)): c for c in spec["criteria"]}
    for owner, criterion in asked.items():
        rows = [
            row
            for row in table
            if (row["metric"], row["data"], row["criterion"]) == owner
            and row["successes"] != ""
        ]
        names = [
            " ".join(
                filter(None, (row["name"] or called[row["configuration"]], row["case"]))
            )
            for row in rows
        ]
        rates = [
            (name, row["successes"], row["repeats"])
            for name, row in zip(names, rows, strict=True)
        ]
        data = "" if criterion["data"] == "test" else f" on {criterion['data']} data"
        metric = criterion["metric"].replace("_", " ")
        panels.append((f"{metric}{data} {describe(criterion)}", rates))
    heights = [1.2 + 0.5 * len(rates) for _, rates in panels]
    figure = Figure(figsize=(7.0, sum(heights)), layout="constrained")
    axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
    for (title, rates), ax in zip(panels, axes, strict=True):
        label = "share of repeats that meet the criterion"
        SuccessDisplay(rates, label=label).plot(ax)
        ax.set_title(title, fontsize="small")
    return figure


def _predicted_expected(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw every case, a row each, without the repeats that failed."""
    predictions, swept = artifacts["predictions"], cases(spec["data"])
    names = [
        name
        for name in CONFIGURATIONS
        if f"{swept[-1].prefix}{name}.test" in predictions
    ]
    # No wider than the report shows it, so that letters stay as large.
    size = (4.4 * len(names), 4.0 * len(swept)) if len(names) > 1 else (6.0, 5.0)
    figure = Figure(figsize=size, layout="constrained")
    rows = figure.subplots(len(swept), len(names), squeeze=False)
    for case, panels in zip(swept, rows, strict=True):
        for name, axes in zip(names, panels, strict=True):
            found = predictions[f"{case.prefix}{name}.test"]
            none = np.zeros(len(found), bool)
            failed = predictions.get(f"{case.prefix}{name}.failed", none)
            said = f"{failed.sum()} failed" if failed.any() else "all repeats"
            title = ", ".join(filter(None, (name, case.label, said)))
            axes.set_title(title, fontsize="small")
            expected = [
                repeat_sample(artifacts["data"], spec, "test", int(index), case).y
                for index in np.flatnonzero(~failed)
            ]
            if expected:
                numbers = found.dtype.kind == "f"
                pair = np.stack(expected), found[~failed]
                PredictionDisplay(*pair, numbers=numbers).plot(axes)
    return figure


def _sweep(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw what the criteria ask for against the value that is swept."""
    criteria = spec["criteria"]
    figure = Figure(figsize=(7.0, 4.0 * len(criteria)), layout="constrained")
    panels = figure.subplots(len(criteria), 1, squeeze=False)[:, 0]
    for criterion, axes in zip(criteria, panels, strict=True):
        _draw_sweep(spec, criterion, artifacts["scores"], axes)
    return figure


def _draw_sweep(
    spec: Mapping[str, Any],
    criterion: Mapping[str, Any],
    rows: Iterable[Mapping[str, str]],
    axes: Axes,
) -> None:
    sweep = spec["data"]["sweep"]
    places = {f"{sweep['param']}={value}": value for value in sweep["values"]}
    if not sweep["retrain"]:
        places[""] = spec["data"]["params"].get(
            sweep["param"],
            registry.default("generator", spec["data"]["generator"], sweep["param"]),
        )
    scores: dict[str, dict[Any, list[float]]] = {}
    for row in rows:
        asked = (row["metric"], row["data"]) == (criterion["metric"], criterion["data"])
        # A repeat that failed has no place; the table counts it.
        if asked and row["value"] != "":
            at = scores.setdefault(row["name"] or row["configuration"], {})
            at.setdefault(places[row["case"]], []).append(float(row["value"]))
    if not scores:
        axes.set_title("every repeat failed", fontsize="small")
        return
    LagDisplay(
        scores,
        xlabel=sweep.get("label", sweep["param"].replace("_", " ")),
        ylabel=criterion["metric"].replace("_", " "),
        trained_at=None if sweep["retrain"] else places[""],
    ).plot(axes)


def _reach(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw how many seeds of each configuration solve each case.

    Most shares are none or all, so that lines would hide each other.
    """
    sweep, titles = spec["data"]["sweep"], spec["configurations"]
    solved: dict[tuple[str, str], list[float]] = {}
    for row in artifacts["scores"]:
        if row["metric"] == "solved":
            at = row["configuration"], row["case"]
            solved.setdefault(at, []).append(float(row["value"]))
    fields = [
        [solved.get((name, case.label), []) for case in cases(spec["data"])]
        for name in titles
    ]
    display = GridDisplay(
        np.array([[np.mean(found or np.nan) for found in row] for row in fields]),
        rows=[one["title"] for one in titles.values()],
        columns=[_with_commas(value) for value in sweep["values"]],
        column_label=sweep.get("label", sweep["param"].replace("_", " ")),
        label="",
        texts=[
            [f"{sum(found):.0f} of {len(found)}" for found in row] for row in fields
        ],
        limits=(0.0, 1.0),
    )
    figure = Figure(figsize=(8.0, 1.2 + 0.36 * len(titles)), layout="constrained")
    axes = display.plot(figure.add_subplot()).ax_
    axes.set_title("seeds that solve it (empty: not tried)", fontsize="medium")
    return figure


def _with_commas(value: Any) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


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
    series, time = data["all.X"], data["all.time"]
    common = {"time": time, "test_from": time[start], "unit": spec["data"]["unit"]}
    figure = Figure(figsize=(8.0, 7.0), layout="constrained")
    above, below = figure.subplots(2, 1)
    ForecastDisplay(series, networks, **common).plot(above)
    tested = [forecast for forecast in networks if forecast.time[0] >= time[start]]
    tested += baselines
    ForecastDisplay(series, tested, **common).plot(below)
    below.set_xlim(time[start], time[-1])
    values = [series[start:], *(np.ravel(forecast.values) for forecast in tested)]
    low, high = min(map(np.min, values)), max(map(np.max, values))
    below.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    return figure


def _influence(
    problem: str, spec: Mapping[str, Any], artifacts: Mapping[str, Any]
) -> Figure:
    """Draw which steps the answers of the kept fit depend on, in its first case."""
    case = cases(spec["data"])[0]
    X = repeat_sample(artifacts["data"], spec, "test", 0, case).X[:EXCHANGED]
    figure = Figure(figsize=(7.0, 3.2), layout="constrained")
    axes, model = figure.add_subplot(), artifacts["model"]
    said = ", ".join(filter(None, ("searched", case.label)))
    predictions = artifacts["predictions"]
    failed = [
        found for key, found in predictions.items() if key.endswith("searched.failed")
    ]
    own = predictions.get(f"{case.prefix}searched.failed")
    # The kept fit is of a repeat that failed in no case, or, if none is, of the last.
    if own is not None and own[-1] and np.any(failed, axis=0).all():
        said = "every repeat failed"
    else:
        InfluenceDisplay.from_estimator(model, X, n_repeats=EXCHANGES, ax=axes)
    axes.set_title(said, fontsize="small")
    return figure


def _forecasts(
    spec: Mapping[str, Any],
    data: Arrays,
    predicted: Arrays,
    names: Iterable[str],
    uses: Iterable[str] = ("train", "test"),
) -> list[Forecast]:
    """Place what was forecast; fits that failed have nothing to be placed."""
    framings = {one["label"]: one["framing"] for one in spec["baselines"]}
    found = []
    for name in names:
        own = {**spec, "framing": framings.get(name) or spec["framing"]}
        for use in uses:
            values = predicted.get(f"{name}.{use}", np.empty(0))
            failed = predicted.get(f"{name}.failed", np.zeros(len(values), bool))
            if len(values) and not failed.all():
                positions = series_positions(own, len(data["all.X"]), use)
                found.append(
                    Forecast(name, data["all.time"][positions], values[~failed])
                )
    return found


_FIGURES = {
    "forecast": _forecast,
    "influence": _influence,
    "loss_curves": _loss_curves,
    "predicted_expected": _predicted_expected,
    "reach": _reach,
    "success_rates": _success_rates,
    "sweep": _sweep,
}
