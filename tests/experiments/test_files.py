import os
import time

import numpy as np
import pytest
from matplotlib.figure import Figure

from skseq._atomic import remove_leftovers, replacing
from skseq.experiments import files


def test_equal_arrays_are_equal_bytes(tmp_path):
    arrays = {"b": np.arange(5), "a": np.ones((2, 3), dtype="float32")}
    files.write_arrays(tmp_path / "one.npz", arrays)
    time.sleep(2.1)  # zip files count time in steps of two seconds
    files.write_arrays(tmp_path / "two.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_arrays_come_back(tmp_path):
    arrays = {
        "a": np.array([1, 2], dtype="uint8"),
        "b": np.array([[0.5, np.nan]]),
        "c": np.array(["x", "yz"]),
        "d": np.array(["1962-01"], dtype="datetime64[M]"),
    }
    files.write_arrays(tmp_path / "file.npz", arrays)
    back = files.read_arrays(tmp_path / "file.npz")
    assert set(back) == set(arrays)
    for name in arrays:
        np.testing.assert_array_equal(back[name], arrays[name])
        assert back[name].dtype == arrays[name].dtype


def test_objects_are_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        files.write_arrays(tmp_path / "file.npz", {"a": np.array([{}, {}])})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.json"
    files.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="Out of range float values"):
        files.write_json(path, {"a": float("nan")})
    assert files.read_json(path) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["file.json"]


@pytest.mark.parametrize("share", range(0, 100, 3))
def test_a_truncated_file_is_never_read_as_whole(tmp_path, share):
    path = tmp_path / "file.npz"
    files.write_arrays(path, {"a": np.arange(100), "b": np.zeros(3)})
    os.truncate(path, path.stat().st_size * share // 100)
    with pytest.raises(files.ArtifactError, match="is not whole"):
        files.read_arrays(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(files.ArtifactError) as error:
        files.read_csv(tmp_path / "no.csv")
    assert str(error.value) == (
        f"{tmp_path}/no.csv is missing; run `snakemake --cores 2` again to make it."
    )


def test_rows_come_back_as_text(tmp_path):
    path = tmp_path / "file.csv"
    rows = [
        {"a": 0.1 + 0.2, "b": True, "c": ""},
        {"a": np.nan, "b": False, "c": 'x, "y"'},
    ]
    files.write_csv(path, rows, ["a", "b", "c"])
    assert files.read_csv(path) == [
        {"a": "0.30000000000000004", "b": "true", "c": ""},
        {"a": "", "b": "false", "c": 'x, "y"'},
    ]


def test_equal_figures_are_equal_bytes(tmp_path):
    for name in ("one.png", "two.png"):
        figure = Figure()
        figure.add_subplot().plot([1, 2])
        files.write_figure(tmp_path / name, figure)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert b"Matplotlib" not in (tmp_path / "one.png").read_bytes()


def test_leftovers_of_killed_processes_go_and_nothing_else(tmp_path):
    inside = tmp_path / "Echo" / "data"
    inside.mkdir(parents=True)
    # A killed process leaves what it was writing.
    killed = replacing(inside / "search.npz")
    left = killed.__enter__()
    kept = [
        inside / "search.npz",
        inside / ".search.npz",
        inside / ".hidden",
        inside / ".a.0123abcd-and-more.npz",
    ]
    for path in kept:
        path.write_text("kept")
    assert left.exists()
    remove_leftovers(tmp_path)
    assert not left.exists()
    assert sorted(inside.iterdir()) == sorted(kept)


def test_a_folder_that_is_missing_has_no_leftovers(tmp_path):
    remove_leftovers(tmp_path / "results")
    assert not (tmp_path / "results").exists()
