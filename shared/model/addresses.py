"""How a call names the version of a model that it is for: by path, header or query, as the model chose."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.version_place import VersionPlace
from shared.model.versioning import VersioningChoice


@dataclass(frozen=True)
class Addresses:
    """Where the versions of a model are found on the gateway."""

    model: str
    """The model's name: the first segment of every path."""
    versioning: VersioningChoice
    """What tells the version."""

    def path(self, version: str, template: str = "") -> str:
        """Return the path of a version, or of an operation of it, with the query parameter that tells the version."""
        if self.versioning.place is VersionPlace.SEGMENT:
            return f"/{self.model}/{version}{template}"
        if self.versioning.place is VersionPlace.HEADER:
            return f"/{self.model}{template}"
        return f"/{self.model}{template}{'&' if '?' in template else '?'}{self.versioning.name}={version}"

    def headers(self, version: str) -> Mapping[str, str]:
        """Return the headers by which a call tells the version; none where path or query does."""
        return {} if self.versioning.header is None else {self.versioning.header: version}
