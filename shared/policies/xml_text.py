"""Text inside XML: which characters it can carry, and how markup in it is escaped."""

import re

XML_SPACE = " \t\r\n"
"""The white space of XML, which is less than that of `str.strip()`."""

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ATTRIBUTE_ESCAPES = str.maketrans(_ESCAPES | {"\n": "&#10;", "\t": "&#9;"})
_TEXT_ESCAPES = str.maketrans(_ESCAPES)
_LITERAL_ESCAPES = str.maketrans({mark: escape for mark, escape in _ESCAPES.items() if mark != '"'})


def forbidden_character(text: str) -> str | None:
    """Return the first character that XML does not give back: a control, a carriage return, a surrogate."""
    match = _FORBIDDEN.search(text)
    return None if match is None else match[0]


def escape_attribute(text: str) -> str:
    """Escape text for an attribute value; line ends and tabs too, which a parser would turn into spaces."""
    return text.translate(_ATTRIBUTE_ESCAPES)


def escape_text(text: str) -> str:
    """Escape text for the content of an element."""
    return text.translate(_TEXT_ESCAPES)


def escape_literal(text: str) -> str:
    """Escape text for the content of an element, and leave quotes: the JSON of a body stays readable."""
    return text.translate(_LITERAL_ESCAPES)
