"""`skseq new`: an entry for a table of one's own, which runs as it is written."""

import shutil
from pathlib import Path

import pytest
import yaml

from skseq.command.entry import with_entry
from skseq.experiments.config import check_config, read_schema, read_yaml

ROOT = Path(__file__).parents[2]
SCALED = {"name": "PerStep", "params": {"transformer": {"name": "StandardScaler"}}}
NAN = float("nan")


def entry_of(name="Own", path="config.yaml"):
    return read_yaml(path)["problems"][name]


def test_a_configuration_is_made_that_runs(own, skseq_says):
    said = "config.yaml has the problem own; snakemake --cores 4 own runs it.\n"
    assert skseq_says("new", "own") == (0, said, "")
    config = read_yaml("config.yaml")
    assert check_config(config, read_schema("config"), rehearsed=True)["repeats"] == 20
    text = Path("config.yaml").read_text()
    assert "  # 20 sequences of 3 steps, from the table.\n" in text
    assert "  # Labels, one a sequence: high, low.\n" in text
    assert config["problems"]["own"]["data"]["params"] == {"path": "own.csv"}


def test_an_entry_joins_the_others_and_changes_nothing_else(own, skseq_says):
    before = (ROOT / "config.yaml").read_text()
    Path("config.yaml").write_text(before)
    for name in ("claims.yaml", "paper.yaml"):
        shutil.copy(ROOT / "config" / name, ".")
    assert skseq_says("new", "Mine", "--table", "own.csv")[0] == 0
    after = Path("config.yaml").read_text()
    known = yaml.safe_load(before)
    assert yaml.safe_load(after) == {
        **known,
        "problems": {**known["problems"], "Mine": entry_of("Mine")},
    }
    written = [line for line in after.splitlines() if line not in before.splitlines()]
    left = iter(after.splitlines())
    assert all(line in left for line in before.splitlines())
    assert any("Mine:" in line for line in written)


def test_a_deployed_configuration_is_found(own, skseq_says):
    Path("config").mkdir()
    Path("config", "config.yaml").write_text("seed: 1\nrepeats: 2\nproblems: # mine")
    _, said, _ = skseq_says("new", "own")
    assert said.startswith("config/config.yaml has the problem own;")


def write_table(header, cell, n=24, lengths=(3,)):
    rows = [
        f"s{i},{k},{cell(i, k)}"
        for i in range(n)
        for k in range(lengths[i % len(lengths)])
    ]
    Path("table.csv").write_text("\n".join([header, *rows]) + "\n")


@pytest.mark.parametrize(
    ("cell", "lengths", "options", "found"),
    [
        (
            lambda i, k: f"{'abc'[(i + k) % 3]},{'xy'[i % 2]}",
            (3,),
            [],
            {
                "transformers": [{"name": "OneHotSequence"}],
                "estimator": {"name": "StatefulLSTMClassifier"},
            },
        ),
        (
            lambda i, k: f"{'abc'[(i + k) % 3]},{'xy'[i % 2]}",
            (3, 4),
            [],
            {
                "transformers": [{"name": "OneHotSequence", "params": {"padding": ""}}],
                "estimator": {
                    "name": "StatefulLSTMClassifier",
                    "params": {"mask_value": 0},
                },
            },
        ),
        (
            lambda i, k: f"{i + k},{'xy'[k % 2]}",
            (3,),
            [],
            {"cv": {"kind": "KFold", "n_splits": 2}, "transformers": [SCALED]},
        ),
        (
            lambda i, k: f"{i + k},{i / 3}",
            (3,),
            ["--numbers"],
            {
                "transformers": [SCALED],
                "target_transform": {"name": "StandardScaler"},
                "estimator": {"name": "StatefulLSTMRegressor"},
                "criteria": [
                    {
                        "metric": "mean_absolute_error",
                        "better_than": "rules",
                        "share": 0.95,
                    }
                ],
            },
        ),
        (
            lambda i, k: f"{i + k},{'xy'[i % 2]}",
            (2, 5),
            [],
            {
                "transformers": [
                    {
                        "name": "PerStep",
                        "params": {**SCALED["params"], "mask_value": NAN},
                    }
                ],
                "estimator": {
                    "name": "StatefulLSTMClassifier",
                    "params": {"mask_value": NAN},
                },
            },
        ),
    ],
    ids=["symbols", "uneven symbols", "per step", "numbers", "uneven"],
)
def test_what_the_table_says_is_read_off_it(
    own, skseq_says, cell, lengths, options, found
):
    write_table("sequence,step,value,label", cell, lengths=lengths)
    status, _, said = skseq_says("new", "T", "--table", "table.csv", *options)
    assert (status, said) == (0, "")
    entry = entry_of("T")
    # As text, since NaN is not its own equal.
    assert repr({key: entry[key] for key in found}) == repr(found)


def test_columns_have_their_own_names(own, skseq_says):
    write_table("machine,no,x,fails", lambda i, k: f"{i + k},{'xy'[i % 2]}")
    names = ["--sequence", "machine", "--step", "no", "--label", "fails"]
    assert skseq_says("new", "T", "--table", "table.csv", *names)[0] == 0
    assert entry_of("T")["data"]["params"] == {
        "path": "table.csv",
        "sequence": "machine",
        "step": "no",
        "label": "fails",
    }


def test_several_features_are_read_as_such(own, skseq_says):
    write_table("sequence,step,a,b,label", lambda i, k: f"{i},{k},{'xy'[i % 2]}")
    assert skseq_says("new", "T", "--table", "table.csv")[0] == 0
    assert entry_of("T")["transformers"] == [SCALED]


def test_a_name_that_yaml_would_read_otherwise_is_quoted(own, skseq_says):
    assert skseq_says("new", "no", "--table", "own.csv")[0] == 0
    assert entry_of("no")["title"] == "no"


def test_what_would_not_run_is_one_line_and_writes_nothing(own, refused):
    own("few.csv", n=2)
    assert refused("new", "few") == (
        "config.yaml has 1 mistake: problems.few.data: no row is left for the test "
        "data; give it more."
    )
    assert refused("new", "a-b", "--table", "own.csv") == (
        "config.yaml has 1 mistake: problems: the name 'a-b' must start with a letter "
        "and hold only letters, digits and '_'."
    )
    assert refused("new", "nothing") == (
        "there is no file 'nothing.csv'; give --table, a CSV with a row per step and "
        "the columns sequence, step, label and any number of features."
    )
    assert refused("new", "own", "--label", "x") == (
        "own.csv cannot be read: line 1: no column named 'x'; the header names "
        "'sequence', 'step', 'value', 'label'."
    )
    write_table("sequence,step,a,b,label", lambda i, k: f"x,{k},{'xy'[i % 2]}")
    assert refused("new", "T", "--table", "table.csv") == (
        "table.csv: of the features a, b, some hold symbols; one column of symbols can "
        "be coded, so join them, or leave numbers alone."
    )
    write_table(
        "sequence,step,value,label", lambda i, k: f"{k},{'xy'[k % 2]}", lengths=(2, 3)
    )
    assert refused("new", "T", "--table", "table.csv") == (
        "table.csv: sequences have a label for each step and are of different lengths, "
        "which the pipeline cannot score; cut them to one length."
    )
    assert not Path("config.yaml").exists()
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []


def test_a_name_that_is_taken_is_refused(own, skseq_says, refused):
    skseq_says("new", "own")
    before = Path("config.yaml").read_text()
    assert refused("new", "own") == (
        "config.yaml has a problem own already; choose another name."
    )
    assert Path("config.yaml").read_text() == before


def test_a_configuration_without_its_line_is_refused():
    with pytest.raises(
        ValueError, match=r"^c has no line 'problems:' to write the entry under; add"
    ):
        with_entry("problems: {A: 1}\n", "  B: 2\n", Path("c"))


def test_a_link_to_the_configuration_stays_one(own, skseq_says):
    Path("config.yaml").write_text("seed: 1\nrepeats: 2\nproblems:\n")
    Path("config").mkdir()
    link = Path("config", "config.yaml")
    link.symlink_to("../config.yaml")
    assert skseq_says("new", "own", "--config", link)[0] == 0
    assert link.is_symlink()
    assert entry_of("own")["title"] == "own"
