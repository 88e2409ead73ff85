"""The API of one version of a model."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.azure.subscription_keys import KEY_HEADER, KEY_QUERY
from shared.contracts.contract import Contract
from shared.environments import Transport
from shared.model.access import Access
from shared.model.announcement import Announcement
from shared.model.api_policies import attach_policies
from shared.model.chain import Chain
from shared.model.offer import link_products, link_tags, subscribe_smoke_tests
from shared.model.operations import SCHEMA_ID, operation_args
from shared.model.policies import ApiPolicies
from shared.place import ServicePlace

_SCHEMA_CONTENT_TYPE = "application/vnd.oai.openapi.components+json"


@dataclass(frozen=True)
class VersionedApiArgs:
    """What the API of one version depends on."""

    service: ServicePlace
    """The API Management service."""
    model: str
    """The model's name: the first segment of the path."""
    version: str
    """The version, as calls tell it."""
    summary: str
    """What the model tells."""
    announced: Announcement | None
    """What consumers are told of the version's end; None where none is in sight."""
    owner: str
    """The e-mail address of the team that owns the model."""
    version_set_id: pulumi.Input[str]
    """The resource id of the model's version set."""
    endpoints: Mapping[str, str]
    """Where its deployments answer, by name; none for a retired version.

    The first is the API's own backend, which its policy overrides with a pool: weights move without changing it.
    """
    transport: Transport
    """How consumers may call."""
    contract: Contract
    """Operations and schemas."""
    policies: ApiPolicies
    """The text of each policy."""
    access: Access
    """The products that offer the API, and what a caller shows."""
    tags: tuple[str, ...]
    """The tags of the platform under which it is found."""
    after: tuple[pulumi.Resource, ...]
    """What must exist before: the pool that the policy names, and the version before this one."""


class VersionedApi(pulumi.ComponentResource):
    """An API whose operations, schema and policies are resources that a preview names."""

    api_id: pulumi.Output[str]
    """The API's resource id."""
    smoke_subscription_id: pulumi.Output[str] | None
    """The resource id of the subscription of smoke tests; None where calls need no key.

    Its key is fetched when used, and is in no state.
    """
    endpoints: Mapping[str, str]
    """Where its deployments answer, by name."""
    last: pulumi.Resource
    """The resource that is written last, for the next version to wait for."""

    def __init__(self, name: str, args: VersionedApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the API and everything that belongs to it, one after the other."""
        super().__init__("model-gateway:model:VersionedApi", name, None, opts)
        chain = Chain(self, args.after)
        api = apimanagement.Api(f"{name}-api", _api(args), opts=chain.next())
        chain.add(api)
        chain.add(apimanagement.ApiSchema(f"{name}-schema", _schema(args, api.name), opts=chain.next()))
        for operation in args.contract.operations:
            resource = f"{name}-{operation.name}"
            chain.add(
                apimanagement.ApiOperation(
                    resource, operation_args(operation, args.service, api.name), opts=chain.next()
                )
            )
        attach_policies(name, args.service, api.name, args.policies, chain)
        link_products(name, args.service, api.id, args.access.products, chain)
        link_tags(name, args.service, api.id, args.tags, chain)
        self.smoke_subscription_id = None
        if args.access.key:
            self.smoke_subscription_id = subscribe_smoke_tests(name, args.service, api.id, chain).id
        self.api_id = api.id
        self.endpoints = args.endpoints
        self.last = chain.last
        self.register_outputs({"api_id": self.api_id, "smoke_subscription_id": self.smoke_subscription_id})


def _api(args: VersionedApiArgs) -> apimanagement.ApiArgs:
    protocols = [apimanagement.Protocol.HTTPS]
    if args.transport is Transport.LOOPBACK:
        protocols.append(apimanagement.Protocol.HTTP)
    return apimanagement.ApiArgs(
        resource_group_name=args.service.resource_group_name,
        service_name=args.service.service_name,
        api_id=f"{args.model}-{args.version}",
        display_name=args.model,
        description=_description(args),
        path=args.model,
        api_version=args.version,
        api_version_set_id=args.version_set_id,
        api_type=apimanagement.ApiType.HTTP,
        protocols=protocols,
        service_url=next(iter(args.endpoints.values()), None),
        # Without it a call needs no key, and its products only offer the API: who shows a key all the same is in the
        # context of its product, whose policies run. Page: learn.microsoft.com/azure/api-management/
        # api-management-subscriptions (how the gateway handles requests with or without subscription keys).
        subscription_required=args.access.key,
        subscription_key_parameter_names=apimanagement.SubscriptionKeyParameterNamesContractArgs(
            header=KEY_HEADER, query=KEY_QUERY
        ),
        contact=apimanagement.ApiContactInformationArgs(email=args.owner),
    )


def _description(args: VersionedApiArgs) -> str:
    """Return what the developer portal says of the version, its end first."""
    return args.summary if args.announced is None else f"{args.announced.notice}\n\n{args.summary}"


def _schema(args: VersionedApiArgs, api_id: pulumi.Input[str]) -> apimanagement.ApiSchemaArgs:
    return apimanagement.ApiSchemaArgs(
        resource_group_name=args.service.resource_group_name,
        service_name=args.service.service_name,
        api_id=api_id,
        schema_id=SCHEMA_ID,
        content_type=_SCHEMA_CONTENT_TYPE,
        components={"schemas": dict(args.contract.schemas)},
    )
