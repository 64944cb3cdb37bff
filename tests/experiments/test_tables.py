import pytest

from skseq.experiments.search import choose
from skseq.experiments.tables import meets, summarize


def scores(values, configuration="searched", metric="accuracy"):
    return [
        {
            "problem": "P",
            "configuration": configuration,
            "name": "",
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
    return {"P": {"criteria": [criterion], "outcome": outcome, "untrained": []}}


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


def candidate(units, score, error=0.0, met=0):
    return {
        "units": units,
        "epochs": 10,
        "score": score,
        "standard_error": error,
        "fits": 3,
        "met": met,
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
