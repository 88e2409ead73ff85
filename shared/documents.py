"""Checked reading of what people write: YAML documents and stack configuration become typed, frozen models.

Every problem of a document is told at once, each as one sentence that names the file, the key, the value and
what would be right. What would be right is the description of the field, worded to follow "must be".
"""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from shared.bounded_files import read_content
from shared.errors import DocumentError
from shared.reading import parse_json, parse_yaml, read_json, read_yaml

__all__ = [
    "Document",
    "DocumentError",
    "Section",
    "nearest",
    "parse",
    "parse_json",
    "parse_yaml",
    "read_content",
    "read_json",
    "read_yaml",
    "shown",
    "to_kebab",
]

_KEY = "[key]"
"""The last part of pydantic's location of an error that is about the name of a map's entry."""


def to_kebab(name: str) -> str:
    """Return how YAML documents here spell a field: ``renewal_period`` -> ``renewal-period``."""
    return name.replace("_", "-")


class Document(BaseModel):
    """A part of a YAML document: immutable, keys in kebab-case, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_kebab, populate_by_name=False)


class Section(BaseModel):
    """A part of a stack's configuration: immutable, keys in camelCase as in Pulumi, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=False)


M = TypeVar("M", bound=BaseModel)


def parse(model: type[M], data: JsonValue, source: str, prefix: str = "") -> M:
    """Return ``data`` as a checked ``model``; ``prefix`` goes before each key in sentences (``foundation:``).

    Raises DocumentError with a sentence for everything that is wrong.
    """
    if not isinstance(data, dict):
        raise DocumentError([f"{source}: must hold keys and values, but holds {shown(data)}."])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DocumentError(
            _sentence(model, details, source, prefix) for details in _innermost(error)
        ) from error


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean `x`?`` for the known word most like ``word``, or nothing."""
    similar = _similar(word, known)
    return f" Did you mean {similar}?" if similar else ""


def _similar(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like ``word`` as sentences quote it, whatever the case of its letters."""
    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"`{by_folded[close[0]]}`" if close else None


def shown(value: object) -> str:
    """Return a value as a sentence shows it: short, and as JSON."""
    text = "a map" if isinstance(value, Mapping) else json.dumps(value, ensure_ascii=False, default=str)
    limit = 80
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _innermost(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without those that only follow from others further inside."""
    errors = error.errors(include_url=False)
    above = {details["loc"][:depth] for details in errors for depth in range(len(details["loc"]))}
    return [details for details in errors if details["loc"] not in above]


def _sentence(model: type[BaseModel], details: ErrorDetails, source: str, prefix: str) -> str:
    of_key = details["loc"][-1:] == (_KEY,)
    location = details["loc"][:-1] if of_key else details["loc"]
    key = prefix + ".".join(str(part) for part in location)
    field = _field_at(model, location)
    expected = field.description if field is not None and field.description else None
    match details["type"]:
        case "missing":
            return _missing(f"{source}: `{key}` is missing.", expected, _unused(details, model, location))
        case "extra_forbidden":
            known = _known_keys(_model_at(model, location[:-1]))
            hint = nearest(str(location[-1]), known) or f" Known here: {', '.join(sorted(known))}."
            return f"{source}: `{key}` is not known.{hint}"
        case "value_error" if not location:
            return f"{source}: {details['ctx']['error']}"
        case "value_error" if of_key or isinstance(details["input"], Mapping):
            return f"{source}: `{key}`: {details['ctx']['error']}"
        case "value_error":
            return f"{source}: `{key}` is {shown(details['input'])}: {details['ctx']['error']}"
        case _:
            wanted = f"must be {expected}" if expected else _lowered(details["msg"])
            return f"{source}: `{key}` is {shown(details['input'])}; it {wanted}."


def _missing(sentence: str, expected: str | None, hint: str) -> str:
    wanted = f" Add it: {expected}." if expected else ""
    return sentence + wanted + hint


def _unused(details: ErrorDetails, model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """Return a hint at a key that is nearly the missing one, where unknown keys are not refused."""
    written = details["input"]
    parent = _model_at(model, location[:-1])
    if parent is None or parent.model_config.get("extra") == "forbid" or not isinstance(written, Mapping):
        return ""
    strangers = [str(name) for name in written if name not in _known_keys(parent)]
    return f" You wrote {similar}." if (similar := _similar(str(location[-1]), strangers)) else ""


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _known_keys(model: type[BaseModel] | None) -> frozenset[str]:
    if model is None:
        return frozenset()
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _field_at(model: type[BaseModel], location: tuple[int | str, ...]) -> FieldInfo | None:
    """Return the field that a location leads to, or the innermost above it (an entry of a map has none)."""
    found: FieldInfo | None = None
    for depth in range(len(location)):
        parent = _model_at(model, location[:depth])
        field = None if parent is None else _by_alias(parent, location[depth])
        found = field if field is not None else found
    return found


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that describes the value at a location, or None where none does."""
    annotation: object = model
    for part in location:
        annotation = _plain(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = _by_alias(annotation, part)
            annotation = None if field is None else field.annotation
        else:
            arguments = get_args(annotation)
            annotation = (
                arguments[1]
                if len(arguments) > 1 and arguments[1] is not ...
                else next(iter(arguments), None)
            )
    annotation = _plain(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _plain(annotation: object) -> object:
    """Return an annotation without ``| None``."""
    if get_origin(annotation) in (Union, UnionType):
        return next((member for member in get_args(annotation) if member is not type(None)), None)
    return annotation


def _by_alias(model: type[BaseModel], key: int | str) -> FieldInfo | None:
    return next(
        (field for name, field in model.model_fields.items() if (field.alias or name) == key),
        None,
    )
