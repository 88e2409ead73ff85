"""One deployment of a version, as the gateway sees it: a model server and its circuit breaker."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement

from shared.model.breaker import circuit_breaker
from shared.place import ServicePlace


@dataclass(frozen=True)
class BackendArgs:
    """What a backend depends on."""

    service: ServicePlace
    """The API Management service."""
    backend_id: str
    """The backend's identifier."""
    description: str
    """What answers there."""
    endpoint: str
    """The URL of the model server, without a slash at its end."""


class Backend(pulumi.ComponentResource):
    """A model server that the gateway sends calls to. Its certificate is checked."""

    resource: pulumi.Resource
    """The backend, for what must wait for it."""

    def __init__(self, name: str, args: BackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the backend."""
        super().__init__("model-gateway:model:Backend", name, None, opts)
        backend = apimanagement.Backend(
            f"{name}-backend",
            apimanagement.BackendArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                backend_id=args.backend_id,
                description=args.description,
                url=args.endpoint,
                # The protocol of https servers is called `http` too; the other is `soap`.
                protocol=apimanagement.BackendProtocol.HTTP,
                tls=apimanagement.BackendTlsPropertiesArgs(
                    validate_certificate_chain=True, validate_certificate_name=True
                ),
                circuit_breaker=circuit_breaker(),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.resource = backend
        self.register_outputs({"backend_id": backend.name})
