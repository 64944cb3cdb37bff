from pathlib import Path

import pytest

from skseq.experiments.config import check_config, read_schema

ROOT = Path(__file__).parents[2]


@pytest.fixture
def schema():
    return read_schema("config")


@pytest.fixture
def raw():
    """Return a small configuration that is right."""
    return {
        "seed": 1,
        "repeats": 2,
        "problems": {
            "Echo": {
                "title": "Echo",
                "data": {
                    "generator": "make_random_sequences",
                    "params": {"n_timesteps": 6, "n_values": 5},
                    "sizes": {"search": 4, "train": 5, "test": 6},
                },
                "framing": {"n_in": 3, "n_out": 2, "target": "echo"},
                "transformers": [
                    {"name": "OneHotSequence", "params": {"categories": {"range": 5}}}
                ],
                "estimator": {"name": "Seq2SeqEcho", "params": {"batch_size": 2}},
                "published": {"params": {"units": 3, "epochs": 1}},
                "grid": {"units": [2, 3], "epochs": [1]},
                "cv": {"kind": "GroupKFold", "n_splits": 2},
                "search_seeds": 2,
                "baselines": [{"name": "DummyClassifier", "label": "constant"}],
                "criteria": [{"metric": "token_accuracy", "at_least": 0.99}],
            }
        },
    }


@pytest.fixture
def streamed(raw):
    """Return the small configuration with a problem whose data stream in its place."""
    raw["problems"] = {
        "Lag": {
            "title": "Lag",
            "data": {
                "generator": "make_long_lag",
                "params": {"p": 4},
                "stream": {"block": 32, "test": 20},
            },
            "transformers": [{"name": "OneHotSequence", "params": {}}],
            "estimator": {
                "name": "RecurrentClassifier",
                "params": {"units": 4, "batch_size": 16, "learning_rate": 0.05},
            },
            "until": {"kind": "unseen", "sequences": 60, "tolerance": 0.25},
            "configurations": {
                "chrono": {"budget": 3200, "params": {"forget_bias": "chrono"}},
                "unit": {"title": "usual biases", "budget": 80},
            },
            "published": {"figures": {"sequences_needed": 640, "solved": 1.0}},
        }
    }
    return raw


@pytest.fixture
def config(raw, schema):
    return check_config(raw, schema)
