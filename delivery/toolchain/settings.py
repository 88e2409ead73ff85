"""Where the tool chain is looked for, obtained from, and kept."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from delivery.toolchain import pins


@dataclass(frozen=True)
class Settings:
    """The places, all of them replaceable."""

    path: str
    """Search path for pulumi and go."""

    cache: Path
    """Folder that keeps what was obtained; made when needed."""

    modules: Path
    """Folder of the two pinned Go modules, cli and language-python."""

    archives: str = pins.ARCHIVES
    """Address of the folder of release archives."""

    checksums: str = pins.CHECKSUMS
    """Address of the folder that holds a folder per release with its checksums."""

    digests: Mapping[str, str] = field(default_factory=lambda: pins.DIGESTS)
    """Pinned SHA-256 by archive name; wins over the published checksum."""

    connect_timeout: float = 4.0
    """Seconds after which a silent network counts as one that refuses."""

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """Take PATH, and the cache folder that the XDG base directory specification names."""
        configured = Path(variables.get("XDG_CACHE_HOME", ""))
        root = configured if configured.is_absolute() else Path.home() / ".cache"
        return cls(
            path=variables.get("PATH", os.defpath),
            cache=root / "model-gateway" / "toolchain",
            modules=Path(__file__).resolve().parents[2] / "tools" / "pulumi",
        )
