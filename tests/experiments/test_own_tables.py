"""One's own tables in the configuration: dates, transformers of steps, metrics."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from skseq.experiments import registry
from skseq.experiments.config import ConfigError, check_config
from skseq.experiments.data import draw_repeats, repeat_sample
from skseq.preprocessing import PerStep

SHARES = {"search": 0.4, "train": 0.4, "test": 0.2}
SCALER = {"name": "PerStep", "params": {"transformer": {"name": "StandardScaler"}}}
F1 = {"name": "f1_score", "params": {"average": "macro"}}


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Machines with a label per hour, some hours of which are missing."""
    monkeypatch.chdir(tmp_path)
    rows = [
        f"m{machine};2024-01-01 {hour:02d}:00;{machine + hour / 10:.1f};{hour // 3}"
        for machine in range(10)
        for hour in range(6)
        if (machine, hour) != (3, 2)
    ]
    text = "\n".join(["machine;time;heat;state", *rows]).replace(".", ",")
    Path("own.csv").write_text(text)
    return {
        "title": "Machines",
        "data": {
            "generator": "load_sequences_csv",
            "params": {
                "path": "own.csv",
                "sequence": "machine",
                "time": "time",
                "label": "state",
                "frequency": "h",
                "missing": "forward",
                "delimiter": ";",
                "read_options": {"decimal": ","},
            },
            "shares": SHARES,
        },
        "transformers": [{"name": "ForwardFiller"}, SCALER],
        "estimator": {"name": "StatefulLSTMClassifier"},
        "grid": {"units": [2], "epochs": [1]},
        "cv": {"kind": "KFold", "n_splits": 2},
        "criteria": [{"metric": F1, "at_least": 0.9}],
        "metrics": ["token_accuracy", "accuracy_score"],
    }


def checked(entry, schema, **more):
    raw = {"seed": 1, "repeats": 2, "problems": {"Own": entry}}
    return check_config(raw, schema, **more)["problems"]["Own"]


def of_one_label(entry):
    """The same with one label a machine, which leaves no gap among labels."""
    lines = Path("own.csv").read_text().splitlines()
    lines[1:] = [f"{line.rsplit(';', 1)[0]};{int(line[1]) % 2}" for line in lines[1:]]
    Path("own.csv").write_text("\n".join(lines))
    return entry


def test_a_table_with_dates_is_an_entry(entry, schema):
    spec = checked(of_one_label(entry), schema, rehearsed=True)
    assert spec["metrics"] == [
        "f1_score(average='macro')",
        "token_accuracy",
        "accuracy_score",
    ]
    assert spec["objective"]["metric"] == "f1_score(average='macro')"
    drawn = draw_repeats("Own", 1, 2, spec["data"])
    assert repeat_sample(drawn, spec, "train", 0).X.shape == (4, 6)


def test_what_is_wrong_with_dates_stops_a_run_before_it_starts(entry, schema):
    del entry["data"]["params"]["missing"]
    with pytest.raises(ConfigError) as error:
        checked(of_one_label(entry), schema, rehearsed=True)
    assert str(error.value).splitlines()[1] == (
        "  problems.Own.data: own.csv cannot be read: sequence 'm3': 1 date is "
        "missing, 2024-01-01 02:00:00, of frequency 'h'; missing='nan', 'forward' or "
        "'interpolate' fills."
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "transformers",
            [{"name": "PerStep"}],
            "transformers[0].params: PerStep needs the parameter 'transformer'.",
        ),
        (
            "transformers",
            [{"name": "PerStep", "params": {"transformer": "StandardScaler"}}],
            "transformers[0].params.transformer: must be a mapping; got "
            "'StandardScaler'.",
        ),
        (
            "transformers",
            [{"name": "PerStep", "params": {"transformer": {"name": "Scaler"}}}],
            "transformers[0].params.transformer.name: unknown transformer 'Scaler'; "
            "did you mean 'MaxAbsScaler'?",
        ),
        (
            "transformers",
            [{"name": "PerStep", "params": {"transformer": {"params": {}}}}],
            "transformers[0].params.transformer: the key 'name' is missing.",
        ),
        (
            "transformers",
            [{"name": "PerStep", "params": {"transformer": {"name": 3}}}],
            "transformers[0].params.transformer: needs a text as name and a mapping as "
            "params.",
        ),
        (
            "transformers",
            [
                {
                    "name": "PerStep",
                    "params": {
                        "transformer": {**SCALER["params"]["transformer"], "x": 1}
                    },
                }
            ],
            "transformers[0].params.transformer.x: unknown key 'x'; did you mean "
            "'name'?",
        ),
        (
            "metrics",
            [{"name": "f1_scor"}],
            "metrics[0].name: unknown metric 'f1_scor'; did you mean 'f1_score'?",
        ),
        (
            "metrics",
            [{"name": "f1_score", "params": {"avrage": "macro"}}],
            "metrics[0].params.avrage: f1_score has no parameter 'avrage'; did you "
            "mean 'average'?",
        ),
        (
            "metrics",
            [{"name": "f1_score", "param": {}}],
            "metrics[0].param: unknown key 'param'; did you mean 'params'?",
        ),
        ("metrics", [3], "metrics[0]: must be a text; got 3."),
    ],
)
def test_a_mistake_inside_is_named_with_its_place(entry, schema, key, value, message):
    with pytest.raises(ConfigError) as error:
        checked({**entry, key: value}, schema)
    assert str(error.value).splitlines()[1] == f"  problems.Own.{message}"


def test_a_transformer_inside_of_another_is_built():
    built = registry.build("transformer", SCALER)
    assert isinstance(built, PerStep)
    assert type(built.transformer).__name__ == "StandardScaler"


def test_metrics_of_scikit_learn_count_steps_without_padding():
    name = registry.metric_name(F1)
    assert registry.read_metric(name) == F1
    y_true, y_pred = np.array([[0, 1], [1, -1]]), np.array([[0, 0], [1, 0]])
    score = registry.metric(name, {"fill_value": -1})
    assert score(y_true, y_pred) == f1_score([0, 1, 1], [0, 0, 1], average="macro")
    own = registry.metric("token_accuracy(padding=-1)", None)
    assert own(y_true, y_pred) == 2 / 3
    assert registry.sign("mean_pinball_loss(alpha=0.1)") == -1
    assert registry.sign(name) == 1


@pytest.mark.parametrize("name", ["f1(", "f1(2)", "f1(x=y)", "(lambda: 1)()"])
def test_a_name_is_read_as_nothing_else(name):
    with pytest.raises(ValueError, match="is no metric; write its name, and para"):
        registry.read_metric(name)
