"""The fields of a body, as the rows of a table: path, type, whether it is required, and what it may be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from shared.contracts.contract import reference, referred
from shared.contracts.document.rules import is_whole, rule
from shared.contracts.json_values import mapping, sequence

_DEEPEST = 12
"""Levels below which a table says no more: nobody reads on."""
_SHORT = 40
"""Characters up to which a type between other types is told with its rule."""
_BODY = "body"


@dataclass(frozen=True)
class Field:
    """One row."""

    path: str
    """The field, from the body down: ``inputs[].shape``."""
    type: str
    """Its type in words: ``array of integer``."""
    required: bool
    """Whether the object that holds it needs it."""
    rule: str
    """What its value may be; empty where its type says all."""
    description: str
    """What the schema says of it."""


def fields(schema: str, schemas: Mapping[str, JsonValue]) -> tuple[Field, ...]:
    """Return the fields of a body with the named schema; the body itself comes first where it is no plain object."""
    found = _Walk(schemas).rows(reference(schema), _BODY, required=True, seen=())
    return tuple(field for field in found if field.path != _BODY or not _says_nothing(field))


def _says_nothing(field: Field) -> bool:
    return field.type == "object" and not field.rule and not field.description


@dataclass(frozen=True)
class _Walk:
    schemas: Mapping[str, JsonValue]

    def rows(self, schema: JsonValue, path: str, *, required: bool, seen: tuple[str, ...]) -> Iterator[Field]:
        """Yield the row of a schema and those below it."""
        name = referred(schema)
        if name in seen or path.count(".") + path.count("[]") > _DEEPEST:
            yield Field(path, f"{name or 'value'}, as above", required, "", "")
            return
        known = self._merged(schema)
        text = known.get("description")
        description = text if isinstance(text, str) else ""
        yield Field(path, self.type(known), required, self._rule(known), description)
        yield from self._below(known, path, seen if name is None else (*seen, name))

    def _below(self, schema: Mapping[str, JsonValue], path: str, seen: tuple[str, ...]) -> Iterator[Field]:
        required = sequence(schema.get("required"))
        for name, value in mapping(schema.get("properties")).items():
            yield from self.rows(value, _joined(path, name), required=name in required, seen=seen)
        others = schema.get("additionalProperties")
        if isinstance(others, dict) and others:
            yield from self.rows(others, _joined(path, "*"), required=False, seen=seen)
        if "items" in schema and self._is_structure(schema["items"], seen):
            yield from self._unless_said(schema["items"], f"{path}[]", seen)
        for number, form in enumerate(self._forms(schema), 1):
            if self._is_structure(form, seen):
                yield from self._unless_said(form, f"{path} ({referred(form) or f'form {number}'})", seen)

    def _unless_said(self, schema: JsonValue, path: str, seen: tuple[str, ...]) -> Iterator[Field]:
        """Yield the rows of items or of a form, the first only where it says more than the type above it."""
        first, *others = self.rows(schema, path, required=True, seen=seen)
        if first.rule or first.description or not others:
            yield first
        yield from others

    def type(self, schema: Mapping[str, JsonValue]) -> str:
        """Return the type of a schema in words."""
        words = self._types(schema)
        return words[0] if len(words) == 1 else self._joined(words)

    def _types(self, schema: Mapping[str, JsonValue], within: tuple[str, ...] = ()) -> list[str]:
        """Return the types that a value may have, each in words, null at the end.

        ``within`` are the schemas that it is a part of: of one that comes again only its name is told.
        """
        kind, forms = schema.get("type"), self._forms(schema)
        if forms:
            words = [word for form in forms for word in self._types_of_form(form, within)]
        elif kind == "array":
            items = self._types_of(schema.get("items", {}), within)
            words = [f"array of {items[0] if len(items) == 1 else f'({self._joined(items)})'}"]
        else:
            words = ["integer" if is_whole(schema) else kind if isinstance(kind, str) else "any value"]
        nulls = ["null"] if schema.get("nullable") is True or "null" in words else []
        return [*_distinct(word for word in words if word != "null"), *nulls]

    def _types_of(self, schema: JsonValue, within: tuple[str, ...]) -> list[str]:
        name = referred(schema)
        if name is None:
            return self._types(self._merged(schema), within)
        return [name] if name in within else self._types(self._merged(schema), (*within, name))

    def _types_of_form(self, form: JsonValue, within: tuple[str, ...]) -> list[str]:
        """Return the types of one of several forms: an object's name, or a type with what is short to say of it."""
        merged, name = self._merged(form), referred(form)
        if merged.get("type") == "object" and name:
            return [name]
        said = self._rule(merged)
        types = self._types_of(form, within)
        return [f"{types[0]} ({said})", *types[1:]] if said and len(said) <= _SHORT else types

    @staticmethod
    def _joined(words: list[str]) -> str:
        return f"{', '.join(words[:-1])} or {words[-1]}"

    def _forms(self, schema: Mapping[str, JsonValue]) -> list[JsonValue]:
        """Return the forms that a value may have; none where they only restrict what stands beside them."""
        forms = sequence(schema.get("anyOf", schema.get("oneOf")))
        return forms if all(self._merged(form).keys() & {"type", "anyOf", "oneOf"} for form in forms) else []

    def _rule(self, schema: Mapping[str, JsonValue], within: tuple[str, ...] = ()) -> str:
        """Return the rule of a value, and of each of its items where they have no row of their own."""
        each = self._rule_of_items(schema.get("items", {}), within)
        return "; ".join(part for part in (rule(schema), f"each {each}" if each else "") if part)

    def _rule_of_items(self, schema: JsonValue, within: tuple[str, ...]) -> str:
        items, name = self._merged(schema), referred(schema)
        if not items or items.get("type") == "object" or self._forms(items) or name in within:
            return ""
        return self._rule(items, within if name is None else (*within, name))

    def _is_structure(self, schema: JsonValue, seen: tuple[str, ...]) -> bool:
        """Tell whether a schema has fields of its own to list."""
        name = referred(schema)
        if name in seen:
            return False
        within = seen if name is None else (*seen, name)
        merged = self._merged(schema)
        below = [merged["items"]] if "items" in merged else []
        return (
            bool(mapping(merged.get("properties")))
            or bool(mapping(merged.get("additionalProperties")))
            or any(self._is_structure(each, within) for each in (*below, *self._forms(merged)))
        )

    def _merged(self, schema: JsonValue) -> dict[str, JsonValue]:
        """Return a schema with what it refers to, and all parts of an `allOf` that it refers to, as one map."""
        name = referred(schema)
        if name is not None:
            return self._merged(self.schemas.get(name, {}))
        own = mapping(schema)
        merged: dict[str, JsonValue] = {}
        for part in sequence(own.get("allOf")):
            merged = _both(merged, self._merged(part))
        return _both(merged, {key: value for key, value in own.items() if key != "allOf"})


def _both(first: dict[str, JsonValue], second: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what two schemas say together, for a reader: the fields of both, the second's word on the rest."""
    both = {**first, **second}
    if "properties" in first and "properties" in second:
        both["properties"] = {**mapping(first["properties"]), **mapping(second["properties"])}
    one, other = first.get("required"), second.get("required")
    if isinstance(one, list) and isinstance(other, list):
        both["required"] = [*one, *(name for name in other if name not in one)]
    if "not" in first and "not" in second:
        both["not"] = first["not"]
        both["allOf"] = [
            *sequence(first.get("allOf")),
            {"not": second["not"]},
            *sequence(second.get("allOf")),
        ]
    return both


def _joined(path: str, name: str) -> str:
    return name if path == _BODY else f"{path}.{name}"


def _distinct(words: Iterable[str]) -> list[str]:
    """Return words once each; of `string (at most 5 characters)` and `string` the latter says it all."""
    told = list(dict.fromkeys(words))
    return [word for word in told if word.partition(" (")[0] not in told or word.partition(" (")[0] == word]
