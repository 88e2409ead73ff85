"""What Azure Resource Manager asks of every request, and the shape of its answers."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from local_azure.arm.json_values import JsonObject, find, objects_at, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, SITE, SUBSCRIPTION, LocalArm, names

PRODUCT = f"{SERVICE}/products/standard"
PRODUCT_BODY: JsonObject = {"properties": {"displayName": "Standard", "subscriptionRequired": False}}


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Basic b3BlcmF0b3I6"])
def test_a_request_without_bearer_token_is_refused(grouped: LocalArm, authorization: str) -> None:
    answer = grouped.send("GET", GROUP, authorization=authorization)
    assert answer.status == 401
    assert text(answer.body, "error", "code") == "AuthenticationFailed"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_request_without_api_version_is_refused(grouped: LocalArm) -> None:
    status, code, sentence = grouped.refusal("GET", GROUP, version="")
    assert (status, code) == (400, "MissingApiVersionParameter")
    assert sentence == "The api-version query parameter (?api-version=) is required for all requests."


def test_an_unknown_api_version_is_refused_with_those_that_are_known(grouped: LocalArm) -> None:
    status, code, sentence = grouped.refusal("PUT", SERVICE, SERVICE_BODY, version="2019-01-01")
    assert (status, code) == (400, "InvalidApiVersionParameter")
    assert sentence == "The api-version '2019-01-01' is invalid. The supported versions are '2024-05-01'."


def test_an_unknown_type_of_resource_is_not_found(grouped: LocalArm) -> None:
    path = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"
    status, code, sentence = grouped.refusal("GET", path, version="2024-03-01")
    assert (status, code) == (404, "InvalidResourceType")
    assert "'virtualMachines' could not be found in the namespace 'Microsoft.Compute'" in sentence


def test_a_path_outside_of_subscriptions_is_not_found(empty: LocalArm) -> None:
    assert empty.refusal("GET", "/tenants", version="2022-12-01")[:2] == (404, "MissingSubscription")


def test_a_subscription_id_is_a_guid(empty: LocalArm) -> None:
    path = "/subscriptions/contoso/resourceGroups/rg"
    assert empty.refusal("PUT", path, PLACE)[:2] == (400, "InvalidSubscriptionId")


@pytest.mark.parametrize(
    "path", [f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults/v", f"{GROUP}/resourceGroups/g"]
)
def test_a_resource_lies_in_a_group_and_a_group_in_a_subscription(grouped: LocalArm, path: str) -> None:
    assert grouped.refusal("PUT", path, PLACE)[:2] == (404, "InvalidResourceType")


def test_the_group_of_a_resource_has_to_exist(empty: LocalArm) -> None:
    status, code, sentence = empty.refusal("PUT", SERVICE, SERVICE_BODY)
    assert (status, code) == (404, "ResourceGroupNotFound")
    assert sentence == "Resource group 'rg-contoso' could not be found."


def test_the_parent_of_a_resource_has_to_exist(grouped: LocalArm) -> None:
    status, code, sentence = grouped.refusal("PUT", PRODUCT, PRODUCT_BODY)
    assert (status, code) == (404, "ParentResourceNotFound")
    assert sentence == (
        f"Failed to perform 'write' on resource(s) of type 'service/products', because the parent resource "
        f"'{SERVICE}' could not be found."
    )


def test_an_entity_whose_parent_entity_is_missing_is_refused_in_api_managements_words(arm: LocalArm) -> None:
    path = f"{SERVICE}/apis/iris/operations/predict"
    assert arm.refusal("GET", path) == (404, "ResourceNotFound", "Api not found.")


def test_a_resource_that_is_not_there_is_named(grouped: LocalArm) -> None:
    status, code, sentence = grouped.refusal("GET", SERVICE)
    assert (status, code) == (404, "ResourceNotFound")
    assert "apim-contoso' under resource group 'rg-contoso' was not found" in sentence


@pytest.mark.parametrize("body", ["text", [1], 3])
def test_a_body_that_is_no_object_is_refused(grouped: LocalArm, body: str | int | list[int]) -> None:
    refused = grouped.refusal("PUT", GROUP, body if not isinstance(body, list) else [*body])
    assert refused[:2] == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff", b'{"tags": NaN}', b'{"location": 1e999}', b'{"location": "\\ud800"}', b'{"a":' * 100_000],
    ids=["broken", "no text", "no number", "too large", "half a character", "too deep"],
)
def test_content_that_could_not_be_told_again_is_refused(grouped: LocalArm, content: bytes) -> None:
    answer = grouped.send("PUT", GROUP, content)
    assert (answer.status, text(answer.body, "error", "code")) == (400, "InvalidRequestContent")
    assert grouped.get(GROUP)["location"] == "westeurope"


def test_creation_answers_201_and_a_change_200(arm: LocalArm) -> None:
    assert arm.send("PUT", PRODUCT, PRODUCT_BODY).status == 201
    assert arm.send("PUT", PRODUCT, PRODUCT_BODY).status == 200


def test_a_resource_is_told_with_id_name_and_type(arm: LocalArm) -> None:
    told = arm.put(PRODUCT.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), PRODUCT_BODY)
    assert told["id"] == f"{SERVICE}/products/STANDARD"
    assert (told["name"], told["type"]) == ("STANDARD", "Microsoft.ApiManagement/service/products")
    assert arm.get(PRODUCT)["id"] == told["id"]


def test_put_replaces_and_patch_merges(arm: LocalArm) -> None:
    arm.put(PRODUCT, {"properties": {"displayName": "Standard", "description": "For all", "terms": "None"}})
    arm.send("PATCH", PRODUCT, {"properties": {"terms": None, "state": "published"}})
    merged = find(arm.get(PRODUCT), "properties")
    assert isinstance(merged, dict)
    assert (merged["description"], merged["state"], merged.get("terms")) == ("For all", "published", None)
    arm.put(PRODUCT, PRODUCT_BODY)
    replaced = find(arm.get(PRODUCT), "properties")
    assert isinstance(replaced, dict)
    assert (replaced.get("description"), replaced["state"]) == (None, "notPublished")


def test_patch_needs_the_resource(arm: LocalArm) -> None:
    assert arm.refusal("PATCH", PRODUCT, PRODUCT_BODY) == (404, "ResourceNotFound", "Product not found.")


def test_deletion_answers_200_and_204_when_there_is_nothing(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    assert arm.send("DELETE", PRODUCT).status == 200
    assert arm.send("DELETE", PRODUCT).status == 204


def test_an_entity_of_the_service_carries_its_entity_tag(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    head, read = arm.send("HEAD", PRODUCT), arm.send("GET", PRODUCT)
    assert head.body is None
    assert head.headers["ETag"] == read.headers["ETag"]
    arm.put(PRODUCT, PRODUCT_BODY)
    assert arm.send("HEAD", PRODUCT).headers["ETag"] != head.headers["ETag"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_of_an_entity_says_which_one_it_knows(arm: LocalArm, method: str) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    assert arm.refusal(method, PRODUCT, {}, if_match="")[:2] == (400, "MissingIfMatchHeader")
    assert arm.send(method, PRODUCT, {}, if_match="*").status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_by_somebody_who_knows_an_older_entity_is_refused(arm: LocalArm, method: str) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    old = arm.send("GET", PRODUCT).headers["ETag"]
    arm.put(PRODUCT, PRODUCT_BODY)
    refused = arm.refusal(method, PRODUCT, PRODUCT_BODY, if_match=old)
    assert refused[:2] == (412, "PreconditionFailed")
    assert refused[2] == "Resource was modified since last retrieval. Please retrieve latest version."
    current = arm.send("HEAD", PRODUCT).headers["ETag"]
    assert arm.send(method, PRODUCT, PRODUCT_BODY, if_match=f"{old}, {current}").status == 200


def test_a_put_may_match_what_is_there_or_nothing(arm: LocalArm) -> None:
    assert arm.refusal("PUT", PRODUCT, PRODUCT_BODY, if_match='"AAAAAAAAAAE="')[0] == 412
    created = arm.send("PUT", PRODUCT, PRODUCT_BODY, if_match="*")
    assert created.status == 201
    changed = arm.send("PATCH", PRODUCT, {}, if_match=created.headers["ETag"])
    assert changed.headers["ETag"] != created.headers["ETag"]


def test_deletion_of_what_is_gone_does_not_ask_which_one_it_was(arm: LocalArm) -> None:
    assert arm.send("DELETE", PRODUCT, if_match='"AAAAAAAAAAE="').status == 204


def test_a_link_needs_no_entity_tag(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    link = f"{PRODUCT}/groupLinks/guests"
    arm.put(link, {"properties": {"groupId": f"{SERVICE}/groups/guests"}})
    assert arm.send("DELETE", link, if_match="").status == 200


def test_a_collection_tells_children_alone_and_counts_them(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    arm.put(f"{SERVICE}/products/trial", PRODUCT_BODY)
    listed = arm.get(f"{SERVICE}/products")
    assert (names(listed), listed["count"]) == (["standard", "trial"], 2)


def test_a_collection_comes_in_pages(arm: LocalArm) -> None:
    for number in range(5):
        arm.put(f"{SERVICE}/products/p{number}", PRODUCT_BODY)
    path, found = f"{SERVICE}/products", list[str]()
    query = {"$top": "2"}
    while query:
        told = arm.get(path, **query)
        assert told["count"] == 5
        found.extend(names(told))
        link = urlsplit(text(told, "nextLink"))
        query = dict(parse_qsl(link.query))
        assert not query or f"{link.scheme}://{link.netloc}{link.path}" == f"{SITE.arm_url}{path}"
        query.pop("api-version", None)
    assert found == ["p0", "p1", "p2", "p3", "p4"]
    assert names(arm.get(path, **{"$skip": "4"})) == ["p4"]
    assert names(arm.get(path, **{"$skip": "9", "$top": "1"})) == []


def test_the_members_of_a_product_come_in_pages(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    for group in ("developers", "guests"):
        arm.put(f"{PRODUCT}/groups/{group}", {})
    told = arm.get(f"{PRODUCT}/groups", **{"$top": "1"})
    assert (names(told), told["count"], "%24skip=1" in text(told, "nextLink")) == (["developers"], 2, True)


@pytest.mark.parametrize("query", [{"$top": "0"}, {"$skip": "-1"}, {"$top": "²"}, {"$top": "9" * 5_000}])
def test_what_is_no_page_is_refused(arm: LocalArm, query: dict[str, str]) -> None:
    (name,) = query
    refused = arm.refusal("GET", f"{SERVICE}/products", **query)
    assert refused[:2] == (400, "ValidationError")
    assert f"The query parameter {name} " in refused[2]


def test_a_collection_of_a_whole_subscription_can_be_read(arm: LocalArm) -> None:
    listed = arm.get(f"{SUBSCRIPTION}/providers/Microsoft.ApiManagement/service")
    assert names(listed) == ["apim-contoso"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", f"{SERVICE}/products"), ("POST", SERVICE), ("POST", f"{SERVICE}/backup"), ("TRACE", SERVICE)],
)
def test_a_method_that_is_not_there_is_refused(arm: LocalArm, method: str, path: str) -> None:
    assert arm.refusal(method, path)[:2] == (405, "HttpMethodNotSupported")


def test_what_only_the_service_sets_is_ignored_in_a_request(arm: LocalArm) -> None:
    told = arm.get(SERVICE)
    changed = {**told, "properties": {**_properties(told), "gatewayUrl": "https://elsewhere.example"}}
    arm.put(SERVICE, changed)
    assert arm.get(SERVICE) | {"etag": None} == told | {"etag": None}


def _properties(body: JsonObject) -> JsonObject:
    found = body["properties"]
    assert isinstance(found, dict)
    return found


def test_a_tracked_resource_needs_a_location_and_stays_there(arm: LocalArm) -> None:
    without = {name: value for name, value in SERVICE_BODY.items() if name != "location"}
    assert arm.refusal("PUT", SERVICE, without)[:2] == (400, "LocationRequired")
    moved = SERVICE_BODY | {"location": "northeurope"}
    assert arm.refusal("PUT", SERVICE, moved)[:2] == (409, "InvalidResourceLocation")
    arm.put(SERVICE, SERVICE_BODY | {"location": "West Europe"})


@pytest.mark.parametrize("location", ["west/europe", "west\r\nX-Other: a", "?a=b", "..", "日本", "é"])
def test_what_can_be_no_location_is_refused_before_addresses_are_made_of_it(
    arm: LocalArm, location: str
) -> None:
    for path, body in ((f"{SERVICE}-2", SERVICE_BODY), (f"{GROUP}-2", PLACE)):
        status, code, sentence = arm.refusal("PUT", path, body | {"location": location})
        assert (status, code) == (400, "LocationNotAvailableForResourceType")
        assert f"'{location}'" in sentence


def test_the_resources_of_a_group_are_those_with_a_location(arm: LocalArm) -> None:
    arm.put(PRODUCT, PRODUCT_BODY)
    listed = objects_at(arm.get(f"{GROUP}/resources"), "value")
    assert [(item["name"], item["location"]) for item in listed] == [("apim-contoso", "westeurope")]
    assert all("properties" not in item for item in listed)


def test_a_group_that_is_not_there_has_no_resources_to_list(empty: LocalArm) -> None:
    assert empty.refusal("GET", f"{GROUP}/resources")[:2] == (404, "ResourceGroupNotFound")


def test_subscriptions_and_providers_are_told(arm: LocalArm) -> None:
    assert names(arm.get("/subscriptions")) == [""]
    assert arm.get(SUBSCRIPTION)["state"] == "Enabled"
    namespaces = objects_at(arm.get(f"{SUBSCRIPTION}/providers"), "value")
    assert "Microsoft.KeyVault" in [item["namespace"] for item in namespaces]
    refused = arm.refusal("GET", f"{SUBSCRIPTION}/providers/Microsoft.Compute", version="2022-09-01")
    assert refused[:2] == (404, "InvalidResourceNamespace")


@pytest.mark.parametrize(
    "path", ["/subscriptions", SUBSCRIPTION, f"{SUBSCRIPTION}/providers", f"{GROUP}/resources"]
)
def test_what_resource_manager_tells_of_itself_has_versions_too(arm: LocalArm, path: str) -> None:
    status, code, message = arm.refusal("GET", path, version="1999-01-01")
    assert (status, code) == (400, "InvalidApiVersionParameter")
    assert "The api-version '1999-01-01' is invalid. The supported versions are '20" in message
