"""`$filter` and the other query parameters of lists that change what is told."""

import pytest

from local_azure.arm.json_values import JsonObject, find, objects_at, text
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SUBSCRIPTION, LocalArm, names

APIS = f"{SERVICE}/apis"
RAIN: JsonObject = {"path": "weather/rain", "displayName": "Rain"}
VERSION_SET = f"{SERVICE}/apiVersionSets/iris"


@pytest.fixture
def arm(arm: LocalArm) -> LocalArm:
    """Two APIs, one of them a version."""
    version_set: JsonObject = {"displayName": "Iris species", "versioningScheme": "Segment"}
    arm.put(VERSION_SET, {"properties": version_set})
    iris: JsonObject = {
        "path": "iris",
        "displayName": "Iris's",
        "apiVersion": "v1",
        "apiVersionSetId": VERSION_SET,
    }
    arm.put(f"{APIS}/iris", {"properties": iris})
    arm.put(f"{APIS}/rain", {"properties": RAIN})
    return arm


def _filtered(arm: LocalArm, written: str, path: str = APIS) -> list[str]:
    return names(arm.get(path, **{"$filter": written}))


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("name eq 'iris'", ["iris"]),
        ("name ne 'iris'", ["rain"]),
        ("displayName eq 'Iris''s'", ["iris"]),
        ("path gt 'iris'", ["rain"]),
        ("path ge 'iris'", ["iris", "rain"]),
        ("path lt 'weather'", ["iris"]),
        ("path le 'iris'", ["iris"]),
        ("isCurrent eq true", ["iris", "rain"]),
        ("isCurrent ne true", []),
        ("contains(path, 'her/')", ["rain"]),
        ("substringof('her/', path)", ["rain"]),
        ("startswith(path,'ir')", ["iris"]),
        ("endswith(path, 'rain')", ["rain"]),
        ("contains(serviceUrl, 'contoso')", []),
        ("name eq 'iris' or name eq 'rain'", ["iris", "rain"]),
        ("name eq 'iris' and path eq 'rain'", []),
        ("name eq 'iris' or name eq 'rain' and path eq 'nowhere'", ["iris"]),
        ("(name eq 'iris' or name eq 'rain') and startswith(path, 'w')", ["rain"]),
        ("displayName eq 'iris'", []),
    ],
)
def test_a_filter_leaves_what_it_says(arm: LocalArm, written: str, left: list[str]) -> None:
    assert _filtered(arm, written) == left


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("apiRevision eq '1'", "names 'apiRevision'; this list can be filtered by name, displayName"),
        ("isCurrent gt true", "asks 'isCurrent' for 'gt'; it can be asked for eq, ne"),
        ("name is 'iris'", "asks 'name' for 'is'"),
        ("name eq iris", 'is "name eq iris", which cannot be read from "iris" on'),
        ("contains(name, true)", 'which cannot be read from "true" on'),
        ("path gt false", 'which cannot be read from "false" on'),
        ("not name eq 'iris'", "names 'not'"),
        ("name eq 'iris' xor", 'which cannot be read from "xor" on'),
        ("name eq 'iris", 'which cannot be read from "\'iris" on'),
        ("(name eq 'iris'", 'which cannot be read from "" on'),
        ("contains(name 'iris')", "which cannot be read from \"'iris')\" on"),
        ("", "which cannot be read"),
        ("(" * 20_000, "has too many parentheses"),
        ("(" * 200 + "name eq 'iris'" + ")" * 200, "has too many parentheses"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(arm: LocalArm, written: str, says: str) -> None:
    status, code, sentence = arm.refusal("GET", APIS, **{"$filter": written})
    assert (status, code) == (400, "ValidationError")
    assert sentence.startswith("The query parameter $filter ")
    assert says in sentence


def test_count_and_next_link_are_of_what_the_filter_leaves(arm: LocalArm) -> None:
    arm.put(f"{APIS}/snow", {"properties": {"path": "weather/snow", "displayName": "Snow"}})
    told = arm.get(APIS, **{"$filter": "startswith(path, 'weather')", "$top": "1"})
    assert (names(told), told["count"]) == (["rain"], 2)
    assert "%24filter=startswith" in text(told, "nextLink")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("apis/iris/operations", "method eq 'GET' and urlTemplate ne '/'"),
        ("apis/iris/schemas", "startswith(contentType, 'application/')"),
        ("backends", "contains(url, 'contoso') and title ne ''"),
        ("diagnostics", "name eq 'azuremonitor'"),
        ("groups", "externalId eq 'aad://contoso.example'"),
        ("loggers", "loggerType eq 'azureMonitor'"),
        ("namedValues", "displayName eq 'limit'"),
        ("policyFragments", "contains(value, 'set-header') or description eq 'x' or name eq 'x'"),
        ("products", "state eq 'published' and name ne 'standard'"),
        ("subscriptions", "startswith(scope, '/') and state eq 'active'"),
    ],
)
def test_every_list_has_the_fields_of_its_reference_page(arm: LocalArm, path: str, written: str) -> None:
    assert _filtered(arm, written, f"{SERVICE}/{path}") == []


def test_the_members_of_a_product_can_be_filtered(arm: LocalArm) -> None:
    product = f"{SERVICE}/products/standard"
    arm.put(product, {"properties": {"displayName": "Standard"}})
    for member in ("apis/iris", "apis/rain", "groups/guests"):
        arm.put(f"{product}/{member}", {})
    assert _filtered(arm, "path eq 'iris'", f"{product}/apis") == ["iris"]
    assert _filtered(arm, "displayName eq 'Guests'", f"{product}/groups") == ["guests"]
    assert _filtered(arm, "endswith(apiId, '/apis/rain')", f"{product}/apiLinks") == ["rain"]
    assert _filtered(arm, "groupId ne 'nobody'", f"{product}/groupLinks") == ["guests"]
    refused = arm.refusal("GET", f"{product}/groups", **{"$filter": "contains(name, 'g')"})
    assert "asks 'name' for 'contains'" in refused[2]


def test_resources_of_one_type_and_the_roles_of_one_principal_can_be_listed(arm: LocalArm) -> None:
    arm.put(f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg", PLACE)
    resources = f"{SUBSCRIPTION}/resources"
    assert _filtered(arm, "resourceType eq 'Microsoft.Network/networkSecurityGroups'", resources) == ["nsg"]
    assert names(arm.get(f"{GROUP}/resources", **{"$top": "1"})) == ["apim-contoso"]
    roles = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments"
    for name, principal in (("1", "8"), ("2", "9")):
        guid = f"{name * 8}-1111-1111-1111-111111111111"
        body: JsonObject = {"roleDefinitionId": f"/roles/{guid}", "principalId": principal}
        arm.put(f"{roles}/{guid}", {"properties": body})
    assert [name[0] for name in _filtered(arm, "principalId eq '9'", roles)] == ["2"]
    assert "names 'atScope'" in arm.refusal("GET", roles, **{"$filter": "atScope()"})[2]


def test_a_list_of_apis_tells_their_version_sets_when_asked_to(arm: LocalArm) -> None:
    iris, rain = objects_at(arm.get(APIS, expandapiversionset="true"), "value")
    assert find(iris, "properties", "apiVersionSet") == {
        "id": VERSION_SET,
        "name": "Iris species",
        "versioningScheme": "Segment",
    }
    assert find(rain, "properties", "apiVersionSet") is None
    assert "apiVersionSet'" not in str(arm.get(APIS))


@pytest.mark.parametrize("name", ["tags", "expandgroups", "iskeyvaultrefreshfailed", "export"])
def test_a_query_that_would_change_the_answer_is_refused_rather_than_ignored(
    arm: LocalArm, name: str
) -> None:
    assert f"The query parameter {name} is not known" in arm.refusal("GET", APIS, **{name: "true"})[2]
    arm.get(APIS, **{name: "false"})
