"""Compiles policy documents: once, when they are deployed, never for a request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from local_azure.gateway.statements.registry import build
from local_azure.gateway.statements.step import Step
from shared.azure.policy_statements import Scope, Section
from shared.azure.skus import Sku
from shared.policies import (
    Base,
    IncludeFragment,
    PolicyContentFormat,
    PolicyDocument,
    PolicyError,
    Statement,
    check,
    included_fragments,
    parse,
    parse_fragment,
    substitute,
)

DEFAULT_GLOBAL_POLICY = """\
<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>"""
"""What API Management runs at global scope when nobody set a policy there.

https://learn.microsoft.com/azure/api-management/forward-request-policy
"""

SHORTEST_SECRET = 6
"""Characters from which on a named value is masked inside other text, and not only where it is all of a text."""


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """One document: per section its steps, None in the place of `<base />`; an absent section inherits."""

    sections: Mapping[Section, tuple[Step | None, ...]]

    def splice(self, section: Section, outer: tuple[Step, ...]) -> tuple[Step, ...]:
        """Return a section's steps with the outer scopes' steps in the place of `<base />`."""
        steps = self.sections.get(section, (None,))
        return tuple(inner for step in steps for inner in (outer if step is None else (step,)))


def check_policy(  # noqa: PLR0913 - what a document is held against
    xml: str,
    scope: Scope,
    named_values: Mapping[str, str] | None = None,
    fragments: Mapping[str, str] | None = None,
    *,
    sku: Sku | None = None,
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
) -> PolicyDocument:
    """Check what a PUT of a policy would deploy, and return it parsed, with its policy fragments in their places.

    With `named_values` (display name to value) every `{{name}}` must be among them; with None they are not
    looked at. `fragments` (name in lower case to `rawxml`) are all that the service has. Raises `PolicyError` for
    what API Management would refuse, and for what the local gateway cannot execute.
    """
    with _without_secrets(named_values or {}):
        written = _filled(xml, named_values, content_format)
        document = parse(written, content_format)
        whole = document
        if included_fragments(document):
            whole = parse(written, content_format, _included(document, fragments or {}, named_values))
        check(document, scope, sku, whole)
        _compile(whole, scope)
    return whole


def check_fragment(
    xml: str,
    named_values: Mapping[str, str],
    *,
    sku: Sku | None = None,
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
) -> PolicyDocument:
    """Check what a PUT of a policy fragment would deploy; return it as a document that could hold its statements.

    Whether a document that includes it may hold them is the check of that document. Raises `PolicyError` for what no
    document could hold, and for what the local gateway cannot execute.
    """
    with _without_secrets(named_values):
        statements = parse_fragment(substitute(xml, named_values, content_format), content_format)
        document = _somewhere(statements)
        check(document, Scope.PRODUCT, sku)  # which takes every statement that any scope takes
        _compile(document, Scope.PRODUCT)
    return document


def _somewhere(statements: tuple[Statement, ...]) -> PolicyDocument:
    """Return a document with each statement in the first section that may hold it."""
    first = {
        section: tuple(
            statement
            for statement in statements
            if next(name for name in Section if name in statement.facts().sections) is section
        )
        for section in Section
    }
    inbound, backend, outbound, on_error = first.values()
    return PolicyDocument(inbound, backend, outbound, on_error)


def compile_policy(
    xml: str, scope: Scope, named_values: Mapping[str, str], fragments: Mapping[str, str]
) -> CompiledPolicy:
    """Compile a deployed `rawxml` document; equal ones are compiled once. Raises `PolicyError`.

    A document that includes fragments is compiled again when any fragment changes.
    """
    known = tuple(fragments.items()) if IncludeFragment.element in xml else ()
    texts = (xml, *(text for _, text in known))
    used = tuple(
        (name, value)
        for name, value in named_values.items()
        if any(f"{{{{{name}}}}}" in text for text in texts)
    )
    with _without_secrets(dict(used)):
        return _compiled_text(xml, used, known, scope)


@lru_cache(maxsize=4096)
def _compiled_text(
    xml: str, used: tuple[tuple[str, str], ...], known: tuple[tuple[str, str], ...], scope: Scope
) -> CompiledPolicy:
    written = substitute(xml, dict(used))
    fragments = _included(parse(written), dict(known), dict(used)) if known else {}
    return _compile(parse(written, fragments=fragments), scope)


def _included(
    document: PolicyDocument, fragments: Mapping[str, str], named_values: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the fragments that a document includes, with named values in place of their names."""
    found: dict[str, str] = {}
    for name in {name.lower() for name in included_fragments(document)} & fragments.keys():
        try:
            found[name] = _filled(fragments[name], named_values)
        except PolicyError as error:
            raise PolicyError(f"the policy fragment '{name}', {error}") from error
    return found


def _filled(
    xml: str,
    named_values: Mapping[str, str] | None,
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
) -> str:
    return xml if named_values is None else substitute(xml, named_values, content_format)


def _compile(document: PolicyDocument, scope: Scope) -> CompiledPolicy:
    return CompiledPolicy(
        {
            section: tuple(
                None if isinstance(statement, Base) else build(statement, scope, section)
                for statement in statements
            )
            for section, statements in document.sections()
        }
    )


@contextmanager
def _without_secrets(named_values: Mapping[str, str]) -> Iterator[None]:
    """Put names in the place of named values in a `PolicyError`, which answers and logs show."""
    try:
        yield
    except PolicyError as error:
        message = error.message
        for name, value in sorted(named_values.items(), key=lambda item: -len(item[1])):
            message = _masked(message, value, f"{{{{{name}}}}}")
        raise PolicyError(message, line=error.line, element=error.element) from None


def _masked(message: str, value: str, name: str) -> str:
    """Put a name in the place of a value, and of the quoted form that sentences have of it."""
    message = message.replace(repr(value), repr(name))
    if len(value) < SHORTEST_SECRET:
        return message
    return message.replace(value, name).replace(repr(value)[1:-1], name)
