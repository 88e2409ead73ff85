"""Which modules of this repository a program imports, directly or through others.

Read from the source, so that trees which cannot run are compared too. What is imported inside a function or for types
alone counts: better a preview too many than one too few. A module that does not parse counts, without what it imports.
"""

import ast
from collections.abc import Iterator
from functools import cache

from delivery.planning.tree_files import Files

_Name = tuple[int, str]
"""A module as an import names it: the number of leading dots, and the name."""


def modules(files: Files, folder: str) -> tuple[str, ...]:
    """Return the paths of the program `<folder>/__main__.py` and of each module of the tree that it imports."""
    found: set[str] = set()
    waiting = {f"{folder}/__main__.py"}
    while waiting:
        path = waiting.pop()
        if files.id(path) is None:
            continue
        found.add(path)
        for dots, name in _imported(files.content(path)):
            for start in _starts(path, dots, folder):
                waiting.update(candidate for candidate in _candidates(start, name) if candidate not in found)
    return tuple(sorted(found))


def _starts(path: str, dots: int, folder: str) -> tuple[str, ...]:
    """Return the folders in which an import looks, each with a slash at its end; that of the tree is empty.

    A program finds modules beside itself before those of the tree.
    """
    if dots == 0:
        return (f"{folder}/", "")
    above = path.split("/")[:-dots]
    return ("/".join([*above, ""]),)


@cache
def _candidates(start: str, name: str) -> frozenset[str]:
    """Return the files that may be a module, or a package that holds it."""
    parts = list(filter(None, name.split(".")))
    paths = [start + "/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    return frozenset(
        {f"{start}__init__.py", *(f"{path}{end}" for path in paths for end in (".py", "/__init__.py"))}
    )


@cache
def _imported(content: bytes) -> tuple[_Name, ...]:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return ()
    return tuple(dict.fromkeys(name for node in ast.walk(tree) for name in _names(node)))


def _names(node: ast.AST) -> Iterator[_Name]:
    match node:
        case ast.Import(names=names):
            yield from ((0, alias.name) for alias in names)
        case ast.ImportFrom(module=module, names=names, level=dots):
            # What is imported from a package may be a module of it.
            yield from ((dots, ".".join(filter(None, (module, alias.name)))) for alias in names)
