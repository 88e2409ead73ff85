"""The service and its entities, without policies."""

import pytest

from local_azure.arm.json_values import JsonObject, find, objects_at, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, SITE, SUBSCRIPTION, LocalArm, names

API = f"{SERVICE}/apis/iris"
API_BODY: JsonObject = {"properties": {"path": "iris", "displayName": "Iris"}}
PRODUCT = f"{SERVICE}/products/standard"
PRODUCT_BODY: JsonObject = {"properties": {"displayName": "Standard"}}
KEYS = f"{SERVICE}/subscriptions/smoke"


def _subscription(scope: str, **properties: str) -> JsonObject:
    return {"properties": {"displayName": "Smoke", "scope": scope, **properties}}


def test_a_service_tells_where_it_answers(arm: LocalArm) -> None:
    told = arm.get(SERVICE)
    assert find(told, "properties", "gatewayUrl") == SITE.gateway_url
    assert find(told, "properties", "provisioningState") == "Succeeded"
    hosts = objects_at(told, "properties", "hostnameConfigurations")
    assert [host["hostName"] for host in hosts] == ["apim-contoso.azure-api.net"]


def test_writing_a_service_back_keeps_one_built_in_host_name(arm: LocalArm) -> None:
    arm.put(SERVICE, arm.get(SERVICE))
    assert len(objects_at(arm.get(SERVICE), "properties", "hostnameConfigurations")) == 1


def test_the_name_of_a_service_is_unique(arm: LocalArm) -> None:
    other = f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam"
    arm.put(other, PLACE)
    path = f"{other}/providers/Microsoft.ApiManagement/service/APIM-contoso"
    assert arm.refusal("PUT", path, SERVICE_BODY)[:2] == (409, "ServiceAlreadyExists")


def test_a_service_has_built_in_groups_that_stay(arm: LocalArm) -> None:
    assert names(arm.get(f"{SERVICE}/groups")) == ["administrators", "developers", "guests"]
    for method in ("DELETE", "PUT"):
        path = f"{SERVICE}/groups/developers"
        assert arm.refusal(method, path, {"properties": {"displayName": "Us"}})[0] == 405
    arm.put(SERVICE, SERVICE_BODY)
    assert len(names(arm.get(f"{SERVICE}/groups"))) == 3


def test_deleting_a_service_deletes_its_entities(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    arm.send("DELETE", SERVICE)
    assert arm.store.below(SERVICE) == ()


def test_the_value_of_a_secret_is_told_on_request_alone(arm: LocalArm) -> None:
    path = f"{SERVICE}/namedValues/token"
    body: JsonObject = {"properties": {"displayName": "token", "value": "hush", "secret": True}}
    assert find(arm.put(path, body), "properties", "value") is None
    assert "hush" not in str(arm.get(f"{SERVICE}/namedValues"))
    assert arm.send("POST", f"{path}/listValue").body == {"value": "hush"}
    arm.send("PATCH", path, {"properties": {"tags": ["a"]}})
    assert arm.send("POST", f"{path}/LISTVALUE").body == {"value": "hush"}


def test_a_value_that_is_no_secret_is_told(arm: LocalArm) -> None:
    path = f"{SERVICE}/namedValues/limit"
    arm.put(path, {"properties": {"displayName": "limit", "value": "10"}})
    assert find(arm.get(path), "properties", "value") == "10"


def test_a_named_value_needs_a_value_and_a_display_name_of_its_own(arm: LocalArm) -> None:
    body: JsonObject = {"properties": {"displayName": "limit", "value": "10"}}
    arm.put(f"{SERVICE}/namedValues/limit", body)
    assert "already exists" in arm.refusal("PUT", f"{SERVICE}/namedValues/other", body)[2]
    without: JsonObject = {"properties": {"displayName": "open"}}
    assert "needs a value" in arm.refusal("PUT", f"{SERVICE}/namedValues/open", without)[2]


def test_keys_are_made_once_and_told_on_request_alone(arm: LocalArm) -> None:
    told = arm.put(KEYS, _subscription("/apis"))
    assert not {"primaryKey", "secondaryKey"} & set(told["properties"] or ())  # type: ignore[arg-type] # an object
    keys = arm.send("POST", f"{KEYS}/listSecrets").body
    assert keys is not None
    assert len({text(keys, "primaryKey"), text(keys, "secondaryKey")}) == 2
    arm.put(KEYS, _subscription("/apis", state="active"))
    assert arm.send("POST", f"{KEYS}/listSecrets").body == keys


def test_a_key_can_be_given(arm: LocalArm) -> None:
    arm.put(KEYS, _subscription("/apis", primaryKey="given-key"))
    assert text(arm.send("POST", f"{KEYS}/listSecrets").body, "primaryKey") == "given-key"


def test_a_subscription_is_submitted_until_somebody_activates_it(arm: LocalArm) -> None:
    assert find(arm.put(KEYS, _subscription("/apis")), "properties", "state") == "submitted"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("/", SERVICE),
        ("/apis", f"{SERVICE}/apis"),
        ("/apis/iris", API),
        ("/products/STANDARD", PRODUCT),
        (API, API),
        (SERVICE, SERVICE),
    ],
)
def test_a_scope_is_told_as_a_full_id(arm: LocalArm, given: str, told: str) -> None:
    arm.put(API, API_BODY)
    arm.put(PRODUCT, PRODUCT_BODY)
    assert find(arm.put(KEYS, _subscription(given)), "properties", "scope") == told


@pytest.mark.parametrize("scope", ["/apis/nowhere", "/groups/developers", GROUP, "/products"])
def test_any_other_scope_is_refused(arm: LocalArm, scope: str) -> None:
    assert "is no scope of this service" in arm.refusal("PUT", KEYS, _subscription(scope))[2]


def test_a_product_with_subscriptions_is_deleted_only_with_them(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    arm.put(KEYS, _subscription("/products/standard"))
    refused = arm.refusal("DELETE", PRODUCT)
    assert refused[:2] == (400, "ValidationError")
    assert refused[2].startswith("Product cannot be deleted since it has existing subscriptions.")
    assert arm.send("DELETE", PRODUCT, deletesubscriptions="true").status == 200
    assert names(arm.get(f"{SERVICE}/subscriptions")) == []


def test_the_administrator_is_subscribed_to_a_product_from_its_beginning(arm: LocalArm) -> None:
    for _ in range(2):
        arm.put(PRODUCT, PRODUCT_BODY)
    arm.put(
        f"{SERVICE}/products/open", {"properties": {"displayName": "Open", "subscriptionRequired": False}}
    )
    (own,) = objects_at(arm.get(f"{SERVICE}/subscriptions"), "value")
    wanted = {"scope": PRODUCT, "state": "active", "ownerId": f"{SERVICE}/users/1"}
    assert {name: find(own, "properties", name) for name in wanted} == wanted
    keys = arm.send("POST", f"{text(own, 'id')}/listSecrets").body
    assert len({text(keys, "primaryKey"), text(keys, "secondaryKey"), ""}) == 3
    assert arm.refusal("DELETE", PRODUCT)[0] == 400
    assert arm.send("DELETE", text(own, "id")).status == 200
    assert arm.send("DELETE", PRODUCT).status == 200


def test_the_administrators_subscription_can_be_changed_although_it_has_no_name(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    (own,) = objects_at(arm.get(f"{SERVICE}/subscriptions"), "value")
    changed = arm.send("PATCH", text(own, "id"), {"properties": {"state": "suspended"}})
    assert (changed.status, find(changed.body, "properties", "state")) == (200, "suspended")


def test_a_change_cannot_take_a_required_field_away(arm: LocalArm) -> None:
    arm.put(KEYS, _subscription("/apis"))
    refused = arm.refusal("PATCH", KEYS, {"properties": {"displayName": None}})
    assert refused[2].endswith("'displayName' is required.")


def test_links_need_what_they_link(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    refused = arm.refusal("PUT", f"{PRODUCT}/apiLinks/iris", {"properties": {"apiId": API}})
    assert f"'{API}' is not one of the apis of this service." in refused[2]
    group = f"{SERVICE}/groups/nowhere"
    assert arm.refusal("PUT", f"{PRODUCT}/groupLinks/g", {"properties": {"groupId": group}})[0] == 400


def test_deleting_a_group_deletes_its_links(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    group = f"{SERVICE}/groups/data-science"
    arm.put(group, {"properties": {"displayName": "Data science"}})
    arm.put(f"{PRODUCT}/groupLinks/science", {"properties": {"groupId": group}})
    arm.put(f"{PRODUCT}/groupLinks/guests", {"properties": {"groupId": f"{SERVICE}/groups/guests"}})
    assert arm.send("DELETE", group).status == 200
    assert names(arm.get(f"{PRODUCT}/groupLinks")) == ["guests"]


def test_both_views_of_a_products_apis_agree(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    arm.put(PRODUCT, PRODUCT_BODY)
    member = f"{PRODUCT}/apis/IRIS"
    assert arm.send("HEAD", member).status == 404
    assert arm.send("PUT", member).status == 201
    assert arm.send("PUT", member).status == 200
    assert arm.send("HEAD", member).status == 204
    links = objects_at(arm.get(f"{PRODUCT}/apiLinks"), "value")
    assert [text(link, "properties", "apiId") for link in links] == [API]
    arm.send("DELETE", f"{PRODUCT}/apiLinks/{text(links[0], 'name')}")
    assert arm.send("HEAD", member).status == 404
    arm.put(f"{PRODUCT}/apiLinks/other", {"properties": {"apiId": API}})
    assert names(arm.get(f"{PRODUCT}/apis")) == ["iris"]
    assert arm.send("DELETE", member).status == 200
    assert arm.send("DELETE", member).status == 204
    assert arm.refusal("PUT", f"{PRODUCT}/apis/nowhere")[2] == "Api not found."


def test_an_api_takes_the_defaults_of_the_service(arm: LocalArm) -> None:
    properties = find(arm.put(API, API_BODY), "properties")
    assert isinstance(properties, dict)
    assert (properties["subscriptionRequired"], properties["apiRevision"]) == (True, "1")
    assert find(properties, "subscriptionKeyParameterNames", "header") == "Ocp-Apim-Subscription-Key"


def test_a_document_to_import_is_refused(arm: LocalArm) -> None:
    body: JsonObject = {"path": "iris", "format": "openapi", "value": "openapi: 3.0.1"}
    assert "imports no documents" in arm.refusal("PUT", API, {"properties": body})[2]


def test_a_version_needs_an_existing_version_set(arm: LocalArm) -> None:
    version: JsonObject = {"path": "iris", "displayName": "Iris", "apiVersion": "v1"}
    assert "needs an apiVersionSetId" in arm.refusal("PUT", API, {"properties": version})[2]
    wanted = version | {"apiVersionSetId": "/apiVersionSets/iris"}
    assert "not one of the apiVersionSets" in arm.refusal("PUT", API, {"properties": wanted})[2]
    version_set: JsonObject = {"properties": {"displayName": "Iris", "versioningScheme": "Segment"}}
    arm.put(f"{SERVICE}/apiVersionSets/iris", version_set)
    told = arm.put(API, {"properties": wanted})
    assert find(told, "properties", "apiVersionSetId") == f"{SERVICE}/apiVersionSets/iris"
    refused = arm.refusal("DELETE", f"{SERVICE}/apiVersionSets/iris")
    assert refused[2] == "The ApiVersionSet 'iris' is used by the following entities:\r\n/apis/iris\r\n"
    arm.send("DELETE", API)
    assert arm.send("DELETE", f"{SERVICE}/apiVersionSets/iris").status == 200


def _version(name: str, version_set: str = "iris") -> JsonObject:
    identity = f"/apiVersionSets/{version_set}"
    return {
        "properties": {"path": "iris", "displayName": "I", "apiVersion": name, "apiVersionSetId": identity}
    }


def test_the_path_of_an_api_is_its_own(arm: LocalArm) -> None:
    for _ in range(2):
        arm.put(API, API_BODY)
    other: JsonObject = {"properties": {"path": "/Iris", "displayName": "Iris"}}
    status, code, sentence = arm.refusal("PUT", f"{SERVICE}/apis/other", other)
    assert (status, code) == (400, "ValidationError")
    assert sentence.endswith(
        "Cannot create API 'other' with the same Path '/Iris' as API 'iris'  unless it's a part of the same "
        "version set"
    )
    arm.put(f"{SERVICE}/apis/iris;rev=2", API_BODY)


def test_versions_of_one_set_share_their_path(arm: LocalArm) -> None:
    for name in ("iris", "other"):
        version_set: JsonObject = {"properties": {"displayName": name, "versioningScheme": "Segment"}}
        arm.put(f"{SERVICE}/apiVersionSets/{name}", version_set)
    arm.put(f"{SERVICE}/apis/iris-v1", _version("v1"))
    arm.put(f"{SERVICE}/apis/iris-v2", _version("v2"))
    assert "is the version 'v1'" in arm.refusal("PUT", f"{SERVICE}/apis/again", _version("v1"))[2]
    elsewhere = arm.refusal("PUT", f"{SERVICE}/apis/again", _version("v3", "other"))
    assert "part of the same version set" in elsewhere[2]


def test_two_operations_of_an_api_differ_in_method_or_template(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    for _ in range(2):
        arm.put(f"{API}/operations/predict", _operation())
    refused = arm.refusal("PUT", f"{API}/operations/again", _operation())
    assert refused[:2] == (400, "ValidationError")
    assert refused[2].endswith(
        "Operation with the same method and URL template already exists: POST, /predict"
    )
    arm.put(f"{API}/operations/again", _operation(method="GET"))
    arm.put(f"{SERVICE}/apis/other", {"properties": {"path": "other", "displayName": "Other"}})
    arm.put(f"{SERVICE}/apis/other/operations/predict", _operation())


def test_deleting_an_api_deletes_what_names_it(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    arm.put(f"{SERVICE}/apis/iris-2", {"properties": {"path": "iris-2", "displayName": "Iris 2"}})
    arm.put(PRODUCT, PRODUCT_BODY)
    arm.put(f"{PRODUCT}/apiLinks/iris", {"properties": {"apiId": API}})
    arm.put(KEYS, _subscription("/apis/iris"))
    arm.put(f"{SERVICE}/subscriptions/other", _subscription("/apis/iris-2"))
    assert arm.send("DELETE", API).status == 202
    assert names(arm.get(f"{PRODUCT}/apiLinks")) == []
    assert {"smoke", "other"} & {*names(arm.get(f"{SERVICE}/subscriptions"))} == {"other"}
    assert names(arm.get(f"{SERVICE}/apis")) == ["iris-2"]


def _operation(**properties: object) -> JsonObject:
    body = {"displayName": "Predict", "method": "POST", "urlTemplate": "/predict", **properties}
    return {"properties": body}  # type: ignore[dict-item] # JSON


def test_an_operation_describes_the_parameters_of_its_template(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    path = f"{API}/operations/predict"
    refused = arm.refusal("PUT", path, _operation(urlTemplate="/models/{name}/{*rest}"))
    assert "the following parameters are defined: name, rest." in refused[2]
    described = [{"name": "name", "type": "string", "required": True}]
    arm.put(path, _operation(urlTemplate="/models/{name}", templateParameters=described))


def test_a_representation_needs_its_schema(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    path, schema = f"{API}/operations/predict", f"{API}/schemas/components"
    representation = {"contentType": "application/json", "schemaId": "components", "typeName": "Request"}
    body = _operation(request={"representations": [representation]})
    assert "The API has no schema 'components'" in arm.refusal("PUT", path, body)[2]
    document: JsonObject = {"components": {"schemas": {"Request": {"type": "object"}}}}
    contract: JsonObject = {
        "contentType": "application/vnd.oai.openapi.components+json",
        "document": document,
    }
    assert find(arm.put(schema, {"properties": contract}), "properties", "document") == document
    arm.put(path, body)
    used_by = "/apis/iris/operations/predict\r\n"
    assert used_by in arm.refusal("DELETE", schema)[2]
    unnamed = {"contentType": "application/json", "schemaId": "components"}
    responses = _operation(responses=[{"statusCode": 200, "representations": [unnamed]}])
    assert "needs a typeName" in arm.refusal("PUT", path, responses)[2]


def test_a_schema_needs_a_document(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    contract: JsonObject = {"properties": {"contentType": "application/json", "document": {}}}
    assert "needs a document" in arm.refusal("PUT", f"{API}/schemas/components", contract)[2]


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"protocol": "http"}, "url"),
        ({"url": "model.contoso.example", "protocol": "http"}, "url"),
        ({"url": "https://model.contoso.example"}, "protocol"),
        ({"url": "https://model.contoso.example", "protocol": "https"}, "protocol"),
        ({"type": "Many"}, "type is 'Single' or 'Pool', not 'Many'"),
        (
            {
                "url": "https://model.contoso.example",
                "protocol": "http",
                "credentials": {"header": {"x-key": ["{{nowhere}}"]}},
            },
            "Property 'nowhere' not found.",
        ),
    ],
)
def test_a_backend_that_cannot_be_called_is_refused(arm: LocalArm, properties: JsonObject, word: str) -> None:
    status, code, sentence = arm.refusal("PUT", f"{SERVICE}/backends/iris", {"properties": properties})
    assert (status, code) == (400, "ValidationError")
    assert word in sentence


def _logger(**credentials: str) -> JsonObject:
    return {"properties": {"loggerType": "applicationInsights", "credentials": {**credentials}}}


def test_a_logger_puts_its_credentials_into_a_named_value(arm: LocalArm) -> None:
    told = arm.put(f"{SERVICE}/loggers/insights", _logger(instrumentationKey="the-key"))
    reference = text(told, "properties", "credentials", "instrumentationKey")
    assert reference.startswith("{{Logger-Credentials--")
    (minted,) = names(arm.get(f"{SERVICE}/namedValues"))
    assert arm.send("POST", f"{SERVICE}/namedValues/{minted}/listValue").body == {"value": "the-key"}
    assert "the-key" not in str(arm.get(f"{SERVICE}/loggers"))


def test_a_logger_keeps_the_named_value_that_it_is_given(arm: LocalArm) -> None:
    body = _logger(connectionString="{{insights}}")
    refused = arm.refusal("PUT", f"{SERVICE}/loggers/insights", body)
    assert refused[2].endswith("Property 'insights' not found.")
    value: JsonObject = {"properties": {"displayName": "insights", "value": "x", "secret": True}}
    arm.put(f"{SERVICE}/namedValues/insights", value)
    told = arm.put(f"{SERVICE}/loggers/insights", body)
    assert find(told, "properties", "credentials") == {"connectionString": "{{insights}}"}
    assert names(arm.get(f"{SERVICE}/namedValues")) == ["insights"]


def test_a_logger_that_writes_as_an_identity_needs_no_named_value(arm: LocalArm) -> None:
    credentials = {"connectionString": "InstrumentationKey=1;", "identityClientId": "client"}
    told = arm.put(f"{SERVICE}/loggers/insights", _logger(**credentials))
    assert find(told, "properties", "credentials") == credentials
    assert names(arm.get(f"{SERVICE}/namedValues")) == []


def test_a_logger_needs_credentials(arm: LocalArm) -> None:
    body: JsonObject = {"properties": {"loggerType": "applicationInsights"}}
    assert "needs credentials" in arm.refusal("PUT", f"{SERVICE}/loggers/insights", body)[2]


def test_a_diagnostic_needs_its_logger(arm: LocalArm) -> None:
    path = f"{SERVICE}/diagnostics/applicationinsights"
    body: JsonObject = {"properties": {"loggerId": "/loggers/insights"}}
    assert "is not one of the loggers of this service" in arm.refusal("PUT", path, body)[2]
    arm.put(f"{SERVICE}/loggers/insights", _logger(instrumentationKey="the-key"))
    assert find(arm.put(path, body), "properties", "loggerId") == f"{SERVICE}/loggers/insights"
    refused = arm.refusal("DELETE", f"{SERVICE}/loggers/insights")
    assert refused[2].endswith("used by the following entities:\r\n/diagnostics/applicationinsights\r\n")
    arm.send("DELETE", path)
    assert arm.send("DELETE", f"{SERVICE}/loggers/insights").status == 200


def test_a_named_value_stays_while_credentials_name_it(arm: LocalArm) -> None:
    value = f"{SERVICE}/namedValues/token"
    arm.put(value, {"properties": {"displayName": "the-token", "value": "x", "secret": True}})
    credentials: JsonObject = {"header": {"x-token": ["{{the-token}}"]}}
    backend: JsonObject = {"url": "https://a.example", "protocol": "http", "credentials": credentials}
    arm.put(f"{SERVICE}/backends/iris", {"properties": backend})
    arm.put(f"{SERVICE}/loggers/insights", _logger(connectionString="{{the-token}}"))
    refused = arm.refusal("DELETE", value)
    assert refused[2].endswith("used by the following entities:\r\n/backends/iris\r\n/loggers/insights\r\n")
    for user in ("backends/iris", "loggers/insights"):
        arm.send("DELETE", f"{SERVICE}/{user}")
    assert arm.send("DELETE", value).status == 200


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "nonsense"}, "R/type: 'nonsense' is not"),
        ({"properties": {"a": {"type": "string", "pattern": "("}}}, "R/properties/a/pattern: '(' is not"),
        ({"required": True}, "R/required: True is not"),
    ],
)
def test_a_schema_that_no_body_can_be_validated_with_is_refused(
    arm: LocalArm, schema: JsonObject, says: str
) -> None:
    arm.put(API, API_BODY)
    document: JsonObject = {"components": {"schemas": {"R": schema}}}
    body: JsonObject = {"properties": {"contentType": "application/json", "document": document}}
    assert f"The schema cannot be used: {says}" in arm.refusal("PUT", f"{API}/schemas/s", body)[2]


def test_a_schema_of_open_api_is_taken(arm: LocalArm) -> None:
    arm.put(API, API_BODY)
    schema: JsonObject = {
        "type": "object",
        "required": [],
        "properties": {"a": {"type": "integer", "nullable": True, "exclusiveMinimum": True, "minimum": 0}},
        "example": {"a": 1},
    }
    document: JsonObject = {"components": {"schemas": {"R": schema}}}
    arm.put(f"{API}/schemas/s", {"properties": {"contentType": "application/json", "document": document}})
