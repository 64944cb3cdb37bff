"""Entries whose data stream, and files of them: what is refused, what follows."""

import copy

import pytest

from skseq.experiments.config import (
    ConfigError,
    all_problems,
    check_config,
    configuration_spec,
    read_config,
    step_spec,
)

from .conftest import ROOT


def said(config, schema, **how):
    with pytest.raises(ConfigError) as error:
        check_config(config, schema, **how)
    first, *mistakes = str(error.value).splitlines()
    return first, [mistake.removeprefix("  ") for mistake in mistakes]


@pytest.fixture
def lag(streamed):
    return streamed["problems"]["Lag"]


def test_the_paper_s_own_figure_is_the_budget(schema):
    paper = check_config(read_config(ROOT / "config" / "paper.yaml"), schema)
    for entry in paper["problems"].values():
        for name, one in entry["configurations"].items():
            if name == "chrono" and one["figures"]:
                assert one["budget"] == one["figures"]["sequences_needed"]
    assert [n for n, e in paper["problems"].items() if e["slow"]] == ["G6_1000"]
    assert {entry["repeats"] for entry in paper["problems"].values()} == {10}


def test_a_configuration_is_held_to_its_budget_and_its_own_figures(
    lag, streamed, schema
):
    lag["configurations"]["unit"]["figures"] = {"solved": 0.5}
    entry = check_config(streamed, schema)["problems"]["Lag"]
    told = [(c["configuration"], c["metric"], c["at_most"]) for c in entry["criteria"]]
    needed = "sequences_needed"
    assert told == [("chrono", needed, 3200), ("unit", needed, 80)]
    assert entry["stated"] == {
        "published": {needed: 640, "solved": 1.0},
        "chrono": {needed: 640, "solved": 1.0},
        "unit": {"solved": 0.5},
    }
    titles = [one["title"] for one in entry["configurations"].values()]
    assert titles == ["chrono", "usual biases"]


def test_training_knows_its_own_configuration_alone(lag, streamed, schema):
    def specs():
        config = check_config(streamed, schema)
        return [configuration_spec(config, "Lag", name) for name in ("chrono", "unit")]

    chrono, unit = specs()
    lag["configurations"]["unit"]["budget"] = 320
    lag["title"] = "Another"
    assert specs()[0] == chrono
    assert specs()[1] != unit
    lag["until"]["sequences"] = 61
    assert specs()[0] != chrono


def test_titles_of_configurations_score_nothing_anew(lag, streamed, schema):
    def spec():
        return step_spec(check_config(streamed, schema), "Lag", "evaluate")

    before = spec()
    lag["configurations"]["unit"]["title"] = "others"
    assert spec() == before


def test_all_mistakes_are_told_at_once(lag, streamed, schema):
    lag["data"] |= {"rows_per_group": 2, "params": {"p": 4, "n_sequences": 3}}
    lag["data"]["sweep"] = {"param": "p", "values": [3], "retrain": False}
    lag["until"] = {"kind": "recent", "sequences": 60, "tolerance": 0.25}
    lag["estimator"] |= {"carry_state": True}
    lag["configurations"]["chrono"]["params"]["cell"] = "rnn"
    lag["configurations"]["unit"] = {
        "budget": 31,
        "params": {"unit": 3},
        "figures": {"share_solved": 1},
    }
    lag["published"] |= {"params": {}}
    lag |= {"grid": {"units": [2]}, "figures": ["predicted_expected"]}
    nowhere = "has no place where data stream; leave it out."
    first, mistakes = said(streamed, schema)
    assert first == "config.yaml has 12 mistakes:"
    assert sorted(mistakes) == sorted(
        f"problems.Lag.{mistake}"
        for mistake in (
            f"grid: {nowhere}",
            f"estimator.carry_state: {nowhere}",
            f"published.params: {nowhere}",
            f"data.rows_per_group: {nowhere}",
            "data.params.n_sequences: 'stream' says how many; leave it out.",
            "data.sweep.retrain: where data stream, each value has fits of its own; "
            "set it to true.",
            "until: the key 'average' is missing.",
            "configurations.chrono.params.forget_bias: cell 'rnn' has no gate for "
            "'chrono'; give 'unit'.",
            "configurations.unit.budget: must be at least a block, 32; got 31.",
            "configurations.unit.params.unit: RecurrentClassifier has no parameter "
            "'unit'; did you mean 'units'?",
            "configurations.unit.figures.share_solved: nothing of that name is "
            "reported, only sequences_needed, solved, share_wrong, weights; leave it "
            "out.",
            "figures[0]: of data that stream no answers are kept; leave it out.",
        )
    )


ONE = [
    (
        {"until": {"kind": "unsen"}},
        "until.kind: must be one of unseen, recent, strings; got 'unsen'; did you mean "
        "'unseen'?",
    ),
    (
        {"until": {"kind": "strings"}},
        "until.kind: 'strings' is about the grammar of make_embedded_reber with "
        "targets: next; take another.",
    ),
    (
        {
            "data": {
                "generator": "make_embedded_reber",
                "params": {"targets": "next"},
                "stream": {"block": 32, "test": 20},
            },
            "until": {"kind": "strings", "sequences": 3},
        },
        "until.sequences: 'strings' asks for no 'sequences'; leave it out.",
    ),
    (
        {"until": {"kind": "unseen", "sequence": 1, "sequences": 2, "tolerance": 1}},
        "until.sequence: unknown key 'sequence'; did you mean 'sequences'?",
    ),
    ({"configurations": {}}, "configurations: must have at least 1 entries; got {}."),
    (
        {"figures": ["reach"]},
        "figures[0]: is of data with 'stream' and 'sweep'; leave ",
    ),
    (
        {
            "data": {
                "generator": "load_milk_production",
                "stream": {"block": 1, "test": 2},
            }
        },
        "data.stream: load_milk_production draws no sequences; divide what it reads by "
        "'shares' or 'targets'.",
    ),
]


@pytest.mark.parametrize(("changes", "message"), ONE)
def test_one_mistake_is_told_with_its_place(lag, streamed, schema, changes, message):
    lag |= changes
    _, (mistake,) = said(streamed, schema)
    assert mistake.startswith(f"problems.Lag.{message}")


@pytest.mark.parametrize("key", ["until", "configurations"])
def test_what_a_stream_needs_is_missed(lag, streamed, schema, key):
    del lag[key]
    _, mistakes = said(streamed, schema)
    assert mistakes == [f"problems.Lag: the key {key!r} is missing."]


def test_what_is_for_streams_is_refused_elsewhere(lag, streamed, schema):
    lag["data"] = {
        "generator": "make_long_lag",
        "sizes": {"search": 4, "train": 4, "test": 4},
        "sweep": {"param": "p", "values": [3], "retrain": True, "hopeless": 1},
    }
    lag |= {"grid": {"units": [2]}, "cv": {"kind": "KFold"}, "first": True}
    lag["criteria"] = [{"metric": "token_accuracy", "at_least": 1}]
    lag["published"]["figures"] = {}
    _, mistakes = said(streamed, schema)
    out = "is for data with 'stream'; leave it out."
    assert mistakes == [
        f"problems.Lag.until: {out}",
        f"problems.Lag.configurations: {out}",
        f"problems.Lag.first: {out}",
        "problems.Lag.published: the key 'params' is missing.",
        f"problems.Lag.data.sweep.hopeless: {out}",
    ]


def test_what_would_fail_a_job_is_named_with_its_place(lag, streamed, schema):
    check_config(streamed, schema, rehearsed=True)
    lag["data"]["params"]["framing"] = "per_step"
    assert said(streamed, schema, rehearsed=True)[1] == [
        "problems.Lag.until: 'unseen' asks for one answer to a sequence; got 4 of each."
    ]
    lag["data"]["params"] = {"variant": "2a", "q": 4}
    (mistake,) = said(streamed, schema, rehearsed=True)[1]
    assert mistake.startswith("problems.Lag.data: make_long_lag: q belongs to variant=")


def test_claims_may_ask_for_a_configuration_but_not_of_what_may_not_be_made(
    lag, streamed, schema
):
    condition = {"problem": "Lag", "row": "chrono", "of": "success_rate", "at_least": 1}
    streamed["claims"] = [{"claim": "It.", "source": "x", "holds_if": [condition]}]
    check_config(streamed, schema)
    condition["row"] = "chrno"
    assert said(streamed, schema)[1] == [
        "claims[0].holds_if[0].row.configuration: unknown configuration 'chrno'; did "
        "you mean 'chrono'?"
    ]
    condition["row"], lag["slow"] = "chrono", True
    assert said(streamed, schema)[1] == [
        "claims[0].holds_if[0].problem: 'Lag' is slow, so that the table may be "
        "without it; take another."
    ]


def test_repeats_may_be_a_problem_s_own(lag, streamed, schema):
    assert check_config(streamed, schema)["problems"]["Lag"]["repeats"] == 2
    lag["repeats"] = 7
    assert check_config(streamed, schema)["problems"]["Lag"]["repeats"] == 7


def test_others_are_configurations_of_the_same_form(streamed, schema):
    further = {"seed": 3, "repeats": 4, "problems": dict(streamed["problems"])}
    streamed["problems"] = {"Here": copy.deepcopy(further["problems"]["Lag"])}
    streamed["others"] = {"further": further}
    config = check_config(streamed, schema)
    assert config["others"]["further"] == check_config(further, schema)
    found = all_problems(config)
    assert {name: part["seed"] for name, part in found.items()} == {"Here": 1, "Lag": 3}

    further["problems"]["Here"] = further["problems"].pop("Lag")
    assert said(streamed, schema)[1] == [
        "others.further.problems.Here: there is one of this name in problems; take "
        "another."
    ]
    further["problems"] = {"Lag": {**further["problems"]["Here"], "titel": "x"}}
    first, mistakes = said(streamed, schema)
    assert first == "config.yaml, others.further, has 1 mistake:"
    assert mistakes == [
        "problems.Lag.titel: unknown key 'titel'; did you mean 'title'?"
    ]
    further["others"] = {}
    streamed["others"]["Here"] = streamed["others"].pop("further")
    assert said(streamed, schema)[1] == [
        "others.Here: there is a problem of this name; take another.",
        "others.Here.others: others have none of their own; leave it out.",
    ]
    streamed["others"] = {"further": further}
    assert said(streamed, schema)[1] == [
        "others.further.others: others have none of their own; leave it out."
    ]


def test_others_stand_in_files_beside_the_configuration(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("seed: 1\nothers: {more: more.yaml}\n")
    with pytest.raises(ConfigError) as error:
        read_config(path)
    assert str(error.value) == (
        f"{path} has 1 mistake:\n  others.more: there is no file 'more.yaml' in "
        f"{tmp_path}."
    )
    (tmp_path / "more.yaml").write_text("seed: 2\nclaims: said.yaml\n")
    (tmp_path / "said.yaml").write_text("- claim: It.\n")
    more = {"seed": 2, "claims": [{"claim": "It."}]}
    assert read_config(path) == {"seed": 1, "others": {"more": more}}
