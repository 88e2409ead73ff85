"""The tags that every taggable resource carries, checked against Azure's limits."""

from collections.abc import Mapping

from shared.azure import tags as limits
from shared.errors import UserError


class TagError(UserError):
    """A tag would be refused by Azure; the text is a sentence with what to change."""


def tags_for(layer: str, environment: str, ownership: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tags of a layer's resources; ``ownership`` says whose they are and who pays.

    Raises TagError when Azure would refuse a tag.
    """
    return checked({**ownership, "environment": environment, "layer": layer, "managed-by": "pulumi"})


def checked(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tags when Azure takes all of them.

    Raises TagError with a sentence about the first that it refuses.
    """
    if len(tags) > limits.MOST_TAGS:
        raise TagError(
            f"{len(tags)} tags are too many: Azure allows {limits.MOST_TAGS} on a resource. Remove some."
        )
    for name, value in tags.items():
        _check_name(name)
        if len(value) > limits.LONGEST_VALUE:
            raise TagError(
                f"The value of the tag `{name}` has {len(value)} characters, and Azure allows "
                f"{limits.LONGEST_VALUE}. Shorten it."
            )
    return tags


def _check_name(name: str) -> None:
    if not 0 < len(name) <= limits.LONGEST_NAME:
        raise TagError(
            f"The tag name `{name}` has {len(name)} characters; Azure allows 1 to {limits.LONGEST_NAME}. "
            "Change it."
        )
    forbidden = sorted(limits.FORBIDDEN_IN_NAMES.intersection(name))
    if forbidden:
        raise TagError(
            f"The tag name `{name}` holds {' '.join(forbidden)}, which Azure forbids in names. Change it."
        )
