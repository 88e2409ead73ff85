"""YAML and JSON that people wrote, read without trusting it.

Nothing is built from a document before it is known to be small: in bytes, with its aliases written out, and in lists
and maps inside of each other. What is read is JSON: text, finite numbers, booleans, null, lists, and maps whose keys
are text and differ.
"""

import json
from collections import Counter
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import ClassVar

import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.bounded_files import LONGEST_DOCUMENT, read_content, too_large
from shared.errors import DocumentError
from shared.locations import OF_KEY
from shared.yaml_events import DEEPEST, FAST_LOADER, TOO_DEEP, findings

_JSON = TypeAdapter[JsonValue](JsonValue)

_SOON_READ = 64 * 1024
"""Bytes that Python's own YAML parser has read within a second or so."""

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(FAST_LOADER):  # type: ignore[valid-type, misc]  # libyaml's or Python's own
    """A safe loader to which a date is text, as in JSON."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Path, source: str, limit: int = LONGEST_DOCUMENT) -> JsonValue:
    """Return the content of a YAML file of at most ``limit`` bytes; ``source`` is how sentences name it.

    Raises DocumentError when the file cannot be read, or does not hold what JSON can.
    """
    return parse_yaml(read_content(path, source, limit), source, limit)


def parse_yaml(content: bytes, source: str, limit: int = LONGEST_DOCUMENT) -> JsonValue:
    """Return what YAML says; ``source`` is how sentences name where it stands.

    ``limit`` is in bytes, and in characters with every alias written out. Raises DocumentError when it is not YAML,
    or holds what JSON cannot.
    """
    text = _text(content, source, limit)
    try:
        found = [f"{source}, line {finding.line}: {finding.sentence}" for finding in findings(text, limit)]
        if found:
            raise DocumentError(found)
        return _checked(_JSON.validate_python(yaml.load(text, _Loader)), source)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise DocumentError([_not_yaml(text, error, source)]) from error
    except ValidationError as error:
        raise DocumentError(
            _not_json(source, details["loc"]) for details in error.errors(include_url=False)
        ) from error
    except (ValueError, KeyError) as error:  # of a value that looks like a number and is none
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(
            [f"{source}: holds a value that cannot be read ({error}). Put it in quotes, or correct it."]
        ) from error


def read_json(path: Path, source: str, limit: int = LONGEST_DOCUMENT) -> JsonValue:
    """Return the content of a JSON file of at most ``limit`` bytes; ``source`` is how sentences name it.

    Raises DocumentError when the file cannot be read or is not JSON.
    """
    return parse_json(read_content(path, source, limit), source, limit)


def parse_json(content: bytes, source: str, limit: int = LONGEST_DOCUMENT) -> JsonValue:
    """Return what JSON says; ``source`` is how sentences name where it stands.

    Raises DocumentError when it has more than ``limit`` bytes, is not JSON, or holds one key twice in a map.
    """
    text = _text(content, source, limit)
    repeated: list[str] = []

    def once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        made = dict(pairs)
        if len(made) != len(pairs):
            repeated.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return made

    try:
        value: JsonValue = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise DocumentError(
            [f"{source}, line {error.lineno}: is not JSON ({error.msg}). Correct the syntax."]
        ) from error
    except ValueError as error:
        raise DocumentError([f"{source}: holds a number that cannot be read. Correct it."]) from error
    except RecursionError as error:
        raise DocumentError([f"{source}: {TOO_DEEP}. Flatten it."]) from error
    if repeated:
        raise DocumentError(
            f"{source}: the key `{key}` is there twice in one map. Remove one of the two." for key in repeated
        )
    return _checked(value, source)


def _text(content: bytes, source: str, limit: int) -> str:
    if len(content) > limit:
        raise DocumentError([too_large(source, len(content), limit)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError([f"{source}: is not text in UTF-8. Save it in that encoding."]) from error


def _not_yaml(text: str, error: yaml.YAMLError, source: str) -> str:
    """Return why a text is not YAML. Python's own parser names the place and the character, libyaml's neither."""
    if len(text) <= _SOON_READ:
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as better:
            error = better
    place = getattr(error, "problem_mark", None)
    line = f", line {place.line + 1}" if place is not None else ""
    reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{source}{line}: is not YAML ({reason}). Correct the syntax."


def _not_json(source: str, location: tuple[int | str, ...]) -> str:
    """Return what is wrong at a place of a YAML document; every other part of a location is a type."""
    key = ".".join(str(part) for part in location[1::2])
    if location[-1:] == (OF_KEY,):
        return f"{source}: the key `{key}` is not text. Put it in quotes."
    return f"{source}: `{key}` holds a value that JSON does not know. Put it in quotes."


def _checked(value: JsonValue, source: str) -> JsonValue:
    """Return a document. Raises DocumentError when it is too deep, or holds a number or text that JSON has not."""
    problems = [f"{source}: {problem}" for problem in _strange(value)]
    if problems:
        raise DocumentError(problems)
    return value


def _strange(value: JsonValue) -> Iterator[str]:
    """Yield what JSON cannot say in a document, without going down deeper than it may."""
    left: list[tuple[str, int, JsonValue]] = [("", 0, value)]
    while left:
        key, depth, part = left.pop()
        if depth == DEEPEST and isinstance(part, dict | list):
            yield f"{TOO_DEEP}. Flatten it."
            return
        if isinstance(part, dict):
            left.extend((f"{key}.{name}", depth + 1, inner) for name, inner in reversed(part.items()))
        elif isinstance(part, list):
            left.extend((f"{key}.{place}", depth + 1, inner) for place, inner in reversed([*enumerate(part)]))
        elif isinstance(part, float) and not isfinite(part):
            yield f"`{key[1:]}` is {part}, a number that JSON does not know. Put another in its place."
        elif isinstance(part, str) and not _is_text(part):
            yield f"`{key[1:]}` holds half of a character (a lone surrogate). Correct the escape."


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
