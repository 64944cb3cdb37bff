"""The README's Python example runs, and prints what it claims."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.slow
def test_example_runs_and_learns(capsys):
    [block] = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    exec(compile(block, str(README), "exec"), {})
    chosen, score = capsys.readouterr().out.rsplit(maxsplit=1)
    assert chosen == "{'seq2seqecho__epochs': 50, 'seq2seqecho__units': 20}"
    assert float(score) > 0.95


def test_what_it_is_and_both_commands_stand_in_the_first_screen():
    screen = "\n".join(README.read_text().splitlines()[:25])
    assert "scikit-learn" in screen
    assert "python3 env.py pipeline snakemake" in screen
    assert "python3 env.py test pytest" in screen
