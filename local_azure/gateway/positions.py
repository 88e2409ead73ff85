"""Where a value stands in a JSON text: the line and position that an error sentence names."""

import re
from collections.abc import Sequence
from json import JSONDecoder

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def locate(text: str, path: Sequence[str | int], *, opening: bool = False) -> tuple[int, int]:
    """Return line and position, both from 1, of the end of the value that `path` leads to in valid JSON.

    With `opening` it is the end of the bracket that opens an object or array. The counting is that of
    Newtonsoft's reader, which API Management's messages carry: the position of the last character read.
    """
    start = _skip(text, 0)
    for step in path:
        start = _property(text, start, step) if isinstance(step, str) else _item(text, start, step)
    end = start + 1 if opening and text[start] in "{[" else _DECODER.raw_decode(text, start)[1]
    line_start = text.rfind("\n", 0, end - 1) + 1
    return text.count("\n", 0, end - 1) + 1, end - line_start


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()


def _property(text: str, start: int, name: str) -> int:
    position = start + 1
    found = start
    while True:
        position = _skip(text, position)
        if text[position] == "}":
            return found
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        if key == name:
            found = position  # the last of several namesakes is the one that counts
        position = _after(text, position)


def _item(text: str, start: int, index: int) -> int:
    position = _skip(text, start + 1)
    for _ in range(index):
        position = _skip(text, _after(text, position))
    return position


def _after(text: str, position: int) -> int:
    """Return the position after a value and the comma behind it, if there is one."""
    position = _skip(text, _DECODER.raw_decode(text, position)[1])
    return position + (text[position] == ",")
