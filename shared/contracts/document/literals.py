"""JSON values as people read them: short ones on one line, longer ones broken where they nest."""

import json
from collections.abc import Callable

from pydantic import JsonValue

_WIDTH = 88
_INDENT = 2
_PYTHON_WORDS = {"true": "True", "false": "False", "null": "None"}


def shown_json(value: JsonValue) -> str:
    """Return a value as JSON."""
    return _shown(value, _json_word, 0)


def shown_python(value: JsonValue, indent: int = 0) -> str:
    """Return a value as a Python literal whose first line stands ``indent`` characters from the margin."""
    return _shown(value, _python_word, indent)


def _json_word(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _python_word(value: JsonValue) -> str:
    """Return a scalar, or an empty container; a string of JSON is one of Python."""
    word = json.dumps(value, ensure_ascii=False)
    return _PYTHON_WORDS.get(word, word)


def _shown(value: JsonValue, word: Callable[[JsonValue], str], indent: int) -> str:
    line = _line(value, word)
    if len(line) + indent <= _WIDTH or not value or not isinstance(value, list | dict):
        return line
    inner = indent + _INDENT
    if isinstance(value, list):
        items = [_shown(item, word, inner) for item in value]
        before, after = "[", "]"
    else:
        items = [f"{_json_word(name)}: {_shown(item, word, inner)}" for name, item in value.items()]
        before, after = "{", "}"
    lines = ",\n".join(" " * inner + item for item in items)
    return f"{before}\n{lines}\n{' ' * indent}{after}"


def _line(value: JsonValue, word: Callable[[JsonValue], str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_line(item, word) for item in value)}]"
    if isinstance(value, dict):
        pairs = (f"{_json_word(name)}: {_line(item, word)}" for name, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return word(value)
