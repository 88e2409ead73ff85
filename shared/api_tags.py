"""How tags of APIs are named, by the platform that has them and by the models that carry them.

They sort the APIs in the developer portal; the tags of Azure resources are in shared.tags.
"""

from typing import Annotated

from pydantic import Field

from shared.repetitions import EachOnce

ApiTag = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
"""The identifier of a tag: 1 to 63 lower-case letters, digits and hyphens, beginning with a letter."""

ApiTags = Annotated[tuple[ApiTag, ...], EachOnce]
"""A list of tags, each once."""
