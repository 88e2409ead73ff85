"""One model in one environment: a version set, and for each version a pool of backends and an API."""

import pulumi

from shared import environments, layers, settings
from shared.azure.skus import Sku
from shared.model import contracts, description, requirements
from shared.model.api import VersionedApi, VersionedApiArgs
from shared.model.outputs import DeployedModel, model_outputs
from shared.model.policies import compiled, policy_args
from shared.model.settings import ModelSettings
from shared.model.traffic import TrafficArgs, endpoints_of, route
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
    source = description.source_of(model)
    requirements.check_products(described.access.products, upstream.known("product_ids"), source)
    requirements.check_tags(described.tags, upstream.known("tag_ids"), source)
    known_sku = upstream.known("sku")
    sku = None if known_sku is None else Sku(str(known_sku))
    requirements.check_operations(contract_of, sku, source)
    requirements.check_breakers(sku)
    tenant = place.azure.tenant_id
    policies_of = {version: policy_args(model, described, version, tenant) for version in described.versions}
    policies = {
        version: compiled(policies_of[version], contract, sku) for version, contract in contract_of.items()
    }
    for texts in policies.values():
        requirements.check_named_values(texts.named_values, upstream.known("named_values"), environment)

    platform = upstream.outputs()
    service = ServicePlace(platform.resource_group_name, platform.service_name)
    version_set = VersionSet(model, VersionSetArgs(service, model, described.summary, described.versioning))
    apis: dict[str, VersionedApi] = {}
    for version in described.versions:
        deployments = described.deployments_of(version)
        pool = route(TrafficArgs(service, platform.service_id, model, version, deployments))
        apis[version] = VersionedApi(
            f"{model}-{version}",
            VersionedApiArgs(
                service=service,
                model=model,
                version=version,
                summary=described.summary,
                announced=policies_of[version].announced,
                owner=described.owner,
                version_set_id=version_set.version_set_id,
                endpoints=endpoints_of(deployments),
                transport=place.transport,
                contract=contract_of[version],
                policies=policies[version],
                access=described.access,
                tags=described.tags,
                after=(*pool, *(api.last for api in list(apis.values())[-1:])),
            ),
        )

    deployed = DeployedModel(model, described, contract_of, version_set, apis)
    layers.export(model_outputs(deployed, platform.gateway_url, tenant))
