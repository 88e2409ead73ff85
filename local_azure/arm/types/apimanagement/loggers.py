"""Loggers and diagnostics (learn.microsoft.com/rest/api/apimanagement/logger and .../diagnostic)."""

import secrets as random_tokens
from collections.abc import Mapping

from local_azure.arm.errors import invalid_field
from local_azure.arm.filters import choice, texts
from local_azure.arm.json_values import JsonObject, object_at, text, with_defaults, with_properties
from local_azure.arm.references import named_value_names, require_entity, require_named_values, service_id
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import DIAGNOSTIC, LOGGER, NAMED_VALUE, VERSIONS
from local_azure.arm.types.apimanagement.uses import require_unused


def _prepare_logger(write: Write) -> Prepared:
    """Keep credentials out of the logger: the service moves each into a named value of its own.

    A credential that is a named value already (`{{name}}`) stays as it is, if that named value exists. So does the
    connection string of a logger that writes as a managed identity: it is an address then, and opens nothing.
    """
    credentials = object_at(write.body, "properties", "credentials")
    kind = text(write.body, "properties", "loggerType")
    if not credentials and kind != "azureMonitor":
        raise invalid_field("credentials", f"A logger of type '{kind}' needs credentials.")
    require_named_values(write.store, service_id(write.id), dict(credentials), "credentials")
    kept: JsonObject = {
        name: value
        if any(named_value_names(value)) or "identityClientId" in credentials
        else _mint(write, str(value))
        for name, value in credentials.items()
    }
    return Prepared(with_defaults(with_properties(write.body, credentials=kept or None), isBuffered=True))


def _mint(write: Write, value: str) -> str:
    """Keep a credential as a secret named value and return how the logger refers to it."""
    name = f"Logger-Credentials--{random_tokens.token_hex(12)}"
    properties: JsonObject = {"displayName": name, "secret": True}
    write.store.put(
        f"{service_id(write.id)}/namedValues/{name}",
        NAMED_VALUE,
        {"properties": properties},
        {"value": value},
    )
    return f"{{{{{name}}}}}"


def _require_unused(entity: Entity, store: Store, _query: Mapping[str, str]) -> None:
    """Refuse to remove a logger that a diagnostic writes to."""
    diagnostics = store.below(service_id(entity.id), DIAGNOSTIC)
    users = (user for user in diagnostics if text(user.body, "properties", "loggerId").lower() == entity.key)
    require_unused("Logger", entity.name, users)


def _prepare_diagnostic(write: Write) -> Prepared:
    reference = text(write.body, "properties", "loggerId")
    logger = require_entity(write.store, service_id(write.id), reference, LOGGER, "loggerId")
    return Prepared(with_properties(write.body, loggerId=logger.id))


TYPES = (
    ResourceType(
        LOGGER,
        VERSIONS,
        noun="Logger",
        prepare=_prepare_logger,
        before_delete=_require_unused,
        filters=texts("name", "description", "resourceId") | choice("loggerType"),
    ),
    ResourceType(DIAGNOSTIC, VERSIONS, noun="Diagnostic", prepare=_prepare_diagnostic, filters=texts("name")),
)
