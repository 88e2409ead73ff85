"""The platform of one environment: its gateway, and what every model shares on it."""

import pulumi

from shared import environments, layers, settings
from shared.naming import Names
from shared.place import Place, ServicePlace
from shared.platform.api_tags import api_tags
from shared.platform.consumers import consumers_group
from shared.platform.global_policy import set_global_policy
from shared.platform.headers import BACKEND_SECRET
from shared.platform.named_values import NamedValues, NamedValuesArgs
from shared.platform.policies import compiled
from shared.platform.preflight import Preflight
from shared.platform.product import Product, ProductArgs
from shared.platform.service import Service, ServiceArgs
from shared.platform.settings import PlatformSettings
from shared.platform.telemetry import Telemetry, TelemetryArgs
from shared.program import shown_as_sentences
from shared.tags import tags_for
from shared.upstream import Upstream

with shown_as_sentences():
    environment = pulumi.get_stack()
    environments.load(environment)
    config = settings.load(PlatformSettings)
    chosen, azure, protect = config.settings, config.provider, config.settings.protect
    names = Names(chosen.workload, environment, azure.subscription_id)
    tags = tags_for(layers.PLATFORM, environment, chosen.as_tags)
    upstream = Upstream(layers.FoundationOutputs, environment)
    Preflight(chosen.service, upstream.known("subnet_purpose"), config.source).check()
    policies = compiled(chosen)

    foundation = upstream.outputs()
    place = Place(foundation.resource_group_name, azure.location, tags)
    gateway = Service("gateway", ServiceArgs(place, names.api_management, chosen, foundation))
    service = ServicePlace(foundation.resource_group_name, gateway.service_name)

    set_global_policy(service, policies.every_call)
    named_values = NamedValues("named-values", NamedValuesArgs(service, environment, foundation))
    telemetry = Telemetry(
        "telemetry",
        TelemetryArgs(
            place,
            service,
            names.application_insights,
            foundation,
            azure.subscription_id,
            chosen.sampling_percentage,
        ),
    )
    consumers = consumers_group(service)
    products = {
        name: Product(
            name,
            ProductArgs(
                service, gateway.resource, name, product, policies.products[name], consumers.id, protect
            ),
        )
        for name, product in chosen.products.items()
    }

    layers.export(
        layers.PlatformOutputs(
            resource_group_name=foundation.resource_group_name,
            service_name=gateway.service_name,
            service_id=gateway.service_id,
            sku=pulumi.Output.from_input(chosen.service.sku.value),
            gateway_url=gateway.gateway_url,
            product_ids=pulumi.Output.all(**{name: product.product_id for name, product in products.items()}),
            tag_ids=api_tags(service, chosen.tags),
            group_id=consumers.id,
            logger_id=telemetry.logger_id,
            named_values=named_values.names,
            backend_secret_name=pulumi.Output.from_input(BACKEND_SECRET),
            vault_name=foundation.vault_name,
        )
    )
