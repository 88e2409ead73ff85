"""Which OpenAPI a document is written in."""

import re

from pydantic import JsonValue

from shared.contracts.dialect import Dialect
from shared.contracts.dialect.dialects import named
from shared.documents import DocumentError, shown

_DIALECTS = {"3.0": Dialect.OPENAPI_3_0, "3.1": Dialect.OPENAPI_3_1}


def dialect_of(contents: JsonValue, source: str) -> Dialect:
    """Return the dialect of a document's schemas. Raises DocumentError for what is no OpenAPI 3.0 or 3.1."""
    if not isinstance(contents, dict) or not contents.keys() & {"openapi", "swagger"}:
        raise DocumentError(
            [f"{source}: is no OpenAPI document: it has no key `openapi`. Name one, or write another `kind`."]
        )
    if "swagger" in contents:
        problem = f"`swagger` is {shown(contents['swagger'])}; OpenAPI 3.0 and 3.1 are read"
        remedy = "Convert it to OpenAPI 3.0 (converter.swagger.io does, or `npx swagger2openapi`)."
        raise DocumentError([f"{source}: {problem}. {remedy}"])
    version = contents["openapi"]
    found = re.fullmatch(r"(3\.[01])\.\d+", version) if isinstance(version, str) else None
    if found is None:
        raise DocumentError(
            [f"{source}: `openapi` is {shown(version)}; it must be 3.0.x or 3.1.x in quotes, such as 3.1.0."]
        )
    dialect = _DIALECTS[found[1]]
    if dialect is Dialect.OPENAPI_3_1 and "jsonSchemaDialect" in contents:
        return _own(contents["jsonSchemaDialect"], source)
    return dialect


def _own(uri: JsonValue, source: str) -> Dialect:
    dialect = named(uri)
    if dialect in (Dialect.OPENAPI_3_1, Dialect.DRAFT_2020_12):
        return Dialect.OPENAPI_3_1
    known = f"{Dialect.OPENAPI_3_1} or {Dialect.DRAFT_2020_12}"
    raise DocumentError([f"{source}: `jsonSchemaDialect` is {shown(uri)}; it must be {known}. Leave it out."])
