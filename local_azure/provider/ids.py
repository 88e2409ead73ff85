"""Resource ids: built from a resource's inputs, and taken apart again for an import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from local_azure.provider.errors import ProviderError

if TYPE_CHECKING:
    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject

_SCOPE = "scope"
"""The one path parameter that is an id itself, and keeps its slashes."""


def build(resource: ResourceType, subscription_id: str, inputs: JsonObject) -> str:
    """Return the id of the resource that these inputs describe.

    Raises ProviderError when a path parameter is missing or no string.
    """
    found = resource.url.replace("{subscriptionId}", quote(subscription_id, safe=""))
    for name in resource.path_names:
        value = inputs.get(name)
        if not isinstance(value, str):
            raise ProviderError(f"{resource.token} needs a string for {name}.")
        text = value.strip("/") if name == _SCOPE else quote(value, safe="")
        found = found.replace("{" + name + "}", text)
    return found


def parse(resource: ResourceType, resource_id: str) -> JsonObject:
    """Return the path parameters that an id holds, by SDK name.

    Raises ProviderError when the id is not one of this resource type.
    """
    pattern = re.sub(r"\\{(\w+)\\}", _group, re.escape(resource.url))
    found = re.fullmatch(pattern, resource_id, re.IGNORECASE)
    if found is None:
        raise ProviderError(
            f"{resource_id!r} is no id of {resource.token}; it must look like {resource.url}."
        )
    values = {name: unquote(found[name]) for name in resource.path_names}
    return {name: f"/{value}" if name == _SCOPE else value for name, value in values.items()}


def _group(found: re.Match[str]) -> str:
    name = found.group(1)
    return f"(?P<{name}>{'.+' if name == _SCOPE else '[^/]+'})"
