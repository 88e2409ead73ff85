"""Transformation.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Transformation).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from shared.azure.policy_statements import UNCHANGEABLE_HEADERS, UNDELETABLE_HEADERS
from shared.policies.expressions import Expression
from shared.policies.schema import Texts
from shared.policies.statement import Statement

ExistsAction: TypeAlias = Literal["override", "skip", "append", "delete"]
"""What happens to a header that the message already has."""


@dataclass(frozen=True)
class SetHeader(Statement):
    """`<set-header>`: set, extend or remove a header of the request (inbound, backend) or the response.

    Page: learn.microsoft.com/azure/api-management/set-header-policy.
    """

    element: ClassVar[str] = "set-header"

    name: str | Expression
    """The header."""

    values: Annotated[tuple[str | Expression, ...], Texts("value")] = ()
    """The gateway joins several with commas, except for headers that cannot be joined."""

    exists_action: ExistsAction | Expression = "override"
    """What happens when the message already has the header; `delete` removes it."""

    def problems(self) -> Iterator[str]:
        """Check the headers that the gateway keeps for itself."""
        if self.exists_action == "delete" and self.values:
            yield f"deletes {self.name}: leave out its value"
        if not isinstance(self.name, str):
            return
        name = self.name.lower()
        if name in UNCHANGEABLE_HEADERS:
            yield f"names the header {self.name}, which the gateway neither changes nor deletes: leave it out"
        if name in UNDELETABLE_HEADERS and self.exists_action == "delete":
            yield f"deletes the header {self.name}, which the gateway does not support: override its value"


@dataclass(frozen=True)
class SetVariable(Statement):
    """`<set-variable>`: keep a value in `context.Variables` for the statements that follow.

    Page: learn.microsoft.com/azure/api-management/set-variable-policy.
    """

    element: ClassVar[str] = "set-variable"

    name: str
    """The variable."""

    value: str | Expression
    """Its value; a literal is a string."""


@dataclass(frozen=True)
class RewriteUri(Statement):
    """`<rewrite-uri>`: change the path and query that the backend sees.

    Page: learn.microsoft.com/azure/api-management/rewrite-uri-policy.
    """

    element: ClassVar[str] = "rewrite-uri"

    template: str | Expression
    """Path and query; `{name}` stands for a parameter of the operation's URL template."""

    copy_unmatched_params: bool | Expression = True
    """Whether query parameters that the operation's URL template does not name are added."""
