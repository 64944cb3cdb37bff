import math

import pytest

from skseq.experiments.search import choose
from skseq.experiments.tables import median_interval, meets, summarize


def scores(values, configuration="searched", metric="accuracy", name=""):
    return [
        {
            "problem": "P",
            "configuration": configuration,
            "name": name,
            "case": "",
            "metric": metric,
            "data": "test",
            "repeat": repeat,
            "value": value,
        }
        for repeat, value in enumerate(values)
    ]


def problem(outcome="criterion", share=0.95):
    criterion = {"metric": "accuracy", "data": "test", "at_least": 1.0, "share": share}
    return {
        "P": {
            "criteria": [criterion],
            "outcome": outcome,
            "untrained": [],
            "stated": {},
            "rules": ["chance"],
            "seedless": [],
        }
    }


@pytest.mark.parametrize(("wrong", "met"), [(0, True), (1, True), (2, False)])
def test_nineteen_of_twenty_is_ninety_five_per_cent(wrong, met):
    (row,) = summarize(scores([0.5] * wrong + [1.0] * (20 - wrong)), problem())
    assert row["met"] is met
    assert (row["successes"], row["repeats"], row["value"]) == (20 - wrong, 20, 1.0)


def test_a_claim_and_a_baseline_have_no_met():
    (row,) = summarize(scores([1.0]), problem(outcome="claim"))
    assert (row["met"], row["successes"]) == ("", 1)
    (row,) = summarize(scores([1.0], "baseline"), problem())
    assert (row["met"], row["successes"]) == ("", 1)


def test_a_metric_without_criterion_has_a_value_only():
    (row,) = summarize(scores([0.2, 0.4], metric="other"), problem())
    assert row["value"] == pytest.approx(0.3)
    assert [row[key] for key in ("criterion", "successes", "wilson_low", "met")] == [
        ""
    ] * 4


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        ({"at_least": 1.0}, 1.0, True),
        ({"at_least": 1.0}, 0.99, False),
        ({"at_most": 8.46}, 8.46, True),
        ({"at_most": 8.46}, 8.47, False),
        ({"between": [1, 2]}, 2.0, True),
        ({"between": [1, 2]}, 0.9, False),
        ({"at_least": 0.0}, float("nan"), False),
        ({"at_most": 0.0}, float("nan"), False),
        ({"between": [0, 1]}, float("nan"), False),
    ],
)
def test_limits_are_included_and_nan_meets_nothing(criterion, value, expected):
    assert meets(criterion, value) is expected


def candidate(units, score, error=0.0, met=0, diverged=0):
    return {
        "units": units,
        "epochs": 10,
        "score": score,
        "standard_error": error,
        "fits": 3,
        "met": met,
        "diverged": diverged,
    }


def test_the_best_candidate_is_chosen():
    table = [candidate(10, 0.5), candidate(20, 0.9), candidate(50, 0.8)]
    assert choose(table, {})["units"] == 20


def test_within_one_standard_error_the_cheapest_is_chosen():
    table = [candidate(10, 0.5), candidate(20, 0.9), candidate(50, 0.95, error=0.05)]
    assert choose(table, {})["units"] == 20


def test_the_cheapest_that_always_succeeds_is_chosen():
    table = [
        candidate(10, 0.97, met=2),
        candidate(20, 0.98, met=3),
        candidate(50, 0.99, error=0.05, met=3),
    ]
    assert choose(table, {})["units"] == 20


def test_the_cost_counts_what_the_grid_leaves_alone():
    table = [{**candidate(20, 1.0), "epochs": epochs} for epochs in (30, 10, 20)]
    for row in table:
        del row["units"]
    assert choose(table, {"units": 20})["epochs"] == 10


def test_a_candidate_that_diverged_is_chosen_only_if_all_did():
    table = [candidate(10, float("nan"), diverged=1), candidate(20, 0.1)]
    assert choose(table, {})["units"] == 20
    table = [
        candidate(10, float("nan"), diverged=2),
        candidate(20, float("nan"), 1, 2, 1),
    ]
    assert choose(table, {})["units"] == 20


@pytest.mark.parametrize("nothing", ["", "nan", float("nan")])
def test_a_repeat_that_failed_counts_and_is_shown(nothing):
    (row,) = summarize(scores([nothing, 1.0, 1.0, 0.5]), problem())
    assert (row["successes"], row["repeats"], row["failed"]) == (2, 4, 1)
    # Worse than anything: the median of failure, 0.5, 1, 1.
    assert (row["value"], row["lowest"], row["highest"]) == (0.75, 0.5, 1.0)
    assert row["met"] is False


def test_if_half_of_the_repeats_failed_there_is_no_median():
    (row,) = summarize(scores([float("nan"), 1.0]), problem())
    assert str(row["value"]) == "nan"
    assert (row["lowest"], row["failed"], row["successes"]) == (1.0, 1, 1)
    (row,) = summarize(scores(["", ""]), problem())
    assert [str(row[key]) for key in ("value", "lowest", "highest")] == ["nan"] * 3
    assert (row["failed"], row["successes"], row["met"]) == (2, 0, False)


def test_a_failure_is_the_largest_of_errors():
    spec = problem()
    spec["P"]["criteria"][0] |= {"metric": "max_error"}
    (row,) = summarize(scores(["", 1.0, 2.0], metric="max_error"), spec)
    assert row["value"] == 2.0


def rule(values, name="chance"):
    return scores(values, "baseline", name=name)


def test_every_row_stands_beside_the_best_rule():
    spec = problem()
    spec["P"]["rules"] = ["chance", "luck"]
    model = scores([0.8, 0.9, 1.0]) + scores([0.2], "baseline", name="model")
    rows = summarize(model + rule([0.3]) + rule([0.5, 0.6, 0.4], "luck"), spec)
    assert [(row["name"], row["rule"]) for row in rows] == [
        ("", "luck"),
        ("model", "luck"),
        ("chance", "luck"),
        ("luck", "chance"),
    ]
    assert [row["difference"] for row in rows] == pytest.approx([0.4, -0.3, -0.2, 0.2])
    assert {row["difference_low"] for row in rows} == {""}


def test_the_interval_is_that_of_the_best_rule():
    owner = {"problem": "P", "configuration": "searched", "name": "", "case": ""}
    bounds = [
        owner
        | {"metric": "accuracy", "data": "test", "rule": name}
        | {"difference_low": low, "difference_high": low + 1}
        for name, low in (("other", 7), ("chance", 3))
    ]
    row, _ = summarize(scores([0.8]) + rule([0.3]), problem(), bounds)
    assert (row["difference_low"], row["difference_high"]) == (3, 4)


@pytest.mark.parametrize(
    ("said", "successes"),
    [([0.5, 0.5, 0.5], 2), ([0.5], 2), ([0.9, 0.1, 0.1], 2), (["", "", ""], 0)],
)
def test_better_than_rules_is_better_in_the_same_repeat(said, successes):
    spec = problem()
    criterion = spec["P"]["criteria"][0]
    del criterion["at_least"]
    criterion |= {"better_than": "rules", "metric": "token_accuracy"}
    rows = [
        {**row, "metric": "token_accuracy"}
        for row in scores([0.5, 0.6, 0.7]) + rule(said)
    ]
    row, *_ = summarize(rows, spec)
    assert (row["criterion"], row["successes"]) == ("better than every rule", successes)


def test_what_draws_nothing_has_no_rate_of_success():
    spec = problem()
    spec["P"]["seedless"] = ["chance"]
    _, row = summarize(scores([1.0]) + rule([1.0]), spec)
    assert (row["criterion"], row["repeats"]) == (">= 1", 1)
    assert [row[key] for key in ("successes", "wilson_low", "met")] == [""] * 3


def test_what_was_published_stands_beside_what_was_found():
    spec = problem()
    spec["P"]["stated"] = {"published": {"accuracy": 0.97}}
    rows = summarize(scores([1.0]) + scores([0.9], "published"), spec)
    assert [row["published"] for row in rows] == ["", 0.97]


@pytest.mark.parametrize("n", [1, 5, 10, 20, 21])
def test_an_interval_holds_the_median_as_often_as_it_says(n):
    low, high = median_interval(range(n))
    assert low + high == n - 1
    # The median lies outside if so few values are on one of its sides.
    outside = 2 * sum(math.comb(n, k) for k in range(low + 1)) / 2**n
    narrower = 2 * sum(math.comb(n, k) for k in range(low + 2)) / 2**n
    assert outside <= 0.003 or low == 0
    assert narrower > 0.003
