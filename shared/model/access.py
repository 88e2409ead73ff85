"""Who may call a model."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, WithJsonSchema, model_validator

from shared.documents import Document
from shared.environments import Guid
from shared.products import ProductId
from shared.repetitions import EachOnce

_AUDIENCE = re.compile(r"[A-Za-z0-9._~:/%-]+")


def _audience(value: str) -> str:
    if not _AUDIENCE.fullmatch(value):
        raise ValueError("it is no URI or id of an application of letters, digits, -._~:/ and %. Correct it.")
    return value


Audience = Annotated[
    str,
    AfterValidator(_audience),
    WithJsonSchema({"type": "string", "pattern": f"^{_AUDIENCE.pattern}$"}),
]
"""A URI or the id of an application. It goes into policies and command lines, where other characters mean something."""


class EntraAccess(Document):
    """The tokens of Microsoft Entra ID that open the API."""

    audiences: Annotated[tuple[Audience, ...], EachOnce] = Field(
        min_length=1, description="a list of the audiences of accepted tokens, such as [api://iris-species]"
    )
    client_applications: Annotated[tuple[Guid, ...], EachOnce] = Field(
        min_length=1, description="a list of the client ids (GUIDs) of the applications that may call"
    )


class Access(Document):
    """Products that offer the API, and what a caller shows."""

    products: Annotated[tuple[ProductId, ...], EachOnce] = Field(
        min_length=1, description="a list of products of the platform, such as [trial, standard]"
    )
    key: StrictBool = Field(
        default=True, description="true where a caller shows a subscription key, or false"
    )
    entra: EntraAccess | None = Field(
        default=None, description="a map with audiences and client-applications, where a caller shows a token"
    )

    @model_validator(mode="after")
    def _is_not_open(self) -> Self:
        if not self.key and self.entra is None:
            raise ValueError(
                "`key: false` without `entra` lets everybody in. Add entra with audiences and client-applications, or "
                "remove `key: false`."
            )
        return self
