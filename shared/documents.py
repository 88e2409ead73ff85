"""Checked reading of what people write: YAML documents and stack configuration become typed, frozen models.

Every problem of a document is told at once, each as one sentence that names the file, the key, the value and
what would be right. What would be right is the description of the field, worded to follow "must be".
"""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from shared.bounded_files import read_content
from shared.errors import DocumentError
from shared.locations import OF_KEY, Place, known_keys, place
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


def parse(
    model: type[M],
    data: JsonValue,
    source: str,
    prefix: str = "",
    context: Mapping[str, object] | None = None,
) -> M:
    """Return ``data`` as a checked ``model``; ``prefix`` goes before each key in sentences (``foundation:``).

    ``context`` is what validators of the model ask for. Raises DocumentError with a sentence for everything that is
    wrong.
    """
    if data is None:
        raise DocumentError([f"{source}: is empty. Write its keys and values."])
    if not isinstance(data, dict):
        raise DocumentError([f"{source}: must hold keys and values, but holds {shown(data)}."])
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise DocumentError(
            f"{source}: {sentence}"
            for details in _innermost(error)
            for sentence in _sentences(model, details, data, prefix)
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


def _sentences(model: type[BaseModel], details: ErrorDetails, data: JsonValue, prefix: str) -> Iterable[str]:
    """Return what is wrong at one place: a validator that looks at more than one value may find more."""
    of_key = details["loc"][-1:] == (OF_KEY,)
    at = place(model, details["loc"][:-1] if of_key else details["loc"], data)
    key = prefix + ".".join(str(part) for part in at.keys)
    if details["type"] == "value_error":
        error = details["ctx"]["error"]
        reasons = error.problems if isinstance(error, DocumentError) else (str(error),)
        names_value = bool(at.keys) and not of_key and not isinstance(details["input"], Mapping)
        begin = f"`{key}` is {shown(details['input'])}: " if names_value else f"`{key}`: " if at.keys else ""
        return tuple(f"{begin}{reason}" for reason in reasons)
    return (_sentence(model, details, data, at, key),)


def _sentence(model: type[BaseModel], details: ErrorDetails, data: JsonValue, at: Place, key: str) -> str:
    expected = _expected(at)
    match details["type"]:
        case "missing":
            parent = place(model, details["loc"][:-1], data).model
            wanted = f" Add it: {expected}." if expected else ""
            return f"`{key}` is missing.{wanted}{_unused(details['input'], parent, at)}"
        case "extra_forbidden":
            known = known_keys(place(model, details["loc"][:-1], data).model)
            hint = nearest(str(at.keys[-1]), known) or f" Known here: {', '.join(sorted(known))}."
            return f"`{key}` is not known.{hint}"
        case _:
            wanted = f"must be {expected}" if expected else _lowered(details["msg"])
            return f"`{key}` is {shown(details['input'])}; it {wanted}.{_nearest_choice(details)}"


def _expected(at: Place) -> str | None:
    """Return what would be right at a place; an entry of a map or list is described by its keys, if it has any."""
    if at.is_entry and at.model is not None:
        return f"a map with {', '.join(known_keys(at.model))}"
    return at.field.description if at.field is not None and at.field.description else None


def _nearest_choice(details: ErrorDetails) -> str:
    """Return a hint at the word that was meant, where a value must be one of a few words."""
    if details["type"] != "enum" or not isinstance(details["input"], str):
        return ""
    return nearest(details["input"], re.findall(r"'([^']*)'", details["ctx"]["expected"]))


def _unused(written: object, parent: type[BaseModel] | None, at: Place) -> str:
    """Return a hint at a key that is nearly the missing one, where unknown keys are not refused."""
    if parent is None or parent.model_config.get("extra") == "forbid" or not isinstance(written, Mapping):
        return ""
    strangers = [str(name) for name in written if name not in known_keys(parent)]
    return f" You wrote {similar}." if (similar := _similar(str(at.keys[-1]), strangers)) else ""


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
