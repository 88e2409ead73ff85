"""What policies and policy fragments use of their service: which of them do, and whether they could run without it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from local_azure.arm.errors import invalid_field
from local_azure.arm.json_values import text
from local_azure.arm.references import service_id
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import POLICY_FRAGMENT
from local_azure.arm.types.apimanagement.policy_documents import SCOPES, raw_document
from local_azure.gateway.policies import check_fragment, check_policy
from shared.policies import PolicyDocument, PolicyError, Statement, parse, parse_fragment, substitute


def documents_with(store: Store, service: str, *words: str) -> Iterator[Entity]:
    """Yield the policies and fragments of a service whose texts hold one of these words."""
    for document_type in (*SCOPES, POLICY_FRAGMENT):
        for document in store.below(service, document_type):
            value = text(document.body, "properties", "value")
            if any(word in value for word in words):
                yield document


def documents_naming(
    entity: Entity,
    store: Store,
    values: Mapping[str, str],
    attribute: str,
    names: Callable[[PolicyDocument | tuple[Statement, ...]], frozenset[str]],
) -> Iterator[Entity]:
    """Yield the policies and fragments that name an entity in an attribute; `names` reads these names from one."""
    for document in documents_with(store, service_id(entity.id), attribute):
        raw = raw_document(document)
        read = parse_fragment if document.type == POLICY_FRAGMENT else parse
        try:
            found = {name.lower() for name in names(read(substitute(raw, values)))}
        except PolicyError:  # the secret behind a named value is gone, so only the text can tell
            found = {entity.name.lower()} if entity.name in raw else set()
        if entity.name.lower() in found:
            yield document


def require_runnable(
    documents: Iterable[Entity], values: Mapping[str, str], fragments: Mapping[str, str]
) -> None:
    """Raise ArmError (400) when one of these could not run with these named values and fragments."""
    for document in documents:
        kind = "policy fragment" if document.type == POLICY_FRAGMENT else "policy"
        try:
            if document.type == POLICY_FRAGMENT:
                check_fragment(raw_document(document), values)
            else:
                check_policy(raw_document(document), SCOPES[document.type], values, fragments)
        except PolicyError as error:
            raise invalid_field(
                "value", f"The {kind} '{document.id}' could not run with it: {error}"
            ) from error
