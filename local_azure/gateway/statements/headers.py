"""`set-header`: https://learn.microsoft.com/azure/api-management/set-header-policy."""

from collections.abc import Callable

from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.messages import Headers
from local_azure.gateway.statements.step import Place, Run, text_of
from shared.policies import SetHeader

SEPARATE = frozenset(
    {
        "cookie", "date", "expires", "if-modified-since", "if-unmodified-since", "last-modified",
        "proxy-authenticate", "retry-after", "set-cookie", "user-agent", "warning", "www-authenticate",
    }
)  # fmt: skip
"""Headers whose values stay fields of their own; the values of all others are joined by commas."""


def set_header(statement: SetHeader, place: Place) -> Run:
    """Compile one `set-header`."""
    name = text_of(statement.name, place)
    values = [text_of(value, place) for value in statement.values]
    action = text_of(statement.exists_action, place)

    def run(context: Context) -> None:
        apply = _ACTIONS.get(action(context))
        if apply is None:
            raise GatewayError(
                INTERNAL,
                "ExpressionValueEvaluationFailure",
                f"exists-action is none of {', '.join(_ACTIONS)}",
            )
        texts = [value(context) for value in values]
        if any(character in text for text in texts for character in "\r\n\0"):
            raise GatewayError(INTERNAL, "HeaderValueInvalid", "A header's value cannot hold a line break.")
        apply(place.headers(context), name(context), texts)

    return run


def _override(headers: Headers, name: str, values: list[str]) -> None:
    headers.set(name, _joined(name, values))


def _skip(headers: Headers, name: str, values: list[str]) -> None:
    if name not in headers:
        headers.append(name, _joined(name, values))


def _append(headers: Headers, name: str, values: list[str]) -> None:
    headers.set(name, _joined(name, [*headers.values(name), *values]))


def _delete(headers: Headers, name: str, _: list[str]) -> None:
    headers.delete(name)


def _joined(name: str, values: list[str]) -> list[str]:
    return values if name.lower() in SEPARATE or not values else [",".join(values)]


_ACTIONS: dict[str, Callable[[Headers, str, list[str]], None]] = {
    "override": _override,
    "skip": _skip,
    "append": _append,
    "delete": _delete,
}
