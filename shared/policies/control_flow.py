"""Policy control and flow.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Policy control and flow).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from shared.policies.expressions import Expression
from shared.policies.schema import OwnText
from shared.policies.statement import Element, Statement
from shared.policies.transformation import SetHeader

_FIRST_FINAL_STATUS = 200
_LAST_STATUS = 599
_LIQUID = "write the text, or a policy expression that gives it"


@dataclass(frozen=True)
class IncludeFragment(Statement):
    """`<include-fragment>`: run here what a policy fragment of the service holds.

    Page: learn.microsoft.com/azure/api-management/include-fragment-policy.
    """

    element: ClassVar[str] = "include-fragment"

    fragment_id: str
    """The name of the fragment; no policy expression can choose it."""


@dataclass(frozen=True)
class SetStatus(Element):
    """`<set-status>` in `<return-response>`: the status of the response.

    Page: learn.microsoft.com/azure/api-management/set-status-policy.
    """

    element: ClassVar[str] = "set-status"

    code: int | Expression
    """The HTTP status code."""

    reason: str | Expression
    """The words that follow the code in HTTP/1.1."""

    def problems(self) -> Iterator[str]:
        """Check that the code ends an exchange."""
        if isinstance(self.code, int) and not _FIRST_FINAL_STATUS <= self.code <= _LAST_STATUS:
            yield f"has code {self.code}: use {_FIRST_FINAL_STATUS} to {_LAST_STATUS}"


@dataclass(frozen=True)
class SetBody(Element):
    """`<set-body>` in `<return-response>`: the body of the response.

    Page: learn.microsoft.com/azure/api-management/set-body-policy. A Liquid template sees nothing there, as the page
    says, for the messages of the call are gone by then.
    """

    element: ClassVar[str] = "set-body"
    refused: ClassVar[Mapping[str, str]] = {"template": _LIQUID, "xsi-nil": _LIQUID}

    text: Annotated[str | Expression, OwnText()]
    """The body."""


@dataclass(frozen=True)
class ReturnResponse(Statement):
    """`<return-response>`: end the call here, and answer with this instead.

    No statement after it runs, and no other section. Page:
    learn.microsoft.com/azure/api-management/return-response-policy. The fields stand in the order that it asks for.
    """

    element: ClassVar[str] = "return-response"
    refused: ClassVar[Mapping[str, str]] = {
        "response-variable-name": "no statement here keeps a response in a variable: say status, headers and body",
    }

    status: SetStatus | None = None
    """The status; 200 without it."""

    headers: tuple[SetHeader, ...] = ()
    """The headers of the response: those of the call and of the model server are not among them."""

    body: SetBody | None = None
    """The body; none without it."""
