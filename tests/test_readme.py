"""The README's Python examples run, in order, and print what they claim."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.slow
def test_examples_run_and_learn(capsys):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 3

    names: dict = {}
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)

    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "{'model__epochs': 50, 'model__units': 20}"
    assert printed[1] == "True"
    assert float(printed[2]) > 0.95
    assert printed[3] == "[0.3 0.4 0.5 0.6]"
    assert abs(names["expected"] - 0.3) < 0.05
    assert printed[4] == "1976-01"
