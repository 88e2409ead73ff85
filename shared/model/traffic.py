"""Where the calls of one version go: a backend for each deployment, and a pool that shares the calls by weight."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from shared.model.backend import Backend, BackendArgs
from shared.model.backend_ids import backend_id, pool_id
from shared.model.description import Deployment
from shared.model.pool import Member, Pool, PoolArgs
from shared.place import ServicePlace


def endpoints_of(deployments: Mapping[str, Deployment]) -> dict[str, str]:
    """Return where each deployment answers."""
    return {name: deployment.endpoint for name, deployment in deployments.items()}


@dataclass(frozen=True)
class TrafficArgs:
    """What the traffic of one version depends on."""

    service: ServicePlace
    """The API Management service."""
    service_id: pulumi.Input[str]
    """The service's resource id."""
    model: str
    """The model's name."""
    version: str
    """The version."""
    deployments: Mapping[str, Deployment]
    """Its model servers by name; none for a version that serves no more."""


def route(args: TrafficArgs) -> tuple[pulumi.Resource, ...]:
    """Register the backends and the pool of a version; return what an API that names the pool waits for.

    That is nothing for a version without deployments. A deployment with the weight 0 has a backend and no place in the
    pool: the reference leaves open what a weight of 0 means, and nothing may call it before it gets a share.
    """
    serves = f"version {args.version} of {args.model}"
    backends = {
        name: Backend(
            backend_id(args.model, args.version, name),
            BackendArgs(
                args.service,
                backend_id(args.model, args.version, name),
                f"{name}: serves {serves}.",
                deployment.endpoint,
            ),
        )
        for name, deployment in args.deployments.items()
    }
    members = [
        Member(backends[name].resource, backend_id(args.model, args.version, name), deployment.weight)
        for name, deployment in args.deployments.items()
        if deployment.weight > 0
    ]
    if not members:
        return ()
    shares = f"Shares the calls of {serves}."
    pool = PoolArgs(args.service, args.service_id, pool_id(args.model, args.version), shares, members)
    return (Pool(f"{args.model}-{args.version}", pool).resource,)
