"""Bodies after the examples that Microsoft's REST reference prints with each PUT, one for every type of resource.

Each has the fields of the example that `page` names (the page's "Examples", in the specifications the file of that
name), with names and ids of our own. They stand in an order in which what is referred to comes first. Other examples
of the same types are in more_documented_examples.py.
"""

from dataclasses import dataclass

from local_azure.arm.json_values import JsonObject
from tests.unit.arm.local_arm import GROUP, SERVICE, SUBSCRIPTION

NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-contoso"
SECURITY_GROUP = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg-contoso"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-contoso"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-contoso"
ROLE = (
    f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
)
TENANT = "00000000-0000-0000-0000-000000000000"
API = f"{SERVICE}/apis/echo"
PRODUCT = f"{SERVICE}/products/starter"
FORWARD = "<policies> <inbound /> <backend>    <forward-request />  </backend>  <outbound /></policies>"
LOGGED: JsonObject = {"headers": ["Content-type"], "body": {"bytes": 512}}
CERTIFICATE: JsonObject = {"encodedCertificate": "Base64", "certificatePassword": "Password"}


@dataclass(frozen=True, slots=True)
class Example:
    """One PUT."""

    page: str
    """Name of the example."""
    path: str
    body: JsonObject
    hidden: frozenset[str] = frozenset()
    """Fields that an answer does not hold as they were sent: secrets."""


def entity(page: str, path: str, /, *hidden: str, **properties: object) -> Example:
    return Example(page, path, {"properties": {**properties}}, frozenset(hidden))  # type: ignore[dict-item] # JSON


def service(page: str, sku: str, units: int, *hidden: str, **more: object) -> Example:
    identity = more.pop("identity", None)
    body: JsonObject = {
        "location": "South Central US",
        "tags": {"Name": "Contoso", "Test": "User"},
        "sku": {"name": sku, "capacity": units},
        "properties": {"publisherEmail": "apim@contoso.example", "publisherName": "Contoso", **more},  # type: ignore[dict-item] # JSON
    }
    if identity:
        body["identity"] = identity  # type: ignore[assignment] # JSON
    return Example(page, f"{SERVICE}-{page.lower()[-30:]}", body, frozenset(hidden))


AROUND = (
    Example(
        "Create or update a resource group", f"{SUBSCRIPTION}/resourceGroups/rg-other", {"location": "eastus"}
    ),
    Example(
        "NetworkSecurityGroupCreateWithRule",
        SECURITY_GROUP,
        {
            "location": "eastus",
            "properties": {
                "securityRules": [
                    {
                        "name": "rule1",
                        "properties": {
                            "protocol": "*",
                            "sourceAddressPrefix": "*",
                            "destinationAddressPrefix": "*",
                            "access": "Allow",
                            "destinationPortRange": "80",
                            "sourcePortRange": "*",
                            "priority": 130,
                            "direction": "Inbound",
                        },
                    }
                ]
            },
        },
    ),
    Example(
        "VirtualNetworkCreateWithBgpCommunities",
        NETWORK,
        {
            "location": "eastus",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "test-1", "properties": {"addressPrefix": "10.0.0.0/24"}}],
                "bgpCommunities": {"virtualNetworkCommunity": "12076:20000"},
            },
        },
    ),
    entity(
        "SubnetCreateServiceEndpoint",
        f"{NETWORK}/subnets/subnet1",
        addressPrefix="10.0.1.0/24",
        serviceEndpoints=[{"service": "Microsoft.Storage"}],
    ),
    Example(
        "WorkspacesCreate",
        WORKSPACE,
        {
            "location": "australiasoutheast",
            "tags": {"tag1": "val1"},
            "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30},
        },
    ),
    Example(
        "ComponentCreate",
        f"{GROUP}/providers/Microsoft.Insights/components/appi-contoso",
        {
            "location": "South Central US",
            "kind": "web",
            "properties": {
                "Application_Type": "web",
                "Flow_Type": "Bluefield",
                "WorkspaceResourceId": WORKSPACE,
                "Request_Source": "rest",
            },
        },
    ),
    Example("IdentityCreate", IDENTITY, {"location": "eastus", "tags": {"key1": "value1", "key2": "value2"}}),
    Example(
        "Create or update a vault with network acls",
        VAULT,
        {
            "location": "westus",
            "properties": {
                "tenantId": TENANT,
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [
                    {
                        "tenantId": TENANT,
                        "objectId": TENANT,
                        "permissions": {"keys": ["get", "list"], "secrets": ["get"], "certificates": ["get"]},
                    }
                ],
                "networkAcls": {
                    "defaultAction": "Deny",
                    "bypass": "AzureServices",
                    "ipRules": [{"value": "124.56.78.91"}, {"value": "10.91.4.0/24"}],
                    "virtualNetworkRules": [{"id": f"{NETWORK}/subnets/subnet1"}],
                },
                "enabledForDeployment": True,
                "enabledForDiskEncryption": True,
                "enabledForTemplateDeployment": True,
            },
        },
    ),
    entity("Create a secret", f"{VAULT}/secrets/secret-name", "value", value="secret-value"),
    entity(
        "Create role assignment for resource",
        f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/05c5a614-a7d6-4502-b150-c2fb455033ff",
        roleDefinitionId=ROLE,
        principalId="ce2ce14e-85d7-4629-bdbc-454d0519d987",
        principalType="User",
    ),
)

SERVICES = (
    service("ApiManagementCreateService", "Developer", 1),
    service("ApiManagementCreateServiceHavingMsi", "Consumption", 0, identity={"type": "SystemAssigned"}),
    service(
        "CreateServiceWithUserAssignedIdentity",
        "Consumption",
        0,
        identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    ),
    service(
        "CreateServiceWithSystemCertificates",
        "Basic",
        1,
        *CERTIFICATE,
        certificates=[{"storeName": "CertificateAuthority", **CERTIFICATE}],
    ),
    service(
        "CreateMultiRegionServiceWithCustomHostname",
        "Premium",
        1,
        *CERTIFICATE,
        hostnameConfigurations=[
            {
                "type": "Proxy",
                "hostName": "gateway1.contoso.example",
                "defaultSslBinding": True,
                **CERTIFICATE,
            },
            {"type": "Management", "hostName": "mgmt.contoso.example", **CERTIFICATE},
        ],
        additionalLocations=[
            {"location": "East US", "sku": {"name": "Premium", "capacity": 1}, "disableGateway": True}
        ],
        virtualNetworkType="None",
        apiVersionConstraint={"minApiVersion": "2019-01-01"},
    ),
)

ENTITIES = (
    entity(
        "ApiManagementCreateNamedValue",
        f"{SERVICE}/namedValues/testprop2",
        displayName="prop3name",
        value="propValue",
        tags=["foo", "bar"],
        secret=False,
    ),
    entity(
        "ApiManagementCreateNamedValueWithKeyVault",
        f"{SERVICE}/namedValues/testprop6",
        displayName="prop6namekv",
        keyVault={"secretIdentifier": "https://kv-contoso.vault.azure.net/secrets/secret-name"},
        tags=["foo", "bar"],
        secret=True,
    ),
    entity(
        "ApiManagementCreateAILogger",
        f"{SERVICE}/loggers/insights",
        "instrumentationKey",
        loggerType="applicationInsights",
        description="adding a new logger",
        credentials={"instrumentationKey": "11................a1"},
    ),
    entity(
        "ApiManagementCreateEHLogger",
        f"{SERVICE}/loggers/eh1",
        "connectionString",
        "name",  # the example's answer has no plain name either
        loggerType="azureEventHub",
        description="adding a new logger",
        credentials={
            "name": "hub",
            "connectionString": "Endpoint=sb://hub.contoso.example/;SharedAccessKey=k",
        },
    ),
    entity(
        "ApiManagementCreateDiagnostic",
        f"{SERVICE}/diagnostics/applicationinsights",
        alwaysLog="allErrors",
        loggerId="/loggers/insights",
        sampling={"samplingType": "fixed", "percentage": 50},
        frontend={"request": LOGGED, "response": LOGGED},
        backend={"request": LOGGED, "response": LOGGED},
    ),
    entity(
        "ApiManagementCreateBackendProxyBackend",
        f"{SERVICE}/backends/proxybackend",
        description="description5308",
        url="https://backend.contoso.example/",
        protocol="http",
        tls={"validateCertificateChain": True, "validateCertificateName": True},
        proxy={"url": "http://192.168.1.1:8080", "username": "Contoso\\admin", "password": "<password>"},
        credentials={
            "query": {"sv": ["xx", "bb", "cc"]},
            "header": {"x-my-1": ["val1", "val2"]},
            "authorization": {"scheme": "Basic", "parameter": "opensesame"},
        },
    ),
    entity(
        "ApiManagementCreatePolicy",
        f"{SERVICE}/policies/policy",
        format="xml",
        value="<policies>\r\n  <inbound />\r\n  <backend>\r\n    <forward-request />\r\n  </backend>\r\n  "
        "<outbound />\r\n</policies>",
    ),
    entity(
        "ApiManagementCreatePolicy",  # of a policy fragment: its statement is one that the gateway here executes
        f"{SERVICE}/policyFragments/policyFragment1",
        format="xml",
        description="A policy fragment example",
        value='<fragment><set-header name="x-api"><value>@(context.Api.Name)</value></set-header></fragment>',
    ),
    entity("ApiManagementCreateProduct", PRODUCT, displayName="Starter"),
    entity("ApiManagementCreateGroup", f"{SERVICE}/groups/temp", displayName="temp group"),
    entity(
        "ApiManagementCreateGroupExternal",
        f"{SERVICE}/groups/aad",
        displayName="NewGroup (contoso.example)",
        description="new group to test",
        type="external",
        externalId="aad://contoso.example/groups/83cf2753-5831-4675-bc0e-2f8dc067c58d",
    ),
    entity(
        "ApiManagementCreateApiVersionSet",
        f"{SERVICE}/apiVersionSets/api1",
        displayName="api set 1",
        versioningScheme="Segment",
        description="Version configuration",
    ),
    entity(
        "ApiManagementCreateApi",
        API,
        description="apidescription5200",
        authenticationSettings={
            "oAuth2": {"authorizationServerId": "server2283", "scope": "oauth2scope2580"}
        },
        subscriptionKeyParameterNames={"header": "header4520", "query": "query3037"},
        displayName="apiname1463",
        serviceUrl="http://echo.contoso.example/api",
        path="echo",
        protocols=["https", "http"],
    ),
    entity(
        "ApiManagementCreateApiRevisionFromExistingApi",
        f"{API};rev=3",
        path="echo",
        serviceUrl="http://echo.contoso.example/apiv3",
        sourceApiId=API,
        apiRevisionDescription="Creating a Revision of an existing API",
    ),
    entity(
        "ApiManagementCreateApiNewVersionUsingExistingApi",
        f"{SERVICE}/apis/echov3",
        displayName="Echo API2",
        description="Create Echo API into a new Version using Existing Version Set and Copy all Operations.",
        subscriptionRequired=True,
        serviceUrl="http://echo.contoso.example/api",
        path="echo2",
        protocols=["http", "https"],
        isCurrent=True,
        apiVersion="v4",
        sourceApiId=API,
        apiVersionSetId=f"{SERVICE}/apiVersionSets/api1",
    ),
    entity(
        "ApiManagementCreateApiSchema",
        f"{API}/schemas/xsd",
        contentType="application/vnd.ms-azure-apim.xsd+xml",
        document={
            "value": '<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema"><s:element name="A" /></s:schema>'
        },
    ),
    entity(
        "ApiManagementCreateApiOperation",
        f"{API}/operations/new",
        displayName="createUser2",
        method="POST",
        urlTemplate="/user1",
        templateParameters=[],
        description="This can only be done by the logged in user.",
        request={
            "description": "Created user object",
            "queryParameters": [],
            "headers": [],
            "representations": [{"contentType": "application/json", "schemaId": "xsd", "typeName": "User"}],
        },
        responses=[
            {
                "statusCode": 200,
                "description": "successful operation",
                "representations": [{"contentType": "application/xml"}, {"contentType": "application/json"}],
                "headers": [],
            }
        ],
    ),
    entity("ApiManagementCreateApiPolicy", f"{API}/policies/policy", format="xml", value=FORWARD),
    entity(
        "ApiManagementCreateApiOperationPolicy",
        f"{API}/operations/new/policies/policy",
        format="xml",
        value=FORWARD,
    ),
    entity(
        # Its rate limit alone: the local gateway executes neither log-to-eventhub nor quota-by-key.
        "ApiManagementCreateProductPolicy",
        f"{PRODUCT}/policies/policy",
        format="xml",
        value='<policies>\r\n  <inbound>\r\n    <rate-limit calls="10" renewal-period="15"></rate-limit>\r\n    '
        "<base />\r\n  </inbound>\r\n  <backend>\r\n    <base />\r\n  </backend>\r\n  <outbound>\r\n    <base />\r\n  "
        "</outbound>\r\n</policies>",
    ),
    entity("ApiManagementCreateProductApiLink", f"{PRODUCT}/apiLinks/link1", apiId=API),
    entity(
        "ApiManagementCreateProductGroupLink", f"{PRODUCT}/groupLinks/link1", groupId=f"{SERVICE}/groups/temp"
    ),
    entity(
        "ApiManagementCreateSubscription",
        f"{SERVICE}/subscriptions/testsub",
        ownerId=f"{SERVICE}/users/1",
        scope=PRODUCT,
        displayName="testsub",
    ),
    entity("ApiManagementCreateTag", f"{SERVICE}/tags/tagId1", displayName="tag1"),
    entity("ApiManagementCreateTagApiLink", f"{SERVICE}/tags/tagId1/apiLinks/link1", apiId=API),
)
