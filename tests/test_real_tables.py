"""What `snakemake real` found is written into its page of the documentation."""

import csv
import importlib.util
import re
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "docs" / "real_tables.py"
PAGE = """Before.

<!-- forecasting -->

| old |

<!-- end forecasting -->

Between.

<!-- classification -->

| old |

<!-- end classification -->
"""
TIMES = {
    f"{name}_seconds": "0.25"
    for name in (
        *("network", "search", "logistic", "nearest", "minirocket", "deep"),
        *("smoothing", "linear"),
    )
}
COMMON = {"network": "0.5", "network_low": "", "network_high": "", **TIMES}
ROWS = {
    "classification": COMMON
    | {"problem": "GunPoint", "train": "50", "test": "150", "steps": "150"}
    | {"classes": "2", "majority": "0.49", "logistic": "0.853", "nearest": "0.907"}
    | {"minirocket": "0.993", "deep": "0.9", "verdict": "Not worth it."},
    "forecasting": COMMON
    | {"problem": "milk", "horizon": "1", "origins": "56", "rule": "last year's change"}
    | {"rule_error": "6.18", "skill": "-0.02", "skill_low": "-0.0627"}
    | {"skill_high": "0.034", "smoothing": "7.69", "linear": "7.7"}
    | {"verdict": "Perhaps."},
}


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """The script, in a folder with results of a row each."""
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("results/real").mkdir(parents=True)
    for kind, row in ROWS.items():
        with open(f"results/real/{kind}.csv", "w", newline="") as file:
            table = csv.DictWriter(file, list(row))
            table.writeheader()
            table.writerow(row)
        Path(f"results/real/{kind}.png").write_bytes(kind.encode())
    spec = importlib.util.spec_from_file_location("real_tables", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_and_figures_of_a_run_replace_those_of_the_page(tables):
    tables.PAGE.write_text(PAGE)
    tables.main()
    page = tables.PAGE.read_text()
    assert "old" not in page
    assert re.sub(r"\|.*\|\n", "", page) == re.sub(r"\|.*\|\n", "", PAGE)
    assert "| GunPoint | 50 + 150, 150, 2 | 0.5 in 0.25 s | 0.25 s | 0.49 |" in page
    assert "| last year's change: 6.18 | 0.5 in 0.25 s | -0.02 (-0.0627 to 0" in page
    for heading, line, cells in re.findall(r"(\|.*)\n(\|[-| ]*)\n(\|.*)\n", page):
        assert heading.count("|") == line.count("|") == cells.count("|")
    for kind in ROWS:
        assert Path(f"docs/{kind}.png").read_bytes() == kind.encode()
    tables.main()
    assert tables.PAGE.read_text() == page


def test_a_page_without_marks_is_told_of(tables):
    tables.PAGE.write_text(PAGE.replace("<!-- classification -->", ""))
    with pytest.raises(SystemExit, match="has no marks for the table of class"):
        tables.main()
