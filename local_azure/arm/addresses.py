"""What the path of a request addresses: a resource, a collection of resources, or an action on a resource.

The grammar is that of "Resource functions for ARM templates", resourceId
(learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid):
subscription, resource group, then `/providers/<namespace>` followed by pairs of type and name, once more
for extensions.
"""

from dataclasses import dataclass

SUBSCRIPTION = "Microsoft.Resources/subscriptions"
RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"
PROVIDER = "Microsoft.Resources/providers"


@dataclass(frozen=True, slots=True)
class Address:
    """A resource (with a name) or a collection (without one)."""

    parent: "Address | None"
    type: str
    """Full type as the path spells it: `Microsoft.ApiManagement/service/apis`."""
    name: str | None

    @property
    def is_collection(self) -> bool:
        """Tell whether this is a collection rather than one resource."""
        return self.name is None

    @property
    def leaf(self) -> str:
        """Return the last part of the type: `apis`."""
        return self.type.rpartition("/")[2]

    @property
    def path(self) -> str:
        """Return the path, without a slash at its end."""
        return join(self.parent, self.parent.path if self.parent else "", self.type, self.name)

    @property
    def key(self) -> str:
        """Return the path in the spelling that paths are compared in."""
        return self.path.lower()

    def enclosing(self, resource_type: str) -> "Address | None":
        """Return the nearest address of this type among this one and those around it."""
        here: Address | None = self
        while here is not None and here.type.lower() != resource_type.lower():
            here = here.parent
        return here

    @property
    def resource_group(self) -> "Address | None":
        """Return the resource group that this lies in, None below a subscription."""
        return self.enclosing(RESOURCE_GROUP)


def join(parent: Address | None, parent_path: str, resource_type: str, name: str | None) -> str:
    """Return the path of a resource or collection of this type below `parent`, which is at `parent_path`."""
    leaf = resource_type.rpartition("/")[2]
    nested = parent is not None and parent.type.lower() == resource_type.rpartition("/")[0].lower()
    plain = nested or resource_type.partition("/")[0].lower() == "microsoft.resources"
    literal = leaf if plain else f"providers/{resource_type}"
    return f"{parent_path}/{literal}" + ("" if name is None else f"/{name}")


def parse(path: str) -> Address | None:
    """Return what a path addresses; None when it does not begin with a subscription or breaks off."""
    segments = path.strip("/").split("/")
    if segments[0].lower() != "subscriptions" or "" in segments:
        return None
    here = Address(None, SUBSCRIPTION, segments[1] if len(segments) > 1 else None)
    rest = segments[2:]
    while rest:
        here, rest = _providers(here, rest) if rest[0].lower() == "providers" else _pair(here, rest)
    return here


def _pair(parent: Address, segments: list[str]) -> tuple[Address, list[str]]:
    """Take one `type/name`, or the `type` at the end."""
    if parent.type not in {SUBSCRIPTION, RESOURCE_GROUP}:
        resource_type = f"{parent.type}/{segments[0]}"
    elif segments[0].lower() == "resourcegroups":
        resource_type = RESOURCE_GROUP
    else:
        resource_type = f"Microsoft.Resources/{segments[0]}"
    return Address(parent, resource_type, segments[1] if len(segments) > 1 else None), segments[2:]


def _providers(parent: Address, segments: list[str]) -> tuple[Address, list[str]]:
    """Take `providers/namespace/type/name`, or what there is of it at the end."""
    if len(segments) <= len(("providers", "namespace")):
        return Address(parent, PROVIDER, segments[1] if len(segments) > 1 else None), []
    name = segments[3] if len(segments) > len(("providers", "namespace", "type")) else None
    return Address(parent, f"{segments[1]}/{segments[2]}", name), segments[4:]
