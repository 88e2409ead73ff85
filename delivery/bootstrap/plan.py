"""What an environment's bootstrap is about, from its file and the settings of its foundation."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from delivery import layer_settings, stacks
from delivery.bootstrap import repository as repositories
from delivery.bootstrap.repository import Repository
from delivery.errors import DeliveryError
from shared import environments

_SECRETS = re.compile(r"azurekeyvault://(?P<vault>[^./]+)\.vault\.azure\.net/keys/(?P<key>[^/]+)")


@dataclass(frozen=True)
class Plan:
    """The names of everything that the bootstrap makes."""

    environment: str
    workload: str
    """What it is for, as a part of names: the setting `foundation:workload`."""
    location: str
    subscription: str
    tenant: str
    account: str
    container: str
    vault: str
    key: str
    secrets_provider: str
    repository: Repository
    approval: bool
    """Whether a person approves each deployment."""

    @property
    def group(self) -> str:
        """Return the resource group of the state. It is not that of the foundation, which Pulumi makes and destroys."""
        return f"rg-{self.workload}-state-{self.environment}"

    @property
    def writer(self) -> str:
        """Return the identity that deploys."""
        return f"id-{self.workload}-deploy-{self.environment}"

    @property
    def reader(self) -> str:
        """Return the identity that previews."""
        return f"id-{self.workload}-preview-{self.environment}"

    @property
    def subscription_scope(self) -> str:
        """Return the resource id of the subscription."""
        return f"/subscriptions/{self.subscription}"

    @property
    def container_scope(self) -> str:
        """Return the resource id of the container of the state."""
        return (
            f"{self._group_scope}/providers/Microsoft.Storage/storageAccounts/{self.account}"
            f"/blobServices/default/containers/{self.container}"
        )

    @property
    def key_scope(self) -> str:
        """Return the resource id of the key that encrypts secrets in the state."""
        return f"{self._group_scope}/providers/Microsoft.KeyVault/vaults/{self.vault}/keys/{self.key}"

    @property
    def _group_scope(self) -> str:
        return f"{self.subscription_scope}/resourceGroups/{self.group}"


def make(environment: str, root: Path, named: str | None) -> Plan:
    """Return the plan for an environment of the repository at `root`, whose GitHub repository may be `named`.

    Raises DocumentError for an unknown environment or a wrong file, DeliveryError for one whose state is not in Azure.
    """
    described = environments.load(environment, root)
    source = f"environments/{environment}.yaml"
    backend = urlsplit(described.backend)
    secrets = _SECRETS.fullmatch(described.secretsprovider)
    if backend.scheme != "azblob" or secrets is None:
        raise DeliveryError(
            f"{source}: there is nothing to bootstrap, because the state is not in Azure. It would be with `backend: "
            "azblob://<container>?storage_account=<account>` and `secretsprovider: "
            "azurekeyvault://<vault>.vault.azure.net/keys/<key>`."
        )
    return Plan(
        environment=environment,
        workload=_workload(environment, root),
        location=described.azure.location,
        subscription=described.azure.subscription_id,
        tenant=described.azure.tenant_id,
        account=parse_qs(backend.query)["storage_account"][0],
        container=backend.netloc,
        vault=secrets["vault"],
        key=secrets["key"],
        secrets_provider=described.secretsprovider,
        repository=repositories.parse(named) if named else repositories.of_clone(root),
        approval=described.approval,
    )


def _workload(environment: str, root: Path) -> str:
    foundation = stacks.foundation(environment)
    workload = layer_settings.written(foundation, "workload", root)
    if not isinstance(workload, str):
        raise DeliveryError(
            f"{layer_settings.source(foundation)}: `foundation:workload` is missing. Set it to what the resources are "
            "for."
        )
    return workload
