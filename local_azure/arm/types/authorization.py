"""Microsoft.Authorization: role assignments at any scope (learn.microsoft.com/rest/api/authorization).

The role itself is not looked up: which built-in roles exist is Azure's own fact, and nothing here enforces
them.
"""

import uuid

from pydantic import JsonValue

from local_azure.arm.errors import ArmError
from local_azure.arm.filters import choice
from local_azure.arm.json_values import text, with_defaults, with_properties
from local_azure.arm.resource_types import Prepared, ResourceType, Write

ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
_SEPARATOR = f"/providers/{ROLE_ASSIGNMENT}/"


def _prepare(write: Write) -> Prepared:
    """Refuse a name that is no GUID, a second assignment of the same, and a change of what is assigned."""
    try:
        uuid.UUID(write.name)
    except ValueError as error:
        message = (
            f"The role assignment ID '{write.name}' is not valid. The role assignment ID must be a GUID."
        )
        raise ArmError(400, "InvalidRoleAssignmentId", message) from error
    wanted = _assigned(write.id, write.body.get("properties"))
    if write.before and _assigned(write.before.id, write.before.body.get("properties")) != wanted:
        message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        raise ArmError(400, "RoleAssignmentUpdateNotPermitted", message)
    for other in write.store.of_type(ROLE_ASSIGNMENT):
        if other.key != write.id.lower() and _assigned(other.id, other.body.get("properties")) == wanted:
            raise ArmError(409, "RoleAssignmentExists", "The role assignment already exists.")
    body = with_defaults(write.body, principalType="User")
    return Prepared(with_properties(body, scope=_scope(write.id)))


def _scope(assignment_id: str) -> str:
    """Return the id of what the assignment holds for."""
    return assignment_id[: assignment_id.lower().index(_SEPARATOR.lower())]


def _assigned(assignment_id: str, properties: JsonValue) -> tuple[str, str, str]:
    """Return what is assigned: scope, role and principal, comparable."""
    role = text(properties, "roleDefinitionId").rpartition("/")[2]
    return _scope(assignment_id).lower(), role.lower(), text(properties, "principalId").lower()


TYPES = (
    ResourceType(
        ROLE_ASSIGNMENT,
        ("2022-04-01",),
        is_extension=True,
        prepare=_prepare,
        filters=choice("principalId"),
    ),
)
