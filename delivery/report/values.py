"""Properties of resources: how a value is shown, and where two of them differ."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pydantic import JsonValue

from delivery.records import SECRET, UNKNOWN
from delivery.report.words import Quoted, Words, arrow, say

Properties: TypeAlias = Mapping[str, JsonValue]

LATER = "known after deployment"
"""What is said in the place of a value that the engine does not know yet."""

_LONGEST = 160  # characters of a value inside a sentence
_AROUND = 40  # characters before the first difference of two long values
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Absent:
    """Stands for a property that is not there, which is not the same as null."""


ABSENT = Absent()
Value: TypeAlias = JsonValue | Absent


def text_of(properties: Properties, key: str) -> str:
    """Return a property that is text; empty when it is missing, not known yet or of another type."""
    value = properties.get(key)
    return value if isinstance(value, str) and UNKNOWN not in value else ""


def section_of(properties: Properties, key: str) -> Properties:
    """Return a property that is an object; empty when it is not there."""
    value = properties.get(key)
    return value if isinstance(value, dict) else {}


def items_of(properties: Properties, key: str) -> list[Properties]:
    """Return the objects in a property that is a list; empty when it is not there."""
    value = properties.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def without(properties: Properties, *keys: str) -> dict[str, JsonValue]:
    """Return the properties but those."""
    return {key: value for key, value in properties.items() if key not in keys}


def shown(value: Value) -> Words:
    """Return a value for a sentence: quoted, on one line, cut when it is long."""
    if isinstance(value, Absent) or value is None:
        return say("nothing")
    if value == UNKNOWN:
        return say("a value ", LATER)
    if value == SECRET:
        return say(Quoted(SECRET))
    return say(Quoted(shortened(written(value))))


def between(before: Value, after: Value) -> Words:
    """Return `before → after`; of long texts the part around their first difference."""
    if isinstance(before, Absent) or isinstance(after, Absent) or before is None or after is None:
        return arrow(shown(before), shown(after))
    texts = written(before), written(after)
    if max(map(len, texts)) <= _LONGEST:
        return arrow(shown(before), shown(after))
    pairs = enumerate(zip(*texts, strict=False))
    start = max(
        0, next((place for place, (one, other) in pairs if one != other), min(map(len, texts))) - _AROUND
    )
    first, second = (Quoted(shortened(("…" if start else "") + text[start:])) for text in texts)
    return arrow(say(first), say(second))


def written(value: JsonValue) -> str:
    """Return a value as text: strings as they are, all others as JSON on one line with sorted keys."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace(UNKNOWN, f"[{LATER}]")


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return the text, or its beginning and `…`."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def differences(before: Value, after: Value, path: str = "") -> Iterator[tuple[str, Value, Value]]:
    """Yield path, old and new value of every leaf that differs, in a stable order."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), _joined(path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            yield from differences(_at(before, place), _at(after, place), f"{path}[{place}]")
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield path, before, after


def _joined(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _at(values: Sequence[JsonValue], place: int) -> Value:
    return values[place] if place < len(values) else ABSENT


def lines_between(before: str, after: str, context: int = 3) -> str:
    """Return the unified diff of two texts without its head of file names; empty when they are equal."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=context)
    return "\n".join(line for line in list(found)[2:])
