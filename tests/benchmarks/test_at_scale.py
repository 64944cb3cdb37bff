"""The figures of the large run follow from those of a run that was measured."""

import pytest

from benchmarks.at_scale import STEPS, of_files, of_jobs


@pytest.fixture
def results(tmp_path):
    """A run of three problems: fits of 1, 2 and no seconds, after 4 s of start."""
    for problem, fits, search in (("A", 10, 14), ("B", 20, 44), ("C", 10, 4)):
        for kind in ("logs", "benchmarks", "."):
            (tmp_path / kind / problem).mkdir(parents=True, exist_ok=True)
        for step in STEPS:
            spent = search if step == "search" else 9
            log = tmp_path / "logs" / problem / f"{step}.log"
            log.write_text(f"begun\n{spent}.0 s of processor time, TensorFlow: no\n")
        for step, memory in (("search", 900.0), ("train", 1300.0)):
            table = tmp_path / "benchmarks" / problem / f"{step}.tsv"
            table.write_text(f"s\tmax_rss\n1\t{memory}\n")
        halves = "".join(f"{fits // 2}\n" for _ in range(2))
        (tmp_path / problem / "search.csv").write_text(f"fits\n{halves}")
    for name in ("summary", "manifest"):
        path = tmp_path / "logs" / f"{name}.log"
        path.write_text("3.00 s of processor time, TensorFlow: no\n")
    return tmp_path


def test_work_is_that_of_the_fits_and_of_starting_them(results):
    found = of_jobs(results)
    assert found["problems measured"] == "3, with 40 fits of their searches"
    assert found["s to start a process that trains"] == "4.0"
    said = "s of a fit: median, mean and slowest problem"
    assert found[said] == "1.00, 1.25 and 2.00"
    assert found["MB of a process that trains"] == "1100, or 1300"
    assert found["fits of the large run"] == f"{10_000 * 5_100:,}"
    hours = [10_000 * (4 * 9 + 2 * 4 + 5_100 * fit) / 3600 for fit in (1.0, 1.25)]
    assert found["core hours of the large run"] == "{:,.0f} to {:,.0f}".format(*hours)
    assert found["s of the summary, and of the large run's"] == "3.0 and at most 10,000"


def test_files_are_counted_with_those_of_snakemake(results):
    # Of each problem: six logs and two benchmarks, and one output, which has one more.
    assert of_files(results)["files of a problem"] == "9, and 1 of Snakemake"


def test_a_log_without_its_cost_is_named(results):
    log = results / "logs" / "A" / "train.log"
    log.write_text("killed\n")
    with pytest.raises(ValueError, match=r"A/train\.log does not end in what its job"):
        of_jobs(results)
