"""References: each schema that one leads to gets a name of its own among the components."""

import re
from collections.abc import Collection
from urllib.parse import unquote

from shared.contracts.dialect.scope import Piece, Scope

DYNAMIC = ("$dynamicRef", "$recursiveRef")
"""References whose end depends on the way that led to them."""

_ASSERTIONS = frozenset(
    {
        "type",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "items",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
    }
)
"""Keywords that would refuse values if they had a meaning beside `$ref`."""


def component_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name of letters, digits, hyphens and underscores that is not taken, whatever the case of letters."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-_") or "schema"
    folded = {name.casefold() for name in taken}
    name, number = plain, 1
    while name.casefold() in folded:
        number += 1
        name = f"{plain}-{number}"
    return name


def hint(reference: str) -> str:
    """Return what people call the schema that a reference leads to: its last part, or the file's name."""
    file, _, fragment = reference.partition("#")
    last = unquote(fragment).rstrip("/").rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return last or file.rpartition("/")[2].partition(".")[0] or "root"


def dynamic(scope: Scope) -> list[Piece]:
    """Leave out references that depend on the way to them."""
    found = [keyword for keyword in DYNAMIC if keyword in scope.schema and scope.dialect.has_ref_siblings]
    for keyword in found:
        scope.gap(keyword, "What this refers to depends on the way that leads to it, and is not checked.")
    return [Piece({}, exact=False) for _ in found]


def tell_siblings(scope: Scope) -> None:
    """Tell what stands beside a reference in a dialect in which it means nothing there."""
    for keyword in sorted(scope.schema.keys() & _ASSERTIONS):
        scope.gap(
            keyword, "This stands beside `$ref`, where it has no meaning in this dialect, and is not checked."
        )
