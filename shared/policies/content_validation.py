"""Content validation.

Index: learn.microsoft.com/azure/api-management/api-management-policies (Content validation).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from shared.azure.policy_statements import VALIDATE_CONTENT_MAX_SIZE
from shared.policies.statement import Element, Statement

ValidationAction: TypeAlias = Literal["ignore", "prevent", "detect"]
"""`ignore` skips the validation, `prevent` refuses the message, `detect` only logs."""


@dataclass(frozen=True, kw_only=True)
class ContentType(Element):
    """`<content>`: how bodies of one content type are validated.

    Page: learn.microsoft.com/azure/api-management/validate-content-policy (content attributes).
    """

    element: ClassVar[str] = "content"

    type: str | None = None
    """The content type, compared without regard to case; None for each one that the API definition names."""

    validate_as: Literal["json", "xml", "soap"]
    """The engine that validates."""

    schema_id: str | None = None
    """A schema of the service; None for the schema that the API definition gives the message."""

    schema_ref: str | None = None
    """A reference inside the JSON schema that `schema_id` names, for example `#/components/schemas/Iris`."""

    action: ValidationAction
    """What happens to a body that does not conform."""

    allow_additional_properties: bool | None = None
    """Overrides the schema's `additionalProperties`; None leaves the schema's own word."""

    case_insensitive_property_names: bool | None = None
    """Whether property names are compared without regard to case."""

    def problems(self) -> Iterator[str]:
        """Check that a reference has a schema to point into."""
        if self.schema_ref is not None and self.schema_id is None:
            yield f"has schema-ref {self.schema_ref!r} but no schema-id: name the schema it points into"


@dataclass(frozen=True, kw_only=True)
class ValidateContent(Statement):
    """`<validate-content>`: compare a body with its schema; 400 for a request, 502 for a response.

    Page: learn.microsoft.com/azure/api-management/validate-content-policy.
    """

    element: ClassVar[str] = "validate-content"
    refused: ClassVar[Mapping[str, str]] = {
        "content-type-map": "name each content type in a <content> element of its own",
    }

    unspecified_content_type_action: ValidationAction
    """What happens to a body whose content type the API definition does not name."""

    max_size: int
    """The largest body in bytes, compared with Content-Length; at most 102400 unless support raised it."""

    size_exceeded_action: ValidationAction
    """What happens to a larger body."""

    errors_variable_name: str | None = None
    """The context variable that keeps the validation errors."""

    contents: tuple[ContentType, ...] = ()
    """How bodies are validated, by content type."""

    def problems(self) -> Iterator[str]:
        """Check the size against the limit of the reference."""
        if not 1 <= self.max_size <= VALIDATE_CONTENT_MAX_SIZE:
            yield (
                f"has max-size {self.max_size}: use 1 to {VALIDATE_CONTENT_MAX_SIZE} bytes, "
                "which only Microsoft's support can raise"
            )
