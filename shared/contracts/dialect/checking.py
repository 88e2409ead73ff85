"""Whether schemas are schemas, and their references lead somewhere."""

from collections.abc import Iterator

from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from pydantic import JsonValue

from shared.contracts.dialect.dialects import Dialect
from shared.contracts.dialect.documents import Documents, Node, pointer_of
from shared.documents import DocumentError

_DATA = frozenset({"example", "examples", "default", "enum", "const", "value"})
"""Keys below which a `$ref` is data and refers to nothing."""
_LONGEST = 200
"""Characters of what a validator says: it quotes all that it looked at."""
_VALIDATORS: dict[Dialect, type[Validator]] = {
    Dialect.DRAFT_4: Draft4Validator,
    Dialect.DRAFT_6: Draft6Validator,
    Dialect.DRAFT_7: Draft7Validator,
    Dialect.DRAFT_2019_09: Draft201909Validator,
    Dialect.DRAFT_2020_12: Draft202012Validator,
    Dialect.OPENAPI_3_1: Draft202012Validator,
}


def schema_problems(documents: Documents, contents: JsonValue, dialect: Dialect) -> Iterator[str]:
    """Yield a sentence for each thing that keeps a part of a document from being a schema of its dialect.

    Those of OpenAPI 3.0 are left to the validator of the whole document, whose rules cover them.
    """
    kind = _VALIDATORS.get(dialect)
    if kind is None or not isinstance(contents, dict):
        return
    for error in kind(kind.META_SCHEMA).iter_errors(contents):
        deepest = _deepest(error)
        place = documents.where(contents, *deepest.absolute_path)
        yield f"{documents.source}: `{place}`: {_short(deepest.message)}. Correct it after {dialect.value}."


def problem_at(error: ValidationError) -> str:
    """Return where an error is and what it is: that of the alternative which a document comes closest to."""
    deepest = _deepest(error)
    return f"`#{pointer_of(*deepest.absolute_path)}`: {_short(deepest.message)}"


def problem_of(error: Exception) -> str:
    """Return what a validator that failed says of it, on one line."""
    return _short(" ".join(f"{type(error).__name__}: {error}".split()))


def _deepest(error: ValidationError) -> ValidationError:
    """Return the error inside of an alternative that got furthest.

    jsonschema's own choice asks for types, which errors of openapi-spec-validator do not know.
    """
    while error.context:
        error = max(error.context, key=lambda each: len(each.absolute_path))
    return error


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}..."


def broken_references(documents: Documents, root: Node) -> Iterator[str]:
    """Yield a sentence for each reference that leads nowhere, in a file and all files that it refers to."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node.contents, dict | list):
            if id(node.contents) in seen:
                continue
            seen.add(id(node.contents))
        if isinstance(node.contents, list):
            waiting += [node.below(item) for item in node.contents]
        elif isinstance(node.contents, dict):
            reference = node.contents.get("$ref")
            if isinstance(reference, str):
                try:
                    waiting.append(documents.resolve(node, reference))
                except DocumentError as error:
                    yield from error.problems
            waiting += [node.below(value) for key, value in node.contents.items() if key not in _DATA]
