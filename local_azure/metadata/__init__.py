"""How azure-native's SDK properties map to ARM: typed access to the committed metadata.json.

`load()` needs neither azure-native nor an azure-mgmt package; `python -m local_azure.metadata.generate` does.
"""

from local_azure.metadata.loader import load
from local_azure.metadata.model import (
    AutoName,
    Kind,
    Limits,
    Metadata,
    PathParameter,
    Property,
    ResourceType,
    Type,
)

__all__ = [
    "AutoName",
    "Kind",
    "Limits",
    "Metadata",
    "PathParameter",
    "Property",
    "ResourceType",
    "Type",
    "load",
]
