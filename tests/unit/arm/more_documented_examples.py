"""Further examples of the REST reference, beside the one of each type in documented_examples.py.

`REFUSED` has those that the local Azure does not take, because its gateway could not do what they say.
"""

from local_azure.arm.json_values import JsonObject
from tests.unit.arm.documented_examples import (
    API,
    CERTIFICATE,
    IDENTITY,
    NETWORK,
    ROLE,
    TENANT,
    Example,
    entity,
    service,
)
from tests.unit.arm.local_arm import GROUP, SERVICE, SUBSCRIPTION

_KEYS: JsonObject = {"header": "header4520", "query": "query3037"}
_BEARER = {"bearerTokenSendingMethods": ["authorizationHeader"]}
_VAULT_HOST: JsonObject = {
    "keyVaultId": "https://kv-contoso.vault.azure.net/secrets/certificate",
    "identityClientId": "329419bc-adec-4dce-9568-25a6d486e468",
}
_ASSIGNMENT: JsonObject = {
    "properties": {"roleDefinitionId": ROLE, "principalId": TENANT, "principalType": "User"}
}


def _network(page: str, *, subnet: JsonObject | None = None, **more: object) -> Example:
    subnets = [] if subnet is None else [{"name": "test-1", "properties": subnet}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, **more}
    if subnets:
        properties["subnets"] = subnets
    body: JsonObject = {"location": "eastus", "properties": properties}  # type: ignore[dict-item] # JSON
    return Example(page, f"{NETWORK}-{page[-20:].replace(' ', '-')}", body)


def _assignment(page: str, scope: str, number: int) -> Example:
    name = f"00000000-0000-0000-0000-{number:012}"
    return Example(page, f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}", _ASSIGNMENT)


def _api(page: str, path: str, **properties: object) -> Example:
    common = {
        "displayName": "apiname1463",
        "description": "apidescription5200",
        "serviceUrl": "http://echo.contoso.example/api",
        "protocols": ["https", "http"],
    }
    return entity(page, f"{SERVICE}/apis/{path}", path=path, **(common | properties))


MORE_AROUND = (
    Example(
        "NetworkSecurityGroupCreate",
        f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/testnsg",
        {"location": "eastus"},
    ),
    _network("VirtualNetworkCreate", flowTimeoutInMinutes=10),
    _network("VirtualNetworkCreateSubnet", subnet={"addressPrefix": "10.0.0.0/24"}),
    _network(
        "VirtualNetworkCreateSubnetWithAddressPrefixes",
        subnet={"addressPrefixes": ["10.0.0.0/28", "10.0.1.0/28"]},
    ),
    _network(
        "VirtualNetworkCreateServiceEndpoints",
        subnet={"addressPrefix": "10.0.0.0/16", "serviceEndpoints": [{"service": "Microsoft.Storage"}]},
    ),
    _network(
        "Create virtual network with delegated subnets",
        subnet={
            "addressPrefix": "10.0.0.0/24",
            "delegations": [
                {"name": "myDelegation", "properties": {"serviceName": "Microsoft.Sql/managedInstances"}}
            ],
        },
    ),
    _network(
        "VirtualNetworkCreateWithEncryption",
        subnet={"addressPrefix": "10.0.0.0/24"},
        encryption={"enabled": True, "enforcement": "AllowUnencrypted"},
    ),
    entity("SubnetCreate", f"{NETWORK}/subnets/subnet2", addressPrefix="10.0.0.0/16"),
    Example(
        "Create a new vault or update an existing vault",
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other",
        {
            "location": "westus",
            "properties": {
                "tenantId": TENANT,
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [
                    {
                        "tenantId": TENANT,
                        "objectId": TENANT,
                        "permissions": {
                            "keys": ["encrypt", "get"],
                            "secrets": ["get"],
                            "certificates": ["get"],
                        },
                    }
                ],
                "enabledForDeployment": True,
                "enabledForDiskEncryption": True,
                "enabledForTemplateDeployment": True,
                "publicNetworkAccess": "Enabled",
            },
        },
    ),
    _assignment("Create role assignment for resource group", GROUP, 1),
    _assignment("Create role assignment for subscription", SUBSCRIPTION, 2),
)

MORE_SERVICES = (
    service("CreateServiceWithNatGatewayEnabled", "Premium", 1, natGatewayState="Enabled"),
    service("CreateServiceWithDeveloperPortal", "Developer", 1, developerPortalStatus="Enabled"),
    Example(
        "ApiManagementCreateServiceInZones",
        f"{SERVICE}-zones",
        {
            "location": "North europe",
            "sku": {"name": "Premium", "capacity": 2},
            "zones": ["1", "2"],
            "properties": {"publisherEmail": "apim@contoso.example", "publisherName": "Contoso"},
        },
    ),
    service(
        "ServiceWithCustomHostnameKeyVault",
        "Premium",
        1,
        *CERTIFICATE,
        identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        hostnameConfigurations=[
            {
                "type": "Proxy",
                "hostName": "gateway1.contoso.example",
                "defaultSslBinding": True,
                **_VAULT_HOST,
            },
            {"type": "Management", "hostName": "mgmt.contoso.example", **_VAULT_HOST},
            {"type": "Portal", "hostName": "portal1.contoso.example", **_VAULT_HOST},
            {"type": "ConfigurationApi", "hostName": "configuration-api.contoso.example", **CERTIFICATE},
        ],
        virtualNetworkType="None",
        apiVersionConstraint={"minApiVersion": "2019-01-01"},
    ),
)

_MEMBERS: tuple[tuple[str, int], ...] = (
    ("backend-1", 1),
    ("backend-2", 1),
    ("backend-3", 2),
    ("backend-4", 2),
)

MORE_BACKENDS = (
    *(
        entity(
            "ApiManagementCreateBackendProxyBackend",
            f"{SERVICE}/backends/{name}",
            url="https://backend.contoso.example/",
            protocol="http",
        )
        for name, _ in _MEMBERS
    ),
    entity(
        "ApiManagementCreateBackendWithPriorityBasedLoadBalancer",
        f"{SERVICE}/backends/priority-based-load-balancer",
        type="Pool",
        pool={
            "services": [
                {"id": f"{SERVICE}/backends/{name}", "priority": priority} for name, priority in _MEMBERS
            ]
        },
    ),
)

MORE_APIS = (
    _api(
        "ApiManagementCreateApiClone",
        "echo4",
        subscriptionRequired=True,
        isCurrent=True,
        sourceApiId=API,
    ),
    _api(
        "ApiManagementCreateApiWithMultipleAuthServers",
        "authorized",
        subscriptionKeyParameterNames=_KEYS,
        authenticationSettings={
            "oAuth2AuthenticationSettings": [
                {"authorizationServerId": f"server{number}", "scope": f"scope{number}"} for number in (1, 2)
            ]
        },
    ),
    _api(
        "ApiManagementCreateApiWithOpenIdConnect",
        "petstore",
        authenticationSettings={"openid": {"openidProviderId": "testopenid", **_BEARER}},
    ),
    _api(
        "ApiManagementCreateApiWithMultipleOpenIdConnectProviders",
        "identified",
        authenticationSettings={
            "openidAuthenticationSettings": [
                {"openidProviderId": f"provider{number}", **_BEARER} for number in (1, 2)
            ]
        },
    ),
    _api("ApiManagementCreateGraphQLApi", "graphql-api", type="graphql"),
    _api(
        "ApiManagementCreateWebsocketApi",
        "socket",
        type="websocket",
        serviceUrl="wss://echo.contoso.example",
        protocols=["wss", "ws"],
    ),
)


def _import(page: str, content_format: str) -> Example:
    return _api(page, page.lower(), format=content_format, value="https://petstore.contoso.example/v2")


_LOADED = "The local Azure imports no documents"
REFUSED = (
    (_import("ApiManagementCreateApiUsingOai3Import", "openapi-link"), _LOADED),
    (_import("ApiManagementCreateApiUsingSwaggerImport", "swagger-link-json"), _LOADED),
    (_import("ApiManagementCreateApiUsingWadlImport", "wadl-link-json"), _LOADED),
    (_import("ApiManagementCreateSoapToHttpApiUsingWsdlImport", "wsdl-link"), _LOADED),
    (_import("ApiManagementCreateODataApi", "odata-link"), _LOADED),
    (_import("ApiManagementCreateGrpcApi", "grpc-link"), _LOADED),
    (
        entity(
            "ApiManagementCreateBackendServiceFabric",
            f"{SERVICE}/backends/sfbackend",
            description="Service Fabric Test App 1",
            protocol="http",
            url="fabric:/mytestapp/mytestservice",
        ),
        "A backend needs a url that begins with http:// or https://.",
    ),
    (
        entity(
            "ApiManagementCreateApiPolicyNonXmlEncoded",
            f"{API}/policies/policy",
            format="rawxml",
            value='<policies><inbound><base /><set-header name="newvalue" exists-action="override"><value>'
            '"@(context.Request.Headers.FirstOrDefault(h => h.Ke=="Via"))" </value></set-header></inbound></policies>',
        ),
        "a policy expression is only a part of",
    ),
    (
        entity(
            "ApiManagementCreatePolicy",
            f"{SERVICE}/policyFragments/policyFragment2",
            format="xml",
            description="A policy fragment example",
            value='<fragment><json-to-xml apply="always" consider-accept-header="false" /></fragment>',
        ),
        "Error in element 'json-to-xml' on line 1, column 12: ",
    ),
)
