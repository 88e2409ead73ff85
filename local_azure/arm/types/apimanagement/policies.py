"""Policy documents of the service, its products, APIs and operations.

The reference is learn.microsoft.com/rest/api/apimanagement/policy and its siblings for the narrower scopes.

A document is kept as it was sent. GET tells it in the format that `format` asks for, `xml` unless told
otherwise.
"""

from collections.abc import Callable

from local_azure.arm.errors import ArmError, invalid_field
from local_azure.arm.json_values import object_at, text, with_defaults
from local_azure.arm.references import entity_of, service_id
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.apimanagement.named_values import current_values
from local_azure.arm.types.apimanagement.names import BACKEND, VERSIONS
from local_azure.arm.types.apimanagement.policy_documents import (
    SCOPES,
    content_format,
    fragments_of,
    present_document,
    unescaped,
)
from local_azure.gateway.policies import check_policy, compile_policy
from shared.azure.policy_statements import PolicyContentFormat, Scope
from shared.azure.skus import Sku
from shared.policies import PolicyDocument, PolicyError, references


def _prepare(scope: Scope) -> Callable[[Write], Prepared]:
    """Return what checks and keeps the documents of one scope."""

    def prepare(write: Write) -> Prepared:
        body = with_defaults(write.body, format=PolicyContentFormat.XML.value)
        written_as = content_format(text(body, "properties", "format"))
        document, service = text(body, "properties", "value"), service_id(write.id)
        values, fragments = current_values(write.store, service), fragments_of(write.store, service)
        try:
            checked = check_policy(
                document, scope, values, fragments, sku=sku_of(write), content_format=written_as
            )
            if written_as is PolicyContentFormat.XML:
                compile_policy(unescaped(document), scope, values, fragments)  # as the gateway will read it
        except PolicyError as error:
            raise refused_document(error, document) from error
        require_backends(write, checked)
        return Prepared(body)

    return prepare


def sku_of(write: Write) -> Sku | None:
    """Return the SKU of the service, None for one that is not known here."""
    service = write.store.get(service_id(write.id))
    name = text(object_at(service.body if service else {}, "sku"), "name")
    return next((sku for sku in Sku if sku.value == name), None)


def require_backends(write: Write, document: PolicyDocument) -> None:
    """Raise ArmError (400) unless the backends that a policy or fragment names exist."""
    service = service_id(write.id)
    for backend in sorted(references(document)):
        if entity_of(write.store, f"{service}/backends/{backend}", BACKEND) is None:
            raise invalid_field("representation", f"Backend with id '{backend}' could not be found.")


def refused_document(error: PolicyError, document: str) -> ArmError:
    """Return the refusal (400) of a policy or fragment, which names the element at fault, where there is one."""
    return invalid_field(error.element or "representation", service_sentence(error, document))


def service_sentence(error: PolicyError, document: str) -> str:
    """Return an error in the service's words: `Error in element 'set-header' on line 19, column 7: ...`."""
    if error.line is None or error.element is None:
        return str(error)
    line = document.splitlines()[error.line - 1] if error.line <= document.count("\n") + 1 else ""
    column = line.find(f"<{error.element}") + 2
    return f"Error in element '{error.element}' on line {error.line}, column {column}: {error.message}."


TYPES = tuple(
    ResourceType(
        name,
        VERSIONS,
        noun="Policy",
        only_name="policy",
        prepare=_prepare(scope),
        present=present_document,
    )
    for name, scope in SCOPES.items()
)
