"""The report of a run, opened in a browser."""

import itertools
import re
import shutil
import subprocess
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image

BROWSER = shutil.which("chromium")
# What a reader does, and what the page is like afterwards, told in its title.
PROBE = """<script>
const pictures = [...document.images];
const button = document.querySelector("#table th:nth-child(4) button");
button.click(); button.click();
const keys = [...document.querySelectorAll("#table tbody tr")].map(
  (row) => Number(row.cells[3].dataset.key));
document.title = JSON.stringify({
  broken: pictures.filter((one) => !one.complete || !one.naturalWidth).length,
  sorted: keys.every((key, i) => i === 0 || !(key > keys[i - 1])),
  order: button.closest("th").getAttribute("aria-sort"),
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
});
</script>"""


@pytest.fixture(scope="module")
def report(finished):
    return (finished.folder / "results" / "report.html").read_text()


class Parts(HTMLParser):
    """Names, links, pictures and headings of a page."""

    def __init__(self, page):
        super().__init__()
        self.names, self.links, self.pictures, self.headings = set(), [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names.add(given.get("id"))
        if tag == "a":
            self.links.append(given["href"])
        if tag == "img":
            self.pictures.append(given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_it_needs_no_other_file(report):
    parts = Parts(report)
    assert parts.links
    assert {link.removeprefix("#") for link in parts.links} <= parts.names
    assert len(parts.pictures) == 2
    for picture in parts.pictures:
        form, _, packed = picture["src"].partition(";base64,")
        assert form == "data:image/webp"
        with Image.open(BytesIO(b64decode(packed))) as image:
            size = (int(picture["width"]), int(picture["height"]))
            assert image.size == size
        assert picture["alt"].startswith(("Echo, loss curves: ", "Own, predicted "))
    assert not re.search(r"(src|href)=\"(?!data:|#)", report)
    assert "url(" not in report


def test_headings_are_a_tree(report):
    levels = Parts(report).headings
    assert levels[0] == 1
    for above, below in itertools.pairwise(levels):
        assert below <= above + 1


def test_problems_and_verdicts_are_there(report):
    for said in ("Echo the window", "A table of one&#39;s own", "StandardScaler()"):
        assert said in report
    assert "20 of 20" not in report
    assert "2 of 2" in report


@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [390, 800, 1280])
def test_a_browser_shows_it_without_a_word(report, tmp_path, width):
    path = tmp_path / "report.html"
    path.write_text(report.replace("</body>", f"{PROBE}</body>"))
    shown = subprocess.run(
        [
            *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu"),
            *("--enable-logging=stderr", f"--window-size={width},900"),
            *(f"--user-data-dir={tmp_path}", "--dump-dom", path.as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ":CONSOLE" not in shown.stderr
    title = re.search("<title>(.*?)</title>", shown.stdout)[1]
    assert title == ('{"broken":0,"sorted":true,"order":"descending","wider":0}')
