"""Configurations with something wrong at any place: found before anything starts."""

import copy
import math

import pytest

from skseq.experiments.config import ConfigError, check_config, read_config, read_yaml

from ..experiments.conftest import (  # noqa: F401 (fixtures)
    ROOT,
    raw,
    schema,
    streamed,
)

WRONG = (None, True, -1, 2.5, math.nan, "x", [], {}, ["x"], {"x": 1}, [None])


def places(node, path=()):
    """All places in a configuration."""
    yield path
    children = ()
    if isinstance(node, dict):
        children = node.items()
    elif isinstance(node, list):
        children = enumerate(node)
    for key, child in children:
        yield from places(child, (*path, key))


def replaced(node, path, value):
    if not path:
        return value
    twin = copy.copy(node)
    twin[path[0]] = replaced(node[path[0]], path[1:], value)
    return twin


def written(path):
    """A place as messages write it."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


@pytest.mark.parametrize("kind", ["raw", "streamed"])
def test_a_wrong_type_at_any_place_is_refused_there_or_allowed(kind, schema, request):  # noqa: F811
    """Nothing else than a configuration or a message that says where."""
    raw = request.getfixturevalue(kind)  # noqa: F811
    n_refused = 0
    for path in places(raw):
        for value in WRONG:
            try:
                check_config(replaced(raw, path, value), schema)
            except ConfigError as error:
                n_refused += 1
                text = str(error)
                assert text.startswith("config.yaml has ")
                # A list's or mapping's own place will do for what it holds.
                where = {
                    written(path[:n]) or "(top)" for n in (len(path) - 1, len(path))
                }
                assert any(f"  {place}" in text for place in where), (path, value)
    assert n_refused > 300


@pytest.mark.parametrize("key", ["families", "baselines"])
def test_so_it_is_in_what_problems_share(raw, schema, key):  # noqa: F811
    """Where it is written, or where a problem of the family stands."""
    echo = raw["problems"]["Echo"]
    raw["baselines"] = {"constant": {"name": "DummyClassifier", "params": {}}}
    raw["families"] = {
        "small": {name: echo.pop(name) for name in ("data", "cv", "criteria")}
    }
    echo |= {"family": "small", "baselines": ["constant"]}
    check_config(raw, schema)
    for path in places(raw[key], (key,)):
        at = {written(path[:n]) or "(top)" for n in (len(path) - 1, len(path))}
        at |= {"problems.Echo"} if len(path) < 4 else set()
        for value in WRONG:
            text = told(replaced(raw, path, value), schema)
            assert text is None or any(f"  {one}" in text for one in at), (path, value)


def told(config, schema):  # noqa: F811
    try:
        check_config(config, schema)
    except ConfigError as error:
        return str(error)
    return None


@pytest.mark.parametrize("kind", ["raw", "streamed"])
def test_any_key_that_is_missing_or_unknown_is_named(kind, schema, request):  # noqa: F811
    raw = request.getfixturevalue(kind)  # noqa: F811
    for path in places(raw):
        node = raw
        for key in path:
            node = node[key]
        # Problems are named freely, and so are the parameters of a grid's values.
        if not isinstance(node, dict) or path[-1:] in [("problems",), ("categories",)]:
            continue
        with pytest.raises(ConfigError) as error:
            check_config(replaced(raw, path, {**node, "strange": 1}), schema)
        assert "strange" in str(error.value), path


RANGES = [
    (None, "must be a whole number; got None."),
    ("x", "must be a whole number; got 'x'."),
    (2.5, "must be a whole number; got 2.5."),
    ([], "must be a whole number; got []."),
    (0, "must be at least 1; got 0."),
    (-1, "must be at least 1; got -1."),
    (10**30, f"must be at most 1000000; got {10**30}."),
]


@pytest.mark.parametrize(("value", "message"), RANGES)
def test_a_range_of_no_use_is_refused(raw, schema, value, message):  # noqa: F811
    path = ("problems", "Echo", "transformers", 0, "params", "categories", "range")
    with pytest.raises(ConfigError) as error:
        check_config(replaced(raw, path, value), schema)
    assert str(error.value) == (
        "config.yaml has 1 mistake:\n"
        f"  problems.Echo.transformers[0].params.categories.range: {message}"
    )


FILES = {
    "not text": (b"\xff\xfe\x00", "is not valid YAML: "),
    "a tab": (b"a:\n\t- 1\n", "is not valid YAML: "),
    "half a list": (b"a: [1, 2\n", "is not valid YAML: "),
    "a key twice": (b"a: 1\na: 2\n", "the key 'a' stands twice in one mapping"),
    "code": (b"a: !!python/object/apply:os.system [touch x]\n", "is not valid YAML: "),
    "two documents": (b"a: 1\n---\nb: 2\n", "is not valid YAML: "),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_an_unreadable_file_is_refused(content, message, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        read_yaml(path)
    assert message in str(error.value)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["config.yaml"]


def test_the_configuration_that_runs_is_right(schema):  # noqa: F811
    check_config(read_config(ROOT / "config.yaml"), schema)
