"""`$filter` of lists: comparisons and functions of fields, joined by `and` and `or`.

Which fields a list can be filtered by, and how, is told with each list of the REST reference
(learn.microsoft.com/rest/api/apimanagement/apis/list-by-service); texts compare with regard to case, as OData has it. A
filter that is not understood is refused: the list would be another one than was asked for.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from local_azure.arm.errors import ArmError, invalid_query
from local_azure.arm.json_values import find

_Test = Callable[[JsonValue], bool]

_ORDER: Mapping[str, Callable[[str, str], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_SEARCHES: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "substringof": lambda text, part: part in text,
}
_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z]\w*|[(),])")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a list can be filtered by: where it stands in each entry, and what it can be asked."""

    path: tuple[str, ...]
    uses: frozenset[str] = frozenset({"eq", "ne", *_ORDER, *_SEARCHES})


Fields = Mapping[str, Field]


def texts(*names: str) -> dict[str, Field]:
    """Return fields of these names that can be asked anything; `name` stands beside the properties."""
    return {name: Field(("name",) if name == "name" else ("properties", name)) for name in names}


def choice(name: str, *uses: str) -> dict[str, Field]:
    """Return a property that can only be compared, with `eq` or what else `uses` has."""
    return {name: Field(("properties", name), frozenset(uses or ("eq",)))}


def matching(values: Iterable[JsonValue], written: str, fields: Fields) -> list[JsonValue]:
    """Return the entries that a filter leaves; ArmError (400) for one that is not understood."""
    try:
        test = _Reader(written, fields).whole()
        return [value for value in values if test(value)]
    except RecursionError:
        raise invalid_query("$filter", "has too many parentheses") from None


class _Reader:
    """Reads one filter from its start to its end."""

    def __init__(self, written: str, fields: Fields) -> None:
        self._written = written
        self._rest = written.strip()
        self._fields = fields

    def whole(self) -> _Test:
        test = self._either()
        if self._rest:
            raise self._refusal()
        return test

    def _either(self) -> _Test:
        tests = [self._both()]
        while self._took("or"):
            tests.append(self._both())
        return lambda value: any(test(value) for test in tests)

    def _both(self) -> _Test:
        tests = [self._one()]
        while self._took("and"):
            tests.append(self._one())
        return lambda value: all(test(value) for test in tests)

    def _one(self) -> _Test:
        if self._took("("):
            test = self._either()
            self._need(")")
            return test
        word = self._next()
        if word in _SEARCHES:
            return self._search(word)
        return self._comparison(word)

    def _search(self, name: str) -> _Test:
        self._need("(")
        first = self._next()
        self._need(",")
        second = self._next()
        self._need(")")
        field, part = (second, first) if name == "substringof" else (first, second)
        path, wanted, search = self._path(field, name), self._text(part), _SEARCHES[name]
        return lambda value: isinstance(found := find(value, *path), str) and search(found, wanted)

    def _comparison(self, field: str) -> _Test:
        use = self._next()
        path, word = self._path(field, use), self._next()
        if use in {"eq", "ne"}:
            equal = word == "true" if word in {"true", "false"} else self._text(word)
            return lambda value: (find(value, *path) == equal) is (use == "eq")
        wanted, order = self._text(word), _ORDER[use]
        return lambda value: isinstance(found := find(value, *path), str) and order(found, wanted)

    def _path(self, name: str, use: str) -> tuple[str, ...]:
        field = self._fields.get(name)
        if field is None:
            known = ", ".join(self._fields) or "nothing"
            raise invalid_query("$filter", f"names '{name}'; this list can be filtered by {known}")
        if use not in field.uses:
            known = ", ".join(sorted(field.uses))
            raise invalid_query("$filter", f"asks '{name}' for '{use}'; it can be asked for {known}")
        return field.path

    def _text(self, word: str) -> str:
        """Return the text that a literal in quotes means."""
        if not word.startswith("'"):
            raise self._refusal(word)
        return word[1:-1].replace("''", "'")

    def _took(self, word: str) -> bool:
        found = _TOKEN.match(self._rest)
        if found is None or found[1] != word:
            return False
        self._rest = self._rest[found.end() :]
        return True

    def _need(self, word: str) -> None:
        if not self._took(word):
            raise self._refusal()

    def _next(self) -> str:
        found = _TOKEN.match(self._rest)
        if found is None:
            raise self._refusal()
        self._rest = self._rest[found.end() :]
        return found[1]

    def _refusal(self, word: str = "") -> ArmError:
        """Return the refusal of what comes next, or of the `word` that was just taken."""
        rest = f"{word}{self._rest}".strip()
        return invalid_query("$filter", f'is "{self._written}", which cannot be read from "{rest}" on')
