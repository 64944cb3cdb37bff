import shutil

import pytest

from skseq.experiments import digest


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a small package in place of ours."""
    root = tmp_path / "skseq"
    sources = {
        "__init__.py": "",
        "leaf.py": "x = 1\n",
        "middle.py": "import math\nfrom skseq.leaf import x\n",
        "top.py": "def f():\n    from . import middle\n",
        "alone.py": "import numpy\n",
        "lazy/__init__.py": "def __getattr__(name):\n    ...\n",
        "lazy/hidden.py": "from ..leaf import x\n",
        "user.py": "from skseq import lazy\n",
        "lazy/other.py": "",
        "inner.py": "from skseq.lazy.other import x\n",
    }
    for name, source in sources.items():
        path = root / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(source)
    monkeypatch.setattr(digest, "_root", lambda: root)
    return root


def test_what_is_imported_is_found_at_any_depth(package):
    assert digest.modules_behind("skseq.top") == {
        "skseq.top",
        "skseq.middle",
        "skseq.leaf",
    }


def test_a_lazy_package_counts_whole(package):
    assert digest.modules_behind("skseq.user") == {
        "skseq.user",
        "skseq.lazy",
        "skseq.lazy.hidden",
        "skseq.lazy.other",
        "skseq.leaf",
    }


def test_one_module_of_a_lazy_package_counts_alone(package):
    assert digest.modules_behind("skseq.inner") == {
        "skseq.inner",
        "skseq.lazy",
        "skseq.lazy.other",
    }


def test_a_digest_follows_what_it_depends_on_and_nothing_else(package):
    top, alone = digest.code_digest("skseq.top"), digest.code_digest("skseq.alone")
    (package / "leaf.py").write_text("x = 2\n")
    assert digest.code_digest("skseq.top") != top
    assert digest.code_digest("skseq.alone") == alone
    (package / "leaf.py").write_text("x = 1\n")
    assert digest.code_digest("skseq.top") == top


def test_a_digest_is_the_same_wherever_the_package_lies(package, tmp_path, monkeypatch):
    before = digest.code_digest("skseq.top")
    moved = shutil.copytree(package, tmp_path / "elsewhere" / "skseq")
    monkeypatch.setattr(digest, "_root", lambda: moved)
    assert digest.code_digest("skseq.top") == before


def test_an_unknown_module_is_named():
    with pytest.raises(
        ValueError, match=r"^skseq\.nothing is not a module of skseq\.$"
    ):
        digest.code_digest("skseq.nothing")


def test_fits_depend_on_the_networks_and_figures_do_not():
    fits = digest.modules_behind("skseq.experiments.repeats")
    figures = digest.modules_behind("skseq.experiments.figures")
    assert {"skseq.networks", "skseq.training", "skseq.preprocessing"} <= fits
    assert "skseq.networks" not in figures
    assert "skseq.displays" in figures
