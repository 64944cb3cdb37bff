"""How the documentation is built: `.ci/docs`.

Nothing here needs the network. What a build makes lies in docs/_build, docs/api,
docs/gallery and docs/lessons, which git ignores.
"""

import inspect
import os
import re
from importlib import import_module
from pathlib import Path

# No line of TensorFlow's own below a lesson.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import skseq

HERE = Path(__file__).parent

project = "skseq"
author = copyright = "skseq developers"
version = release = skseq.__version__
extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
# Sources of galleries; their pages are made beside them.
exclude_patterns = ["_build", "_templates", "course/*", "**/GALLERY_HEADER.rst"]

# --- Markdown
myst_enable_extensions = ["colon_fence", "deflist"]
# Headings down to this depth can be linked to, as on GitHub.
myst_heading_anchors = 3

# --- The API, from docstrings
PARTS = [*skseq._MODULES, "programs_on_disk"]
autosummary_generate = True
default_role = "literal"
autodoc_typehints = "none"  # numpydoc's parameters say types, with shapes
numpydoc_show_class_members = False  # the class template lists them
nitpicky = True
# Of other projects, whose own pages are not read at build time.
nitpick_ignore_regex = [
    ("py:.*", r"(sklearn|numpy|pandas|matplotlib|keras|skforecast|pathlib)\..*")
]


def names_of(module):
    """List what a module offers: `__all__`, or what it defines."""
    own = (
        name
        for name, item in vars(module).items()
        if getattr(item, "__module__", None) == module.__name__
        and not name.startswith("_")
    )
    names = getattr(module, "__all__", own)
    return [name for name in names if not inspect.ismodule(getattr(module, name))]


def write_api():
    """Write the page that lists every public name, module by module."""
    page, seen = ["API", "===", ""], {}
    for name in ["skseq", *(f"skseq.{part}" for part in PARTS)]:
        module = import_module(name)
        page += [name, "-" * len(name), "", f".. module:: {name}", ""]
        page += [re.split(r"\n\s*\n", inspect.getdoc(module))[0], ""]
        items = {offered: getattr(module, offered) for offered in names_of(module)}
        # What is scikit-learn's has its page there.
        ours = {
            offered: seen.setdefault(id(item), name)
            for offered, item in items.items()
            if getattr(item, "__module__", name).startswith("skseq")
        }
        page += [".. autosummary::", "   :toctree:", ""]
        page += [f"   {offered}" for offered, home in ours.items() if home == name]
        also = [f"{home}.{each}" for each, home in ours.items() if home != name]
        links = ", ".join(f":obj:`~{path}`" for path in also)
        page += ["", f"And, from the package itself, {links}." if also else "", ""]
    text = "\n".join(page)
    target = HERE / "api" / "index.rst"
    target.parent.mkdir(exist_ok=True)
    if not target.exists() or target.read_text() != text:  # else all is read again
        target.write_text(text)


write_api()


def inherited_from_sklearn(app, what, name, item, skip, options):
    """Leave out methods whose pages are scikit-learn's, such as `get_params`."""
    home = getattr(getattr(item, "fget", item), "__module__", None) or ""
    return True if home.startswith("sklearn.") or name.startswith("_") else None


# --- Pages made from scripts, with what they print and draw
GALLERIES = {"course": "lessons", "../examples/displays": "gallery"}
found = {source: made for source, made in GALLERIES.items() if (HERE / source).is_dir()}
sphinx_gallery_conf = {
    "examples_dirs": list(found),
    "gallery_dirs": list(found.values()),
    "filename_pattern": r"/(lesson|plot)_",
    "ignore_pattern": r"^(?!lesson_|plot_)",
    "capture_repr": (),
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "min_reported_time": 5,
    "write_computation_times": False,
}
suppress_warnings = ["config.cache"]  # of settings that are functions

# --- Looks
html_theme = "pydata_sphinx_theme"
html_title = "skseq"
html_static_path = ["_static"]
html_css_files = ["skseq.css"]
html_show_sourcelink = False
# No column of links beside pages whose section has none.
html_sidebars = {name: [] for name in ("index", "start", "faq")}
toc_object_entries_show_parents = "hide"
html_theme_options = {
    "show_toc_level": 2,
    "navbar_align": "left",
    "navigation_with_keys": False,
    "header_links_before_dropdown": 6,
    # Lessons and gallery need the room for code.
    "secondary_sidebar_items": {"*": ["page-toc"], "api/*": ["page-toc"]},
    "footer_start": ["copyright"],
    "footer_end": [],
}

# --- Links: those within are checked always; others where `.ci/docs online` asks.
if os.environ.get("SKSEQ_DOCS_ONLINE") != "1":
    linkcheck_ignore = [r"https?://"]


def setup(app):
    app.connect("autodoc-skip-member", inherited_from_sklearn)
