import pytest

from skseq.experiments.claims import judge

PROBLEMS = {"P": {"criteria": [{"metric": "accuracy"}]}}


def row(**given):
    return {
        "problem": "P",
        "configuration": "searched",
        "name": "",
        "case": "",
        "metric": "accuracy",
        "data": "test",
        "criterion": ">= 0.9",
        "value": "0.95",
        "successes": "19",
        "repeats": "20",
        "wilson_low": "0.76",
        "wilson_high": "0.99",
        "failed": "0",
        "met": "true",
        "rule": "chance",
        "difference": "0.45",
        "difference_low": "",
        "difference_high": "",
        **given,
    }


RESULTS = [
    row(),
    row(configuration="published", value="0.4", successes="8"),
    row(configuration="baseline", name="chance", value="0.5", successes="", rule=""),
    row(case="long", difference_low="0.1", difference_high="0.2"),
    row(case="lost", value="", successes="3", failed="17"),
]


def verdict(*conditions, **more):
    claim = {"claim": "It works.", "source": "a tutorial", "holds_if": list(conditions)}
    (judged,) = judge([claim | more], RESULTS, PROBLEMS)
    return judged


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"at_least": 0.95}, "holds"),
        ({"at_least": 0.96}, "fails"),
        ({"at_most": 0.94}, "fails"),
        ({"of": "success_rate", "at_least": 0.95}, "holds"),
        ({"row": {"configuration": "published"}, "at_least": 0.95}, "fails"),
        ({"minus": {"name": "chance"}, "at_least": 0.4}, "holds"),
        ({"minus": {"name": "chance"}, "at_least": 0.5}, "fails"),
        ({"of": "difference", "at_least": 0.45}, "holds"),
        ({"of": "difference_low", "at_least": -1}, "fails"),
        ({"row": {"case": "long"}, "of": "difference_low", "at_least": 0.1}, "holds"),
        ({"row": {"case": "long"}, "of": "difference_high", "at_least": 0.3}, "fails"),
        ({"row": {"case": "lost"}, "at_least": 0}, "fails"),
        ({"row": {"case": "lost"}, "at_most": 1}, "fails"),
    ],
)
def test_a_claim_is_judged_by_the_results(condition, expected):
    assert verdict({"problem": "P", **condition})["verdict"] == expected


def test_every_condition_must_be_so():
    good, bad = {"problem": "P", "at_least": 0.5}, {"problem": "P", "at_least": 0.99}
    assert verdict(good, bad)["verdict"] == "fails"


def test_what_holds_only_sometimes_says_when():
    published = {"problem": "P", "row": {"configuration": "published"}, "at_least": 0.9}
    only = {"when": "with more units", "if": [{"problem": "P", "at_least": 0.9}]}
    judged = verdict(published, holds_only=only)
    assert judged["verdict"] == "holds only with more units"
    assert judged["figures"] == (
        "P published: accuracy 0.4, 8/20 with >= 0.9 (76 to 99 %); "
        "P searched: accuracy 0.95, 19/20 with >= 0.9 (76 to 99 %)"
    )


def test_failures_and_intervals_are_among_the_figures():
    judged = verdict(
        {"problem": "P", "row": {"case": "lost"}, "at_least": 0},
        {"problem": "P", "row": {"case": "long"}, "at_least": 0},
    )
    assert judged["figures"] == (
        "P searched lost: accuracy none, 3/20 with >= 0.9 (76 to 99 %), 17 failed; "
        "P searched long: accuracy 0.95, 19/20 with >= 0.9 (76 to 99 %), "
        "+0.1 to +0.2 against chance"
    )


@pytest.mark.parametrize("of", ["success_rate", "difference"])
def test_what_a_row_does_not_have_cannot_be_asked_for(of):
    message = (
        f"A claim asks for the {of} of P chance, which has none; ask for the median."
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        verdict({"problem": "P", "row": {"name": "chance"}, "of": of, "at_least": 0})


def test_a_row_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no result has: .*'name': 'luck'"):
        verdict({"problem": "P", "row": {"name": "luck"}, "at_least": 1})
