"""What requests are answered from: the store, the types, the addresses, and what is going on."""

from collections.abc import Mapping
from dataclasses import dataclass

from local_azure.arm.envelope import told
from local_azure.arm.json_values import JsonObject
from local_azure.arm.operations import Operations
from local_azure.arm.resource_types import Read, Registry, Site
from local_azure.arm.store import Entity, Store


@dataclass(frozen=True, slots=True)
class Context:
    """One local Azure."""

    store: Store
    registry: Registry
    site: Site
    operations: Operations

    def told(self, entity: Entity, query: Mapping[str, str] | None = None) -> JsonObject:
        """Return a resource as GET and PUT tell it."""
        read = Read(entity, self.store, self.site, query or {}, self.operations.state(entity))
        return told(read, self.registry)
