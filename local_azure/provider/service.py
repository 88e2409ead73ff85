"""What the engine asks a provider, answered with the operations of this package."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from google.protobuf import empty_pb2

from local_azure.metadata import load
from local_azure.provider import checks, diffs, ids, names, refresh, shape
from local_azure.provider.arm import ArmClient
from local_azure.provider.errors import ArmError, ProviderError
from local_azure.provider.operations import DEFAULT_TIMEOUT, Operations
from local_azure.provider.proto import plugin_pb2, provider_pb2
from local_azure.provider.values import UNKNOWN, from_struct, to_struct

if TYPE_CHECKING:
    from pydantic import JsonValue

    from local_azure.metadata import ResourceType
    from local_azure.provider.values import JsonObject

LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""The subscription when neither `azure-native:subscriptionId` nor ARM_SUBSCRIPTION_ID names one.

The ARM server has every subscription that a request names.
"""

ONLY_SUBSCRIPTION = "LOCAL_AZURE_SUBSCRIPTION"
"""The environment variable that names the one subscription that a launcher's local Azure stands for."""

TAKE_OVER = "LOCAL_AZURE_TAKE_OVER"
"""The environment variable that, when it is set, lets what exists already be taken over instead of refused."""

_CONFIG_PREFIX = "azure-native:config:"
_STABLE_OUTPUTS = ("name", "location")


class Service:
    """The provider of one engine: configured once, then asked for many resources at the same time."""

    def __init__(self, endpoint: str) -> None:
        """Take the URL of the local Azure's ARM server; it is not contacted before a resource needs it.

        Raises ProviderError when it is no such URL.
        """
        self._client = ArmClient(endpoint)
        self._operations = Operations(self._client, LOCAL_SUBSCRIPTION)
        self._default_location: str | None = None
        self._group_locations: dict[str, JsonValue] = {}
        self._lock = threading.Lock()

    def plugin_info(self, _: empty_pb2.Empty) -> plugin_pb2.PluginInfo:
        """Return the version, which is that of the SDK that the metadata was made from."""
        return plugin_pb2.PluginInfo(version=load().sdk_version)

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Take any provider configuration, as the official provider does."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def diff_config(self, _: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Replace nothing when the provider's configuration changes, as the official provider does."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_UNKNOWN)

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Take the subscription and the default location; credentials are not needed.

        Secrets are left to the engine: it marks the outputs whose inputs were secret.

        Raises ProviderError for a subscription that the local Azure does not stand for: a shell that still has its
        variables would otherwise deploy another environment into it, and write its state full of fakes.
        """
        config = {name.removeprefix(_CONFIG_PREFIX): value for name, value in request.variables.items()}
        subscription = config.get("subscriptionId") or os.environ.get("ARM_SUBSCRIPTION_ID")
        only = os.environ.get(ONLY_SUBSCRIPTION)
        if only and subscription and subscription.lower() != only.lower():
            raise ProviderError(
                f"The stack is for the subscription {subscription}, but this plugin is that of the local Azure, which "
                f"stands for {only} alone: set the variables of the stack's environment, "
                '`eval "$(./dev env ENVIRONMENT)"`.'
            )
        takes_over = bool(os.environ.get(TAKE_OVER))
        self._operations = Operations(self._client, subscription or LOCAL_SUBSCRIPTION, takes_over)
        self._default_location = config.get("location") or os.environ.get("ARM_LOCATION")
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def close(self) -> None:
        """End the waits of the operations that are under way."""
        self._client.cancel()

    def cancel(self, _: empty_pb2.Empty) -> empty_pb2.Empty:
        """End the waits of the operations that are under way."""
        self._client.cancel()
        return empty_pb2.Empty()

    def invoke(self, request: provider_pb2.InvokeRequest) -> provider_pb2.InvokeResponse:
        """Refuse every function: the stacks call none."""
        raise ProviderError(
            f"The local Azure has no function {request.tok}. The stacks call none, as state holds no keys: "
            "use a resource's outputs, or fetch a key when it is used."
        )

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Return the inputs with name, location and API version filled in, and what is wrong with them."""
        resource = _resource_type(request.urn)
        inputs = self._with_defaults(resource, request, from_struct(request.olds), from_struct(request.news))
        failures = checks.check(resource, inputs)
        return provider_pb2.CheckResponse(
            inputs=to_struct(inputs),
            failures=[
                provider_pb2.CheckFailure(property=item.property, reason=item.reason) for item in failures
            ],
        )

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Return what differs between old and new inputs, and whether that replaces the resource."""
        found = diffs.difference(
            _resource_type(request.urn),
            from_struct(request.old_inputs),
            from_struct(request.news),
            from_struct(request.olds),
        )
        kinds = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if found.changes else kinds.DIFF_NONE,
            diffs=sorted({change.top for change in found.changes}),
            replaces=sorted({change.top for change in found.changes if change.replace}),
            deleteBeforeReplace=found.delete_before_replace,
            hasDetailedDiff=True,
            detailedDiff={change.path: _property_diff(change) for change in found.changes},
        )

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Create a resource, or in a preview say what is known of it."""
        resource, inputs = _resource_type(request.urn), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(shape.preview_outputs(resource, inputs)))
        resource_id, outputs = self._operations.create(resource, inputs, request.timeout or DEFAULT_TIMEOUT)
        return provider_pb2.CreateResponse(id=resource_id, properties=to_struct(outputs))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """Return the live state for a refresh, `get` or import; an empty id tells that it is gone."""
        resource = _resource_type(request.urn)
        path = ids.parse(resource, request.id)
        body = self._operations.read(resource, request.id)
        if body is None:
            return provider_pb2.ReadResponse(id="")
        outputs = shape.to_outputs(resource, body)
        if request.HasField("inputs") and request.inputs.fields:
            inputs = refresh.refreshed_inputs(
                resource, from_struct(request.inputs), from_struct(request.properties), outputs
            )
        else:
            inputs = path | shape.to_inputs(resource, body) | {checks.API_VERSION: resource.api_version}
        return provider_pb2.ReadResponse(
            id=request.id, properties=to_struct(outputs), inputs=to_struct(inputs)
        )

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Change a resource, or in a preview say what is known of it afterwards."""
        resource, inputs = _resource_type(request.urn), from_struct(request.news)
        if request.preview:
            old = from_struct(request.olds)
            stable = {name: old[name] for name in _STABLE_OUTPUTS if name in old}
            outputs = shape.preview_outputs(resource, inputs) | stable | {"id": request.id}
        else:
            timeout = request.timeout or DEFAULT_TIMEOUT
            outputs = self._operations.update(resource, request.id, inputs, timeout)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def delete(self, request: provider_pb2.DeleteRequest) -> empty_pb2.Empty:
        """Delete a resource."""
        self._operations.delete(_resource_type(request.urn), request.id, request.timeout or DEFAULT_TIMEOUT)
        return empty_pb2.Empty()

    def _with_defaults(
        self, resource: ResourceType, request: provider_pb2.CheckRequest, old: JsonObject, new: JsonObject
    ) -> JsonObject:
        inputs = dict(new)
        own_name = resource.path_names[-1]
        if own_name not in inputs and own_name in old:
            inputs[own_name] = old[own_name]
            if checks.CREATE_BEFORE_DELETE in old:
                inputs[checks.CREATE_BEFORE_DELETE] = old[checks.CREATE_BEFORE_DELETE]
        elif own_name not in inputs:
            seed, proposal = request.randomSeed, _proposal(request)
            name = names.generate(resource, _logical_name(request.urn), seed, proposal)
            if name is not None:
                inputs[own_name] = name.name
            if name is not None and name.random:
                inputs[checks.CREATE_BEFORE_DELETE] = True
        if "location" in resource.inputs and "location" not in inputs:
            location = old.get("location") or self._location(inputs.get("resourceGroupName"))
            inputs |= {} if location is None else {"location": location}
        return {checks.API_VERSION: resource.api_version} | inputs

    def _location(self, group: JsonValue) -> JsonValue:
        """Return the configured location, else the resource group's; None when there is no such group yet."""
        if self._default_location is not None:
            return self._default_location
        if not isinstance(group, str) or group == UNKNOWN:
            return group
        with self._lock:
            if group not in self._group_locations:
                resource = load().resources["azure-native:resources:ResourceGroup"]
                inputs: JsonObject = {"resourceGroupName": group}
                resource_id = ids.build(resource, self._operations.subscription_id, inputs)
                try:
                    body = self._operations.read(resource, resource_id)
                except ArmError:
                    return None  # the failed check of `location` tells what to do
                if body is None:
                    return None
                self._group_locations[group] = body.get("location")
            return self._group_locations[group]


def _resource_type(urn: str) -> ResourceType:
    token = urn.split("::")[2].rpartition("$")[2]
    resource = load().resources.get(token)
    if resource is None:
        known = ", ".join(sorted(load().resources))
        raise ProviderError(f"The local Azure has no resource type {token}; it has {known}.")
    return resource


def _logical_name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _proposal(request: provider_pb2.CheckRequest) -> names.Proposal | None:
    if not request.HasField("autonaming"):
        return None
    options = provider_pb2.CheckRequest.AutonamingOptions
    match request.autonaming.mode:
        case options.DISABLE:
            return names.Proposal("disable", "")
        case options.ENFORCE:
            return names.Proposal("enforce", request.autonaming.proposed_name)
        case _:
            return names.Proposal("propose", request.autonaming.proposed_name)


def _property_diff(change: diffs.Change) -> provider_pb2.PropertyDiff:
    kinds = provider_pb2.PropertyDiff
    plain = {"add": kinds.ADD, "update": kinds.UPDATE, "delete": kinds.DELETE}
    replacing = {"add": kinds.ADD_REPLACE, "update": kinds.UPDATE_REPLACE, "delete": kinds.DELETE_REPLACE}
    return provider_pb2.PropertyDiff(
        kind=(replacing if change.replace else plain)[change.kind], inputDiff=True
    )
