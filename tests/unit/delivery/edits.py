"""Random edits of a copy of this repository, of the kinds that people make."""

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import yaml
from pydantic import JsonValue

from tests.support.revisions import append

Edit = Callable[[Path, Random], str]
"""Changes the tree at a folder by chance, and tells what it changed."""

_SETTINGS = (
    "models/*/model.yaml",
    "models/*/contracts/*.json",
    "environments/dev.yaml",
    "stacks/*/Pulumi.dev.yaml",
)
_CODE = ("shared/**/*.py", "stacks/*/__main__.py")
_ASIDE = (
    "README.md",
    "docs/architecture.md",
    "tests/unit/test_new.py",
    "delivery/planning/differences.py",
    "local_azure/serve.py",
    "models/iris-species/README.md",
    "models/iris-species/server/train.py",
)


def constant(root: Path, random: Random) -> str:
    """Change a number, a text or a truth value somewhere in the code of the stacks."""
    file = _chosen(root, random, *_CODE)
    source = file.read_bytes()
    found = list(_constants(ast.parse(source)))
    if not found:
        return aside(root, random)
    node = random.choice(found)
    lines = source.splitlines(keepends=True)
    assert node.end_lineno is not None
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + (node.end_col_offset or 0)
    file.write_bytes(source[:start] + repr(_other(node.value)).encode() + source[end:])
    return f"{file.relative_to(root)}, line {node.lineno}: {node.value!r}"


def description(root: Path, random: Random) -> str:
    """Change a value in the description of a model."""
    return _setting(root, random, "models/*/model.yaml")


def contract(root: Path, random: Random) -> str:
    """Change a value in the contract of a model."""
    return _setting(root, random, "models/*/contracts/*.json")


def environment(root: Path, random: Random) -> str:
    """Change a value in the description of the environment dev."""
    return _setting(root, random, "environments/dev.yaml")


def layer(root: Path, random: Random) -> str:
    """Change a value in the settings of the foundation or the platform of dev."""
    return _setting(root, random, "stacks/*/Pulumi.dev.yaml")


def file(root: Path, random: Random) -> str:
    """Remove a file, or give it another name."""
    found = _chosen(root, random, *_CODE, *_SETTINGS, "stacks/*/Pulumi.yaml", "requirements/*.txt")
    if random.random() < 0.5:
        found.unlink()
        return f"{found.relative_to(root)} removed"
    found.rename(found.with_stem(f"{found.stem}_"))
    return f"{found.relative_to(root)} renamed"


def folder(root: Path, random: Random) -> str:
    """Rename a model's folder."""
    found = random.choice(sorted((root / "models").iterdir()))
    found.rename(found.with_name("renamed"))
    return f"models/{found.name} renamed"


def aside(root: Path, random: Random) -> str:
    """Change what no stack is made from."""
    path = random.choice(_ASIDE)
    append(root, path)
    return path


def _setting(root: Path, random: Random, pattern: str) -> str:
    """Change, remove or move a value."""
    file = _chosen(root, random, pattern)
    document: JsonValue = yaml.safe_load(file.read_text())
    holder = random.choice(list(_holders(document)))
    key = random.choice([*holder])
    match random.choice(("change", "remove", "move")):
        case "change":
            holder[key] = _other(holder[key])
        case "remove":
            del holder[key]
        case _:
            holder[key] = holder.pop(key)
    is_json = file.suffix == ".json"
    file.write_text(json.dumps(document) if is_json else yaml.safe_dump(document, sort_keys=False))
    return f"{file.relative_to(root)}: {key}"


def _chosen(root: Path, random: Random, *patterns: str) -> Path:
    return random.choice(sorted(file for pattern in patterns for file in root.glob(pattern)))


def _constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the values that code holds, without docstrings and the parts of texts that are put together."""
    skipped = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.JoinedStr)
        for child in ast.walk(node)
        if isinstance(node, ast.JoinedStr) or child is node.value
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and id(node) not in skipped:
            yield node


def _holders(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(value, dict) and value:
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _holders(inner)


def _other(value: object) -> JsonValue:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case _:
            return None
