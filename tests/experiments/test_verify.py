"""Runs are compared row by row, with room for chance and none for mistakes."""

import pytest

from skseq.experiments.verify import differences

ROW = {
    "problem": "P",
    "configuration": "searched",
    "name": "",
    "case": "",
    "metric": "token_accuracy",
    "data": "test",
    "criterion": ">= 0.9",
    "value": "0.95",
    "lowest": "0.9",
    "highest": "1.0",
    "successes": "20",
    "repeats": "20",
}


def row(**given):
    return {**ROW, **given}


def differences_to_row(**given):
    return differences([ROW], [row(**given)], ["P"])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"value": "0.9"},
        {"value": "1.0"},
        {"successes": "17"},
        {"lowest": "0.1", "highest": "1.0"},
    ],
)
def test_chance_is_no_difference(given):
    assert differences_to_row(**given) == []


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"value": "0.89"},
            "P searched token accuracy test: the median is 0.89; expected 0.95, 0.9 to "
            "1 in single fits.",
        ),
        (
            {"value": "nan"},
            "P searched token accuracy test: the median is nan; expected 0.95, 0.9 to "
            "1 in single fits.",
        ),
        (
            {"successes": "10"},
            "P searched token accuracy test: 10 of 20 succeeded; expected 20 of 20.",
        ),
        (
            {"criterion": ""},
            "P searched token accuracy test: the criterion is 'none'; expected "
            "'>= 0.9'.",
        ),
    ],
)
def test_what_differs_is_said_plainly(given, line):
    assert differences_to_row(**given) == [line]


def test_a_score_without_a_criterion_is_held_to_its_range_alone():
    plain = row(criterion="", successes="")
    assert differences([plain], [plain], ["P"]) == []


def test_rows_that_are_missing_or_new_are_named():
    other = row(metric="sequence_accuracy")
    assert differences([ROW], [other], ["P"]) == [
        "P searched sequence accuracy test: was not expected.",
        "P searched token accuracy test: is missing.",
    ]


def test_problems_that_were_not_run_do_not_count():
    assert differences([ROW, row(problem="Q")], [ROW], ["P"]) == []
