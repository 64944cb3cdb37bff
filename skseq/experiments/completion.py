"""What an entry of the configuration leaves to be understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skseq.experiments import registry
from skseq.experiments.data import differs_by_repeat
from skseq.experiments.mistakes import expanded
from skseq.experiments.streamed import completed_stream

__all__ = ["completed_entry"]

_DEFAULTS: dict[str, Any] = {
    "about": "",
    "framing": None,
    "transformers": [],
    "target_transform": None,
    "published": None,
    "until": None,
    "configurations": {},
    "slow": False,
    "first": False,
    "search_seeds": 5,
    "baselines": [],
    "metrics": [],
    "outcome": "criterion",
    "figures": ["loss_curves", "predicted_expected", "success_rates"],
}
_BASELINE_DEFAULTS: dict[str, Any] = {
    "params": {},
    "sees": "row",
    "framing": None,
    "corrects": None,
}


def completed_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a problem with every key, and with what follows from them.

    Parameters
    ----------
    entry : mapping
        The entry, joined with its family and found to be right.

    Returns
    -------
    dict
        What the steps know of the problem, see `config.STEPS`.
    """
    if "stream" in entry["data"]:
        entry = completed_stream(entry)
    completed = _DEFAULTS | expanded(entry)
    completed["estimator"] = {
        "params": {},
        "carry_state": False,
        "corrects": None,
    } | completed["estimator"]
    completed["data"] = {
        "params": {},
        "sizes": None,
        "targets": None,
        "shares": None,
        "stream": None,
        "unit": "value",
        "rows_per_group": None,
        "sweep": None,
    } | completed["data"]
    sweep = completed["data"]["sweep"]
    # What is only tested, not trained for, is shown and need not meet the criterion.
    completed["untrained"] = (
        [f"{sweep['param']}={value}" for value in sweep["values"]]
        if sweep and not sweep["retrain"]
        else []
    )
    completed["criteria"] = [
        {"share": 1.0, "data": "test"}
        | criterion
        | {"metric": registry.metric_name(criterion["metric"])}
        for criterion in completed["criteria"]
    ]
    completed["baselines"] = [
        _BASELINE_DEFAULTS | baseline for baseline in completed["baselines"]
    ]
    published = completed.pop("published") or {}
    completed["published_params"] = published.get("params")
    completed["stated"] = {"published": published.get("figures", {})} | {
        name: one["figures"] for name, one in completed["configurations"].items()
    }
    completed["rules"] = [
        baseline["label"]
        for baseline in completed["baselines"]
        if not registry.learns(baseline["name"])
    ]
    completed["seedless"] = [
        baseline["label"]
        for baseline in completed["baselines"]
        if not (differs_by_repeat(completed["data"]) or registry.draws(baseline))
    ]
    completed["objective"] = _objective(completed["criteria"][0], completed["data"])
    named = [criterion["metric"] for criterion in completed["criteria"]]
    further = map(registry.metric_name, completed["metrics"])
    completed["metrics"] = list(dict.fromkeys([*named, *further]))
    completed["score_train"] = any(
        criterion["data"] == "train" for criterion in completed["criteria"]
    )
    return completed


def _objective(criterion: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the search maximizes, and from where on it is enough, if anywhere.

    A limit on data that are drawn was stated before anyone saw them. On a table or a
    series that is all there is, a limit may have been read off its test rows, so the
    search does not get it.
    """
    sign = registry.sign(criterion["metric"])
    limit = criterion.get("at_least" if sign > 0 else "at_most")
    if limit is None or data["targets"] or data["shares"]:
        return {"metric": criterion["metric"], "sign": sign, "limit": None}
    return {"metric": criterion["metric"], "sign": sign, "limit": sign * limit}
