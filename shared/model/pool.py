"""How the calls of one version are shared among its deployments."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.place import ServicePlace


@dataclass(frozen=True)
class Member:
    """One deployment in a pool."""

    backend: pulumi.Resource
    """Its backend, which must exist before."""
    backend_id: str
    """The identifier of its backend."""
    weight: int
    """Its share of the calls in percent, from 1."""


@dataclass(frozen=True)
class PoolArgs:
    """What a pool depends on."""

    service: ServicePlace
    """The API Management service."""
    service_id: pulumi.Input[str]
    """The service's resource id: with it a preview knows the members' ids, before their backends exist."""
    pool_id: str
    """The pool's identifier, which the API's policy names."""
    description: str
    """What answers there."""
    members: Sequence[Member]
    """Who shares the calls."""


class Pool(pulumi.ComponentResource):
    """A backend of the type Pool. It has neither URL nor protocol: those are its members'.

    Balancing is approximate, for the instances of a gateway do not tell each other whom they called.
    Page: learn.microsoft.com/azure/api-management/backends (load-balanced pool).
    """

    resource: pulumi.Resource
    """The pool, for what must wait for it."""

    def __init__(self, name: str, args: PoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the pool."""
        super().__init__("model-gateway:model:Pool", name, None, opts)
        pool = apimanagement.Backend(
            f"{name}-pool",
            apimanagement.BackendArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                backend_id=args.pool_id,
                description=args.description,
                type=apimanagement.BackendType.POOL,
                pool=apimanagement.BackendBaseParametersPoolArgs(
                    services=[
                        apimanagement.BackendPoolItemArgs(
                            id=pulumi.Output.concat(args.service_id, "/backends/", member.backend_id),
                            weight=member.weight,
                        )
                        for member in args.members
                    ]
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[member.backend for member in args.members]),
        )
        self.resource = pool
        self.register_outputs({"pool_id": pool.name})
