"""Values at run time: .NET's conversions, and its complaints."""

from uuid import UUID

from local_azure.gateway.access_tokens import Jwt
from local_azure.gateway.expressions.errors import EvaluationError
from local_azure.gateway.expressions.types import Kind

_PYTHON = {Kind.STRING: str, Kind.INT: int, Kind.BOOL: bool, Kind.JWT: Jwt}


def to_text(value: object) -> str:
    """Convert as `ToString()` and string concatenation do; null is the empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str | int | UUID):
        return str(value)
    raise EvaluationError(f"A value of type {type(value).__name__} has no text")


def cast_value(value: object, kind: Kind) -> object:
    """Cast an `object` to a type; null is a string but neither an int nor a bool.

    Raises `EvaluationError` when the value is of another type.
    """
    if value is None and kind is Kind.STRING:
        return None
    if value is None:
        raise EvaluationError("Object reference not set to an instance of an object.")
    wanted = _PYTHON[kind]
    if type(value) is not wanted:
        raise EvaluationError(f"Unable to cast object of type '{kind_of(value)}' to type '{kind}'.")
    return value


def kind_of(value: object) -> Kind:
    """Return the .NET type of a value that a variable holds."""
    match value:
        case bool():
            return Kind.BOOL
        case int():
            return Kind.INT
        case str():
            return Kind.STRING
        case UUID():
            return Kind.GUID
        case Jwt():
            return Kind.JWT
        case _:
            return Kind.OBJECT
