"""Where in a document a problem is, from the locations that pydantic gives.

A location has more parts than the document has keys: the name of a union's branch, or a key of the map that a
validator made of a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue, Tag
from pydantic.fields import FieldInfo

Location: TypeAlias = tuple[int | str, ...]

OF_KEY = "[key]"
"""The last part of the location of an error that is about the name of a map's entry."""


@dataclass(frozen=True)
class Place:
    """A place in a document."""

    keys: Location = ()
    """The keys and indices that lead there."""
    field: FieldInfo | None = None
    """The field that describes the value, or the innermost above it: an entry of a map or list has none."""
    is_entry: bool = False
    """Whether it is an entry of a map or list, so that the field describes what it is in."""
    annotation: object = None
    """The type of the value; None where none is known."""

    @property
    def model(self) -> type[BaseModel] | None:
        """The model that describes the value, or None where none does."""
        (only, *others) = _members(self.annotation)
        return only if not others and isinstance(only, type) and issubclass(only, BaseModel) else None


def place(model: type[BaseModel], location: Location, data: JsonValue) -> Place:
    """Return where a location leads in ``data``, which should have been a ``model``.

    The way ends early where ``data`` holds neither a map nor a list: what validators made of it, nobody wrote.
    """
    at, value = Place(annotation=model), data
    for part in location:
        members = _members(at.annotation)
        if len(members) > 1:
            at = Place(at.keys, at.field, at.is_entry, _branch(members, part))
        elif not _holds(value, part):
            return at
        else:
            at = _below(at, members[0], part)
            value = _inside(value, part)
    return at


def _below(at: Place, annotation: object, part: int | str) -> Place:
    keys = (*at.keys, part)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = by_alias(annotation, part)
        if field is None:
            return Place(keys, at.field)
        return Place(keys, field, annotation=field.annotation)
    arguments = get_args(annotation)
    of_entry = arguments[1] if len(arguments) > 1 and arguments[1] is not ... else next(iter(arguments), None)
    return Place(keys, at.field, is_entry=True, annotation=of_entry)


def by_alias(model: type[BaseModel], key: int | str) -> FieldInfo | None:
    """Return the field that a document calls by that key."""
    return next(
        (field for name, field in model.model_fields.items() if (field.alias or name) == key),
        None,
    )


def known_keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    """Return the keys that a model has in a document, in its own order."""
    fields = {} if model is None else model.model_fields
    return tuple(field.alias or name for name, field in fields.items())


def _members(annotation: object) -> tuple[object, ...]:
    """Return the types that a value may have, without None; at least one."""
    plain = _plain(annotation)
    if get_origin(plain) not in (Union, UnionType):
        return (plain,)
    members = tuple(member for member in get_args(plain) if member is not type(None))
    return members if len(members) > 1 else (_plain(members[0]),)


def _plain(annotation: object) -> object:
    """Return an annotation without its metadata."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _branch(members: tuple[object, ...], name: int | str) -> object:
    """Return the member of a union with that tag."""
    return next((member for member in members if Tag(str(name)) in get_args(member)), None)


def _holds(value: JsonValue, part: int | str) -> bool:
    """Tell whether a value can have such a key, or index."""
    return isinstance(value, list) if isinstance(part, int) else isinstance(value, Mapping)


def _inside(value: JsonValue, part: int | str) -> JsonValue:
    if isinstance(value, dict):
        return value.get(str(part))
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None
