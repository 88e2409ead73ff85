"""What the translation of one keyword needs, and gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from shared.contracts.dialect.dialects import Dialect
from shared.contracts.dialect.documents import Node
from shared.contracts.json_values import mapping, sequence

NOTHING: dict[str, JsonValue] = {"not": {}}
"""The schema that no value fits."""


@dataclass(frozen=True)
class Piece:
    """A schema in the subset; several hold at once."""

    schema: dict[str, JsonValue]
    """What a value has to fit."""
    exact: bool = True
    """Whether the source refuses all that this refuses, and nothing else; False when this is wider."""

    @property
    def is_anything(self) -> bool:
        """Whether every value fits."""
        return self.schema == {}


@dataclass(frozen=True)
class Scope:
    """One schema of the source, as the translators of its keywords see it."""

    node: Node
    """The schema, which is a map."""
    translate: Callable[[Node], Piece]
    """Translates a schema inside of this one."""
    follow: Callable[[Node, str], Node]
    """Returns what a reference leads to."""
    name: Callable[[Node, str], str]
    """Returns the name of a schema among the components; it gets the one that is asked for where it is free."""
    absent: str
    """The flag of properties that bodies in this direction need not have: `readOnly` in requests."""
    tell: Callable[[JsonValue, tuple[str | int, ...], str], None]
    """Takes a gap: the schema, the keys below it, and a sentence."""

    @property
    def schema(self) -> dict[str, JsonValue]:
        """The keywords."""
        return mapping(self.node.contents)

    @property
    def dialect(self) -> Dialect:
        """What they mean."""
        return self.node.dialect

    def inner(self, schema: JsonValue) -> Piece:
        """Return the translation of a schema inside of this one."""
        return self.translate(self.node.below(schema))

    def referred(self, reference: str) -> Node:
        """Return what a reference in this schema leads to."""
        return self.follow(self.node, reference)

    def gap(self, keyword: str, sentence: str) -> None:
        """Tell that a keyword is not checked, or not in full."""
        self.tell(self.node.contents, (keyword,), sentence)


_BOUND_TOGETHER = (frozenset({"properties", "additionalProperties"}), frozenset({"nullable", "enum"}))
"""Keywords that change what the others mean when they stand beside them."""
_REPEATABLE = frozenset({"type", "minItems", "maxItems"})
"""Keywords that two schemas may have in common when they say the same."""
_ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "default",
        "example",
        "format",
        "readOnly",
        "writeOnly",
        "deprecated",
        "xml",
        "externalDocs",
        "discriminator",
    }
)


def apart(piece: Piece) -> Piece:
    """Return a schema in such a form that what describes it does not come to describe the schema around it."""
    if not piece.schema.keys() & _ANNOTATIONS:
        return piece
    return replace(piece, schema={"allOf": [piece.schema]})


def merged(pieces: Iterable[Piece]) -> Piece:
    """Return one schema that holds when all of them do: side by side where keywords allow it, else in `allOf`."""
    together: dict[str, JsonValue] = {}
    others: list[JsonValue] = []
    exact = True
    for piece in pieces:
        exact = exact and piece.exact
        if _fits_beside(piece.schema, together):
            together = {**together, **piece.schema}
        else:
            others.append(piece.schema)
    if not others:
        return Piece(together, exact)
    if "$ref" in together:
        others, together = [together, *others], {}
    elif "allOf" in together:
        others = [*sequence(together.pop("allOf")), *others]
    return Piece({**together, "allOf": others}, exact)


def _fits_beside(schema: Mapping[str, JsonValue], together: Mapping[str, JsonValue]) -> bool:
    if not schema or not together:
        return True
    if "$ref" in schema or "$ref" in together or schema.keys() & together.keys() - _REPEATABLE:
        return False
    if any(schema[key] != together[key] for key in schema.keys() & together.keys()):
        return False
    return not any(schema.keys() & group and together.keys() & group for group in _BOUND_TOGETHER)


def one_of_several(pieces: Iterable[Piece]) -> dict[str, JsonValue]:
    """Return the schema of what fits one of these, each told once."""
    schemas: list[JsonValue] = []
    for piece in pieces:
        if piece.is_anything:
            return {}
        if piece.schema != NOTHING and piece.schema not in schemas:
            schemas.append(piece.schema)
    if len(schemas) > 1:
        return {"anyOf": schemas}
    return mapping(schemas[0]) if schemas else NOTHING


def with_items(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a schema with what OpenAPI 3.0 asks of every array: `items`, which may be anything."""
    return {**schema, "items": {}} if schema.get("type") == "array" and "items" not in schema else schema


def with_annotations(piece: Piece, annotations: dict[str, JsonValue]) -> Piece:
    """Return a schema with what describes it; a reference takes nothing beside it, so it goes into `allOf`."""
    if not annotations:
        return piece
    schema: dict[str, JsonValue] = {"allOf": [piece.schema]} if "$ref" in piece.schema else piece.schema
    return replace(piece, schema={**annotations, **schema})
