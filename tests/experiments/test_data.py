import numpy as np
import pytest

from skseq.experiments.data import (
    cases,
    draw_repeats,
    draw_search,
    repeat_sample,
    search_sample,
    series_positions,
)
from skseq.experiments.streams import USES, seed_for

EMPTY = {
    "params": {},
    "sizes": None,
    "targets": None,
    "shares": None,
    "sweep": None,
    "rows_per_group": None,
}


def rows(arrays, use):
    """Return the sequences of one use as a set."""
    X = arrays[use]
    return {row.tobytes() for row in X.reshape(-1, X.shape[-1])}


def test_no_use_shares_a_seed():
    seeds = [
        seed_for(1, problem, use, *index)
        for problem in ("A1", "D1")
        for use in USES
        for index in ((), (0,), (1,), (0, 0), (0, 1))
    ]
    assert len(set(seeds)) == len(seeds)


def test_search_training_and_test_share_no_sequence():
    data = {
        **EMPTY,
        "generator": "make_random_sequences",
        "params": {"n_timesteps": 25},
        "sizes": {"search": 50, "train": 40, "test": 60},
    }
    search = draw_search("P", 1, data)
    drawn = draw_repeats("P", 1, 3, data)
    assert drawn["train.X"].shape == (3, 40, 25)
    uses = [rows(search, "X"), rows(drawn, "train.X"), rows(drawn, "test.X")]
    assert [len(use) for use in uses] == [50, 3 * 40, 3 * 60]
    assert len(set.union(*uses)) == 50 + 3 * 40 + 3 * 60


def test_the_same_seed_draws_the_same_and_another_does_not():
    data = {
        **EMPTY,
        "generator": "make_echo",
        "sizes": {"search": 3, "train": 4, "test": 5},
    }
    one, same, other = (draw_repeats("P", seed, 2, data) for seed in (1, 1, 2))
    assert all(np.array_equal(one[key], same[key]) for key in one)
    assert not np.array_equal(one["test.X"], other["test.X"])


def test_integers_are_kept_in_the_smallest_type():
    data = {
        **EMPTY,
        "generator": "make_echo",
        "sizes": dict.fromkeys(("search", "train", "test"), 3),
    }
    assert draw_search("P", 1, data)["X"].dtype == np.uint8


def test_shares_of_a_table_are_apart(tmp_path):
    path = tmp_path / "own.csv"
    lines = [
        f"s{i},{t},{i + t / 10},{'ab'[i % 2]}" for i in range(20) for t in range(3)
    ]
    path.write_text("\n".join(["sequence,step,value,label", *lines]))
    data = {
        **EMPTY,
        "generator": "load_sequences_csv",
        "params": {"path": str(path)},
        "shares": {"search": 0.3, "train": 0.5, "test": 0.2},
    }
    search = rows(draw_search("P", 1, data), "X")
    drawn = draw_repeats("P", 1, 4, data)
    assert len(search) == 6
    assert drawn["train.X"].shape == (4, 10, 3)
    assert drawn["test.X"].shape == (4, 4, 3)
    assert drawn["test.y"].shape == (4, 4)
    for repeat in range(4):
        one = {key: values[repeat] for key, values in drawn.items()}
        train, test = rows(one, "train.X"), rows(one, "test.X")
        assert len(train | test | search) == 20
    assert not np.array_equal(drawn["train.X"][0], drawn["train.X"][1])


@pytest.mark.parametrize("n_in", [1, 13])
def test_windows_of_a_series_are_chosen_by_their_targets(n_in):
    data = {
        **EMPTY,
        "generator": "load_milk_production",
        "targets": {"train": [1, 112], "test": [113, 167]},
    }
    spec = {"data": data, "framing": {"n_in": n_in}}
    search = draw_search("P", 1, data)
    assert len(search["X"]) == 112
    drawn = draw_repeats("P", 1, 2, data)
    train, test = (repeat_sample(drawn, spec, use, 1) for use in ("train", "test"))
    series = drawn["all.X"]
    assert test.X.shape == (54, n_in)
    np.testing.assert_array_equal(test.y, series[113:167])
    np.testing.assert_array_equal(test.X[:, -1], series[112:166])
    np.testing.assert_array_equal(train.y, series[n_in:112])
    np.testing.assert_array_equal(search_sample(search, spec).y, train.y)
    np.testing.assert_array_equal(series_positions(spec, 168, "test"), range(113, 167))


def test_framed_rows_know_their_sequence(config):
    spec = config["problems"]["Echo"]
    drawn = draw_repeats("Echo", 1, 2, spec["data"])
    train, test = (repeat_sample(drawn, spec, use, 0) for use in ("train", "test"))
    assert train.X.shape == (5 * 4, 3)
    np.testing.assert_array_equal(train.y, train.X[:, :2])
    np.testing.assert_array_equal(np.bincount(test.groups), [4] * 6)


def swept(retrain):
    return {
        **EMPTY,
        "generator": "make_echo",
        "params": {"n_timesteps": 4, "n_values": 9, "lag": 1},
        "sizes": {"search": 3, "train": 4, "test": 5},
        "sweep": {"param": "lag", "values": [0, 3], "retrain": retrain},
    }


def test_a_sweep_that_retrains_has_data_of_its_own_for_every_value():
    data = swept(retrain=True)
    drawn = draw_repeats("P", 1, 2, data)
    assert [case.label for case in cases(data)] == ["lag=0", "lag=3"]
    spec = {"data": data, "framing": None}
    for case, echoed in zip(cases(data), (3, 0), strict=True):
        for use, size in (("train", 4), ("test", 5)):
            sample = repeat_sample(drawn, spec, use, 1, case)
            assert sample.X.shape == (size, 4, 1)
            np.testing.assert_array_equal(sample.y, sample.X[:, echoed, 0])
    assert (
        len({array.tobytes() for key, array in drawn.items() if key.endswith("X")}) == 4
    )


def test_a_sweep_that_only_tests_trains_on_the_problem_as_it_is():
    data = swept(retrain=False)
    assert [(case.label, case.trains) for case in cases(data)] == [
        ("", True),
        ("lag=0", False),
        ("lag=3", False),
    ]
    drawn = draw_repeats("P", 1, 2, data)
    assert {key for key in drawn if key.endswith("X")} == {
        "train.X",
        "test.X",
        "lag=0/test.X",
        "lag=3/test.X",
    }


def test_rows_of_a_group_follow_each_other():
    data = {
        **EMPTY,
        "generator": "make_value_memorization",
        "params": {"framing": "lags", "n_lags": 1},
        "rows_per_group": 4,
    }
    sample = repeat_sample(
        draw_repeats("P", 1, 1, data), {"data": data, "framing": None}, "train", 0
    )
    np.testing.assert_array_equal(sample.X[:, 0], [3, 0, 1, 2, 4, 0, 1, 2])
    np.testing.assert_array_equal(sample.groups, [0, 0, 0, 0, 1, 1, 1, 1])


def test_a_table_that_is_drawn_is_the_same_for_every_use():
    data = {**EMPTY, "generator": "make_echo", "params": {"n_sequences": 7}}
    table = draw_search("P", 1, data)["X"]
    np.testing.assert_array_equal(draw_repeats("P", 1, 2, data)["all.X"], table)
    assert not np.array_equal(draw_search("P", 2, data)["X"], table)
