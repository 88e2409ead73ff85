"""Compiles a service's configuration to what requests run through. `check_policy` is the check of one PUT."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from local_azure.gateway.authorization import Keys
from local_azure.gateway.configuration import Api, Operation, Product, Service
from local_azure.gateway.policies import DEFAULT_GLOBAL_POLICY, CompiledPolicy, check_policy, compile_policy
from local_azure.gateway.routing import Router
from local_azure.gateway.schemas import SchemaStore
from local_azure.gateway.statements.step import Step
from shared.azure.policy_statements import Scope, Section

__all__ = ["CompiledService", "Plan", "check_policy", "compile_service"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one kind of request, section by section, with every `<base />` in its place."""

    inbound: tuple[Step, ...]
    backend: tuple[Step, ...]
    outbound: tuple[Step, ...]
    on_error: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CompiledService:
    """One service, ready to serve."""

    service: Service
    router: Router
    keys: Keys
    schemas: Mapping[str, SchemaStore]
    """By API name."""
    plans: Mapping[tuple[str, str, str | None], Plan]
    """By API, operation, and the product in whose context the request comes."""
    unmatched: Plan
    """For a request that fits no operation: the global policy alone."""

    def plan(self, api: Api, operation: Operation, product: Product | None) -> Plan:
        """Return the steps of a request."""
        return self.plans[api.name, operation.name, product.name if product else None]


def compile_service(service: Service) -> CompiledService:
    """Compile a service; raise `PolicyError` when one of its policies cannot be executed."""
    policies = _Policies(service)
    plans: dict[tuple[str, str, str | None], Plan] = {}
    for api in service.apis:
        products: list[Product | None] = [None, *service.products]
        for product in products:
            for operation in api.operations:
                key = (api.name, operation.name, product.name if product else None)
                plans[key] = policies.plan(api, operation, product)
    return CompiledService(
        service=service,
        router=Router(service.apis),
        keys=Keys(service),
        schemas={api.name: SchemaStore(api.schemas) for api in service.apis},
        plans=plans,
        unmatched=policies.plan(None, None, None),
    )


class _Policies:
    """The policies of one service, from broad to narrow scope."""

    def __init__(self, service: Service) -> None:
        self._values = service.named_values
        self._global = compile_policy(service.policy or DEFAULT_GLOBAL_POLICY, Scope.GLOBAL, self._values)

    def plan(self, api: Api | None, operation: Operation | None, product: Product | None) -> Plan:
        chain = [
            self._global,
            *self._compiled(product, Scope.PRODUCT),
            *self._compiled(api, Scope.API),
            *self._compiled(operation, Scope.OPERATION),
        ]
        inbound, backend, outbound, on_error = (_spliced(chain, section) for section in Section)
        return Plan(inbound, backend, outbound, on_error)

    def _compiled(self, entity: Product | Api | Operation | None, scope: Scope) -> list[CompiledPolicy]:
        """Return no policy, or the one of an entity; a scope without one is as one of `<base />` alone."""
        policy = entity.policy if entity else None
        return [] if policy is None else [compile_policy(policy, scope, self._values)]


def _spliced(chain: list[CompiledPolicy], section: Section) -> tuple[Step, ...]:
    nothing: tuple[Step, ...] = ()
    return reduce(lambda outer, policy: policy.splice(section, outer), chain, nothing)
