"""Compiles policy documents: once, when they are deployed, never for a request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from local_azure.gateway.statements.registry import build
from local_azure.gateway.statements.step import Step
from shared.azure.policy_statements import Scope, Section
from shared.azure.skus import Sku
from shared.policies import Base, PolicyContentFormat, PolicyDocument, PolicyError, check, parse, substitute

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


def check_policy(
    xml: str,
    scope: Scope,
    named_values: Mapping[str, str] | None = None,
    *,
    sku: Sku | None = None,
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
) -> PolicyDocument:
    """Check what a PUT of a policy would deploy, and return it parsed.

    With `named_values` (display name to value) every `{{name}}` must be among them; with None they are not
    looked at. Raises `PolicyError` for what API Management would refuse, and for what the local gateway
    cannot execute.
    """
    with _without_secrets(named_values or {}):
        text = xml if named_values is None else substitute(xml, named_values, content_format)
        document = parse(text, content_format)
        check(document, scope, sku)
        _compile(document, scope)
    return document


def compile_policy(xml: str, scope: Scope, named_values: Mapping[str, str]) -> CompiledPolicy:
    """Compile a deployed `rawxml` document; equal ones are compiled once. Raises `PolicyError`."""
    used = tuple((name, value) for name, value in named_values.items() if f"{{{{{name}}}}}" in xml)
    with _without_secrets(dict(used)):
        return _compiled_text(xml, used, scope)


@lru_cache(maxsize=4096)
def _compiled_text(xml: str, used: tuple[tuple[str, str], ...], scope: Scope) -> CompiledPolicy:
    return _compile(parse(substitute(xml, dict(used))), scope)


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
