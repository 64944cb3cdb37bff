"""Code on the pages runs, page by page, and prints what stands below it."""

import re
from pathlib import Path

import pytest

PAGES = {
    path.stem: path
    for path in sorted(Path(__file__).parent.glob("*.md"))
    if "```python" in path.read_text()
}
# A block of code, and what it prints where that is shown.
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
DECIMAL = re.compile(r"\d+\.\d+")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_code_prints_what_is_shown(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": page.stem}
    for code, shown in BLOCK.findall(page.read_text()):
        exec(compile(code, str(page), "exec"), names)
        printed = capsys.readouterr().out
        # Another processor rounds differently, and training goes another way.
        assert DECIMAL.sub("…", printed) == DECIMAL.sub("…", shown)
        numbers, expected = (
            [float(number) for number in DECIMAL.findall(text)]
            for text in (printed, shown)
        )
        assert numbers == pytest.approx(expected, rel=0.2, abs=0.1)
