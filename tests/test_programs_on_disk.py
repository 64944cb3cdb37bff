"""Compiled programs outlive their process, and change nothing."""

import os
import subprocess
import sys

from skseq.programs_on_disk import keep_programs

FIT = """
import sys, hashlib, numpy as np
if len(sys.argv) > 1:
    from skseq.programs_on_disk import keep_programs
    keep_programs(sys.argv[1])
from skseq import StatefulLSTMClassifier
X = np.random.default_rng(0).normal(size=(40, 7, 2))
est = StatefulLSTMClassifier(units=5, epochs=3, random_state=0).fit(X, X[:, 0, 0] > 0)
outputs = [*est.weights_, est.predict_proba(X)]
print(hashlib.sha256(b"".join(array.tobytes() for array in outputs)).hexdigest())
"""


def run(code, *arguments):
    """Run code in a process that keeps nothing, unless told; return what it prints."""
    environment = {k: v for k, v in os.environ.items() if k != "TF_XLA_FLAGS"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_kept_programs_give_the_same_bits(tmp_path):
    plain, making, using = run(FIT), run(FIT, tmp_path), run(FIT, tmp_path)
    assert len(plain) == 64
    assert plain == making == using
    (place,) = tmp_path.iterdir()
    # One program that trains and one that predicts.
    assert len(list(place.iterdir())) == 2


def test_keeping_comes_before_tensorflow(tmp_path):
    code = (
        "import sys, tensorflow\nfrom skseq.programs_on_disk import keep_programs\n"
        "keep_programs(sys.argv[1])"
    )
    assert run(code, tmp_path) == (
        "RuntimeError: TensorFlow is imported already and no longer asks where to keep "
        "programs; call keep_programs before the first estimator is made."
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
