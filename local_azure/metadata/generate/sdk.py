"""What the azure-native SDK says, read from its source: importing one of its modules costs seconds."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

PRIMITIVES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "Any": "any"}
_INPUT_SUFFIX = "Args"


@dataclass(frozen=True, slots=True)
class SdkProperty:
    """A property of a resource or nested type: camelCase name, type expression, whether it must be given.

    A type expression is a primitive (`string`, `integer`, `number`, `boolean`, `any`), `#Name` for a nested
    type, `=Name` for an enum, `~Name` for one that takes other values too, `[T]` for a list or `{T}` for a map from
    string.
    """

    name: str
    type: str
    required: bool


@functools.cache
def package_folder() -> Path:
    """Return the folder of the installed SDK.

    Raises RuntimeError when it is not installed.
    """
    spec = importlib.util.find_spec("pulumi_azure_native")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "pulumi-azure-native is not installed: install the project's development requirements."
        )
    return Path(spec.origin).parent


@functools.cache
def _classes(module: str, file: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse((package_folder() / module / file).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _file_of(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() + ".py"


def _resource_class(module: str, name: str) -> ast.ClassDef:
    return _classes(module, _file_of(name))[name]


def resource_inputs(module: str, name: str) -> dict[str, SdkProperty]:
    """Return the properties that a program may set, path parameters among them."""
    # The class is called XInitArgs where XArgs is taken by a nested type.
    classes = _classes(module, _file_of(name))
    node = classes.get(f"{name}InitArgs") or classes[f"{name}Args"]
    return _properties(node, module)


def resource_outputs(module: str, name: str) -> dict[str, SdkProperty]:
    """Return the properties of a resource's state."""
    return _properties(_resource_class(module, name), module)


def nested_inputs(module: str, name: str) -> dict[str, SdkProperty]:
    """Return the properties of a nested type as a program writes it; `name` without the Args suffix."""
    return _properties(_classes(module, "_inputs.py")[name + _INPUT_SUFFIX], module)


def nested_outputs(module: str, name: str) -> dict[str, SdkProperty]:
    """Return the properties of a nested type as the state holds it."""
    return _properties(_classes(module, "outputs.py")[name], module)


def enum_values(module: str, name: str) -> list[str]:
    """Return the values of an enum, sorted."""
    body = _classes(module, "_enums.py")[name].body
    return sorted(str(ast.literal_eval(item.value)) for item in body if isinstance(item, ast.Assign))


def is_output(module: str, name: str) -> bool:
    """Tell whether a nested type belongs to the state (the SDK's `outputs`) or to what a program writes."""
    return name in _classes(module, "outputs.py")


def api_version(module: str, name: str) -> str:
    """Return the version of the REST API that the resource's documentation names."""
    text = (package_folder() / module / _file_of(name)).read_text("utf-8")
    found = re.search(r"Uses Azure REST API version ([\w-]+?)\.", text)
    if found is None:
        raise RuntimeError(f"The SDK does not say which API version azure-native:{module}:{name} uses.")
    return found.group(1)


def _properties(node: ast.ClassDef, module: str) -> dict[str, SdkProperty]:
    required = _required(node)
    found: dict[str, SdkProperty] = {}
    for item in node.body:
        if not isinstance(item, ast.FunctionDef) or item.returns is None:
            continue
        name = _getter_name(item)
        if name is not None:
            found[name] = SdkProperty(name, _expression(item.returns, module), item.name in required)
    return found


def _required(node: ast.ClassDef) -> frozenset[str]:
    """Return the constructor's keywords without a default; they are the required properties."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            pairs = zip(item.args.kwonlyargs, item.args.kw_defaults, strict=True)
            return frozenset(argument.arg for argument, default in pairs if default is None)
    return frozenset()


def _getter_name(function: ast.FunctionDef) -> str | None:
    for decorator in function.decorator_list:
        text = ast.unparse(decorator)
        if text == "pulumi.getter":
            return function.name
        if text.startswith("pulumi.getter(") and isinstance(decorator, ast.Call):
            return str(ast.literal_eval(decorator.keywords[0].value))
    return None


def _expression(node: ast.expr, module: str) -> str:
    if isinstance(node, ast.Subscript):
        return _generic(ast.unparse(node.value).rpartition(".")[2], node.slice, module)
    if isinstance(node, ast.Constant):
        return _named(str(node.value).rpartition(".")[2], module)
    return PRIMITIVES[ast.unparse(node).rpartition(".")[2]]


def _generic(origin: str, argument: ast.expr, module: str) -> str:
    match origin, argument:
        case (("Input" | "Output" | "Optional"), _):
            return _expression(argument, module)
        case "Sequence", _:
            return f"[{_expression(argument, module)}]"
        case "Mapping", ast.Tuple(elts=[_, value]):
            return "{" + _expression(value, module) + "}"
        case "Union", ast.Tuple(elts=[_, known]):  # an extensible enum: a string, or one of its known values
            return _expression(known, module).replace("=", "~")
    raise RuntimeError(f"The SDK has a type this generator does not know: {origin}[{ast.unparse(argument)}].")


def _named(name: str, module: str) -> str:
    if name in _classes(module, "outputs.py"):
        return f"#{name}"
    if name in _classes(module, "_inputs.py"):
        return f"#{name.removesuffix(_INPUT_SUFFIX)}"
    return f"={name}"
