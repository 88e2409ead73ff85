"""Joins the two sources: every property of the SDK finds its place in the ARM body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_azure.metadata.generate import mgmt, sdk
from local_azure.metadata.generate.catalogue import NEWER_VALUES, NOT_IN_PACKAGES, Entry

if TYPE_CHECKING:
    from types import ModuleType

    from local_azure.metadata.generate.mgmt import WireProperty
    from local_azure.metadata.generate.sdk import SdkProperty

Fields = dict[str, str | int | bool | list[str]]
"""One property as metadata.json holds it."""

# What every resource has beside its body: the engine's id, and the version that the provider adds.
_NOT_IN_BODY = frozenset({"azureApiVersion"})
_ENVELOPE = frozenset({"id", "name", "type"})


@dataclass(slots=True)
class Types:
    """The nested types met so far, by `module:Name`; joining one adds those that it refers to, and the enums."""

    joined: dict[str, dict[str, Fields]] = field(default_factory=dict)
    enums: dict[str, list[str]] = field(default_factory=dict)


def resource(entry: Entry, types: Types) -> dict[str, object]:
    """Return one resource type as metadata.json holds it, adding nested types to `types`."""
    request = mgmt.request(entry)
    request_model, response_model = mgmt.body_models(entry)
    inputs = sdk.resource_inputs(entry.module, entry.name)
    outputs = sdk.resource_outputs(entry.module, entry.name)
    path = {name: limits for name, limits in request.path.items() if name != "subscriptionId"}
    _refuse_unknown(entry, {*path, *request.query} - set(inputs))
    last = list(path)[-1]
    body = {name: item for name, item in inputs.items() if name not in path and name not in request.query}
    state = {name: item for name, item in outputs.items() if name not in _NOT_IN_BODY}
    join = _Join(entry.module, mgmt.models(entry), types)
    found: dict[str, object] = {
        "armType": _arm_type(request.url),
        "apiVersion": sdk.api_version(entry.module, entry.name),
        # Some specifications write "resourcegroups": ARM ignores case, people and tests should not have to.
        "url": request.url.replace("/resourcegroups/", "/resourceGroups/"),
        "path": {name: dict(limits) for name, limits in path.items()},
        "inputs": join.inputs(entry.token, body, request_model),
        "outputs": join.outputs(entry.token, state, response_model),
    }
    if request.query:
        found["query"] = {name: inputs[name].type for name in request.query}
    if not inputs[last].required:
        found["autoName"] = _auto_name(entry, request.url)
    if entry.create_only:
        found["createOnly"] = list(entry.create_only)
    if entry.maintained:
        found["maintained"] = list(entry.maintained)
    return found


def _refuse_unknown(entry: Entry, names: set[str]) -> None:
    if names:
        raise RuntimeError(f"{entry.token}: the SDK has no property for the parameters {sorted(names)}.")


def _arm_type(url: str) -> str:
    """Return the resource type that a URL template names, such as Microsoft.ApiManagement/service/apis."""
    _, found, rest = url.rpartition("/providers/")
    if not found:
        return "Microsoft.Resources/resourceGroups"
    return "/".join(part for part in rest.split("/") if not part.startswith("{"))


def _auto_name(entry: Entry, url: str) -> str:
    """Return how azure-native names a resource that has no name: see its page "Auto-naming"."""
    if entry.name == "RoleAssignment":
        return "uuid"
    within_group = url.partition("{resourceGroupName}")[2]
    return "random" if within_group.count("{") <= 1 else "copy"


@dataclass(frozen=True, slots=True)
class _Join:
    module: str
    models: ModuleType
    types: Types

    def inputs(self, owner: str, properties: dict[str, SdkProperty], model: type) -> dict[str, Fields]:
        return self._properties(owner, properties, list(mgmt.wire_properties(model).values()), response=False)

    def outputs(self, owner: str, properties: dict[str, SdkProperty], model: type) -> dict[str, Fields]:
        return self._properties(owner, properties, list(mgmt.wire_properties(model).values()), response=True)

    def _properties(
        self, owner: str, properties: dict[str, SdkProperty], wires: list[WireProperty], *, response: bool
    ) -> dict[str, Fields]:
        found: dict[str, Fields] = {}
        for item in properties.values():
            if f"{owner}.{item.name}" in NOT_IN_PACKAGES:
                continue
            wire = _match(owner, item.name, wires, response=response)
            found[item.name] = self._fields(item, wire, response=response)
        return found

    def _fields(self, item: SdkProperty, wire: WireProperty, *, response: bool) -> Fields:
        fields: Fields = {"type": self._type(item.type, wire.type), **wire.limits}
        if wire.path != (item.name,):
            fields["at"] = list(wire.path)
        # The SDK does not require a location, because azure-native takes the resource group's.
        if not response and (item.required or wire.required):
            fields["required"] = True
        if not response and wire.read_only:
            fields["readOnly"] = True
        return fields

    def _type(self, expression: str, wire_type: str) -> str:
        """Return the type expression with nested names made `module:Name`, joining the nested types."""
        if expression == "[string]" and wire_type.startswith("{"):
            return "<string>"  # a set in the SDK, on the wire a map from the string to an empty object
        if expression[0] in "[{":
            return f"{expression[0]}{self._type(expression[1:-1], wire_type[1:-1])}{expression[-1]}"
        if expression[0] in "=~":
            key = f"{self.module}:{expression[1:]}"
            values = {*sdk.enum_values(self.module, expression[1:]), *NEWER_VALUES.get(key, ())}
            self.types.enums[key] = sorted(values)
            return f"{expression[0]}{key}"
        if not expression.startswith("#"):
            return expression
        return f"#{self._nested(expression[1:], wire_type)}"

    def _nested(self, name: str, wire_type: str) -> str:
        key = f"{self.module}:{name}"
        if key not in self.types.joined:
            self.types.joined[key] = {}  # a type may refer to itself
            model = getattr(self.models, wire_type)
            self.types.joined[key] |= (
                self.outputs(key, sdk.nested_outputs(self.module, name), model)
                if sdk.is_output(self.module, name)
                else self.inputs(key, sdk.nested_inputs(self.module, name), model)
            )
        return key


def _match(owner: str, name: str, wires: list[WireProperty], *, response: bool) -> WireProperty:
    candidates = [wire for wire in wires if name in {wire.path[-1], _camel(wire.attribute)}]
    if response and name in _ENVELOPE:
        # Backend and Group have a `type` of their own below `properties`: the state holds the ARM type.
        candidates = sorted(candidates, key=lambda wire: len(wire.path))[:1]
    if not response:
        candidates = [wire for wire in candidates if not wire.read_only] or candidates
    if len(candidates) > 1:
        # Api has `properties.type`, called apiType, and `properties.apiType`, called soapApiType.
        candidates = [wire for wire in candidates if _camel(wire.attribute) == name]
    if len(candidates) != 1:
        raise RuntimeError(
            f"{owner}.{name} has {len(candidates)} places: {[wire.path for wire in candidates]}."
        )
    return candidates[0]


def _camel(attribute: str) -> str:
    return re.sub(r"_+(\w)", lambda found: found.group(1).upper(), attribute)
