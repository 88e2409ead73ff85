"""A monitor in the place of the engine: it records what programs and components register."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import grpc
import pulumi
from pulumi.output import Unknown
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import set_root_resource

_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"

_NAME_KEYS = (
    "apiLinkId", "groupLinkId", "policyId", "operationId", "schemaId", "sid", "backendId", "namedValueId",
    "loggerId", "diagnosticId", "groupId", "versionSetId", "apiId", "productId", "tagId", "serviceName", "subnetName",
    "virtualNetworkName", "networkSecurityGroupName", "workspaceName", "vaultName", "resourceName",
    "roleAssignmentName", "resourceGroupName",
)  # fmt: skip
"""The property that names a resource, the most specific first: paths of children hold those of their parents too."""

_OWN_NAME = {
    "Logger": "loggerId",
    "Diagnostic": "diagnosticId",
    "Api": "apiId",
    "Product": "productId",
    "ApiVersionSet": "versionSetId",
}
"""The property that names a resource whose other properties include identifiers of what it refers to."""


class _UnknownStackError(grpc.RpcError):
    """What the engine answers when it is asked for the outputs of a stack that does not exist."""

    def __init__(self, stack: str) -> None:
        super().__init__(stack)
        self._stack = stack

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return (
            f'invocation of pulumi:pulumi:readStackOutputs returned an error: unknown stack "{self._stack}"'
        )


@dataclass(frozen=True)
class Registered:
    """A resource as a program registered it."""

    type: str
    """The type without the package: ``apimanagement:Api``."""
    name: str
    inputs: Mapping[str, Any]
    parent: str
    """The name of the parent, or an empty text below the stack."""
    waits_for: frozenset[str]
    """The names of the resources that it waits for."""
    protect: bool
    deleted_with: str
    """The name of the resource whose deletion takes this one along, or an empty text."""


@dataclass
class Recording(mocks.Mocks):
    """What was registered, and what the engine would have answered."""

    stored_outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The outputs of stacks that references may name."""
    preview: bool = False
    """Whether what only Azure knows is not known yet."""
    resources: list[Registered] = field(default_factory=list)
    exports: dict[str, Any] = field(default_factory=dict)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        assert args.token == "pulumi:pulumi:readStackOutputs"  # noqa: S105 - the name of a function
        name = args.args["name"]
        if name not in self.stored_outputs:
            raise _UnknownStackError(name)
        return {"name": name, "outputs": dict(self.stored_outputs[name]), "secretOutputNames": []}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            name = args.inputs["name"]
            return name, {"name": name, "outputs": dict(self.stored_outputs[name]), "secretOutputNames": []}
        if not args.custom:
            return None, dict(args.inputs)
        kind = args.typ.rsplit(":", 1)[-1]
        own = _own_name(kind, args.inputs) or args.name
        identity = f"{_SUBSCRIPTION}/{kind}/{own}"
        from_azure = {} if self.preview else _outputs(kind, own, args.inputs)
        return identity, {**args.inputs, "name": own, **from_azure}

    def of_type(self, type_: str) -> list[Registered]:
        """Return the resources of a type, in the order of registration."""
        return [resource for resource in self.resources if resource.type == type_]

    def only(self, type_: str) -> Registered:
        """Return the one resource of a type."""
        (resource,) = self.of_type(type_)
        return resource


P = ParamSpec("P")
R = TypeVar("R")


def _with_event_loop(call: Callable[P, R]) -> Callable[P, R]:
    """Give the mock monitor the event loop that it would make for its thread, and close it as it would not."""

    @wraps(call)
    def with_loop(*args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            return call(*args, **kwargs)
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    return with_loop


class _Monitor(mocks.MockMonitor):
    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self._recording = recording

    Invoke = _with_event_loop(mocks.MockMonitor.Invoke)
    ReadResource = _with_event_loop(mocks.MockMonitor.ReadResource)

    @_with_event_loop
    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: N802 - gRPC's name
        if request.type != "pulumi:pulumi:Stack":
            self._recording.resources.append(
                Registered(
                    type=re.sub("^azure-native:", "", request.type),
                    name=request.name,
                    inputs=rpc.deserialize_properties(request.object),
                    parent="" if "::pulumi:pulumi:Stack::" in request.parent else _name(request.parent),
                    waits_for=frozenset(_name(urn) for urn in request.dependencies),
                    protect=bool(request.protect),
                    deleted_with=_name(request.deletedWith),
                )
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK does not type its mocks

    def RegisterResourceOutputs(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> Any:
        if "::pulumi:pulumi:Stack::" in request.urn:
            outputs = rpc.deserialize_properties(request.outputs)
            known = {name: value for name, value in outputs.items() if not isinstance(value, Unknown)}
            self._recording.exports.update(known)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # as above


@dataclass(frozen=True)
class Situation:
    """What the engine tells a program before it runs."""

    project: str = "project"
    stack: str = "local"
    preview: bool = False
    configuration: Mapping[str, str] = field(default_factory=dict)
    stored_outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The outputs of other stacks, by the name by which a reference finds them."""


def run(
    program: Callable[[], object], situation: Situation, into: list[Registered] | None = None
) -> Recording:
    """Run a program as the engine would, and return what it registered and exported.

    ``into`` receives what was registered, for a program that fails.
    """
    recording = Recording(situation.stored_outputs, situation.preview, [] if into is None else into)

    async def within_stack() -> None:
        pulumi.runtime.set_all_config(dict(situation.configuration))
        pulumi.runtime.set_mocks(
            recording,
            situation.project,
            situation.stack,
            situation.preview,
            monitor=_Monitor(recording),
            organization="organization",
        )
        # The mocks bring a stack that was finished already; the program gets one of its own.
        set_root_resource(None)  # type: ignore[arg-type] # the SDK's own start has None here
        recording.resources.clear()
        await pulumi.runtime.run_in_stack(lambda: _nothing(program()))

    asyncio.run(within_stack())
    return recording


def _nothing(_: object) -> None:
    """Return None, whatever a program returned."""


def _own_name(kind: str, inputs: Mapping[str, Any]) -> str | None:
    keys: Sequence[str] = (_OWN_NAME[kind],) if kind in _OWN_NAME else _NAME_KEYS
    return next((inputs[key] for key in keys if inputs.get(key)), None)


def _outputs(kind: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs that only Azure knows and programs read."""
    match kind:
        case "ApiManagementService":
            return {"gatewayUrl": f"https://{name}.azure-api.net"}
        case "Component":
            return {"connectionString": "InstrumentationKey=00000000-0000-0000-0000-000000000000"}
        case "UserAssignedIdentity":
            return {
                "clientId": "11111111-1111-1111-1111-111111111111",
                "principalId": "22222222-2222-2222-2222-222222222222",
            }
        case "Vault":
            return {"properties": {**inputs["properties"], "vaultUri": f"https://{name}.vault.azure.net/"}}
        case _:
            return {}


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
