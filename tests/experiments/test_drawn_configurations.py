"""What the check lets pass runs to the end: configurations drawn from the schema."""

import random
from collections import Counter

import pytest

from skseq.experiments.config import ConfigError, check_config
from skseq.experiments.tables import OWNER_COLUMNS, rows_of

from .chain import run

SYMBOLS = {"name": "OneHotSequence", "params": {"categories": {"range": 6}}}
SCALERS = ("MinMaxScaler", "StandardScaler", "MaxAbsScaler", "RobustScaler")
METRICS = (
    *("token_accuracy", "sequence_accuracy", "rounded_accuracy"),
    *("mean_absolute_error", "max_error", "root_mean_squared_error"),
)
BASELINES = (
    *("DummyClassifier", "DummyRegressor", "LinearRegression", "LogisticRegression"),
    *("MLPClassifier", "MLPRegressor", "PersistenceForecaster", "LookupClassifier"),
    *("SeasonalForecaster", "SeasonalChangeForecaster", "RidgeCV"),
    *("memoryless_accuracy", "Ridge"),
)
FIGURES = (
    *("forecast", "influence", "loss_curves", "predicted_expected"),
    *("success_rates", "sweep"),
)


def write_table(folder, *, labels):
    """Write a table of sequences of one's own, with numbers or texts for labels."""
    rows = [
        f"s{i},{step},{i % 5 + step / 10},{i % 3},{labels[i % len(labels)]}"
        for i in range(24)
        for step in range(4)
    ]
    path = folder / "own.csv"
    path.write_text("\n".join(["sequence,step,value,other,label", *rows]))
    return str(path)


def family(rng, folder):
    """Draw a generator with parameters, what its targets are, and how it is framed."""
    labels = rng.choice([("low", "high"), (1, 2)])
    own = {
        "path": write_table(folder, labels=labels),
        "labels_are": "symbols" if labels[0] == "low" else "numbers",
    }
    memory = {
        "body": rng.choice(["counting", "random"]),
        "framing": rng.choice(["per_step", "last", "last", "lags", "joined"]),
    }
    echo = {"n_timesteps": 4, "n_values": 6, "lag": rng.randint(0, 4)}
    windows = {"n_timesteps": 6, "n_values": 6}
    return rng.choice(
        [
            ("make_echo", echo, "labels", None),
            ("make_value_memorization", memory, "labels", None),
            ("make_ambiguous_pairs", {}, "labels", None),
            ("make_cumulative_sum", {"n_timesteps": rng.choice([2, 5])}, "steps", None),
            ("make_sequence_values", {"window": rng.randint(1, 5)}, "numbers", None),
            ("make_adding", {"n_timesteps": 22}, "numbers", None),
            ("make_random_sequences", windows, "labels", "echo"),
            ("make_random_sequences", windows, "numbers", "echo"),
            ("load_milk_production", {}, "numbers", "forecast"),
            ("load_sequences_csv", own, "own", None),
        ]
    )


def drawn_data(rng, generator, params):
    """Draw how data are divided, and what is swept."""
    data = {"generator": generator, "params": params}
    if generator.startswith("load_milk"):
        first = rng.choice([0, 5, 5, 39])
        test = [rng.choice([41, 100]), rng.choice([43, 120, 180])]
        data["targets"] = {"train": [first, 40], "test": test}
    elif generator.startswith("load_"):
        data["shares"] = {"search": 0.3, "train": rng.choice([0.4, 0.4, 0.69])}
        data["shares"]["test"] = 0.3
    elif rng.random() < 0.8:
        sizes = (rng.choice([1, 8, 8, 12]) for _ in range(3))
        data["sizes"] = dict(zip(("search", "train", "test"), sizes, strict=True))
    swept = {"make_echo": "lag", "make_cumulative_sum": "n_timesteps"}
    if generator in swept and rng.random() < 0.4:
        data["sweep"] = {
            "param": swept[generator],
            "values": rng.sample([1, 2, 3, 4], 2),
            "retrain": rng.random() < 0.5,
        }
    if rng.random() < 0.1:
        data["rows_per_group"] = rng.choice([1, 2])
    return data


def drawn_baseline(rng, index, kind):
    rules = {
        "labels": ("DummyClassifier", "LookupClassifier", "MLPClassifier"),
        "steps": ("LookupClassifier", "memoryless_accuracy", "DummyClassifier"),
        "own": ("DummyClassifier", "LogisticRegression", "MLPClassifier"),
        "numbers": (
            *("DummyRegressor", "LinearRegression", "RidgeCV", "MLPRegressor"),
            *("PersistenceForecaster", "SeasonalChangeForecaster"),
        ),
    }[kind]
    name = rng.choice(rules if rng.random() < 0.9 else BASELINES)
    baseline = {"name": name, "label": f"{name} {index if rng.random() < 0.9 else ''}"}
    if name.startswith("Seasonal"):
        baseline |= {"params": {"period": 2}, "framing": {"n_in": 3}}
    if name.startswith("MLP"):
        baseline["params"] = {"max_iter": 2, "hidden_layer_sizes": [2]}
    if name == "LookupClassifier":
        baseline["params"] = {"step": rng.choice(["none", "own", "best"])}
    if name == "memoryless_accuracy":
        baseline["params"] = {"by_step": rng.random() < 0.5}
    if rng.random() < 0.1:
        baseline["sees"] = "step"
    if rng.random() < 0.1:
        baseline["corrects"] = {"name": "PersistenceForecaster"}
    return baseline


def drawn_criteria(rng, kind, baselines):
    metrics = METRICS[2:] if kind == "numbers" else METRICS[:2]
    limits = [{"at_least": rng.choice([0.0, 0.5, 1.0])}, {"at_most": 3}]
    limits += [{"between": [0, 1]}] + [{"better_than": "rules"}] * bool(baselines)
    for index in range(rng.choice([1, 1, 2])):
        metric = rng.choice(metrics if rng.random() < 0.95 else METRICS)
        more = {"data": "train"} if index and rng.random() < 0.7 else {}
        yield {"metric": metric, **rng.choice(limits), **more}


def drawn_estimator(rng, kind):
    names = ["StatefulLSTMClassifier", "StatefulLSTMClassifier", "Seq2SeqEcho"]
    names += ["EncoderDecoderEcho"]
    name = "StatefulLSTMRegressor" if kind == "numbers" else rng.choice(names)
    estimator = {"name": name, "params": {"batch_size": rng.choice([1, 4])}}
    more = {
        "mask_value": rng.choice([0, float("nan")]),
        "early_stopping": True,
        "truncated_bptt_steps": rng.choice([1, 2]),
        "n_outputs": 2,
        "forget_bias": "chrono",
        "dtype": "float64",
        "loss": "binary_crossentropy",
    }
    if rng.random() < 0.4:
        key = rng.choice(list(more))
        estimator["params"][key] = more[key]
    return estimator


def drawn_configuration(seed, folder):
    """Draw a configuration; about a third of them make sense."""
    rng = random.Random(seed)
    generator, params, kind, framing = family(rng, folder)
    symbols = kind == "labels"
    data = drawn_data(rng, generator, params)
    baselines = [drawn_baseline(rng, i, kind) for i in range(rng.choice([0, 1, 2]))]
    splits = ["training", "KFold"] + (["GroupKFold"] if framing == "echo" else [])
    splits += ["StratifiedKFold"] if kind == "own" or rng.random() < 0.1 else []
    splits += ["TimeSeriesSplit"] if "targets" in data else []
    figures = [name for name in FIGURES if name not in ("forecast", "sweep")]
    figures += ["forecast"] if "targets" in data else []
    figures += ["sweep"] if "sweep" in data else []
    entry = {
        "title": "Drawn",
        "data": data,
        "estimator": drawn_estimator(rng, kind),
        "grid": {"units": [2], "epochs": rng.sample([1, 2], rng.choice([1, 2]))},
        "cv": {"kind": rng.choice(splits)},
        "search_seeds": rng.choice([1, 2]),
        "criteria": list(drawn_criteria(rng, kind, baselines)),
        "baselines": baselines,
        "figures": rng.sample(figures, rng.choice([1, 2])),
    }
    if entry["cv"]["kind"] != "training":
        entry["cv"]["n_splits"] = 2
    if symbols == (rng.random() < 0.95):
        entry["transformers"] = [SYMBOLS]
    elif rng.random() < 0.6:
        entry["transformers"] = [{"name": rng.choice(SCALERS)}]
    if kind == "numbers" and rng.random() < 0.5:
        entry["target_transform"] = {"name": rng.choice(SCALERS)}
    if framing:
        n_in = rng.choice([2, 3])
        entry["framing"] = {"n_in": n_in, "n_out": rng.choice([1, 2, n_in])}
        entry["framing"]["target"] = framing
        if framing == "forecast":
            entry["framing"]["n_out"] = rng.choice([1, 1, 2])
        if framing == "echo" and rng.random() < 0.2:
            entry["framing"]["fill_value"] = rng.choice([0, 5, 9, -1])
    if framing == "echo" and rng.random() < 0.3:
        # Which batches groups can be cut into is the estimator's business.
        entry["estimator"]["carry_state"] = True
        entry["estimator"]["params"]["batch_size"] = 1
    if kind == "numbers" and rng.random() < 0.2:
        entry["estimator"]["corrects"] = {"name": "PersistenceForecaster"}
    if rng.random() < 0.3:
        entry["published"] = {"params": {"units": 1, "epochs": 1}}
        if rng.random() < 0.5:
            entry["published"]["figures"] = {"loss": 0.5}
    if rng.random() < 0.2:
        entry["metrics"] = [rng.choice(METRICS)]
    if rng.random() < 0.1:
        entry["grid"]["learning_rate"] = [1e30]
    if rng.random() < 0.1:
        entry["grid"]["class_weight"] = [None, {0: 1.0, 1: 2.0}]
    return {"seed": seed, "repeats": 2, "problems": {"P": entry}}


def outcome_of(seed, schema, folder):
    """Return whether a configuration is refused, or runs to its end."""
    try:
        config = check_config(drawn_configuration(seed, folder), schema, rehearsed=True)
    except ConfigError:
        return "refused"
    rows = run(config, "P", folder)["rows"]
    owners = {tuple(row[column] for column in OWNER_COLUMNS[1:]) for row in rows}
    # All that was asked for is there, and nothing else.
    assert owners == set(rows_of(config["problems"]["P"]))
    assert len(owners) == len(rows)
    return "ran"


def outcomes(seeds, schema, folder):
    found = Counter()
    for seed in seeds:
        try:
            found[outcome_of(seed, schema, folder)] += 1
        except Exception as error:
            raise AssertionError(
                f"seed {seed}: {drawn_configuration(seed, folder)}"
            ) from error
    return found


def test_what_the_check_lets_pass_runs(schema, tmp_path):
    found = outcomes(range(11), schema, tmp_path)
    assert found["ran"] >= 2
    assert found["refused"] >= 2


@pytest.mark.slow
def test_more_of_what_the_check_lets_pass_runs(schema, tmp_path):
    found = outcomes(range(11, 150), schema, tmp_path)
    assert found["ran"] >= 25
