r"""Which patterns the gateway may check.

JSON Schema has ECMA 262's expressions, API Management .NET's, the local gateway and most model servers Python's or
Rust's. A pattern is kept where all of them mean the same by it, or where the gateway's engine takes more: `\d` and
`\w` take letters and digits of all scripts in .NET and Python.

These engines backtrack: `^(a+)+$` takes years for a text of 40 characters, and whoever may call a model could hold the
gateway with it. A pattern is kept where a text of n characters costs about n steps: at no place may two ways go on with
the same character, unless the ways are few and do not grow with the text.
"""

from shared.contracts.dialect.pattern_costs import is_linear
from shared.contracts.dialect.pattern_syntax import UnknownSyntaxError, parsed

_LONGEST = 1000
"""Characters of a pattern; longer ones are data."""


def why_not_portable(pattern: str) -> str | None:
    """Return why the gateway cannot check a pattern, as a phrase, or None when it can."""
    if len(pattern) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    try:
        branches = parsed(pattern)
    except UnknownSyntaxError as error:
        return str(error)
    if not is_linear(branches):
        return "a gateway that goes back and tries another way could take very long for some texts"
    return None
