"""Who may do what: the least that previews, deployments and smoke tests need."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue, TypeAdapter

from delivery.bootstrap.az import Az, JsonObject, member
from delivery.bootstrap.plan import Plan
from delivery.bootstrap.things import Line, Outcome, Tell
from shared.azure import roles

_LIST = TypeAdapter[list[JsonObject]](list[JsonObject])

_GRANTED = (roles.KEY_VAULT_SECRETS_USER, roles.MONITORING_METRICS_PUBLISHER)
"""The roles that the stacks assign (shared/foundation/gateway_identity.py, shared/platform/telemetry.py)."""


@dataclass(frozen=True)
class Role:
    """One role on one scope."""

    name: str
    """What people call it."""
    guid: str
    scope: str
    why: str
    """Stands in the access list, for its reader."""
    condition: str | None = None
    """What the role is limited to, in the language of role assignment conditions."""


def of_reader(plan: Plan) -> tuple[Role, ...]:
    """Return what a preview and a look for drift need: they write nothing, also not the state."""
    return (
        Role("Reader", roles.READER, plan.subscription_scope, "Looks for drift."),
        Role(
            "Storage Blob Data Reader",
            roles.STORAGE_BLOB_DATA_READER,
            plan.container_scope,
            "Copies the state.",
        ),
        _crypto(plan, "Opens secrets of the state for previews."),
    )


def of_writer(plan: Plan) -> tuple[Role, ...]:
    """Return what a deployment needs. Smoke tests fetch keys of subscriptions, which Contributor may."""
    return (
        Role(
            "Contributor",
            roles.CONTRIBUTOR,
            plan.subscription_scope,
            "Deploys the stacks; they make their groups.",
        ),
        Role(
            "Role Based Access Control Administrator",
            roles.ROLE_BASED_ACCESS_CONTROL_ADMINISTRATOR,
            plan.subscription_scope,
            "Gives the gateway's identity its two roles, and no others.",
            condition=condition(_GRANTED),
        ),
        *of_operator(plan),
    )


def of_operator(plan: Plan) -> tuple[Role, ...]:
    """Return what making a stack needs."""
    return (
        Role(
            "Storage Blob Data Contributor",
            roles.STORAGE_BLOB_DATA_CONTRIBUTOR,
            plan.container_scope,
            "Writes the state.",
        ),
        _crypto(plan, "Opens and writes secrets of the state."),
    )


def _crypto(plan: Plan, why: str) -> Role:
    return Role("Key Vault Crypto User", roles.KEY_VAULT_CRYPTO_USER, plan.key_scope, why)


def condition(granted: Iterable[str]) -> str:
    """Return the condition by which these roles alone are given and taken, and to applications and identities alone.

    "Delegate Azure role assignment management to others with conditions" has the form.
    """
    guids = ", ".join(granted)
    attribute = "Microsoft.Authorization/roleAssignments"

    def limited(action: str, source: str) -> str:
        return (
            f"((!(ActionMatches{{'{attribute}/{action}'}})) OR "
            f"(@{source}[{attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{guids}}} AND "
            f"@{source}[{attribute}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal'}}))"
        )

    return f"{limited('write', 'Request')} AND {limited('delete', 'Resource')}"


@dataclass(frozen=True)
class Holder:
    """Who gets roles."""

    name: str
    principal_id: str
    is_person: bool = False
    exists: bool = True
    """False in a dry run for an identity that is not yet made: it has no roles."""


def ensure(az: Az, holder: Holder, wanted: tuple[Role, ...], tell: Tell) -> tuple[str, ...]:
    """Give the holder the roles that it lacks; return a sentence for each that it has besides.

    A role with another condition than it should have is corrected. Raises DeliveryError when a command fails.
    """
    found = _assigned(az, holder) if holder.exists else []
    for role in wanted:
        title = f"Role {role.name} for {holder.name}"
        held = next((each for each in found if _is(each, role)), None)
        if held is None:
            az.write(*_create(holder, role))
            tell(Line(Outcome.CREATED, title))
        elif _packed(held.get("condition")) != _packed(role.condition):
            corrected: JsonObject = {**held, "condition": role.condition, "conditionVersion": _version(role)}
            az.write("role", "assignment", "update", "--role-assignment", json.dumps(corrected))
            tell(Line(Outcome.CHANGED, title, "its condition was another"))
        else:
            tell(Line(Outcome.KEPT, title))
    return tuple(
        f"{holder.name} has another role too, {member(each, 'roleDefinitionName')} on {member(each, 'scope')}: "
        f"unless you want it, `az role assignment delete --ids {member(each, 'id')}`."
        for each in found
        if not any(_is(each, role) for role in wanted)
    )


def _assigned(az: Az, holder: Holder) -> list[JsonObject]:
    answer = az.read(
        "role", "assignment", "list", "--all", "--assignee-object-id", holder.principal_id,
        "--fill-principal-name", "false",
    )  # fmt: skip
    return _LIST.validate_python(answer or [])


def _is(assignment: JsonObject, role: Role) -> bool:
    def same(key: str, ending: str) -> bool:
        return str(assignment.get(key)).lower().endswith(ending.lower())

    return (
        same("roleDefinitionId", f"/{role.guid}")
        and str(assignment.get("scope")).lower() == role.scope.lower()
    )


def _packed(condition: JsonValue) -> str:
    """Return a condition without its spaces, of which Azure keeps others than it was given."""
    return "".join(condition.split()) if isinstance(condition, str) else ""


def _create(holder: Holder, role: Role) -> tuple[str, ...]:
    limits = ("--condition", role.condition, "--condition-version", _CONDITIONS) if role.condition else ()
    return (
        "role", "assignment", "create", "--assignee-object-id", holder.principal_id,
        # Said explicitly, so that a new identity is not looked up before the directory knows it.
        "--assignee-principal-type", "User" if holder.is_person else "ServicePrincipal",
        "--role", role.guid, "--scope", role.scope, "--description", role.why, *limits,
    )  # fmt: skip


_CONDITIONS = "2.0"


def _version(role: Role) -> str | None:
    return _CONDITIONS if role.condition else None
