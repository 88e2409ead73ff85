"""Names of Azure resources: the same inputs give the same names, all checked against Azure's rules."""

import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid5

from shared.azure import names
from shared.azure.names import NameRule
from shared.errors import UserError

_ASSIGNMENTS = UUID("6a3b7f0e-52c4-4f6c-9d0a-6f3f6a0b8e57")
"""The namespace of the identifiers of this project's role assignments.

Changing it replaces every assignment.
"""

_SUFFIX_LENGTH = 6


class NamingError(UserError):
    """A name would break Azure's rules; the text is a sentence with what to change."""


@dataclass(frozen=True)
class Names:
    """The names of everything that one environment deploys."""

    workload: str
    """What the resources are for, as part of each name (``models``)."""
    environment: str
    """The environment, as part of each name (``dev``)."""
    subscription_id: str
    """The Azure subscription; it makes globally unique names differ between subscriptions."""

    def __post_init__(self) -> None:
        """Check every name at once. Raises NamingError for the first that Azure would refuse."""
        for name in (attribute for attribute, kind in vars(Names).items() if isinstance(kind, property)):
            getattr(self, name)

    @property
    def suffix(self) -> str:
        """Return six characters that are the same for the same fields, and rarely for others."""
        identity = f"{self.workload}/{self.environment}/{self.subscription_id}"
        digest = sha256(identity.encode()).digest()
        return b32encode(digest).decode()[:_SUFFIX_LENGTH].lower()

    @property
    def resource_group(self) -> str:
        """Return the name of the resource group."""
        return self._name(names.RESOURCE_GROUP)

    @property
    def virtual_network(self) -> str:
        """Return the name of the virtual network."""
        return self._name(names.VIRTUAL_NETWORK)

    @property
    def api_management_subnet(self) -> str:
        """Return the name of the subnet for API Management."""
        return self._name(names.SUBNET, purpose="apim")

    @property
    def api_management_security_group(self) -> str:
        """Return the name of the network security group of API Management's subnet."""
        return self._name(names.SECURITY_GROUP, purpose="apim")

    @property
    def log_workspace(self) -> str:
        """Return the name of the Log Analytics workspace."""
        return self._name(names.LOG_WORKSPACE)

    @property
    def vault(self) -> str:
        """Return the name of the Key Vault, unique in all of Azure."""
        return self._name(names.KEY_VAULT)

    @property
    def gateway_identity(self) -> str:
        """Return the name of the identity that the gateway acts as."""
        return self._name(names.IDENTITY, purpose="gateway")

    @property
    def api_management(self) -> str:
        """Return the name of the API Management service, unique in all of Azure."""
        return self._name(names.API_MANAGEMENT)

    @property
    def application_insights(self) -> str:
        """Return the name of the Application Insights component."""
        return self._name(names.APPLICATION_INSIGHTS)

    def _name(self, rule: NameRule, purpose: str | None = None) -> str:
        parts = (
            rule.abbreviation,
            self.workload,
            purpose,
            self.environment,
            self.suffix if rule.globally_unique else None,
        )
        name = "-".join(part for part in parts if part)
        made_of = f"`workload` in the files Pulumi.{self.environment}.yaml of foundation and platform"
        called = f'The name "{name}" of the {rule.kind}'
        excess = len(name) - rule.longest
        if excess > 0:
            raise NamingError(
                f"{called} is too long for Azure. Shorten {made_of}, or the environment's name, by {excess}."
            )
        if not re.fullmatch(rule.pattern, name):
            raise NamingError(f"{called} must be {rule.wording}. Change {made_of}.")
        return name


def assignment_name(scope: str, role: str, principal_id: str) -> str:
    """Return the GUID that names a role assignment: always the same for the same triple.

    Azure's advice: "Use deterministic GUIDs" in "Role assignment idempotency".
    """
    return str(uuid5(_ASSIGNMENTS, f"{scope}|{role}|{principal_id}".lower()))
