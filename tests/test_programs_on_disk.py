"""Compiled programs outlive their process, and change nothing."""

import os
import subprocess
import sys

import pytest

from skseq.programs_on_disk import keep_programs

FIT = """
import sys, hashlib, numpy as np
order, *place = sys.argv[1:]
if place:
    from skseq.programs_on_disk import keep_programs
    keep_programs(*place)
from skseq import EncoderDecoderEcho, StatefulLSTMClassifier
rng = np.random.default_rng(0)
X, tokens = rng.normal(size=(40, 7, 2)), rng.integers(3, size=(40, 6))
options = {"units": 5, "epochs": 3, "random_state": 0}
last, echo = StatefulLSTMClassifier(**options), EncoderDecoderEcho(**options)
given = [(last, X, X[:, 0, 0] > 0), (echo, np.eye(3)[tokens], tokens[:, :2])]
for estimator, *data in given[:: int(order)]:
    estimator.fit(*data)
outputs = [*last.weights_, last.predict_proba(X), *echo.weights_]
print(hashlib.sha256(b"".join(array.tobytes() for array in outputs)).hexdigest())
"""


def run(code, *arguments):
    """Run code in a process that keeps nothing, unless told; return what it prints."""
    ours = ("TF_XLA_FLAGS", "TF_CPP_MIN_LOG_LEVEL")
    environment = {k: v for k, v in os.environ.items() if k not in ours}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # TensorFlow's log begins a line of an error so.
    assert "\nE0" not in done.stderr
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.mark.slow
def test_kept_programs_are_found_and_give_the_same_bits(tmp_path):
    plain = run(FIT, 1)
    assert len(plain) == 64
    # Found whatever was traced before, and whichever way it was traced.
    for order in (1, 1, -1, -1):
        assert run(FIT, order, tmp_path) == plain
    (place,) = tmp_path.iterdir()
    # Two programs that train; nothing that predicts is compiled.
    assert len(list(place.iterdir())) == 2


@pytest.mark.slow
def test_keeping_comes_before_tensorflow(tmp_path):
    code = (
        "import sys, tensorflow\nfrom skseq.programs_on_disk import keep_programs\n"
        "keep_programs(sys.argv[1])"
    )
    assert run(code, tmp_path) == (
        "RuntimeError: TensorFlow is imported already and no longer asks where to keep "
        "programs; call keep_programs before the first fit."
    )


def test_the_environment_s_place_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv(
        "TF_XLA_FLAGS", f"--a=1 --tf_xla_persistent_cache_directory={tmp_path}"
    )
    assert keep_programs(tmp_path / "other") == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_flags_that_are_set_stay(monkeypatch, tmp_path):
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_min_cluster_size=4")
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    place = keep_programs(tmp_path)
    assert os.environ["TF_XLA_FLAGS"] == (
        f"--tf_xla_min_cluster_size=4 --tf_xla_persistent_cache_directory={place}"
    )
    assert place.is_dir()
