"""Public docstrings are complete, in numpydoc's form; examples run, types are said."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from numpydoc.validate import validate

import skseq

ROOT = Path(skseq.__file__).parents[1]
# Engine rooms: public to each other, not to users.
INTERNAL = (
    "skseq.command",
    "skseq.experiments",
    "skseq.inference",
    "skseq.networks",
    "skseq.training",
)

# What numpydoc asks for and is not asked for here.
IGNORED = {
    "ES01": "a summary that says it all needs no second paragraph",
    "RT02": "a single return value may have a name, as scikit-learn's do",
}
# A method's neighbours are on the same page, and its class has the example.
IGNORED_FOR_METHODS = {**IGNORED, "SA01": "its class's page", "EX01": "its class's"}


def public_modules():
    for module in pkgutil.walk_packages(skseq.__path__, "skseq."):
        private = "._" in module.name or module.name.startswith(INTERNAL)
        if not private:
            yield importlib.import_module(module.name)


def public_objects():
    """Import path and object of all public classes and functions."""
    for module in public_modules():
        for name in getattr(module, "__all__", vars(module)):
            item = getattr(module, name)
            if (
                (inspect.isclass(item) or inspect.isfunction(item))
                and item.__module__.startswith("skseq")
                and not name.startswith("_")
            ):
                yield f"{module.__name__}.{name}", item


def public_methods():
    """Import path of all methods and properties that skseq itself defines."""
    for path, item in OBJECTS.items():
        if not inspect.isclass(item):
            continue
        for name, member in inspect.getmembers_static(item):
            function = getattr(member, "fget", None) or getattr(
                member, "__func__", member
            )
            if (
                not name.startswith("_")
                and inspect.isfunction(function)
                and function.__module__.startswith("skseq")
            ):
                yield f"{path}.{name}"


OBJECTS = dict(public_objects())
METHODS = sorted(public_methods())


def complaints(path, ignored):
    found = validate(path)["errors"]
    return [f"{code}: {text}" for code, text in found if code not in ignored]


@pytest.mark.parametrize("path", OBJECTS)
def test_docstring_is_complete(path):
    assert complaints(path, IGNORED) == []


@pytest.mark.parametrize("path", METHODS)
def test_docstring_of_method_is_complete(path):
    assert complaints(path, IGNORED_FOR_METHODS) == []


def test_every_example_is_run(pytestconfig):
    """They are collected from the package itself, and none is skipped."""
    assert "skseq" in pytestconfig.getini("testpaths")
    assert pytestconfig.getoption("doctestmodules")
    skipping = [
        path.relative_to(ROOT).as_posix()
        for path in Path(skseq.__file__).parent.rglob("*.py")
        if re.search(r"doctest:.*SKIP|__doctest_skip__|__test__", path.read_text())
    ]
    assert skipping == []


def functions():
    """Import path and function of all that a user can call, constructors included."""
    for path, item in OBJECTS.items():
        if inspect.isfunction(item):
            yield path, item
        elif "__init__" in vars(item):
            yield f"{path}.__init__", item.__init__
    for path in METHODS:
        owner, _, name = path.rpartition(".")
        member = inspect.getattr_static(OBJECTS[owner], name)
        yield path, getattr(member, "fget", None) or getattr(member, "__func__", member)


FUNCTIONS = dict(functions())


@pytest.mark.parametrize("path", FUNCTIONS)
def test_what_users_call_says_its_types(path):
    signature = inspect.signature(FUNCTIONS[path])
    bare = [
        name
        for name, parameter in signature.parameters.items()
        if name not in ("self", "cls") and parameter.annotation is parameter.empty
    ]
    if signature.return_annotation is signature.empty and "__init__" not in path:
        bare.append("return")
    assert bare == []
