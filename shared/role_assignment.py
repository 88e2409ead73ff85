"""Role assignments whose name follows from what they assign."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization

from shared.azure.roles import role_definition_id
from shared.naming import assignment_name


@dataclass(frozen=True)
class RoleAssignmentArgs:
    """Who may do what, and where."""

    scope: pulumi.Input[str]
    """The resource id of what the role is for."""
    role: str
    """The GUID of a built-in role, from shared.azure.roles."""
    principal_id: pulumi.Input[str]
    """The principal id of a managed identity."""
    subscription_id: str
    """The subscription in whose terms the role is named."""
    description: str
    """Why the identity needs the role, for the reader of the access list."""


def assign(
    name: str, args: RoleAssignmentArgs, opts: pulumi.ResourceOptions | None = None
) -> authorization.RoleAssignment:
    """Register a role assignment.

    Its GUID is the same in every run, so a lost state does not assign twice.
    """
    guid = pulumi.Output.all(args.scope, args.principal_id).apply(
        lambda known: assignment_name(scope=known[0], role=args.role, principal_id=known[1])
    )
    return authorization.RoleAssignment(
        name,
        authorization.RoleAssignmentArgs(
            scope=args.scope,
            role_assignment_name=guid,
            role_definition_id=role_definition_id(args.subscription_id, args.role),
            principal_id=args.principal_id,
            # Said explicitly, so that a new identity is not looked up before the directory knows it.
            principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
            description=args.description,
        ),
        opts=opts,
    )
