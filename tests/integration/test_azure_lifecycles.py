"""Microsoft's own clients create, get, list, update and delete every type of resource that the stacks use."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.polling import LROPoller
from azure.mgmt.apimanagement import models as apim

from local_azure.arm.types import REGISTRY
from tests.integration.azure_clients import SUBSCRIPTION, Azure, running_azure

GROUP = "rg-contoso"
SERVICE = "apim-contoso"
PLACE = {"location": "westeurope"}
TAGGED = {**PLACE, "tags": {"team": "ml"}}
TAGS = {"tags": {"team": "ml"}}
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
SERVICE_ID = f"{GROUP_ID}/providers/Microsoft.ApiManagement/service/{SERVICE}"
NETWORK = {**PLACE, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
VAULT = {
    **PLACE,
    "properties": {
        "tenantId": "00000000-0000-0000-0000-000000000000",
        "sku": {"family": "A", "name": "standard"},
    },
}
GATEWAY = {
    **PLACE,
    "sku": {"name": "Developer", "capacity": 1},
    "properties": {"publisherEmail": "platform@contoso.example", "publisherName": "Contoso"},
}
COMPONENT = {**PLACE, "kind": "web", "properties": {"Application_Type": "web"}}
POLICY = "<policies><inbound><base /></inbound></policies>"
OTHER_POLICY = "<policies><inbound><base /></inbound><outbound><base /></outbound></policies>"
ASSIGNMENT = str(uuid.UUID(int=7))
ROLE = {
    "properties": {
        "roleDefinitionId": f"{GROUP_ID}/providers/Microsoft.Authorization/roleDefinitions/{ASSIGNMENT}",
        "principalId": ASSIGNMENT,
    }
}


@dataclass(frozen=True, slots=True)
class Life:
    """How a client handles a type of resource: its group of operations, and what their methods are called with."""

    operations: Callable[[Azure], object]
    names: tuple[str, ...]
    """What leads to the resource, its own name last."""
    body: object
    change: object = None
    """What `update` sends; None where a type is changed by putting `body` again."""
    changed: Mapping[str, object] = field(default_factory=dict)
    """Attributes that are told after the change."""
    create: str = "create_or_update"
    get: str = "get"
    lists: str = "list"
    update: str = "update"
    delete: str | None = "delete"
    head: str = "get_entity_tag"
    """Gives the entity tag that update and delete may have to name."""
    needs_match: bool = False
    """Whether update and delete have to name an entity tag: they do for API Management's entities."""


def _entity(operations: str, *names: str, lists: str = "list_by_service", **more: object) -> Life:
    def group(azure: Azure) -> object:
        return getattr(azure.apim, operations)

    body = more.pop("body", None)
    return Life(group, (GROUP, SERVICE, *names), body, lists=lists, needs_match=True, **more)  # type: ignore[arg-type] # fields of Life


def _policy(operations: str, *owner: str, lists: str) -> Life:
    return _entity(
        operations, *owner, "policy", lists=lists, body=apim.PolicyContract(value=POLICY, format="xml")
    )


def _link(operations: str, *names: str, body: object) -> Life:
    life = _entity(operations, *names, lists="list_by_product", body=body)
    return Life(life.operations, life.names, body, lists=life.lists)


def _member(operations: str, name: str) -> Life:
    life = _entity(operations, "base", name, lists="list_by_product")
    return Life(life.operations, life.names, None, get="check_entity_exists", lists=life.lists)


_APIM = "Microsoft.ApiManagement/service"
LIVES: dict[str, Life] = {
    "Microsoft.Resources/resourceGroups": Life(
        lambda azure: azure.resources.resource_groups, ("rg-fabrikam",), PLACE, TAGS, {"tags": TAGS["tags"]}
    ),
    "Microsoft.Network/virtualNetworks": Life(
        lambda azure: azure.network.virtual_networks,
        (GROUP, "vnet-other"),
        NETWORK,
        TAGS,
        {"tags": TAGS["tags"]},
        update="update_tags",
    ),
    "Microsoft.Network/virtualNetworks/subnets": Life(
        lambda azure: azure.network.subnets,
        (GROUP, "vnet-contoso", "snet-gateway"),
        {"properties": {"addressPrefix": "10.0.1.0/24"}},
    ),
    "Microsoft.Network/networkSecurityGroups": Life(
        lambda azure: azure.network.network_security_groups,
        (GROUP, "nsg-gateway"),
        PLACE,
        TAGS,
        {"tags": TAGS["tags"]},
        update="update_tags",
    ),
    "Microsoft.OperationalInsights/workspaces": Life(
        lambda azure: azure.workspaces.workspaces,
        (GROUP, "log-contoso"),
        PLACE,
        {"properties": {"retentionInDays": 60}},
        {"retention_in_days": 60},
        lists="list_by_resource_group",
    ),
    "Microsoft.KeyVault/vaults": Life(
        lambda azure: azure.vaults.vaults,
        (GROUP, "kv-other"),
        VAULT,
        TAGS,
        {"tags": TAGS["tags"]},
        lists="list_by_resource_group",
    ),
    "Microsoft.KeyVault/vaults/secrets": Life(
        lambda azure: azure.vaults.secrets,
        (GROUP, "kv-contoso", "token"),
        {"properties": {"value": "hush"}},
        TAGS,
        {"tags": TAGS["tags"]},
        delete=None,  # Resource Manager cannot delete a secret: the vault's own endpoint does
    ),
    "Microsoft.ManagedIdentity/userAssignedIdentities": Life(
        lambda azure: azure.identities.user_assigned_identities,
        (GROUP, "id-gateway"),
        PLACE,
        TAGGED,
        {"tags": TAGS["tags"]},
        lists="list_by_resource_group",
    ),
    "Microsoft.Authorization/roleAssignments": Life(
        lambda azure: azure.roles.role_assignments,
        (GROUP_ID, ASSIGNMENT),
        ROLE,
        create="create",
        lists="list_for_scope",
    ),
    "Microsoft.Insights/components": Life(
        lambda azure: azure.insights.components,
        (GROUP, "appi-contoso"),
        COMPONENT,
        TAGS,
        {"tags": TAGS["tags"]},
        lists="list_by_resource_group",
        update="update_tags",
    ),
    _APIM: Life(
        lambda azure: azure.apim.api_management_service,
        (GROUP, "apim-other"),
        GATEWAY,
        apim.ApiManagementServiceUpdateParameters(publisher_name="Fabrikam"),
        {"publisher_name": "Fabrikam"},
        lists="list_by_resource_group",
    ),
    f"{_APIM}/namedValues": _entity(
        "named_value",
        "limit",
        body=apim.NamedValueCreateContract(display_name="limit", value="10"),
        change=apim.NamedValueUpdateParameters(value="20"),
        changed={"value": "20"},
    ),
    f"{_APIM}/loggers": _entity(
        "logger",
        "other",
        body=apim.LoggerContract(logger_type="azureMonitor"),
        change=apim.LoggerUpdateContract(description="Two"),
        changed={"description": "Two"},
    ),
    f"{_APIM}/diagnostics": _entity(
        "diagnostic",
        "azuremonitor",
        body=apim.DiagnosticContract(logger_id="/loggers/base"),
        change=apim.DiagnosticContract(verbosity="error"),
        changed={"verbosity": "error", "logger_id": f"{SERVICE_ID}/loggers/base"},
    ),
    f"{_APIM}/backends": _entity(
        "backend",
        "model",
        body=apim.BackendContract(url="https://one.contoso.example", protocol="http"),
        change=apim.BackendUpdateParameters(url="https://two.contoso.example"),
        changed={"url": "https://two.contoso.example", "protocol": "http"},
    ),
    f"{_APIM}/products": _entity(
        "product",
        "open",
        body=apim.ProductContract(display_name="One", subscription_required=False),
        change=apim.ProductUpdateParameters(display_name="Two", state="published"),
        changed={"display_name": "Two", "state": "published"},
    ),
    f"{_APIM}/groups": _entity(
        "group",
        "data-science",
        body=apim.GroupCreateParameters(display_name="One"),
        change=apim.GroupUpdateParameters(display_name="Two"),
        changed={"display_name": "Two"},
    ),
    f"{_APIM}/apiVersionSets": _entity(
        "api_version_set",
        "iris",
        body=apim.ApiVersionSetContract(display_name="One", versioning_scheme="Segment"),
        change=apim.ApiVersionSetUpdateParameters(display_name="Two"),
        changed={"display_name": "Two", "versioning_scheme": "Segment"},
    ),
    f"{_APIM}/apis": _entity(
        "api",
        "iris",
        body=apim.ApiCreateOrUpdateParameter(path="iris", display_name="One"),
        change=apim.ApiUpdateContract(display_name="Two"),
        changed={"display_name": "Two", "path": "iris"},
    ),
    f"{_APIM}/apis/schemas": _entity(
        "api_schema",
        "base",
        "components",
        lists="list_by_api",
        body=apim.SchemaContract(
            content_type="application/vnd.oai.openapi.components+json", components={"schemas": {"R": {}}}
        ),
    ),
    f"{_APIM}/apis/operations": _entity(
        "api_operation",
        "base",
        "explain",
        lists="list_by_api",
        body=apim.OperationContract(display_name="One", method="GET", url_template="/explain"),
        change=apim.OperationUpdateContract(display_name="Two"),
        changed={"display_name": "Two", "method": "GET"},
    ),
    f"{_APIM}/subscriptions": _entity(
        "subscription",
        "smoke",
        lists="list",
        body=apim.SubscriptionCreateParameters(display_name="One", scope="/apis"),
        change=apim.SubscriptionUpdateParameters(state="active"),
        changed={"state": "active", "display_name": "One"},
    ),
    f"{_APIM}/policyFragments": _entity(
        "policy_fragment", "who", body=apim.PolicyFragmentContract(value="<fragment />", description="One")
    ),
    f"{_APIM}/policies": _policy("policy", lists="list_by_service"),
    f"{_APIM}/products/policies": _policy("product_policy", "base", lists="list_by_product"),
    f"{_APIM}/apis/policies": _policy("api_policy", "base", lists="list_by_api"),
    f"{_APIM}/apis/operations/policies": _policy(
        "api_operation_policy", "base", "predict", lists="list_by_operation"
    ),
    f"{_APIM}/products/apiLinks": _link(
        "product_api_link", "base", "iris", body=apim.ProductApiLinkContract(api_id=f"{SERVICE_ID}/apis/base")
    ),
    f"{_APIM}/products/groupLinks": _link(
        "product_group_link",
        "base",
        "guests",
        body=apim.ProductGroupLinkContract(group_id=f"{SERVICE_ID}/groups/guests"),
    ),
    f"{_APIM}/tags": _entity(
        "tag",
        "tabular",
        head="get_entity_state",
        body=apim.TagCreateUpdateParameters(display_name="One"),
        change=apim.TagCreateUpdateParameters(display_name="Two"),
        changed={"display_name": "Two"},
    ),
    f"{_APIM}/tags/apiLinks": _link(
        "tag_api_link", "base", "iris", body=apim.TagApiLinkContract(api_id=f"{SERVICE_ID}/apis/base")
    ),
    f"{_APIM}/products/apis": _member("product_api", "base"),
    f"{_APIM}/products/groups": _member("product_group", "developers"),
}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """What the resources of these tests lie in: a group, a network, a vault, a service, an API and a product."""
    with running_azure(tmp_path_factory.mktemp("azure")) as running:
        running.resources.resource_groups.create_or_update(GROUP, PLACE)
        _call(running.network.virtual_networks, "create_or_update", GROUP, "vnet-contoso", NETWORK)
        _call(running.vaults.vaults, "create_or_update", GROUP, "kv-contoso", VAULT)
        _call(running.apim.api_management_service, "create_or_update", GROUP, SERVICE, GATEWAY)
        running.apim.logger.create_or_update(
            GROUP, SERVICE, "base", apim.LoggerContract(logger_type="azureMonitor")
        )
        product = apim.ProductContract(display_name="Base")
        running.apim.product.create_or_update(GROUP, SERVICE, "base", product)
        api = apim.ApiCreateOrUpdateParameter(path="base", display_name="Base")
        running.apim.api.begin_create_or_update(GROUP, SERVICE, "base", api).result()
        tag = apim.TagCreateUpdateParameters(display_name="Base")
        running.apim.tag.create_or_update(GROUP, SERVICE, "base", tag)
        operation = apim.OperationContract(display_name="Predict", method="POST", url_template="/predict")
        running.apim.api_operation.create_or_update(GROUP, SERVICE, "base", "predict", operation)
        yield running


@pytest.mark.parametrize("name", LIVES)
def test_a_client_leads_a_resource_through_its_life(azure: Azure, name: str) -> None:
    life = LIVES[name]
    call = partial(_call, life.operations(azure))
    bodies = () if life.body is None else (life.body,)
    with pytest.raises(ResourceNotFoundError):
        call(life.get, *life.names)
    created = call(life.create, *life.names, *bodies)
    assert str(getattr(created, "id", "")).lower().endswith(life.names[-1].lower())
    assert call(life.get, *life.names)
    assert life.names[-1] in _listed(call, life)
    match = ("*",) if life.needs_match else ()
    if life.change is None:
        call(life.create, *life.names, *bodies)
    else:
        call(life.update, *life.names, *match, life.change)
        told = call(life.get, *life.names)
        assert {key: getattr(told, key, None) for key in life.changed} == dict(life.changed)
    if match:
        assert call(life.head, *life.names)
    if life.delete is None:
        return
    call(life.delete, *life.names, *match)
    with pytest.raises(ResourceNotFoundError):
        call(life.get, *life.names)
    assert life.names[-1] not in _listed(call, life)


def _call(operations: object, method: str, /, *arguments: object, **named: object) -> object:
    """Call a method, the long-running one of this name where there is one, and wait for its end."""
    found = getattr(operations, f"begin_{method}", None) or getattr(operations, method)
    done = found(*arguments, **named)
    return done.result() if isinstance(done, LROPoller) else done


def _listed(call: Callable[..., object], life: Life) -> list[str]:
    """Return the names in the list around a resource."""
    owner = life.names[:1] if life.lists == "list_for_scope" else life.names[:-1]
    if life.lists == "list_by_resource_group":
        owner = (GROUP,)
    found = call(life.lists, *owner)
    entries = found.value if isinstance(found, apim.PolicyCollection) else found
    assert isinstance(entries, Iterable)
    return [str(entry.name) for entry in entries]


def test_every_type_has_a_life() -> None:
    assert set(LIVES) == {entry.name for entry in REGISTRY.all()}


def test_clients_filter_lists_and_ask_for_keys(azure: Azure) -> None:
    """What beside those five methods the clients have for these types."""
    found = azure.apim.api.list_by_service(GROUP, SERVICE, filter="path eq 'base' and isCurrent eq true")
    assert [item.name for item in found] == ["base"]
    assert not list(azure.apim.api.list_by_service(GROUP, SERVICE, filter="startswith(name, 'z')", top=1))
    with pytest.raises(HttpResponseError, match="this list can be filtered by"):
        list(azure.apim.api.list_by_service(GROUP, SERVICE, filter="colour eq 'red'"))
    assert [item.name for item in azure.vaults.vaults.list()] == ["kv-contoso"]
    _call(azure.workspaces.workspaces, "create_or_update", GROUP, "log-keys", PLACE)
    keys = azure.workspaces.shared_keys.get_shared_keys(GROUP, "log-keys")
    assert (
        keys.primary_shared_key
        != azure.workspaces.shared_keys.regenerate(GROUP, "log-keys").primary_shared_key
    )


def test_a_client_addresses_revisions(azure: Azure) -> None:
    parameters = apim.ApiCreateOrUpdateParameter(
        path="base", source_api_id="/apis/base", service_url="https://b.example"
    )
    created = azure.apim.api.begin_create_or_update(GROUP, SERVICE, "base;rev=2", parameters).result()
    told = created.as_dict()
    assert (told["name"], told["api_revision"], told["is_current"]) == ("base;rev=2", "2", False)
    assert azure.apim.api.get(GROUP, SERVICE, "base;rev=1").is_current
    copied = azure.apim.api_operation.list_by_api(GROUP, SERVICE, "base;rev=2")
    assert [item.name for item in copied] == ["predict"]
    azure.apim.api.begin_delete(GROUP, SERVICE, "base;rev=2", if_match="*").result()
    assert azure.apim.api.get(GROUP, SERVICE, "base").api_revision == "1"
