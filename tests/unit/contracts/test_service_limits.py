from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.azure.skus import Sku
from shared.contracts.contract import Contract, Operation, Parameter, ParameterPlace, Representation
from shared.documents import DocumentError, shown
from shared.model.requirements import check_operations
from shared.model.service_limits import check_limits
from tests.support.published import CONTRACT

_SOURCE = "models/churn/contracts/v2.json"
_SCORE, _TREE = CONTRACT.operations


def problems(*operations: Operation, schemas: Mapping[str, Any] | None = None) -> list[str]:
    contract = Contract(operations, schemas or {})
    try:
        check_limits(contract, _SOURCE)
    except DocumentError as error:
        return list(error.problems)
    return []


def test_a_contract_within_the_limits_passes() -> None:
    assert problems(_SCORE, _TREE, schemas=CONTRACT.schemas) == []


@pytest.mark.parametrize(
    ("field", "what", "longest"),
    [
        ("name", "identifier", 80),
        ("summary", "name for people", 300),
        ("description", "description", 1000),
        ("url_template", "path", 1000),
    ],
)
def test_what_is_longer_than_api_management_takes_is_refused(field: str, what: str, longest: int) -> None:
    right = "/" + "x" * (longest - 1)
    changes: dict[str, Any] = {field: right}
    assert problems(replace(_TREE, **changes)) == []
    changes[field] += "y"
    (problem,) = problems(replace(_TREE, **changes))
    assert problem.startswith(f"{_SOURCE}: the {what} of the operation ")
    assert f"has {longest + 1} characters" in problem
    assert problem.endswith(f"API Management takes {longest}. Shorten it.")
    assert len(problem) < 300


@pytest.mark.parametrize(
    "path",
    [
        "/{{backend-secret}}",
        "/@(context.RequestId)",
        "/a?b=1",
        "/a b",
        "/a\n",
        "/files/*",
        "/{*rest}",
        "/a/../b",
        "/{}",
    ],
)
def test_paths_that_policies_or_templates_would_read_are_refused(path: str) -> None:
    for changed in (replace(_TREE, url_template=path), replace(_TREE, backend_path=path)):
        (problem,) = problems(changed)
        assert problem.startswith(f'{_SOURCE}: the operation "tree" has the path {shown(path)}. ')


def test_paths_of_model_servers_pass() -> None:
    for path in ("/v1/models/{name}:predict", "/a.b/~c/%C3%BC", "/files/{name}.json", "/"):
        assert problems(replace(_TREE, backend_path=path)) == []


def test_media_types_that_policies_would_read_are_refused() -> None:
    assert _SCORE.request is not None
    strange = Representation("application/{{key}}+json", "Text")
    of_request = replace(_SCORE.request, representations=(strange,))
    (problem,) = problems(replace(_SCORE, request=of_request))
    assert 'has the media type "application/{{key}}+json"' in problem


@pytest.mark.parametrize(
    ("place", "name"),
    [(ParameterPlace.QUERY, "{{key}}"), (ParameterPlace.QUERY, "a\nb"), (ParameterPlace.HEADER, "X Trace")],
)
def test_names_of_parameters_that_policies_would_read_are_refused(place: ParameterPlace, name: str) -> None:
    parameter = Parameter(name, place, "", required=False, schema={})
    (problem,) = problems(replace(_TREE, parameters=(parameter,)))
    assert f"has the {place} parameter {shown(name)}" in problem


def test_everything_that_is_too_long_is_told_at_once() -> None:
    long = replace(_TREE, summary="x" * 301, description="y" * 1001)
    assert len(problems(long, replace(_SCORE, description="z" * 1001))) == 3


def test_schemas_that_are_too_large_to_validate_with_are_refused() -> None:
    size = len('{"schemas": {"A": {"description": ""}}}')
    right = {"A": {"description": "x" * (4 * 1024 * 1024 - size)}}
    assert problems(_TREE, schemas=right) == []
    (problem,) = problems(_TREE, schemas={"A": {"description": right["A"]["description"] + "x"}})
    assert "its schemas take 4194305 bytes; API Management validates with 4194304" in problem


def parameter(name: str, place: ParameterPlace) -> Parameter:
    return Parameter(name, place, "", required=True, schema={"type": "string"})


def test_parameters_of_path_and_query_have_names_of_their_own() -> None:
    both = (parameter("id", ParameterPlace.PATH), parameter("ID", ParameterPlace.QUERY))
    (problem,) = problems(replace(_TREE, url_template="/tree/{id}", parameters=both))
    assert 'has 2 parameters named "id" in path and query' in problem
    apart = (both[0], parameter("id", ParameterPlace.HEADER))
    assert problems(replace(_TREE, url_template="/tree/{id}", parameters=apart)) == []


def test_a_parameter_of_the_path_stands_in_it() -> None:
    (problem,) = problems(replace(_TREE, parameters=(parameter("id", ParameterPlace.PATH),)))
    assert 'the path "/tree" of the operation "tree" lacks its parameter "id"' in problem


def test_operations_are_told_apart_by_name_and_by_call() -> None:
    assert problems(_TREE, replace(_TREE, name="TREE", url_template="/other")) == [
        f'{_SOURCE}: 2 operations are named "tree", whatever their case. Rename one.'
    ]
    first, second = replace(_TREE, url_template="/a/{b}"), replace(_TREE, name="c", url_template="/a/{d}")
    assert problems(first, second) == [
        f'{_SOURCE}: 2 operations answer GET "/a/{{}}". API Management takes one. Remove one.'
    ]


def test_a_tier_that_counts_operations_refuses_more() -> None:
    contracts = {
        "v1": Contract((_TREE,) * 100),
        "v2": Contract((_TREE,) * 101),
    }
    with pytest.raises(DocumentError) as caught:
        check_operations(contracts, Sku.BASIC_V2, "models/churn/model.yaml")
    (problem,) = caught.value.problems
    assert problem == (
        "models/churn/model.yaml: the contract of v2 has 101 operations; an API of the tier BasicV2 holds 100. "
        "Leave some out, or choose another tier for the platform."
    )
    for sku in (None, Sku.STANDARD_V2):
        check_operations(contracts, sku, "models/churn/model.yaml")
