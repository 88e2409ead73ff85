"""A value that fits a schema, for documents that show none: what consumers read, and what smoke tests send.

The document's own words come first: examples, defaults, listed values. Where there are none, the smallest value is
made. No library makes one from a schema without chance: hypothesis-jsonschema draws at random, and an example that
changes from one deployment to the next would be a change.
"""

from collections.abc import Iterator, Mapping
from math import ceil, floor

from jsonschema import Draft4Validator
from pydantic import JsonValue

from shared.contracts.contract import Contract, reference, referred
from shared.contracts.dialect.formats import told
from shared.contracts.example_texts import FORMATS, matching
from shared.contracts.json_values import mapping, number, sequence, whole
from shared.contracts.validation import as_draft4, in_draft4

_DEEPEST = 12
"""Schemas inside of each other that are followed; one that refers to itself ends here at the latest."""
_MOST_TRIES = 500
"""Schemas that are tried in all: choices inside of choices are more than can be gone through."""
_MOST_ITEMS = 64
"""Items of a list or keys of a map; a longer example would hide what it shows."""
_MOST_CHARACTERS = 10_000
"""Characters of a text that is made; a schema may ask for more than memory holds."""


def example(schema: str, contract: Contract) -> JsonValue:
    """Return a value that fits the named schema of a contract, or None where none could be made."""
    return next(_Maker(schema, contract).fitting(reference(schema), 0), None)


class _Maker:
    """Makes values that fit the schemas of one contract."""

    def __init__(self, schema: str, contract: Contract) -> None:
        self._schemas = contract.schemas
        self._tries = 0
        self._validator = Draft4Validator(as_draft4(schema, contract))

    def fitting(self, schema: JsonValue, depth: int) -> Iterator[JsonValue]:
        """Yield values that fit."""
        self._tries += 1
        if depth > _DEEPEST or self._tries > _MOST_TRIES:
            return
        validator = self._validator.evolve(schema=mapping(in_draft4(schema)))
        for value in self._values(self._whole(schema), depth):
            if validator.is_valid(value):
                yield value

    def _whole(self, schema: JsonValue) -> dict[str, JsonValue]:
        """Return a schema with what it refers to and the parts of `allOf` written into it, as far as they agree."""
        keywords = mapping(schema)
        for _ in range(_DEEPEST):
            if (name := referred(keywords)) is None:
                break
            keywords = mapping(self._schemas.get(name))
        together = {key: value for key, value in keywords.items() if key != "allOf"}
        for part in sequence(keywords.get("allOf")):
            together = _both(self._whole(part), together)
        return together

    def _values(self, schema: dict[str, JsonValue], depth: int) -> Iterator[JsonValue]:
        """Yield values that may fit, the best first."""
        for key in ("example", "default"):
            if schema.get(key) is not None:
                yield schema[key]
        if "enum" in schema:
            yield from sorted(sequence(schema["enum"]), key=lambda value: value is None)
            return
        for keyword in ("oneOf", "anyOf"):
            for branch in sequence(schema.get(keyword)):
                rest = {
                    key: value for key, value in schema.items() if key not in (keyword, "example", "default")
                }
                yield from (
                    self._values(_both(self._whole(branch), rest), depth + 1) if depth < _DEEPEST else ()
                )
        yield from self._of_type(schema, depth)

    def _of_type(self, schema: dict[str, JsonValue], depth: int) -> Iterator[JsonValue]:
        match schema.get("type") or _likely_type(schema):
            case "object":
                yield from self._maps(schema, depth)
            case "array":
                yield from self._lists(schema, depth)
            case "string":
                yield from _texts(schema)
            case "number" | "integer":
                yield from _numbers(schema)
            case "boolean":
                yield from (False, True)
            case _:
                yield from ({}, "string", 0, None)

    def _maps(self, schema: dict[str, JsonValue], depth: int) -> Iterator[JsonValue]:
        properties = mapping(schema.get("properties"))
        required = [str(name) for name in sequence(schema.get("required"))]
        shown = [name for name, value in properties.items() if name in required or _is_shown(value)]
        names = [*shown, *(name for name in required if name not in shown)]
        least = whole(schema.get("minProperties")) or 0
        if least > max(_MOST_ITEMS, len(names)):
            return
        names += [name for name in properties if name not in names][: max(0, least - len(names))]
        names += [f"key{index}" for index in range(len(names), least)]
        others = schema.get("additionalProperties", {})
        needed = [name for name in names if name in required]
        for chosen in (names, needed) if names != needed else (names,):
            made = {
                name: next(self.fitting(properties.get(name, others), depth + 1), None) for name in chosen
            }
            yield {name: value for name, value in made.items() if value is not None or name in required}

    def _lists(self, schema: dict[str, JsonValue], depth: int) -> Iterator[JsonValue]:
        least = whole(schema.get("minItems")) or 0
        if least > _MOST_ITEMS:
            return
        found: list[JsonValue] = []
        items = schema.get("items", {})
        for value in self.fitting(items, depth + 1):
            found.append(value)
            if len(found) >= max(least, 1):
                break
        if found and schema.get("uniqueItems") is True:
            yield list(found)
        elif found:
            yield [found[0]] * max(least, 1)
        yield []


def _both(one: dict[str, JsonValue], other: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return two schemas as one, as far as they agree; the verdict on a value is the validator's."""
    properties = {**mapping(one.get("properties")), **mapping(other.get("properties"))}
    required = [*sequence(one.get("required")), *sequence(other.get("required"))]
    formats = [each for each in (one, other) if told(str(each.get("description", ""))) is not None]
    return {
        **one,
        **other,
        **({"description": formats[-1]["description"]} if formats else {}),
        **({"properties": properties} if properties else {}),
        **({"required": required} if required else {}),
    }


def _is_shown(schema: JsonValue) -> bool:
    """Return whether the document says what an optional property looks like."""
    return bool(mapping(schema).keys() & {"example"})


def _likely_type(schema: Mapping[str, JsonValue]) -> str | None:
    for name, keywords in _KEYWORDS.items():
        if schema.keys() & keywords:
            return name
    return None


_KEYWORDS = {
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "number": {"minimum", "maximum", "multipleOf"},
}


def _texts(schema: dict[str, JsonValue]) -> Iterator[str]:
    description = schema.get("description")
    text_format = told(description) if isinstance(description, str) else None
    if text_format is not None and text_format in FORMATS:
        yield FORMATS[text_format]
    least = whole(schema.get("minLength")) or 0
    if least > _MOST_CHARACTERS:
        return
    most = whole(schema.get("maxLength"))
    if isinstance(pattern := schema.get("pattern"), str):
        yield from matching(pattern, least)
    yield "string"[:most].ljust(least, "s")
    # Texts that differ, for lists without repetitions.
    yield from (chr(ord("a") + index) * max(least, 1) for index in range(26))


def _numbers(schema: dict[str, JsonValue]) -> Iterator[JsonValue]:
    least, most = number(schema.get("minimum")), number(schema.get("maximum"))
    step = number(schema.get("multipleOf")) or (1 if schema.get("type") == "integer" else 0)
    yield from (0 if step or schema.get("type") == "integer" else 0.0, 1)
    near = [bound for bound in (least, most) if bound is not None]
    for bound in near:
        yield from (bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5)
        if step:
            yield from (ceil(bound / step) * step, floor(bound / step) * step)
            yield from ((ceil(bound / step) + 1) * step, (floor(bound / step) - 1) * step)
    if least is not None and most is not None:
        yield (least + most) / 2
    start = ceil(least or 0)
    yield from ((start + index) * (step or 1) for index in range(_MOST_ITEMS))
