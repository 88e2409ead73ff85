"""The foundation of one environment: what its gateway stands on."""

import pulumi
from pulumi_azure_native import resources

from shared import environments, layers, settings
from shared.foundation.gateway_identity import GatewayIdentity, GatewayIdentityArgs
from shared.foundation.logs import Logs, LogsArgs
from shared.foundation.network import Network, NetworkArgs
from shared.foundation.settings import FoundationSettings
from shared.foundation.vault import Vault, VaultArgs
from shared.naming import Names
from shared.place import Place
from shared.program import shown_as_sentences
from shared.tags import tags_for

with shown_as_sentences():
    environment = pulumi.get_stack()
    environments.load(environment)
    config = settings.load(FoundationSettings)
    chosen, azure = config.settings, config.provider
    names = Names(chosen.workload, environment, azure.subscription_id)
    tags = tags_for(layers.FOUNDATION, environment, chosen.as_tags)

    group = resources.ResourceGroup(
        "resource-group",
        resources.ResourceGroupArgs(
            resource_group_name=names.resource_group, location=azure.location, tags=tags
        ),
        opts=pulumi.ResourceOptions(protect=chosen.protect),
    )
    place = Place(group.name, azure.location, tags)

    network = Network("network", NetworkArgs(place, names, chosen.network))
    logs = Logs("logs", LogsArgs(place, names.log_workspace, chosen.log_retention_days, chosen.protect))
    vault = Vault("vault", VaultArgs(place, names.vault, azure.tenant_id, chosen.vault, chosen.protect))
    identity = GatewayIdentity(
        "gateway-identity",
        GatewayIdentityArgs(place, names.gateway_identity, azure.subscription_id, vault.vault_id),
    )

    layers.export(
        layers.FoundationOutputs(
            resource_group_name=group.name,
            resource_group_id=group.id,
            api_management_subnet_id=network.subnet_id,
            subnet_purpose=pulumi.Output.from_input(chosen.network.subnet_purpose.value),
            log_workspace_id=logs.workspace_id,
            vault_name=vault.vault_name,
            vault_id=vault.vault_id,
            vault_uri=vault.vault_uri,
            gateway_identity_id=identity.identity_id,
            gateway_identity_client_id=identity.client_id,
            gateway_identity_principal_id=identity.principal_id,
        )
    )
