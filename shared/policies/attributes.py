"""Attributes: how their text is read as the type that the statement declares."""

import re
from dataclasses import MISSING, Field, dataclass
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from shared.policies.errors import PolicyError
from shared.policies.expressions import Expression
from shared.policies.values import Value, read_expression

_BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_KNOWN_TYPES = {str, int, bool, Expression, NoneType}


@dataclass(frozen=True)
class Attribute:
    """A field that is an attribute."""

    field: str
    """The name of the field."""

    name: str
    """The name of the attribute in XML: the field's in kebab-case."""

    types: frozenset[type]
    """What a value may be: of str, int, bool and Expression."""

    choices: tuple[str, ...]
    """The texts that are allowed where the reference enumerates them, beside `types`."""

    default: Value | None
    """The value that is meant when the attribute is missing; None for no value."""

    required: bool
    """Whether the attribute may not be missing."""

    def read(self, text: str) -> Value:
        """Return the value that the text means; PolicyError when the attribute cannot have it."""
        expression = read_expression(text)
        if expression is not None:
            if Expression not in self.types:
                raise PolicyError(f"{self.name} takes no policy expression: write {self._wanted()}")
            return expression
        value = self._literal(text)
        if value is None:
            raise PolicyError(f"{self.name} is {text!r}: write {self._wanted()}")
        return value

    def _literal(self, text: str) -> Value | None:
        if bool in self.types and text in _BOOLEANS:
            return _BOOLEANS[text]
        if int in self.types and _NUMBER.fullmatch(text):
            return int(text)
        return text if str in self.types or text in self.choices else None

    def _wanted(self) -> str:
        """Tell what the attribute accepts, to follow "write"."""
        wanted = list(self.choices)
        wanted += [
            words
            for kind, words in (
                (bool, "true or false"),
                (int, "a whole number"),
                (str, "text"),
                (Expression, "a policy expression"),
            )
            if kind in self.types
        ]
        return " or ".join(wanted)


def attribute(field: Field[object], hint: object) -> Attribute:
    """Return the attribute that a dataclass field with this annotation is."""
    members = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    choices = tuple(text for member in members if get_origin(member) is Literal for text in get_args(member))
    types = frozenset(member for member in members if isinstance(member, type))
    if unknown := types - _KNOWN_TYPES:
        raise TypeError(f"the field {field.name} is annotated with {unknown}, which no attribute can hold")
    return Attribute(
        field=field.name,
        name=field.name.replace("_", "-"),
        types=types - {NoneType},
        choices=choices,
        default=None if field.default is MISSING else field.default,  # type: ignore[arg-type] # as annotated
        required=field.default is MISSING and NoneType not in types,
    )
