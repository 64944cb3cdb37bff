"""What the report says of the tables of a run."""

import csv

import pytest

from skseq.experiments.files import ArtifactError
from skseq.experiments.report import content, page, pictures

from .conftest import ROOT


def rows_expected():
    with open(ROOT / "config" / "expected.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_that_a_criterion_is_asked_of_is_shown():
    rows = rows_expected()
    shown = content.results(rows, {row["problem"]: {} for row in rows})
    asked = [r for r in rows if r["criterion"] and r["configuration"] != "baseline"]
    assert len(shown) == len(asked)
    for one, row in zip(shown, asked, strict=True):
        assert one.value == float(row["value"])
        assert one.bar == (
            int(row["successes"]) / int(row["repeats"]),
            float(row["wilson_low"]),
            float(row["wilson_high"]),
        )
        # The rule's score stands in a row of its own.
        if row["rule"]:
            (rule,) = (
                r
                for r in rows
                if r["name"] == row["rule"]
                and all(r[k] == row[k] for k in ("problem", "case", "metric", "data"))
            )
            assert one.rule_value == pytest.approx(float(rule["value"]))
        assert (one.verdict == "met") == (row["met"] == "true")
        assert (one.verdict == "missed") == (row["met"] == "false")


def one_row(**changes):
    row = dict.fromkeys(rows_expected()[0], "")
    return row | {"problem": "P", "configuration": "searched", "metric": "m"} | changes


def test_a_row_without_a_value_or_a_rate_is_shown_as_such():
    one = content.result_of(one_row(failed="2", repeats="2"), {"P": {}})
    assert one.bar is None
    assert (one.failed, page.number(one.value)) == (2, "none")
    assert page.number(one.rule_value) == "none"


def problem(*results):
    return content.Problem("P", {}, [], results, None, [], None)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (["true", "true"], "met"),
        (["true", "false"], "missed"),
        (["true", ""], "open"),
        ([], "open"),
    ],
)
def test_a_problem_is_solved_if_all_that_is_asked_is_met(found, verdict):
    asked = [content.result_of(one_row(met=met), {"P": {}}) for met in found]
    # What was published may miss it.
    published = content.result_of(
        one_row(configuration="published", met="false"), {"P": {}}
    )
    assert problem(*asked, published).verdict == verdict


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("holds", "met"), ("fails", "missed"), ("holds only with more units", "partly")],
)
def test_claims_stand_under_their_source_with_what_settles_them(verdict, kind):
    criteria = {"criteria": [{"metric": "m"}]}
    entry = {
        "claim": "It learns.",
        "source": "a tutorial",
        "holds_if": [{"problem": "P", "at_least": 1}] * 2,
    }
    row = one_row(data="test", value="0.5")
    found = content.claims([entry], [{"verdict": verdict}], [row], {"P": criteria})
    (claim,) = found["a tutorial"]
    assert (claim.text, claim.verdict, claim.kind) == ("It learns.", verdict, kind)
    # Asked for twice, shown once.
    assert [one.value for one in claim.evidence] == [0.5]


def candidate(units, epochs, score, met="0"):
    return {"units": units, "epochs": epochs, "score": score, "met": met, "fits": "20"}


def test_candidates_are_laid_out_by_their_parameters():
    rows = [
        candidate("5", "10", "0.5"),
        candidate("5", "20", "1.0", "20"),
        candidate("9", "10", ""),
    ]
    grid = content.grid_of(["units", "epochs"], rows, {"epochs": 20, "units": 5})
    assert (grid.across, grid.columns) == ("epochs", ["10", "20"])
    (first, (cold, warm)), (second, (failed, missing)) = grid.rows
    assert (first, second) == ("units 5", "units 9")
    assert (cold.warmth, warm.warmth, failed.warmth) == (0.0, 1.0, 0.0)
    assert (cold.chosen, warm.chosen, failed.chosen) == (False, True, False)
    assert missing is None


def test_one_candidate_is_no_search():
    assert content.grid_of(["units"], [candidate("5", "10", "1")], {"units": 5}) is None


def test_a_figure_that_is_not_there_is_named_with_the_way_out(tmp_path):
    path = tmp_path / "figures" / "sweep.png"
    with pytest.raises(ArtifactError) as caught:
        pictures.picture(path, "A sweep.")
    assert str(caught.value) == (
        f"{path} is missing; delete the folder {path.parent} and run `snakemake "
        "--cores 2` again to make it."
    )


def test_every_figure_of_the_configuration_has_a_caption(schema):
    from skseq.experiments.entries import FIGURES

    entry = {"repeats": 20, "data": {"sweep": {"param": "body_length"}}}
    captions = [pictures.caption_of(name, entry) for name in FIGURES]
    assert len(set(captions)) == len(FIGURES)
    assert pictures.caption_of("sweep", entry) == (
        "Score against body length, each configuration over 20 seeds."
    )
