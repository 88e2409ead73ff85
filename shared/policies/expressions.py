"""Policy expressions: C# that the gateway evaluates for each request.

Page: learn.microsoft.com/azure/api-management/api-management-policy-expressions.
"""

from dataclasses import dataclass

from shared.policies.csharp import end_of_expression
from shared.policies.errors import PolicyError
from shared.policies.xml_text import forbidden_character


@dataclass(frozen=True)
class Expression:
    """The C# text of an expression, kept as written and never run here.

    Raises PolicyError when the text cannot stand between its delimiters: an unclosed bracket or string, a
    character that XML cannot hold, nothing at all.
    """

    code: str
    """The text between the delimiters, without them. Line ends are `\\n`."""

    multi_statement: bool = False
    """Whether the text is a block of statements with `return`, `@{...}`, and not one expression, `@(...)`."""

    def __post_init__(self) -> None:
        """Refuse text that could not be read back."""
        if not self.code.strip():
            raise PolicyError("a policy expression is empty: write the C# that gives its value")
        forbidden = forbidden_character(self.code)
        if forbidden is not None:
            raise PolicyError(
                f"the policy expression {self.code!r} holds {forbidden!r}: write it as a C# escape",
            )
        if end_of_expression(str(self), 0) != len(str(self)):
            raise PolicyError(
                f"the policy expression {str(self)!r} does not end where it should: close brackets, strings",
            )

    def __str__(self) -> str:
        """Return the expression as a policy document in `rawxml` shows it."""
        return f"@{{{self.code}}}" if self.multi_statement else f"@({self.code})"
