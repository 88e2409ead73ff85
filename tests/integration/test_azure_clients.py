"""Microsoft's own clients against a running local Azure: every type of resource that the stacks use."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.apimanagement import models as apim
from azure.mgmt.keyvault import models as keyvault
from azure.mgmt.loganalytics import models as loganalytics
from azure.mgmt.network import models as network

from tests.integration.azure_clients import SUBSCRIPTION, Azure, running_azure

GROUP = "rg-contoso"
SERVICE = "apim-contoso"
API = "iris-species-v1"
PLACE = "westeurope"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
VAULT_URL = "https://kv-contoso.vault.azure.net"
SERVICE_ID = f"{GROUP_ID}/providers/Microsoft.ApiManagement/service/{SERVICE}"
SECRETS_USER = (
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    "4633458b-17de-408a-b874-0445c86b69e6"
)
SECRET_VALUE = "a-secret-that-nobody-may-read"  # noqa: S105 - made up for this test

API_POLICY = """\
<policies>
    <inbound>
        <base />
        <set-header name="x-gateway-secret" exists-action="override">
            <value>{{model-backend-secret}}</value>
        </set-header>
        <set-variable name="subscription" value="@(context.Subscription.Id)" />
        <set-backend-service backend-id="iris-species" />
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
"""


OPERATION_POLICY = """\
<policies>
    <inbound>
        <base />
        <rewrite-uri template="/v2/models/iris-species/infer" />
    </inbound>
</policies>
"""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    folder = tmp_path_factory.mktemp("azure")
    with running_azure(folder) as running:
        yield running
    assert SECRET_VALUE not in (folder / "log").read_text()


@pytest.fixture(scope="module")
def group(azure: Azure) -> str:
    created = azure.resources.resource_groups.create_or_update(
        GROUP, {"location": PLACE, "tags": {"owner": "contoso"}}
    )
    assert created.name == GROUP
    return GROUP


@pytest.fixture(scope="module")
def identity_id(azure: Azure, group: str) -> str:
    created = azure.identities.user_assigned_identities.create_or_update(
        group, "id-gateway", {"location": PLACE}
    )
    return str(created.id)


@pytest.fixture(scope="module")
def vault(azure: Azure, group: str) -> keyvault.Vault:
    parameters = keyvault.VaultCreateOrUpdateParameters(
        location=PLACE,
        properties=keyvault.VaultProperties(
            tenant_id="00000000-0000-0000-0000-000000000000",
            sku=keyvault.Sku(family="A", name="standard"),
            enable_rbac_authorization=True,
        ),
    )
    return azure.vaults.vaults.begin_create_or_update(group, "kv-contoso", parameters).result()


@pytest.fixture(scope="module")
def secret_uri(azure: Azure, group: str, vault: keyvault.Vault) -> str:
    assert vault.name is not None
    created = azure.vaults.secrets.create_or_update(
        group,
        vault.name,
        "model-backend-secret",
        keyvault.SecretCreateOrUpdateParameters(properties=keyvault.SecretProperties(value=SECRET_VALUE)),
    )
    assert created.properties.secret_uri is not None
    return created.properties.secret_uri


@pytest.fixture(scope="module")
def service(azure: Azure, group: str, identity_id: str) -> apim.ApiManagementServiceResource:
    parameters = apim.ApiManagementServiceResource(
        location=PLACE,
        sku=apim.ApiManagementServiceSkuProperties(name="Developer", capacity=1),
        publisher_email="platform@contoso.example",
        publisher_name="Contoso",
        identity=apim.ApiManagementServiceIdentity(
            type="UserAssigned", user_assigned_identities={identity_id: apim.UserIdentityProperties()}
        ),
    )
    return azure.apim.api_management_service.begin_create_or_update(group, SERVICE, parameters).result()


def test_a_subscription_is_there_for_every_id(azure: Azure) -> None:
    found = azure.subscriptions.subscriptions.get(SUBSCRIPTION)
    assert (found.subscription_id, found.state) == (SUBSCRIPTION, "Enabled")


def test_the_providers_tell_their_resource_types(azure: Azure) -> None:
    provider = azure.resources.providers.get("microsoft.apimanagement")
    assert provider.registration_state == "Registered"
    assert "service/apis/operations" in {item.resource_type for item in provider.resource_types or ()}
    assert len(list(azure.resources.providers.list())) >= 8


def test_a_resource_group_lives_from_creation_to_deletion(azure: Azure) -> None:
    groups = azure.resources.resource_groups
    assert not groups.check_existence("rg-fabrikam")
    created = groups.create_or_update("rg-fabrikam", {"location": PLACE})
    assert created.properties is not None
    assert created.properties.provisioning_state == "Succeeded"
    assert groups.check_existence("RG-Fabrikam")
    assert groups.update("rg-fabrikam", {"tags": {"team": "ml"}}).tags == {"team": "ml"}
    assert "rg-fabrikam" in {item.name for item in groups.list()}
    groups.begin_delete("rg-fabrikam").result()
    with pytest.raises(ResourceNotFoundError, match="Resource group 'rg-fabrikam' could not be found"):
        groups.get("rg-fabrikam")


def test_a_network_tells_its_subnets_and_keeps_them_when_it_changes(azure: Azure, group: str) -> None:
    security = azure.network.network_security_groups.begin_create_or_update(
        group,
        "nsg-gateway",
        network.NetworkSecurityGroup(
            location=PLACE,
            security_rules=[
                network.SecurityRule(
                    name="management",
                    protocol="Tcp",
                    access="Allow",
                    direction="Inbound",
                    priority=100,
                    source_address_prefix="ApiManagement",
                    source_port_range="*",
                    destination_address_prefix="VirtualNetwork",
                    destination_port_range="3443",
                )
            ],
        ),
    ).result()
    parameters = network.VirtualNetwork(
        location=PLACE, address_space=network.AddressSpace(address_prefixes=["10.0.0.0/16"])
    )
    networks, subnets = azure.network.virtual_networks, azure.network.subnets
    networks.begin_create_or_update(group, "vnet-contoso", parameters).result()
    subnet = subnets.begin_create_or_update(
        group,
        "vnet-contoso",
        "snet-gateway",
        network.Subnet(
            address_prefix="10.0.1.0/24", network_security_group=network.NetworkSecurityGroup(id=security.id)
        ),
    ).result()
    networks.begin_create_or_update(group, "vnet-contoso", parameters).result()
    assert subnets.get(group, "vnet-contoso", "snet-gateway").id == subnet.id
    assert [item.id for item in networks.get(group, "vnet-contoso").subnets or ()] == [subnet.id]
    guarded = azure.network.network_security_groups.get(group, "nsg-gateway")
    assert [item["id"] for item in guarded.as_dict()["subnets"]] == [subnet.id]
    assert [rule.name for rule in guarded.security_rules or ()] == ["management"]
    networks.begin_delete(group, "vnet-contoso").result()
    with pytest.raises(ResourceNotFoundError, match="parent resource"):
        subnets.get(group, "vnet-contoso", "snet-gateway")


def test_a_subnet_needs_the_security_group_that_it_names(azure: Azure, group: str) -> None:
    missing = f"{GROUP_ID}/providers/Microsoft.Network/networkSecurityGroups/nsg-nowhere"
    parameters = network.VirtualNetwork(
        location=PLACE,
        address_space=network.AddressSpace(address_prefixes=["10.1.0.0/16"]),
        subnets=[
            network.Subnet(
                name="default",
                address_prefix="10.1.0.0/24",
                network_security_group=network.NetworkSecurityGroup(id=missing),
            )
        ],
    )
    with pytest.raises(HttpResponseError, match="InvalidResourceReference") as refused:
        azure.network.virtual_networks.begin_create_or_update(group, "vnet-refused", parameters).result()
    assert refused.value.status_code == 400
    with pytest.raises(ResourceNotFoundError):
        azure.network.virtual_networks.get(group, "vnet-refused")


def test_application_insights_writes_to_an_existing_workspace(azure: Azure, group: str) -> None:
    workspace = azure.workspaces.workspaces.begin_create_or_update(
        group, "log-contoso", loganalytics.Workspace(location=PLACE, retention_in_days=30)
    ).result()
    uuid.UUID(workspace.customer_id)
    component = azure.insights.components.create_or_update(
        group,
        "appi-contoso",
        {
            "location": PLACE,
            "kind": "web",
            "properties": {"Application_Type": "web", "WorkspaceResourceId": workspace.id},
        },
    )
    read = azure.insights.components.get(group, "appi-contoso")
    assert read.instrumentation_key == component.instrumentation_key
    assert read.connection_string is not None
    assert read.connection_string.startswith(f"InstrumentationKey={read.instrumentation_key};")
    uuid.UUID(read.app_id)


def test_an_identity_has_ids_and_gets_a_role_on_a_vault_once(
    azure: Azure, group: str, identity_id: str, vault: keyvault.Vault
) -> None:
    identity = azure.identities.user_assigned_identities.get(group, "id-gateway")
    assert identity.id == identity_id
    assert identity.principal_id != identity.client_id
    assert vault.id is not None
    parameters = {
        "properties": {
            "roleDefinitionId": SECRETS_USER,
            "principalId": identity.principal_id,
            "principalType": "ServicePrincipal",
        }
    }
    created = azure.roles.role_assignments.create(vault.id, str(uuid.uuid4()), parameters)
    assert created.scope == vault.id
    assert created.name is not None
    assert azure.roles.role_assignments.get(vault.id, created.name).principal_id == identity.principal_id
    assert created.id in {item.id for item in azure.roles.role_assignments.list_for_scope(vault.id)}
    with pytest.raises(HttpResponseError, match="RoleAssignmentExists"):
        azure.roles.role_assignments.create(vault.id, str(uuid.uuid4()), parameters)
    azure.roles.role_assignments.delete(vault.id, created.name)
    assert created.id not in {item.id for item in azure.roles.role_assignments.list_for_scope(vault.id)}


def test_a_vault_never_tells_the_value_of_a_secret(
    azure: Azure, group: str, vault: keyvault.Vault, secret_uri: str
) -> None:
    assert vault.properties.vault_uri == f"{VAULT_URL}/"
    read = azure.vaults.secrets.get(group, "kv-contoso", "model-backend-secret")
    assert read.properties.value is None
    assert secret_uri == f"{VAULT_URL}/secrets/model-backend-secret"
    listed = list(azure.vaults.secrets.list(group, "kv-contoso"))
    assert [item.name for item in listed] == ["model-backend-secret"]
    assert SECRET_VALUE not in str([item.as_dict() for item in listed])


def test_the_service_tells_addresses_and_identities(
    azure: Azure, service: apim.ApiManagementServiceResource, identity_id: str
) -> None:
    assert service.as_dict()["provisioning_state"] == "Succeeded"
    assert service.as_dict()["gateway_url"] == azure.gateway_url
    assert [host.host_name for host in service.hostname_configurations or ()] == [f"{SERVICE}.azure-api.net"]
    assert service.identity is not None
    assert service.identity.user_assigned_identities is not None
    assert service.identity.user_assigned_identities[identity_id].client_id
    assert service.name in {item.name for item in azure.apim.api_management_service.list()}


def test_the_resources_of_a_group_are_listed(
    azure: Azure, service: apim.ApiManagementServiceResource
) -> None:
    listed = {item.type: item.name for item in azure.resources.resources.list_by_resource_group(GROUP)}
    assert listed["Microsoft.ApiManagement/service"] == service.name


@pytest.mark.usefixtures("service")
def test_a_logger_hides_its_credentials_behind_a_named_value(azure: Azure) -> None:
    created = azure.apim.logger.create_or_update(
        GROUP,
        SERVICE,
        "insights",
        apim.LoggerContract(
            logger_type="applicationInsights", credentials={"instrumentationKey": SECRET_VALUE}
        ),
    )
    assert created.credentials is not None
    reference = created.credentials["instrumentationKey"]
    assert reference.startswith("{{Logger-Credentials--")
    assert azure.apim.named_value.list_value(GROUP, SERVICE, reference.strip("{}")).value == SECRET_VALUE
    diagnostic = azure.apim.diagnostic.create_or_update(
        GROUP,
        SERVICE,
        "applicationinsights",
        apim.DiagnosticContract(logger_id=created.id, always_log="allErrors"),
    )
    assert diagnostic.logger_id == created.id
    with pytest.raises(HttpResponseError, match="loggers of this service"):
        azure.apim.diagnostic.create_or_update(
            GROUP, SERVICE, "azuremonitor", apim.DiagnosticContract(logger_id="/loggers/nowhere")
        )


@pytest.mark.usefixtures("service")
def test_products_link_groups_and_apis(azure: Azure) -> None:
    product = azure.apim.product.create_or_update(
        GROUP, SERVICE, "standard", apim.ProductContract(display_name="Standard", state="published")
    )
    assert product.subscription_required is True
    group = azure.apim.group.create_or_update(
        GROUP, SERVICE, "data-science", apim.GroupCreateParameters(display_name="Data science")
    )
    assert group.as_dict()["built_in"] is False
    link = azure.apim.product_group_link.create_or_update(
        GROUP, SERVICE, "standard", "data-science", apim.ProductGroupLinkContract(group_id=group.id)
    )
    assert link.group_id == group.id
    azure.apim.api.begin_create_or_update(
        GROUP,
        SERVICE,
        "echo",
        apim.ApiCreateOrUpdateParameter(path="echo", display_name="Echo", protocols=["https"]),
    ).result()
    with pytest.raises(ResourceNotFoundError):
        azure.apim.product_api.check_entity_exists(GROUP, SERVICE, "standard", "echo")
    azure.apim.product_api.create_or_update(GROUP, SERVICE, "standard", "echo")
    assert azure.apim.product_api.check_entity_exists(GROUP, SERVICE, "standard", "echo")
    assert [item.name for item in azure.apim.product_api.list_by_product(GROUP, SERVICE, "standard")] == [
        "echo"
    ]
    links = list(azure.apim.product_api_link.list_by_product(GROUP, SERVICE, "standard"))
    assert [item.api_id for item in links] == [f"{SERVICE_ID}/apis/echo"]
    azure.apim.api.begin_delete(GROUP, SERVICE, "echo", if_match="*").result()
    assert not list(azure.apim.product_api_link.list_by_product(GROUP, SERVICE, "standard"))


@pytest.mark.usefixtures("service")
def test_a_product_with_subscriptions_is_deleted_only_with_them(azure: Azure) -> None:
    azure.apim.product.create_or_update(GROUP, SERVICE, "trial", apim.ProductContract(display_name="Trial"))
    azure.apim.subscription.create_or_update(
        GROUP,
        SERVICE,
        "trial-contoso",
        apim.SubscriptionCreateParameters(display_name="Trial", scope="/products/trial"),
    )
    with pytest.raises(HttpResponseError, match="subscription"):
        azure.apim.product.delete(GROUP, SERVICE, "trial", if_match="*")
    azure.apim.product.delete(GROUP, SERVICE, "trial", if_match="*", delete_subscriptions=True)
    with pytest.raises(ResourceNotFoundError, match="Subscription not found"):
        azure.apim.subscription.get(GROUP, SERVICE, "trial-contoso")


@pytest.mark.usefixtures("service")
def test_a_pool_keeps_its_backends(azure: Azure) -> None:
    backends = azure.apim.backend
    for name in ("blue", "green"):
        single = apim.BackendContract(url=f"https://{name}.contoso.example", protocol="http")
        backends.create_or_update(GROUP, SERVICE, name, single)
    members = [
        apim.BackendPoolItem(id="/backends/blue", weight=95),
        apim.BackendPoolItem(id=f"{SERVICE_ID}/backends/green", weight=5, priority=1),
    ]
    pool = apim.BackendContract(
        type_properties_type="Pool", pool=apim.BackendBaseParametersPool(services=members)
    )
    backends.create_or_update(GROUP, SERVICE, "both", pool)
    told = backends.get(GROUP, SERVICE, "both")
    assert (told.type_properties_type, told.url, told.protocol) == ("Pool", None, None)
    assert told.pool is not None
    assert [(item.id, item.weight, item.priority) for item in told.pool.services or ()] == [
        (f"{SERVICE_ID}/backends/blue", 95, None),
        (f"{SERVICE_ID}/backends/green", 5, 1),
    ]
    with pytest.raises(HttpResponseError, match="used by the following entities") as refused:
        backends.delete(GROUP, SERVICE, "blue", if_match="*")
    assert "/backends/both" in str(refused.value)
    for name in ("both", "blue", "green"):
        backends.delete(GROUP, SERVICE, name, if_match="*")


@pytest.mark.usefixtures("service")
def test_an_entity_of_the_service_has_an_entity_tag(azure: Azure) -> None:
    azure.apim.product.create_or_update(GROUP, SERVICE, "tagged", apim.ProductContract(display_name="One"))
    assert azure.apim.product.get_entity_tag(GROUP, SERVICE, "tagged")
    changed = azure.apim.product.update(
        GROUP, SERVICE, "tagged", if_match="*", parameters=apim.ProductUpdateParameters(display_name="Two")
    )
    assert changed.display_name == "Two"
    with pytest.raises(HttpResponseError, match="Resource was modified since last retrieval"):
        azure.apim.product.delete(GROUP, SERVICE, "tagged", if_match='"AAAAAAAAAAE="')


@pytest.mark.usefixtures("service")
def test_a_list_is_read_page_by_page(azure: Azure) -> None:
    whole = [item.name for item in azure.apim.group.list_by_service(GROUP, SERVICE)]
    assert [item.name for item in azure.apim.group.list_by_service(GROUP, SERVICE, top=1)] == whole
    assert len(whole) > 2


@pytest.mark.usefixtures("service")
def test_a_key_vault_named_value_needs_the_secret_and_the_identity(azure: Azure, secret_uri: str) -> None:
    identity = azure.identities.user_assigned_identities.get(GROUP, "id-gateway")
    created = _named_value(azure, secret_uri, identity.client_id)
    assert created.value is None
    assert created.key_vault is not None
    assert created.key_vault.last_status is not None
    assert created.key_vault.last_status.code == "Success"
    listed = azure.apim.named_value.list_value(GROUP, SERVICE, "model-backend-secret")
    assert listed.value == SECRET_VALUE
    with pytest.raises(HttpResponseError, match="No secret is at"):
        _named_value(azure, f"{VAULT_URL}/secrets/nowhere", identity.client_id)


def _named_value(azure: Azure, secret_uri: str, client_id: str | None) -> apim.NamedValueContract:
    parameters = apim.NamedValueCreateContract(
        display_name="model-backend-secret",
        secret=True,
        key_vault=apim.KeyVaultContractCreateProperties(
            secret_identifier=secret_uri, identity_client_id=client_id
        ),
    )
    return azure.apim.named_value.begin_create_or_update(
        GROUP, SERVICE, "model-backend-secret", parameters
    ).result()


def test_a_model_is_deployed_and_called_through_the_gateway(
    azure: Azure, service: apim.ApiManagementServiceResource, secret_uri: str
) -> None:
    with _model_server() as (model_url, seen):
        _deploy(azure, model_url, secret_uri)
        keys = azure.apim.subscription.list_secrets(GROUP, SERVICE, "smoke-iris-species-v1")
        url = f"{service.as_dict()['gateway_url']}/iris-species/v1/predict"
        with httpx.Client(trust_env=False) as client:
            refused = client.post(url, json={"inputs": []})
            answered = client.post(
                url, json={"inputs": []}, headers={"Ocp-Apim-Subscription-Key": keys.primary_key or ""}
            )
            azure.apim.subscription.regenerate_primary_key(GROUP, SERVICE, "smoke-iris-species-v1")
            renewed = azure.apim.subscription.list_secrets(GROUP, SERVICE, "smoke-iris-species-v1")
            statuses = [
                client.post(url, json={}, headers={"Ocp-Apim-Subscription-Key": key or ""}).status_code
                for key in (keys.primary_key, keys.secondary_key, renewed.primary_key)
            ]
    assert statuses == [401, 200, 200]
    assert refused.status_code == 401
    assert (answered.status_code, answered.json()) == (200, {"species": "setosa"})
    assert seen == [("/v2/models/iris-species/infer", SECRET_VALUE)] * 3


def _deploy(azure: Azure, model_url: str, secret_uri: str) -> None:
    """Create what the model stack creates, with Microsoft's client."""
    _named_value(azure, secret_uri, None)
    _api(azure, model_url)
    _operation(azure)
    _policies(azure)
    azure.apim.subscription.create_or_update(
        GROUP,
        SERVICE,
        "smoke-iris-species-v1",
        apim.SubscriptionCreateParameters(display_name="Smoke", scope=f"/apis/{API}", state="active"),
    )
    told = azure.apim.subscription.get(GROUP, SERVICE, "smoke-iris-species-v1")
    assert told.primary_key is None
    assert told.scope == f"{SERVICE_ID}/apis/{API}"


def _api(azure: Azure, model_url: str) -> None:
    version_set = azure.apim.api_version_set.create_or_update(
        GROUP,
        SERVICE,
        "iris-species",
        apim.ApiVersionSetContract(display_name="Iris species", versioning_scheme="Segment"),
    )
    azure.apim.backend.create_or_update(
        GROUP, SERVICE, "iris-species", apim.BackendContract(url=model_url, protocol="http", title="Iris")
    )
    created = azure.apim.api.begin_create_or_update(
        GROUP,
        SERVICE,
        API,
        apim.ApiCreateOrUpdateParameter(
            path="iris-species",
            display_name="Iris species",
            protocols=["https"],
            api_version="v1",
            api_version_set_id=version_set.id,
            service_url=model_url,
        ),
    ).result()
    assert created.api_version_set_id == version_set.id


def _operation(azure: Azure) -> None:
    components: dict[str, object] = {"schemas": {"Request": {"type": "object"}}}
    schema = azure.apim.api_schema.begin_create_or_update(
        GROUP,
        SERVICE,
        API,
        "components",
        apim.SchemaContract(
            content_type="application/vnd.oai.openapi.components+json", components=components
        ),
    ).result()
    assert schema.components == components
    representation = apim.RepresentationContract(
        content_type="application/json", schema_id="components", type_name="Request"
    )
    operation = apim.OperationContract(
        display_name="Predict",
        method="POST",
        url_template="/predict",
        request=apim.RequestContract(representations=[representation]),
        responses=[apim.ResponseContract(status_code=200)],
    )
    azure.apim.api_operation.create_or_update(GROUP, SERVICE, API, "predict", operation)


def _policies(azure: Azure) -> None:
    azure.apim.api_policy.create_or_update(
        GROUP, SERVICE, API, "policy", apim.PolicyContract(format="rawxml", value=API_POLICY)
    )
    azure.apim.api_operation_policy.create_or_update(
        GROUP, SERVICE, API, "predict", "policy", apim.PolicyContract(format="xml", value=OPERATION_POLICY)
    )
    read = azure.apim.api_policy.get(GROUP, SERVICE, API, "policy", format="rawxml")
    assert read.value == API_POLICY


def test_a_client_waits_for_what_takes_time_and_is_told_how_it_failed(tmp_path: Path) -> None:
    with running_azure(tmp_path, "--latency", "0.02", "--faults") as slow:
        slow.resources.resource_groups.create_or_update(GROUP, {"location": PLACE})
        service = apim.ApiManagementServiceResource(
            location=PLACE,
            sku=apim.ApiManagementServiceSkuProperties(name="Developer", capacity=1),
            publisher_email="platform@contoso.example",
            publisher_name="Contoso",
        )
        created = slow.apim.api_management_service.begin_create_or_update(GROUP, SERVICE, service).result()
        assert created.as_dict()["provisioning_state"] == "Succeeded"
        echo = apim.ApiCreateOrUpdateParameter(path="echo", display_name="Echo", protocols=["https"])
        apis = slow.apim.api
        assert apis.begin_create_or_update(GROUP, SERVICE, "echo", echo).result().path == "echo"
        fault = {"code": "ImportFailed", "message": "The API cannot be activated."}
        rules = {"rules": [{"method": "PUT", "path": "/apis/", "count": 1, "operation": fault}]}
        httpx.put(f"{slow.url}/faults", json=rules, trust_env=False).raise_for_status()
        with pytest.raises(HttpResponseError, match=r"ImportFailed.*The API cannot be activated"):
            apis.begin_create_or_update(GROUP, SERVICE, "echo", echo).result()
        assert apis.get(GROUP, SERVICE, "echo").as_dict()["provisioning_state"] == "Failed"
        apis.begin_delete(GROUP, SERVICE, "echo", if_match="*").result()
        with pytest.raises(ResourceNotFoundError):
            apis.get(GROUP, SERVICE, "echo")
        space = network.AddressSpace(address_prefixes=["10.0.0.0/16"])
        network_ = network.VirtualNetwork(location=PLACE, address_space=space)
        networks = slow.network.virtual_networks
        networks.begin_create_or_update(GROUP, "vnet-contoso", network_).result()
        networks.begin_delete(GROUP, "vnet-contoso").result()
        assert not list(networks.list(GROUP))


@pytest.mark.usefixtures("service")
def test_a_client_is_told_which_policies_include_a_fragment(azure: Azure) -> None:
    fragments, policies = azure.apim.policy_fragment, azure.apim.policy
    fragment = apim.PolicyFragmentContract(format="rawxml", value="<fragment><!-- nothing --></fragment>")
    fragments.begin_create_or_update(GROUP, SERVICE, "empty", fragment).result()
    assert fragments.get(GROUP, SERVICE, "empty", format="rawxml").value == fragment.value
    document = '<policies><inbound><include-fragment fragment-id="empty" /></inbound></policies>'
    policies.create_or_update(GROUP, SERVICE, "policy", apim.PolicyContract(format="rawxml", value=document))
    (user,) = fragments.list_references(GROUP, SERVICE, "empty", top=1).value or []
    assert str(user.id).endswith(f"/service/{SERVICE}/policies/policy")
    with pytest.raises(
        HttpResponseError, match="The Policy Fragment 'empty' is used by the following entities"
    ):
        fragments.delete(GROUP, SERVICE, "empty", if_match="*")
    policies.delete(GROUP, SERVICE, "policy", if_match="*")
    fragments.delete(GROUP, SERVICE, "empty", if_match="*")


@pytest.mark.usefixtures("service")
def test_a_policy_is_refused_in_the_words_of_the_service(azure: Azure) -> None:
    document = "<policies>\n  <inbound>\n    <base />\n    <forward-requst />\n  </inbound>\n</policies>"
    with pytest.raises(HttpResponseError, match="ValidationError") as refused:
        azure.apim.policy.create_or_update(
            GROUP, SERVICE, "policy", apim.PolicyContract(format="rawxml", value=document)
        )
    assert refused.value.response is not None
    (detail,) = json.loads(refused.value.response.text())["error"]["details"]
    assert detail["message"].startswith("Error in element 'forward-requst' on line 4, column 6: ")
    with pytest.raises(ResourceNotFoundError):
        azure.apim.policy.get(GROUP, SERVICE, "policy")


def test_a_deleted_service_is_told_restored_and_purged(azure: Azure) -> None:
    services, deleted, group, name = (
        azure.apim.api_management_service,
        azure.apim.deleted_services,
        "rg-bin",
        "apim-bin",
    )
    azure.resources.resource_groups.create_or_update(group, {"location": PLACE})
    parameters = apim.ApiManagementServiceResource(
        location=PLACE,
        sku=apim.ApiManagementServiceSkuProperties(name="Developer", capacity=1),
        publisher_email="platform@contoso.example",
        publisher_name="Contoso",
    )
    created = services.begin_create_or_update(group, name, parameters).result()
    azure.apim.product.create_or_update(
        group, name, "standard", apim.ProductContract(display_name="Standard")
    )
    services.begin_delete(group, name).result()
    told = deleted.get_by_name(name, PLACE)
    assert told.service_id == created.id
    assert told.as_dict()["location"] == PLACE
    assert _kept_for(told) == timedelta(hours=48)
    assert [item.id for item in deleted.list_by_subscription()] == [told.id]
    with pytest.raises(HttpResponseError, match="ServiceAlreadyExistsInSoftDeletedState"):
        services.begin_create_or_update(group, name, parameters).result()
    parameters.restore = True
    assert services.begin_create_or_update(group, name, parameters).result().id == created.id
    assert azure.apim.product.get(group, name, "standard").display_name == "Standard"
    services.begin_delete(group, name).result()
    deleted.begin_purge(name, PLACE).result()
    assert not list(deleted.list_by_subscription())
    with pytest.raises(ResourceNotFoundError):
        deleted.get_by_name(name, PLACE)
    azure.resources.resource_groups.begin_delete(group).result()


def test_a_deleted_vault_is_told_recovered_and_purged(azure: Azure) -> None:
    vaults, group, name = azure.vaults.vaults, "rg-bin", "kv-bin"
    azure.resources.resource_groups.create_or_update(group, {"location": PLACE})
    properties = keyvault.VaultProperties(
        tenant_id="00000000-0000-0000-0000-000000000000",
        sku=keyvault.Sku(family="A", name="standard"),
        soft_delete_retention_in_days=7,
    )
    parameters = keyvault.VaultCreateOrUpdateParameters(location=PLACE, properties=properties)
    created = vaults.begin_create_or_update(group, name, parameters).result()
    secret = keyvault.SecretCreateOrUpdateParameters(properties=keyvault.SecretProperties(value=SECRET_VALUE))
    azure.vaults.secrets.create_or_update(group, name, "key", secret)
    vaults.delete(group, name)
    told = vaults.get_deleted(name, PLACE).properties
    assert told is not None
    assert (told.vault_id, told.location) == (created.id, PLACE)
    assert _kept_for(told) == timedelta(days=7)
    with pytest.raises(HttpResponseError, match="ConflictError"):
        vaults.begin_create_or_update(group, name, parameters).result()
    properties.create_mode = "recover"
    assert vaults.begin_create_or_update(group, name, parameters).result().id == created.id
    assert [item.name for item in azure.vaults.secrets.list(group, name)] == ["key"]
    azure.resources.resource_groups.begin_delete(group).result()
    assert [item.name for item in vaults.list_deleted()] == [name]
    vaults.begin_purge_deleted(name, PLACE).result()
    assert not list(vaults.list_deleted())


def _kept_for(deleted: apim.DeletedServiceContract | keyvault.DeletedVaultProperties) -> timedelta:
    assert deleted.scheduled_purge_date is not None
    assert deleted.deletion_date is not None
    return deleted.scheduled_purge_date - deleted.deletion_date


@contextmanager
def _model_server() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Give the URL of a server that predicts, and the list of what it is asked."""
    with _ModelServer(("127.0.0.1", 0), _Predict) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", server.seen
        finally:
            server.shutdown()
            thread.join()


class _ModelServer(ThreadingHTTPServer):
    """Answers every prediction alike and remembers what it was asked."""

    seen: list[tuple[str, str | None]]


class _Predict(BaseHTTPRequestHandler):
    server: _ModelServer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["x-gateway-secret"]))
        content = b'{"species": "setosa"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""
