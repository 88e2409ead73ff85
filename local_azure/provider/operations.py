"""Create, read, update and delete of a resource, as the official provider does them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.provider import ids, shape
from local_azure.provider.errors import InitFailedError, ProviderError
from local_azure.provider.values import get_path, set_path

if TYPE_CHECKING:
    from local_azure.metadata import ResourceType
    from local_azure.provider.arm import ArmClient
    from local_azure.provider.values import JsonObject

DEFAULT_TIMEOUT = 7200.0  # seconds: the official provider's two hours


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations on resources of one subscription."""

    client: ArmClient
    subscription_id: str
    takes_over: bool = False
    """Whether `create` changes what is there already; the official provider refuses that."""

    def create(self, resource: ResourceType, inputs: JsonObject, timeout: float) -> tuple[str, JsonObject]:
        """Create a resource and return its id and state.

        Raises ProviderError when it exists and is not to be taken over, ArmError when ARM refuses it or takes it back
        after it had accepted it, InitFailedError when ARM accepted it, then failed, and it is there all the same.
        """
        resource_id = ids.build(resource, self.subscription_id, inputs)
        live = self.client.get(resource_id, resource.api_version)
        if live and not self.takes_over:
            raise ProviderError(f"cannot create already existing resource '{resource_id}'")
        body = shape.to_body(resource, inputs)
        for path in _unset(resource, inputs):
            set_path(body, path, get_path(live, path) or [])
        outputs = self._put(resource, resource_id, inputs, body, timeout)
        found = outputs.get("id")
        return found if isinstance(found, str) else resource_id, outputs

    def update(
        self, resource: ResourceType, resource_id: str, inputs: JsonObject, timeout: float
    ) -> JsonObject:
        """Change a resource and return its state; maintained lists that are not set are kept as they are."""
        body = shape.to_body(resource, inputs)
        unset = _unset(resource, inputs)
        live = self.client.get(resource_id, resource.api_version) if unset else None
        for path in unset:
            set_path(body, path, get_path(live, path) or [])
        return self._put(resource, resource_id, inputs, body, timeout)

    def read(self, resource: ResourceType, resource_id: str) -> JsonObject | None:
        """Return a resource in ARM's shape, or None when it does not exist."""
        return self.client.get(resource_id, resource.api_version)

    def delete(self, resource: ResourceType, resource_id: str, timeout: float) -> None:
        """Delete a resource and wait until it is gone."""
        self.client.delete(resource_id, resource.api_version, timeout)

    def _put(
        self, resource: ResourceType, resource_id: str, inputs: JsonObject, body: JsonObject, timeout: float
    ) -> JsonObject:
        query = {name: _query_text(inputs[name]) for name in resource.query if name in inputs}
        answer = self.client.put(resource_id, {"api-version": resource.api_version, **query}, body)
        try:
            self.client.wait(answer, timeout)
        except ProviderError as error:
            live = self.client.get(resource_id, resource.api_version)
            if live is None:
                raise
            raise InitFailedError(resource_id, shape.to_outputs(resource, live), str(error)) from error
        # A PUT's answer may lack what a GET holds, and every refresh compares with a GET.
        live = self.client.get(resource_id, resource.api_version)
        if live is None:
            raise ProviderError(f"{resource_id} was accepted, but is not there when it is read.")
        return shape.to_outputs(resource, live)


def _unset(resource: ResourceType, inputs: JsonObject) -> list[tuple[str, ...]]:
    """Return the places in the body of the maintained lists that the inputs do not set."""
    return [
        (*resource.inputs[path[0]].path, *path[1:])
        for path in resource.maintained
        if get_path(inputs, path) is None
    ]


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
