"""One model in one environment: a version set, and for each version a backend and an API."""

import pulumi

from shared import environments, layers, settings
from shared.azure.skus import Sku
from shared.model import contracts, description
from shared.model.api import VersionedApi, VersionedApiArgs
from shared.model.backend import Backend, BackendArgs
from shared.model.policies import compiled
from shared.model.requirements import check_named_values, check_products
from shared.model.settings import ModelSettings
from shared.model.urls import openapi, operation_calls, operation_urls
from shared.model.version_set import VersionSet, VersionSetArgs
from shared.place import ServicePlace
from shared.program import shown_as_sentences
from shared.upstream import Upstream

with shown_as_sentences():
    model, environment = layers.split_model_stack(pulumi.get_stack())
    place = environments.load(environment)
    chosen = settings.load(ModelSettings).settings
    described = description.load(model, environment, endpoint=chosen.endpoint)
    contract_of = contracts.load(model, described)
    upstream = Upstream(layers.PlatformOutputs, environment)
    check_products(described.access.products, upstream.known("product_ids"), f"models/{model}/model.yaml")
    known_sku = upstream.known("sku")
    sku = None if known_sku is None else Sku(str(known_sku))
    # One deployment a version so far: weights need a pool.
    endpoint_of = {
        version: next(iter(details.deployments.values())).endpoint
        for version, details in described.versions.items()
    }
    policies = {
        version: compiled(
            described.limits, contract, f"{model}-{version}", described.versions[version].larger_bodies, sku
        )
        for version, contract in contract_of.items()
    }
    for texts in policies.values():
        check_named_values(texts.named_values, upstream.known("named_values"), environment)

    platform = upstream.outputs()
    service = ServicePlace(platform.resource_group_name, platform.service_name)
    version_set = VersionSet(model, VersionSetArgs(service, model, described.summary))
    apis: dict[str, VersionedApi] = {}
    for version in described.versions:
        name = f"{model}-{version}"
        backend = Backend(
            name, BackendArgs(service, name, f"Serves version {version} of {model}.", endpoint_of[version])
        )
        apis[version] = VersionedApi(
            name,
            VersionedApiArgs(
                service=service,
                model=model,
                version=version,
                summary=described.summary,
                owner=described.owner,
                version_set_id=version_set.version_set_id,
                endpoint=endpoint_of[version],
                transport=place.transport,
                contract=contract_of[version],
                policies=policies[version],
                products=described.access.products,
                after=(backend.resource, *(api.last for api in list(apis.values())[-1:])),
            ),
        )

    layers.export(
        layers.ModelOutputs(
            gateway_url=platform.gateway_url,
            version_set_id=version_set.version_set_id,
            api_ids=pulumi.Output.all(**{version: api.api_id for version, api in apis.items()}),
            endpoints=pulumi.Output.from_input(endpoint_of),
            operation_urls=operation_urls(platform.gateway_url, model, contract_of),
            operations=operation_calls(platform.gateway_url, model, contract_of),
            openapi=openapi(platform.gateway_url, model, described, contract_of, place.azure.tenant_id),
            smoke_subscriptions=pulumi.Output.all(
                **{version: api.smoke_subscription_id for version, api in apis.items()}
            ),
        )
    )
