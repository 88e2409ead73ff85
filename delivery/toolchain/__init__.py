"""The Pulumi CLI and its Python language host, from wherever this machine can have them.

`ensure` finds or obtains them, in this order: on PATH when recent enough; the official release, its checksum
verified; a build from the Go modules that tools/pulumi pins. What it obtains it keeps in the user's cache.
"""

from delivery.toolchain.model import Source, Toolchain, ToolchainError
from delivery.toolchain.order import ensure, environment
from delivery.toolchain.settings import Settings

__all__ = ["Settings", "Source", "Toolchain", "ToolchainError", "ensure", "environment"]
