"""Digests of the code that a step of the pipeline really depends on.

Snakemake reruns a script when the script's own file changed, and knows nothing of what
it imports. The digest of a module covers the module and everything of this package that
it imports, directly or not, read from the source without importing anything.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "skseq"


def code_digest(*modules: str) -> str:
    """Return a digest of the source of `modules` and of all that they import.

    Parameters
    ----------
    *modules : str
        Full names of modules of this package.

    Returns
    -------
    str
        32 hexadecimal digits; they change when one of the sources does.
    """
    digest = hashlib.sha256()
    for name in sorted(modules_behind(*modules)):
        digest.update(name.encode() + b"\0" + source_of(name).read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def modules_behind(*modules: str) -> set[str]:
    """Return the names of `modules` and of the package's modules that they import.

    Parameters
    ----------
    *modules : str
        Full names of modules of this package.

    Returns
    -------
    set of str
        Full names. A package that loads its names lazily counts with all its modules,
        because its source does not say which of them a name comes from.
    """
    # Importing a.b.c runs a and a.b first, without asking them for a name.
    asked: dict[str, bool] = {}
    waiting = [(name, True) for name in modules]
    while waiting:
        name, for_names = waiting.pop()
        if asked.get(name, False) or asked.get(name) == for_names:
            continue
        asked[name] = for_names
        waiting.extend((other, True) for other in _imports(name))
        waiting.extend((other, False) for other in _parents(name))
        if for_names:
            waiting.extend((other, True) for other in _inside_lazy(name))
    return set(asked)


def source_of(name: str) -> Path:
    """Return the source file of a module of this package without importing it."""
    path = _module_path(name)
    if path is None:
        raise ValueError(f"{name} is not a module of {PACKAGE}.")
    return path


@cache
def _root() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"The package {PACKAGE} is not installed.")
    return Path(next(iter(spec.submodule_search_locations)))


def _module_path(name: str) -> Path | None:
    first, *rest = name.split(".")
    if first != PACKAGE:
        return None
    base = _root().joinpath(*rest)
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _imports(name: str) -> set[str]:
    """Return the package's modules that one of its modules imports."""
    path = source_of(name)
    inside = path.name == "__init__.py"
    return {
        target
        for node in ast.walk(ast.parse(path.read_bytes()))
        for target in _targets(node, name, inside)
        if target != PACKAGE and _module_path(target) is not None
    }


def _parents(name: str) -> set[str]:
    """Return the packages around a module, but for the outermost.

    That one only names what it can load, so it changes no result.
    """
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(2, len(parts))}


def _inside_lazy(name: str) -> set[str]:
    """Return the modules of a package that loads its names when asked for them."""
    path = source_of(name)
    if path.name != "__init__.py" or not _is_lazy(ast.parse(path.read_bytes())):
        return set()
    return {f"{name}.{file.stem}" for file in path.parent.glob("*.py")} - {
        f"{name}.__init__"
    }


def _targets(node: ast.AST, name: str, inside: bool) -> set[str]:
    """Return every name that an import statement could mean as a module."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if not isinstance(node, ast.ImportFrom):
        return set()
    base = node.module or ""
    if node.level:
        parents = name.split(".") if inside else name.split(".")[:-1]
        parents = parents[: len(parents) - node.level + 1]
        base = ".".join([*parents, *filter(None, [node.module])])
    return {base} | {f"{base}.{alias.name}" for alias in node.names}


def _is_lazy(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
        for node in tree.body
    )
