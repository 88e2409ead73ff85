"""The version of the tool chain and where its official release is."""

from collections.abc import Mapping
from typing import Final

# The pinned release is also the oldest that is accepted on PATH: older ones were not tried with the stacks.
VERSION: Final = "3.259.0"

# https://www.pulumi.com/docs/install/versions/
ARCHIVES: Final = "https://get.pulumi.com/releases/sdk"
# https://github.com/pulumi/pulumi/releases
CHECKSUMS: Final = "https://github.com/pulumi/pulumi/releases/download"

# SHA-256 by archive name. An archive that is named here needs no checksum from the network.
DIGESTS: Final[Mapping[str, str]] = {}
