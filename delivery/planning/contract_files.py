"""The files that the contracts of a model are made from: those that model.yaml names, and those that they refer to."""

import json
from collections.abc import Iterator
from functools import cache
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from pydantic import JsonValue

from delivery.planning.tree_files import Files
from shared.documents import DocumentError, parse_yaml

_REFERENCE = "$ref"


def contract_files(files: Files, folder: str, described: JsonValue) -> Iterator[str]:
    """Yield the paths in `files` of what a description names as contracts, be it right otherwise or not, each once.

    `folder` is the model's. A reference leads on from file to file, as far as the folder goes; a file that is not there
    is yielded too, for it may come.
    """
    waiting = [normpath(join(folder, name)) for name in _named(described)]
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in found or not path.startswith(f"{folder}/"):
            continue
        found.add(path)
        yield path
        waiting += _referred(files, path)


def _named(described: JsonValue) -> Iterator[str]:
    versions = described.get("versions") if isinstance(described, dict) else None
    for version in versions.values() if isinstance(versions, dict) else ():
        contract = version.get("contract") if isinstance(version, dict) else None
        names = (
            [contract.get("request"), contract.get("response")] if isinstance(contract, dict) else [contract]
        )
        yield from (name for name in names if isinstance(name, str))


def _referred(files: Files, path: str) -> list[str]:
    """Return the paths of the files that a file refers to; none for one that cannot be read."""
    if files.id(path) is None or _REFERENCE.encode() not in (content := files.content(path)):
        return []
    return [normpath(join(dirname(path), name)) for name in references(content)]


@cache
def references(content: bytes) -> tuple[str, ...]:
    """Return the relative files that the references of a document name, sorted; none of one that cannot be read."""
    return tuple(sorted(set(filter(None, map(_file, _values(_document(content)))))))


def _document(content: bytes) -> JsonValue:
    try:
        found: JsonValue = json.loads(content)
    except (ValueError, RecursionError):
        try:
            found = parse_yaml(content, "contract")
        except DocumentError:
            return None
    return found


def _values(document: JsonValue) -> Iterator[str]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
            if isinstance(reference := value.get(_REFERENCE), str):
                yield reference
        elif isinstance(value, list):
            waiting += value


def _file(reference: str) -> str | None:
    """Return the file that a reference names; None where it stays in its document, or leads to another host."""
    try:
        parts = urlsplit(reference)
    except ValueError:
        return None
    return unquote(parts.path) if not parts.scheme and not parts.netloc and parts.path else None
