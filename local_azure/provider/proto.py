"""The engine's protocol, imported without the rest of the Pulumi SDK.

`import pulumi` runs the whole SDK, which takes 0.3 s that every preview would wait for. The generated
protocol modules need none of it, so their parent packages are stood in for by empty ones while they are
imported.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def _without_package_code(root: str, *subpackages: str) -> Iterator[None]:
    """Let submodules of a package be imported while the packages' own `__init__` modules do not run."""
    spec = importlib.util.find_spec(root)
    if root in sys.modules or spec is None or spec.submodule_search_locations is None:
        yield  # the SDK is loaded already, or missing: the import itself says which
        return
    folder = Path(next(iter(spec.submodule_search_locations)))
    names = (root, *(f"{root}.{name}" for name in subpackages))
    for name in names:
        package = ModuleType(name)
        package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


with _without_package_code("pulumi", "runtime"):
    from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

__all__ = ["plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
