"""Whether a document is what it says: openapi-spec-validator knows the rules, references are followed before.

The validator would fetch what a reference names; here references lead into the model's folder or nowhere.
"""

from collections.abc import Iterator

from jsonschema.exceptions import ValidationError

from shared.contracts.dialect import Dialect, Documents, Node
from shared.contracts.dialect.checking import broken_references, problem_at, problem_of
from shared.documents import DocumentError

_MOST = 20
"""Problems that are told at once; the rest often follows from them."""


def check_document(documents: Documents, root: Node, path: str) -> None:
    """Raise DocumentError with a sentence for each thing that is wrong with a document and what it refers to."""
    broken = list(dict.fromkeys(broken_references(documents, root)))
    if broken:
        raise DocumentError(broken)
    problems = list(dict.fromkeys(_problems(documents, root, path)))
    if len(problems) > _MOST:
        problems[_MOST:] = [f"{documents.source}: {len(problems) - _MOST} more problems are not listed."]
    if problems:
        raise DocumentError(problems)


def _problems(documents: Documents, root: Node, path: str) -> Iterator[str]:
    """Yield what the validator finds. It takes half a second to import, so that only who has such a document waits."""
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - see above
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator  # noqa: PLC0415

    validator = OpenAPIV30SpecValidator if root.dialect is Dialect.OPENAPI_3_0 else OpenAPIV31SpecValidator
    contents = root.contents
    if not isinstance(contents, dict):
        return
    handlers = {"http": documents.contents, "https": documents.contents, "file": documents.contents}
    place = SchemaPath.from_dict(contents, base_uri=documents.uri(path), handlers=handlers)
    found = 0
    try:
        for error in validator(place).iter_errors():
            found += 1
            yield _sentence(error, documents.source)
    except RecursionError:
        # It follows lists of lists without end where a schema refers to itself by an item. It has compared the document
        # with the rules by then; names and parameters of operations, which come last, are seen to when they are read.
        return
    except Exception as error:
        # It goes on in a document that it has found wrong, and fails where that is not what it expects.
        if not found:
            problem = f"cannot be checked after the OpenAPI specification ({problem_of(error)})"
            raise DocumentError(
                [f"{documents.source}: {problem}. Look for what is no valid path or schema."]
            ) from error


def _sentence(error: ValidationError, source: str) -> str:
    return f"{source}: {problem_at(error)}. Correct it after the OpenAPI specification."
