"""What holds for every type of resource, shown on the examples of the REST reference."""

from collections.abc import Iterator

import pytest

from local_azure.arm.addresses import parse
from local_azure.arm.json_values import text
from local_azure.arm.resource_types import ResourceType
from local_azure.arm.types import REGISTRY
from tests.unit.arm.documented_examples import AROUND, ENTITIES, Example
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY, LocalArm, names, open_store

OLD = '"AAAAAAAAAAE="'
WITHOUT_MATCH = {
    "Microsoft.ApiManagement/service/products/apiLinks",
    "Microsoft.ApiManagement/service/products/groupLinks",
    "Microsoft.ApiManagement/service/tags/apiLinks",
}
"""Entities whose DELETE has no `If-Match` in the REST reference."""


def _type(example: Example) -> ResourceType:
    address = parse(example.path)
    entry = REGISTRY.of(address) if address else None
    assert entry is not None
    return entry


EXAMPLES = {
    "Microsoft.ApiManagement/service": Example("ApiManagementCreateService", SERVICE, SERVICE_BODY)
} | {_type(example).name: example for example in reversed((*AROUND, *ENTITIES))}
ENTITY_TYPES = [name for name, example in EXAMPLES.items() if _type(example).noun]


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalArm]:
    """All of them are there, and no test takes one away."""
    opened = open_store(tmp_path_factory.mktemp("state"))
    opened.put(GROUP, PLACE)
    opened.put(SERVICE, SERVICE_BODY)
    for example in (*AROUND, *ENTITIES):
        opened.put(example.path, example.body)
    yield opened
    opened.store.close()


def test_all_types_are_among_these() -> None:
    assert {entry.name for entry in REGISTRY.all() if not entry.membership} == set(EXAMPLES)


@pytest.mark.parametrize("name", ENTITY_TYPES)
def test_every_entity_tells_its_tag_in_every_answer(arm: LocalArm, name: str) -> None:
    example = EXAMPLES[name]
    put = arm.send("PUT", example.path, example.body).headers["ETag"]
    assert [arm.send(method, example.path).headers["ETag"] for method in ("GET", "HEAD")] == [put, put]
    patched = arm.send("PATCH", example.path, {}, if_match=put).headers["ETag"]
    assert patched != put
    assert arm.send("HEAD", example.path).headers["ETag"] == patched


@pytest.mark.parametrize("name", ENTITY_TYPES)
def test_every_change_of_an_entity_names_its_tag(arm: LocalArm, name: str) -> None:
    example = EXAMPLES[name]
    for method in ("PUT", "PATCH", "DELETE"):
        assert arm.refusal(method, example.path, example.body, if_match=OLD)[0] == 412
    for method in () if name in WITHOUT_MATCH else ("PATCH", "DELETE"):
        assert arm.refusal(method, example.path, {}, if_match="")[1] == "MissingIfMatchHeader"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_path_is_read_without_regard_to_case(arm: LocalArm, name: str) -> None:
    path = EXAMPLES[name].path
    for spelt in (path.upper(), path.lower()):
        assert arm.get(spelt) == arm.get(path)
        assert arm.get(spelt.rpartition("/")[0]) == arm.get(path.rpartition("/")[0])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_refuses_an_unknown_version_with_its_own(arm: LocalArm, name: str) -> None:
    example = EXAMPLES[name]
    known = ",".join(sorted(_type(example).api_versions, reverse=True))
    for method, path in (
        ("GET", example.path),
        ("HEAD", example.path),
        ("PUT", example.path),
        ("DELETE", example.path),
        ("GET", example.path.rpartition("/")[0]),
    ):
        status, code, sentence = arm.refusal(method, path, example.body, version="1999-01-01")
        assert (status, code) == (400, "InvalidApiVersionParameter")
        assert sentence.endswith(f"The supported versions are '{known}'.")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_list_comes_in_pages(arm: LocalArm, name: str) -> None:
    path = EXAMPLES[name].path.rpartition("/")[0]
    whole = arm.get(path)
    first = arm.get(path, **{"$top": "1"})
    assert names(first) == names(whole)[:1]
    assert bool(text(first, "nextLink")) is (len(names(whole)) > 1)
    assert names(arm.get(path, **{"$skip": "1"})) == names(whole)[1:]
    assert whole.get("count") == (len(names(whole)) if _type(EXAMPLES[name]).noun else None)


@pytest.mark.parametrize("name", EXAMPLES)
def test_head_tells_of_every_type_whether_one_is_there(arm: LocalArm, name: str) -> None:
    path = EXAMPLES[name].path
    there, missing = arm.send("HEAD", path), arm.send("HEAD", f"{path}-2")
    assert there.status == (200 if name in ENTITY_TYPES else 204)
    assert (there.body, missing.status) == (None, 404)
