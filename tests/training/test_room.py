"""A process that can map no more memory says so, instead of being ended."""

import numpy as np
import pytest

from skseq import StatefulLSTMClassifier
from skseq.training import room

X, y = np.zeros((4, 3, 1)), np.array([0, 1, 0, 1])


def test_a_program_too_many_is_refused_and_the_estimator_stays(monkeypatch, tmp_path):
    est = StatefulLSTMClassifier(units=2, epochs=1, random_state=0).fit(X, y)
    before = est.weights_
    limit, maps = tmp_path / "limit", tmp_path / "maps"
    limit.write_text("65530\n")
    maps.write_text("a map\n" * 61531)
    monkeypatch.setattr(room, "LIMIT", limit)
    monkeypatch.setattr(room, "MAPS", maps)
    # What is compiled already goes on.
    est.fit(X, y)
    message = (
        "This process has 61531 of the 65530 memory maps that the system allows it, "
        "most of them for programs that fits of other shapes were compiled to; XLA "
        "lets go of none before the process ends. Fit in another process (those of a "
        "search with n_jobs=2 have their own), or raise the limit: sysctl "
        "vm.max_map_count."
    )
    with pytest.raises(RuntimeError) as caught:
        est.set_params(units=13).fit(X, y)
    assert str(caught.value) == message
    np.testing.assert_array_equal(est.weights_[0], before[0])

    maps.write_text("a map\n" * 61530)
    est.set_params(units=13).fit(X, y)


def test_a_system_without_the_limit_is_not_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(room, "LIMIT", tmp_path / "none")
    room.check_room()
