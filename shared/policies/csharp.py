"""Finding where a policy expression ends.

An expression in `rawxml` is delimited by C# and not by XML: `@("a)" + '<')` holds quotes, brackets and
markup. Only as much of C# is read as it takes to tell brackets from text: strings, characters, comments.
"""

import re

_CODE = re.compile(
    r"""
    (?P<interpolated> \$@?" | @\$" )
  | (?P<open> [(\[{] )
  | (?P<close> [)\]}] )
  | (?P<text>
        @"(?:[^"]|"")*"                # verbatim string
      | "(?:[^"\\\n]|\\.)*"            # regular string
      | '(?:[^'\\\n]|\\[^\n][^'\n]*)'  # character
      | //[^\n]*                       # comments
      | /\*.*?\*/
    )
  | (?P<stray>
        ["'] | /\*                     # the beginning of something that never ends
      | &(?:quot|apos|lt|gt|amp);      # an escape of XML, which is no C#
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_INTERPOLATED = re.compile(r'(?P<text>\{\{|\\.)|(?P<open>\{)|(?P<close>")', re.DOTALL)
_VERBATIM_INTERPOLATED = re.compile(r'(?P<text>\{\{|"")|(?P<open>\{)|(?P<close>")')
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


def end_of_expression(text: str, start: int) -> int | None:
    """Return where the expression that begins with `@(` or `@{` at `start` ends, or None when it does not."""
    position = start + 2
    unclosed = [(_CLOSERS[text[start + 1]], _CODE)]
    while unclosed:
        closer, pattern = unclosed[-1]
        token = pattern.search(text, position)
        if token is None or token.lastgroup == "stray":
            return None
        position = token.end()
        if token.lastgroup == "open":
            unclosed.append((_CLOSERS[token[0]], _CODE))
        elif token.lastgroup == "interpolated":
            unclosed.append(('"', _VERBATIM_INTERPOLATED if "@" in token[0] else _INTERPOLATED))
        elif token.lastgroup == "close":
            if token[0] != closer:
                return None
            unclosed.pop()
    return position
