"""The tags that every taggable resource carries."""

from collections.abc import Mapping


def tags_for(layer: str, environment: str, ownership: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tags of a layer's resources; ``ownership`` says whose they are and who pays."""
    return {**ownership, "environment": environment, "layer": layer, "managed-by": "pulumi"}
