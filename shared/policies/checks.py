"""What API Management refuses about a document that is well written: composition, scope, SKU, limits."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from shared.azure.policy_statements import BACKEND_MAX_CHILDREN, Scope, Section
from shared.azure.skus import POLICY_DOCUMENT_BYTES, Sku
from shared.policies.document import PolicyDocument
from shared.policies.errors import PolicyError
from shared.policies.rendering import render
from shared.policies.statement import Element, Statement
from shared.policies.traversal import document_elements, nested_elements


def check(
    document: PolicyDocument, scope: Scope, sku: Sku | None = None, whole: PolicyDocument | None = None
) -> None:
    """Raise PolicyError for the first thing that a service would refuse about the document at this scope.

    Without a SKU, what differs between SKUs is not checked. `whole` is the document with its policy fragments in their
    places, where they are known: it has to be in order, the limit of size holds for what is written.
    """
    for problem in chain(_problems(whole or document, scope, sku), _too_large(document, sku)):
        raise problem


def _problems(document: PolicyDocument, scope: Scope, sku: Sku | None) -> Iterator[PolicyError]:
    for section, statements in document.sections():
        if section is Section.BACKEND and len(statements) > BACKEND_MAX_CHILDREN:
            yield _error(
                statements[BACKEND_MAX_CHILDREN],
                f"<backend> holds {len(statements)} statements, but runs one: keep <base /> or the other",
            )
        for statement in statements:
            for element in nested_elements(statement):
                yield from _element_problems(element, section, scope, sku)
    yield from _repeated(document)


def _element_problems(
    element: Element, section: Section, scope: Scope, sku: Sku | None
) -> Iterator[PolicyError]:
    """Yield what is wrong with an element where it stands."""
    if isinstance(element, Statement):
        for problem in _misplaced(element, section, scope, sku):
            yield _error(element, f"<{element.element}> {problem} ({element.facts().page})")
    for problem in element.problems():
        yield _error(element, f"<{element.element}> {problem}")


def _misplaced(statement: Statement, section: Section, scope: Scope, sku: Sku | None) -> Iterator[str]:
    facts = statement.facts()
    if section not in facts.sections:
        allowed = ", ".join(f"<{name}>" for name in Section if name in facts.sections)
        yield f"is not allowed in <{section}>: move it to {allowed}"
    if scope not in facts.scopes:
        allowed = ", ".join(name for name in Scope if name in facts.scopes)
        yield f"is not allowed at {scope} scope: use it at {allowed} scope"
    if sku is not None and sku.gateway not in facts.gateways:
        allowed = ", ".join(name for name in Sku if name.gateway in facts.gateways)
        yield f"does not run on the SKU {sku}: leave it out, or use {allowed}"


def _repeated(document: PolicyDocument) -> Iterator[PolicyError]:
    """Yield the statements that stand twice in a document that may hold them once."""
    seen: Counter[str] = Counter()
    for element in document_elements(document):
        if isinstance(element, Statement) and element.facts().once_per_document:
            seen[element.element] += 1
            if seen[element.element] > 1:
                yield _error(
                    element,
                    f"<{element.element}> appears twice: keep one in a document ({element.facts().page})",
                )


def _too_large(document: PolicyDocument, sku: Sku | None) -> Iterator[PolicyError]:
    limit = POLICY_DOCUMENT_BYTES if sku is None else sku.policy_document_bytes
    size = len(render(document).encode())
    if size > limit:
        where = "" if sku is None else f" on the SKU {sku}"
        yield PolicyError(
            f"the document has {size} bytes: a policy document may have {limit}{where}, so shorten it"
        )


def _error(element: Element, message: str) -> PolicyError:
    return PolicyError(message, line=element.line, element=element.element)
