"""What Microsoft's azure-mgmt packages say: URL templates, where a property stands in the body, limits."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import typing
from dataclasses import dataclass, field

if typing.TYPE_CHECKING:
    from types import ModuleType

    from local_azure.metadata.generate.catalogue import Entry

Limits = dict[str, str | int]

_NO_LIMITS = frozenset({"readonly", "required", "constant", "unique", "skip_quote"})
_ATTRIBUTE_MAP = "_attribute_map"
_LIMIT_NAMES = {
    "max_length": "maxLength",
    "min_length": "minLength",
    "pattern": "pattern",
    "maximum": "maximum",
    "minimum": "minimum",
    "max_items": "maxItems",
    "min_items": "minItems",
}


@dataclass(frozen=True, slots=True)
class WireProperty:
    """A property of an ARM body: the JSON keys that lead to it, its type as msrest writes it, its limits."""

    attribute: str
    path: tuple[str, ...]
    type: str
    limits: Limits
    read_only: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Request:
    """The PUT of a resource type: URL template, parameters in its path and in its query, by wire name."""

    url: str
    path: dict[str, Limits]
    query: dict[str, str] = field(default_factory=dict)


def operations_class(entry: Entry) -> type:
    """Import and return the operations class of a resource type."""
    module = importlib.import_module(f"azure.mgmt.{entry.package}.operations")
    found: object = getattr(module, entry.operations)
    if not isinstance(found, type):
        raise TypeError(f"azure.mgmt.{entry.package} has no class {entry.operations}.")
    return found


def models(entry: Entry) -> ModuleType:
    """Import and return the models of a resource type's package."""
    return importlib.import_module(f"azure.mgmt.{entry.package}.models")


def body_models(entry: Entry) -> tuple[type, type]:
    """Return the classes of the PUT's request and response body, from the method's annotations."""
    hints = typing.get_type_hints(getattr(operations_class(entry), entry.method))
    parameters = [hint for name, hint in hints.items() if name != "return" and _model_of(hint) is not None]
    request, response = _model_of(parameters[0]), _model_of(hints["return"])
    if len(parameters) != 1 or request is None or response is None:
        raise RuntimeError(f"{entry.operations}.{entry.method} has no single request and response body.")
    return request, response


def _model_of(hint: object) -> type | None:
    """Return the class with an attribute map in a hint like `Union[Api, IO[bytes]]` or `LROPoller[Api]`."""
    if isinstance(hint, type) and hasattr(hint, _ATTRIBUTE_MAP):
        return hint
    return next((found for found in map(_model_of, typing.get_args(hint)) if found is not None), None)


def wire_properties(model: type) -> dict[str, WireProperty]:
    """Return the properties of a model, by attribute name, with the paths unescaped."""
    attribute_map: dict[str, dict[str, str]] = getattr(model, _ATTRIBUTE_MAP)
    validation: dict[str, dict[str, typing.Any]] = getattr(model, "_validation", {})
    return {
        attribute: WireProperty(
            attribute,
            # msrest separates the keys of a path by dots; a dot within a key is escaped.
            tuple(part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", place["key"])),
            place["type"],
            _limits(validation.get(attribute, {})),
            bool(validation.get(attribute, {}).get("readonly")),
            bool(validation.get(attribute, {}).get("required")),
        )
        for attribute, place in attribute_map.items()
    }


def _limits(rules: dict[str, typing.Any]) -> Limits:
    limits = {name: value for name, value in rules.items() if name not in _NO_LIMITS}
    return {_LIMIT_NAMES[name]: value for name, value in limits.items()}


def request(entry: Entry) -> Request:
    """Return the PUT's URL template and parameters, read from the function that builds it."""
    function = _builder(entry)
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    url = next(str(_literal(call.args[1])) for call in calls if _is_template(call))
    path: dict[str, Limits] = {}
    query: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            path |= {
                str(_literal(key)): _keywords(value)
                for key, value in zip(node.keys, node.values, strict=True)
            }
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("_params["):
            name, call = node.targets[0], node.value
            if isinstance(name, ast.Subscript) and isinstance(call, ast.Call):
                query[str(_literal(name.slice))] = str(_literal(call.args[2]))
    query.pop("api-version")
    return Request(url, {name: path[name] for name in re.findall(r"\{(\w+)\}", url)}, query)


def _builder(entry: Entry) -> ast.FunctionDef:
    """Return the source of the module-level `build_..._request` function that the method calls."""
    internal = entry.method.replace("begin_", "_") + "_initial"
    for cls in operations_class(entry).__mro__:  # a package may wrap its generated class in a patched one
        method = vars(cls).get(internal) or vars(cls).get(entry.method)
        name = re.search(r"\b(build_\w+_request)\(", inspect.getsource(method)) if method else None
        if name is not None:
            function = getattr(importlib.import_module(cls.__module__), name.group(1))
            return next(
                node
                for node in ast.parse(inspect.getsource(function)).body
                if isinstance(node, ast.FunctionDef)
            )
    raise RuntimeError(f"{entry.operations}.{entry.method} calls no function that builds its request.")


def _is_template(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "kwargs.pop" and _literal(call.args[0]) == "template_url"


def _keywords(value: ast.expr) -> Limits:
    if not isinstance(value, ast.Call):
        return {}
    return _limits({item.arg: _literal(item.value) for item in value.keywords if item.arg is not None})


def _literal(node: ast.expr | None) -> object:
    return None if node is None else ast.literal_eval(node)
