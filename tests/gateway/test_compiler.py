"""From a service's configuration to the plans of its requests."""

from dataclasses import replace

import pytest

from local_azure.gateway.compiler import compile_service
from local_azure.gateway.configuration import Product, Service
from shared.policies import substitute
from tests.gateway.documents import header, policy, service

NAMED = {"value": "1"}


def _service(value: str) -> Service:
    document = policy(inbound="<base />" + header("x", f"{value}{{{{value}}}}"))
    deployed = service("http://backend.example", policy=document)
    linked = Product("trial", api_names=frozenset({"Species-V1"}))
    products = (*deployed.products, linked, Product("other"))
    return replace(deployed, products=products, named_values=NAMED)


def test_plans_are_made_for_the_products_that_hold_the_api() -> None:
    assert {product for _, _, product in compile_service(_service("a")).plans} == {None, "standard", "trial"}


def test_a_document_is_compiled_again_only_with_another_value(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def counting(xml: str, values: dict[str, str]) -> str:
        compiled.append(xml)
        return substitute(xml, values)

    monkeypatch.setattr("local_azure.gateway.policies.substitute", counting)
    deployed = _service("only-here")
    for values in (NAMED, {**NAMED, "unused": "2"}, {"value": "2"}):
        compile_service(replace(deployed, named_values=values))
    assert [xml for xml in compiled if "only-here" in xml] == [deployed.apis[0].policy] * 2
