"""Checked reading of what people write: YAML documents and stack configuration become typed, frozen models.

Every problem of a document is told at once, each as one sentence that names the file, the key, the value and
what would be right. What would be right is the description of the field, worded to follow "must be".
"""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from shared.errors import UserError

# libyaml's takes a tenth of the time; a PyYAML that was built without it has the other one alone.
_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_JSON = TypeAdapter[JsonValue](JsonValue)

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


class DocumentError(UserError):
    """What people wrote cannot be used; ``problems`` holds one sentence for each reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the sentences; the text of the error is all of them, one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


M = TypeVar("M", bound=BaseModel)


def read_yaml(path: Path, source: str) -> JsonValue:
    """Return the content of a YAML file; ``source`` is how sentences name it.

    Raises DocumentError when the file cannot be read, is not YAML, or holds what JSON cannot (dates, say).
    """
    return parse_yaml(read_content(path, source), source)


def parse_yaml(content: bytes, source: str) -> JsonValue:
    """Return what YAML says; ``source`` is how sentences name where it stands.

    Raises DocumentError when it is not YAML, or holds what JSON cannot (dates, say).
    """
    try:
        return _JSON.validate_python(_loaded(_text(content, source)))
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f", line {place.line + 1}" if place is not None else ""
        raise DocumentError(
            [f"{source}{line}: is not YAML ({getattr(error, 'problem', error)}). Correct the syntax."]
        ) from error
    except ValidationError as error:
        raise DocumentError(
            _not_json(source, details["loc"]) for details in error.errors(include_url=False)
        ) from error
    except (ValueError, KeyError) as error:  # of a value that looks like a date or a number and is none
        raise DocumentError(
            [f"{source}: holds a value that cannot be read ({error}). Put it in quotes, or correct it."]
        ) from error
    except RecursionError as error:
        raise DocumentError([_too_deep(source)]) from error


def _loaded(text: str) -> object:
    """Return what YAML says. Of an error Python's own parser names the place better, so it has the last word."""
    try:
        return yaml.load(text, _FAST_LOADER)  # noqa: S506 - a safe one
    except yaml.YAMLError:
        return yaml.safe_load(text)


def read_json(path: Path, source: str) -> JsonValue:
    """Return the content of a JSON file; ``source`` is how sentences name it.

    Raises DocumentError when the file cannot be read or is not JSON.
    """
    return parse_json(read_content(path, source), source)


def parse_json(content: bytes, source: str) -> JsonValue:
    """Return what JSON says; ``source`` is how sentences name where it stands.

    Raises DocumentError when it is not JSON.
    """
    try:
        value: JsonValue = json.loads(_text(content, source))
    except json.JSONDecodeError as error:
        raise DocumentError(
            [f"{source}, line {error.lineno}: is not JSON ({error.msg}). Correct the syntax."]
        ) from error
    except RecursionError as error:
        raise DocumentError([_too_deep(source)]) from error
    return value


def read_content(path: Path, source: str) -> bytes:
    """Return what a file holds; ``source`` is how sentences name it. Raises DocumentError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError([f"{source}: cannot be read ({error.strerror})."]) from error


def _text(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError([f"{source}: is not text in UTF-8. Save it in that encoding."]) from error


def _too_deep(source: str) -> str:
    return f"{source}: has more lists and maps inside of each other than can be read. Flatten it."


def _not_json(source: str, location: tuple[int | str, ...]) -> str:
    """Return what is wrong at a place of a YAML document; every other part of a location is a type."""
    key = ".".join(str(part) for part in location[1::2])
    if location[-1:] == (_KEY,):
        return f"{source}: the key `{key}` is not text. Put it in quotes."
    return f"{source}: `{key}` holds a value that JSON does not know, such as a date. Put it in quotes."


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
