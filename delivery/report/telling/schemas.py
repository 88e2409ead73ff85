"""The schemas of an API: which come and go with it, and their texts.

What else a change of a schema means depends on who uses it (delivery/report/telling/contracts.py).
"""

from collections.abc import Iterator

from delivery.report.telling.properties import changed_properties
from delivery.report.told import Told, Topic
from delivery.report.values import ABSENT, Properties, Value, between, section_of, without
from delivery.report.words import Quoted, Words, listed, say

_TEXTS = ("title", "description", "example")


def schema_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell the schemas of an API that comes or goes as a whole; of one that stays, their texts."""
    if before is None or after is None:
        names = listed(Quoted(name) for name in sorted(_components(after if before is None else before)))
        what = "added: " if before is None else "removed: "
        yield Told(Topic.SCHEMAS, where, say("schemas"), say(what, names))
        return
    for path, old, new in _texts("", dict(_components(before)), dict(_components(after))):
        yield Told(Topic.TEXTS, where, say("schema ", Quoted(path)), between(old, new))
    yield from changed_properties(where, say("schemas"), (_rest(before), _rest(after)), {}, Topic.SCHEMAS)


def _texts(path: str, before: Value, after: Value) -> Iterator[tuple[str, Value, Value]]:
    """Yield the texts that differ, with their paths; a property may be called like one, and is a schema."""
    if isinstance(before, list) and isinstance(after, list):
        for place, (old, new) in enumerate(zip(before, after, strict=False)):
            yield from _texts(f"{path}({place + 1})", old, new)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            sides = (before.get(key, ABSENT), after.get(key, ABSENT))
            here = f"{path}.{key}" if path else key
            if all(isinstance(side, dict | list) for side in sides):
                yield from _texts(path if key == "properties" else here, *sides)
            elif key in _TEXTS and sides[0] != sides[1] and not any(isinstance(side, dict) for side in sides):
                yield here, *sides


def _rest(side: Properties) -> Properties:
    """Return what the resource has besides its schemas and its place."""
    components = without(section_of(side, "components"), "schemas")
    return {**without(side, "apiId", "schemaId"), "components": components}


def _components(side: Properties | None) -> Properties:
    return section_of(section_of(side or {}, "components"), "schemas")
